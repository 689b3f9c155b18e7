"""Rows within a box as a decision diagram: sets of rows that may still hold, and how each input parts them.

The input that most of the rows test is cut first, and parts of it that leave the same rows are one branch.

References
----------
R. Brayton et al., Logic Minimization Algorithms for VLSI Synthesis, Kluwer 1984, §2.1 (cofactors and tautology).
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from tiffin.engines.decisions.proving.spaces import Box, Rows, members


class Node(NamedTuple):
    """Rows that may still hold, and those inputs, not cut yet, that some of them test."""

    live: Rows
    axes: tuple[int, ...]


class Diagram:
    """Rows within a box, each input cut into classes of parts that leave the same rows.

    Parameters
    ----------
    cells : Sequence of Box
        The rows, cut down to the box.
    box : Box
        Where they are looked at.
    """

    def __init__(self, cells: Sequence[Box], box: Box) -> None:
        self.cells = cells
        self._classes: dict[int, list[tuple[Rows, int]]] = {}
        self._conditional: dict[int, Rows] = {}
        for axis, whole in enumerate(box):
            self._add(axis, whole)

    @property
    def root(self) -> Node:
        """All rows, and all inputs that any of them tests."""
        return Node((1 << len(self.cells)) - 1, tuple(self._classes))

    def reduced(self, live: Rows, axes: Sequence[int]) -> tuple[Node, Rows]:
        """Leave out the inputs that no row tests; give the node and the rows that hold in all of it."""
        tested = []
        sometimes = 0
        for axis in axes:
            if rows := live & self._conditional[axis]:
                sometimes |= rows
                tested.append(axis)
        return Node(live, tuple(tested)), live & ~sometimes

    def branches(self, node: Node, box: Box) -> Iterator[tuple[Node, Box]]:
        """Cut the input that most rows test; the branches with the fewest rows come first.

        The inputs of the nodes that are given are not yet reduced.
        """
        axis = max(node.axes, key=lambda one: self._worth(node.live, one))
        parted: dict[Rows, int] = {}
        for rows, parts in self._classes[axis]:
            left = node.live & rows
            parted[left] = parted.get(left, 0) | parts
        rest = tuple([other for other in node.axes if other != axis])
        for left in sorted(parted, key=int.bit_count):
            yield Node(left, rest), (*box[:axis], parted[left], *box[axis + 1 :])

    def _worth(self, live: Rows, axis: int) -> tuple[int, int]:
        return (live & self._conditional[axis]).bit_count(), -len(self._classes[axis])

    def _add(self, axis: int, whole: int) -> None:
        """Cut an input, unless no row tests it."""
        alike: dict[int, Rows] = {}
        for row, cells in enumerate(self.cells):
            alike[cells[axis]] = alike.get(cells[axis], 0) | 1 << row
        always = alike.pop(whole, 0)
        if alike:
            self._classes[axis] = [(rows | always, parts) for rows, parts in _classes(alike, whole).items()]
            self._conditional[axis] = ((1 << len(self.cells)) - 1) & ~always


def _classes(alike: dict[int, Rows], whole: int) -> dict[Rows, int]:
    """Cut an input into parts that pass the same rows; rows come and go at the ends of runs alone."""
    turns: dict[int, Rows] = {0: 0}
    for cell, rows in alike.items():
        for part in members(cell ^ (cell << 1)):
            turns[part] = turns.get(part, 0) ^ rows
    found: dict[Rows, int] = {}
    ends = [*sorted(turns), whole.bit_length()]
    here = 0
    for start, stop in pairwise(ends):
        here ^= turns[start]
        if stop > start and (parts := (1 << stop) - (1 << start) & whole):
            found[here] = found.get(here, 0) | parts
    return found
