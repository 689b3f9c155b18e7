"""One simulated city-day: events in time order, nearest idle rider first.

An order is placed, accepted, prepared; a rider is sought some minutes before it is ready; he rides, waits, picks up, rides and hands over.
Whoever finds no rider waits in a queue, until a rider comes free near by or the platform gives up.
"""

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.simulation.compiled import entry, inner
from tiffin.engines.simulation.world import (
    BUSY,
    CELL_M,
    GONE,
    HEAP,
    IDLE,
    NOBODY,
    OFF,
    WAITING,
    RIDERS,
    World,
    ZONES,
    EVENTS,
    nearest_idle,
    next_event,
    put_idle,
    schedule,
    take_idle,
)
from tiffin.engines.simulation.tables import (
    NEVER,
    SLOT_S,
    SLOTS,
    TRACK,
    Happened,
    Records,
    Rules,
    records,
)

PLACE, ACCEPT, DISPATCH, READY, PICK_UP, FREE, CANCEL, GIVE_UP, LOG_ON, LOG_OFF, GO_HOME = range(11)
OPEN, DELIVERED, CUSTOMER_CANCELLED, MERCHANT_CANCELLED, NO_RIDER = range(5)
HOME_M = 1200.0
"""A rider nearer than this to his home place does not bother to ride there."""


def run_day(  # noqa: PLR0913 - the six tables of a day
    *, orders: Records, merchants: Records, sessions: Records, factors: Records, near: NDArray[np.bool_], rules: Rules
) -> Happened:
    """Let a day happen.

    Parameters
    ----------
    near : (n_zones, n_zones)
        Which zones count as each other's surroundings, for the load shown on each order and used by the promise.

    Returns
    -------
    Happened
        What happened to each order and session; the same arguments give the same bytes.
    """
    world = _morning(orders, merchants, sessions, factors, near, rules)
    _run(world)
    return Happened(world.track, world.riders.ended_s.copy(), int(world.counts[EVENTS]))


def _morning(  # noqa: PLR0913, PLR0917 - the six tables of a day
    orders: Records, merchants: Records, sessions: Records, factors: Records, near: NDArray[np.bool_], rules: Rules
) -> World:
    xs = np.concatenate([merchants.x, sessions.x, orders.drop_x])
    ys = np.concatenate([merchants.y, sessions.y, orders.drop_y])
    columns, rows = (float(np.floor((v.max() - v.min()) / CELL_M) + 1) for v in (xs, ys))
    room = 10 * len(orders) + 8 * len(sessions) + 64
    return World(
        counts=np.zeros(4, dtype=np.int64),
        keys=np.zeros(room, dtype=np.int64),
        codes=np.zeros(room, dtype=np.int64),
        waiting=np.full(len(orders) + 1, NOBODY, dtype=np.int64),
        riders=_riders(sessions),
        head=np.full(int(columns * rows), NOBODY, dtype=np.int64),
        backlog=np.zeros(len(merchants), dtype=np.int64),
        zones=records(ZONES, **dict.fromkeys(ZONES, np.zeros(len(near), dtype=np.int64))),
        near=near,
        grid=np.array([xs.min(), ys.min(), columns, rows]),
        orders=orders,
        merchants=merchants,
        sessions=sessions,
        factors=factors,
        track=_untouched(len(orders)),
        rules=rules,
    )


def _riders(sessions: Records) -> Records:
    nothing = dict.fromkeys(RIDERS, np.full(len(sessions), NOBODY, dtype=np.int64))
    return records(
        RIDERS, **{**nothing, "x": sessions.x, "y": sessions.y, "state": np.full(len(sessions), OFF, dtype=np.int64)}
    )


def _untouched(n_orders: int) -> Records:
    nothing = dict.fromkeys(TRACK, np.full(n_orders, NEVER, dtype=np.int64))
    zero = dict.fromkeys(
        ("status", "riders_on_shift", "riders_busy", "outstanding"), np.zeros(n_orders, dtype=np.int64)
    )
    return records(TRACK, **{**nothing, **zero})


@entry
def _run(world: World) -> None:
    for session in range(len(world.sessions)):
        schedule(world, world.sessions.on_s[session], LOG_ON, session)
        schedule(world, world.sessions.off_s[session], LOG_OFF, session)
    for order in range(len(world.orders)):
        schedule(world, world.orders.placed_s[order], PLACE, order)
    while world.counts[HEAP] > 0:
        now, kind, subject = next_event(world)
        if kind == PLACE:
            _place(world, now, subject)
        elif kind == ACCEPT:
            _accept(world, now, subject)
        elif kind == DISPATCH:
            _dispatch(world, now, subject)
        elif kind == READY:
            world.backlog[world.orders.merchant[subject]] -= 1
        elif kind == PICK_UP:
            _pick_up(world, now, subject)
        elif kind == FREE:
            _free(world, now, subject)
        elif kind == CANCEL:
            _cancel(world, now, subject)
        elif kind == GIVE_UP:
            _give_up(world, now, subject)
        else:
            _rider_event(world, now, kind, subject)


