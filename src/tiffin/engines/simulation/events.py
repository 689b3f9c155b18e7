"""What each event of a simulated day does."""

import numpy as np

from tiffin.engines.simulation.agenda import schedule
from tiffin.engines.simulation.batched import wake
from tiffin.engines.simulation.bundles import best_place, best_to_join, remove
from tiffin.engines.simulation.carrying import plan_leaving, send
from tiffin.engines.simulation.compiled import inner
from tiffin.engines.simulation.idle import nearest_idle, put_idle, take_idle, take_out, was_asked
from tiffin.engines.simulation.offers import ACCEPTED, WITHDRAWN, offer
from tiffin.engines.simulation.riding import away_m, metres, out_m, ride_s, slot_of
from tiffin.engines.simulation.tables import NEVER, NOT_ORDERED
from tiffin.engines.simulation.world import (
    ASKED,
    BUSY,
    GONE,
    IDLE,
    NOBODY,
    OFF,
    RODE_HOME,
    WAITING,
    World,
)

(
    PLACE,
    ACCEPT,
    DISPATCH,
    READY,
    ANSWER,
    LEAVE,
    DONE,
    RELEASE,
    CANCEL,
    GIVE_UP,
    LOG_ON,
    LOG_OFF,
    GO_HOME,
    BATCH,
    TRANSFER,
) = range(15)
OPEN, DELIVERED, CUSTOMER_CANCELLED, MERCHANT_CANCELLED, NO_RIDER = range(5)
HOME_M = 1200.0
"""A rider nearer than this to his home place does not bother to ride there."""
MINUTE_S = 60.0


@inner
def _close(world: World, now: int, order: int, status: int) -> None:
    world.track[order].status = status
    world.track[order].cancelled_s = now
    world.zones[world.merchants[world.orders[order].merchant].zone].outstanding -= 1
    if world.track[order].ready_s > now:
        world.track[order].ready_s = NEVER


@inner
def _leave_queue(world: World, order: int) -> None:
    for place in range(world.counts[WAITING]):
        if world.waiting[place] == order:
            world.counts[WAITING] -= 1
            for later in range(place, world.counts[WAITING]):
                world.waiting[later] = world.waiting[later + 1]
            return


@inner
def _best_waiting(world: World, now: int, rider: int) -> int:
    best, best_score = NOBODY, np.inf
    for place in range(world.counts[WAITING]):
        order = world.waiting[place]
        away = away_m(world, rider, order)
        score = away - world.rules.age_m_s * (now - world.track[order].accepted_s)
        if away <= world.rules.radius_m and score < best_score and not was_asked(world, rider, order):
            best, best_score = order, score
    return best


@inner
def _waiting_there(world: World, merchant: int) -> int:
    """Take an order of a merchant to whom a rider was sent just now out of the queue: it might join."""
    if world.rules.bundle_most > 1:
        for place in range(world.counts[WAITING]):
            order = world.waiting[place]
            if world.orders[order].merchant == merchant:
                _leave_queue(world, order)
                return int(order)
    return NOBODY


@inner
def _log_off(world: World, now: int, rider: int) -> None:
    world.riders[rider].state = GONE
    world.zones[world.sessions[rider].zone].on_shift -= 1
    world.riders[rider].ended_s = now


@inner
def _ride_home(world: World, now: int, rider: int, zone: int) -> None:
    """Let a rider set off through a zone for where he waits; he may be sent off again when he is there."""
    away = metres(world.riders[rider].x, world.riders[rider].y, world.sessions[rider].x, world.sessions[rider].y)
    there = max(now, world.riders[rider].free_s) + ride_s(world, rider, zone, away, 1.0, now)
    row = world.counts[RODE_HOME]
    world.counts[RODE_HOME] += 1
    world.rides_home[row].session, world.rides_home[row].start_s, world.rides_home[row].end_s = rider, now, there
    world.rides_home[row].from_x, world.rides_home[row].from_y = world.riders[rider].x, world.riders[rider].y
    world.riders[rider].x, world.riders[rider].y = world.sessions[rider].x, world.sessions[rider].y
    world.riders[rider].free_s = there


@inner
def rest(world: World, now: int, rider: int) -> None:
    """Let a rider without work log off, take a waiting order, or wait."""
    world.riders[rider].free_s = max(now, world.riders[rider].free_s)
    if now >= world.sessions[rider].off_s:
        _log_off(world, now, rider)
        return
    if world.riders[rider].leaving == 1:
        world.riders[rider].leaving = 0
        _ride_home(world, now, rider, world.sessions[rider].zone)
    world.riders[rider].state = ASKED
    if world.rules.batch_s == 0:
        order = _best_waiting(world, now, rider)
        if order != NOBODY:
            _leave_queue(world, order)
            offer(world, now, order, rider, ANSWER)
            return
    world.riders[rider].state = IDLE
    world.riders[rider].idle_s = now
    put_idle(world, rider)
    away = metres(world.riders[rider].x, world.riders[rider].y, world.sessions[rider].x, world.sessions[rider].y)
    if away > HOME_M:
        schedule(world, now + world.rules.home_s, GO_HOME, rider)


