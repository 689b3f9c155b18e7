"""A door for BI tools: MySQL's wire protocol, behind which stands one table of dimensions and metrics.

Whoever knocks gives the name of an account and, as the password, one of its access tokens. Each statement is one unit
of work of that account, checked anew: rows, masks and sizes hold as everywhere, and a revoked token ends at once.
``SELECT receipt FROM receipt`` tells where the connection's last answer came from.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from tiffin.capabilities.metrics import service
from tiffin.capabilities.metrics.domain.selecting import TABLE, read_select
from tiffin.capabilities.metrics.service.accounting import Door, note_taken
from tiffin.engines.metrics.definitions import ColumnType
from tiffin.kernel.errors import Unavailable
from tiffin.runtime.context import Context
from tiffin.runtime.json_text import json_text

if TYPE_CHECKING:
    from mysql_mimic import MysqlServer

SCHEMA = "tiffin"
RECEIPT = "receipt"

Digests = Callable[[str], Mapping[int, str]]
"""Gives the digests of an account's live tokens, by number."""

Entering = Callable[[int], AbstractContextManager[Context]]
"""Opens a unit of work of whoever holds the token of a number."""

TYPES = {
    ColumnType.TEXT: "TEXT",
    ColumnType.INTEGER: "BIGINT",
    ColumnType.DOUBLE: "DOUBLE",
    ColumnType.BOOLEAN: "BOOL",
    ColumnType.DATE: "DATE",
    ColumnType.INSTANT: "DATETIME",
}


@dataclass(frozen=True, slots=True)
class Table:
    """An answer as the wire takes it: headings with their types, rows of plain values."""

    columns: tuple[tuple[str, ColumnType], ...]
    rows: tuple[tuple[Any, ...], ...]
    receipt: str


def answered(context: Context, tree: exp.Expr) -> Table:
    """Answer a statement.

    Raises
    ------
    WrongUse, NotFound, Forbidden
        It asks for more than metrics, for what does not exist, or for what the reader may not see.
    """
    dimensions = {item.name: item for item in service.dimensions_of(context)}
    selection = read_select(tree, dimensions, {metric.name for metric in service.list_metrics(context)})
    result = service.query(context, selection.request)
    note_taken(context, selection.request, Door.BI_TOOL)
    places = {column.name: place for place, column in enumerate(result.columns)}
    chosen = [places[name] for _, name in selection.columns]
    columns = tuple((heading, result.columns[places[name]].type) for heading, name in selection.columns)
    rows = tuple(tuple(_plain(row[place]) for place in chosen) for row in result.rows)
    return Table(columns, rows, json_text(result.receipt))


def columns_of(context: Context) -> dict[str, dict[str, dict[str, str]]]:
    """Give the tables behind the door with their columns, as tools look for them."""
    columns = {item.name: TYPES[item.type] for item in service.dimensions_of(context)}
    columns |= {metric.name: "DOUBLE" for metric in service.list_metrics(context)}
    return {SCHEMA: {TABLE: columns, RECEIPT: {RECEIPT: "TEXT"}}}


def bi_server(digests: Digests, entering: Entering) -> "MysqlServer":
    """Make the protocol's server.

    Raises
    ------
    Unavailable
        The extra ``bi`` is not installed.
    """
    # The protocol's library is an optional extra.
    try:
        from tiffin.capabilities.metrics.api.bi_wire import wire_server  # noqa: PLC0415 - for the reason above
    except ImportError as error:
        raise Unavailable(
            f"Serving BI tools needs the package mysql-mimic; {error.name} is not installed. Get it with "
            "`pip install 'tiffin[bi]'`."
        ) from error
    return wire_server(digests, entering)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None)
    return int(value) if isinstance(value, bool) else value
