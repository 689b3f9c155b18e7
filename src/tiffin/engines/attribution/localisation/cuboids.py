"""Cuboids: every set of dimensions, with the cell of each leaf as one number, summed over all leaves at once."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numba
import numpy as np

from tiffin.engines.attribution.localisation.leaves import FloatArray, IntArray, Leaves

CELLS_PER_LEAF = 4
"""A cuboid with more possible cells than this times the leaves is numbered by the cells that are there."""


@dataclass(frozen=True, slots=True)
class Cuboid:
    """One set of dimensions.

    Parameters
    ----------
    dimensions : places in the leaves' dimensions.
    cells : (n_leaves,), the cell of each leaf.
    n_cells : possible cells.
    surprise : nats that it takes to name one cell: the level, then the dimensions, then one of the cells there are.
    """

    dimensions: tuple[int, ...]
    cells: IntArray
    n_cells: int
    surprise: float


def cuboids_of(leaves: Leaves) -> tuple[Cuboid, ...]:
    """Lay out all cuboids, those of few dimensions first."""
    n_dimensions = len(leaves.names)
    levels = range(1, n_dimensions + 1)
    return tuple(_cuboid(leaves, chosen) for level in levels for chosen in combinations(range(n_dimensions), level))


def _cuboid(leaves: Leaves, chosen: tuple[int, ...]) -> Cuboid:
    cells = np.zeros(leaves.codes.shape[1], dtype=np.int64)
    n_cells = 1
    for dimension in chosen:
        cells = cells * leaves.sizes[dimension] + leaves.codes[dimension]
        n_cells *= leaves.sizes[dimension]
        if n_cells > max(CELLS_PER_LEAF * cells.size, 64):
            found, cells = np.unique(cells, return_inverse=True)
            n_cells = found.size
    there = int(np.count_nonzero(np.bincount(cells, minlength=n_cells)))
    n = len(leaves.names)
    return Cuboid(chosen, cells, n_cells, math.log(n) + math.log(math.comb(n, len(chosen))) + math.log(max(there, 1)))


@numba.njit(cache=True)
def _best_cells(cells: IntArray, weights: FloatArray, n_cells: int, best: IntArray, sums: FloatArray) -> None:
    """Fill in the cells with the greatest sums, greatest first; -1 where there are no more above 0."""
    totals = np.zeros(n_cells)
    for i in range(cells.size):
        totals[cells[i]] += weights[i]
    best[:] = -1
    sums[:] = 0.0
    for cell in range(n_cells):
        at = best.size
        while at > 0 and totals[cell] > sums[at - 1]:
            at -= 1
        for k in range(best.size - 1, at, -1):
            best[k] = best[k - 1]
            sums[k] = sums[k - 1]
        if at < best.size:
            best[at] = cell
            sums[at] = totals[cell]


def strongest(cuboids: Sequence[Cuboid], weights: FloatArray, *, each: int) -> list[tuple[float, int, int]]:
    """Give the cells with the greatest sums of weights above 0: the sum, the cuboid's place, the cell.

    Parameters
    ----------
    weights : (n_leaves,)
    each : cells of each cuboid.
    """
    found: list[tuple[float, int, int]] = []
    best, sums = np.empty(each, dtype=np.int64), np.empty(each)
    for place, cuboid in enumerate(cuboids):
        _best_cells(cuboid.cells, weights, cuboid.n_cells, best, sums)
        found += [(float(s), place, int(c)) for s, c in zip(sums, best, strict=True) if c >= 0]
    return found
