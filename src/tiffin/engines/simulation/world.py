"""The moving parts of a simulated day: the agenda of events, the grid of idle riders, the queue of orders that look for a rider."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.simulation.compiled import inner
from tiffin.engines.simulation.tables import Floats, Indices, Records, Rules

CELL_M = 1000.0
NOBODY = -1

HEAP, SEQUENCE, WAITING, EVENTS = 0, 1, 2, 3
OFF, IDLE, BUSY, GONE = 0, 1, 2, 3


RIDERS = {
    "state": "i8",
    "x": "f8",
    "y": "f8",
    "free_s": "i8",  # from when an idle rider can set off; later than now while he rides home
    "idle_s": "i8",  # since when he is idle
    "cell": "i8",  # grid: his cell and his neighbours in its list
    "after": "i8",
    "before": "i8",
    "ended_s": "i8",  # when his session really ended
}
ZONES = {"on_shift": "i8", "busy": "i8", "outstanding": "i8"}


class World(NamedTuple):
    """The day at one moment: its tables, and the moving parts, which are changed in place."""

    counts: Indices
    """Sizes: agenda, events put on it so far, orders waiting for a rider, events handled."""
    keys: NDArray[np.int64]
    """Agenda: binary heap of time and sequence number in one integer."""
    codes: NDArray[np.int64]
    """Agenda: kind and subject of the event under each key."""
    waiting: Indices
    """Orders that look for a rider, first come first."""
    riders: Records
    head: Indices
    """Grid: first idle rider of each cell."""
    backlog: Indices
    """Orders in preparation at each merchant."""
    zones: Records
    near: NDArray[np.bool_]
    """Which zones count as the surroundings of which."""
    grid: Floats
    """Origin x, origin y, columns, rows."""
    orders: Records
    merchants: Records
    sessions: Records
    factors: Records
    track: Records
    rules: Rules


@inner
def schedule(world: World, time_s: int, kind: int, subject: int) -> None:
    """Put an event on the agenda; events of one second are handled in the order in which they were put there."""
    keys, codes = world.keys, world.codes
    key = (time_s << 24) | world.counts[SEQUENCE]
    place = world.counts[HEAP]
    world.counts[HEAP] += 1
    world.counts[SEQUENCE] += 1
    while place > 0 and keys[(place - 1) >> 1] > key:
        parent = (place - 1) >> 1
        keys[place], codes[place] = keys[parent], codes[parent]
        place = parent
    keys[place], codes[place] = key, (kind << 32) | subject


@inner
def next_event(world: World) -> tuple[int, int, int]:
    """Take the earliest event: time, kind, subject."""
    keys, codes = world.keys, world.codes
    key, code = keys[0], codes[0]
    world.counts[HEAP] -= 1
    world.counts[EVENTS] += 1
    size = world.counts[HEAP]
    last, last_code = keys[size], codes[size]
    place, child = 0, 1
    while child < size:
        if child + 1 < size and keys[child + 1] < keys[child]:
            child += 1
        if keys[child] >= last:
            break
        keys[place], codes[place] = keys[child], codes[child]
        place, child = child, 2 * child + 1
    keys[place], codes[place] = last, last_code
    return key >> 24, code >> 32, code & 0xFFFFFFFF


@inner
def cell_of(world: World, x: float, y: float) -> int:
    """Number the grid cell of a place; places outside count to the border cell."""
    column = min(max((x - world.grid[0]) / CELL_M, 0.0), world.grid[2] - 1.0)
    row = min(max((y - world.grid[1]) / CELL_M, 0.0), world.grid[3] - 1.0)
    return int(row) * int(world.grid[2]) + int(column)


@inner
def put_idle(world: World, rider: int) -> None:
    """Enter a rider into the grid at his place."""
    cell = cell_of(world, world.riders.x[rider], world.riders.y[rider])
    first = world.head[cell]
    world.riders.cell[rider], world.riders.before[rider], world.riders.after[rider] = cell, NOBODY, first
    if first != NOBODY:
        world.riders.before[first] = rider
    world.head[cell] = rider


@inner
def take_idle(world: World, rider: int) -> None:
    """Take a rider out of the grid."""
    before, after = world.riders.before[rider], world.riders.after[rider]
    if before == NOBODY:
        world.head[world.riders.cell[rider]] = after
    else:
        world.riders.after[before] = after
    if after != NOBODY:
        world.riders.before[after] = before


@inner
def _nearest_in_cell(  # noqa: PLR0913, PLR0917 - an inner loop carries its running best
    world: World, cell: int, x: float, y: float, now_s: int, speed_m_s: float, best: int, best_m: float
) -> tuple[int, float]:
    rider = world.head[cell]
    while rider != NOBODY:
        east, north = world.riders.x[rider] - x, world.riders.y[rider] - y
        distance = np.sqrt(east * east + north * north) + max(0, world.riders.free_s[rider] - now_s) * speed_m_s
        if distance < best_m or (distance == best_m and rider < best):
            best, best_m = rider, distance
        rider = world.riders.after[rider]
    return best, best_m


@inner
def nearest_idle(world: World, x: float, y: float, now_s: int, radius_m: float, speed_m_s: float) -> int:
    """Find the idle rider nearest to a place within the radius, or NOBODY; equal distances go to the lower number.

    Notes
    -----
    Searches square rings of cells around the place. A ring at distance ``k`` holds nobody nearer than ``(k - 1)`` cells, so the search ends
    when the best so far is nearer than that.
    """
    columns, rows = int(world.grid[2]), int(world.grid[3])
    home = cell_of(world, x, y)
    row, column = home // columns, home % columns
    best, best_m = NOBODY, radius_m
    for ring in range(int(radius_m / CELL_M) + 2):
        if best_m < (ring - 1) * CELL_M:
            break
        for r in range(max(0, row - ring), min(rows, row + ring + 1)):
            edge = r == row - ring or r == row + ring  # noqa: PLR1714 - compiled code has no cheap set
            for c in range(column - ring, column + ring + 1, 1 if edge else max(1, 2 * ring)):
                if 0 <= c < columns:
                    best, best_m = _nearest_in_cell(world, r * columns + c, x, y, now_s, speed_m_s, best, best_m)
    return best
