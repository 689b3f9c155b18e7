"""What the first cause of an episode is likely to have taken, once what may be chance in its other causes is taken out.

Next to an incident every other cause has moved a little, because every day does. What stages took longer by themselves
was measured order by order and stands. What is told from the size of a queue, from losses of usual days, or not at all,
is as much chance of measuring as it is the day's own, and half of it goes to the first cause.
"""

from collections.abc import Collection, Mapping, Sequence

from tiffin.capabilities.balance.domain.cause import Cause
from tiffin.capabilities.balance.domain.daybook import CauseShare

KEPT = 0.5
"""Part that is kept of a share which may be chance: measured shares of such causes foretold what the same day without
the incident missed by 0.37 to 0.47 of themselves, on 138 planted days of the seed on which thresholds were set."""

BY_QUEUE = frozenset({Cause.MORE_DEMAND, Cause.FEWER_RIDERS, Cause.RIDERS_ELSEWHERE, Cause.AS_USUAL, Cause.UNEXPLAINED})
"""Causes that no stage of an order shows by itself."""


def ranked(causes: Sequence[CauseShare], *, certain: Collection[Cause]) -> tuple[CauseShare, ...]:
    """Put that cause of the day first of which most remains without what may be chance; others keep their order."""
    of_the_day = [one for one in causes if one.cause.is_of_the_day and one.weighed_min > 0]
    first = max(of_the_day, key=lambda one: one.share * _kept(one.cause, certain), default=None)
    if first is None:
        return tuple(causes)
    return (first, *(one for one in causes if one is not first))


def likely_shares(causes: Sequence[CauseShare], *, certain: Collection[Cause]) -> Mapping[Cause, float]:
    """Give each cause its likely share of a miss; the first gets what chance had, so that they add up as shares do.

    Parameters
    ----------
    causes : sequence of CauseShare
        As they were accounted, and `ranked`.
    certain : collection of Cause
        Causes whose drivers moved by more than chance, so that all of their share stands.
    """
    first = next((one for one in causes if one.cause.is_of_the_day and one.weighed_min > 0), None)
    if first is None:
        return {one.cause: one.share for one in causes}
    likely = {one.cause: one.share * _kept(one.cause, certain) for one in causes if one is not first}
    return {first.cause: sum(one.share for one in causes) - sum(likely.values()), **likely}


def _kept(cause: Cause, certain: Collection[Cause]) -> float:
    return KEPT if cause in BY_QUEUE and cause not in certain else 1.0