@inner
def _promise(world: World, now: int, order: int) -> bool:
    """Show the customer a promise, and tell whether he orders at it."""
    rules, merchant = world.rules, world.orders[order].merchant
    zone = world.merchants[merchant].zone
    load = world.track[order].outstanding / max(1, world.track[order].riders_on_shift)
    usual = rules.usual_approach_s + world.merchants[merchant].expected_prep_s + rules.promise_buffer_s
    usual += out_m(world, order) / rules.usual_speed_m_s * world.factors[zone, slot_of(now)].usual_travel
    if world.orders[order].own_promise_s >= 0.0:
        usual = world.orders[order].own_promise_s
    shown = usual + rules.promise_load_s * max(0.0, load - rules.usual_load)
    shown = max(1.0, shown + world.factors[zone, slot_of(now)].promise_s)
    steps, usual_steps = int(np.ceil(shown / rules.promise_step_s)), int(np.ceil(usual / rules.promise_step_s))
    world.track[order].promised_s = now + steps * rules.promise_step_s
    odds = rules.wish - rules.wish_min * (steps - usual_steps) * rules.promise_step_s / MINUTE_S
    return bool(world.orders[order].wish < 1.0 / (1.0 + np.exp(-odds)))


@inner
def _is_full(world: World, now: int, merchant: int) -> bool:
    """Tell whether a kitchen that is kept from being overloaded has enough in hand."""
    pacing = world.levered[world.merchants[merchant].zone, slot_of(now)].pacing
    return bool(pacing > 0.0 and world.backlog[merchant] * pacing >= world.merchants[merchant].capacity)


@inner
def place(world: World, now: int, order: int) -> None:
    """Show a customer a promise; if he orders at it, ask the merchant."""
    zone = world.merchants[world.orders[order].merchant].zone
    for other in range(len(world.zones)):
        if world.near[zone, other]:
            world.track[order].riders_on_shift += world.zones[other].on_shift
            world.track[order].riders_busy += world.zones[other].busy
            world.track[order].outstanding += world.zones[other].outstanding
    if _is_full(world, now, world.orders[order].merchant) or not _promise(world, now, order):
        world.track[order].status = NOT_ORDERED
        return
    world.zones[zone].outstanding += 1
    schedule(world, now + world.orders[order].accept_s, ACCEPT, order)
    schedule(world, world.track[order].promised_s + world.orders[order].patience_s, CANCEL, order)
    if world.orders[order].regret_s >= 0:
        schedule(world, now + world.orders[order].regret_s, CANCEL, order)


@inner
def accept(world: World, now: int, order: int) -> None:
    """Let the merchant accept or refuse; how long he takes depends on what he has in hand."""
    if world.track[order].status != OPEN:
        return
    merchant = world.orders[order].merchant
    if world.orders[order].refused == 1:
        _close(world, now, order, MERCHANT_CANCELLED)
        return
    world.track[order].accepted_s = now
    excess = max(0.0, world.backlog[merchant] - world.merchants[merchant].capacity)
    factor = world.factors[world.merchants[merchant].zone, slot_of(now)].prep * (
        1.0 + world.rules.slowdown * excess / world.merchants[merchant].capacity
    )
    ready = now + int(np.rint(world.orders[order].prep_s * factor))
    world.track[order].ready_s = ready
    world.backlog[merchant] += 1
    schedule(world, ready, READY, order)
    schedule(world, max(now, ready - world.rules.lead_s), DISPATCH, order)


@inner
def seek(world: World, now: int, order: int) -> None:
    """Offer an order to a rider as the dispatcher chooses; without one it waits."""
    if world.track[order].status != OPEN:
        return
    rider = best_to_join(world, now, order)
    if rider == NOBODY and world.rules.batch_s == 0:
        rider = nearest_idle(world, order, now)
    if rider != NOBODY:
        offer(world, now, order, rider, ANSWER)
        return
    world.waiting[world.counts[WAITING]] = order
    world.counts[WAITING] += 1
    if world.work[order].sought == 0:
        world.work[order].sought = 1
        schedule(world, now + world.orders[order].no_rider_s, GIVE_UP, order)
    if world.rules.batch_s > 0:
        wake(world, now, BATCH)


