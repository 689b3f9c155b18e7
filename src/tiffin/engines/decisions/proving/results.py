"""What the rows of a table give, as far as that is known without a case."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from tiffin.engines.decisions.dmn.plain import is_constant
from tiffin.engines.decisions.dmn.tables import HitPolicy, Row, TableOf, outcome
from tiffin.engines.decisions.feel.evaluating import evaluate_in
from tiffin.engines.decisions.feel.faults import FeelFault
from tiffin.engines.decisions.feel.run import Run
from tiffin.engines.decisions.feel.tree import Node
from tiffin.engines.decisions.feel.values import Scope, Value
from tiffin.engines.decisions.feel.writing import literal_of
from tiffin.engines.decisions.policy import PolicyTable


@dataclass(frozen=True, slots=True)
class Computed:
    """A result that rests on the case: equal to no other but one that is written alike."""

    node: Node


@dataclass(frozen=True, slots=True)
class Result:
    """What a row gives.

    Parameters
    ----------
    values : tuple
        One an output: a value, or `Computed`.
    refused : str
        Why the values are none that the outputs may have; empty where they are.
    """

    values: tuple[Value, ...]
    refused: str = ""

    @property
    def key(self) -> Any:
        """What is equal for equal results, and can be looked up."""
        return tuple(one if isinstance(one, Computed) else literal_of(one) for one in self.values)


def results_of(policy: PolicyTable) -> tuple[Result, ...]:
    """Give what each row gives, in their order, and last what holds where no row does."""
    single = replace(policy.table, hit_policy=HitPolicy.FIRST, aggregation=None, tiers=())
    known: dict[tuple[Node, ...], Result] = {}
    found = []
    for row in policy.table.rows:
        if row.results not in known:
            known[row.results] = _result(single, row, policy.parameters)
        found.append(known[row.results])
    return (*found, _default(policy.table, policy.parameters))


def _result(single: TableOf, row: Row, parameters: Mapping[str, Value]) -> Result:
    if not all(is_constant(one, parameters) for one in row.results):
        scope = Scope(parameters)
        return Result(
            tuple(_value(one, scope) if is_constant(one, parameters) else Computed(one) for one in row.results)
        )
    run = Run()
    scope = Scope(parameters)
    try:
        value = outcome(single, [row], scope, run)
    except FeelFault as fault:
        return Result(tuple(_value(one, scope) for one in row.results), str(fault))
    return Result(_parts(single, value), run.notes[0].said if run.notes else "")


def _default(table: TableOf, parameters: Mapping[str, Value]) -> Result:
    scope = Scope(parameters)
    return Result(tuple(None if one.default is None else _value(one.default, scope) for one in table.outputs))


def _value(node: Node, scope: Scope) -> Value:
    return evaluate_in(Run(), node, scope)


def _parts(table: TableOf, value: Value) -> tuple[Value, ...]:
    return (value,) if len(table.outputs) == 1 else tuple(value[one.name] for one in table.outputs)
