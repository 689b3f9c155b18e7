"""What would have become of single orders, had just they been otherwise: the day is copied where each begins."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.simulation.agenda import schedule
from tiffin.engines.simulation.day import END_OF_TIME, run_until
from tiffin.engines.simulation.events import PLACE
from tiffin.engines.simulation.tables import NEVER, Indices, Records
from tiffin.engines.simulation.truth.stages import ended_s
from tiffin.engines.simulation.world import HEAP, OFFERED, RODE_HOME, World

HOUR_S = 3600
FIXED = frozenset({"orders", "merchants", "sessions", "factors", "near", "grid", "travel", "rules"})
"""Parts of a world that no event changes."""
WORKING = frozenset({"cost", "row_floats", "column_floats", "row_indices", "column_indices", "reached"})
"""Parts in which nothing stays from one event to the next."""
FILLED = {"keys": HEAP, "codes": HEAP, "offers": OFFERED, "rides_home": RODE_HOME}
"""Parts that are filled from the front, and which of the counts says how far."""

_put_on_agenda = getattr(schedule, "py_func", schedule)


def replayed(world: World, which: Indices, otherwise: Sequence[Records]) -> list[Records]:
    """Let single orders of a day be otherwise, each by itself and in each of several ways.

    Parameters
    ----------
    world : World
        A day that has not begun. An order of it that is placed NEVER does not take place but for its own replay.
    which : (n_which,), orders, in order of placing
    otherwise : records of ORDERS, one table a way
        All orders as they would be; of each replay one row counts. What is placed when is the same in every table.

    Returns
    -------
    list of (n_which,) records of TRACK, one a way

    Notes
    -----
    The day runs once; where an order begins it is copied, and the copy runs on until that order has ended.
    """
    tracks = [world.track[which].copy() for _ in otherwise]
    parts: dict[str, Any] = {name: part for name, part in world._asdict().items() if name not in FIXED | WORKING}
    rooms = {name: np.empty_like(part) for name, part in parts.items()}
    branch = world._replace(orders=world.orders.copy(), **rooms)
    copies = [(name, np.asarray(part), np.asarray(rooms[name])) for name, part in parts.items()]
    for place, order in enumerate(which.tolist()):
        placed_s = int(otherwise[0][order].placed_s)
        run_until(world, placed_s)
        own = branch.orders[order].copy()
        for table, track in zip(otherwise, tracks, strict=True):
            _copy(world, copies)
            branch.orders[order] = table[order]
            if own.placed_s == NEVER:
                _put_on_agenda(branch, placed_s, PLACE, order)
            track[place] = _followed(branch, order, placed_s)
        branch.orders[order] = own
    return tracks


def _copy(world: World, copies: Sequence[tuple[str, NDArray[Any], NDArray[Any]]]) -> None:
    for name, source, copy in copies:
        size = int(world.counts[FILLED[name]]) if name in FILLED else len(source)
        copy[:size] = source[:size]


def _followed(world: World, order: int, placed_s: int) -> Records:
    row = world.track[order : order + 1]
    for until_s in (placed_s + HOUR_S, placed_s + 2 * HOUR_S, END_OF_TIME):
        run_until(world, until_s)
        if NEVER < int(ended_s(row)[0]) < until_s:
            break
    return row[0]
