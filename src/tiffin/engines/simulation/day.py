"""One simulated city-day: events in time order, nearest idle rider first.

An order is placed, accepted, prepared; a rider is sought some minutes before it is ready; he rides, waits, picks up,
rides and hands over. An order without a rider waits in a queue, until one comes free near by or the platform gives up.
"""

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.simulation.agenda import TIME_BITS, next_event, schedule
from tiffin.engines.simulation.compiled import entry, inner
from tiffin.engines.simulation.events import (
    ACCEPT,
    CANCEL,
    DISPATCH,
    FREE,
    GIVE_UP,
    LOG_OFF,
    LOG_ON,
    PICK_UP,
    PLACE,
    READY,
    accept,
    cancel,
    dispatch,
    free,
    give_up,
    pick_up,
    place,
    rider_event,
)
from tiffin.engines.simulation.tables import NEVER, TRACK, Happened, Records, Rules, records
from tiffin.engines.simulation.world import CELL_M, EVENTS, HEAP, NOBODY, OFF, RIDERS, SEQUENCE, ZONES, World

END_OF_TIME = 1 << 38


def run_day(
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
    world = morning(orders=orders, merchants=merchants, sessions=sessions, factors=factors, near=near, rules=rules)
    return until_evening(world)


def until_evening(world: World) -> Happened:
    """Run a day to its end; the compiled event loop and nothing else."""
    run_until(world, END_OF_TIME)
    return Happened(world.track, world.riders.ended_s.copy(), int(world.counts[EVENTS]))


def run_until(world: World, until_s: int) -> None:
    """Let happen what happens before an instant; an order that was placed NEVER does not take place."""
    _run(world, until_s)


def morning(
    *,
    orders: Records,
    merchants: Records,
    sessions: Records,
    factors: Records,
    near: NDArray[np.bool_],
    rules: Rules,
) -> World:
    """Set up a day that has not begun; see `run_day` for the arguments."""
    xs = np.concatenate([merchants.x, sessions.x, orders.drop_x])
    ys = np.concatenate([merchants.y, sessions.y, orders.drop_y])
    columns, rows = (float(np.floor((v.max() - v.min()) / CELL_M) + 1) for v in (xs, ys))
    room = 10 * len(orders) + 8 * len(sessions) + 64
    return World(
        counts=np.zeros(5, dtype=np.int64),
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


@inner
def _begin(world: World) -> None:
    for session in range(len(world.sessions)):
        schedule(world, world.sessions[session].on_s, LOG_ON, session)
        schedule(world, world.sessions[session].off_s, LOG_OFF, session)
    for order in range(len(world.orders)):
        if world.orders[order].placed_s != NEVER:
            schedule(world, world.orders[order].placed_s, PLACE, order)


@entry
def _run(world: World, until_s: int) -> None:  # noqa: C901 - one branch an event kind
    if world.counts[SEQUENCE] == 0:
        _begin(world)
    while world.counts[HEAP] > 0 and world.keys[0] >> TIME_BITS < until_s:
        now, kind, subject = next_event(world)
        if kind == PLACE:
            place(world, now, subject)
        elif kind == ACCEPT:
            accept(world, now, subject)
        elif kind == DISPATCH:
            dispatch(world, now, subject)
        elif kind == READY:
            world.backlog[world.orders[subject].merchant] -= 1
        elif kind == PICK_UP:
            pick_up(world, now, subject)
        elif kind == FREE:
            free(world, now, subject)
        elif kind == CANCEL:
            cancel(world, now, subject)
        elif kind == GIVE_UP:
            give_up(world, now, subject)
        else:
            rider_event(world, now, kind, subject)
