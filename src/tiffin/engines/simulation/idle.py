"""The grid of idle riders: who waits nearest to a merchant; and the lists of those who fetch at each merchant."""

from tiffin.engines.simulation.compiled import inner
from tiffin.engines.simulation.riding import away_m
from tiffin.engines.simulation.world import CELL_M, FREE_RIDERS, NOBODY, World


@inner
def cell_of(world: World, x: float, y: float) -> int:
    """Find the grid cell of a place; places outside count to the border cell."""
    column = min(max((x - world.grid[0]) / CELL_M, 0.0), world.grid[2] - 1.0)
    row = min(max((y - world.grid[1]) / CELL_M, 0.0), world.grid[3] - 1.0)
    return int(row) * int(world.grid[2]) + int(column)


@inner
def list_of(world: World, merchant: int) -> int:
    """Find the list of those who fetch at a merchant."""
    return int(world.grid[2] * world.grid[3]) + merchant


@inner
def put_in(world: World, rider: int, cell: int) -> None:
    """Enter a rider into a list; he is in no other."""
    first = world.head[cell]
    world.riders[rider].cell, world.riders[rider].before, world.riders[rider].after = cell, NOBODY, first
    if first != NOBODY:
        world.riders[first].before = rider
    world.head[cell] = rider


@inner
def take_out(world: World, rider: int) -> None:
    """Take a rider out of his list."""
    before, after = world.riders[rider].before, world.riders[rider].after
    if before == NOBODY:
        world.head[world.riders[rider].cell] = after
    else:
        world.riders[before].after = after
    if after != NOBODY:
        world.riders[after].before = before


@inner
def put_idle(world: World, rider: int) -> None:
    """Enter a rider into the grid at his place."""
    put_in(world, rider, cell_of(world, world.riders[rider].x, world.riders[rider].y))
    world.counts[FREE_RIDERS] += 1


@inner
def take_idle(world: World, rider: int) -> None:
    """Take a rider out of the grid."""
    take_out(world, rider)
    world.counts[FREE_RIDERS] -= 1


@inner
def was_asked(world: World, rider: int, order: int) -> bool:
    """Tell whether a rider was offered an order before."""
    offer = world.work[order].last_offer
    while offer != NOBODY:
        if world.offers[offer].session == rider:
            return True
        offer = world.offers[offer].before
    return False


@inner
def _nearest_in_cell(world: World, cell: int, order: int, now_s: int, best: int, best_m: float) -> tuple[int, float]:
    rider = world.head[cell]
    while rider != NOBODY:
        away = away_m(world, rider, order) + max(0, world.riders[rider].free_s - now_s) * world.rules.usual_speed_m_s
        nearer = away < best_m or (away == best_m and rider < best)
        if nearer and not was_asked(world, rider, order):
            best, best_m = rider, away
        rider = world.riders[rider].after
    return best, best_m


@inner
def nearest_idle(world: World, order: int, now_s: int) -> int:
    """Find the idle rider nearest to an order's merchant within the radius, or NOBODY; a tie goes to the lower number.

    Notes
    -----
    Searches square rings of cells around the merchant. A ring at distance ``k`` holds nobody nearer than ``k - 1``
    cells, so the search ends when the best so far is nearer than that. Who was asked for this order is not asked again.
    """
    if world.counts[FREE_RIDERS] == 0:
        return NOBODY
    columns, rows = int(world.grid[2]), int(world.grid[3])
    merchant = world.orders[order].merchant
    home = cell_of(world, world.merchants[merchant].x, world.merchants[merchant].y)
    row, column = home // columns, home % columns
    best, best_m = NOBODY, world.rules.radius_m
    for ring in range(min(int(best_m / CELL_M) + 2, max(columns, rows))):
        if best_m < (ring - 1) * CELL_M:
            break
        for r in range(max(0, row - ring), min(rows, row + ring + 1)):
            edge = abs(r - row) == ring
            for c in range(column - ring, column + ring + 1, 1 if edge else max(1, 2 * ring)):
                if 0 <= c < columns:
                    best, best_m = _nearest_in_cell(world, r * columns + c, order, now_s, best, best_m)
    return best
