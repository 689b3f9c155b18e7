"""The cases of a box that no row of a set covers: a search that remembers where rows cover all."""

from collections.abc import Iterator, Sequence

from tiffin.engines.decisions.proving.diagrams import Diagram, Node
from tiffin.engines.decisions.proving.spaces import Box, Rows, Space, common, members

_SMALLER = 4
_LARGE = 48
"""Rows from which on a node with less than a fourth of its diagram's rows gets a diagram of its own."""


def is_open(space: Space, box: Box, rows: Rows) -> bool:
    """Tell whether a box has a case that no row covers."""
    return next(open_boxes(space, box, rows), None) is not None


def open_boxes(space: Space, box: Box, rows: Rows) -> Iterator[Box]:
    """Give boxes, apart from each other, that together are all cases of a box that no row covers.

    Parameters
    ----------
    space : Space
        Where the rows lie.
    box : Box
        Where to look.
    rows : Rows
        The rows that cover.

    Raises
    ------
    TooEntangled
        When the space has been searched for too long.
    """
    if not all(box):
        return iter(())
    met = rows & space.meeting(box)
    return _boxes(space, [common(space.cells[row], box) for row in members(met)], box)


def _boxes(space: Space, cells: Sequence[Box], box: Box) -> Iterator[Box]:
    if not cells:
        return iter((box,))
    space.spend(len(cells) * len(box))
    search = _Search(space, Diagram(cells, box))
    return search.below(search.diagram.root, box)


class _Search:
    """A way through one diagram."""

    def __init__(self, space: Space, diagram: Diagram) -> None:
        self.space = space
        self.diagram = diagram
        self.covered: set[Node] = set()

    def below(self, start: Node, box: Box) -> Iterator[Box]:
        """Give what the rows of a node leave open of a box."""
        if not start.live:
            yield box
            return
        node, certain = self.diagram.reduced(*start)
        if certain or node in self.covered:
            return
        self.space.spend(node.live.bit_count() + len(node.axes))
        found = False
        for one in self._onward(node, box):
            found = True
            yield one
        if not found:
            self.covered.add(node)

    def _onward(self, node: Node, box: Box) -> Iterator[Box]:
        cells = self.diagram.cells
        if len(cells) > _LARGE and node.live.bit_count() * _SMALLER < len(cells):
            yield from _boxes(self.space, [common(cells[row], box) for row in members(node.live)], box)
            return
        for branch, part in self.diagram.branches(node, box):
            yield from self.below(branch, part)
