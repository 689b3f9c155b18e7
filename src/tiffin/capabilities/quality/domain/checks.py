"""Checks of tables: what must hold of a table's rows and days, and what a run found."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from tiffin.capabilities.quality.domain import Side
from tiffin.kernel.messages import Message


class CheckKind(StrEnum):
    """What a check looks at."""

    FRESHNESS = "freshness"
    VOLUME = "volume"
    VALIDITY = "validity"
    UNIQUENESS = "uniqueness"
    REFERENCE = "reference"
    RETENTION = "retention"
    RECONCILIATION = "reconciliation"
    DISTRIBUTION = "distribution"


STATISTICAL = frozenset({CheckKind.VOLUME, CheckKind.DISTRIBUTION})
"""Kinds that tell what is out of the ordinary, so that a failure is not yet known to be a fault."""

HARMLESS = frozenset({CheckKind.RETENTION})
"""Kinds whose failure breaks no number."""

BY_DAY = frozenset({CheckKind.FRESHNESS, CheckKind.VOLUME, CheckKind.RECONCILIATION, CheckKind.DISTRIBUTION})
"""Kinds with a result for each day and place; the others have one for the table, and one for each place that breaks."""


ERROR = "error"
"""Under which the sample of a check that could not be run holds what the warehouse said."""


class Origin(StrEnum):
    """Who set a check."""

    CONTRACT = "contract"
    SHIPPED = "shipped"
    WORKSPACE = "workspace"


class Status(StrEnum):
    """What a check found; what cannot be judged neither passed nor failed."""

    PASSED = "passed"
    FAILED = "failed"
    UNMEASURED = "unmeasured"


@dataclass(frozen=True, slots=True)
class TableCheck:
    """Something that must hold of one table.

    Parameters
    ----------
    name : str
        ``<table>/<what>``, one for the whole house.
    said : Message
        What must hold, for people; or, with ``label``, as its author said it in each language.
    columns : tuple of str
        Columns whose values are wrong where it fails; empty where whole rows are too few, too many or late.
    holds : str
        Of validity and retention: DuckDB expression over the table's columns; true when a row is good.
    refers : (str, str) or None
        Table and column that the values of ``columns`` name.
    allowed : float
        Share of rows that may break it, or relative difference of the two sides.
    ready_by : str
        Of freshness: hour of the next morning, ``HH:MM``.
    """

    name: str
    table: str
    kind: CheckKind
    origin: Origin
    said: Message
    columns: tuple[str, ...] = ()
    label: Mapping[str, str] = field(default_factory=dict, hash=False)
    holds: str = ""
    refers: tuple[str, str] | None = None
    allowed: float = 0.0
    ready_by: str = ""
    one: Side | None = None
    other: Side | None = None

    @property
    def stamp(self) -> tuple[Any, ...]:
        """Everything that decides what it finds."""
        return (self.name, self.kind, self.columns, self.holds, self.refers, self.allowed, self.one, self.other)


@dataclass(frozen=True, slots=True)
class Result:
    """What a check found in one place on one day, or in the whole table.

    Parameters
    ----------
    country, city_id : str
        Empty for all of them.
    day, until : date or None
        First and last day that it speaks of; None for the whole table.
    value, threshold : float or None
        What was measured and its bound, in the check's own measure: a share of rows, a relative difference, a score.
    sample : tuple of mapping
        Keys of some rows that broke it, without columns that tell of people.
    severity : str
        Of what failed, how bad its incident is; empty where there is none.
    recovery_min : int or None
        Of what passes again, minutes since it failed first.
    """

    check: str
    table: str
    kind: CheckKind
    status: Status
    country: str = ""
    city_id: str = ""
    day: date | None = None
    until: date | None = None
    value: float | None = None
    threshold: float | None = None
    rows_checked: int = 0
    rows_broken: int = 0
    sample: tuple[Mapping[str, Any], ...] = ()
    version: int | None = None
    at: datetime | None = None
    severity: str = ""
    recovery_min: int | None = None

    @property
    def error(self) -> str:
        """Say why it could not be run; empty where it could."""
        is_error = self.status is Status.UNMEASURED and self.sample and ERROR in self.sample[0]
        return str(self.sample[0][ERROR]) if is_error else ""


@dataclass(frozen=True, slots=True)
class CheckRun:
    """What one run did.

    Parameters
    ----------
    skipped : tuple of str
        Tables that had not changed since their last run.
    incidents : tuple of int
        Numbers of the incidents that its failures opened or added to.
    escalated : tuple of int
        Incidents that are overdue and were escalated now.
    """

    tables: tuple[str, ...]
    skipped: tuple[str, ...]
    checks: int
    failed: tuple[Result, ...]
    unmeasured: int
    incidents: tuple[int, ...]
    passed_again: tuple[int, ...]
    escalated: tuple[int, ...] = ()
