"""Places in square cells: whoever waits is found without looking at everybody."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.simulation.compiled import inner
from tiffin.engines.simulation.tables import Indices, Records, records

NOBODY = -1
LINKS = {"x": "f8", "y": "f8", "cell": "i8", "after": "i8", "before": "i8"}


class Grid(NamedTuple):
    """Numbered things, each in the list of its cell while it waits.

    Parameters
    ----------
    head : (n_cells,), first of each cell
    links : (n_things,), place, cell and neighbours in its list of each
    size : (1,), how many wait
    """

    x0: float
    y0: float
    cell_m: float
    columns: int
    rows: int
    head: Indices
    links: Records
    size: Indices


def empty_grid(xs: NDArray[Any], ys: NDArray[Any], *, things: int, cells: int) -> Grid:
    """Lay about so many cells over all places."""
    x0, y0 = (float(v.min()) if len(v) else 0.0 for v in (xs, ys))
    wide, high = (float(v.max() - v.min()) if len(v) else 0.0 for v in (xs, ys))
    cell_m = max(1.0, float(np.sqrt(wide * high / max(1, cells))), max(wide, high) / 64)
    columns, rows = int(wide / cell_m) + 1, int(high / cell_m) + 1
    nothing = dict.fromkeys(LINKS, np.full(things, NOBODY))
    return Grid(
        x0=x0,
        y0=y0,
        cell_m=cell_m,
        columns=columns,
        rows=rows,
        head=np.full(columns * rows, NOBODY, dtype=np.int64),
        links=records(LINKS, **nothing),
        size=np.zeros(1, dtype=np.int64),
    )


@inner
def column_of(grid: Grid, x: float) -> int:
    """Find the column of a place that lies within the grid."""
    return int((x - grid.x0) / grid.cell_m)


@inner
def row_of(grid: Grid, y: float) -> int:
    """Find the row of a place that lies within the grid."""
    return int((y - grid.y0) / grid.cell_m)


@inner
def put(grid: Grid, thing: int, x: float, y: float) -> None:
    """Let a thing wait at a place."""
    cell = row_of(grid, y) * grid.columns + column_of(grid, x)
    first = grid.head[cell]
    grid.links[thing].x, grid.links[thing].y, grid.links[thing].cell = x, y, cell
    grid.links[thing].before, grid.links[thing].after = NOBODY, first
    if first != NOBODY:
        grid.links[first].before = thing
    grid.head[cell] = thing
    grid.size[0] += 1


@inner
def take(grid: Grid, thing: int) -> None:
    """Let a thing wait no longer."""
    before, after = grid.links[thing].before, grid.links[thing].after
    if before == NOBODY:
        grid.head[grid.links[thing].cell] = after
    else:
        grid.links[before].after = after
    if after != NOBODY:
        grid.links[after].before = before
    grid.links[thing].cell = NOBODY
    grid.size[0] -= 1


@inner
def waits(grid: Grid, thing: int) -> bool:
    """Tell whether a thing waits."""
    return bool(grid.links[thing].cell != NOBODY)
