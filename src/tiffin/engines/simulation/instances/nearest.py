"""Nearest first: an order is offered some minutes before it is ready, and the nearest courier who waits takes it.

Without one it waits; a courier who comes free, or comes on, takes the nearest order that waits. This is what a platform
does that plans nothing, and the yardstick of all others. Discrete events; their cost does not grow with those who wait.
"""

from typing import NamedTuple

import numpy as np

from tiffin.engines.simulation.compiled import entry, inner
from tiffin.engines.simulation.instances.agenda import NOTHING, Agenda, empty_agenda, schedule
from tiffin.engines.simulation.instances.day import NOBODY, Given, given, last_minute, outcome_of
from tiffin.engines.simulation.instances.grid import Grid, column_of, empty_grid, put, row_of, take, waits
from tiffin.engines.simulation.instances.instance import Instance
from tiffin.engines.simulation.instances.outcome import Outcome
from tiffin.engines.simulation.instances.riding import can_bring, send
from tiffin.engines.simulation.tables import Indices

LEAD_MIN = 12
"""Minutes before it is ready at which an order is offered; on the public instances 10 to 18 differ little."""

COURIERS_A_CELL = 16
"""Couriers of the day for each cell of the grid: of them a few wait at a time."""

PLACE, OFFER, PICK_UP, DROP_OFF, FREE = range(5)
KINDS = 8
"""Numbers set aside for the events of an order: a power of two, so that event and order are told apart by shifts."""
KIND_BITS = 3
COME, GO = range(2)

Best = tuple[int, float, int]
"""Nearest so far, the square of its distance in metres, and how many have not been looked at."""


class Waiting(NamedTuple):
    """The moving parts of the day.

    Parameters
    ----------
    couriers, orders : who waits for work at his place, and what waits for a courier at its restaurant
    counted : (3,), events handled, orders that somebody waits for, orders on the road
    """

    agenda: Agenda
    couriers: Grid
    orders: Grid
    counted: Indices


def nearest_first(instance: Instance) -> Outcome:
    """Run an instance nearest first."""
    return run(*prepared(instance))


def prepared(instance: Instance) -> tuple[Given, Waiting]:
    """Set a day up that has not begun."""
    day = given(instance)
    xs, ys = (np.concatenate([day.orders[a], day.restaurants[a], day.couriers[a]]) for a in ("x", "y"))
    n_orders, n_couriers = len(day.orders), len(day.couriers)
    cells = n_couriers // COURIERS_A_CELL
    waiting = Waiting(
        agenda=empty_agenda(minutes=last_minute(day) + 1, events=KINDS * n_orders + 2 * n_couriers),
        couriers=empty_grid(xs, ys, things=n_couriers, cells=cells),
        orders=empty_grid(xs, ys, things=n_orders, cells=cells),
        counted=np.zeros(3, dtype=np.int64),
    )
    return day, waiting


def run(day: Given, waiting: Waiting) -> Outcome:
    """Run a day that has not begun; the compiled event loop and nothing else."""
    _run(day, waiting)
    return outcome_of(day.track, events=int(waiting.counted[0]))


@entry
def _run(day: Given, waiting: Waiting) -> None:
    agenda, people = waiting.agenda, KINDS * len(day.orders)
    for courier in range(len(day.couriers)):
        schedule(agenda, day.couriers[courier].on, people + 2 * courier + COME)
        schedule(agenda, day.couriers[courier].off, people + 2 * courier + GO)
    for order in range(len(day.orders)):
        schedule(agenda, day.orders[order].placed, KINDS * order + PLACE)
    for now in range(len(agenda.first)):
        event = agenda.first[now]
        while event != NOTHING:
            waiting.counted[0] += 1
            if event < people:
                _order_event(day, waiting, now, event >> KIND_BITS, event & (KINDS - 1))
            else:
                _courier_event(day, waiting, now, (event - people) >> 1, event & 1)
            event = agenda.after[event]


