"""Which zones and slots belong together as one episode: neighbours in time, or in place."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from tiffin.engines.attribution.shapley import FloatArray

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Episode:
    """Cells of one connected miss.

    Parameters
    ----------
    zones, slots : (n_cells,)
        Row and column of each cell in the grid it was found in.
    """

    zones: NDArray[np.intp]
    slots: NDArray[np.intp]


def find_episodes(hot: BoolArray, *, neighbours: BoolArray) -> tuple[Episode, ...]:
    """Join hot cells that touch: adjacent slots of one zone, and neighbouring zones in one slot.

    Parameters
    ----------
    hot : (n_zones, n_slots)
        Where supply missed demand.
    neighbours : (n_zones, n_zones)
        Which zones touch; symmetric.
    """
    zones, slots = np.nonzero(hot)
    if zones.size == 0:
        return ()
    number = np.full(hot.shape, -1, dtype=np.intp)
    number[zones, slots] = np.arange(zones.size)
    along = hot[:, :-1] & hot[:, 1:]
    pairs = [np.stack([number[:, :-1][along], number[:, 1:][along]])]
    for a, b in zip(*np.nonzero(np.triu(neighbours, k=1)), strict=True):
        both = hot[a] & hot[b]
        pairs.append(np.stack([number[a][both], number[b][both]]))
    joined = np.concatenate(pairs, axis=1)
    graph: csr_array = coo_array((np.ones(joined.shape[1]), (joined[0], joined[1])), shape=(zones.size,) * 2).tocsr()
    count, label = connected_components(graph, directed=False)
    return tuple(Episode(zones[label == k], slots[label == k]) for k in range(count))


def hot_cells(
    excess: FloatArray, noise: FloatArray, *, neighbours: BoolArray, alone: float, together: float
) -> BoolArray:
    """Tell which cells miss by more than chance: on their own, or together with the cells that touch them.

    Parameters
    ----------
    excess : (n_zones, n_slots)
        Miss beyond usual; negative where the cell did better.
    noise : (n_zones, n_slots)
        Standard deviation of the excess on a usual day.
    neighbours : (n_zones, n_zones)
        Which zones touch.
    alone, together : float
        Number of standard deviations asked of a cell alone, and of a cell with its surroundings.
    """
    around = neighbours.astype(float) + np.eye(neighbours.shape[0])
    single = _score(excess, noise**2)
    in_time = _score(_over_time(excess), _over_time(noise**2))
    in_place = _score(around @ excess, around @ noise**2)
    in_both = _score(_over_time(around @ excess), _over_time(around @ noise**2))
    jointly = np.maximum(np.maximum(in_time, in_place), in_both) >= together
    seeds = (single >= alone) | (jointly & (single >= QUIET))
    return _grown(seeds, single >= EDGE, neighbours)


QUIET, EDGE = 0.5, 1.5
"""A cell below the first is no part of a miss whatever is around it; one above the second is, beside a certain one."""


def _grown(seeds: BoolArray, edge: BoolArray, neighbours: BoolArray) -> BoolArray:
    """Add to certain cells the likely ones that touch them, once."""
    beside = (neighbours.astype(int) @ seeds.astype(int)) > 0
    beside[:, 1:] |= seeds[:, :-1]
    beside[:, :-1] |= seeds[:, 1:]
    return np.asarray(seeds | (edge & beside), dtype=bool)


def _over_time(grid: FloatArray) -> FloatArray:
    """Add to each slot the slots before and after it."""
    padded = np.pad(grid, ((0, 0), (1, 1)))
    return np.asarray(padded[:, :-2] + padded[:, 1:-1] + padded[:, 2:], dtype=float)


def _score(excess: FloatArray, variance: FloatArray) -> FloatArray:
    return np.divide(excess, np.sqrt(variance), out=np.zeros_like(excess), where=variance > 0)
