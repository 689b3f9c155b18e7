"""One simulated city-day: events in time order.

A customer is shown a promise and orders or not; the merchant accepts and prepares; a rider is sought some minutes
before the goods are ready, and answers; he rides, waits, picks up, rides and hands over, or brings back what he cannot
hand over. An order without a rider waits in a queue, until one comes free near by or the platform gives up.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.simulation.agenda import TIME_BITS, next_event, schedule
from tiffin.engines.simulation.batched import ROWS, batch
from tiffin.engines.simulation.carrying import deliver
from tiffin.engines.simulation.compiled import entry, inner
from tiffin.engines.simulation.events import (
    ACCEPT,
    ANSWER,
    BATCH,
    CANCEL,
    DISPATCH,
    DONE,
    GIVE_UP,
    GO_HOME,
    LEAVE,
    LOG_OFF,
    LOG_ON,
    PLACE,
    READY,
    RELEASE,
    TRANSFER,
    accept,
    answer,
    cancel,
    done,
    give_up,
    go_home,
    leaves_now,
    log_off,
    log_on,
    place,
    release,
    rest,
    seek,
    transfer,
)
from tiffin.engines.simulation.tables import (
    LEVERED,
    NEVER,
    OFFERS,
    RIDES_HOME,
    TRACK,
    TRANSFERS,
    Floats,
    Happened,
    Records,
    Rules,
    blank,
    records,
)
from tiffin.engines.simulation.world import (
    CELL_M,
    EVENTS,
    HEAP,
    NOBODY,
    OFF,
    OFFERED,
    OFFERS_MOST,
    RIDERS,
    RODE_HOME,
    SEQUENCE,
    WORK,
    ZONES,
    World,
)

END_OF_TIME = 1 << 38
EVENTS_AN_ORDER = 32
"""At most: an offer that is declined takes two, and the rest a dozen."""


class Levers(NamedTuple):
    """What is done about a day while it lasts; neither is there where nothing is done.

    Parameters
    ----------
    levered : records of LEVERED, (n_zones, n_slots)
    transfers : records of TRANSFERS
    """

    levered: Records
    transfers: Records


def blank_levered(shape: tuple[int, ...]) -> Records:
    """Give zones and slots in which nothing is done."""
    return blank(LEVERED, int(np.prod(shape))).reshape(shape)


NO_LEVERS = Levers(blank(LEVERED, 0), blank(TRANSFERS, 0))


def run_day(
    *,
    orders: Records,
    merchants: Records,
    sessions: Records,
    factors: Records,
    near: NDArray[np.bool_],
    rules: Rules,
    levers: Levers = NO_LEVERS,
) -> Happened:
    """Let a day happen.

    Parameters
    ----------
    near : (n_zones, n_zones)
        Which zones count as each other's surroundings, for the load shown on each order and used by the promise.
    levers : Levers
        What is done about the day while it lasts.

    Returns
    -------
    Happened
        What happened to each order and session; the same arguments give the same bytes.
    """
    world = morning(
        orders=orders,
        merchants=merchants,
        sessions=sessions,
        factors=factors,
        near=near,
        rules=rules,
        levers=levers,
    )
    return until_evening(world)


def until_evening(world: World) -> Happened:
    """Run a day to its end; the compiled event loop and nothing else."""
    run_until(world, END_OF_TIME)
    return Happened(
        track=world.track,
        ended_s=world.riders.ended_s.copy(),
        events=int(world.counts[EVENTS]),
        offers=world.offers[: world.counts[OFFERED]].copy(),
        rides_home=world.rides_home[: world.counts[RODE_HOME]].copy(),
    )


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
    levers: Levers = NO_LEVERS,
) -> World:
    """Set up a day that has not begun; see `run_day` for the arguments."""
    xs = np.concatenate([merchants.x, sessions.x, orders.drop_x])
    ys = np.concatenate([merchants.y, sessions.y, orders.drop_y])
    columns, rows = (float(np.floor((v.max() - v.min()) / CELL_M) + 1) for v in (xs, ys))
    room = EVENTS_AN_ORDER * len(orders) + 8 * len(sessions) + 8 * len(levers.transfers) + 64
    return World(
        counts=np.zeros(8, dtype=np.int64),
        keys=np.zeros(room, dtype=np.int64),
        codes=np.zeros(room, dtype=np.int64),
        waiting=np.full(len(orders) + 1, NOBODY, dtype=np.int64),
        riders=_riders(sessions),
        work=_work(len(orders)),
        head=np.full(int(columns * rows) + len(merchants), NOBODY, dtype=np.int64),
        backlog=np.zeros(len(merchants), dtype=np.int64),
        zones=blank(ZONES, len(near)),
        near=near,
        grid=np.array([xs.min(), ys.min(), columns, rows]),
        travel=travel_factors(factors, rules),
        **(_matching(ROWS, len(sessions)) if rules.batch_s else _matching(0, 0)),
        orders=orders,
        merchants=merchants,
        # Who is moved changes his place in this table.
        sessions=sessions.copy() if len(levers.transfers) else sessions,
        factors=factors,
        levered=levers.levered if levers.levered.size else blank_levered(factors.shape),
        transfers=levers.transfers,
        track=_untouched(len(orders)),
        offers=blank(OFFERS, OFFERS_MOST * len(orders)),
        rides_home=blank(RIDES_HOME, len(orders) + len(sessions) + 2 * len(levers.transfers)),
        rules=rules,
    )


def travel_factors(factors: Records, rules: Rules) -> Floats:
    """Give the factor on riding times of each vehicle, shape (n_vehicles, n_zones, n_slots).

    What the hour does is `usual_travel`; what `travel` has beyond it is the weather's.
    """
    hour, weather = factors.usual_travel - 1.0, factors.travel / factors.usual_travel - 1.0
    of_each = [(1.0 + t * hour) * (1.0 + w * weather) for t, w in zip(rules.traffic, rules.weather, strict=True)]
    return np.stack(of_each)


def _riders(sessions: Records) -> Records:
    nothing = dict.fromkeys(RIDERS, np.full(len(sessions), NOBODY, dtype=np.int64))
    zero = dict.fromkeys(("load", "fetching", "leaving"), np.zeros(len(sessions), dtype=np.int64))
    state = np.full(len(sessions), OFF, dtype=np.int64)
    return records(RIDERS, **{**nothing, **zero, "x": sessions.x, "y": sessions.y, "state": state})


def _work(n_orders: int) -> Records:
    work = blank(WORK, n_orders)
    work["next"] = work["last_offer"] = NOBODY
    return work


def _untouched(n_orders: int) -> Records:
    track = blank(TRACK, n_orders)
    for name in TRACK:
        if name not in {"status", "riders_on_shift", "riders_busy", "outstanding"}:
            track[name] = NEVER
    return track


def _matching(orders: int, riders: int) -> dict[str, Any]:
    """Make room for matching so many orders with so many riders at a time."""
    return {
        "cost": np.zeros((orders, riders)),
        "row_floats": np.zeros((2, orders)),
        "column_floats": np.zeros((2, riders)),
        "row_indices": np.zeros(orders, dtype=np.int64),
        "column_indices": np.zeros((3, riders), dtype=np.int64),
        "reached": np.zeros(riders, dtype=np.bool_),
    }


@inner
def _begin(world: World) -> None:
    for session in range(len(world.sessions)):
        schedule(world, world.sessions[session].on_s, LOG_ON, session)
        schedule(world, world.sessions[session].off_s, LOG_OFF, session)
    for order in range(len(world.orders)):
        if world.orders[order].placed_s != NEVER:
            schedule(world, world.orders[order].placed_s, PLACE, order)
    for row in range(len(world.transfers)):
        schedule(world, world.transfers[row].at_s, TRANSFER, row)


@entry
def _run(world: World, until_s: int) -> None:
    if world.counts[SEQUENCE] == 0:
        _begin(world)
    while world.counts[HEAP] > 0 and world.keys[0] >> TIME_BITS < until_s:
        now, kind, subject = next_event(world)
        rider, order = NOBODY, NOBODY
        if kind <= READY:
            order = _merchant_event(world, now, kind, subject)
        elif kind == ANSWER:
            rider, order = answer(world, now, subject)
        elif kind <= RELEASE:
            rider = _riding_event(world, now, kind, subject)
        else:
            rider = _other_event(world, now, kind, subject)
        # Each of these is compiled into the loop where it stands, so it stands once.
        if rider != NOBODY:
            rest(world, now, rider)
        if order != NOBODY:
            seek(world, now, order)


@inner
def _merchant_event(world: World, now: int, kind: int, order: int) -> int:
    """Handle an event up to the dispatch; tell which order needs a rider, or NOBODY."""
    if kind == PLACE:
        place(world, now, order)
    elif kind == ACCEPT:
        accept(world, now, order)
    elif kind == READY:
        world.backlog[world.orders[order].merchant] -= 1
    return order if kind == DISPATCH else NOBODY


@inner
def _riding_event(world: World, now: int, kind: int, subject: int) -> int:
    """Handle an event of a rider with orders; tell who has no work any more, or NOBODY."""
    if kind == LEAVE:
        if leaves_now(world, now, subject):
            deliver(world, now, subject, DONE)
        return NOBODY
    return done(world, subject) if kind == DONE else release(world, subject)


@inner
def _other_event(world: World, now: int, kind: int, subject: int) -> int:
    """Handle any other event; tell which rider has come on shift, or NOBODY."""
    if kind == CANCEL:
        cancel(world, now, subject)
    elif kind == GIVE_UP:
        give_up(world, now, subject)
    elif kind == LOG_OFF:
        log_off(world, now, subject)
    elif kind == GO_HOME:
        go_home(world, now, subject)
    elif kind == BATCH:
        batch(world, now, ANSWER, BATCH)
    elif kind == TRANSFER:
        return transfer(world, subject)
    elif kind == LOG_ON:
        log_on(world, subject)
        return subject
    return NOBODY
