"""Targets, whether they were kept, and what is left of the budget for missing them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from tiffin.engines.anomalies.checks import Check


class Target(StrEnum):
    """What a certified metric promises of each day."""

    TIMELINESS = "timeliness"
    ACCURACY = "accuracy"
    STABILITY = "stability"


class Outcome(StrEnum):
    """What became of a target; what cannot be measured is neither kept nor missed."""

    KEPT = "kept"
    MISSED = "missed"
    UNMEASURED = "unmeasured"


@dataclass(frozen=True, slots=True)
class Parameters:
    """The dated numbers of settling, as ``parameters.yaml`` explains them."""

    objective: float
    window_days: int
    settled_after_days: int
    watched_days: int
    catch_up_days: int
    complete_share: float
    history_days: int
    looked_at_days: int

    @property
    def budget(self) -> float:
        """How many targets of one metric in one country may be missed in a window."""
        return (1 - self.objective) * self.window_days * len(Target)


@dataclass(frozen=True, slots=True)
class Side:
    """One way to a number: an aggregate over a fact table.

    Parameters
    ----------
    of : str or None
        Column of a sum; None for a count.
    where : str or None
        SQL over the table's own columns.
    known_in : str or None
        Only rows whose order that table knows.
    """

    table: str
    of: str | None = None
    where: str | None = None
    known_in: str | None = None


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Two ways to the same number.

    Parameters
    ----------
    covers : tuple of str
        Metrics whose accuracy rests on it.
    """

    name: str
    label: Mapping[str, str]
    covers: tuple[str, ...]
    one: Side
    other: Side


@dataclass(frozen=True, slots=True)
class Reconciled:
    """How the two ways compare on one day of a country."""

    reconciliation: str
    country: str
    day: date
    one: float
    other: float

    @property
    def difference(self) -> float:
        """Relative difference; nought over nought agrees."""
        if self.one == self.other:
            return 0.0
        return abs(self.one - self.other) / max(abs(self.one), abs(self.other))


@dataclass(frozen=True, slots=True)
class DayOutcome:
    """What became of one target of one metric on one day of a country.

    Parameters
    ----------
    measured, allowed : float or None
        Share of rows in time, relative difference, or relative move; and its bound.
    evidence : str
        Table, reconciliation or comparison that it rests on.
    """

    metric: str
    country: str
    day: date
    target: Target
    outcome: Outcome
    measured: float | None
    allowed: float | None
    evidence: str


@dataclass(frozen=True, slots=True)
class Burn:
    """How much of a metric's budget is spent in a country over the window that ends with a day."""

    metric: str
    country: str
    last_day: date
    measured: int
    missed: int
    budget: float

    @property
    def is_fallen(self) -> bool:
        """Tell whether more was missed than the budget allows."""
        return self.missed > self.budget


@dataclass(frozen=True, slots=True)
class Standing:
    """How a metric kept its targets in a country over the window that ends with a day.

    Parameters
    ----------
    measured, missed : int
        Targets of days that could be measured, and those of them that were missed.
    budget : float
        How many may be missed.
    is_fallen : bool
        More than the budget was missed: the metric counts as no longer certified there, until it recovers.
    since : datetime
        UTC; when it fell or rose last.
    """

    country: str
    last_day: date
    measured: int
    missed: int
    budget: float
    is_fallen: bool
    since: datetime

    @property
    def budget_used(self) -> float:
        """Share of the budget that is spent; above 1 the metric has fallen."""
        return self.missed / self.budget if self.budget else float(self.missed > 0)


@dataclass(frozen=True, slots=True)
class PromiseStatus:
    """Whether a metric keeps what it promises in a country.

    Parameters
    ----------
    declared, effective : str
        Tier of the definition, and the tier it has there now: a certified metric whose budget is spent is a draft to
        its readers until it recovers.
    budget_used : float or None
        Share of the budget that is spent; None where nothing was settled yet.
    outcomes : mapping of str to str
        Of the day asked for, by target.
    """

    metric: str
    country: str
    declared: str
    effective: str
    is_fallen: bool
    budget_used: float | None
    missed: int
    measured: int
    last_day: date | None
    outcomes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SettleReport:
    """What one settling did."""

    days_settled: int
    outcomes: Mapping[str, int]
    fallen: tuple[tuple[str, str], ...]
    recovered: tuple[tuple[str, str], ...]
    moved: int
    cases: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FindingView:
    """Something that a check found, as it is listed."""

    check: Check
    metric: str
    country: str
    city_id: str | None
    day: date
    score: float
    expected: float | None
    found: float | None
    found_at: datetime
    case_id: int | None


def burn_of(metric: str, country: str, last_day: date, outcomes: Iterable[Outcome], parameters: Parameters) -> Burn:
    """Count what a window's outcomes spent of the budget."""
    listed = tuple(outcomes)
    measured = sum(one is not Outcome.UNMEASURED for one in listed)
    missed = sum(one is Outcome.MISSED for one in listed)
    return Burn(metric, country, last_day, measured, missed, parameters.budget)