@inner
def _slot(time_s: int) -> int:
    return min(max(time_s // SLOT_S, 0), SLOTS - 1)


@inner
def _metres(ax: float, ay: float, bx: float, by: float) -> float:
    return np.sqrt((ax - bx) * (ax - bx) + (ay - by) * (ay - by))


@inner
def _place(world: World, now: int, order: int) -> None:
    merchant = world.orders.merchant[order]
    zone = world.merchants.zone[merchant]
    for other in range(len(world.zones)):
        if world.near[zone, other]:
            world.track.riders_on_shift[order] += world.zones.on_shift[other]
            world.track.riders_busy[order] += world.zones.busy[other]
            world.track.outstanding[order] += world.zones.outstanding[other]
    world.zones.outstanding[zone] += 1
    load = world.track.outstanding[order] / max(1, world.track.riders_on_shift[order])
    ride_m = _metres(
        world.merchants.x[merchant], world.merchants.y[merchant], world.orders.drop_x[order], world.orders.drop_y[order]
    )
    promise = world.rules.usual_approach_s + world.merchants.expected_prep_s[merchant] + world.rules.promise_buffer_s
    promise += ride_m / world.rules.usual_speed_m_s * world.factors.usual_travel[zone, _slot(now)]
    promise += world.rules.promise_load_s * max(0.0, load - world.rules.usual_load)
    promise_s = int(np.ceil(promise / world.rules.promise_step_s)) * world.rules.promise_step_s
    world.track.promised_s[order] = now + promise_s
    schedule(world, now + world.orders.accept_s[order], ACCEPT, order)
    schedule(world, now + promise_s + world.orders.patience_s[order], CANCEL, order)
    if world.orders.regret_s[order] >= 0:
        schedule(world, now + world.orders.regret_s[order], CANCEL, order)


@inner
def _accept(world: World, now: int, order: int) -> None:
    if world.track.status[order] != OPEN:
        return
    merchant = world.orders.merchant[order]
    if world.orders.refused[order]:
        _close(world, now, order, MERCHANT_CANCELLED)
        return
    world.track.accepted_s[order] = now
    excess = max(0.0, world.backlog[merchant] - world.merchants.capacity[merchant])
    factor = world.factors.prep[world.merchants.zone[merchant], _slot(now)] * (
        1.0 + world.rules.slowdown * excess / world.merchants.capacity[merchant]
    )
    ready = now + int(np.rint(world.orders.prep_s[order] * factor))
    world.track.ready_s[order] = ready
    world.backlog[merchant] += 1
    schedule(world, ready, READY, order)
    schedule(world, max(now, ready - world.rules.lead_s), DISPATCH, order)


@inner
def _close(world: World, now: int, order: int, status: int) -> None:
    world.track.status[order] = status
    world.track.cancelled_s[order] = now
    world.zones.outstanding[world.merchants.zone[world.orders.merchant[order]]] -= 1
    if world.track.ready_s[order] > now:
        world.track.ready_s[order] = NEVER


@inner
def _dispatch(world: World, now: int, order: int) -> None:
    if world.track.status[order] != OPEN:
        return
    merchant = world.orders.merchant[order]
    rider = nearest_idle(
        world,
        world.merchants.x[merchant],
        world.merchants.y[merchant],
        now,
        world.rules.radius_m,
        world.rules.usual_speed_m_s,
    )
    if rider != NOBODY:
        take_idle(world, rider)
        _assign(world, now, order, rider)
        return
    world.waiting[world.counts[WAITING]] = order
    world.counts[WAITING] += 1
    schedule(world, now + world.orders.no_rider_s[order], GIVE_UP, order)


@inner
def _assign(world: World, now: int, order: int, rider: int) -> None:
    merchant = world.orders.merchant[order]
    zone, x, y = world.merchants.zone[merchant], world.merchants.x[merchant], world.merchants.y[merchant]
    start = max(now, world.riders.free_s[rider])
    to_merchant = _metres(world.riders.x[rider], world.riders.y[rider], x, y) / world.sessions.speed_m_s[rider]
    at_merchant = start + int(
        np.ceil(to_merchant * world.factors.travel[zone, _slot(start)] * world.orders.approach_noise[order])
    )
    half = world.orders.pickup_s[order] // 2
    picked_up = max(at_merchant + half, world.track.ready_s[order]) + world.orders.pickup_s[order] - half
    to_customer = (
        _metres(x, y, world.orders.drop_x[order], world.orders.drop_y[order]) / world.sessions.speed_m_s[rider]
    )
    at_customer = picked_up + int(
        np.ceil(to_customer * world.factors.travel[zone, _slot(picked_up)] * world.orders.ride_noise[order])
    )
    half = world.orders.dropoff_s[order] // 2
    world.track.assigned_s[order], world.track.session[order] = now, rider
    world.track.at_merchant_s[order], world.track.picked_up_s[order] = at_merchant, picked_up
    world.track.at_customer_s[order], world.track.delivered_s[order] = at_customer, at_customer + half
    world.track.freed_s[order] = at_customer + world.orders.dropoff_s[order]
    world.riders.state[rider] = BUSY
    world.zones.busy[world.sessions.zone[rider]] += 1
    schedule(world, picked_up, PICK_UP, order)
    schedule(world, world.track.freed_s[order], FREE, order)


@inner
def _pick_up(world: World, now: int, order: int) -> None:
    if world.track.status[order] == OPEN and world.track.picked_up_s[order] == now:
        world.track.status[order] = DELIVERED


@inner
def _cancel(world: World, now: int, order: int) -> None:
    if world.track.status[order] != OPEN:
        return
    _close(world, now, order, CUSTOMER_CANCELLED)
    _leave_queue(world, order)
    if world.track.session[order] == NOBODY:
        return
    # A rider on his way learns of it there and is free again at the merchant's door.
    arrival = world.track.at_merchant_s[order]
    world.track.freed_s[order] = max(now, arrival)
    if arrival > now:
        world.track.at_merchant_s[order] = NEVER
    world.track.picked_up_s[order] = world.track.at_customer_s[order] = world.track.delivered_s[order] = NEVER
    schedule(world, world.track.freed_s[order], FREE, order)


@inner
def _leave_queue(world: World, order: int) -> None:
    for place in range(world.counts[WAITING]):
        if world.waiting[place] == order:
            world.counts[WAITING] -= 1
            for later in range(place, world.counts[WAITING]):
                world.waiting[later] = world.waiting[later + 1]
            return


@inner
def _give_up(world: World, now: int, order: int) -> None:
    if world.track.status[order] == OPEN and world.track.session[order] == NOBODY:
        _close(world, now, order, NO_RIDER)
        _leave_queue(world, order)


@inner
def _free(world: World, now: int, order: int) -> None:
    if world.track.freed_s[order] != now:
        return
    rider, merchant = world.track.session[order], world.orders.merchant[order]
    world.zones.busy[world.sessions.zone[rider]] -= 1
    if world.track.status[order] == DELIVERED:
        world.zones.outstanding[world.merchants.zone[merchant]] -= 1
        world.riders.x[rider], world.riders.y[rider] = world.orders.drop_x[order], world.orders.drop_y[order]
    else:
        world.riders.x[rider], world.riders.y[rider] = world.merchants.x[merchant], world.merchants.y[merchant]
    _become_idle(world, now, rider)


@inner
def _become_idle(world: World, now: int, rider: int) -> None:
    world.riders.free_s[rider] = now
    if now >= world.sessions.off_s[rider]:
        _log_off(world, now, rider)
        return
    place = _best_waiting(world, now, rider)
    if place != NOBODY:
        order = world.waiting[place]
        _leave_queue(world, order)
        _assign(world, now, order, rider)
        return
    world.riders.state[rider] = IDLE
    world.riders.idle_s[rider] = now
    put_idle(world, rider)
    if _metres(world.riders.x[rider], world.riders.y[rider], world.sessions.x[rider], world.sessions.y[rider]) > HOME_M:
        schedule(world, now + world.rules.home_s, GO_HOME, rider)


@inner
def _best_waiting(world: World, now: int, rider: int) -> int:
    best, best_score = NOBODY, np.inf
    for place in range(world.counts[WAITING]):
        order = world.waiting[place]
        merchant = world.orders.merchant[order]
        metres = _metres(
            world.riders.x[rider], world.riders.y[rider], world.merchants.x[merchant], world.merchants.y[merchant]
        )
        score = metres - world.rules.age_m_s * (now - world.track.accepted_s[order])
        if metres <= world.rules.radius_m and score < best_score:
            best, best_score = place, score
    return best


@inner
def _log_off(world: World, now: int, rider: int) -> None:
    world.riders.state[rider] = GONE
    world.zones.on_shift[world.sessions.zone[rider]] -= 1
    world.riders.ended_s[rider] = now


@inner
def _rider_event(world: World, now: int, kind: int, rider: int) -> None:
    if kind == LOG_ON:
        world.zones.on_shift[world.sessions.zone[rider]] += 1
        _become_idle(world, now, rider)
    elif world.riders.state[rider] != IDLE:
        return
    elif kind == LOG_OFF:
        take_idle(world, rider)
        _log_off(world, now, rider)
    elif world.riders.idle_s[rider] + world.rules.home_s == now:
        take_idle(world, rider)
        metres = _metres(world.riders.x[rider], world.riders.y[rider], world.sessions.x[rider], world.sessions.y[rider])
        ride_s = metres / world.sessions.speed_m_s[rider] * world.factors.travel[world.sessions.zone[rider], _slot(now)]
        world.riders.x[rider], world.riders.y[rider] = world.sessions.x[rider], world.sessions.y[rider]
        world.riders.free_s[rider] = now + int(np.ceil(ride_s))
        put_idle(world, rider)
