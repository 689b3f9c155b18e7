"""A policy as SQL: the number of the row that decides, what it gives, its id and its reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from tiffin.engines.decisions.dmn.plain import NotPlain, plain_cell
from tiffin.engines.decisions.dmn.tables import Aggregation
from tiffin.engines.decisions.feel import evaluating  # noqa: F401 - gives the nodes of cells their meaning
from tiffin.engines.decisions.feel.tree import Tests
from tiffin.engines.decisions.grids.grid import grid_of
from tiffin.engines.decisions.policy import Domain, PolicyTable
from tiffin.engines.decisions.sql.cells import condition, every, outside
from tiffin.engines.decisions.sql.columns import TEXT, ColumnType, Dialect, NotPushed, Pushed, Shape, column
from tiffin.engines.decisions.sql.expressions import Writing
from tiffin.engines.decisions.sql.hit_policies import precedence_of, refuse_lists
from tiffin.engines.decisions.sql.outputs import Output, outputs_of
from tiffin.engines.decisions.sql.precedence import Precedence
from tiffin.engines.decisions.sql.results import results_of
from tiffin.engines.decisions.sql.rows import row_by_row, row_by_tree, unless_outside
from tiffin.engines.decisions.sql.splitting import TooWide
from tiffin.engines.decisions.sql.values import pushed

ROW = "row"
"""The column in which `PolicySql.select` tells the row that decides."""


@dataclass(frozen=True, slots=True)
class PolicySql:
    """A policy as expressions of SQL, which say of every case what the single decision says.

    Parameters
    ----------
    policy : PolicyTable
        The policy.
    facts : Mapping
        The columns of the cases, by name, with their types.
    row : Expression
        A whole number: that of the row that decides, from 1; of a sum or count, the first row that holds.
        `precedence.GAP` where no row holds, `OUTSIDE` where a value is not among those that its input may have,
        `CONTRADICTION` where rows hold that may not hold together.
    outputs : tuple of Output
        What the table gives.
    """

    policy: PolicyTable
    facts: Mapping[str, ColumnType]
    dialect: Dialect
    row: exp.Expr
    outputs: tuple[Output, ...]

    def row_id(self, row: exp.Expr) -> exp.Expr:
        """Write the id of the row that decides; null where none does."""
        ids = tuple(pushed(one) for one in self.policy.row_ids)
        return Output("row id", TEXT, ids, None, self.dialect).of(row)

    def select(self, cases: str, *keep: str) -> exp.Select:
        """Select the row and the outputs of all cases of a table.

        Parameters
        ----------
        *keep : str
            Columns of the cases that are selected too.
        """
        row = exp.column(ROW, quoted=True)
        every_fact = [exp.column(name, quoted=True) for name in dict.fromkeys((*keep, *self.facts))]
        decided = exp.select(*every_fact, exp.alias_(self.row.copy(), ROW, quoted=True)).from_(
            exp.table_(cases, quoted=True)
        )
        kept = [exp.column(name, quoted=True) for name in keep]
        given = [exp.alias_(one.of(row), one.name, quoted=True) for one in self.outputs]
        return exp.select(*kept, row, *given).from_(decided.subquery("decided"))


def push(
    policy: PolicyTable, facts: Mapping[str, ColumnType], dialect: Dialect, *, is_proven: bool = False
) -> PolicySql:
    """Write a policy as SQL.

    Parameters
    ----------
    facts : Mapping
        The columns of the cases, by name, with their types.
    is_proven : bool
        No two rows of one tier that say otherwise can hold together, so that nobody has to look whether they do.

    Raises
    ------
    NotPushed
        When SQL would not say of every case exactly what the single decision says; the message tells why.
    """
    try:
        return _pushed(policy, facts, dialect, is_proven=is_proven)
    except NotPlain as fault:
        raise NotPushed(str(fault)) from None


def _pushed(policy: PolicyTable, facts: Mapping[str, ColumnType], dialect: Dialect, *, is_proven: bool) -> PolicySql:
    table = policy.table
    refuse_lists(table)
    writing = Writing({name: column(name, kind) for name, kind in facts.items()}, policy.parameters, dialect)
    inputs = [_input(policy, number, writing) for number in range(len(table.inputs))]
    results = results_of(policy, writing)
    precedence = precedence_of(policy, results, is_proven=is_proven)
    beyond = [
        outside(value, plain_cell(one.allowed, policy.parameters))
        for value, one in zip(inputs, table.inputs, strict=True)
        if one.allowed is not None
    ]
    summed = table.aggregation in (Aggregation.SUM, Aggregation.COUNT)
    row = None if summed else _by_tree(policy, inputs, precedence)
    conditions = [] if row is not None else _conditions(policy, inputs, writing)
    row = row or row_by_row(conditions, precedence)
    outputs = outputs_of(policy, results, conditions, dialect)
    return PolicySql(policy, facts, dialect, unless_outside(row, [one for one in beyond if one is not None]), outputs)


_UNTESTED = Pushed(exp.null(), TEXT)
"""An input that no row tests, and that may have any value."""


def _input(policy: PolicyTable, number: int, writing: Writing) -> Pushed:
    one = policy.table.inputs[number]
    if one.allowed is None and not any(row.tests[number].tests for row in policy.table.rows):
        return _UNTESTED
    found = writing.write(one.value)
    if found is None:
        raise NotPushed(f"The input {policy.domains[number].name} is always null.")
    return found


def _by_tree(policy: PolicyTable, inputs: Sequence[Pushed], precedence: Precedence) -> exp.Expr | None:
    domains = tuple(
        Domain(known.name)
        if one is _UNTESTED
        else Domain(known.name, one.type.kind, whole=one.type.shape is Shape.WHOLE)
        for known, one in zip(policy.domains, inputs, strict=True)
    )
    try:
        return row_by_tree(grid_of(replace(policy, domains=domains)), precedence, inputs)
    except (NotPlain, TooWide):
        return None


def _conditions(policy: PolicyTable, inputs: Sequence[Pushed], writing: Writing) -> list[exp.Expr]:
    return [
        every(
            [
                one
                for one in (
                    _cell(policy, tests, value, writing) for tests, value in zip(row.tests, inputs, strict=True)
                )
                if one is not None
            ]
            or [exp.true()]
        )
        for row in policy.table.rows
    ]


def _cell(policy: PolicyTable, tests: Tests, value: Pushed, writing: Writing) -> exp.Expr | None:
    if not tests.tests:
        return None
    try:
        return condition(value, plain_cell(tests, policy.parameters))
    except NotPlain:
        return writing.cell(tests, value)
