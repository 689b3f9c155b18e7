"""The curve that whoever plans a trial looks at: for each duration, the smallest effect that is likely to be found."""

import math
from dataclasses import dataclass

from tiffin.engines.experiments.estimate import Caution, DesignRefused
from tiffin.engines.experiments.power.designs import Asked, Design, GeoSplit, Switchback
from tiffin.engines.experiments.power.history import History, require_week
from tiffin.engines.experiments.power.rejection import SimulatedTest, Test, smallest_effect
from tiffin.engines.experiments.power.simulated import areas_test, windows_test
from tiffin.engines.experiments.power.splits import units_test

FEW = 20
"""Units below which a test leans on its own spread being told rightly by few."""


@dataclass(frozen=True, slots=True)
class Point:
    """One duration.

    Parameters
    ----------
    days : int
    units : int
        What the randomness is over: units, windows or areas.
    smallest_effect : float
        In the metric's unit, found with the promised chance; infinite where none is.
    test : StudentTest or SimulatedTest
        Tells the chance of finding any other effect.
    """

    days: int
    units: int
    smallest_effect: float
    test: Test


@dataclass(frozen=True, slots=True)
class PowerCurve:
    """What a design can find, by duration.

    Parameters
    ----------
    metric : float
        As it was over the history.
    points : tuple of Point
        In order of duration; durations that the history cannot tell of are left out and told in a caution.
    cautions : tuple of Caution
    """

    metric: float
    asked: Asked
    points: tuple[Point, ...]
    cautions: tuple[Caution, ...]


def power_of(design: Design, history: History, asked: Asked) -> PowerCurve:
    """Tell for each duration the smallest effect that the design finds as often as asked.

    Raises
    ------
    DesignRefused
        Where the history holds no week, or can tell of none of the durations.
    """
    require_week(history)
    points, untold = [], []
    for days in asked.durations_days:
        try:
            test, units = _test(design, history, days, asked)
        except DesignRefused as refused:
            if refused.caution.key != "history_too_short":
                raise
            untold.append(refused)
        else:
            points.append(Point(days, units, smallest_effect(test, asked.power), test))
    if not points:
        raise untold[0]
    return PowerCurve(history.metric, asked, tuple(points), _cautions(points, untold))


def days_needed(curve: PowerCurve, effect: float) -> int:
    """Give the shortest of the durations that finds an effect of this size as often as asked.

    Raises
    ------
    DesignRefused
        Where none of them does, with the smallest effect that the longest finds.
    """
    for point in curve.points:
        if point.test.power(effect) >= curve.asked.power:
            return point.days
    last = curve.points[-1]
    raise DesignRefused(
        Caution("effect_too_small", {"effect": effect, "days": last.days, "smallest_effect": last.smallest_effect})
    )


def _test(design: Design, history: History, days: int, asked: Asked) -> tuple[Test, int]:
    if isinstance(design, Switchback):
        return windows_test(design, history, days, asked)
    if isinstance(design, GeoSplit):
        return areas_test(design, history, days, asked)
    return units_test(design, history, days, asked)


def _cautions(points: list[Point], untold: list[DesignRefused]) -> tuple[Caution, ...]:
    found = []
    if untold:
        found.append(Caution("durations_not_told", {"durations": len(untold), **untold[0].caution.values}))
    if points[0].units < FEW:
        found.append(Caution("few_units", {"units": points[0].units}))
    simulated = [p.test for p in points if isinstance(p.test, SimulatedTest)]
    if simulated:
        found.append(Caution("power_is_simulated", {"error": max(t.error for t in simulated)}))
    if any(math.isinf(p.smallest_effect) for p in points):
        found.append(Caution("no_effect_is_found", {"days": points[0].days}))
    return tuple(found)
