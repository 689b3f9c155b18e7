"""The account of an episode's miss: every weighed minute of it goes to a cause, to what is usual, or stays unexplained.

The miss is the minutes of click-to-door beyond usual over all delivered orders, and each order that nobody carried,
weighed in minutes. Click-to-door is cut into stages that follow one another (food made, food waits, taken, ridden,
handed over), so that they add up. The wait for a rider grows with load, and load is a product of demand and of the
minutes that an order keeps a rider, over the riders on shift: Shapley values give each its part, so that the queue of
a rainy evening is the rain's, and that of an evening without riders the missing riders'.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import fsum

import numpy as np

from tiffin.capabilities.balance.domain.cause import Cause, Detail
from tiffin.capabilities.balance.domain.load import (
    Load,
    foretold_change,
    gone_without,
    losses_by,
    split_change,
    waiting_by,
)
from tiffin.engines.attribution.congestion import CongestionCurve
from tiffin.engines.attribution.products import lmdi
from tiffin.engines.attribution.two_paths import PickupSplit

Parts = dict[Cause, float]


@dataclass(frozen=True, slots=True)
class Stages:
    """Mean minutes an order in an episode's zones and hours; a stage that the facts do not know is missing."""

    minutes: Mapping[str, float]

    def of(self, stage: str) -> float:
        """Give a stage's minutes."""
        return self.minutes[stage]

    def knows(self, *stages: str) -> bool:
        """Tell whether all the stages are known."""
        return all(stage in self.minutes for stage in stages)


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeFacts:
    """What is known of one episode, as usual and as it was.

    Parameters
    ----------
    delivered : float
        Orders delivered in it.
    delay_min : float
        Minutes beyond usual over these orders, zero at least: what came sooner is no miss.
    lost, usual_lost, cancelled, usual_cancelled : float
        Orders nobody carried, and those that riders cancelled; with how many are usual.
    wanted, usual_wanted : float
        Orders wanted in the whole episode.
    farther_min : float
        Minutes that longer distances took, where these differ by more than chance; the delay has them in it.
    pickups : PickupSplit or None
        Minutes an order by which food and rider came together later, by path.
    refused, withdrawn : float
        Orders beyond usual that merchants refused and that customers withdrew at once.
    shorter_min : float
        Minutes by which promises were shorter than usual.
    elsewhere : float
        Share of the riders missing here who sat idle in other zones within reach.
    """

    delivered: float
    delay_min: float
    lost: float
    usual_lost: float
    cancelled: float
    usual_cancelled: float
    wanted: float
    usual_wanted: float
    usual: Stages
    actual: Stages
    usual_load: Load | None = None
    load: Load | None = None
    pickups: PickupSplit | None = None
    wait_curve: CongestionCurve | None = None
    door_curve: CongestionCurve | None = None
    loss_curve: CongestionCurve | None = None
    farther_min: float = 0.0
    refused: float = 0.0
    withdrawn: float = 0.0
    shorter_min: float = 0.0
    elsewhere: float = 0.0


@dataclass(frozen=True, slots=True)
class Account:
    """Weighed minutes by cause; they add up to the miss to the last bit of rounding (``math.fsum``).

    Parameters
    ----------
    details : mapping
        What some causes consist of, in the same minutes.
    """

    miss_min: float
    parts: Mapping[Cause, float]
    details: Mapping[Cause, Mapping[Detail, float]] = field(default_factory=dict)


Splitting = Callable[..., Parts]
"""How a change of a queue, or of lost orders, is divided over the factors of load: `split_change` or `gone_without`."""


def gone_if_usual(facts: EpisodeFacts, *, lost_order_min: float) -> Mapping[Cause, float]:
    """Give the weighed minutes that would be gone had one cause been usual and all others as they were.

    They do not add up to the miss: a queue that two causes made together would be gone without either.
    """
    return account(facts, lost_order_min=lost_order_min, split=gone_without).parts


