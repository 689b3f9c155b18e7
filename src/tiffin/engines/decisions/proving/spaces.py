"""Rows as boxes over the parts of their inputs, asked by whole sets at once.

A set of rows is a bitmask, as is a set of an input's parts; a box is one set of parts for each input.
"""

from collections.abc import Iterator, Sequence

Rows = int
Box = tuple[int, ...]

MAX_STEPS = 20_000_000
"""Cells of rows that are looked at in one space: some seconds."""


class TooEntangled(Exception):
    """Rows cut across each other in so many ways that not all of them are looked at."""


class Space:
    """Boxes of rows over common axes.

    Parameters
    ----------
    inside : Box
        The parts that may occur; no others count.
    cells : Sequence of Box
        For each row, the parts that pass its tests.
    """

    def __init__(self, inside: Box, cells: Sequence[Box]) -> None:
        self.inside = inside
        self.cells = tuple(common(row, inside) for row in cells)
        self.every = (1 << len(cells)) - 1
        self._passing = [
            passing([row[axis] for row in self.cells], whole.bit_length()) for axis, whole in enumerate(inside)
        ]
        self._blocks: list[list[Rows]] = [_blocks(one) for one in self._passing]
        self._met: list[dict[int, Rows]] = [{} for _ in inside]
        self._without: dict[int, Space] = {}
        self._steps = MAX_STEPS

    def spend(self, steps: int) -> None:
        """Use up steps of what may be looked at.

        Raises
        ------
        TooEntangled
            When none are left.
        """
        self._steps -= steps
        if self._steps < 0:
            raise TooEntangled

    def without(self, axis: int) -> "Space":
        """Give the same rows as if none tested an axis."""
        if axis not in self._without:
            cells = [(*row[:axis], self.inside[axis], *row[axis + 1 :]) for row in self.cells]
            self._without[axis] = Space(self.inside, cells)
        return self._without[axis]

    def meeting(self, box: Box) -> Rows:
        """Give the rows that hold in some case of a box."""
        found = self.every
        for axis, parts in enumerate(box):
            found &= self.passed_by(axis, parts)
            if not found:
                break
        return found

    def meeting_beside(self, box: Box, axis: int) -> Rows:
        """Give the rows that would meet a box if it were not for one axis."""
        return self.meeting((*box[:axis], self.inside[axis], *box[axis + 1 :]))

    def passed_by(self, axis: int, parts: int) -> Rows:
        """Give the rows that one of some parts passes."""
        known = self._met[axis]
        found = known.get(parts)
        if found is None:
            found = known[parts] = self._passed_by(axis, parts)
        return found

    def covering(self, box: Box, rows: Rows) -> Rows:
        """Give those rows that hold in every case of a box."""
        return sum(1 << row for row in members(rows) if is_within(box, self.cells[row]))

    def _passed_by(self, axis: int, parts: int) -> Rows:
        found, block = 0, 0
        while parts:
            here = parts & _FULL
            if here == _FULL:
                found |= self._blocks[axis][block]
            else:
                for part in members(here):
                    found |= self._passing[axis][block * _BLOCK + part]
            parts >>= _BLOCK
            block += 1
        return found


_BLOCK = 64
_FULL = (1 << _BLOCK) - 1


def members(mask: int) -> Iterator[int]:
    """Give the numbers of a set, rising."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def lowest(mask: int) -> int:
    """Give the least number of a set that is not empty."""
    return (mask & -mask).bit_length() - 1


def common(one: Box, other: Box) -> Box:
    """Give what two boxes have in common."""
    return tuple([parts & also for parts, also in zip(one, other, strict=True)])


def is_within(inner: Box, outer: Box) -> bool:
    """Tell whether a box lies in another."""
    return not any(parts & ~also for parts, also in zip(inner, outer, strict=True))


def passing(cells: Sequence[int], count: int) -> list[Rows]:
    """Give, for each part of an axis, the rows that it passes.

    A cell is a few runs of neighbouring parts, so rows come and go at the ends of runs alone.
    """
    alike: dict[int, Rows] = {}
    for row, cell in enumerate(cells):
        alike[cell] = alike.get(cell, 0) | 1 << row
    turns = [0] * (count + 1)
    for cell, rows in alike.items():
        for part in members(cell ^ (cell << 1)):
            turns[part] ^= rows
    found, here = [], 0
    for turn in turns[:count]:
        here ^= turn
        found.append(here)
    return found


def _blocks(by_part: Sequence[Rows]) -> list[Rows]:
    """Give the union of each whole block of parts, so that wide sets are met in few steps."""
    found = []
    for start in range(0, len(by_part), _BLOCK):
        rows = 0
        for one in by_part[start : start + _BLOCK]:
            rows |= one
        found.append(rows)
    return found
