"""Who holds up a pickup: the kitchen, or the rider who waits to be assigned and then rides there, at the same time.

An order leaves the merchant when both the food and the rider are there. Minutes on the path that is not the later one
cost nothing, so stage means cannot be added; the maximum of both paths is split by Shapley values instead.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.attribution.congestion import fit_congestion
from tiffin.engines.attribution.shapley import FloatArray, shapley

PATHS = ("kitchen", "wait", "ride")
BoolArray = NDArray[np.bool_]
ORDERS_A_KNOT = 8
"""Orders in each step of what handing over takes: few usual orders have a late rider, in a large city one of thousands,
and in the day of a queue most have."""

LEAST_ALONE = 20
"""Orders taken alone that tell what handing over takes."""


@dataclass(frozen=True, slots=True)
class Pickups:
    """When food and rider came together, order by order.

    Parameters
    ----------
    kitchen : (n_orders,), minutes
        From placing until the food was ready.
    wait : (n_orders,), minutes
        From placing until a rider was assigned.
    ride : (n_orders,), minutes
        From being assigned until the rider reached the merchant.
    service : (n_orders,), minutes
        From both being there until the rider has the food.
    alone : (n_orders,) of bool or None
        Whether the rider took no other order along; None where nobody knows.
    """

    kitchen: FloatArray
    wait: FloatArray
    ride: FloatArray
    service: FloatArray
    alone: BoolArray | None = None

    @property
    def picked_up(self) -> FloatArray:
        """Minutes from placing until the rider has the food, (n_orders,)."""
        return np.maximum(self.kitchen, self.wait + self.ride) + self.service

    @property
    def lateness(self) -> FloatArray:
        """Minutes by which the rider came after the food; negative where he waited for it, (n_orders,)."""
        return self.wait + self.ride - self.kitchen

    def where(self, chosen: BoolArray) -> "Pickups":
        """Give some of the orders."""
        alone = None if self.alone is None else self.alone[chosen]
        return Pickups(self.kitchen[chosen], self.wait[chosen], self.ride[chosen], self.service[chosen], alone)


@dataclass(frozen=True, slots=True)
class PickupSplit:
    """Mean minutes an order by which pickups came later than usual, by path; the four add up to the change.

    ``wait`` is what remains of the wait for a rider once the dispatcher's own waiting for the kitchen is taken out, and
    what taking several orders at once took longer; ``service`` what handing over took longer at the same lateness of
    the rider.

    Parameters
    ----------
    idle : float
        Minutes an order that riders waited longer for the food because of the kitchen alone; no part of the change, but
        of the riders' time. (Riders who come late wait less: that is the queue's doing, not the kitchen's.)
    """

    kitchen: float
    wait: float
    ride: float
    service: float
    idle: float = 0.0

    @property
    def total(self) -> float:
        """Mean minutes an order later than usual."""
        return self.kitchen + self.wait + self.ride + self.service


def split_pickups(*, usual: Pickups, actual: Pickups) -> PickupSplit:
    """Split the change of the mean time until the rider has the food over kitchen, wait, ride and service.

    A rider who comes before the food walks in and parks while he waits anyway; one who comes after it does so at the
    order's expense. What service takes at each lateness is learned from usual orders, and belongs to the path that
    made the rider late. A rider who takes several orders hands none over before he has them all: he takes several when
    riders are few, so that it is the queue's, and service is that of orders taken alone.

    Each order keeps its rank: a path put back to usual takes, for the order at some quantile of the day's
    distribution, the same quantile of the usual one (Athey & Imbens 2006, Econometrica 74, eq. 7).
    """
    follow = dispatch_follows_kitchen(usual)
    now = np.stack([actual.kitchen, actual.wait - follow * actual.kitchen, actual.ride], axis=-1)
    then = np.stack([usual.kitchen, usual.wait - follow * usual.kitchen, usual.ride], axis=-1)
    before = np.stack([as_usual(now[:, k], usual=then[:, k]) for k in range(len(PATHS))], axis=-1)
    plain, plain_now = taken_alone(usual, actual)
    service_at = service_by_lateness(plain)

    def picked_up(paths: FloatArray) -> FloatArray:
        rider = follow * paths[..., 0] + paths[..., 1] + paths[..., 2]
        return np.asarray(np.maximum(paths[..., 0], rider) + service_at(rider - paths[..., 0]), dtype=float)

    kitchen, wait, ride = (float(part) for part in shapley(picked_up, base=before, actual=now).mean(axis=0))
    service, changed = (
        float(np.mean(now_.service - service_at(now_.lateness)) - np.mean(then_.service - service_at(then_.lateness)))
        for now_, then_ in ((plain_now, plain), (actual, usual))
    )
    slow = np.concatenate([now[:, :1], before[:, 1:]], axis=1)
    idle = float(np.mean(_idle(slow, follow)) - np.mean(_idle(before, follow)))
    return PickupSplit(kitchen, wait + changed - service, ride, service=service, idle=idle)


def taken_alone(usual: Pickups, actual: Pickups) -> tuple[Pickups, Pickups]:
    """Give the orders that riders took alone; all, where nobody knows or too few were."""
    if usual.alone is None or actual.alone is None:
        return usual, actual
    if min(usual.alone.sum(), actual.alone.sum()) < LEAST_ALONE:
        return usual, actual
    return usual.where(usual.alone), actual.where(actual.alone)


def _idle(paths: FloatArray, follow: float) -> FloatArray:
    """Give the minutes that the rider waits for the food."""
    rider = follow * paths[:, 0] + paths[:, 1] + paths[:, 2]
    return np.maximum(paths[:, 0] - rider, 0.0)


def service_by_lateness(usual: Pickups) -> Callable[[FloatArray], FloatArray]:
    """Learn what service takes at each lateness of the rider: never falling, level beyond what was seen."""
    # Stamps are whole seconds: equal lateness stays equal, however an engine rounds minutes.
    lateness, service = np.round(usual.lateness, 6), np.round(usual.service, 6)
    curve = fit_congestion(lateness, service, weight=np.ones(lateness.size), most_knots=lateness.size // ORDERS_A_KNOT)
    if curve is None:
        level = float(np.mean(usual.service))
        return lambda lateness: np.full(np.shape(lateness), level)
    return replace(curve, slope=0.0).at


def dispatch_follows_kitchen(usual: Pickups) -> float:
    """Tell how far the dispatcher waits for the kitchen: 0 seeks a rider at once, 1 times him to the food.

    It is the slope of the wait for a rider on the kitchen's time, by the medians of the lower and the upper third
    (Wald 1940, Annals of Mathematical Statistics 11), which a few stuck orders do not move.
    """
    order = np.argsort(usual.kitchen, kind="stable")
    third = order.size // 3
    if third < 2:  # noqa: PLR2004 - too few orders to see a slope
        return 0.0
    low, high = order[:third], order[-third:]
    run = np.median(usual.kitchen[high]) - np.median(usual.kitchen[low])
    rise = np.median(usual.wait[high]) - np.median(usual.wait[low])
    return float(np.clip(rise / run, 0.0, 1.0)) if run > 0 else 0.0


def as_usual(values: FloatArray, *, usual: FloatArray) -> FloatArray:
    """Give each value's rank mate in the usual distribution; orders of one value keep their order."""
    order = np.argsort(values, kind="stable")
    rank = np.empty(values.size)
    rank[order] = (np.arange(values.size) + 0.5) / values.size
    return np.asarray(np.quantile(usual, rank), dtype=float)
