"""The series in which a miss shows: time to the door, and, where stages are known, what moves before it does.

A queue shows in when riders reach the food long before it shows in the time to the door, whose spread is mostly that
of kitchens and distances. Each series is watched on its own.
"""

from dataclasses import dataclass, replace

import numpy as np

from tiffin.capabilities.balance.domain.grid import Grid
from tiffin.engines.attribution.shapley import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Channel:
    """Minutes an order by day, zone and hour, as sums; each array (n_days, n_zones, 24).

    Parameters
    ----------
    orders : array
        Orders that the sums are over.
    minutes, squares : array
        Sum of the minutes, and of their squares.
    shows_queue : bool
        Whether queues show in it. They come and go by themselves and reach from cell to cell, so that they are surer by
        cells than as a whole.
    doubt : float
        How many times as far from usual it must lie as other series to speak for a miss by itself.
    """

    orders: FloatArray
    minutes: FloatArray
    squares: FloatArray
    shows_queue: bool = False
    doubt: float = 1.0


def promise_channel(grid: Grid) -> Channel | None:
    """Give the time by which promises are shorter, so that more of it is worse; None where nothing is promised."""
    if not grid.known("promises", of="delivered"):
        return None
    return Channel(grid.of("promises"), -grid.of("promise_min"), grid.of("promise_min2"))


def channels_of(grid: Grid) -> tuple[Channel, ...]:
    """Give the series that a window's facts support: the door first, then what moves before it."""
    door = door_channel(grid)
    channels = [replace(door, shows_queue=grid.known("path", of="delivered"))]
    if grid.known("path", of="delivered"):
        path = grid.of("path")
        channels.append(Channel(path, grid.of("late_min"), grid.of("late_min2"), shows_queue=True))
        channels.append(Channel(path, grid.of("kitchen_min"), grid.of("kitchen_min2")))
        channels.append(replace(_road(grid), doubt=1.5))
        # Who comes late walks in at the order's expense, so that queues show in taking the food a little, too.
        channels.append(Channel(path, grid.of("service_min"), grid.of("service_min2"), doubt=3.0))
        channels.append(Channel(path, grid.of("handover_min"), grid.of("handover_min2"), doubt=1.5))
    return tuple(channels)


def door_channel(grid: Grid) -> Channel:
    """Give the time to the door at usual distances, or as it is where distances are not known."""
    plain = Channel(grid.of("delivered"), grid.of("door_min"), grid.of("door_min2"))
    if not grid.known("distances", of="delivered", at_least=0.999):
        return plain
    pace = slope(grid, y="door_min", xy="door_distance", x="distance_m", x2="distance_m2", over="distances")
    return without_distance(plain, grid, pace, xy="door_distance", x="distance_m", x2="distance_m2")


def _road(grid: Grid) -> Channel:
    names = {"xy": "ride_distance", "x": "path_distance_m", "x2": "path_distance_m2"}
    ride = Channel(grid.of("path"), grid.of("ride_min"), grid.of("ride_min2"))
    if grid.of("path_distance_m").sum() <= 0:
        return ride
    pace = slope(grid, y="ride_min", over="path", **names)
    return without_distance(ride, grid, pace, **names)


def slope(grid: Grid, *, y: str, xy: str, x: str, x2: str, over: str) -> float:
    """Give the minutes a metre by least squares over the orders of the days compared with, zero at least."""
    past = slice(1, None) if len(grid.days) > 1 else slice(None)
    n, sy, sxy, sx, sx2 = (float(grid.of(name)[past].sum()) for name in (over, y, xy, x, x2))
    if n <= 0:
        return 0.0
    spread = sx2 - sx * sx / n
    return max(0.0, (sxy - sx * sy / n) / spread) if spread > 0 else 0.0


def without_distance(channel: Channel, grid: Grid, pace: float, *, xy: str, x: str, x2: str) -> Channel:
    """Take out of each order's minutes what its distance foretells (regression adjustment, Cochran 1977, ch. 7)."""
    minutes = channel.minutes - pace * grid.of(x)
    squares = channel.squares - 2 * pace * grid.of(xy) + pace**2 * grid.of(x2)
    return Channel(channel.orders, minutes, np.maximum(squares, 0.0))
