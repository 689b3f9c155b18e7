"""What a load tells: counts that add up, per table."""

from dataclasses import dataclass, field

from tiffin.kernel.errors import InvalidData


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How many source rows (or single values) broke one rule."""

    rule: str
    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class TableReport:
    """What became of the source rows of one fact table: read = loaded + collapsed + quarantined.

    Parameters
    ----------
    read : int
        Source rows that speak of this table.
    loaded : int
        Rows that now stand in the table, whether new, changed or as before.
    collapsed : int
        Source rows that became part of another row, by the grain or because they repeat it word for word.
    removed : tuple of RuleCount
        Single values taken out of rows that were loaded all the same.
    version : int or None
        Version of the table after the load; None while it has none.
    """

    table: str
    read: int
    loaded: int
    collapsed: int
    quarantined: tuple[RuleCount, ...]
    removed: tuple[RuleCount, ...] = ()
    inserted: int = 0
    updated: int = 0
    unchanged: bool = True
    version: int | None = None

    def __post_init__(self) -> None:
        left = sum(rule.count for rule in self.quarantined)
        if self.read != self.loaded + self.collapsed + left:
            raise InvalidData(
                f"The counts of a load of {self.table} must add up; {self.read} rows were read, {self.loaded} loaded, "
                f"{self.collapsed} collapsed and {left} quarantined. Nothing of it was kept; please report the "
                "file's shape."
            )


@dataclass(frozen=True, slots=True)
class FileReport:
    """One file of a load.

    Parameters
    ----------
    known_as : str or None
        What the feed knows the file as, by its SHA-256; None for a file that was never checked.
    """

    name: str
    kind: str
    rows: int
    sha256: str
    known_as: str | None


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What one load did; the counts are those of the feed's main table."""

    feed: str
    load_id: str
    table: str
    read: int
    loaded: int
    collapsed: int
    quarantined: tuple[RuleCount, ...]
    unchanged: bool
    version: int | None
    tables: tuple[TableReport, ...]
    files: tuple[FileReport, ...]
    warnings: tuple[str, ...] = field(default=())
    seconds: float = 0.0
