"""Shares and profiles: how sure a share is, how far two lie apart.

References
----------
Wilson (1927), Probable inference, the law of succession, and statistical inference. Newcombe (1998), Interval
estimation for the difference between independent proportions, method 10. Brown, Cai and DasGupta (2001) recommend
Wilson's for the small shares met here.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from tiffin.engines.simulation.calibrating.distances import LEVEL, REPLICATIONS
from tiffin.engines.simulation.streams import Stream
from tiffin.engines.simulation.tables import Floats

Z = float(ndtri((1 + LEVEL) / 2))


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    count: int
    of: int

    @property
    def value(self) -> float:
        """The share itself."""
        return self.count / self.of

    def interval(self) -> tuple[float, float]:
        """Give Wilson's interval of 95 %."""
        middle = (self.count + Z**2 / 2) / (self.of + Z**2)
        spread = np.sqrt(self.value * (1 - self.value) / self.of + Z**2 / (4 * self.of**2))
        half = float(Z / (1 + Z**2 / self.of) * spread)
        return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, slots=True)
class Difference:
    """Simulated less real, with the interval of 95 %."""

    value: float
    low: float
    high: float


def difference_of(real: Share, simulated: Share) -> Difference:
    """Compare two shares by Newcombe's interval, which is made of Wilson's."""
    value = simulated.value - real.value
    real_low, real_high = real.interval()
    low, high = simulated.interval()
    down = np.hypot(simulated.value - low, real_high - real.value)
    up = np.hypot(high - simulated.value, real.value - real_low)
    return Difference(value, value - float(down), value + float(up))


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileDistance:
    """How far two profiles (shares of an amount over hours, weekdays or kinds) lie apart.

    Parameters
    ----------
    moved : float
        Total variation: the share of the amount that would have to be moved to another position, 0 to 1.
    low, high : float
        Interval of 95 % over redrawn counts.
    by_chance : float
        What two draws of these sizes out of one profile exceed in one case of twenty.
    """

    moved: float
    low: float
    high: float
    by_chance: float


def profile_distance(
    real: Floats, simulated: Floats, stream: Stream, *, replications: int = REPLICATIONS
) -> ProfileDistance:
    """Compare two profiles of counts, position by position."""
    moved = _varied(real, simulated)
    pooled = (real + simulated) / (real.sum() + simulated.sum())
    redrawn, chance = np.empty(replications), np.empty(replications)
    for number in range(replications):
        # Counts of independent events are Poisson, drawn here by its normal approximation.
        ones = [(row, stream.child(number, name)) for row, name in ((real, "real"), (simulated, "simulated"))]
        redrawn[number] = _varied(*(_redrawn(row, of.child("own")) for row, of in ones))
        chance[number] = _varied(*(_redrawn(pooled * row.sum(), of.child("pooled")) for row, of in ones))
    low, high = np.quantile(redrawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return ProfileDistance(
        moved=moved,
        low=max(0.0, float(2 * moved - high)),
        high=min(1.0, max(0.0, float(2 * moved - low))),
        by_chance=float(np.quantile(chance, LEVEL)),
    )


def _varied(real: Floats, simulated: Floats) -> float:
    # A few counts may all be redrawn as none; then all of the other profile lies elsewhere.
    shares = [row / max(1.0, row.sum()) for row in (real, simulated)]
    return float(np.abs(shares[0] - shares[1]).sum() / 2)


def _redrawn(counts: Floats, stream: Stream) -> Floats:
    noise = stream.normal(np.arange(len(counts)))
    drawn: Floats = np.maximum(0.0, counts + np.sqrt(counts) * noise)
    return drawn
