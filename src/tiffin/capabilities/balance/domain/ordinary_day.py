"""What is usual in each zone and hour, learned from comparable days without their own misses."""

from dataclasses import dataclass

import numpy as np

from tiffin.capabilities.balance.domain.grid import Grid
from tiffin.engines.attribution.episodes import BoolArray
from tiffin.engines.attribution.shapley import FloatArray

PRIOR_ORDERS = 12.0
"""How many orders' worth of trust the hour of the city and the zone together get against a cell's own mean."""


@dataclass(frozen=True, slots=True, eq=False)
class OrdinaryDay:
    """Expectation of each zone and hour.

    Parameters
    ----------
    grid : Grid
        What it was learned from.
    kept : (n_days - 1, n_zones, 24)
        Cells of comparable days that count as usual.
    """

    grid: Grid
    kept: BoolArray

    @property
    def has_history(self) -> bool:
        """Tell whether there is any day to compare with."""
        return bool(self.kept.any())

    def count(self, name: str) -> FloatArray:
        """Give the expected count or sum of a day, (n_zones, 24): the mean over kept days; zero where none is kept."""
        summed = (self.grid.of(name)[1:] * self.kept).sum(axis=0)
        days = self.kept.sum(axis=0)
        return np.asarray(np.divide(summed, days, out=np.zeros_like(summed), where=days > 0), dtype=float)

    def mean(self, name: str, *, over: str) -> FloatArray:
        """Give the expected minutes an order of one of the grid's sums, (n_zones, 24)."""
        return self.expected(self.grid.of(name), self.grid.of(over))

    def expected(self, minutes: FloatArray, orders: FloatArray) -> FloatArray:
        """Give the expected minutes an order, (n_zones, 24), a cell's own mean drawn towards hour and zone.

        Linear in the minutes: the means of stages that add up, add up.

        Parameters
        ----------
        minutes, orders : (n_days, n_zones, 24)
            Sums of a whole window, the day in question first; that day is not looked at.
        """
        summed = (minutes[1:] * self.kept).sum(axis=0)
        count = (orders[1:] * self.kept).sum(axis=0)
        if count.sum() <= 0:
            return np.full(summed.shape, np.nan)
        whole = summed.sum() / count.sum()
        by_hour = (summed.sum(axis=0) + PRIOR_ORDERS * whole) / (count.sum(axis=0) + PRIOR_ORDERS)
        by_zone = (summed.sum(axis=1) + PRIOR_ORDERS * whole) / (count.sum(axis=1) + PRIOR_ORDERS)
        prior = by_hour[None, :] + by_zone[:, None] - whole
        return np.asarray((summed + PRIOR_ORDERS * prior) / (count + PRIOR_ORDERS), dtype=float)

    def riders(self) -> FloatArray:
        """Give the usual riders on shift, (n_zones, 24); NaN where unknown."""
        if self.grid.riders is None:
            return np.full(self.kept.shape[1:], np.nan)
        known = self.kept & np.isfinite(self.grid.riders[1:])
        summed = np.where(known, self.grid.riders[1:], 0.0).sum(axis=0)
        days = known.sum(axis=0)
        return np.asarray(np.divide(summed, days, out=np.full(summed.shape, np.nan), where=days > 0), dtype=float)
