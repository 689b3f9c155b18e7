"""The state of a simulated day: its tables, the agenda, the grid of idle riders, the queue of waiting orders."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.simulation.tables import Floats, Indices, Records, Rules

CELL_M = 1000.0
NOBODY = -1
OFFERS_MOST = 8
"""The last rider who is asked has no choice."""

HEAP, SEQUENCE, WAITING, EVENTS, FREE_RIDERS, OFFERED, RODE_HOME, NEXT_BATCH = range(8)
OFF, IDLE, ASKED, BUSY, GONE = range(5)


RIDERS = {
    "state": "i8",
    "x": "f8",  # where he is, or will be when he is free
    "y": "f8",
    "free_s": "i8",  # from when he can set off; later than now while he rides home or delivers
    "idle_s": "i8",  # since when he is idle
    "cell": "i8",  # list of the idle of a cell, or of those who fetch at a merchant: which, and his neighbours in it
    "after": "i8",
    "before": "i8",
    "ended_s": "i8",  # when his session really ended
    "job": "i8",  # number of his job
    "merchant": "i8",  # where he fetches, or fetched last
    "first": "i8",  # the first order of his route; `next` of each order leads on
    "load": "i8",  # orders in hand, or on the way to
    "fetching": "i8",  # 1 from when he is sent until he leaves the merchant
    "reaches_s": "i8",  # when he is at the merchant
    "leaving": "i8",  # 1 when he has to work elsewhere and has not set off yet
    "leaves_s": "i8",  # when he leaves with the goods, as it looks
}
WORK = {
    "next": "i8",  # the order after this one in its rider's route
    "offers": "i8",
    "last_offer": "i8",
    "sought": "i8",  # 1 since a rider was sought in vain
}
"""What the loop notes about each order besides its track."""
ZONES = {"on_shift": "i8", "busy": "i8", "outstanding": "i8"}


class World(NamedTuple):
    """The day at one moment: its tables, and the moving parts, which are changed in place."""

    counts: Indices
    """Sizes: agenda, events put on it so far, orders waiting for a rider, events handled, idle riders, offers, rides
    home; and when riders and waiting orders are matched next."""
    keys: NDArray[np.int64]
    """Agenda: binary heap of time and sequence number in one integer."""
    codes: NDArray[np.int64]
    """Agenda: kind and subject of the event under each key."""
    waiting: Indices
    """Orders that look for a rider, first come first."""
    riders: Records
    work: Records
    head: Indices
    """Lists of riders: of the idle in each cell of the grid, then of those who fetch at each merchant."""
    backlog: Indices
    """Orders in preparation at each merchant."""
    zones: Records
    near: NDArray[np.bool_]
    """Which zones count as the surroundings of which."""
    grid: Floats
    """Origin x, origin y, columns, rows."""
    travel: Floats
    """(n_vehicles, n_zones, n_slots), factor on riding times."""
    cost: Floats
    """An assignment's working space: rows are orders, columns riders."""
    row_floats: Floats
    column_floats: Floats
    row_indices: Indices
    column_indices: Indices
    reached: NDArray[np.bool_]
    orders: Records
    merchants: Records
    sessions: Records
    factors: Records
    levered: Records
    transfers: Records
    track: Records
    offers: Records
    rides_home: Records
    rules: Rules