@inner
def _order_event(day: Given, waiting: Waiting, now: int, order: int, kind: int) -> None:
    if kind == PLACE:
        waiting.counted[1] += 1
        schedule(waiting.agenda, max(now, day.orders[order].ready - LEAD_MIN), KINDS * order + OFFER)
    elif kind == OFFER:
        _offer(day, waiting, now, order)
    elif kind == PICK_UP:
        waiting.counted[2] += 1
    elif kind == DROP_OFF:
        waiting.counted[1] -= 1
        waiting.counted[2] -= 1
    else:
        _seek(day, waiting, now, day.track[order].courier, day.orders[order].x, day.orders[order].y)


@inner
def _courier_event(day: Given, waiting: Waiting, now: int, courier: int, kind: int) -> None:
    if kind == COME:
        _seek(day, waiting, now, courier, day.couriers[courier].x, day.couriers[courier].y)
    elif waits(waiting.couriers, courier):
        take(waiting.couriers, courier)


@inner
def _offer(day: Given, waiting: Waiting, now: int, order: int) -> None:
    restaurant = day.orders[order].restaurant
    x, y = day.restaurants[restaurant].x, day.restaurants[restaurant].y
    courier, away_m = _nearest(day, waiting.couriers, x, y, NOBODY, order, now)
    if courier == NOBODY:
        put(waiting.orders, order, x, y)
        return
    take(waiting.couriers, courier)
    _send(day, waiting, now, courier, order, away_m)


@inner
def _seek(day: Given, waiting: Waiting, now: int, courier: int, x: float, y: float) -> None:
    if now >= day.couriers[courier].off:
        return
    order, away_m = _nearest(day, waiting.orders, x, y, courier, NOBODY, now)
    if order == NOBODY:
        put(waiting.couriers, courier, x, y)
        return
    take(waiting.orders, order)
    _send(day, waiting, now, courier, order, away_m)


@inner
def _send(day: Given, waiting: Waiting, now: int, courier: int, order: int, away_m: float) -> None:
    free = send(day, courier, order, now, away_m)
    schedule(waiting.agenda, day.track[order].pickup + day.rules.pickup_after, KINDS * order + PICK_UP)
    schedule(waiting.agenda, day.track[order].dropoff, KINDS * order + DROP_OFF)
    schedule(waiting.agenda, free, KINDS * order + FREE)


@inner
def _nearest(day: Given, grid: Grid, x: float, y: float, courier: int, order: int, now: int) -> tuple[int, float]:
    """Find who or what waits nearest to a place: couriers for an order, or orders for a courier, the other is NOBODY.

    Notes
    -----
    Searches square rings of cells around the place and ends when the next ring lies farther than the best so far.
    """
    best: Best = (NOBODY, np.inf, grid.size[0])
    column, row = column_of(grid, x), row_of(grid, y)
    east, north = (x - grid.x0) - column * grid.cell_m, (y - grid.y0) - row * grid.cell_m
    border_m = min(east, grid.cell_m - east, north, grid.cell_m - north)
    ring = 0
    while best[2] > 0 and best[1] >= border_m * border_m:
        for r in range(max(0, row - ring), min(grid.rows, row + ring + 1)):
            step = 1 if abs(r - row) == ring else 2 * ring
            for c in range(column - ring, column + ring + 1, step):
                if 0 <= c < grid.columns:
                    best = _nearest_in(day, grid, r * grid.columns + c, (x, y), (courier, order, now), best)
        border_m += grid.cell_m if ring > 0 else 0.0
        ring += 1
    return best[0], np.sqrt(best[1])


@inner
def _nearest_in(
    day: Given, grid: Grid, cell: int, place: tuple[float, float], pair: tuple[int, int, int], best: Best
) -> Best:
    courier, order, now = pair
    nearest, least_m2, left = best
    thing = grid.head[cell]
    while thing != NOBODY:
        left -= 1
        east, north = grid.links[thing].x - place[0], grid.links[thing].y - place[1]
        away_m2 = east * east + north * north
        if away_m2 < least_m2 or (away_m2 == least_m2 and thing < nearest):
            rider, goods = (thing, order) if courier == NOBODY else (courier, thing)
            if can_bring(day, rider, goods, now, np.sqrt(away_m2)):
                nearest, least_m2 = thing, away_m2
        thing = grid.links[thing].after
    return nearest, least_m2, left
