"""How far two samples of one quantity lie apart, how sure that is, and what chance alone would show.

References
----------
Vallender (1974), Calculation of the Wasserstein distance between probability distributions on the line: the area
between the distribution functions. Smirnov (1939): their largest gap. Efron and Tibshirani (1993), An introduction to
the bootstrap, chapter 13 (the basic interval).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.simulation.streams import Stream
from tiffin.engines.simulation.tables import Floats

REPLICATIONS = 200
LEVEL = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Distance:
    """How far a simulated sample lies from a real one.

    Parameters
    ----------
    moved : float
        Wasserstein-1 distance in the quantity's own unit: how far an average value would have to be moved.
    low, high : float
        Its interval of 95 % over redrawn samples; never below zero.
    by_chance : float
        What two samples of these sizes out of one distribution exceed in one case of twenty.
    relative : float
        The distance as a share of the real median; nan where that is zero.
    of_spread : float
        The distance as a share of the way between the real quartiles; nan where they are one.
    gap : float
        Kolmogorov-Smirnov: the largest difference of the two distribution functions, 0 to 1.
    """

    moved: float
    low: float
    high: float
    by_chance: float
    relative: float
    of_spread: float
    gap: float


def distance_between(real: Floats, simulated: Floats, stream: Stream, *, replications: int = REPLICATIONS) -> Distance:
    """Measure how far apart two samples lie.

    Notes
    -----
    Values are redrawn one by one, as if they were independent. Orders of one day are not quite, so that the intervals
    are rather too narrow than too wide.
    """
    both = _Both.of(real, simulated)
    moved, gap = both.between(both.real_share, both.simulated_share)
    redrawn, shuffled = np.empty(replications), np.empty(replications)
    for number in range(replications):
        of_number = stream.child(number)
        redrawn[number] = both.redrawn(of_number)
        shuffled[number] = both.shuffled(of_number)
    low, high = np.quantile(redrawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    quarter, middle, three_quarters = (float(one) for one in np.quantile(real, [0.25, 0.5, 0.75]))
    spread = three_quarters - quarter
    return Distance(
        moved=moved,
        low=max(0.0, float(2 * moved - high)),
        high=max(0.0, float(2 * moved - low)),
        by_chance=float(np.quantile(shuffled, LEVEL)),
        relative=moved / abs(middle) if middle else float("nan"),
        of_spread=moved / spread if spread else float("nan"),
        gap=gap,
    )


@dataclass(frozen=True, slots=True)
class _Both:
    """Two samples sorted together once; redrawing changes only how much each value counts."""

    steps: Floats
    """Width between each value and the next."""
    is_last: NDArray[np.bool_]
    """Where a value is not followed by an equal one."""
    of_real: NDArray[np.int64]
    """Place of each real value among all."""
    of_simulated: NDArray[np.int64]

    @classmethod
    def of(cls, real: Floats, simulated: Floats) -> "_Both":
        values = np.concatenate([real, simulated])
        order = np.argsort(values, kind="stable")
        place = np.empty(len(values), dtype=np.int64)
        place[order] = np.arange(len(values))
        steps = np.diff(values[order], append=values[order[-1]])
        is_last = np.append(steps[:-1] > 0, True)
        return cls(steps, is_last, place[: len(real)], place[len(real) :])

    @property
    def real_share(self) -> Floats:
        return self._share(self.of_real)

    @property
    def simulated_share(self) -> Floats:
        return self._share(self.of_simulated)

    def _share(self, places: NDArray[np.int64]) -> Floats:
        return np.bincount(places, minlength=len(self.steps)) / len(places)

    def between(self, real: Floats, simulated: Floats) -> tuple[float, float]:
        gaps = np.abs(np.cumsum(real - simulated))
        return float((gaps * self.steps).sum()), float(gaps[self.is_last].max())

    def redrawn(self, stream: Stream) -> float:
        drawn = [
            places[_drawn(len(places), stream.child(name))]
            for name, places in (("real", self.of_real), ("simulated", self.of_simulated))
        ]
        return self.between(self._share(drawn[0]), self._share(drawn[1]))[0]

    def shuffled(self, stream: Stream) -> float:
        order = np.argsort(stream.child("shuffled").uniform(np.arange(len(self.steps))))
        return self.between(self._share(order[: len(self.of_real)]), self._share(order[len(self.of_real) :]))[0]


def _drawn(count: int, stream: Stream) -> NDArray[np.int64]:
    return (stream.uniform(np.arange(count)) * count).astype(np.int64)
