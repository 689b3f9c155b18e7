"""What each event of a simulated day does."""

import numpy as np

from tiffin.engines.simulation.agenda import schedule
from tiffin.engines.simulation.compiled import inner
from tiffin.engines.simulation.idle import nearest_idle, put_idle, take_idle
from tiffin.engines.simulation.riding import arrival_s, can_take, handed_over_s, metres, ride_s, slot_of
from tiffin.engines.simulation.tables import NEVER
from tiffin.engines.simulation.world import BUSY, GONE, IDLE, NOBODY, WAITING, World

PLACE, ACCEPT, DISPATCH, READY, PICK_UP, FREE, CANCEL, GIVE_UP, LOG_ON, LOG_OFF, GO_HOME = range(11)
OPEN, DELIVERED, CUSTOMER_CANCELLED, MERCHANT_CANCELLED, NO_RIDER = range(5)
HOME_M = 1200.0
"""A rider nearer than this to his home place does not bother to ride there."""


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
def _assign(world: World, now: int, order: int, rider: int) -> None:
    merchant = world.orders[order].merchant
    at_merchant = arrival_s(world, rider, order, now)
    half = world.orders[order].pickup_s // 2
    picked_up = handed_over_s(world, order, at_merchant) + world.orders[order].pickup_s - half
    away = metres(
        world.merchants[merchant].x, world.merchants[merchant].y, world.orders[order].drop_x, world.orders[order].drop_y
    )
    factor = world.factors[world.merchants[merchant].zone, slot_of(picked_up)].travel * world.orders[order].ride_noise
    at_customer = picked_up + ride_s(world, away, world.sessions[rider].speed_m_s, factor)
    world.track[order].assigned_s, world.track[order].session = now, rider
    world.track[order].at_merchant_s, world.track[order].picked_up_s = at_merchant, picked_up
    world.track[order].at_customer_s = at_customer
    world.track[order].delivered_s = at_customer + world.orders[order].dropoff_s // 2
    world.track[order].freed_s = at_customer + world.orders[order].dropoff_s
    world.riders[rider].state = BUSY
    world.zones[world.sessions[rider].zone].busy += 1
    schedule(world, picked_up, PICK_UP, order)
    schedule(world, world.track[order].freed_s, FREE, order)


@inner
def _best_waiting(world: World, now: int, rider: int) -> int:
    best, best_score = NOBODY, np.inf
    x, y = world.riders[rider].x, world.riders[rider].y
    for place in range(world.counts[WAITING]):
        order = world.waiting[place]
        merchant = world.orders[order].merchant
        away = metres(x, y, world.merchants[merchant].x, world.merchants[merchant].y)
        score = away - world.rules.age_m_s * (now - world.track[order].accepted_s)
        if away <= world.rules.radius_m and score < best_score and can_take(world, rider, order, now):
            best, best_score = place, score
    return best


@inner
def _log_off(world: World, now: int, rider: int) -> None:
    world.riders[rider].state = GONE
    world.zones[world.sessions[rider].zone].on_shift -= 1
    world.riders[rider].ended_s = now


@inner
def _become_idle(world: World, now: int, rider: int) -> None:
    world.riders[rider].free_s = now
    if now >= world.sessions[rider].off_s:
        _log_off(world, now, rider)
        return
    place = _best_waiting(world, now, rider)
    if place != NOBODY:
        order = world.waiting[place]
        _leave_queue(world, order)
        _assign(world, now, order, rider)
        return
    world.riders[rider].state = IDLE
    world.riders[rider].idle_s = now
    put_idle(world, rider)
    away = metres(world.riders[rider].x, world.riders[rider].y, world.sessions[rider].x, world.sessions[rider].y)
    if world.rules.goes_home and away > HOME_M:
        schedule(world, now + world.rules.home_s, GO_HOME, rider)


