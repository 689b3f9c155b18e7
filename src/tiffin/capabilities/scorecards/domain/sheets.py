"""A city manager's morning sheet: what happened yesterday, what missed and why, what is open, what today expects."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

BUSY_HOURS = 3


@dataclass(frozen=True, slots=True)
class Reason:
    """A part of a number and what it contributes to its change, in the number's unit."""

    metric: str
    contribution: float


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a day is expected to bring, from the days that are like it.

    Parameters
    ----------
    low, usual, high : float
        Orders: the least, the middle and the most of those days.
    busiest : tuple of int
        Local hours with the most orders, in the order of the clock.
    days : int
        How many days it rests on.
    """

    low: float
    usual: float
    high: float
    busiest: tuple[int, ...]
    days: int
    holiday: str | None
    is_ramadan: bool


def expected(
    orders: Mapping[date, float], by_hour: Mapping[int, float], *, holiday: str | None, is_ramadan: bool
) -> Expectation | None:
    """Tell what a day like some others brings; None without any."""
    found = sorted(orders.values())
    if not found:
        return None
    hours = sorted(by_hour, key=lambda hour: (-by_hour[hour], hour))[:BUSY_HOURS]
    return Expectation(found[0], median(found), found[-1], tuple(sorted(hours)), len(found), holiday, is_ramadan)


def largest(reasons: Sequence[Reason], *, change: float, count: int = 2) -> tuple[Reason, ...]:
    """Give the reasons that carry a change: those that pull its way, the largest first."""
    same_way = [one for one in reasons if one.contribution * change > 0]
    return tuple(sorted(same_way, key=lambda one: -abs(one.contribution))[:count])
