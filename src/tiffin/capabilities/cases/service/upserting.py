"""Rows that are added unless they are there already, on either database."""

from typing import Any

from tiffin.runtime.context import Context


def insert_into(context: Context, table: Any) -> Any:
    """Begin a statement that adds rows and may say what happens to those that are there."""
    # Each takes a dialect's own module, which is imported with the first statement and not at the start.
    if context.unit.engine.dialect.name == "sqlite":
        from sqlalchemy.dialects.sqlite import insert as adding  # noqa: PLC0415 - for the reason above

        return adding(table)
    from sqlalchemy.dialects.postgresql import insert  # noqa: PLC0415 - the same

    return insert(table)
