"""A simulated city: zones, merchants in them, and how far customers order."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.simulation.parameters import Parameters
from tiffin.engines.simulation.streams import Stream
from tiffin.engines.simulation.tables import MERCHANTS, Floats, Records, records

DISC_M = 950.0
"""Places lie within this distance of their zone's centre: inside any H3 cell of resolution 7."""

UNREACHABLE_M = 50_000.0
"""Added between districts that riders cannot cross, such as the two shores of a harbour."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the zones of a city lie and how much is ordered in them.

    Parameters
    ----------
    x_m, y_m : (n_zones,), metres east and north of the city's centre
    weight : (n_zones,), share of the orders picked up there; need not add up to one
    district : (n_zones,), zones of different districts do not deliver to each other
    merchants : number of merchants
    """

    x_m: Floats
    y_m: Floats
    weight: Floats
    district: NDArray[np.int64]
    merchants: int


@dataclass(frozen=True, slots=True)
class City:
    """A city ready for its days.

    Parameters
    ----------
    x_m, y_m : (n_zones,), metres, with districts pulled apart
    weight : (n_zones,), adds up to one
    choice : (n_merchants,), cumulative popularity inside the zone, plus the zone's number: one search serves every zone
    reach : (n_zones * n_zones,), cumulative probability of the drop-off zone, plus the pickup zone's number
    near : (n_zones, n_zones), surroundings
    category : (n_merchants,), number in (0, 1) that the caller maps to a category
    """

    x_m: Floats
    y_m: Floats
    weight: Floats
    merchants: Records
    choice: Floats
    reach: Floats
    near: NDArray[np.bool_]
    category: Floats

    @property
    def zones(self) -> int:
        """Number of zones."""
        return len(self.x_m)


def make_city(layout: Layout, parameters: Parameters, stream: Stream) -> City:
    """Build a city from its layout; the same layout, parameters and stream give the same city."""
    x_m = layout.x_m + UNREACHABLE_M * layout.district
    weight = layout.weight / layout.weight.sum()
    zone = _merchant_zones(weight, layout.merchants)
    number = np.arange(len(zone), dtype=np.int64)
    popularity = stream.child("popularity").lognormal(number, median=1.0, spread=0.8)
    choice = _cumulated(popularity, zone)
    east, north = scattered(stream.child("merchant"), number)
    prep_factor = np.exp(parameters.prep_merchant_spread * stream.child("kitchen").normal(number))
    capacity = np.maximum(2.0, np.rint(parameters.prep_rush_capacity_min * popularity / popularity.mean()))
    merchants = records(
        MERCHANTS,
        x=x_m[zone] + east,
        y=layout.y_m[zone] + north,
        zone=zone,
        capacity=capacity,
        expected_prep_s=parameters.prep_median_s * prep_factor,
    )
    apart = np.hypot(x_m[:, None] - x_m[None, :], layout.y_m[:, None] - layout.y_m[None, :])
    return City(
        x_m=x_m,
        y_m=layout.y_m,
        weight=weight,
        merchants=merchants,
        choice=choice,
        reach=_reach(apart, weight, parameters.drop_distance_m),
        near=apart <= parameters.surroundings_m,
        category=stream.child("category").uniform(number),
    )


def scattered(stream: Stream, counters: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Scatter places evenly over the disc of a zone: metres east and north of its centre."""
    radius = DISC_M * np.sqrt(stream.child("radius").uniform(counters))
    angle = 2.0 * np.pi * stream.child("angle").uniform(counters)
    return radius * np.cos(angle), radius * np.sin(angle)


def _merchant_zones(weight: Floats, merchants: int) -> NDArray[np.int64]:
    count = np.maximum(2, np.rint(weight * merchants)).astype(np.int64)
    return np.repeat(np.arange(len(weight), dtype=np.int64), count)


def _cumulated(popularity: Floats, zone: NDArray[np.int64]) -> Floats:
    parts = [_shares(popularity[zone == number]) + number for number in range(int(zone.max()) + 1)]
    return np.concatenate(parts)


def _shares(weight: Floats) -> Floats:
    cumulative: Floats = np.cumsum(weight) / weight.sum()
    cumulative[-1] = 1.0
    return cumulative


def _reach(apart: Floats, weight: Floats, distance_m: float) -> Floats:
    # The centre itself stands for distances of about half a cell: a customer next door is not infinitely more likely.
    pull = weight[None, :] ** 0.5 * np.exp(-np.maximum(apart, DISC_M / 2) / distance_m)
    return np.concatenate([_shares(row) + number for number, row in enumerate(pull)])
