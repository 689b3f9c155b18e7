"""Open cases gathered into few regions that people can read."""

from collections.abc import Iterator

from tiffin.engines.decisions.proving.open_cases import open_boxes
from tiffin.engines.decisions.proving.spaces import Box, Rows, Space, is_within, members


def open_regions(space: Space, box: Box, rows: Rows) -> Iterator[Box]:
    """Give the largest boxes around what no row covers, until all that is open lies in one of them.

    Regions may have cases in common.

    Raises
    ------
    TooEntangled
        When the space has been searched for too long.
    """
    regions: list[Box] = []
    for one in open_boxes(space, box, rows):
        space.spend(len(box) * len(regions))
        if any(is_within(one, region) for region in regions):
            continue
        regions.append(widened(space, one, box, rows))
        yield regions[-1]


def widened(space: Space, start: Box, limit: Box, rows: Rows) -> Box:
    """Widen a box that no row meets as far as a limit and the rows allow, input by input."""
    box = start
    for axis in _by_room(start, limit):
        near = rows & space.meeting_beside(box, axis)
        taken = 0
        for row in members(near):
            taken |= space.cells[row][axis]
        box = (*box[:axis], limit[axis] & ~taken, *box[axis + 1 :])
    return box


def _by_room(start: Box, limit: Box) -> list[int]:
    """Order the inputs so that those of which most is there already need not be told."""
    missing = [(limit[axis] & ~parts).bit_count() / max(1, limit[axis].bit_count()) for axis, parts in enumerate(start)]
    return sorted(range(len(start)), key=missing.__getitem__)
