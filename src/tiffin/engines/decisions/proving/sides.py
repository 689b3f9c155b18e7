"""Two tables over common parts of their inputs, in one space."""

from collections.abc import Iterator, Sequence
from typing import Any

from tiffin.engines.decisions.dmn.tables import HitPolicy
from tiffin.engines.decisions.feel.tree import Tests
from tiffin.engines.decisions.feel.writing import literal_of
from tiffin.engines.decisions.grids.grid import Grid, grids_of
from tiffin.engines.decisions.policy import PolicyTable
from tiffin.engines.decisions.proving.bounds import Impossible, cells_of, with_rows
from tiffin.engines.decisions.proving.common_inputs import with_common_inputs
from tiffin.engines.decisions.proving.differences import Outcome, Standing
from tiffin.engines.decisions.proving.results import Computed
from tiffin.engines.decisions.proving.spaces import Box, Rows, Space, common, members
from tiffin.engines.decisions.proving.subjects import Subject

_NULL = 1
"""Null is the first part of every input, and no list of allowed values refuses it."""


class Side:
    """One of two tables in the common space.

    Parameters
    ----------
    grid : Grid
        The table.
    permitted : Box
        The values that its own inputs may have.
    start : int
        The number of its first row in the space; the one after its last row is its default.
    """

    def __init__(self, grid: Grid, permitted: Box, start: int) -> None:
        self.subject = Subject(grid)
        self.permitted = permitted
        self.start = start
        self.rows: Rows = self.subject.rows << start
        self.boxes = [common(self.subject.box(row), permitted) for row in range(self.subject.count)] + [permitted]
        self.keys = [self._key(row) for row in self.subject.deciders]

    @property
    def end(self) -> int:
        """The number after its default."""
        return self.start + self.subject.count + 1

    @property
    def deciders(self) -> Rows:
        """Its rows in the space, and its default where it has one."""
        return ((1 << len(self.keys)) - 1) << self.start

    def blocking(self, row: int) -> Rows:
        """Give the rows of the space that keep one from deciding."""
        return self.subject.precedence.blocking(row - self.start) << self.start

    def overriding(self, row: int) -> Rows:
        """Give the rows of the space that override one."""
        return self.subject.precedence.overriding(row - self.start) << self.start

    def rivals(self, row: int) -> Rows:
        """Give the rows of the space, after it, that contradict one."""
        return self.subject.precedence.contradicting(row - self.start) << self.start >> (row + 1) << (row + 1)

    def alike(self, key: Any) -> Rows:
        """Give its deciders that give the same."""
        return sum(1 << self.start + row for row, other in enumerate(self.keys) if other == key)

    def key(self, row: int) -> Any:
        """Give what is equal for equal results."""
        return self.keys[row - self.start]

    def outcome(self, row: int) -> Outcome:
        """Give what a row decides."""
        number = row - self.start
        names = [one.name for one in self.subject.policy.table.outputs]
        values = dict(zip(names, self.subject.results[number].values, strict=True))
        return Outcome(Standing.DECIDED, () if number == self.subject.count else (number,), values)

    def nothing(self, standing: Standing, *rows: int) -> Outcome:
        """Say that nothing is decided, and which rows are why."""
        return Outcome(standing, tuple(row - self.start for row in rows), {})

    def _key(self, row: int) -> Any:
        names = [one.name for one in self.subject.policy.table.outputs]
        values = zip(names, self.subject.results[row].values, strict=True)
        return frozenset((name, one if isinstance(one, Computed) else literal_of(one)) for name, one in values)


class Sides:
    """Two tables in one space; the rows of the first come first, and last the cases that cannot be."""

    def __init__(self, before: PolicyTable, after: PolicyTable, never: Sequence[Impossible]) -> None:
        policies = with_common_inputs(before, after)
        out = [cells_of(policies[0], one) for one in never]
        cells = [[tuple(column.allowed or _ANYTHING for column in one.table.inputs), *out] for one in policies]
        grids = grids_of(*policies, *map(with_rows, policies, cells))
        permitted = [tuple(parts | _NULL for parts in one.cells[0]) for one in grids[2:]]
        inside = tuple(axis.inside for axis in grids[0].axes)
        self.axes = grids[0].axes
        self.before = Side(grids[0], common(permitted[0], inside), 0)
        self.after = Side(grids[1], common(permitted[1], inside), self.before.end)
        self.space = Space(inside, [*self.before.boxes, *self.after.boxes, *grids[2].cells[1:]])
        self.never: Rows = ((1 << len(never)) - 1) << self.after.end

    def contradictions(self, side: Side) -> Iterator[tuple[int, int, Box]]:
        """Give pairs of rows of a table that decide nothing where both hold, and where that is.

        Of rows of one priority the first one decides, so they are not among them.
        """
        priority = side.subject.policy.table.hit_policy is HitPolicy.PRIORITY
        for row in members(0 if priority else side.rows):
            box = self.space.cells[row]
            for rival in members(side.rivals(row) & self.space.meeting(box)):
                yield row, rival, common(box, self.space.cells[rival])


_ANYTHING = Tests(())
