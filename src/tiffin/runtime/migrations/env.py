"""Runs the revisions over the connection that `tiffin.runtime.schema` hands in, inside its transaction.

It names no tables of its own: which ones exist is known to the composition only, which hands them in when a revision
is drafted.
"""

from typing import Any, Literal

from alembic import context

from tiffin.runtime.tables import Instant


def _render(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    # A revision outlives the code that drafted it, so it names the database's types and none of ours.
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Instant) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes.get("metadata"),
    render_item=_render,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
