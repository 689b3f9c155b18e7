# ruff: noqa: S608 - the SQL here is made of quoted names and literals of our own
"""Which loads are large and plain enough to be read by the database itself: Parquet files whose columns have types."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from tiffin.capabilities.facts.domain.feed import Feed, FileKind, Format, SourceColumn, SourceType, TableMap
from tiffin.capabilities.facts.domain.functions import identifier, quoted
from tiffin.capabilities.facts.domain.report import FileReport
from tiffin.capabilities.facts.service.intake import Progress, digest_of, shape_of
from tiffin.kernel.errors import InvalidData
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.intake.extremes import Extremes, extremes_of
from tiffin.runtime.intake.shape import check_headers
from tiffin.runtime.intake.sources import SourceFile
from tiffin.runtime.warehouse.staging import scan

LARGE = 200_000
"""Loads of fewer rows go the usual way: they are quick there too."""

TOO_LARGE = 400_000_000
"""Loads of more rows go the usual way: the digests of their keys would not fit in memory."""


@dataclass(frozen=True, slots=True)
class PlainFiles:
    """The files of a large plain load.

    Parameters
    ----------
    rows : tuple of int
        Rows of each file.
    present : tuple of str
        Aliases of the columns that the files have.
    instants : tuple of str
        Those of them whose values know their zone.
    stated : mapping of str to Extremes
        What the files state of columns, by alias.
    """

    kind: FileKind
    sources: tuple[SourceFile, ...]
    rows: tuple[int, ...]
    present: tuple[str, ...]
    instants: tuple[str, ...]
    stated: Mapping[str, Extremes]

    @property
    def paths(self) -> list[str]:
        """Where the files lie."""
        return [source.name for source in self.sources]

    def scan(self) -> str:
        """Write the reading of all files, with number, line, name and folder of each row."""
        names = ", ".join(quoted(source.path.rsplit("/", 1)[-1]) for source in self.sources)
        folders = ", ".join(quoted(source.folder) for source in self.sources)
        columns = ", ".join(identifier(column.header) for column in self.kind.columns if column.alias in self.present)
        return (
            "(SELECT CAST(file_index AS BIGINT) AS _file, CAST(file_row_number + 1 AS BIGINT) AS _line, "
            f"[{names}][file_index::BIGINT + 1] AS file, [{folders}][file_index::BIGINT + 1] AS folder, {columns} "
            f"FROM {scan(self.paths)})"
        )


def plain_files(feed: Feed, assigned: Sequence[tuple[FileKind, SourceFile]], progress: Progress) -> PlainFiles | None:
    """Look at a load's files; None where they have to go the usual way.

    That is: no Parquet, an archive, another shape than the feed says (which is told there), columns whose values would
    not be the same without going through text, values to be sealed, a feed that collapses or joins rows or fills
    several tables, few rows.
    """
    table = feed.main
    one_table = len(feed.tables) == 1 and len(feed.files) == 1 and not table.grain and not table.partners
    kind = feed.files[0]
    is_local = all(Path(source.name).is_file() for _, source in assigned)
    if not one_table or kind.format is not Format.PARQUET or kind.decimal_comma or not is_local:
        return None
    if not TABLES[table.table].has("city_id") or table.mapped("city_id") is None or _seals(table):
        return None
    sources = tuple(source for _, source in assigned)
    try:
        opened = [parquet.ParquetFile(source.name) for source in sources]
        aliases = [check_headers(one.schema_arrow.names, shape_of(kind, progress), name=kind.name) for one in opened]
    except (pa.ArrowException, OSError, InvalidData):
        return None
    schemas = {tuple((field.name, field.type) for field in one.schema_arrow) for one in opened}
    rows = tuple(int(one.metadata.num_rows) for one in opened)
    if len(schemas) != 1 or not LARGE <= sum(rows) <= TOO_LARGE:
        return None
    types = dict(zip(aliases[0], opened[0].schema_arrow.types, strict=True))
    if not all(_is_plain(column, types[column.alias]) for column in kind.columns if column.alias in types):
        return None
    present = tuple(alias for alias in types if alias is not None)
    instants = tuple(name for name in present if pa.types.is_timestamp(types[name]) and types[name].tz is not None)
    headers = {column.header: column.alias for column in kind.columns}
    stated = {headers[name]: found for name, found in extremes_of(opened).items() if name in headers}
    return PlainFiles(kind, sources, rows, present, instants, stated)


def _seals(table: TableMap) -> bool:
    """Tell whether rows bring values that have to be sealed one by one, or name people of kinds that each row tells."""
    contract = TABLES[table.table]
    sealed = any(table.mapped(one.name) and table.mapped(str(one.sealed_for)) for one in contract.sealed_columns)
    return sealed or any(table.mapped(one.name) and one.person_by for one in contract.person_columns)


def _is_plain(column: SourceColumn, found: pa.DataType) -> bool:
    """Tell whether a column's values are what their text would be read as, whatever they are."""
    if column.type is SourceType.TEXT:
        return _is_text(found)
    if any(any(letter.isdigit() for letter in word) or word.lower() in _WORDS for word in column.missing):
        return False
    if column.type is SourceType.TIME and column.formats[0] != "iso":
        return False
    return _PLAIN[column.type](found)


_WORDS = frozenset({"true", "false", "nan", "inf", "-inf"})


def _is_text(found: pa.DataType) -> bool:
    value = found.value_type if pa.types.is_dictionary(found) else found
    return bool(pa.types.is_string(value) or pa.types.is_large_string(value))


def _is_whole(found: pa.DataType) -> bool:
    return bool(pa.types.is_integer(found) and found != pa.uint64())


def _is_number(found: pa.DataType) -> bool:
    return bool(pa.types.is_float64(found) or _is_whole(found))


def _is_decimal(found: pa.DataType) -> bool:
    return bool(_is_whole(found) or (pa.types.is_decimal(found) and 0 <= found.scale <= 6))  # noqa: PLR2004 - `DECIMAL` has six decimals


def _is_instant(found: pa.DataType) -> bool:
    return bool(pa.types.is_timestamp(found) and found.unit != "ns")


_PLAIN: Mapping[SourceType, Callable[[pa.DataType], bool]] = {
    SourceType.INTEGER: _is_whole,
    SourceType.NUMBER: _is_number,
    SourceType.DECIMAL: _is_decimal,
    SourceType.BOOLEAN: lambda found: bool(pa.types.is_boolean(found)),
    SourceType.TIME: _is_instant,
}


def digested(plain: PlainFiles) -> tuple[FileReport, ...]:
    """Give the account of the files of a load, two read at once.

    Raises
    ------
    InvalidData
        The feed takes only files that it knows.
    """
    with ThreadPoolExecutor(max_workers=2) as pool:
        digests = list(pool.map(lambda source: digest_of(plain.kind, source), plain.sources))
    return tuple(
        FileReport(source.name, plain.kind.name, rows, digest, known)
        for source, rows, (digest, known) in zip(plain.sources, plain.rows, digests, strict=True)
    )
