"""What levers came to in a rehearsed day: quantities with paired intervals, and never money."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from tiffin.capabilities.rehearsals.domain.comparison import Estimate
from tiffin.capabilities.rehearsals.domain.twin_fit import TwinFit
from tiffin.engines.simulation.levers import Pull


@dataclass(frozen=True, slots=True, kw_only=True)
class LeverOutcome:
    """What the levers of one candidate did to a day, pulled together; each estimate is paired over the replications.

    Parameters
    ----------
    late_avoided : Estimate
        Delivered orders after their promise, without less with the levers; below nought they brought more of them.
    lateness_min_avoided : Estimate
        Minutes after the promise, over all deliveries, likewise.
    lost_avoided : Estimate
        Orders that were placed and given up for want of a rider, or cancelled by the customer who waited.
    extra_rider_hours : Estimate
        Hours on shift of riders who would not have come.
    moved_rider_hours : Estimate
        Hours that riders of other zones spent in these, with the way there.
    incentive_rider_hours : Estimate
        Hours on shift of all riders who are paid the incentive.
    turned_away : Estimate
        Orders that would have been placed and that the levers themselves refused.
    steered : Estimate
        Orders that were placed elsewhere or later because of the levers.
    promise_order_min : Estimate
        Orders placed at a longer promise, times the minutes by which it was longer.
    incentive_orders : Estimate
        Orders that were carried at the incentive's pay.
    fewer_orders : Estimate
        Orders placed without less with the levers: those turned away, and those whose customers went away or came by
        the promise that they were shown.
    fewer_delivered : Estimate
        Orders delivered without less with the levers.
    draws : mapping
        Each of these quantities by replication, in the order of the replications: what a ratio of two of them needs.
        Besides, ``relieved_min``: minutes of lateness avoided of orders that are delivered with the levers and without.
    """

    pulls: tuple[Pull, ...]
    late_avoided: Estimate
    lateness_min_avoided: Estimate
    lost_avoided: Estimate
    extra_rider_hours: Estimate
    moved_rider_hours: Estimate
    incentive_rider_hours: Estimate
    turned_away: Estimate
    steered: Estimate
    promise_order_min: Estimate
    incentive_orders: Estimate
    fewer_orders: Estimate
    fewer_delivered: Estimate
    draws: Mapping[str, tuple[float, ...]] = field(default_factory=dict)


QUANTITIES = tuple(name for name in LeverOutcome.__dataclass_fields__ if name not in {"pulls", "draws"})
"""What is estimated of each candidate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeverRehearsal:
    """A day rehearsed without and with candidate levers, on the same random numbers.

    Parameters
    ----------
    without : mapping
        Orders, delivered, late, lateness_min and lost of the day without levers, over the replications.
    fit : TwinFit or None
        Where the day is a twin made from facts; None where a scenario makes it.
    made_from : str
        Digest of the definitions and the code.
    """

    city_id: str
    day: date
    replications: int
    without: Mapping[str, Estimate]
    outcomes: tuple[LeverOutcome, ...]
    fit: TwinFit | None
    made_from: str
