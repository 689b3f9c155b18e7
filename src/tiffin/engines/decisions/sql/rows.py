"""The number of the row that decides, as one expression.

A table of plain cells is split into a tree of tests; any other, or one whose tree would be much larger than the table,
is tested row by row.
"""

from collections.abc import Sequence
from functools import reduce

from sqlglot import exp

from tiffin.engines.decisions.grids.grid import Grid
from tiffin.engines.decisions.sql.cells import condition, either
from tiffin.engines.decisions.sql.columns import Pushed
from tiffin.engines.decisions.sql.literals import integer
from tiffin.engines.decisions.sql.precedence import CONTRADICTION, GAP, OUTSIDE, Precedence
from tiffin.engines.decisions.sql.splitting import Tree, tree_of

_COUNTS = 1 << 32
"""What a row that holds adds to a sum beside its own number, so that the sum tells how many there were."""


def row_by_tree(grid: Grid, precedence: Precedence, inputs: Sequence[Pushed]) -> exp.Expr:
    """Write the row as a tree of tests.

    Raises
    ------
    TooWide
        When the tree would be much larger than the table.
    """
    return _case(tree_of(grid, precedence), inputs)


def row_by_row(conditions: Sequence[exp.Expr], precedence: Precedence) -> exp.Expr:
    """Write the row by the condition of each.

    Parameters
    ----------
    conditions : Sequence
        Of each row, in the table's order; true exactly where it holds.
    """
    first = exp.Case(default=integer(GAP))
    for number in precedence.order:
        first = first.when(conditions[number].copy(), integer(number + 1))
    if precedence.results is None:
        return first
    groups = _groups(precedence)
    decided: exp.Expr = integer(GAP)
    for tier in sorted(groups):
        found = _checked(groups[tier], conditions, first, each_alone=_each_alone(groups[tier]))
        any_holds = either([conditions[number].copy() for rows in groups[tier].values() for number in rows])
        decided = found if len(groups) == 1 else exp.Case(default=decided).when(any_holds, found)
    return decided


def unless_outside(row: exp.Expr, outside: Sequence[exp.Expr]) -> exp.Expr:
    """Let no row hold where a value is not among the allowed ones."""
    return row if not outside else exp.Case(default=row).when(either(list(outside)), integer(OUTSIDE))


def _case(tree: Tree, inputs: Sequence[Pushed]) -> exp.Expr:
    if not tree.branches:
        return integer(tree.code)
    case = exp.Case(default=integer(tree.code))
    for branch in tree.branches:
        tested = condition(inputs[branch.axis], branch.test)
        case = case.when(exp.true() if tested is None else tested, _case(branch.then, inputs), copy=False)
    return case


def _groups(precedence: Precedence) -> dict[int, dict[int, list[int]]]:
    """Give, of each tier, the rows by their results."""
    groups: dict[int, dict[int, list[int]]] = {}
    for number in precedence.order:
        result = precedence.results[number] if precedence.results else number
        groups.setdefault(precedence.tiers[number], {}).setdefault(result, []).append(number)
    return groups


def _each_alone(groups: dict[int, list[int]]) -> bool:
    return all(len(rows) == 1 for rows in groups.values())


def _checked(
    groups: dict[int, list[int]], conditions: Sequence[exp.Expr], first: exp.Expr, *, each_alone: bool
) -> exp.Expr:
    """Write the row of a tier, or that rows of different results hold.

    Each group that holds adds its number and one more count; a sum of two counts or more is brought to one number.
    """
    terms: list[exp.Expr] = []
    for rows in groups.values():
        holds = either([conditions[number].copy() for number in rows])
        terms.append(exp.Case(default=integer(0)).when(holds, integer(_COUNTS + rows[0] + 1)))
    total = reduce(lambda one, other: exp.Add(this=one, expression=other), terms)
    capped = exp.func("LEAST", total, integer(2 * _COUNTS + CONTRADICTION))
    shifted = exp.Paren(this=exp.Sub(this=capped, expression=integer(CONTRADICTION)))
    found = exp.Add(this=exp.Mod(this=shifted, expression=integer(_COUNTS)), expression=integer(CONTRADICTION))
    if each_alone:
        return found
    return exp.Case(default=first.copy()).when(exp.LT(this=found, expression=integer(GAP)), integer(CONTRADICTION))
