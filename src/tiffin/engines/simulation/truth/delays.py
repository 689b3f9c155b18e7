"""The time of each order of a day, split over the disruptions planted in it, chance, and what is ordinary."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.simulation.city_day import SimulatedDay
from tiffin.engines.simulation.streams import Stream
from tiffin.engines.simulation.truth.own import OWN
from tiffin.engines.simulation.truth.sharing import Split, rounded, split
from tiffin.engines.simulation.truth.worlds import LOST, PROMISE, STAGES, Worlds, measure

Whole = NDArray[np.int64]
Shares = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Parts:
    """What each of several causes did to each order; arrays in the order of the day's orders.

    Parameters
    ----------
    delay_s : (n_causes, n_orders), seconds of the order's time
    stage_s : (n_causes, n_stages, n_orders), the same by stage; adds up to `delay_s`
    promise_s : (n_causes, n_orders), seconds by which the shown promise was longer
    lost : (n_causes, n_orders), share of the order's loss: adds up to 1 where the causes together lost it, to -1 where
        they saved it, else to 0
    """

    delay_s: Whole
    stage_s: Whole
    promise_s: Whole
    lost: Shares


@dataclass(frozen=True, slots=True)
class DayTruth:
    """What each cause took of each order of a day; all of it adds up to what the facts tell.

    Parameters
    ----------
    actual : the day as it was
    disruptions : their parts, in the plan's order; add up to each order's delay
    chance : what each party's own chance in the order did in the undisturbed day, in the order of `OWN`; None where not
        asked for
    ordinary_s : (n_stages, n_orders), seconds; what is left of each stage
    ordinary_promise_s : (n_orders,), what is left of the promise
    ordinary_lost : (n_orders,), 1 where the order is lost whatever is taken out
    is_exact : whether every subset of disruptions was replayed
    worlds : number of worlds replayed, the actual day among them
    """

    actual: SimulatedDay
    disruptions: Parts
    chance: Parts | None
    ordinary_s: Whole
    ordinary_promise_s: Whole
    ordinary_lost: Shares
    is_exact: bool
    worlds: int


@dataclass(frozen=True, slots=True)
class InLucks:
    """What each party's own chance did to some orders in each of several lucks of the day, in the order of `OWN`.

    The mean over the lucks is the party's part; what the day's own luck did beyond is in none of them.

    Parameters
    ----------
    late_s : (n_own, n_lucks, n_which), seconds of the order's time less those by which the shown promise was longer
    lost : (n_own, n_lucks, n_which), share of the order's loss; on the mean, by how much it became likelier
    """

    late_s: Shares
    lost: Shares


def day_truth(worlds: Worlds, stream: Stream, *, with_chance: bool = False) -> DayTruth:
    """Replay a day with subsets of its disruptions and split each order's delay over them.

    Parameters
    ----------
    stream : Stream
        Used only where there are too many disruptions for every subset.
    with_chance : bool
        Whether what is left is split further, over each party's own chance and what is ordinary.
    """
    players = len(worlds.plan.disruptions)
    actual = worlds.day(range(players))
    struck = split(lambda kept: worlds.measured(actual, kept), players, stream)
    groups = [(struck, _parts(struck))]
    if with_chance:
        own = worlds.own_chance(actual)
        shared = split(own.__getitem__, len(OWN), stream)
        groups.append((shared, _parts(shared)))
    measured = measure(actual.orders, actual.happened.track)
    parts = [part for _, part in groups]
    return DayTruth(
        actual=actual,
        disruptions=parts[0],
        chance=parts[1] if with_chance else None,
        ordinary_s=measured[STAGES] - sum(part.stage_s.sum(axis=0) for part in parts),
        ordinary_promise_s=measured[PROMISE] - sum(part.promise_s.sum(axis=0) for part in parts),
        ordinary_lost=measured[LOST] - sum(np.rint(part.lost.sum(axis=0)) for part in parts),
        is_exact=struck.is_exact,
        worlds=struck.worlds,
    )


def chance_in_lucks(worlds: Worlds, actual: SimulatedDay, which: Whole, *, lucks: range, stream: Stream) -> InLucks:
    """Split what each party's own chance does to some orders of a day, in each of several lucks of the day.

    Parameters
    ----------
    which : (n_which,), numbers of orders of the actual day, rising
    lucks : range
        Numbers of the lucks in which each order is replayed.
    stream : Stream
        Not drawn from: there are fewer parties than would need it.
    """
    fractions = split(worlds.chance_in_lucks(actual, which, lucks).__getitem__, len(OWN), stream).fractions
    return InLucks(
        late_s=fractions[:, :, STAGES].sum(axis=2) - fractions[:, :, PROMISE],
        lost=fractions[:, :, LOST],
    )


def _parts(shared: Split) -> Parts:
    delay_s = rounded(shared.numerators[:, STAGES].sum(axis=1), shared.denominator)
    return Parts(
        delay_s=delay_s,
        stage_s=_stages(shared, delay_s),
        promise_s=rounded(shared.numerators[:, PROMISE], shared.denominator),
        lost=shared.fractions[:, LOST],
    )


def _stages(shared: Split, delay_s: Whole) -> Whole:
    """Round the stages of each share so that they add up to the share, which is rounded already."""
    stages = np.moveaxis(shared.numerators[:, STAGES], 1, 0)
    floor, remainder = np.divmod(stages, shared.denominator)
    left = delay_s - floor.sum(axis=0)
    rank = np.argsort(np.argsort(-remainder, axis=0, kind="stable"), axis=0, kind="stable")
    return np.moveaxis(floor + (rank < left), 0, 1)
