"""A table made ready for proofs."""

from collections.abc import Iterator, Sequence

from tiffin.engines.decisions.feel.values import Value
from tiffin.engines.decisions.grids.grid import Grid
from tiffin.engines.decisions.proving.findings import Case
from tiffin.engines.decisions.proving.limits import Limit, case_in, limits_of
from tiffin.engines.decisions.proving.open_cases import open_boxes
from tiffin.engines.decisions.proving.precedence import SEVERAL, Precedence
from tiffin.engines.decisions.proving.results import Computed, results_of
from tiffin.engines.decisions.proving.spaces import Box, Rows, Space


class Subject:
    """A table over the parts of its inputs, what its rows give, and which keep which from deciding.

    The row after the last is what holds where no row does; after it come boxes of cases that cannot be.
    """

    def __init__(self, grid: Grid, never: Sequence[Box] = ()) -> None:
        self.policy = grid.policy
        self.axes = grid.axes
        self.inputs = {axis.domain.name: number for number, axis in enumerate(grid.axes)}
        self.outputs = {one.name: number for number, one in enumerate(grid.policy.table.outputs)}
        self.inside: Box = tuple(axis.inside for axis in grid.axes)
        self.count = len(grid.cells)
        self.rows: Rows = (1 << self.count) - 1
        self.space = Space(self.inside, (*grid.cells, self.inside, *never))
        self.never: Rows = ((1 << len(never)) - 1) << self.count + 1
        self.results = results_of(self.policy)
        self.precedence = Precedence(self.policy, self.results)
        self.has_default = any(one.default is not None for one in self.policy.table.outputs)

    @property
    def adds_up(self) -> bool:
        """Whether rows that hold together come to one number."""
        return self.policy.table.aggregation is not None

    @property
    def gives_lists(self) -> bool:
        """Whether the results of rows that hold together stand beside each other."""
        return self.policy.table.hit_policy in SEVERAL and not self.adds_up

    @property
    def deciders(self) -> range:
        """The numbers of all rows, and of the default where there is one."""
        return range(self.count + self.has_default)

    def box(self, row: int) -> Box:
        """Give where a row holds."""
        return self.space.cells[row]

    def overriding(self, row: int) -> Rows:
        """Give what keeps a row from deciding, as the table means it or because there is no such case."""
        return self.precedence.overriding(row) | self.never

    def blocking(self, row: int) -> Rows:
        """Give what keeps a row from deciding, contradictions included."""
        return self.precedence.blocking(row) | self.never

    def decided(self, row: int, within: Box | None = None) -> Iterator[Box]:
        """Give boxes in which a row decides."""
        box = self.box(row) if within is None else within
        return open_boxes(self.space, box, self.blocking(row))

    def value(self, row: int, output: str) -> Value:
        """Give what a row says of an output: a value, or that it rests on the case."""
        return self.results[row].values[self.outputs[output]]

    def computed(self, output: str) -> list[int]:
        """Give the rows of which an output rests on the case."""
        return [row for row in self.deciders if isinstance(self.value(row, output), Computed)]

    def shown(self, box: Box) -> tuple[tuple[Limit, ...], Case]:
        """Give what a box's cases have in common, and one of them."""
        return limits_of(self.axes, box), case_in(self.axes, box)
