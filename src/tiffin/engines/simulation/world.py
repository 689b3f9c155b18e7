"""The state of a simulated day: its tables, the agenda, the grid of idle riders, the queue of waiting orders."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.simulation.tables import Floats, Indices, Records, Rules

CELL_M = 1000.0
NOBODY = -1

HEAP, SEQUENCE, WAITING, EVENTS, FREE_RIDERS = range(5)
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
    """Sizes: agenda, events put on it so far, orders waiting for a rider, events handled, idle riders."""
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
