"""A city's window as sums over business days, zones and local hours."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from tiffin.engines.attribution.episodes import BoolArray
from tiffin.engines.attribution.shapley import FloatArray

HOURS = 24

PATH_STAGES = ("kitchen_min", "gap_min", "service_min", "ride_min", "handover_min")
"""Minutes that follow one another from placing to delivery: food is made, food waits for the rider, food is handed
over, is ridden, is handed over. Their sum is click-to-door, exactly."""

CYCLE_STAGES = ("approach_min", "idle_min", "service_min", "ride_min", "handover_min")
"""Minutes that one order takes of a rider: ride there, wait for the food, take it, ride, hand it over."""


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Sums of facts; the first day is the day in question, the others are those it is compared with.

    Parameters
    ----------
    days : tuple of date
        (n_days,)
    zones : tuple of str
        (n_zones,); one empty name where a city's facts know no zones.
    first_hour : int
        Local hour in which the business day begins; column 0 of the grid is that hour.
    sums : mapping of str to array
        Each (n_days, n_zones, 24): counts and sums of minutes, zero where nothing happened.
    riders : array or None
        Mean riders on shift, (n_days, n_zones, 24); NaN where unknown, None where the facts know no riders.
    neighbours : array
        Which zones touch, (n_zones, n_zones).
    """

    days: tuple[date, ...]
    zones: tuple[str, ...]
    first_hour: int
    sums: Mapping[str, FloatArray]
    riders: FloatArray | None
    neighbours: BoolArray

    def of(self, name: str) -> FloatArray:
        """Give one sum, (n_days, n_zones, 24)."""
        return self.sums[name]

    def hour(self, column: int) -> int:
        """Name the local hour of a column."""
        return (self.first_hour + column) % HOURS

    def day_total(self, name: str) -> float:
        """Give a sum over the day in question."""
        return float(self.sums[name][0].sum())

    def known(self, name: str, *, of: str, at_least: float = 0.8) -> bool:
        """Tell whether most of the window's ``of`` have ``name``, on the day and on the days it is compared with."""
        part, whole = self.sums[name], self.sums[of]
        now = part[0].sum() >= at_least * whole[0].sum() > 0
        then = len(self.days) == 1 or part[1:].sum() >= at_least * whole[1:].sum() > 0
        return bool(now and then)


def touching(latitude: FloatArray, longitude: FloatArray) -> BoolArray:
    """Tell which zones touch: those with no third zone between them (Gabriel & Sokal 1969), unless they lie far apart.

    Parameters
    ----------
    latitude, longitude : (n_zones,), degrees
        Middle of each zone; NaN where unknown, and such a zone touches none.
    """
    size = latitude.size
    if size < 2 or not np.isfinite(latitude).any():  # noqa: PLR2004 - one zone has no neighbour
        return np.zeros((size, size), dtype=bool)
    x = np.radians(longitude) * np.cos(np.radians(np.nanmean(latitude)))
    y = np.radians(latitude)
    apart2 = (x[:, None] - x[None, :]) ** 2 + (y[:, None] - y[None, :]) ** 2
    apart2[~np.isfinite(apart2)] = np.inf
    np.fill_diagonal(apart2, np.inf)
    nearest = apart2.min(axis=1)
    near = apart2 <= FARTHEST**2 * np.median(nearest[np.isfinite(nearest)])
    for one, other in zip(*np.nonzero(np.triu(near, k=1)), strict=True):
        between = (apart2[one] + apart2[other]) < apart2[one, other] * (1 - 1e-9)
        near[one, other] = near[other, one] = not between.any()
    return np.asarray(near, dtype=bool)


EARTH_M = 6_371_000.0


def apart_m(middles: FloatArray) -> FloatArray:
    """Measure straight lines between zones, (n_zones, n_zones); infinite where a middle is not known.

    Parameters
    ----------
    middles : (n_zones, 2), latitude and longitude in degrees; NaN where unknown
    """
    latitude, longitude = np.radians(middles).T
    east = (longitude[:, None] - longitude) * np.cos((latitude[:, None] + latitude) / 2)
    metres = EARTH_M * np.hypot(east, latitude[:, None] - latitude)
    return np.where(np.isfinite(metres), metres, np.inf)


FARTHEST = 3.0
"""Zones more than three times as far apart as is usual between nearest zones do not touch."""