def account(facts: EpisodeFacts, *, lost_order_min: float, split: Splitting = split_change) -> Account:
    """Split an episode's miss over its causes."""
    delay, distances = delay_parts(facts, split=split)
    loss = loss_parts(facts, split=split)
    parts: Parts = defaultdict(float)
    for cause, minutes in delay.items():
        parts[cause] += minutes
    for cause, orders in loss.items():
        parts[cause] += orders * lost_order_min
    parts[Cause.MORE_REFUSALS] += facts.refused * lost_order_min
    parts[Cause.MORE_WITHDRAWALS] += facts.withdrawn * lost_order_min
    parts[Cause.SHORTER_PROMISE] += facts.shorter_min
    if parts[Cause.FEWER_RIDERS] > 0:
        parts[Cause.RIDERS_ELSEWHERE] = facts.elsewhere * parts[Cause.FEWER_RIDERS]
        parts[Cause.FEWER_RIDERS] -= parts[Cause.RIDERS_ELSEWHERE]
    away = facts.lost + facts.cancelled + facts.refused + facts.withdrawn
    miss = facts.delay_min + facts.shorter_min + lost_order_min * away
    named: Parts = {cause: part for cause, part in parts.items() if part}
    rest = fsum([miss, *(-part for part in named.values())])
    named[Cause.UNEXPLAINED] = rest
    return Account(miss, named, _details(facts, distances, lost_order_min))


def _details(facts: EpisodeFacts, distances: Mapping[Detail, float], weight: float) -> dict[Cause, dict[Detail, float]]:
    details: dict[Cause, dict[Detail, float]] = {}
    if distances:
        details[Cause.LONGER_TRAVEL] = dict(distances)
    if facts.usual_lost and facts.usual_cancelled:
        details[Cause.AS_USUAL] = {
            Detail.NO_RIDER: weight * min(facts.lost, facts.usual_lost),
            Detail.CANCELLED_BY_RIDER: weight * min(facts.cancelled, facts.usual_cancelled),
        }
    return details


def loss_parts(facts: EpisodeFacts, *, split: Splitting = split_change) -> Parts:
    """Split the orders that nobody carried: what is usual, what load explains, and riders' cancellations."""
    parts: Parts = defaultdict(float)
    parts[Cause.AS_USUAL] = min(facts.lost, facts.usual_lost) + min(facts.cancelled, facts.usual_cancelled)
    beyond = facts.lost - facts.usual_lost
    if beyond > 0:
        for cause, orders in _loss_beyond(facts, beyond, split).items():
            parts[cause] += orders
    more_cancelled = facts.cancelled - facts.usual_cancelled
    if more_cancelled > 0:
        demand = min(1.0, max(0.0, _growth(facts) * facts.usual_cancelled / more_cancelled))
        parts[Cause.MORE_DEMAND] += demand * more_cancelled
        parts[Cause.MORE_RIDER_CANCELLATIONS] += (1 - demand) * more_cancelled
    return parts


def _loss_beyond(facts: EpisodeFacts, beyond: float, split: Splitting) -> Parts:
    if facts.load is not None and facts.usual_load is not None and facts.loss_curve is not None:
        value = losses_by(facts.loss_curve, wanted=facts.wanted, orders_an_hour=facts.load.orders)
        return split(value, usual=facts.usual_load, actual=facts.load, change=beyond)
    demand = max(0.0, _growth(facts) * facts.usual_lost)
    return {Cause.MORE_DEMAND: min(demand, beyond)}


def _growth(facts: EpisodeFacts) -> float:
    return facts.wanted / facts.usual_wanted - 1.0 if facts.usual_wanted > 0 else 0.0


def delay_parts(facts: EpisodeFacts, *, split: Splitting = split_change) -> tuple[Parts, dict[Detail, float]]:
    """Split the minutes beyond usual, by the richest account that the facts support."""
    if not facts.delivered or facts.delay_min <= 0:
        return {}, {}
    if facts.pickups is not None:
        return _by_path(facts, facts.pickups, split)
    if facts.usual.knows("confirm_min", "reach_min", "rest_min"):
        return _by_legs(facts), {}
    return _by_load_and_distance(facts)


def _by_path(facts: EpisodeFacts, pickups: PickupSplit, split: Splitting) -> tuple[Parts, dict[Detail, float]]:
    """All stages are known: kitchen, wait, ride to merchant, ride to customer, hand-over."""
    usual, actual, orders = facts.usual, facts.actual, facts.delivered
    approach = pace_part(pickups.ride, usual=usual, actual=actual)
    together = carried_together(usual, actual)
    scarcity = pickups.wait + pickups.ride - approach + together
    slower = orders * (pace_change(usual, actual) - together + approach)
    parts: Parts = defaultdict(float)
    confirming = confirming_share(usual, actual)
    parts[Cause.SLOWER_CONFIRMATION] += orders * pickups.kitchen * confirming
    parts[Cause.SLOWER_MERCHANTS] += orders * pickups.kitchen * (1.0 - confirming)
    parts[Cause.LONGER_TRAVEL] += slower + facts.farther_min
    at_door = actual.of("handover_min") - usual.of("handover_min")
    parts[Cause.SLOWER_HANDOVER] += orders * (pickups.service + at_door)
    queue: Parts = {}
    if facts.load is not None and facts.usual_load is not None and facts.wait_curve is not None:
        value = waiting_by(facts.wait_curve)
        queue = split(value, usual=facts.usual_load, actual=facts.load, change=scarcity)
    for cause, minutes in queue.items():
        parts[cause] += orders * minutes
    if not usual.knows("distance_m"):
        return parts, {}
    road = slower + orders * queue.get(Cause.LONGER_TRAVEL, 0.0)
    return parts, {Detail.LONGER_DISTANCES: facts.farther_min, Detail.SLOWER_TRAVEL: road}


