"""Decision tables as grids: what every row says of every part of every input."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tiffin.engines.decisions.dmn.plain import NotPlain, PlainCell, plain_cell
from tiffin.engines.decisions.feel.tree import Tests
from tiffin.engines.decisions.grids.axes import Axis, Cut
from tiffin.engines.decisions.policy import PolicyTable


@dataclass(frozen=True, slots=True)
class Grid:
    """A table over the parts of its inputs.

    Parameters
    ----------
    policy : PolicyTable
        The table.
    axes : tuple of Axis
        One an input, in the table's order.
    cells : tuple
        Of each row, for each axis, a bit for every part that passes the cell.
    """

    policy: PolicyTable
    axes: tuple[Axis, ...]
    cells: tuple[tuple[int, ...], ...]

    @property
    def tiers(self) -> tuple[int, ...]:
        """The tier of each row."""
        return self.policy.table.tiers or (0,) * len(self.cells)


def grid_of(policy: PolicyTable) -> Grid:
    """Cut the inputs of a table wherever it tells values apart.

    Raises
    ------
    NotPlain
        When a cell holds more than plain tests of plain values.
    """
    return grids_of(policy)[0]


def grids_of(*policies: PolicyTable) -> tuple[Grid, ...]:
    """Cut the inputs of several tables alike, wherever any of them tells values apart.

    Parameters
    ----------
    policies : PolicyTable
        Tables of the same inputs, such as versions of one policy. A value may occur if any of them allows it.

    Raises
    ------
    NotPlain
        When a cell holds more than plain tests of plain values, or the inputs are not the same.
    """
    names = [tuple(domain.name for domain in one.domains) for one in policies]
    if any(one != names[0] for one in names):
        raise NotPlain("Tables of different inputs have no parts in common.")
    read = [tuple(_rows(one)) for one in policies]
    cuts = [_cut(policies, read, number) for number in range(len(names[0]))]
    axes = tuple(one.axis for one in cuts)
    return tuple(
        Grid(policy, axes, tuple(tuple(cut.mask(cell) for cut, cell in zip(cuts, row, strict=True)) for row in rows))
        for policy, rows in zip(policies, read, strict=True)
    )


def _rows(policy: PolicyTable) -> Iterator[tuple[PlainCell, ...]]:
    known: dict[int, PlainCell] = {}
    for row in policy.table.rows:
        cells = []
        for tests in row.tests:
            if id(tests) not in known:
                known[id(tests)] = plain_cell(tests, policy.parameters)
            cells.append(known[id(tests)])
        yield tuple(cells)


def _cut(policies: Sequence[PolicyTable], read: Sequence[Sequence[Sequence[PlainCell]]], column: int) -> Cut:
    allowed = [(one.table.inputs[column].allowed or _ANYTHING, one.parameters) for one in policies]
    inside = [plain_cell(tests, parameters) for tests, parameters in allowed]
    return Cut(policies[0].domains[column], {row[column] for rows in read for row in rows}, inside)


_ANYTHING = Tests(())
