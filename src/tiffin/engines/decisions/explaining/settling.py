"""A policy made ready to decide single cases: compiled where its table is plain, interpreted where it is not."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from tiffin.engines.decisions.dmn.compiling import CompiledTable
from tiffin.engines.decisions.dmn.plain import NotPlain
from tiffin.engines.decisions.dmn.tables import HitPolicy, TableOf, outcome
from tiffin.engines.decisions.feel import evaluating  # noqa: F401 - it declares what expressions mean
from tiffin.engines.decisions.feel.comparing import same
from tiffin.engines.decisions.feel.faults import FeelFault
from tiffin.engines.decisions.feel.run import Run
from tiffin.engines.decisions.feel.values import Scope, Value
from tiffin.engines.decisions.grids.grid import Grid, grid_of
from tiffin.engines.decisions.policy import PolicyTable

HOLDS = -1
"""Instead of the input that fails a row: none does."""

AGREEING = (HitPolicy.UNIQUE, HitPolicy.ANY)
"""Hit policies by which rows that hold together may contradict each other."""


class Settled(NamedTuple):
    """What a table makes of a case.

    Parameters
    ----------
    rows : tuple of int
        The rows, from 0, that decide, in the table's order; none in a gap.
    value : Value
        The outcome: of one output its value, of several a context; null in a gap without default, or a conflict.
    conflict : str
        Why rows that hold contradict each other; empty where they do not.
    """

    rows: tuple[int, ...]
    value: Value
    conflict: str = ""


class ReadyPolicy:
    """A policy made ready for many single decisions.

    Parameters
    ----------
    policy : PolicyTable
        The policy, of any hit policy.
    """

    def __init__(self, policy: PolicyTable) -> None:
        self.policy = policy
        self.names = tuple(one.name for one in policy.domains)
        self.compiled = _compiled(policy)
        self.tiers = policy.table.tiers or (0,) * len(policy.table.rows)

    @cached_property
    def grid(self) -> Grid:
        """The parts into which its cells cut its inputs.

        Raises
        ------
        NotPlain
            When a cell holds more than plain tests of plain values.
        """
        return grid_of(self.policy)

    def settle(self, values: Sequence[Value]) -> Settled:
        """Decide one case.

        Parameters
        ----------
        values : Sequence
            The values of the inputs, in their order, which their columns allow.
        """
        if self.compiled is None:
            return self.settle_rows(values, self.held(self.follow(values)))
        found = self.compiled.decide(values, values)
        if len(found.rows) > 1 and self.policy.table.hit_policy in AGREEING:
            return self.settle_rows(values, tuple(number - 1 for number in found.rows))
        return Settled(tuple(number - 1 for number in found.rows), found.value)

    def follow(self, values: Sequence[Value]) -> tuple[int, ...]:
        """Tell of each row the first input, from 0, that fails it, or `HOLDS`."""
        if self.compiled is not None:
            return self.compiled.trace(values, values).failed
        return tuple(self._first_failed(number, values) for number in range(len(self.policy.table.rows)))

    def held(self, failed: Sequence[int]) -> tuple[int, ...]:
        """Give the rows that hold, of the highest tier that has any."""
        return self.highest(number for number, one in enumerate(failed) if one == HOLDS)

    def highest(self, holding: Iterable[int]) -> tuple[int, ...]:
        """Give of some rows those of the highest tier."""
        held = tuple(holding)
        highest = max((self.tiers[number] for number in held), default=0)
        return tuple(number for number in held if self.tiers[number] == highest)

    def settle_rows(self, values: Sequence[Value], held: Sequence[int]) -> Settled:
        """Make of rows that hold, all of one tier, what the hit policy says."""
        table = self.policy.table
        scope = self._scope(values)
        run = Run()
        try:
            value = outcome(table, [table.rows[number] for number in held], scope, run)
        except FeelFault as fault:
            return Settled(tuple(held), None, str(fault))
        return Settled(self._deciding(held, value, scope), value)

    def _deciding(self, held: Sequence[int], value: Value, scope: Scope) -> tuple[int, ...]:
        """Give those of the rows that hold of which the outcome is made."""
        table = self.policy.table
        if table.hit_policy is HitPolicy.FIRST:
            return tuple(held[:1])
        if table.hit_policy is not HitPolicy.PRIORITY:
            return tuple(held)
        alone = ((number, outcome(table, [table.rows[number]], scope, Run())) for number in held)
        return tuple(number for number, one in alone if same(one, value))[:1]

    def _first_failed(self, number: int, values: Sequence[Value]) -> int:
        scope = self._scope(values)
        for column, tests in enumerate(self.policy.table.rows[number].tests):
            inner = scope.with_values({"?": values[column]})
            if tests.tests and Run().evaluate(tests, inner) is not True:
                return column
        return HOLDS

    def _scope(self, values: Sequence[Value]) -> Scope:
        return Scope(dict(zip(self.names, values, strict=True)), Scope(self.policy.parameters))


def bits(mask: int) -> Iterator[int]:
    """Give the numbers of the bits that are set, the lowest first."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def outputs_of(table: TableOf, value: Value) -> Mapping[str, Value]:
    """Give an outcome by the names of the outputs; where rows are listed, each output is a list.

    Examples
    --------
    >>> from tiffin.engines.decisions.dmn.tables import OutputColumn
    >>> two = TableOf((), (OutputColumn("a"), OutputColumn("b")), (), HitPolicy.COLLECT)
    >>> outputs_of(two, [{"a": 1, "b": 2}, {"a": 3, "b": 4}])
    {'a': [1, 3], 'b': [2, 4]}
    """
    names = [one.name for one in table.outputs]
    if len(names) == 1:
        return {names[0]: value}
    if isinstance(value, dict):
        return {name: value.get(name) for name in names}
    if isinstance(value, list):
        return {name: [one.get(name) for one in value if isinstance(one, dict)] for name in names}
    return dict.fromkeys(names, value)


def _compiled(policy: PolicyTable) -> CompiledTable | None:
    try:
        return CompiledTable(policy.table, policy.parameters)
    except NotPlain:
        return None
