"""Batched dispatch: every so many seconds orders that wait and riders are matched at the least cost."""

import numpy as np

from tiffin.engines.simulation.agenda import schedule
from tiffin.engines.simulation.compiled import inner
from tiffin.engines.simulation.idle import was_asked
from tiffin.engines.simulation.instances.assignment import NONE, Market, solve
from tiffin.engines.simulation.offers import offer
from tiffin.engines.simulation.riding import arrival_s, away_m, leaving_s
from tiffin.engines.simulation.world import BUSY, IDLE, NEXT_BATCH, WAITING, World

ROWS = 48
"""Orders matched at a time, those that have waited longest first."""
ALONE_S = 7200.0
"""Price of an order that gets no rider: more than any ride costs."""
AWAY = 0.5
"""What a second of a rider's way counts beside a second of waiting for the goods."""


@inner
def wake(world: World, now: int, code: int) -> None:
    """Put the next matching on the agenda, unless it is there."""
    if world.counts[NEXT_BATCH] <= now:
        world.counts[NEXT_BATCH] = (now // world.rules.batch_s + 1) * world.rules.batch_s
        schedule(world, world.counts[NEXT_BATCH], code, 0)


@inner
def _columns(world: World, now: int) -> int:
    """Gather who is idle or soon free; tell how many they are."""
    columns = 0
    for rider in range(len(world.riders)):
        state = world.riders[rider].state
        soon = (
            state == BUSY
            and world.riders[rider].fetching == 0
            and world.riders[rider].free_s <= now + world.rules.batch_ahead_s
            and world.riders[rider].free_s < world.sessions[rider].off_s
        )
        if state == IDLE or soon:
            world.column_indices[2, columns] = rider
            columns += 1
    return columns


@inner
def _cost(world: World, now: int, order: int, rider: int) -> float:
    """Tell what it costs to send a rider, in seconds of waiting; infinite where he is too far or was asked before."""
    if away_m(world, rider, order) > world.rules.radius_m or was_asked(world, rider, order):
        return np.inf
    arrives = arrival_s(world, rider, order, now)
    leaves = leaving_s(world, order, arrives)
    return float(leaves - world.track[order].ready_s + AWAY * (arrives - now))


@inner
def _take_waiting(world: World, place: int) -> int:
    order = world.waiting[place]
    world.counts[WAITING] -= 1
    for later in range(place, world.counts[WAITING]):
        world.waiting[later] = world.waiting[later + 1]
    return int(order)


@inner
def _match(world: World, now: int) -> int:
    rows, columns = min(world.counts[WAITING], ROWS), _columns(world, now)
    for row in range(rows):
        order = world.waiting[row]
        world.row_floats[0, row] = ALONE_S + now - world.track[order].accepted_s
        for column in range(columns):
            world.cost[row, column] = _cost(world, now, order, world.column_indices[2, column])
    market = Market(
        world.cost,
        world.row_floats[0],
        world.row_floats[1],
        world.column_floats[0],
        world.row_indices,
        world.column_indices[0],
        world.column_floats[1],
        world.column_indices[1],
        world.reached,
    )
    solve(market, rows, columns)
    return int(rows)


@inner
def batch(world: World, now: int, answer_code: int, batch_code: int) -> None:
    """Offer waiting orders to those whom they are matched with; who is not yet free is matched anew the next time."""
    for row in range(_match(world, now) - 1, -1, -1):
        column = world.row_indices[row]
        if column == NONE:
            continue
        rider = world.column_indices[2, column]
        if world.riders[rider].state == IDLE:
            offer(world, now, _take_waiting(world, row), rider, answer_code)
    if world.counts[WAITING] > 0:
        wake(world, now, batch_code)
