"""Days as the meaning of metrics names them: periods, windows, and the days to which earlier ones answer."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

DAY = timedelta(days=1)
MONTHS = {"month": 1, "quarter": 3, "year": 12}
PERIODS = ("business_date", "week", "month", "quarter", "year")
DATED = (*PERIODS, "weekday")

Span = tuple[date | None, date]
"""First day, None for no beginning, and last day."""
Choice = frozenset[date] | Span


def month_of(day: date, months: int) -> date:
    """Give the first day of the quarter, year or the like in which a day lies."""
    first = (day.month - 1) // months * months + 1
    return date(day.year, first, 1)


def period_of(day: date, grain: str) -> Any:
    """Give the period of a day by the name of its grain; weekdays as ISO numbers."""
    if grain == "business_date":
        return day
    if grain == "weekday":
        return day.isoweekday()
    if grain == "week":
        return day - (day.isoweekday() - 1) * DAY
    return month_of(day, MONTHS[grain])


def months_before(day: date, months: int) -> date:
    """Give the same day so many months earlier, or the last of that month where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def days_of(first: date, last: date) -> frozenset[date]:
    """Give all days from one to another."""
    return frozenset(first + index * DAY for index in range((last - first).days + 1))


def whole(first: date, months: int) -> frozenset[date]:
    """Give the days of so many months from a first one."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return days_of(first, date(year, month + 1, 1) - DAY)


@dataclass(frozen=True, slots=True)
class Answering:
    """Days that stand for a period, as the unit of which they are whole calendar periods, or None."""

    days: frozenset[date]
    unit: int | None

    def earlier(self, span: Any) -> "Answering":
        """Give the days to which these answer so long before."""
        if span.months and self.unit and span.months % self.unit == 0:
            firsts = {month_of(day, self.unit) for day in self.days}
            moved = [whole(months_before(first, span.months), self.unit) for first in firsts]
            return Answering(frozenset().union(*moved), self.unit)
        return Answering(frozenset(months_before(day, span.months) - span.days * DAY for day in self.days), None)


def standing(days: frozenset[date], periods: Iterable[str]) -> Answering:
    """Tell what a period's asked days are: whole months, quarters or years, or so many days."""
    named = tuple(periods)
    unit = MONTHS.get(named[0]) if len(named) == 1 else None if named else 1
    is_whole = bool(unit and days) and days == frozenset().union(*(whole(month_of(d, unit), unit) for d in days))
    return Answering(days, unit if is_whole else None)


def window(window_: Any, last: date) -> Span:
    """Give the days of a window that ends with a day."""
    if window_.to_date:
        return period_of(last, "business_date" if window_.to_date == "day" else str(window_.to_date)), last
    if window_.length is None:
        return None, last
    return months_before(last, window_.length.months) - window_.length.days * DAY + DAY, last


def holds(choice: Choice, day: date) -> bool:
    """Tell whether a day is among those chosen."""
    if isinstance(choice, frozenset):
        return day in choice
    return (choice[0] is None or choice[0] <= day) and day <= choice[1]


@dataclass(frozen=True, slots=True)
class Frame:
    """Other days than those of the period: so much earlier, and a window that ends with the last of them."""

    offsets: tuple[Any, ...] = ()
    window: Any = None


OWN = Frame()
