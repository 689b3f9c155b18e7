"""What would have become of single orders, had just they been otherwise: the day is copied where each begins."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.simulation.agenda import schedule
from tiffin.engines.simulation.day import END_OF_TIME, run_until
from tiffin.engines.simulation.events import PLACE
from tiffin.engines.simulation.tables import NEVER, Indices, Records, Status
from tiffin.engines.simulation.world import HEAP, OFFERED, RODE_HOME, World

LOOKS_S = tuple(range(1800, 4 * 3600, 1800))
"""After how many seconds it is looked whether a replayed order has ended; whatever has not by then runs all day."""
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
    copies = [(name, _as_bytes(part), _as_bytes(rooms[name])) for name, part in parts.items()]
    ways = [(table.view(np.ndarray), track.view(np.ndarray)) for table, track in zip(otherwise, tracks, strict=True)]
    orders, live = branch.orders.view(np.ndarray), branch.track.view(np.ndarray)
    ends = (live["status"], live["delivered_s"], live["cancelled_s"])
    for place, order in enumerate(which.tolist()):
        placed_s = int(ways[0][0]["placed_s"][order])
        run_until(world, placed_s)
        own = orders[order].copy()
        for table, track in ways:
            _copy(world, copies)
            orders[order] = table[order]
            if own["placed_s"] == NEVER:
                _put_on_agenda(branch, placed_s, PLACE, order)
            _follow(branch, order, placed_s, ends)
            track[place] = live[order]
        orders[order] = own
    return tracks


def _as_bytes(part: NDArray[Any]) -> NDArray[np.uint8]:
    """See a table as rows of bytes, which are copied as a block and not field by field."""
    width = part.dtype.itemsize * int(np.prod(part.shape[1:]))
    return part.view(np.ndarray).view(np.uint8).reshape(len(part), width)


def _copy(world: World, copies: Sequence[tuple[str, NDArray[Any], NDArray[Any]]]) -> None:
    for name, source, copy in copies:
        size = int(world.counts[FILLED[name]]) if name in FILLED else len(source)
        copy[:size] = source[:size]


def _follow(world: World, order: int, placed_s: int, ends: tuple[NDArray[np.int64], ...]) -> None:
    """Run a day on until an order has ended."""
    status, delivered_s, cancelled_s = ends
    for until_s in (*(placed_s + look_s for look_s in LOOKS_S), END_OF_TIME):
        run_until(world, until_s)
        ended_s = int(delivered_s[order] if status[order] == Status.DELIVERED else cancelled_s[order])
        if NEVER < ended_s < until_s:
            return
