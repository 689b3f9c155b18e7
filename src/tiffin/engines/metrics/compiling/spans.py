"""Lengths of calendar time, windows that reach back, and the days that answer to a period."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby

from tiffin.kernel.errors import InvalidDefinition
from tiffin.kernel.time import Days


class TimeUnit(StrEnum):
    """A unit of the calendar."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_DAYS = {TimeUnit.DAY: 1, TimeUnit.WEEK: 7}
_MONTHS = {TimeUnit.MONTH: 1, TimeUnit.QUARTER: 3, TimeUnit.YEAR: 12}
_LENGTH = re.compile(r"(\d{1,4})\s+(\w+?)s?")
_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """So many units of the calendar; exactly one of days and months is not nought.

    Examples
    --------
    >>> parse_span("2 weeks")
    Span(days=14, months=0)
    """

    days: int = 0
    months: int = 0

    def before(self, day: date) -> date:
        """Give the day so long before; the last of the month where that month is shorter."""
        return moved(day, -self.months) - timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class Window:
    """The days that end with a given one: of some length, since a unit of the calendar began, or all.

    Parameters
    ----------
    length : Span or None
        How far it reaches back.
    to_date : TimeUnit or None
        It reaches back to where this unit began. With neither it has no beginning.
    """

    length: Span | None = None
    to_date: TimeUnit | None = None

    def first(self, last: date) -> date | None:
        """Give the first day of the window that ends with a day; None where it has none."""
        if self.to_date:
            return began(last, self.to_date)
        return self.length.before(last) + _DAY if self.length else None


@dataclass(frozen=True, slots=True)
class Frame:
    """Which days' rows stand for a period: some earlier period's, or those of a window at its end.

    Parameters
    ----------
    offsets : tuple of Span
        How far back the period lies, one after the other.
    """

    offsets: tuple[Span, ...] = ()
    window: Window | None = None

    def before(self, day: date) -> date:
        """Give the day to which a day answers."""
        for offset in self.offsets:
            day = offset.before(day)
        return day


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days whose rows count for a period; ``first`` is None where there is no beginning."""

    period: date | None
    first: date | None
    last: date


def parse_span(text: str) -> Span:
    """Read a length such as ``7 days``.

    Raises
    ------
    InvalidDefinition
        It is no whole number of days, weeks, months, quarters or years.
    """
    found = _LENGTH.fullmatch(str(text).strip().lower())
    if not found or found[2] not in list(TimeUnit) or not int(found[1]):
        raise InvalidDefinition(f"a length of time such as '7 days' or '1 month' was expected, found {text!r}.")
    unit = TimeUnit(found[2])
    return Span(int(found[1]) * _DAYS.get(unit, 0), int(found[1]) * _MONTHS.get(unit, 0))


def parse_seconds(text: str) -> int:
    """Read a length of the clock such as ``30 minutes`` or ``7 days`` (of 24 hours).

    Raises
    ------
    InvalidDefinition
        It is no whole number of seconds, minutes, hours, days or weeks.
    """
    found = _LENGTH.fullmatch(str(text).strip().lower())
    if not found or found[2] not in _SECONDS or not int(found[1]):
        raise InvalidDefinition(f"a length of time such as '24 hours' or '7 days' was expected, found {text!r}.")
    return int(found[1]) * _SECONDS[found[2]]


def moved(day: date, months: int) -> date:
    """Move a day by whole months; to the last of the month where that is shorter.

    Examples
    --------
    >>> moved(date(2026, 3, 31), -1)
    datetime.date(2026, 2, 28)
    """
    if not months:
        return day
    number = day.year * 12 + day.month - 1 + months
    year, month = number // 12, number % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def began(day: date, unit: TimeUnit) -> date:
    """Give the first day of the unit in which a day lies; weeks begin on Monday."""
    if unit is TimeUnit.WEEK:
        return day - timedelta(days=day.weekday())
    if unit is TimeUnit.DAY:
        return day
    length = _MONTHS[unit]
    return day.replace(month=(day.month - 1) // length * length + 1, day=1)


def next_began(day: date, unit: TimeUnit) -> date:
    """Give the first day of the unit after the one in which a day lies."""
    first = began(day, unit)
    return moved(first, _MONTHS[unit]) if unit in _MONTHS else first + timedelta(days=_DAYS[unit])


def stretches(days: Days, frame: Frame, unit: TimeUnit | None, keep: Callable[[date], bool] | None) -> list[Stretch]:
    """List the days whose rows count for each period of the asked days.

    Parameters
    ----------
    unit : TimeUnit or None
        The period by which the answer is split; None for the asked days as a whole.
    keep : callable or None
        Which of the days are asked; None for all.
    """
    found: list[Stretch] = []
    for period, asked in _periods(days, unit, keep):
        if frame.window:
            last = _answering(asked, unit, frame)[-1]
            found.append(Stretch(period, frame.window.first(last), last))
        else:
            found += [Stretch(period, run.first, run.last) for run in _runs(_answering(asked, unit, frame))]
    return found


def _periods(
    days: Days, unit: TimeUnit | None, keep: Callable[[date], bool] | None
) -> Iterator[tuple[date | None, list[date]]]:
    asked = [day for day in _days_until(days.first, days.last + _DAY) if keep is None or keep(day)]
    if unit is None:
        if asked:
            yield None, asked
        return
    for period, group in groupby(asked, key=lambda day: began(day, unit)):
        yield period, list(group)


def _answering(asked: list[date], unit: TimeUnit | None, frame: Frame) -> list[date]:
    """Give the days to which asked ones answer, one offset after the other: whole periods to whole ones if they can."""
    offsets, length = frame.offsets, _MONTHS.get(unit, 0) if unit else 1
    firsts = _whole_months(asked, unit or TimeUnit.MONTH) if length and offsets else []
    while firsts and offsets and offsets[0].months and not offsets[0].months % length:
        firsts = [moved(first, -offsets[0].months) for first in firsts]
        asked = [day for first in firsts for day in _days_until(first, moved(first, 1))]
        offsets = offsets[1:]
    rest = Frame(offsets)
    return sorted({rest.before(day) for day in asked}) if offsets else asked


def _whole_months(asked: list[date], unit: TimeUnit) -> list[date]:
    """Give the first days of the months that make up the asked days; none where these are not whole units."""
    for first, group in groupby(asked, key=lambda day: began(day, unit)):
        if len(list(group)) < (next_began(first, unit) - first).days:
            return []
    return [day for day in asked if day.day == 1]


def _days_until(first: date, beyond: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((beyond - first).days)]


def _runs(ordered: list[date]) -> Iterator[Days]:
    """Join days that follow one another."""
    start = ordered[0] if ordered else None
    for day, after in zip(ordered, [*ordered[1:], None], strict=True):
        if start is not None and (after is None or after - day > _DAY):
            yield Days(start, day)
            start = after
