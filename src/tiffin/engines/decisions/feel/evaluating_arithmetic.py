"""Arithmetic of numbers, texts, dates and durations.

References
----------
OMG, Decision Model and Notation 1.5, §10.3.2.3 and tables 50-53 (addition, subtraction, multiplication, division).
"""

from collections.abc import Callable, Mapping
from decimal import Decimal

from tiffin.engines.decisions.feel.calendar import Date, DateTime, Time, between, later
from tiffin.engines.decisions.feel.durations import Days, Years
from tiffin.engines.decisions.feel.faults import FeelFault
from tiffin.engines.decisions.feel.numbers import CONTEXT, compute, whole
from tiffin.engines.decisions.feel.run import Run, means
from tiffin.engines.decisions.feel.tree import Arithmetic, Negation, Node
from tiffin.engines.decisions.feel.values import Scope, Value, described

_MOMENTS = (Date, Time, DateTime)
_DURATIONS = (Days, Years)
_MAX_NANOS = 10**30
_POWER_STEPS, _MOMENT_STEPS = 80, 16
"""Steps of a power and of moving a date or time, which may lie in a zone: the time of about as many nodes."""


@means(Arithmetic)
def _arithmetic(node: Arithmetic, scope: Scope, run: Run) -> Value:
    """Walk a long chain without nesting."""
    chain: list[Arithmetic] = []
    left: Node = node
    while isinstance(left, Arithmetic):
        chain.append(left)
        left = left.left
    value = run.evaluate(left, scope)
    for one in reversed(chain):
        other = run.evaluate(one.right, scope)
        try:
            value = _OPERATIONS[one.operator](value, other, run)
        except FeelFault as fault:
            run.note(one, str(fault))
            value = None
    return value


@means(Negation)
def _negation(node: Negation, scope: Scope, run: Run) -> Value:
    value = run.evaluate(node.value, scope)
    if isinstance(value, Decimal):
        return CONTEXT.minus(value)
    if isinstance(value, Days):
        return Days(-value.nanos)
    if isinstance(value, Years):
        return Years(-value.months)
    raise FeelFault(f"There is no minus of a {described(value)}.")


def _add(left: Value, right: Value, run: Run) -> Value:
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return compute("+", left, right)
    if isinstance(left, str) and isinstance(right, str):
        return run.text(left + right)
    if isinstance(left, _DURATIONS) and type(left) is type(right):
        return type(left)(_count(left) + _count(right))
    moment, duration = (right, left) if isinstance(left, _DURATIONS) else (left, right)
    if isinstance(moment, _MOMENTS) and isinstance(duration, _DURATIONS):
        run.spend(_MOMENT_STEPS)
        return _moment(later(moment, duration))
    raise _no_operation("+", left, right)


def _subtract(left: Value, right: Value, run: Run) -> Value:
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return compute("-", left, right)
    if isinstance(left, _DURATIONS) and type(left) is type(right):
        return type(left)(_count(left) - _count(right))
    if isinstance(left, _MOMENTS):
        run.spend(_MOMENT_STEPS)
    if isinstance(left, _MOMENTS) and isinstance(right, _DURATIONS):
        return _moment(later(left, type(right)(-_count(right))))
    if isinstance(left, _MOMENTS) and isinstance(right, _MOMENTS):
        found = between(left, right)
        if found is not None:
            return found
    raise _no_operation("-", left, right)


def _multiply(left: Value, right: Value, _run: Run) -> Value:
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return compute("*", left, right)
    duration, number = (right, left) if isinstance(left, Decimal) else (left, right)
    if isinstance(duration, _DURATIONS) and isinstance(number, Decimal):
        return _scaled("*", duration, number)
    raise _no_operation("*", left, right)


def _divide(left: Value, right: Value, _run: Run) -> Value:
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return compute("/", left, right)
    if isinstance(left, _DURATIONS) and isinstance(right, Decimal):
        return _scaled("/", left, right)
    if isinstance(left, _DURATIONS) and type(left) is type(right):
        return compute("/", Decimal(_count(left)), Decimal(_count(right)))
    raise _no_operation("/", left, right)


def _power(left: Value, right: Value, run: Run) -> Value:
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        run.spend(_POWER_STEPS)
        return compute("**", left, right)
    raise _no_operation("**", left, right)


def _scaled(operator: str, duration: Days | Years, number: Decimal) -> Days | Years:
    found = whole(compute(operator, Decimal(_count(duration)), number))
    if found is None or abs(found) > _MAX_NANOS:
        raise FeelFault("There is no duration that long.")
    return Days(found) if isinstance(duration, Days) else Years(found)


def _count(duration: Value) -> int:
    return duration.nanos if isinstance(duration, Days) else int(duration.months)


def _moment(found: Value) -> Value:
    if found is None:
        raise FeelFault("There is no such date or time.")
    return found


def _no_operation(operator: str, left: Value, right: Value) -> FeelFault:
    return FeelFault(f"There is no {described(left)} {operator} {described(right)}.")


_OPERATIONS: Mapping[str, Callable[[Value, Value, Run], Value]] = {
    "+": _add,
    "-": _subtract,
    "*": _multiply,
    "/": _divide,
    "**": _power,
}
