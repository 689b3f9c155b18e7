"""How hard riders are pressed in an episode, and which factor of that load changed."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tiffin.capabilities.balance.domain.cause import Cause
from tiffin.capabilities.balance.domain.grid import Grid
from tiffin.engines.attribution.congestion import CongestionCurve, fit_congestion
from tiffin.engines.attribution.shapley import FloatArray, shapley

LEAST_RISE = 0.05
"""A curve learned from loads that are measured with noise is too flat, and level where it has seen no queue. Waiting is
taken to rise with load at least by this share of the observed change when load doubles, so that a queue belongs to what
raised the load even where the curve is level."""

MOST_OPPOSED = 3.0
"""How many times the sum of parts that raise and lower a queue may be what they come to together."""

LEAST_RAISED = 0.05
"""Share by which load must have changed to explain a change at all."""

MINUTES = 60.0

FACTORS = (
    Cause.MORE_DEMAND,
    Cause.LONGER_TRAVEL,
    Cause.SLOWER_MERCHANTS,
    Cause.SLOWER_HANDOVER,
    Cause.FEWER_RIDERS,
    Cause.BACKLOG,
)


@dataclass(frozen=True, slots=True)
class Load:
    """What makes up the load of an episode's zones and hours; a part that facts do not know is level.

    Parameters
    ----------
    orders : float
        Orders wanted an hour.
    travel_min, idle_min, handover_min : float
        Minutes that an order keeps a rider on the road, waiting for the food, and handing over.
    riders : float
        Riders on shift.
    backlog : float
        Where load is counted in open orders: open orders for each order that arrived in the hour, which is the hours
        that an order stays open (Little 1961); else one.
    """

    orders: float
    travel_min: float = MINUTES
    idle_min: float = 0.0
    handover_min: float = 0.0
    riders: float = 1.0
    backlog: float = 1.0

    @property
    def factors(self) -> FloatArray:
        """The parts in the order of ``FACTORS``."""
        return np.array([self.orders, self.travel_min, self.idle_min, self.handover_min, self.riders, self.backlog])


def work_per_rider(factors: FloatArray) -> FloatArray:
    """Give the load: rider hours asked for in an hour, a rider on shift."""
    cycle = factors[..., 1] + factors[..., 2] + factors[..., 3]
    riders = np.maximum(factors[..., 4], 0.5)
    return np.asarray(factors[..., 0] * factors[..., 5] * cycle / MINUTES / riders, dtype=float)


Value = Callable[[FloatArray], FloatArray]


def waiting_by(curve: CongestionCurve) -> Value:
    """Give waiting an order as a function of the factors of load."""
    return lambda factors: curve.at(work_per_rider(factors))


def losses_by(curve: CongestionCurve, *, wanted: float, orders_an_hour: float) -> Value:
    """Give the orders lost in a whole episode as a function of the factors of load: more orders, and a larger share."""
    hours = wanted / orders_an_hour if orders_an_hour > 0 else 0.0
    return lambda factors: np.asarray(factors[..., 0] * hours * curve.at(work_per_rider(factors)), dtype=float)


def split_change(value: Value, *, usual: Load, actual: Load, change: float) -> dict[Cause, float]:
    """Split an observed change over the factors of load, in the proportions that the city's own curve foretells.

    Returns
    -------
    dict
        Parts by cause. They add up to the change where load explains it, to less where it does not.
    """
    foretold = _foretold(value, usual, actual, change)
    return {} if foretold is None else _named(foretold.parts * foretold.scale)


def gone_without(value: Value, *, usual: Load, actual: Load, change: float) -> dict[Cause, float]:
    """Give what of an observed change would be gone had one factor of load been usual and all others as they were.

    Returns
    -------
    dict
        Parts by cause. They do not add up: a queue that two causes made together would be gone without either.
    """
    foretold = _foretold(value, usual, actual, change)
    if foretold is None:
        return {}
    without = np.where(np.eye(len(FACTORS), dtype=bool), usual.factors, actual.factors)
    gone = foretold.value(actual.factors) - foretold.value(without)
    return _named(np.asarray(gone, dtype=float) * foretold.scale)


@dataclass(frozen=True, slots=True)
class _Foretold:
    """What a curve foretells of a change: Shapley parts of each factor, and how the observed change compares."""

    value: Value
    parts: FloatArray
    scale: float


def _foretold(value: Value, usual: Load, actual: Load, change: float) -> _Foretold | None:
    """Give what a curve foretells; None where load does not explain the change."""
    before, after = (float(work_per_rider(side.factors)) for side in (usual, actual))
    if before <= 0 or (after / before - 1.0) * np.sign(change) < LEAST_RAISED:
        return None
    rise = LEAST_RISE * abs(change) / before

    def rising(factors: FloatArray) -> FloatArray:
        return value(factors) + rise * work_per_rider(factors)

    parts = shapley(rising, base=usual.factors, actual=actual.factors)
    foretold = float(parts.sum())
    if foretold * change <= 0:
        return None
    # Parts that all but cancel one another tell little: what they leave stays unexplained.
    return _Foretold(rising, parts, abs(change) / max(abs(foretold), float(np.abs(parts).sum()) / MOST_OPPOSED))


def foretold_change(value: Value, *, usual: Load, actual: Load, times: float) -> dict[Cause, float]:
    """Give what the curve foretells for each factor, times the orders that it holds for; nothing is rescaled."""
    return _named(shapley(value, base=usual.factors, actual=actual.factors) * times)


def _named(parts: FloatArray) -> dict[Cause, float]:
    """Name the parts; what is only rounding is left out."""
    least = 1e-9 * float(np.abs(parts).max())
    return {cause: float(part) for cause, part in zip(FACTORS, parts, strict=True) if abs(part) > least}


def load_by_cell(grid: Grid, *, work_min: FloatArray | None) -> FloatArray:
    """Give the load of every day, zone and hour of the window; NaN where riders are unknown.

    Parameters
    ----------
    work_min : array or None
        Minutes that an order keeps a rider, (n_days, 1, 24) or a grid; None where unknown.
    """
    wanted = grid.of("pressure")
    work = wanted if work_min is None else wanted * work_min / MINUTES
    if grid.riders is None:
        return np.asarray(work, dtype=float)
    riders = np.where(grid.riders > 0, grid.riders, np.nan)
    return np.asarray(work / riders, dtype=float)


def waiting_curve(load: FloatArray, minutes: FloatArray, orders: FloatArray) -> CongestionCurve | None:
    """Learn the mean minutes an order against load, over the whole window; all three are grids."""
    mean = np.divide(minutes, orders, out=np.full(orders.shape, np.nan), where=orders > 0)
    return fit_congestion(load.ravel(), mean.ravel(), weight=orders.ravel())


def loss_curve(grid: Grid, load: FloatArray) -> CongestionCurve | None:
    """Learn the share of wanted orders that nobody carried against load, over the whole window."""
    wanted = grid.of("wanted")
    share = np.divide(grid.of("lost"), wanted, out=np.full(wanted.shape, np.nan), where=wanted > 0)
    return fit_congestion(load.ravel(), share.ravel(), weight=wanted.ravel())
