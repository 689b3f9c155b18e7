"""Decision tables: which rules hold, and what the hit policy makes of them.

References
----------
OMG, Decision Model and Notation 1.5, §8.2.10 (hit policies) and §10.3.4 (FEEL's decision table).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from tiffin.engines.decisions.feel.calling import BUILT_INS, call
from tiffin.engines.decisions.feel.comparing import same
from tiffin.engines.decisions.feel.conversions import converted
from tiffin.engines.decisions.feel.faults import FeelFault
from tiffin.engines.decisions.feel.run import Run, means
from tiffin.engines.decisions.feel.tree import Node, Tests
from tiffin.engines.decisions.feel.types import ANY, Type
from tiffin.engines.decisions.feel.values import Scope, Value
from tiffin.engines.decisions.feel.writing import literal_of


class HitPolicy(StrEnum):
    """What a table says when several rules hold."""

    UNIQUE = "UNIQUE"
    ANY = "ANY"
    PRIORITY = "PRIORITY"
    FIRST = "FIRST"
    RULE_ORDER = "RULE ORDER"
    OUTPUT_ORDER = "OUTPUT ORDER"
    COLLECT = "COLLECT"


class Aggregation(StrEnum):
    """What a collecting table makes of its results."""

    SUM = "SUM"
    MIN = "MIN"
    MAX = "MAX"
    COUNT = "COUNT"


@dataclass(frozen=True, slots=True)
class InputColumn:
    """What a column tests, and the values that it may have."""

    value: Node
    allowed: Tests | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class OutputColumn:
    """What a column gives: its values in the order of their priority, and what holds where no rule does."""

    name: str
    priorities: tuple[Node, ...] = ()
    allowed: Tests | None = None
    default: Node | None = None
    type: Type = ANY


@dataclass(frozen=True, slots=True)
class Row:
    """A rule: its tests in the order of the inputs, its results in the order of the outputs, its annotations."""

    tests: tuple[Tests, ...]
    results: tuple[Node, ...]
    annotations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableOf(Node):
    """A decision table as a tree.

    Parameters
    ----------
    tiers : tuple of int
        A number for each row; none where all are of one tier. Of the rows that hold those of the highest tier count,
        and the hit policy decides among them.
    """

    inputs: tuple[InputColumn, ...]
    outputs: tuple[OutputColumn, ...]
    rows: tuple[Row, ...]
    hit_policy: HitPolicy
    aggregation: Aggregation | None = None
    tiers: tuple[int, ...] = ()


@means(TableOf)
def decide(table: TableOf, scope: Scope, run: Run) -> Value:
    """Decide one case."""
    values = [_input(one, scope, run) for one in table.inputs]
    return outcome(table, rows_that_hold(table, values, scope, run), scope, run)


def rows_that_hold(table: TableOf, values: Sequence[Value], scope: Scope, run: Run) -> list[Row]:
    """Give the rows of which every test is passed, of the highest tier that has any."""
    held = [number for number, row in enumerate(table.rows) if _holds(row, values, scope, run)]
    if table.tiers and held:
        highest = max(table.tiers[number] for number in held)
        held = [number for number in held if table.tiers[number] == highest]
    return [table.rows[number] for number in held]


def outcome(table: TableOf, hits: list[Row], scope: Scope, run: Run) -> Value:
    """Make of the rows that hold what the hit policy says."""
    if not hits:
        return _default(table, scope, run)
    return _POLICIES[table.hit_policy](table, hits, scope, run)


def _input(column: InputColumn, scope: Scope, run: Run) -> Value:
    value = run.evaluate(column.value, scope)
    if not permits(column, value, scope, run):
        raise FeelFault(f"{literal_of(value)[:60]} is not among the values of the input {column.label}.")
    return value


def permits(column: InputColumn, value: Value, scope: Scope, run: Run) -> bool:
    """Tell whether a value is among those that an input may have; null always is."""
    if column.allowed is None or value is None:
        return True
    return run.evaluate(column.allowed, scope.with_values({"?": value})) is True


def _holds(row: Row, values: Sequence[Value], scope: Scope, run: Run) -> bool:
    return all(
        not tests.tests or run.evaluate(tests, scope.with_values({"?": value})) is True
        for tests, value in zip(row.tests, values, strict=True)
    )


def _result(table: TableOf, row: Row, scope: Scope, run: Run) -> Value:
    found = [
        _output(column, run.evaluate(one, scope), scope, run)
        for column, one in zip(table.outputs, row.results, strict=True)
    ]
    if len(found) == 1:
        return found[0]
    return {column.name: value for column, value in zip(table.outputs, found, strict=True)}


def _output(column: OutputColumn, value: Value, scope: Scope, run: Run) -> Value:
    try:
        value = converted(value, column.type, run)
    except FeelFault as fault:
        raise FeelFault(f"{column.name or 'output'}: {fault}") from None
    if value is None or column.allowed is None:
        return value
    if run.evaluate(column.allowed, scope.with_values({"?": value})) is not True:
        raise FeelFault(f"{literal_of(value)[:60]} is not among the values of the output {column.name}.")
    return value


def _default(table: TableOf, scope: Scope, run: Run) -> Value:
    several = table.hit_policy in _SEVERAL and table.aggregation is None
    if all(one.default is None for one in table.outputs):
        return [] if several else Decimal(0) if table.aggregation is Aggregation.COUNT else None
    found = [None if one.default is None else run.evaluate(one.default, scope) for one in table.outputs]
    value = found[0] if len(found) == 1 else {one.name: v for one, v in zip(table.outputs, found, strict=True)}
    return value if not several or isinstance(value, list) else [value]


def _unique(table: TableOf, hits: list[Row], scope: Scope, run: Run) -> Value:
    if len(hits) > 1:
        numbers = ", ".join(str(_number(table, one)) for one in hits)
        raise FeelFault(f"One rule at most may hold in a unique table; rules {numbers} do.")
    return _result(table, hits[0], scope, run)


def _any(table: TableOf, hits: list[Row], scope: Scope, run: Run) -> Value:
    found = [_result(table, one, scope, run) for one in hits]
    if not all(same(one, found[0]) for one in found):
        numbers = ", ".join(str(_number(table, one)) for one in hits)
        raise FeelFault(f"All rules that hold have to say the same; rules {numbers} do not.")
    return found[0]


def _number(table: TableOf, row: Row) -> int:
    return next(number for number, one in enumerate(table.rows, 1) if one is row)


def _first(table: TableOf, hits: list[Row], scope: Scope, run: Run) -> Value:
    return _result(table, hits[0], scope, run)


def _rule_order(table: TableOf, hits: list[Row], scope: Scope, run: Run) -> Value:
    return [_result(table, one, scope, run) for one in hits]


def _output_order(table: TableOf, hits: list[Row], scope: Scope, run: Run) -> Value:
    """Sort by the order of the first column's values, then the next one's."""
    orders = [[run.evaluate(one, scope) for one in column.priorities] for column in table.outputs]
    ranked = []
    for row in hits:
        values = [run.evaluate(one, scope) for one in row.results]
        ranked.append(([_rank(value, order) for value, order in zip(values, orders, strict=True)], row))
    return [_result(table, row, scope, run) for _, row in sorted(ranked, key=lambda one: one[0])]


def _rank(value: Value, order: list[Value]) -> int:
    return next((number for number, one in enumerate(order) if same(value, one)), len(order))


def _priority(table: TableOf, hits: list[Row], scope: Scope, run: Run) -> Value:
    return _output_order(table, hits, scope, run)[0]


def _collect(table: TableOf, hits: list[Row], scope: Scope, run: Run) -> Value:
    found = [_result(table, one, scope, run) for one in hits]
    if table.aggregation is None:
        return found
    if len(table.outputs) == 1 or table.aggregation is Aggregation.COUNT:
        return _aggregated(table.aggregation, found, run)
    names = [one.name for one in table.outputs]
    return {name: _aggregated(table.aggregation, [one[name] for one in found], run) for name in names}


def _aggregated(aggregation: Aggregation, found: list[Value], run: Run) -> Value:
    return call(BUILT_INS[aggregation.lower()], [found], (), run)


_SEVERAL = (HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER, HitPolicy.COLLECT)

_POLICIES: Mapping[HitPolicy, Callable[[TableOf, list[Row], Scope, Run], Value]] = {
    HitPolicy.UNIQUE: _unique,
    HitPolicy.ANY: _any,
    HitPolicy.PRIORITY: _priority,
    HitPolicy.FIRST: _first,
    HitPolicy.RULE_ORDER: _rule_order,
    HitPolicy.OUTPUT_ORDER: _output_order,
    HitPolicy.COLLECT: _collect,
}
