"""Ordered values as numbers on a line, and back: so that the line can be cut."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from tiffin.engines.decisions.dmn.plain import NotPlain
from tiffin.engines.decisions.feel.calendar import DAY_S, Date, DateTime, Time, from_ordinal, seconds_of
from tiffin.engines.decisions.feel.durations import Days, Years
from tiffin.engines.decisions.feel.numbers import CONTEXT
from tiffin.engines.decisions.feel.types import Kind
from tiffin.engines.decisions.feel.values import Value

Number = Decimal | int


@dataclass(frozen=True, slots=True)
class Line:
    """The line on which the values of a kind lie.

    Parameters
    ----------
    whole : bool
        Only whole numbers of the line are values.
    least, most : int or None
        Where it ends; None where it does not.
    """

    whole: bool = True
    least: int | None = None
    most: int | None = None

    def between(self, low: Number | None, high: Number | None) -> Number | None:
        """Give a number strictly between two others, near the one that is there; None where there is none."""
        if low is None and high is None:
            return 0
        if not self.whole:
            return _middle(low, high)
        found = _floor(low) + 1 if low is not None else _ceiling(high) - 1 if high is not None else 0
        beyond = (high is not None and found >= high) or (self.most is not None and found > self.most)
        return None if beyond or (self.least is not None and found < self.least) else found


LINES: Mapping[Kind, Line] = {
    Kind.NUMBER: Line(whole=False),
    Kind.DATE: Line(),
    Kind.TIME: Line(least=0, most=DAY_S - 1),
    Kind.DATE_TIME: Line(),
    Kind.DAYS: Line(),
    Kind.YEARS: Line(),
}
"""Of each ordered kind: days of the calendar, seconds, nanoseconds and months are whole, numbers need not be."""


def measure(value: Value) -> Number:
    """Give the place of a value on its line.

    Raises
    ------
    NotPlain
        For a time with an offset, whose place depends on who asks.
    """
    if isinstance(value, Decimal):
        return value
    if isinstance(value, Date):
        return value.ordinal
    if isinstance(value, Days):
        return value.nanos
    if isinstance(value, Years):
        return value.months
    known, seconds = seconds_of(value)
    if known:
        raise NotPlain("A time with an offset or zone is left to the interpreter.")
    return seconds


def value_at(kind: Kind, place: Number) -> Value:
    """Give the value of a kind at a place of its line."""
    if kind is Kind.NUMBER:
        return Decimal(place)
    whole = int(place)
    if kind is Kind.DATE:
        return from_ordinal(whole)
    if kind is Kind.DAYS:
        return Days(whole)
    if kind is Kind.YEARS:
        return Years(whole)
    days, seconds = divmod(whole, DAY_S)
    clock = Time(seconds // 3600, seconds % 3600 // 60, seconds % 60)
    if kind is Kind.TIME:
        return clock
    day = from_ordinal(days)
    return None if day is None else DateTime(day, clock)


def _middle(low: Number | None, high: Number | None) -> Number:
    if low is not None and high is not None:
        return CONTEXT.divide(CONTEXT.add(Decimal(low), Decimal(high)), Decimal(2))
    return (
        CONTEXT.add(Decimal(low), Decimal(1)) if low is not None else CONTEXT.subtract(Decimal(high or 0), Decimal(1))
    )


def _floor(number: Number) -> int:
    return number if isinstance(number, int) else int(number.to_integral_value(ROUND_FLOOR))


def _ceiling(number: Number) -> int:
    return number if isinstance(number, int) else int(number.to_integral_value(ROUND_CEILING))
