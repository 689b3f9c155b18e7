"""Filters, loops and quantifiers."""

from collections.abc import Iterator
from decimal import Decimal

from tiffin.engines.decisions.feel.calendar import Date, from_ordinal
from tiffin.engines.decisions.feel.comparing import same
from tiffin.engines.decisions.feel.faults import FeelFault
from tiffin.engines.decisions.feel.numbers import whole
from tiffin.engines.decisions.feel.run import Run, means
from tiffin.engines.decisions.feel.tree import Filter, For, Iteration, Quantified
from tiffin.engines.decisions.feel.values import Range, Scope, Value, described


@means(Filter)
def _filter(node: Filter, scope: Scope, run: Run) -> Value:
    source = run.evaluate(node.source, scope)
    if source is None:
        raise FeelFault("A list was expected; found null.")
    items = source if isinstance(source, list) else [source]
    if not items:
        return None if isinstance(run.evaluate(node.condition, scope), Decimal) else []
    kept: list[Value] = []
    for one in items:
        found = run.evaluate(node.condition, _seeing(one, scope))
        if isinstance(found, Decimal):
            return _at(items, found)
        if found is not None and not isinstance(found, bool):
            raise FeelFault(f"A condition or a position was expected; found a {described(found)}.")
        if found:
            kept.append(one)
    return kept


@means(For)
def _for(node: For, scope: Scope, run: Run) -> Value:
    results: list[Value] = []
    for inner in _combinations(node.iterations, scope, run):
        run.spend(1)
        if node.partial:
            run.spend(len(results))
            inner = inner.with_values({"partial": list(results)})  # noqa: PLW2901 - the scope with one more name
        results.append(run.evaluate(node.result, inner))
        if node.partial:
            run.check_depth(results[-1])
    return results


@means(Quantified)
def _quantified(node: Quantified, scope: Scope, run: Run) -> Value:
    """Join the conditions by ``and`` or ``or`` of three-valued logic."""
    result: bool | None = node.every
    for inner in _combinations(node.iterations, scope, run):
        found = run.evaluate(node.condition, inner)
        if found is (not node.every):
            return found
        if not isinstance(found, bool):
            result = None
    return result


def _combinations(iterations: tuple[Iteration, ...], scope: Scope, run: Run) -> Iterator[Scope]:
    """Give a scope for each combination, the last variable changing fastest."""
    if not iterations:
        yield scope
        return
    first, rest = iterations[0], iterations[1:]
    for value in _values(first, scope, run):
        run.spend(1)
        yield from _combinations(rest, scope.with_values({first.variable: value}), run)


def _values(iteration: Iteration, scope: Scope, run: Run) -> Iterator[Value]:
    start = run.evaluate(iteration.values, scope)
    if iteration.until is not None:
        yield from _steps(start, run.evaluate(iteration.until, scope))
    elif isinstance(start, Range):
        excluded = [] if start.low_included else [start.low]
        excluded += [] if start.high_included else [start.high]
        yield from (one for one in _steps(start.low, start.high) if not any(same(one, end) for end in excluded))
    elif isinstance(start, list):
        yield from start
    elif start is None:
        raise FeelFault("A list was expected; found null.")
    else:
        yield start


def _steps(start: Value, end: Value) -> Iterator[Value]:
    """Count from one whole number or day to another, upwards or downwards."""
    first, last = _counted(start), _counted(end)
    if first is None or last is None or type(start) is not type(end):
        raise FeelFault(f"Whole numbers or dates were expected; found a {described(start)} and a {described(end)}.")
    for one in range(first, last + 1) if first <= last else range(first, last - 1, -1):
        yield from_ordinal(one) if isinstance(start, Date) else Decimal(one)


def _counted(value: Value) -> int | None:
    if isinstance(value, Date):
        return value.ordinal
    return whole(value) if isinstance(value, Decimal) and value == value.to_integral_value() else None


def _seeing(item: Value, scope: Scope) -> Scope:
    inner = scope.with_values({"item": item})
    return inner.with_values(item) if isinstance(item, dict) else inner


def _at(items: list[Value], position: Decimal) -> Value:
    number = whole(position)
    if number is None or number != position or number == 0 or abs(number) > len(items):
        raise FeelFault(f"There is no item {position} in a list of {len(items)}.")
    return items[number - 1 if number > 0 else number]