@inner
def answer(world: World, now: int, row: int) -> tuple[int, int]:
    """Let a rider answer an offer; give back who stays without work and what looks for a rider now, or NOBODY."""
    order, rider, joins = world.offers[row].order, world.offers[row].session, world.offers[row].joins == 1
    spot, stands = NOBODY, world.track[order].status == OPEN
    if stands and joins:
        # He may have left since, or have his hands full.
        spot, _ = best_place(world, now, rider, order)
        stands = spot != NOBODY and world.riders[rider].merchant == world.orders[order].merchant
    if not stands:
        world.offers[row].outcome = WITHDRAWN
    if world.offers[row].outcome != ACCEPTED:
        return (NOBODY if joins else rider), order
    send(world, now, order, rider, spot)
    plan_leaving(world, now, rider, LEAVE)
    return NOBODY, _waiting_there(world, world.riders[rider].merchant)


@inner
def cancel(world: World, now: int, order: int) -> None:
    """Let the customer cancel, unless the goods have left."""
    if world.track[order].status != OPEN:
        return
    _close(world, now, order, CUSTOMER_CANCELLED)
    _leave_queue(world, order)
    rider = world.track[order].session
    if rider == NOBODY:
        return
    remove(world, rider, order)
    world.track[order].freed_s = now
    if world.track[order].at_merchant_s > now:
        world.track[order].at_merchant_s = NEVER
    if world.riders[rider].load > 0:
        plan_leaving(world, now, rider, LEAVE)
        return
    # A rider on his way who has nothing else to fetch learns of it there and is free again at the merchant's door.
    world.track[order].freed_s = max(now, world.riders[rider].reaches_s)
    schedule(world, world.track[order].freed_s, RELEASE, rider)


@inner
def give_up(world: World, now: int, order: int) -> None:
    """Give the order up when still nobody carries it."""
    if world.track[order].status == OPEN and world.track[order].session == NOBODY:
        _close(world, now, order, NO_RIDER)
        _leave_queue(world, order)


@inner
def leaves_now(world: World, now: int, rider: int) -> bool:
    """Tell whether a rider leaves the merchant now, as was last planned."""
    it = world.riders[rider]
    return bool(it.state == BUSY and it.fetching == 1 and it.load > 0 and it.leaves_s == now)


@inner
def done(world: World, order: int) -> int:
    """Let a rider be done with an order; give him back when it was his last, else NOBODY."""
    rider = world.track[order].session
    world.zones[world.merchants[world.orders[order].merchant].zone].outstanding -= 1
    world.riders[rider].load -= 1
    if world.riders[rider].load > 0:
        return NOBODY
    world.zones[world.sessions[rider].zone].busy -= 1
    return int(rider)


@inner
def release(world: World, rider: int) -> int:
    """Let a rider go whose orders were all cancelled; NOBODY if he has got another since."""
    if world.riders[rider].state != BUSY or world.riders[rider].fetching == 0 or world.riders[rider].load > 0:
        return NOBODY
    merchant = world.riders[rider].merchant
    take_out(world, rider)
    world.riders[rider].fetching = 0
    world.riders[rider].x, world.riders[rider].y = world.merchants[merchant].x, world.merchants[merchant].y
    world.zones[world.sessions[rider].zone].busy -= 1
    return rider


@inner
def go_home(world: World, now: int, rider: int) -> None:
    """Let a rider who has been idle for a while set off for where his session began."""
    if world.riders[rider].state != IDLE or world.riders[rider].idle_s + world.rules.home_s != now:
        return
    take_idle(world, rider)
    _ride_home(world, now, rider, world.sessions[rider].zone)
    put_idle(world, rider)


@inner
def transfer(world: World, row: int) -> int:
    """Let a rider work from another place; give him back when he is idle: he sets off there at once, else NOBODY.

    Notes
    -----
    Who has an order in hand brings it first, and rides there before he takes another.
    """
    it = world.transfers[row]
    rider, state = it.session, world.riders[it.session].state
    if state in (OFF, GONE):
        return NOBODY
    left = world.sessions[rider].zone
    world.zones[left].on_shift -= 1
    world.zones[it.zone].on_shift += 1
    if state == BUSY:
        world.zones[left].busy -= 1
        world.zones[it.zone].busy += 1
    world.sessions[rider].zone, world.sessions[rider].x, world.sessions[rider].y = it.zone, it.x, it.y
    world.riders[rider].leaving = 1
    if state != IDLE:
        return NOBODY
    take_idle(world, rider)
    return int(rider)


@inner
def log_on(world: World, rider: int) -> None:
    """Let a rider come on shift."""
    world.zones[world.sessions[rider].zone].on_shift += 1


@inner
def log_off(world: World, now: int, rider: int) -> None:
    """Let an idle rider go off shift; who has work goes when it is done."""
    if world.riders[rider].state == IDLE:
        take_idle(world, rider)
        _log_off(world, now, rider)
