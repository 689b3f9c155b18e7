"""Credits of at most five parties along an order's critical path, exactly, and shares for tiers and splits."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.attribution.shapley import shapley
from tiffin.kernel.errors import WrongUse

Floats = NDArray[np.float64]

MAX_PARTIES = 5


@dataclass(frozen=True, slots=True)
class Parts:
    """Seconds that parties put on the steps of orders' paths beyond what is fair.

    Parameters
    ----------
    kitchen_s : (n, n_parties), on the way to ready goods
    coming_s : (n, n_parties), on the rider's coming, which runs beside the end of the preparation
    after_s : (n, n_parties), from pickup to hand-over
    slack_s : (n,), by how much the rider comes before the goods are ready when everything is fair; below zero where
        they wait for him
    """

    kitchen_s: Floats
    coming_s: Floats
    after_s: Floats
    slack_s: Floats


def credits_of(parts: Parts) -> Floats:
    """Split what was lost on each order's path over the parties.

    Returns
    -------
    (n, n_parties), seconds; they add up to the path's length less its fair length. Below zero is no blame.

    Raises
    ------
    WrongUse
        More than five parties.

    Notes
    -----
    A rider is sent for by when the goods will be ready, so a late kitchen moves his coming as well: only what delays
    him beyond that runs beside it.
    """
    together = np.stack([parts.kitchen_s, parts.coming_s, parts.after_s])
    if together.shape[-1] > MAX_PARTIES:
        raise WrongUse(f"At most {MAX_PARTIES} parties were expected; {together.shape[-1]} were found.")

    def length(has: Floats) -> Floats:
        kitchen, coming, after = (has * part for part in together)
        waits = np.maximum(0.0, coming.sum(axis=-1) - parts.slack_s)
        return np.asarray(kitchen.sum(axis=-1) + waits + after.sum(axis=-1), dtype=np.float64)

    shape = parts.kitchen_s.shape
    return shapley(length, base=np.zeros(shape), actual=np.ones(shape))


def tier_shares(credits_s: Floats, tier: Callable[[Floats], Floats], *, fair_late_s: Floats) -> Floats:
    """Split what a step of tiers costs over the parties whose seconds reached it.

    Parameters
    ----------
    credits_s : (n, n_parties), seconds
    tier : callable
        Takes seconds of lateness, (...), gives what they cost.
    fair_late_s : (n,), lateness without anybody's credit

    Returns
    -------
    (n, n_parties), Shapley's values; they add up to the tier's cost less that of the fair order
    """
    blame = np.maximum(0.0, credits_s)

    def cost(has: Floats) -> Floats:
        return np.asarray(tier(fair_late_s + (has * blame).sum(axis=-1)), dtype=np.float64)

    return shapley(cost, base=np.zeros(credits_s.shape), actual=np.ones(credits_s.shape))


def shares_of(credits_s: Floats) -> Floats:
    """Give each party its share: credits above zero in proportion; rows without any are zero.

    Returns
    -------
    (n, n_parties), adds up to one where somebody lost time
    """
    blame = np.maximum(0.0, credits_s)
    total = blame.sum(axis=-1, keepdims=True)
    return np.asarray(blame / np.where(total > 0, total, 1.0), dtype=np.float64)
