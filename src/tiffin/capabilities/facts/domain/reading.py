# ruff: noqa: S608 - the SQL here is made of quoted names and literals of our own
"""How a source column's text becomes its type, as SQL."""

from tiffin.capabilities.facts.domain.feed import FileKind, SourceColumn, SourceType
from tiffin.capabilities.facts.domain.functions import identifier, parsed_time, quoted

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
