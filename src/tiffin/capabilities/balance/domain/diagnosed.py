"""A city's day with the days it is compared with, as far as its facts tell things apart."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tiffin.capabilities.balance.domain.channels import slope
from tiffin.capabilities.balance.domain.detection import Misses
from tiffin.capabilities.balance.domain.grid import CYCLE_STAGES, Grid
from tiffin.capabilities.balance.domain.load import load_by_cell, loss_curve, waiting_curve
from tiffin.capabilities.balance.domain.ordinary_day import OrdinaryDay
from tiffin.engines.attribution.congestion import CongestionCurve
from tiffin.engines.attribution.episodes import BoolArray
from tiffin.engines.attribution.shapley import FloatArray
from tiffin.engines.attribution.two_paths import Pickups

Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class PickupSamples:
    """Pickups order by order with the cell each belongs to.

    Parameters
    ----------
    days, zones, columns : (n_orders,)
        Indices into the grid.
    """

    days: Indices
    zones: Indices
    columns: Indices
    pickups: Pickups

    def where(self, chosen: BoolArray) -> Pickups:
        """Give the pickups of chosen orders."""
        return self.pickups.where(chosen)


@dataclass(frozen=True, slots=True)
class Support:
    """What a window's facts can tell apart."""

    path: bool
    legs: bool
    riders: bool
    distances: bool
    predictions: bool
    promises: bool
    deliveries: bool


def support_of(grid: Grid) -> Support:
    """Tell what a window's facts can tell apart, on the day as on the days it is compared with."""
    return Support(
        path=grid.known("path", of="delivered"),
        legs=grid.known("legs", of="delivered", at_least=0.6),
        riders=grid.riders is not None and bool(np.isfinite(grid.riders[0]).any()),
        distances=grid.known("distances", of="delivered"),
        predictions=grid.known("predictions", of="delivered"),
        promises=grid.known("promised", of="delivered"),
        deliveries=grid.day_total("delivered") > 0,
    )


@dataclass(frozen=True, slots=True, eq=False)
class City:
    """All that an episode's story is told from."""

    grid: Grid
    ordinary: OrdinaryDay
    support: Support
    misses: Misses
    curves: "Curves"
    samples: PickupSamples | None
    has_orders: bool
    travel_min: FloatArray
    reach_min: float
    rain_mm: FloatArray | None
    refund_minor: FloatArray | None
    refund_currency: str | None


@dataclass(frozen=True, slots=True)
class Curves:
    """How this city's waiting and losses grow with load."""

    wait: CongestionCurve | None
    door: CongestionCurve | None
    loss: CongestionCurve | None
    minutes_a_metre: float


def learn_curves(grid: Grid, support: Support) -> Curves:
    """Learn the city's curves from the whole window."""
    load = load_by_cell(grid, work_min=work_by_hour(grid, support))
    wait = None
    if support.path:
        wait = waiting_curve(load, grid.of("gap_min"), grid.of("path"))
    door = waiting_curve(load, grid.of("door_min"), grid.of("delivered")) if support.deliveries else None
    pace = 0.0
    if support.distances:
        pace = slope(grid, y="door_min", xy="door_distance", x="distance_m", x2="distance_m2", over="distances")
    return Curves(wait, door, loss_curve(grid, load), pace)


def work_by_hour(grid: Grid, support: Support) -> FloatArray | None:
    """Give the minutes that an order keeps a rider, (n_days, 1, 24), or None where facts do not tell."""
    if support.path:
        minutes, orders = np.sum([grid.of(stage) for stage in CYCLE_STAGES], axis=0), grid.of("path")
    elif grid.of("finished").any() and grid.of("busy_min").any():
        minutes, orders = grid.of("busy_min"), grid.of("finished")
    else:
        return None
    whole = minutes.sum() / orders.sum()
    by_hour = minutes.sum(axis=1, keepdims=True) + 20.0 * whole
    return np.asarray(by_hour / (orders.sum(axis=1, keepdims=True) + 20.0), dtype=float)
