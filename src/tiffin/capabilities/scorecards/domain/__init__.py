"""Which days a day is compared with, and how a figure stands against them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
from scipy.special import stdtrit

from tiffin.engines.attribution.history import Usual, usual

ENOUGH_DAYS = 3
"""Fewer days than this have a middle but no spread: one odd day would decide what is usual."""

MOST_DAYS = 8
"""Older days say less; eight weeks of one weekday still lie in one season."""

REACH_DAYS = 56
"""How far from the day comparable days may lie."""


class Comparison(StrEnum):
    """Which days were taken for comparison."""

    SAME_WEEKDAY = "same_weekday"
    SAME_TYPE_BEFORE = "same_type_before"
    SAME_TYPE_AROUND = "same_type_around"
    ANY_AROUND = "any_around"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A business day as the city's calendar sees it."""

    day: date
    is_weekend: bool
    is_ramadan: bool
    holiday: str | None = None

    @property
    def type(self) -> tuple[bool, bool]:
        """Days of one type are alike in demand: free or working, in Ramadan or not."""
        return (self.is_weekend or self.holiday is not None, self.is_ramadan)


@dataclass(frozen=True, slots=True)
class Baseline:
    """The days that a day is compared with.

    Parameters
    ----------
    days : tuple of date
        In rising order; empty where the city has no history.
    """

    comparison: Comparison
    days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class HeadlineFigure:
    """One governed metric of the day against its history.

    Parameters
    ----------
    metric, version : str
        Governed name and version of the definition that made the number.
    label : Mapping
        Its name by locale.
    unit : str
        As the definition states it: ``orders``, ``min``, ``share``, ``minor units``...
    direction : str
        ``up`` where more is better, ``down`` where less is, else ``neither``.
    currency : str or None
        Of a figure of money in minor units.
    value : float or None
        None when the day's facts do not support the metric.
    usual : Usual or None
        Middle and spread over the baseline's days that have the metric; None without history.
    """

    metric: str
    version: str
    label: Mapping[str, str]
    unit: str
    direction: str
    value: float | None
    usual: Usual | None
    currency: str | None = None

    @property
    def change(self) -> float | None:
        """How far the day lies from the middle of its history, in the metric's unit."""
        return None if self.value is None or self.usual is None else self.value - self.usual.median

    @property
    def deviations(self) -> float | None:
        """The change in spreads; None where history is too short to have a spread, or never varied."""
        if self.change is None or self.usual is None or not self.usual.spread:
            return None
        return self.change / self.usual.spread

    @property
    def standing(self) -> "Standing":
        """Whether the day is as usual, better or worse; merely higher or lower where neither is better.

        Between ordinary and notable nothing is claimed: the days compared with are too few to tell.
        """
        if self.deviations is None:
            return Standing.UNKNOWN
        if abs(self.deviations) < ORDINARY:
            return Standing.USUAL
        if self.usual is None or abs(self.deviations) < notable(self.usual.count):
            return Standing.UNKNOWN
        if self.direction not in {"up", "down"}:
            return Standing.HIGHER if self.deviations > 0 else Standing.LOWER
        return Standing.BETTER if (self.deviations > 0) == (self.direction == "up") else Standing.WORSE


ORDINARY = 2.0
"""Spreads within which a day is like any other."""


def notable(days: int) -> float:
    """Give the spreads by which a new day differs from some others in one case of twenty by chance.

    Few days tell little of their own spread, so with few of them a day must lie farther off to stand out.

    References
    ----------
    Student's prediction interval for one more value; small-sample factors of the median absolute deviation:
    Croux & Rousseeuw (1992), Time-efficient algorithms for two highly robust estimators of scale, table 2.
    """
    if days < ENOUGH_DAYS:
        return math.inf
    factor = SMALL_SAMPLE.get(days, days / (days - 0.8))
    return float(stdtrit(days - 1, 0.975)) * math.sqrt(1 + 1 / days) * factor


SMALL_SAMPLE = {3: 1.495, 4: 1.363, 5: 1.206, 6: 1.200, 7: 1.140, 8: 1.129, 9: 1.107}


class Standing(StrEnum):
    """How a figure stands against its history."""

    USUAL = "usual"
    BETTER = "better"
    WORSE = "worse"
    HIGHER = "higher"
    LOWER = "lower"
    UNKNOWN = "unknown"


def choose_baseline(day: CalendarDay, others: Sequence[CalendarDay]) -> Baseline:
    """Choose the days that a day is compared with.

    The same weekday of the weeks before comes first, on days of the same type; where fewer than three such days
    have facts, days of the same type before it; then days of the same type on both sides; then any days around.

    Parameters
    ----------
    others : sequence of CalendarDay
        Days with facts, the day itself among them or not.
    """
    reach = [o for o in others if o.day != day.day and abs((o.day - day.day).days) <= REACH_DAYS]
    alike = [o for o in reach if o.type == day.type]
    before = [o for o in alike if o.day < day.day]
    choices = (
        (Comparison.SAME_WEEKDAY, [o for o in before if o.day.weekday() == day.day.weekday()]),
        (Comparison.SAME_TYPE_BEFORE, before),
        (Comparison.SAME_TYPE_AROUND, alike),
        (Comparison.ANY_AROUND, reach),
    )
    for comparison, days in choices:
        if len(days) >= ENOUGH_DAYS:
            return Baseline(comparison, _nearest(day.day, days))
    return Baseline(Comparison.ANY_AROUND, _nearest(day.day, reach)) if reach else Baseline(Comparison.NONE, ())


def _nearest(day: date, days: Sequence[CalendarDay]) -> tuple[date, ...]:
    by_distance = sorted(days, key=lambda o: (abs((o.day - day).days), o.day))
    return tuple(sorted(o.day for o in by_distance[:MOST_DAYS]))


def usual_of(history: Sequence[float | None]) -> Usual | None:
    """Give the middle and spread of a figure's history; days without the figure do not count."""
    return usual(np.array([h for h in history if h is not None], dtype=float))


@dataclass(frozen=True, slots=True)
class FigureRule:
    """One figure of a dashboard.

    Parameters
    ----------
    needs : str or None
        Metric that must be above zero on the day or in its history; else the figure would be a number about nothing.
    """

    metric: str
    needs: str | None


def supported(rule: FigureRule, values: Mapping[str, Sequence[float | None]]) -> bool:
    """Tell whether a day's facts support a figure.

    Parameters
    ----------
    values : mapping of str to sequence
        Each metric on the day (first) and on the days it is compared with.
    """
    if values[rule.metric][0] is None:
        return False
    return rule.needs is None or any(value is not None and value > 0 for value in values[rule.needs])


@dataclass(frozen=True, slots=True)
class OverviewFigure:
    """A headline figure with the days before it, oldest first, None where a day lacks it."""

    figure: HeadlineFigure
    history: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class CityOverview:
    """A city's last business day at a glance.

    Parameters
    ----------
    days : tuple of date
        The days of the figures' histories, the last of them the day itself.
    """

    city_id: str
    name: str
    country: str
    is_simulated: bool
    days: tuple[date, ...]
    figures: tuple[OverviewFigure, ...]

    @property
    def day(self) -> date:
        """The day that is shown."""
        return self.days[-1]


def last_day(rows: Mapping[date, Mapping[str, float | None]], metrics: Sequence[str]) -> date | None:
    """Tell the last day that has the first metric of a list that any day has; None where no day has any.

    Marketplace counts may reach into a day whose orders have not come yet; a dashboard shows the last day told whole.
    """
    for metric in metrics:
        told = [day for day, values in rows.items() if values[metric]]
        if told:
            return max(told)
    return None
