"""What FEEL's expressions mean: each kind of node, evaluated in a scope."""

from collections.abc import Mapping
from datetime import UTC, datetime

from tiffin.engines.decisions.feel import evaluating_arithmetic, evaluating_lists, evaluating_members  # noqa: F401 - they declare meanings
from tiffin.engines.decisions.feel.calendar import DateTime, Time
from tiffin.engines.decisions.feel.calling import BUILT_INS, BuiltIn, call
from tiffin.engines.decisions.feel.comparing import compared, within
from tiffin.engines.decisions.feel.conversions import converted, is_instance
from tiffin.engines.decisions.feel.faults import Exhausted, FeelFault
from tiffin.engines.decisions.feel.from_python import feel_value
from tiffin.engines.decisions.feel.functions import (  # noqa: F401 - they declare built-in functions
    contexts,
    conversion,
    dates,
    lists,
    numbers,
    ranges,
    statistics,
    strings,
)
from tiffin.engines.decisions.feel.run import Run, means
from tiffin.engines.decisions.feel.tree import (
    Between,
    Bound,
    Call,
    Comparison,
    Constant,
    ContextOf,
    Faulty,
    FunctionOf,
    If,
    In,
    InstanceOf,
    ListOf,
    Logic,
    Name,
    Node,
    RangeOf,
    Test,
    Tests,
    Typed,
)
from tiffin.engines.decisions.feel.unary import passes
from tiffin.engines.decisions.feel.values import Function, Range, Scope, Value, described

ZONE_STEPS = 16
"""Steps of comparing moments, each of which may lie in a zone."""


def evaluate(node: Node, values: Mapping[str, Value], *, now: datetime | None = None) -> Value:
    """Compute an expression with these variables.

    Raises
    ------
    Exhausted
        When it takes more steps, depth or room than any decision may.
    """
    run = Run(now=now or datetime(1970, 1, 1, tzinfo=UTC))
    return evaluate_in(run, node, Scope({name: feel_value(value) for name, value in values.items()}))


def evaluate_in(run: Run, node: Node, scope: Scope) -> Value:
    """Compute an expression in a run of its own making; Python's own depth is bounded too."""
    try:
        return run.evaluate(node, scope)
    except RecursionError:
        raise Exhausted("An expression is nested too deeply to be evaluated here.") from None


@means(Constant)
def _constant(node: Constant, _scope: Scope, _run: Run) -> Value:
    return node.value


@means(Faulty)
def _faulty(node: Faulty, _scope: Scope, _run: Run) -> Value:
    raise FeelFault(node.said)


@means(Name)
def _name(node: Name, scope: Scope, _run: Run) -> Value:
    place: Scope | None = scope
    while place is not None:
        if node.name in place.values:
            return place.values[node.name]
        place = place.outer
    found: BuiltIn | None = BUILT_INS.get(node.name)
    if found is None:
        raise FeelFault(f"There is no {node.name} here.")
    return found


@means(Call)
def _call(node: Call, scope: Scope, run: Run) -> Value:
    function = run.evaluate(node.function, scope)
    return call(function, [run.evaluate(one, scope) for one in node.arguments], node.names, run)


@means(Comparison)
def _comparison(node: Comparison, scope: Scope, run: Run) -> Value:
    left, right = run.evaluate(node.left, scope), run.evaluate(node.right, scope)
    if isinstance(left, DateTime | Time):
        run.spend(ZONE_STEPS)
    return compared(node.operator, left, right)


@means(Logic)
def _logic(node: Logic, scope: Scope, run: Run) -> Value:
    """Walk a long chain of one operator without nesting; what decides it ends the walk."""
    chain: list[Node] = []
    left: Node = node
    while isinstance(left, Logic) and left.operator == node.operator:
        chain.append(left.right)
        left = left.left
    decisive = node.operator == "or"
    result: bool | None = not decisive
    for one in (left, *reversed(chain)):
        value = run.evaluate(one, scope)
        if value is decisive:
            return decisive
        result = None if value is not (not decisive) else result
    return result


@means(Between)
def _between(node: Between, scope: Scope, run: Run) -> Value:
    value, low, high = (run.evaluate(one, scope) for one in (node.value, node.low, node.high))
    return within(value, Range(low, high, low_included=True, high_included=True))


@means(In)
def _in(node: In, scope: Scope, run: Run) -> Value:
    return _any_passed(node.tests, run.evaluate(node.value, scope), scope, run)


@means(Tests)
def _tests(node: Tests, scope: Scope, run: Run) -> Value:
    if not node.tests:
        return True
    found = _any_passed(node.tests, scope.values.get("?"), scope, run)
    return found if not node.negated or found is None else not found


@means(If)
def _if(node: If, scope: Scope, run: Run) -> Value:
    condition = run.evaluate(node.condition, scope)
    if node.strict and condition is not None and not isinstance(condition, bool):
        raise FeelFault(f"A condition was expected; found a {described(condition)}.")
    return run.evaluate(node.then if condition is True else node.otherwise, scope)


@means(InstanceOf)
def _instance_of(node: InstanceOf, scope: Scope, run: Run) -> Value:
    return is_instance(run.evaluate(node.value, scope), node.type, run)


@means(ListOf)
def _list(node: ListOf, scope: Scope, run: Run) -> Value:
    return [run.evaluate(one, scope) for one in node.items]


@means(ContextOf)
def _context(node: ContextOf, scope: Scope, run: Run) -> Value:
    values: dict[str, Value] = {}
    inner = scope.with_values(values)
    for key, one in node.entries:
        values[key] = run.evaluate(one, inner)
    return values if node.result is None else run.evaluate(node.result, inner)


@means(RangeOf)
def _range(node: RangeOf, scope: Scope, run: Run) -> Value:
    low, high = run.evaluate(node.low, scope), run.evaluate(node.high, scope)
    if low is not None and high is not None and not compared("<=", low, high):
        raise FeelFault("A range has to end where it starts or later.")
    return Range(low, high, node.low_included, node.high_included)


@means(Bound)
def _bound(node: Bound, scope: Scope, run: Run) -> Value:
    end = run.evaluate(node.endpoint, scope)
    included = node.operator in ("<=", ">=", "=")
    low = None if node.operator in ("<", "<=") else end
    high = None if node.operator in (">", ">=") else end
    above = included and low is not None
    return Range(low, high, above, included and high is not None, node.operator)


@means(FunctionOf)
def _function(node: FunctionOf, scope: Scope, _run: Run) -> Value:
    return Function(node.parameters, node.body, scope, node.result, node.external)


@means(Typed)
def _typed(node: Typed, scope: Scope, run: Run) -> Value:
    try:
        return converted(run.evaluate(node.value, scope), node.type, run)
    except FeelFault as fault:
        raise FeelFault(f"{node.what}: {fault}" if node.what else str(fault)) from None


def _any_passed(tests: tuple[Bound | Test, ...], value: Value, scope: Scope, run: Run) -> bool | None:
    """Tell whether a value passes a test; null when none is passed and one could not be told."""
    result: bool | None = False
    inner = scope.with_values({"?": value})
    for one in tests:
        found = passes(one, value, inner, run)
        if found:
            return True
        result = None if found is None else result
    return result
