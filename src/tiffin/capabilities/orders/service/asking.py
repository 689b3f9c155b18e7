"""How questions of an order's file are put to the warehouse."""

from typing import Any

from tiffin.capabilities.orders.queries.order_rows import Question
from tiffin.runtime.context import Context


def rows_of(context: Context, question: Question) -> list[dict[str, Any]]:
    """Ask, and give the rows in Python's own values; instants are UTC."""
    found: list[dict[str, Any]] = context.warehouse.query_text(question.sql, question.values).to_pylist()
    return found
