"""Built-in functions that make one value of a list."""

from collections import Counter
from decimal import Decimal
from functools import reduce

from tiffin.engines.decisions.feel.calling import builtin
from tiffin.engines.decisions.feel.comparing import before
from tiffin.engines.decisions.feel.faults import FeelFault
from tiffin.engines.decisions.feel.numbers import CONTEXT, compute
from tiffin.engines.decisions.feel.run import Run
from tiffin.engines.decisions.feel.values import Value, described

_LIST = "list: list"


@builtin("count", _LIST)
def _count(_run: Run, items: list[Value]) -> Decimal:
    return Decimal(len(items))


@builtin("min", _LIST, many=True)
def _min(_run: Run, items: list[Value]) -> Value:
    return reduce(lambda one, other: other if before(other, one) else one, _comparable(items))


@builtin("max", _LIST, many=True)
def _max(_run: Run, items: list[Value]) -> Value:
    return reduce(lambda one, other: other if before(one, other) else one, _comparable(items))


@builtin("sum", _LIST, many=True)
def sum_of(_run: Run, items: list[Value]) -> Decimal:
    """Add numbers up."""
    return reduce(lambda one, other: compute("+", one, other), _some_numbers(items))


@builtin("product", _LIST, many=True)
def _product(_run: Run, items: list[Value]) -> Decimal:
    return reduce(lambda one, other: compute("*", one, other), _some_numbers(items))


@builtin("mean", _LIST, many=True)
def _mean(run: Run, items: list[Value]) -> Decimal:
    return compute("/", sum_of(run, items), Decimal(len(items)))


@builtin("median", _LIST, many=True)
def _median(_run: Run, items: list[Value]) -> Decimal:
    ordered = sorted(_some_numbers(items))
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return compute("/", compute("+", ordered[middle - 1], ordered[middle]), Decimal(2))


@builtin("stddev", _LIST, many=True)
def _stddev(run: Run, items: list[Value]) -> Decimal:
    """Give the standard deviation of a sample (n - 1)."""
    if len(_some_numbers(items)) == 1:
        raise FeelFault("There is a standard deviation of two numbers at least.")
    mean = _mean(run, items)
    squares = [compute("**", compute("-", one, mean), Decimal(2)) for one in items]
    return CONTEXT.sqrt(compute("/", sum_of(run, squares), Decimal(len(items) - 1)))


@builtin("mode", _LIST, many=True)
def _mode(_run: Run, items: list[Value]) -> list[Value]:
    counts = Counter(_numbers(items))
    most = max(counts.values(), default=0)
    return sorted(one for one, count in counts.items() if count == most)


@builtin("all", _LIST, many=True)
def _all(_run: Run, items: list[Value]) -> bool | None:
    return _joined(items, decisive=False)


@builtin("any", _LIST, many=True)
def _any(_run: Run, items: list[Value]) -> bool | None:
    return _joined(items, decisive=True)


def _joined(items: list[Value], *, decisive: bool) -> bool | None:
    if any(one is decisive for one in items):
        return decisive
    wrong = [one for one in items if one is not None and not isinstance(one, bool)]
    if wrong:
        raise FeelFault(f"Booleans were expected; found a {described(wrong[0])}.")
    return None if None in items else not decisive


def _comparable(items: list[Value]) -> list[Value]:
    if not items:
        raise FeelFault("An empty list has no least and no greatest item.")
    for one in items:
        before(items[0], one)
    return items


def _some_numbers(items: list[Value]) -> list[Decimal]:
    if not items:
        raise FeelFault("One number at least was expected; the list is empty.")
    return _numbers(items)


def _numbers(items: list[Value]) -> list[Decimal]:
    wrong = [one for one in items if not isinstance(one, Decimal)]
    if wrong:
        raise FeelFault(f"Numbers were expected; found a {described(wrong[0])}.")
    return items