@inner
def place(world: World, now: int, order: int) -> None:
    """Show the customer a promise and ask the merchant."""
    merchant = world.orders[order].merchant
    zone = world.merchants[merchant].zone
    for other in range(len(world.zones)):
        if world.near[zone, other]:
            world.track[order].riders_on_shift += world.zones[other].on_shift
            world.track[order].riders_busy += world.zones[other].busy
            world.track[order].outstanding += world.zones[other].outstanding
    world.zones[zone].outstanding += 1
    load = world.track[order].outstanding / max(1, world.track[order].riders_on_shift)
    ride_m = metres(
        world.merchants[merchant].x, world.merchants[merchant].y, world.orders[order].drop_x, world.orders[order].drop_y
    )
    promise = world.rules.usual_approach_s + world.merchants[merchant].expected_prep_s + world.rules.promise_buffer_s
    promise += ride_m / world.rules.usual_speed_m_s * world.factors[zone, slot_of(now)].usual_travel
    promise += world.rules.promise_load_s * max(0.0, load - world.rules.usual_load)
    promise = max(1.0, promise + world.factors[zone, slot_of(now)].promise_s)
    promise_s = int(np.ceil(promise / world.rules.promise_step_s)) * world.rules.promise_step_s
    world.track[order].promised_s = now + promise_s
    schedule(world, now + world.orders[order].accept_s, ACCEPT, order)
    schedule(world, now + promise_s + world.orders[order].patience_s, CANCEL, order)
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
def dispatch(world: World, now: int, order: int) -> None:
    """Seek a rider; without one the order waits."""
    if world.track[order].status != OPEN:
        return
    rider = nearest_idle(world, order, now)
    if rider != NOBODY:
        take_idle(world, rider)
        _assign(world, now, order, rider)
        return
    world.waiting[world.counts[WAITING]] = order
    world.counts[WAITING] += 1
    schedule(world, now + world.orders[order].no_rider_s, GIVE_UP, order)


@inner
def pick_up(world: World, now: int, order: int) -> None:
    """Let the goods leave the merchant: from now on nobody can cancel."""
    if world.track[order].status == OPEN and world.track[order].picked_up_s == now:
        world.track[order].status = DELIVERED


@inner
def cancel(world: World, now: int, order: int) -> None:
    """Let the customer cancel, unless the goods have left."""
    if world.track[order].status != OPEN:
        return
    _close(world, now, order, CUSTOMER_CANCELLED)
    _leave_queue(world, order)
    if world.track[order].session == NOBODY:
        return
    # A rider on his way learns of it there and is free again at the merchant's door.
    arrival = world.track[order].at_merchant_s
    world.track[order].freed_s = max(now, arrival)
    if arrival > now:
        world.track[order].at_merchant_s = NEVER
    world.track[order].picked_up_s = world.track[order].at_customer_s = world.track[order].delivered_s = NEVER
    schedule(world, world.track[order].freed_s, FREE, order)


@inner
def give_up(world: World, now: int, order: int) -> None:
    """Give the order up when still nobody carries it."""
    if world.track[order].status == OPEN and world.track[order].session == NOBODY:
        _close(world, now, order, NO_RIDER)
        _leave_queue(world, order)


@inner
def free(world: World, now: int, order: int) -> None:
    """Free a rider who is done with an order, or learns that it was cancelled."""
    if world.track[order].freed_s != now:
        return
    rider, merchant = world.track[order].session, world.orders[order].merchant
    world.zones[world.sessions[rider].zone].busy -= 1
    if world.track[order].status == DELIVERED:
        world.zones[world.merchants[merchant].zone].outstanding -= 1
        world.riders[rider].x, world.riders[rider].y = world.orders[order].drop_x, world.orders[order].drop_y
    else:
        world.riders[rider].x, world.riders[rider].y = world.merchants[merchant].x, world.merchants[merchant].y
    _become_idle(world, now, rider)


@inner
def rider_event(world: World, now: int, kind: int, rider: int) -> None:
    """Let a rider log on, log off or, without work, set off home."""
    if kind == LOG_ON:
        world.zones[world.sessions[rider].zone].on_shift += 1
        _become_idle(world, now, rider)
    elif world.riders[rider].state != IDLE:
        return
    elif kind == LOG_OFF:
        take_idle(world, rider)
        _log_off(world, now, rider)
    elif world.riders[rider].idle_s + world.rules.home_s == now:
        take_idle(world, rider)
        away = metres(world.riders[rider].x, world.riders[rider].y, world.sessions[rider].x, world.sessions[rider].y)
        factor = world.factors[world.sessions[rider].zone, slot_of(now)].travel
        world.riders[rider].x, world.riders[rider].y = world.sessions[rider].x, world.sessions[rider].y
        world.riders[rider].free_s = now + ride_s(world, away, world.sessions[rider].speed_m_s, factor)
        put_idle(world, rider)
