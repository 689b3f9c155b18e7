"""From a log of queries to what is made from what, and who asks which table how often."""

from collections.abc import Iterable, Mapping
from typing import Any

from tiffin.capabilities.catalog.domain.estate.found import (
    Estate,
    OutsideAsset,
    OutsideColumn,
    OutsideEdge,
    OutsideKind,
    OutsideUse,
    with_uses,
)
from tiffin.capabilities.catalog.domain.estate.sql_reading import Read, read_statements
from tiffin.kernel.errors import InvalidData

NAMES = {
    "sql": ("sql", "query", "statement", "query_text", "message"),
    "who": ("user", "user_name", "usename", "username", "who", "rolname"),
    "at": ("at", "start_time", "query_start", "log_time", "time", "timestamp", "last"),
    "count": ("calls", "count"),
}
"""What each of the needed values is called in the logs of several systems."""

TOLD = 20
"""So many statements that could not be read are told; the others are counted."""


def read_query_log(rows: Iterable[Mapping[str, Any]], dialect: str = "") -> Estate:
    """Read a log of queries, one a row; what cannot be read is told and counts for nothing.

    Parameters
    ----------
    rows : iterable of mapping
        Each with the text of a query, and as far as known who asked it, when, and how often.
    dialect : str
        Dialect of the queries, such as ``postgres`` or ``spark``; empty for common SQL.

    Raises
    ------
    InvalidData
        No row has the text of a query.
    """
    known: dict[str, tuple[Read, ...] | str] = {}
    uses: list[OutsideUse] = []
    seen = 0
    for row in rows:
        sql = _value(row, "sql")
        if not sql:
            continue
        seen += 1
        if sql not in known:
            known[sql] = _reads(sql, dialect)
        found = known[sql]
        if not isinstance(found, str):
            uses += _uses(found, row)
    if not seen:
        raise InvalidData(f"A log of queries needs a column of their text, called one of {', '.join(NAMES['sql'])}.")
    reads = [read for found in known.values() if not isinstance(found, str) for read in found]
    assets = _assets(reads)
    return Estate(assets, _edges(reads), with_uses(assets, uses), skipped=_skipped(known))


def _reads(sql: str, dialect: str) -> tuple[Read, ...] | str:
    try:
        return read_statements(sql, dialect)
    except (InvalidData, RecursionError) as error:
        return str(error)[:200] or type(error).__name__


def _uses(reads: Iterable[Read], row: Mapping[str, Any]) -> list[OutsideUse]:
    who, last, count = _value(row, "who"), _value(row, "at"), _value(row, "count")
    times = int(count) if count.isdecimal() else 1
    return [OutsideUse(table, who, times, last) for table in dict.fromkeys(t for read in reads for t in read.tables)]


def _assets(reads: Iterable[Read]) -> tuple[OutsideAsset, ...]:
    columns: dict[str, dict[str, None]] = {}
    for read in reads:
        for table in (*read.tables, read.written):
            columns.setdefault(table, {})
        for table, column, made in read.columns:
            columns.setdefault(table, {})[column] = None
            if read.written:
                columns[read.written][made] = None
    columns.pop("", None)
    return tuple(
        OutsideAsset(
            table, OutsideKind.TABLE, table.rpartition(".")[2], table, columns=tuple(map(OutsideColumn, found))
        )
        for table, found in columns.items()
    )


def _edges(reads: Iterable[Read]) -> tuple[OutsideEdge, ...]:
    found: dict[tuple[str, str], dict[tuple[str, str], None]] = {}
    for read in reads:
        for table in read.tables if read.written else ():
            pairs = found.setdefault((table, read.written), {})
            pairs |= {(column, made): None for of, column, made in read.columns if of == table}
    return tuple(OutsideEdge(above, below, tuple(pairs)) for (above, below), pairs in found.items())


def _skipped(known: Mapping[str, tuple[Read, ...] | str]) -> tuple[str, ...]:
    faults = [f"{' '.join(sql.split())[:120]}: {found}" for sql, found in known.items() if isinstance(found, str)]
    rest = len(faults) - TOLD
    return (*faults[:TOLD], *([f"… {rest} more"] if rest > 0 else []))


def _value(row: Mapping[str, Any], what: str) -> str:
    for name in NAMES[what]:
        if row.get(name) not in (None, ""):
            return str(row[name])
    return ""
