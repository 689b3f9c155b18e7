"""The linear assignment problem with a way out: each row gets a column of its own, or goes without at its own price.

References
----------
Jonker, Volgenant (1987), A shortest augmenting path algorithm for dense and sparse linear assignment problems; Crouse
(2016), On implementing 2D rectangular assignment algorithms.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.simulation.compiled import inner
from tiffin.engines.simulation.tables import Floats, Indices

NONE = -1


class Market(NamedTuple):
    """Rows that seek a column, with the solver's working space; only the first `rows` and `columns` count.

    Parameters
    ----------
    cost : (max_rows, max_columns), infinite where a row cannot have a column
    alone : (max_rows,), price of going without
    row_price : (max_rows,), what serving the row costs in all, the scarcity of columns included
    column_price : (max_columns,), zero or less: minus what one more column of this kind would save
    column_of, row_of : the answer, NONE where there is none
    """

    cost: Floats
    alone: Floats
    row_price: Floats
    column_price: Floats
    column_of: Indices
    row_of: Indices
    distance: Floats
    reached_from: Indices
    done: NDArray[np.bool_]


def empty_market(*, rows: int, columns: int) -> Market:
    """Make room for a problem of this size."""
    return Market(
        cost=np.empty((rows, columns)),
        alone=np.empty(rows),
        row_price=np.empty(rows),
        column_price=np.empty(columns),
        column_of=np.empty(rows, dtype=np.int64),
        row_of=np.empty(columns, dtype=np.int64),
        distance=np.empty(columns),
        reached_from=np.empty(columns, dtype=np.int64),
        done=np.empty(columns, dtype=np.bool_),
    )


@inner
def solve(market: Market, rows: int, columns: int) -> None:
    """Assign at the least total cost; prices prove it."""
    for column in range(columns):
        market.column_price[column], market.row_of[column] = 0.0, NONE
    for row in range(rows):
        market.column_of[row] = NONE
        _assign(market, row, columns)


@inner
def _assign(market: Market, first: int, columns: int) -> None:
    """Bring one more row in along the shortest path over rows that change their columns."""
    market.row_price[first] = 0.0
    for column in range(columns):
        market.distance[column], market.done[column], market.reached_from[column] = np.inf, False, NONE
    row, walked = first, 0.0
    out_row, out_at = NONE, np.inf
    end = NONE
    while True:
        if walked + market.alone[row] - market.row_price[row] < out_at:
            out_row, out_at = row, walked + market.alone[row] - market.row_price[row]
        column = _next_column(market, row, walked, columns)
        if column == NONE or out_at <= market.distance[column]:
            walked = out_at
            break
        walked = market.distance[column]
        market.done[column] = True
        if market.row_of[column] == NONE:
            end = column
            break
        row = market.row_of[column]
    _reprice(market, first, walked, columns)
    _turn(market, first, end, out_row)


@inner
def _next_column(market: Market, row: int, walked: float, columns: int) -> int:
    """Look on from a row and tell the nearest column that is not done, or NONE."""
    nearest, least = NONE, np.inf
    base = walked - market.row_price[row]
    for column in range(columns):
        if market.done[column]:
            continue
        distance = base + market.cost[row, column] - market.column_price[column]
        if distance < market.distance[column]:
            market.distance[column], market.reached_from[column] = distance, row
        if market.distance[column] < least:
            nearest, least = column, market.distance[column]
    return nearest


@inner
def _reprice(market: Market, first: int, walked: float, columns: int) -> None:
    market.row_price[first] += walked
    for column in range(columns):
        # A column at the very end has no row yet, and its price stays as it is: its distance is the walk's.
        if market.done[column]:
            change = walked - market.distance[column]
            market.column_price[column] -= change
            if market.row_of[column] != NONE:
                market.row_price[market.row_of[column]] += change


@inner
def _turn(market: Market, first: int, end: int, out_row: int) -> None:
    """Hand columns back along the path: from its last column, or from the row that goes without."""
    column = end
    if end == NONE:
        column = market.column_of[out_row]
        market.column_of[out_row] = NONE
        if out_row == first:
            return
    while True:
        row = market.reached_from[column]
        market.row_of[column] = row
        column, market.column_of[row] = market.column_of[row], column
        if row == first:
            return