def confirming_share(usual: Stages, actual: Stages) -> float:
    """Tell how much of the later food is that orders were confirmed later; nothing where it is not recorded."""
    if not usual.knows("confirm_min") or not actual.knows("confirm_min"):
        return 0.0
    later = actual.of("kitchen_min") - usual.of("kitchen_min")
    confirmed = actual.of("confirm_min") - usual.of("confirm_min")
    return float(np.clip(confirmed / later, 0.0, 1.0)) if later > 0 else 0.0


def pace_change(usual: Stages, actual: Stages) -> float:
    """Give the minutes an order by which the ride to the customer took longer for its distance."""
    if not usual.knows("distance_m") or not actual.knows("distance_m"):
        return actual.of("ride_min") - usual.of("ride_min")
    before, after = (
        np.array([s.of("distance_m"), s.of("ride_min") / max(s.of("distance_m"), 1.0)]) for s in (usual, actual)
    )
    return float(lmdi(base=before, actual=after)[1])


def pace_part(later_ride_min: float, *, usual: Stages, actual: Stages) -> float:
    """Tell how much of a later arrival at the merchant is slower riding.

    The pace is that of the ride to the customer, whose distance is known; what remains is a longer way to the merchant,
    which is what happens when free riders are rare and far.
    """
    if not usual.knows("distance_m") or not actual.knows("distance_m"):
        return later_ride_min
    longer = actual.of("approach_min") - usual.of("approach_min")
    slower = usual.of("approach_min") * (pace_of(actual) / pace_of(usual) - 1.0)
    return float(np.clip(slower / longer, 0.0, 1.0)) * later_ride_min if longer else 0.0


def carried_together(usual: Stages, actual: Stages) -> float:
    """Give the minutes an order by which rides to customers were longer for others carried with it.

    Riders carry orders together when too few ride: it is the queue's doing, and not the road's.
    """
    if not all(side.knows("alone_ride_min", "distance_m") for side in (usual, actual)):
        return 0.0
    slower = usual.of("ride_min") * (pace_of(actual) / pace_of(usual) - 1.0)
    return pace_change(usual, actual) - slower


def pace_of(stages: Stages) -> float:
    """Give the minutes a metre on the way to the customer, of orders carried alone where these are known."""
    if stages.knows("alone_ride_min"):
        return stages.of("alone_ride_min") / max(stages.of("alone_distance_m"), 1.0)
    return stages.of("ride_min") / max(stages.of("distance_m"), 1.0)


def _by_legs(facts: EpisodeFacts) -> Parts:
    """Only order, arrival at the merchant and delivery are known: legs, without telling who in a leg."""
    legs = {
        Cause.SLOWER_CONFIRMATION: "confirm_min",
        Cause.LATER_ARRIVAL: "reach_min",
        Cause.SLOWER_AFTER_ARRIVAL: "rest_min",
    }
    return {c: facts.delivered * (facts.actual.of(s) - facts.usual.of(s)) for c, s in legs.items()}


def _by_load_and_distance(facts: EpisodeFacts) -> tuple[Parts, dict[Detail, float]]:
    """Only placing and delivery are known: what load and distance foretell, and the rest unexplained."""
    parts: Parts = {}
    if facts.load is not None and facts.usual_load is not None and facts.door_curve is not None:
        value = waiting_by(facts.door_curve)
        parts = foretold_change(value, usual=facts.usual_load, actual=facts.load, times=facts.delivered)
    if facts.usual.knows("predicted_travel_min") and facts.actual.knows("predicted_travel_min"):
        more = facts.actual.of("predicted_travel_min") - facts.usual.of("predicted_travel_min")
        parts[Cause.LONGER_TRAVEL] = facts.delivered * more
    elif facts.farther_min:
        parts[Cause.LONGER_TRAVEL] = facts.farther_min
        return parts, {Detail.LONGER_DISTANCES: facts.farther_min}
    return parts, {}
