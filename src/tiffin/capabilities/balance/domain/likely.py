"""Which cause of an episode comes first, and how much of the miss it is likely to have taken.

Next to an incident every other cause has moved a little, because every day does. What is told from the size of a queue,
from losses of usual days, or not at all, is as much chance of measuring as it is the day's own, and counts half where
causes are ranked. A queue that several causes made together is shared out evenly in the account, as an account must;
what the first cause likely took is what would be gone had it alone been usual: on a busy evening that is nearly all.
"""

from collections.abc import Collection, Mapping, Sequence

from tiffin.capabilities.balance.domain.cause import Cause
from tiffin.capabilities.balance.domain.daybook import CauseShare
from tiffin.capabilities.balance.domain.load import FACTORS

KEPT = 0.5
"""Part that is kept of a share which may be chance: measured shares of such causes foretold what the same day without
the incident missed by 0.37 to 0.47 of themselves, on 138 planted days of the seed on which thresholds were set."""

PRIOR_ORDERS = 2000.0
"""Orders of an episode for which what would be gone without a cause counts as much as its share as accounted: set on
planted days of simulated cities with 1,600, 8,000 and 24,000 orders a day."""

LEAST_SHARE = 1e-9
"""A smaller share is rounding."""

RIDERS = frozenset({Cause.FEWER_RIDERS, Cause.RIDERS_ELSEWHERE})
"""Riders who are missing here, wherever they are: one factor of the load."""

BY_QUEUE = frozenset({Cause.MORE_DEMAND, Cause.FEWER_RIDERS, Cause.RIDERS_ELSEWHERE, Cause.AS_USUAL, Cause.UNEXPLAINED})
"""Causes that no stage of an order shows by itself."""


def ranked(causes: Sequence[CauseShare], *, certain: Collection[Cause]) -> tuple[CauseShare, ...]:
    """Put that cause of the day first of which most remains without what may be chance; others keep their order."""
    of_the_day = [one for one in causes if one.cause.is_of_the_day and one.weighed_min > 0]
    first = max(of_the_day, key=lambda one: one.share * _kept(one.cause, certain), default=None)
    if first is None:
        return tuple(causes)
    return (first, *(one for one in causes if one is not first))


def likely_shares(causes: Sequence[CauseShare], *, gone: Mapping[Cause, float], orders: float) -> Mapping[Cause, float]:
    """Give each cause its likely share of a miss: the first what would be gone without it; they add up as shares do.

    Over few orders that is drawn towards the share as accounted, which asks less of the city's curve.

    Parameters
    ----------
    causes : sequence of CauseShare
        As they were accounted, and `ranked`.
    gone : mapping
        Share of the miss that would be gone had the cause been usual and all others as they were.
    orders : float
        Orders delivered in the episode.
    """
    accounted = {one.cause: one.share for one in causes}
    first = next((one.cause for one in causes if one.cause.is_of_the_day and one.weighed_min > 0), None)
    if first is None:
        return accounted
    own = RIDERS & accounted.keys() if first in RIDERS else {first}
    others = {cause: abs(accounted[cause]) for cause in FACTORS if cause in accounted and cause not in own}
    if sum(others.values()) < LEAST_SHARE:
        return accounted
    trust = orders / (orders + PRIOR_ORDERS)
    drawn = {cause: accounted[cause] + trust * (gone.get(cause, 0.0) - accounted[cause]) for cause in own}
    likely = {**accounted, **drawn}
    left = sum(accounted[cause] - likely[cause] for cause in own) / sum(others.values())
    return {cause: share + left * others.get(cause, 0.0) for cause, share in likely.items()}


def _kept(cause: Cause, certain: Collection[Cause]) -> float:
    return KEPT if cause in BY_QUEUE and cause not in certain else 1.0
