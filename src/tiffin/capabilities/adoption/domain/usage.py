"""Who uses something: weekly users against the target, coverage of those it is for, and whether they come back."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

LOOKED_BACK_WEEKS = 4
"""Somebody who came within so many weeks before has come back."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What one account saw of something on one day.

    Parameters
    ----------
    total_ms : int
        How long all its pages took to answer, milliseconds.
    """

    day: date
    account: str
    views: int = 1
    total_ms: int = 0


@dataclass(frozen=True, slots=True)
class WeekOfUse:
    """One week of something's use.

    Parameters
    ----------
    monday : date
        First day of the week.
    coverage : float or None
        Share of those it is for who used it; None where it is for nobody in particular.
    repeat : float or None
        Share of its users who had used it in the four weeks before; None without users.
    answer_ms : float or None
        Mean time in which its pages answered; None without views.
    """

    monday: date
    users: int
    views: int
    coverage: float | None
    repeat: float | None
    answer_ms: float | None


def monday_of(day: date) -> date:
    """Give the first day of a day's week."""
    return day - timedelta(days=day.weekday())


def mondays(first: date, last: date) -> tuple[date, ...]:
    """List the weeks from one day to another, both included."""
    start = monday_of(first)
    return tuple(start + timedelta(weeks=n) for n in range((monday_of(last) - start).days // 7 + 1))


def weeks_of_use(
    seen: Iterable[Seen], weeks: Iterable[date], *, meant_for: Collection[str] | None = None
) -> tuple[WeekOfUse, ...]:
    """Measure each week.

    Parameters
    ----------
    weeks : iterable of date
        Their Mondays, which `mondays` gives.
    meant_for : collection of str or None
        Accounts for which it was made; None for nobody in particular.
    """
    rows: dict[date, list[Seen]] = {}
    for one in seen:
        rows.setdefault(monday_of(one.day), []).append(one)
    users = {monday: frozenset(one.account for one in listed) for monday, listed in rows.items()}
    return tuple(_week(monday, rows.get(monday, []), users, meant_for) for monday in weeks)


def _week(
    monday: date, rows: list[Seen], users: Mapping[date, frozenset[str]], meant_for: Collection[str] | None
) -> WeekOfUse:
    now = users.get(monday, frozenset())
    before: set[str] = set()
    for back in range(1, LOOKED_BACK_WEEKS + 1):
        before |= users.get(monday - timedelta(weeks=back), frozenset())
    views = sum(one.views for one in rows)
    return WeekOfUse(
        monday=monday,
        users=len(now),
        views=views,
        coverage=len(now.intersection(meant_for)) / len(meant_for) if meant_for else None,
        repeat=len(now & before) / len(now) if now else None,
        answer_ms=sum(one.total_ms for one in rows) / views if views else None,
    )
