"""What would have become of an order that a world has not, had it alone been placed into it."""

from typing import Any

import numpy as np

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


def placed_alone(world: World, orders: Records, absent: Indices) -> Records:
    """Place each absent order by itself into a world, and give the track of each.

    Parameters
    ----------
    world : World
        A day that has not begun, in whose orders the absent ones are placed NEVER.
    orders : records of ORDERS
        The same orders with the times at which they would be placed.
    absent : (n_absent,), in order of placing

    Notes
    -----
    The day runs once; at each absent order it is copied, and the copy runs on with it until the order has ended.
    """
    tracks = world.track[absent].copy()
    parts: dict[str, Any] = {name: part for name, part in world._asdict().items() if name not in FIXED | WORKING}
    branch = world._replace(orders=orders, **{name: np.empty_like(part) for name, part in parts.items()})
    copies = [(name, np.asarray(part), np.asarray(getattr(branch, name))) for name, part in parts.items()]
    for place, order in enumerate(absent.tolist()):
        placed_s = int(orders[order].placed_s)
        run_until(world, placed_s)
        for name, source, copy in copies:
            size = int(world.counts[FILLED[name]]) if name in FILLED else len(source)
            copy[:size] = source[:size]
        _put_on_agenda(branch, placed_s, PLACE, order)
        tracks[place] = _followed(branch, order, placed_s)
    return tracks


def _followed(world: World, order: int, placed_s: int) -> Records:
    row = world.track[order : order + 1]
    for until_s in (placed_s + HOUR_S, placed_s + 2 * HOUR_S, END_OF_TIME):
        run_until(world, until_s)
        if NEVER < int(ended_s(row)[0]) < until_s:
            break
    return row[0]
