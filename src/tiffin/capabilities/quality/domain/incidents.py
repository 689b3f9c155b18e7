"""Incidents about broken data: what fails where, how bad it is, and what was learned of it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Self

from tiffin.capabilities.cases.domain.case import CaseDetail
from tiffin.capabilities.cases.domain.severity import Severity
from tiffin.capabilities.quality.domain.checks import BY_DAY, CheckKind, Result, Status

WORTH_A_POST_MORTEM = frozenset({Severity.CRITICAL, Severity.MAJOR})
"""Nobody closes an incident that was ever so bad before what was learned of it is written down."""


@dataclass(frozen=True, slots=True)
class Failure:
    """What of a check fails in a city, over the days between two.

    Parameters
    ----------
    city_id : str
        Empty for all of the country, or for a table without cities.
    first, last : date or None
        None where the table has no days; ``last`` is None where it has not ended.
    """

    check: str
    kind: CheckKind
    city_id: str
    first: date | None
    last: date | None
    rows_broken: int
    rows_checked: int
    value: float | None

    @property
    def key(self) -> tuple[str, str, date | None]:
        """Name what a later run judges again; rows are judged all at once."""
        return self.check, self.city_id, self.first if self.kind in BY_DAY - {CheckKind.FRESHNESS} else None

    def covers(self, other: "Failure") -> bool:
        """Tell whether another failure says no more than this one."""
        is_same = (self.check, self.city_id) == (other.check, other.city_id)
        first, last = self.first or date.min, self.last or date.max
        is_within = first <= (other.first or date.min) and (other.last or date.max) <= last
        return is_same and is_within and other.rows_broken <= self.rows_broken

    def plain(self) -> dict[str, Any]:
        """Write it for JSON."""
        days = {name: day.isoformat() if day else None for name, day in (("first", self.first), ("last", self.last))}
        return {**asdict(self), "kind": self.kind.value, **days}

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        days = {name: date.fromisoformat(plain[name]) if plain[name] else None for name in ("first", "last")}
        return cls(**{**plain, "kind": CheckKind(plain["kind"]), **days})


@dataclass(frozen=True, slots=True)
class PostMortemView:
    """What people learned of an incident."""

    case_id: int
    headline: str
    table: str
    country: str
    cause: str
    done: str
    prevention: str
    prevention_owner: str
    prevention_due: date
    written_by: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident as a reader may see it.

    Parameters
    ----------
    metrics : tuple of str
        Every metric that reads what is broken.
    certified : frozenset of str
        Those of them that people were promised to rely on.
    passes_since : datetime or None
        When its checks passed again; None while one fails.
    """

    case: CaseDetail
    table: str
    country: str
    owner: str
    failures: tuple[Failure, ...]
    samples: Mapping[str, tuple[Mapping[str, Any], ...]]
    metrics: tuple[str, ...]
    certified: frozenset[str]
    passes_since: datetime | None
    post_mortem: PostMortemView | None
    roles: frozenset[str]

    @property
    def needs_post_mortem(self) -> bool:
        """Tell whether it cannot be confirmed before what was learned is written down."""
        return self.post_mortem is None and self.case.worst in WORTH_A_POST_MORTEM

    @property
    def columns(self) -> tuple[str, ...]:
        """Name the checks that fail, each once."""
        return tuple(dict.fromkeys(one.check for one in self.failures))


def share_of(one: Failure) -> float:
    """Tell which share of the rows is wrong; of days that did not come, all are."""
    if one.kind is CheckKind.FRESHNESS:
        return 1.0
    return one.rows_broken / one.rows_checked if one.rows_checked else 0.0


def failures_of(results: Iterable[Result]) -> tuple[Failure, ...]:
    """Put together what failed: results of days one by one, broken rows by check and city."""
    listed = [one for one in results if one.status is Status.FAILED]
    placed = {one.check for one in listed if one.city_id or one.country}
    found: dict[tuple[str, str, date | None], Failure] = {}
    for one in listed:
        if not one.city_id and not one.country and one.check in placed:
            continue
        last = None if one.kind is CheckKind.FRESHNESS else one.until
        rows = max(one.rows_checked, one.rows_broken)
        new = Failure(one.check, one.kind, one.city_id, one.day, last, one.rows_broken, rows, one.value)
        found[new.key] = _together(found[new.key], new) if new.key in found else new
    return tuple(found[key] for key in sorted(found, key=lambda key: (key[0], key[1], key[2] or date.min)))


def still_failing(
    before: Iterable[Failure],
    now: Iterable[Failure],
    *,
    judged: Collection[tuple[str, str, date | None]],
    run: set[str],
) -> tuple[Failure, ...]:
    """Tell what fails after a run: what failed in it, and what failed before and was not judged again.

    Parameters
    ----------
    judged : collection of keys
        What the run judged, of the checks whose results are of days.
    run : set of str
        Checks that the run took; those of rows judge all rows.
    """
    new = {one.key: one for one in now}
    kept = [
        one
        for one in before
        if one.key not in new and (one.check not in run or (one.kind in BY_DAY and one.key not in judged))
    ]
    return (*kept, *new.values())


def _together(one: Failure, other: Failure) -> Failure:
    days = [day for day in (one.first, other.first) if day]
    ends = [day for day in (one.last, other.last) if day]
    return Failure(
        one.check,
        one.kind,
        one.city_id,
        min(days, default=None),
        max(ends, default=None),
        one.rows_broken + other.rows_broken,
        one.rows_checked + other.rows_checked,
        one.value,
    )
