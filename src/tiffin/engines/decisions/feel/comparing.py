"""When two values are equal, and which one comes first.

References
----------
OMG, Decision Model and Notation 1.5, §10.3.2.13, tables 42 (equality) and 43 (order), 10.3.2.3.6 (dates and times).
"""

from decimal import Decimal

from tiffin.engines.decisions.feel.calendar import Date, DateTime, Time, seconds_of
from tiffin.engines.decisions.feel.durations import Days, Years
from tiffin.engines.decisions.feel.faults import FeelFault
from tiffin.engines.decisions.feel.values import Range, Value, described

_ORDERED = (Decimal, str, Date, Time, DateTime, Days, Years)


def equal(left: Value, right: Value) -> bool:
    """Tell whether two values are equal.

    Raises
    ------
    FeelFault
        When they are of different types, and neither is null.
    """
    if left is None or right is None:
        return left is right
    if type(left) is not type(right):
        raise FeelFault(f"A {described(left)} and a {described(right)} cannot be compared.")
    if isinstance(left, list):
        return len(left) == len(right) and all(equal(one, other) for one, other in zip(left, right, strict=True))
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(equal(value, right[key]) for key, value in left.items())
    if isinstance(left, Time | DateTime):
        return bool(seconds_of(left) == seconds_of(right))
    if isinstance(left, Range):
        return _same_range(left, right)
    return bool(left == right)


def same(left: Value, right: Value) -> bool:
    """Tell whether two values are equal; values of different types are not."""
    try:
        return equal(left, right)
    except FeelFault:
        return False


def before(left: Value, right: Value) -> bool:
    """Tell whether one value comes before another.

    Raises
    ------
    FeelFault
        When they have no order: of different types or of one without order, or null.
    """
    if type(left) is not type(right) or not isinstance(left, _ORDERED):
        raise FeelFault(f"A {described(left)} and a {described(right)} have no order.")
    if isinstance(left, Time | DateTime):
        (known, seconds), (also, others) = seconds_of(left), seconds_of(right)
        if known != also:
            raise FeelFault("A time with an offset and one without have no order.")
        return seconds < others
    return bool(left < right)


def compared(operator: str, left: Value, right: Value) -> bool:
    """Apply one of ``= != < <= > >=``.

    Raises
    ------
    FeelFault
        When the two cannot be compared.
    """
    if operator in ("=", "!="):
        return equal(left, right) == (operator == "=")
    if operator in ("<", ">="):
        return before(left, right) == (operator == "<")
    return before(right, left) == (operator == ">")


def within(value: Value, span: Range) -> bool | None:
    """Tell whether a value lies in a range; None where an endpoint is null.

    Raises
    ------
    FeelFault
        When the value and the endpoints have no order.
    """
    if span.operator in ("=", "!="):
        return equal(value, span.low) == (span.operator == "=")
    if span.operator is not None:
        return compared(span.operator, value, span.low if span.high is None else span.high)
    if span.low is None or span.high is None:
        return None
    above = compared(">=" if span.low_included else ">", value, span.low)
    return compared("<=" if span.high_included else "<", value, span.high) and above


def identical(left: Value, right: Value) -> bool:
    """Tell whether two values are the same element of the semantic domain: zones and fractions count too."""
    return bool(type(left) is type(right) and left == right)


def _same_range(left: Range, right: Range) -> bool:
    flags = (left.operator, left.low_included, left.high_included)
    if flags != (right.operator, right.low_included, right.high_included):
        return False
    return same(left.low, right.low) and same(left.high, right.high)
