"""A test that holds its size by design: what came is compared with all that might have come.

The statistic is the difference of the arms' ratios over its own standard error. Under an effect of `effect` for every
order, what would have come under any other assignment is known, so that a test of it is exact however orders hang
together in time and space. The interval holds the effects that are not rejected.
"""

import math
from dataclasses import dataclass

import numpy as np

from tiffin.engines.experiments.readout.moments import Floats

STEPS = 60
REACH = 2.0**40
TIE = 1e-9
"""Statistics that differ by less are the same one, added up in another order."""


@dataclass(frozen=True, slots=True, eq=False)
class Redrawn:
    """Sums by which any assumed effect is tested against the assignments that might have come.

    Parameters
    ----------
    treated, untreated : nine of (..., n_assignments)
        By arm, sums over units of n, g, d, nn, ng, gg, nd, gd and dd: numerator, what an effect of one adds to it, and
        denominator, with their products. The first assignment is the one that came.
    counts : (int, int)
        Units treated and untreated.
    """

    treated: tuple[Floats, ...]
    untreated: tuple[Floats, ...]
    counts: tuple[int, int]

    def effect(self) -> Floats:
        """Give the effect under which the arms that came do not differ, (...)."""
        above, moved = self._differences()
        return np.asarray(above / moved)

    def standard_error(self) -> Floats:
        """Give the standard error of that effect: units vary freely, and in each arm by themselves."""
        came = [tuple(part[..., :1] for part in arm) for arm in (self.treated, self.untreated)]
        at = np.asarray(self.effect())[..., None]
        variance = sum(
            (_variance(arm, count, at)[..., 0] for arm, count in zip(came, self.counts, strict=True)), np.zeros(())
        )
        return np.asarray(np.sqrt(variance) / np.abs(self._differences()[1]))

    def p(self, effect: Floats | float) -> Floats:
        """Give the share of assignments at least as extreme as the one that came, were this the effect, (...)."""
        statistic = self._statistic(np.asarray(effect, dtype=np.float64)[..., None])
        return np.asarray(np.mean(statistic >= statistic[..., :1] * (1 - TIE) - TIE**2, axis=-1))

    def interval(self, level: float) -> tuple[float, float]:
        """Give the effects that are not rejected, of one outcome; an end without bound is infinite."""
        return self._end(-1.0, 1 - level), self._end(1.0, 1 - level)

    def _end(self, way: float, alpha: float) -> float:
        middle, step = float(self.effect()), float(self.standard_error()) or 1.0
        inside, outside = 0.0, step
        while self.p(middle + way * outside) > alpha:
            inside, outside = outside, 2 * outside
            if outside > REACH * step:
                return way * math.inf
        for _ in range(STEPS):
            between = (inside + outside) / 2
            if self.p(middle + way * between) > alpha:
                inside = between
            else:
                outside = between
        return middle + way * inside

    def _statistic(self, effect: Floats) -> Floats:
        """Square of the difference over its variance, of each assignment."""
        difference, variance = np.zeros(()), np.zeros(())
        for sign, arm, count in zip((1.0, -1.0), (self.treated, self.untreated), self.counts, strict=True):
            difference = difference + sign * (arm[0] - effect * arm[1]) / arm[2]
            variance = variance + _variance(arm, count, effect)
        return np.asarray(difference**2 / np.maximum(variance, np.finfo(float).tiny))

    def _differences(self) -> tuple[Floats, Floats]:
        """Give the difference of the arms that came, and that of an effect of one."""
        parts = [tuple(part[..., 0] for part in arm[:3]) for arm in (self.treated, self.untreated)]
        above, moved = ([part[number] / part[2] for part in parts] for number in (0, 1))
        return np.asarray(above[0] - above[1]), np.asarray(moved[0] - moved[1])


def redrawn(numerator: Floats, effect: Floats, denominator: Floats, assignments: Floats) -> Redrawn:
    """Add up what each assignment would have had in its arms.

    Parameters
    ----------
    numerator : (..., n_units)
        Of one outcome, or of several.
    effect, denominator : (n_units,)
        `effect` is what an effect of one adds to the numerator.
    assignments : (n_assignments, n_units)
        Arms as 0 and 1; the first is the one that came.
    """
    n, g, d = numerator, effect, denominator
    columns = (n, g, d, n * n, n * g, g * g, n * d, g * d, d * d)
    treated = tuple(column @ assignments.T for column in columns)
    untreated = tuple(column.sum(axis=-1, keepdims=True) - part for column, part in zip(columns, treated, strict=True))
    count = int(assignments[0].sum())
    return Redrawn(treated, untreated, (count, numerator.shape[-1] - count))


def _variance(arm: tuple[Floats, ...], count: int, effect: Floats) -> Floats:
    """Give the variance of an arm's ratio, linearised, for each assignment."""
    n, g, d, nn, ng, gg, nd, gd, dd = arm
    ratio = (n - effect * g) / d
    squares = nn - 2 * effect * ng + effect**2 * gg - 2 * ratio * (nd - effect * gd) + ratio**2 * dd
    return np.asarray(np.maximum(squares, 0.0) * (count / max(count - 1, 1)) / d**2)
