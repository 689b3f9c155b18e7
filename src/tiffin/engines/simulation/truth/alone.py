"""What would have become of an order that a world has not, had it alone been placed into it."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from tiffin.engines.simulation.agenda import schedule
from tiffin.engines.simulation.day import END_OF_TIME, run_until
from tiffin.engines.simulation.events import PLACE
from tiffin.engines.simulation.tables import NEVER, Indices, Records
from tiffin.engines.simulation.truth.stages import ended_s
from tiffin.engines.simulation.world import World

HOUR_S = 3600
FIXED = frozenset({"orders", "merchants", "sessions", "factors", "near", "grid", "rules"})
"""Parts of a world that no event changes."""

_put_on_agenda = getattr(schedule, "py_func", schedule)


def placed_alone(world: World, orders: Records, absent: Indices) -> Iterator[tuple[int, Records]]:
    """Place each absent order by itself into a world, and give its row of the track.

    Parameters
    ----------
    world : World
        A day that has not begun, in whose orders the absent ones are placed NEVER.
    orders : records of ORDERS
        The same orders with the times at which they would be placed.

    Notes
    -----
    The day runs once; at each absent order it is copied, and the copy runs on with it until the order has ended.
    """
    for order in absent[np.argsort(orders.placed_s[absent], kind="stable")].tolist():
        placed_s = int(orders[order].placed_s)
        run_until(world, placed_s)
        branch = _copied(world)._replace(orders=orders)
        _put_on_agenda(branch, placed_s, PLACE, order)
        yield order, _followed(branch, order, placed_s)


def _followed(world: World, order: int, placed_s: int) -> Records:
    row = world.track[order : order + 1]
    for until_s in (placed_s + HOUR_S, placed_s + 2 * HOUR_S, END_OF_TIME):
        run_until(world, until_s)
        if NEVER < int(ended_s(row)[0]) < until_s:
            break
    return row


def _copied(world: World) -> World:
    parts: dict[str, Any] = world._asdict()
    return World(**{name: part if name in FIXED else part.copy() for name, part in parts.items()})
