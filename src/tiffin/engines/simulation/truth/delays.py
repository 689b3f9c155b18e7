"""The delay of each order of a day, split over the disruptions planted in it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.simulation.city_day import SimulatedDay
from tiffin.engines.simulation.streams import Stream
from tiffin.engines.simulation.tables import Status
from tiffin.engines.simulation.truth.sharing import Split, rounded, split
from tiffin.engines.simulation.truth.worlds import LOST, PROMISE, STAGES, Worlds, measure

Whole = NDArray[np.int64]
Shares = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class DayTruth:
    """What each disruption of a day did to each of its orders; arrays in the order of the day's orders.

    Parameters
    ----------
    actual : the day as it was
    delay_s : (n_disruptions, n_orders), seconds; adds up to each order's delay
    stage_s : (n_disruptions, n_stages, n_orders), the same by stage; adds up to `delay_s`
    promise_s : (n_disruptions, n_orders), seconds by which the shown promise was longer; adds up to its shift
    lost : (n_disruptions, n_orders), share of the order's loss; adds up to 1 where only the actual day lost it, to -1
        where only the undisturbed day would have, else to 0
    ordinary_s : (n_stages, n_orders), seconds; what is left of each stage of the actual day
    ordinary_promise_s : (n_orders,), the promise of the undisturbed day
    is_exact : whether every subset was replayed
    worlds : number of worlds replayed, the actual day among them
    """

    actual: SimulatedDay
    delay_s: Whole
    stage_s: Whole
    promise_s: Whole
    lost: Shares
    ordinary_s: Whole
    ordinary_promise_s: Whole
    is_exact: bool
    worlds: int

    @property
    def was_lost(self) -> Shares:
        """1 for each order that was not delivered on the actual day, else 0."""
        return np.asarray(self.actual.happened.track.status != Status.DELIVERED, dtype=np.float64)


def day_truth(worlds: Worlds, stream: Stream) -> DayTruth:
    """Replay a day with subsets of its disruptions and split each order's delay over them.

    Parameters
    ----------
    stream : Stream
        Used only where there are too many disruptions for every subset.
    """
    players = len(worlds.plan.disruptions)
    actual = worlds.day(range(players))
    shared = split(lambda kept: worlds.measured(actual, kept), players, stream)
    delay_s = rounded(shared.numerators[:, STAGES].sum(axis=1), shared.denominator)
    stage_s = _stages(shared, delay_s)
    promise_s = rounded(shared.numerators[:, PROMISE], shared.denominator)
    measured = measure(actual.orders, actual.happened.track)
    return DayTruth(
        actual=actual,
        delay_s=delay_s,
        stage_s=stage_s,
        promise_s=promise_s,
        lost=shared.fractions[:, LOST],
        ordinary_s=measured[STAGES] - stage_s.sum(axis=0),
        ordinary_promise_s=measured[PROMISE] - promise_s.sum(axis=0),
        is_exact=shared.is_exact,
        worlds=shared.worlds,
    )


def _stages(shared: Split, delay_s: Whole) -> Whole:
    """Round the stages of each share so that they add up to the share, which is rounded already."""
    stages = np.moveaxis(shared.numerators[:, STAGES], 1, 0)
    floor, remainder = np.divmod(stages, shared.denominator)
    left = delay_s - floor.sum(axis=0)
    rank = np.argsort(np.argsort(-remainder, axis=0, kind="stable"), axis=0, kind="stable")
    return np.moveaxis(floor + (rank < left), 0, 1)
