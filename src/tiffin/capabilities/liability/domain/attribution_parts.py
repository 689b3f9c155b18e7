"""What each party put on the path of each order that was delivered, and so its credit and its share."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tiffin.capabilities.liability.domain.attribution_expected import Expected
from tiffin.capabilities.liability.domain.attribution_facts import CityFacts
from tiffin.capabilities.liability.domain.attribution_market import Market
from tiffin.capabilities.liability.domain.attribution_parameters import AttributionParameters
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.engines.attribution.stages.crediting import Parts, credits_of

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

PARTIES = tuple(Party)
CUSTOMER, MERCHANT, RIDER, PLATFORM, NOBODY = range(len(PARTIES))


@dataclass(frozen=True, slots=True)
class Lost:
    """What was lost through each of what parties answer for, (n,) seconds each; below zero where time was made up.

    Parameters
    ----------
    kitchen_s : the merchant's own acceptance and preparation
    ride_s, approach_s : the rider's own ways, the latter as far as goods usually wait for riders
    slow_ride_s, slow_approach_s : what everybody's slow rides did to them
    waiting_s : waiting for a rider beyond what is usual around, of which `blamed` tells whose it is
    blamed : (n, n_parties), adds up to at most one; what is left is nobody's
    customer_s : the customer's at his door
    promise_s : by how much the promise was too short, everywhere
    """

    kitchen_s: Floats
    approach_s: Floats
    ride_s: Floats
    slow_approach_s: Floats
    slow_ride_s: Floats
    waiting_s: Floats
    blamed: Floats
    customer_s: Floats
    promise_s: Floats


def losses(facts: CityFacts, expected: Expected, market: Market, parameters: AttributionParameters) -> Lost:
    """Measure what was lost through what, before it is known what of it mattered."""
    times = facts.times
    slow = np.where(market.ride_factor > parameters.ride_floor, market.ride_factor, 1.0)
    approach, ride = times.at_merchant_s - times.assigned_s, times.at_customer_s - times.picked_up_s
    fair_approach = np.where(np.isfinite(facts.away_m) & (facts.away_m > 0), expected.approach_s[0] * slow, approach)
    fair_ride = np.where(facts.drop == 1, expected.ride_s[0] * slow, ride)
    waited = np.fmax(0.0, times.at_merchant_s - times.ready_s)
    unserved = np.fmax(0.0, _known(times.ended_s - times.ready_s))
    handover = times.ended_s - times.at_customer_s
    is_long = handover > expected.handover_s[1] * 2.0
    short = np.minimum(0.0, market.promise_s)
    return Lost(
        kitchen_s=_kitchen_s(facts, expected),
        approach_s=_known(parameters.approach_weight * expected.stood_share * (approach - fair_approach)),
        ride_s=_known(parameters.rider_weight * (ride - fair_ride)),
        slow_approach_s=_known(fair_approach * (1.0 - 1.0 / slow)),
        slow_ride_s=_known(ride * (1.0 - 1.0 / slow)),
        waiting_s=np.where(np.isnan(waited), unserved, waited) * market.waiting_share,
        blamed=_blamed(market, parameters),
        customer_s=_known(np.where(is_long, handover - expected.handover_s[0], 0.0)),
        promise_s=np.where(short < -parameters.promise_floor_s, -short, 0.0),
    )


def credits_of_orders(facts: CityFacts, lost: Lost) -> Floats:
    """Credit parties along the critical path of each delivered order.

    Returns
    -------
    (n, n_parties), seconds, in the order of `Party`

    Notes
    -----
    Who happened to ride past is nobody's: what is left of the waiting for him is in no credit. So is whether the goods
    were ready when a rider came: a slow way to the merchant counts by how often goods wait for riders at that hour.
    """
    n = len(facts.day)
    kitchen, coming, after = (np.zeros((n, len(PARTIES))) for _ in range(3))
    gap = _known(facts.times.at_merchant_s - facts.times.ready_s)
    kitchen[:, MERCHANT] = lost.kitchen_s
    coming[:, NOBODY] = lost.slow_approach_s
    coming += lost.waiting_s[:, None] * lost.blamed
    after[:, CUSTOMER], after[:, RIDER] = lost.customer_s, lost.ride_s + lost.approach_s
    after[:, NOBODY], after[:, PLATFORM] = lost.slow_ride_s, lost.promise_s
    return credits_of(Parts(kitchen, coming, after, coming.sum(axis=1) - gap))


def _kitchen_s(facts: CityFacts, expected: Expected) -> Floats:
    """Tell by how much the merchant's own stages took longer than is fair; what was not reached, up to the end."""
    times = facts.times
    accepted = np.where(np.isnan(times.accepted_s), times.ended_s, times.accepted_s)
    ready = np.where(np.isnan(times.ready_s), times.ended_s, times.ready_s)
    acceptance = accepted - times.placed_s - expected.acceptance_s[0]
    preparation = ready - accepted - expected.preparation_s[0]
    preparation = np.where(np.isnan(times.ready_s), np.maximum(0.0, preparation), preparation)
    return _known(acceptance + preparation)


def _blamed(market: Market, parameters: AttributionParameters) -> Floats:
    """Tell whose it is that everybody around waits for riders.

    Notes
    -----
    The load of a queue is demand by the time that an order takes a rider by riders: logarithms make it a sum. What
    other kitchens make everybody wait is none of these parties'; it stays with what is ordinary.
    """
    floor = np.log1p(parameters.noise_floor)
    weights = np.zeros((len(market.rain_mm), len(PARTIES)))
    weights[:, PLATFORM] = np.maximum(0.0, -np.log(market.riders_factor) - floor)
    is_crowded = market.crowd_spreads >= parameters.crowd_spreads
    crowd = np.where(is_crowded, np.maximum(0.0, np.log(market.demand_factor) - floor), 0.0)
    rides = np.maximum(0.0, np.log(np.maximum(market.ride_factor, market.earlier_ride_factor) / parameters.ride_floor))
    weights[:, NOBODY] = crowd + parameters.ride_weight * rides
    late_kitchens = np.maximum(0.0, market.kitchen_s - parameters.kitchen_floor_s)
    kitchens = parameters.kitchen_weight * late_kitchens / 600.0
    total = weights.sum(axis=1, keepdims=True) + kitchens[:, None]
    return np.asarray(weights / np.where(total > 0, total, 1.0), dtype=np.float64)


def _known(values: Floats) -> Floats:
    return np.where(np.isfinite(values), values, 0.0)
