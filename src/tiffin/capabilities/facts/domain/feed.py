"""A feed: how somebody's files become rows of the fact tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tiffin.kernel.errors import NotFound, Place
from tiffin.kernel.places import City


class Format(StrEnum):
    """How a file is written."""

    CSV = "csv"
    TSV = "tsv"
    JSONL = "jsonl"
    PARQUET = "parquet"
    EXCEL = "excel"


class SourceType(StrEnum):
    """What a source column holds once it is read.

    ``DECIMAL`` keeps six decimals exactly, for money; ``TIME`` is an instant.
    """

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    TIME = "time"


class Unreadable(StrEnum):
    """What becomes of a row when a value cannot be read as its column's type."""

    QUARANTINE = "quarantine"
    """The row goes to quarantine."""
    DROP = "drop"
    """The row stays without that value, and the quarantine table keeps a note of it."""


@dataclass(frozen=True, slots=True)
class SourceColumn:
    """One column of a source file.

    Parameters
    ----------
    alias : str
        Name in expressions.
    header : str
        Name in the file's first line.
    formats : tuple of str
        For ``TIME``: strptime formats tried in turn, or ``iso``.
    zone : str or None
        For ``TIME``: IANA zone of values without an offset; None for the feed's.
    missing : tuple of str
        Texts that stand for no value, besides the empty one.
    required : bool
        Whether every file must have the column.
    """

    alias: str
    header: str
    type: SourceType
    formats: tuple[str, ...]
    zone: str | None
    missing: tuple[str, ...]
    required: bool
    unreadable: Unreadable
    place: Place


@dataclass(frozen=True, slots=True)
class FileKind:
    """The files of one kind that a feed reads.

    Parameters
    ----------
    pattern : str
        Shell pattern of the file's name, or of folder and name where it holds a slash.
    known : mapping of str to str
        SHA-256 of files that were checked, to what they are.
    known_only : bool
        Whether any other file is refused; else it is loaded with a warning.
    sheet : str or None
        Sheet of an Excel file; None for the first.
    """

    name: str
    pattern: str
    format: Format
    encoding: str
    separator: str
    decimal_comma: bool
    sheet: str | None
    known: Mapping[str, str]
    known_only: bool
    columns: tuple[SourceColumn, ...]
    place: Place

    def column(self, alias: str) -> SourceColumn | None:
        """Find a column by its alias."""
        return next((column for column in self.columns if column.alias == alias), None)


@dataclass(frozen=True, slots=True)
class Mapped:
    """A column of a fact table and the expression that fills it."""

    column: str
    expression: str
    place: Place


@dataclass(frozen=True, slots=True)
class RowRule:
    """Rows that the feed itself sends to quarantine: those for which the condition over the source columns holds."""

    name: str
    when: str
    reason: str
    place: Place


@dataclass(frozen=True, slots=True)
class ValueRule:
    """A value that the feed takes out of a good row; the condition speaks of the fact table's own columns."""

    column: str
    when: str
    reason: str
    place: Place


@dataclass(frozen=True, slots=True)
class Partner:
    """Another kind of file whose row, at most one, is joined to each row of this table's files.

    Parameters
    ----------
    kind : str
        Name of that kind of file; its columns are named ``kind.alias``.
    match : mapping of str to str
        Its column, to the expression over this table's files that must equal it. ``folder`` on both sides keeps folders
        apart.
    """

    kind: str
    match: Mapping[str, str]
    place: Place


@dataclass(frozen=True, slots=True)
class TableMap:
    """How one fact table is filled.

    Parameters
    ----------
    kinds : tuple of str
        Kinds of file whose rows are read; several are stacked, and the grain brings them together.
    is_main : bool
        The table whose counts the load reports, written last.
    where : str or None
        Rows that speak of this table at all.
    grain : tuple of str
        Expressions over source columns; rows equal in all of them become one. Empty for one row each.
    event_at : str or None
        Expression for the instant that gives business date, hour and slot, where the contract's own instant is not it.
    """

    table: str
    kinds: tuple[str, ...]
    is_main: bool
    where: str | None
    grain: tuple[str, ...]
    columns: tuple[Mapped, ...]
    row_rules: tuple[RowRule, ...]
    value_rules: tuple[ValueRule, ...]
    partners: tuple[Partner, ...]
    event_at: str | None
    place: Place

    def mapped(self, column: str) -> Mapped | None:
        """Find what fills a column."""
        return next((mapped for mapped in self.columns if mapped.column == column), None)


@dataclass(frozen=True, slots=True)
class CityRow:
    """A city that the feed's rows belong to; its own rules are those before the first change of its history."""

    city: City
    timezone_known: bool


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a feed's files come from and what may be done with them."""

    publisher: str
    obtain: str
    licence: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Feed:
    """A mapping of somebody's files onto the fact tables.

    Parameters
    ----------
    time_zone : str
        IANA zone of instants that carry none.
    lookups : mapping of str to mapping of str to str
        Named lists that translate the source's words.
    keeps_formulas : bool
        Whether text that a spreadsheet would run as a formula is loaded as text; else its row goes to quarantine.
    digest : str
        SHA-256 of the definition file.
    """

    name: str
    title: str
    description: str
    origin: Origin
    time_zone: str
    cities: tuple[CityRow, ...]
    lookups: Mapping[str, Mapping[str, str]]
    keeps_formulas: bool
    files: tuple[FileKind, ...]
    tables: tuple[TableMap, ...]
    file: str
    digest: str

    @property
    def main(self) -> TableMap:
        """The table whose counts a load reports."""
        return next(table for table in self.tables if table.is_main)

    def kind(self, name: str) -> FileKind:
        """Find a kind of file.

        Raises
        ------
        NotFound
            The feed reads no such files.
        """
        for kind in self.files:
            if kind.name == name:
                return kind
        raise NotFound(f"{self.file}: the feed {self.name} has no files called {name!r}.")
