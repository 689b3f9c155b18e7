"""Who holds up a pickup: the kitchen, or the rider who waits to be assigned and then rides there, at the same time.

An order leaves the merchant when both the food and the rider are there. Minutes on the path that is not the later one
cost nothing, so stage means cannot be added; the maximum of both paths is split by Shapley values instead.
"""

from dataclasses import dataclass

import numpy as np

from tiffin.engines.attribution.shapley import FloatArray, shapley

PATHS = ("kitchen", "wait", "ride")


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
    """

    kitchen: FloatArray
    wait: FloatArray
    ride: FloatArray

    @property
    def together(self) -> FloatArray:
        """Minutes from placing until both are there, (n_orders,)."""
        return np.maximum(self.kitchen, self.wait + self.ride)


@dataclass(frozen=True, slots=True)
class PickupSplit:
    """Mean minutes an order by which pickups came later than usual, by path; the three add up to the change.

    ``wait`` is what remains of the wait for a rider once the dispatcher's own waiting for the kitchen is taken out.
    """

    kitchen: float
    wait: float
    ride: float

    @property
    def total(self) -> float:
        """Mean minutes an order later than usual."""
        return self.kitchen + self.wait + self.ride


def split_pickups(*, usual: Pickups, actual: Pickups) -> PickupSplit:
    """Split the change of the mean time until food and rider are together over kitchen, wait and ride.

    Each order keeps its rank: a path put back to usual takes, for the order at some quantile of the day's
    distribution, the same quantile of the usual one (Athey & Imbens 2006, Econometrica 74, eq. 7).
    """
    follow = dispatch_follows_kitchen(usual)
    now = np.stack([actual.kitchen, actual.wait - follow * actual.kitchen, actual.ride], axis=-1)
    then = np.stack([usual.kitchen, usual.wait - follow * usual.kitchen, usual.ride], axis=-1)
    before = np.stack([as_usual(now[:, k], usual=then[:, k]) for k in range(len(PATHS))], axis=-1)

    def together(paths: FloatArray) -> FloatArray:
        rider = follow * paths[..., 0] + paths[..., 1] + paths[..., 2]
        return np.asarray(np.maximum(paths[..., 0], rider), dtype=float)

    parts = shapley(together, base=before, actual=now).mean(axis=0)
    return PickupSplit(*(float(part) for part in parts))


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
