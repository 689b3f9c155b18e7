# ruff: noqa: S608 - the SQL here is made of quoted names and literals of our own
"""How a source column's text becomes its type, as SQL."""

from collections.abc import Collection
from dataclasses import dataclass

from tiffin.capabilities.facts.domain.feed import FileKind, SourceColumn, SourceType
from tiffin.capabilities.facts.domain.functions import identifier, localized, parsed_time, quoted

RAW = "$"
"""Behind an alias: the cleaned text that the alias was read from."""

CARRIED = ("_file", "_line", "file", "folder")
"""What every raw row has besides its columns: number of its file, line, name of the file and of its folder."""


def typed_view(kind: FileKind, raw: str, *, time_zone: str) -> str:
    """Write the query that reads a kind's raw text as its columns' types; each cleaned text stays beside its column."""
    cleaned = ", ".join(f"{_cleaned(column)} AS {identifier(column.alias + RAW)}" for column in kind.columns)
    typed = ", ".join(
        f"{_typed(column, kind, time_zone)} AS {identifier(column.alias)}, {identifier(column.alias + RAW)}"
        for column in kind.columns
    )
    carried = ", ".join(map(identifier, CARRIED))
    return f"SELECT {carried}, {typed} FROM (SELECT {carried}, {cleaned} FROM {raw})"


@dataclass(frozen=True, slots=True)
class Typed:
    """Columns that have their types already, by their aliases.

    Parameters
    ----------
    present : collection of str
        Those that the files have, under their headers.
    instants : collection of str
        Those of them that know their zone.
    handed_on : collection of str
        Those with which nothing is computed: instants among them keep the zone that they know.
    clean : collection of str
        Text columns of which only rows whose value needs no cleaning are given.
    plain : collection of str
        Those of them of which no value begins otherwise than plainly.
    sifted : collection of str
        Those of them of which unclean values are left out elsewhere.
    """

    present: Collection[str]
    instants: Collection[str]
    handed_on: Collection[str] = ()
    clean: Collection[str] = ()
    plain: Collection[str] = ()
    sifted: Collection[str] = ()


def native_view(kind: FileKind, source: str, zone: str, typed: Typed) -> str:
    """Write the query that reads a kind's columns that have their types already, with the results of `typed_view`.

    Beside each column stands, in place of its cleaned text, the value itself: it is there when the text would be.
    Beside a column of which no value can fail stands nothing, so that nobody looks for failures.

    Parameters
    ----------
    source : str
        Reading of the files, with ``_file``, ``_line``, ``file`` and ``folder``.
    zone : str
        IANA zone of instants that carry none.
    """
    columns, conditions = [], []
    for column in kind.columns:
        alias, name = column.alias, identifier(column.header)
        knows_zone = alias in typed.instants
        value = raw = name
        if alias not in typed.present:
            value = raw = f"CAST(NULL AS {_SQL_TYPES[column.type]})"
        elif alias in typed.sifted:
            pass
        elif alias in typed.clean:
            conditions.append(_needs_no_cleaning(column, name, is_plain=alias in typed.plain))
        elif knows_zone and alias in typed.handed_on:
            raw = "NULL"
        else:
            value = _native(column, name, column.zone or zone, knows_zone=knows_zone)
            raw = _beside(column, name, value)
        columns += [f"{value} AS {identifier(alias)}", f"{raw} AS {identifier(alias + RAW)}"]
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return f"SELECT {', '.join(map(identifier, CARRIED))}, {', '.join(columns)} FROM {source}{where}"


def begins_plainly(value: str) -> str:
    """Write that a text begins with a letter, a digit or one of few signs: as no formula, blank or empty text does."""
    return f"({value} >= 'A' OR ({value} >= '0' AND {value} < ':'))"


def _needs_no_cleaning(column: SourceColumn, value: str, *, is_plain: bool) -> str:
    absent = "".join(f" AND coalesce({value} <> {quoted(word)}, true)" for word in column.missing if word)
    ends = f"{_ends_plainly(value)}{absent}"
    return f"({ends})" if is_plain else f"({value} IS NULL OR ({begins_plainly(value)} AND {ends}))"


def _beside(column: SourceColumn, name: str, value: str) -> str:
    """Write what stands beside a column's value: something where a value stood, unless no value can fail."""
    match column.type:
        case SourceType.TEXT:
            return value
        case SourceType.INTEGER | SourceType.BOOLEAN:
            return "NULL"
        case _:
            return name


def _ends_plainly(value: str) -> str:
    """Write that a text that begins plainly, or none, needs no trimming: of plain letters, the last one tells."""
    trimmed = f"coalesce({value} = trim({value}), true)"
    return f"CASE WHEN length({value}) = strlen({value}) THEN NOT suffix({value}, ' ') ELSE {trimmed} END"


_SQL_TYPES = {
    SourceType.TEXT: "VARCHAR",
    SourceType.TIME: "TIMESTAMP",
    SourceType.INTEGER: "BIGINT",
    SourceType.NUMBER: "DOUBLE",
    SourceType.DECIMAL: "DECIMAL(18, 6)",
    SourceType.BOOLEAN: "BOOLEAN",
}


def _native(column: SourceColumn, name: str, zone: str, *, knows_zone: bool) -> str:
    match column.type:
        case SourceType.TEXT:
            words = [word for word in column.missing if word]
            text = f"nullif(trim({name}), '')"
            listed = ", ".join(map(quoted, words))
            return f"CASE WHEN trim({name}) IN ({listed}) THEN NULL ELSE {text} END" if words else text
        case SourceType.TIME:
            return f"make_timestamp(epoch_us({name}))" if knows_zone else localized(name, zone)
        case SourceType.NUMBER:
            number = f"CAST({name} AS DOUBLE)"
            return f"CASE WHEN isfinite({number}) THEN {number} END"
        case SourceType.INTEGER | SourceType.BOOLEAN:
            return f"CAST({name} AS {_SQL_TYPES[column.type]})"
        case _:
            return f"TRY_CAST({name} AS {_SQL_TYPES[column.type]})"


def _cleaned(column: SourceColumn) -> str:
    text = f"trim({identifier(column.alias)})"
    absent = ", ".join(quoted(word) for word in ("", *column.missing))
    return f"CASE WHEN {text} IN ({absent}) THEN NULL ELSE {text} END"


def _typed(column: SourceColumn, kind: FileKind, time_zone: str) -> str:
    text = identifier(column.alias + RAW)
    number = f"replace(replace({text}, '.', ''), ',', '.')" if kind.decimal_comma else text
    match column.type:
        case SourceType.TEXT:
            return text
        case SourceType.TIME:
            return parsed_time(text, column.formats, column.zone or time_zone)
        case SourceType.INTEGER:
            whole = f"regexp_full_match({number}, '[+-]?[0-9]+([.]0*)?')"
            return f"CASE WHEN {whole} THEN TRY_CAST({number} AS BIGINT) END"
        case SourceType.NUMBER:
            finite = f"isfinite(TRY_CAST({number} AS DOUBLE))"
            return f"CASE WHEN {finite} THEN TRY_CAST({number} AS DOUBLE) END"
        case SourceType.DECIMAL:
            return f"TRY_CAST({number} AS DECIMAL(18, 6))"
        case SourceType.BOOLEAN:
            yes, no = "'true', 't', 'yes', 'y', '1'", "'false', 'f', 'no', 'n', '0'"
            return f"CASE WHEN lower({text}) IN ({yes}) THEN TRUE WHEN lower({text}) IN ({no}) THEN FALSE END"
