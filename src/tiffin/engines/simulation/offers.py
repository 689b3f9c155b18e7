"""Offers of orders to riders: who is asked, how long he takes to answer, and what he says."""

import numpy as np

from tiffin.engines.simulation.agenda import schedule
from tiffin.engines.simulation.chance import chance
from tiffin.engines.simulation.compiled import inner
from tiffin.engines.simulation.idle import take_idle
from tiffin.engines.simulation.riding import away_m, out_m, slot_of
from tiffin.engines.simulation.tables import BICYCLE
from tiffin.engines.simulation.world import ASKED, BUSY, IDLE, OFFERED, OFFERS_MOST, World

ACCEPTED, DECLINED, EXPIRED, WITHDRAWN = range(4)
KM = 1000.0
ANSWER, DECISION = range(2)
"""Purposes of the chances that an order and a rider share."""


@inner
def decline_probability(world: World, rider: int, away: float, out: float, pay: float) -> float:
    """Tell how likely a rider declines: the more so the longer the way, the less so the better the pay.

    References
    ----------
    McFadden (1974), Conditional logit analysis of qualitative choice behavior: yes or no by the odds of their worth.
    """
    rules = world.rules
    odds = rules.decline + rules.decline_km * (away + out - rules.usual_way_m) / KM - rules.decline_pay * (pay - 1.0)
    if world.sessions[rider].vehicle == BICYCLE:
        odds += rules.decline_bicycle_km * (away + out) / KM
    return float(1.0 / (1.0 + np.exp(-odds)))


@inner
def offer(world: World, now: int, order: int, rider: int, code: int) -> None:
    """Offer an order to a rider; he will answer after a while.

    Parameters
    ----------
    code : int
        Kind of the event that his answer is.
    """
    key, shift = world.orders[order].offer_key, world.sessions[rider].shift
    joins = world.riders[rider].state == BUSY
    out = out_m(world, order)
    away = 0.0 if joins else away_m(world, rider, order)
    pay = world.rules.pay_base + world.rules.pay_km * out / KM
    pay += world.levered[world.merchants[world.orders[order].merchant].zone, slot_of(now)].bonus
    answer_s = 1 + int(-np.log(chance(key, shift, ANSWER)) * world.rules.answer_mean_s)
    outcome = ACCEPTED
    if world.work[order].offers < OFFERS_MOST - 1:
        if answer_s > world.rules.answer_most_s:
            outcome, answer_s = EXPIRED, world.rules.answer_most_s
        elif chance(key, shift, DECISION) < decline_probability(world, rider, away, out, pay):
            outcome = DECLINED
    row = world.counts[OFFERED]
    world.counts[OFFERED] += 1
    world.offers[row].order, world.offers[row].session, world.offers[row].outcome = order, rider, outcome
    world.offers[row].offered_s, world.offers[row].answered_s = now, now + answer_s
    world.offers[row].away_m, world.offers[row].pay, world.offers[row].joins = away, pay, 1 if joins else 0
    world.offers[row].before = world.work[order].last_offer
    world.work[order].last_offer = row
    world.work[order].offers += 1
    if world.riders[rider].state == IDLE:
        take_idle(world, rider)
    if not joins:
        world.riders[rider].state = ASKED
    schedule(world, now + answer_s, code, row)


@inner
def may_be_asked_to_join(world: World, order: int) -> bool:
    """Tell whether an order has offers left to try a rider who may have left before he answers."""
    return bool(world.work[order].offers < OFFERS_MOST - 2)
