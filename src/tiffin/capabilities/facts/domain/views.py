"""What lists and pages show of tables, loads and quarantine."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tiffin.capabilities.facts.domain.report import RuleCount
from tiffin.kernel.contract import TableContract


@dataclass(frozen=True, slots=True)
class TableSummary:
    """One fact table at a glance.

    Parameters
    ----------
    rows : int
        Rows of the newest version; 0 where it was never loaded.
    quarantined : int
        Entries of its quarantine, rows and single values.
    changed_at : datetime or None
        UTC.
    """

    name: str
    meaning: str
    owner: str
    rows: int
    version: int | None
    changed_at: datetime | None
    sources: tuple[str, ...]
    quarantined: int


@dataclass(frozen=True, slots=True)
class TableVersion:
    """One version of a table."""

    version: int
    at: datetime
    operation: str
    source: str
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class TableDetail:
    """One fact table with its contract, history and what its quarantine holds."""

    summary: TableSummary
    contract: TableContract
    history: tuple[TableVersion, ...]
    quarantine: tuple[RuleCount, ...]


@dataclass(frozen=True, slots=True)
class LoadView:
    """One load as the log keeps it; ``report`` has the counts per table."""

    load_id: str
    feed: str
    table: str
    loaded_at: datetime
    loaded_by: str
    read: int
    loaded: int
    collapsed: int
    quarantined: int
    unchanged: bool
    version: int | None
    seconds: float
    report: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class QuarantinedRow:
    """One row left out of a table, or one value left out of a row (``kept``)."""

    rule: str
    reason: str
    kept: bool
    file: str | None
    line: int | None
    row: Mapping[str, Any] | str
    feed: str
    load_id: str
    quarantined_at: datetime


@dataclass(frozen=True, slots=True)
class QuarantinePage:
    """Part of a table's quarantine, newest first, with how many there are of each rule."""

    table: str
    rules: tuple[RuleCount, ...]
    rows: tuple[QuarantinedRow, ...]
    total: int
