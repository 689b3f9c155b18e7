"""Built-in functions that compare points and ranges.

References
----------
OMG, Decision Model and Notation 1.5, table 78; Allen, J. F. (1983). Maintaining knowledge about temporal intervals.
"""

from collections.abc import Callable

from tiffin.engines.decisions.feel.calling import builtin
from tiffin.engines.decisions.feel.comparing import before, equal
from tiffin.engines.decisions.feel.run import Run
from tiffin.engines.decisions.feel.values import Range, Value

Relation = Callable[[Range, Range], bool]
_ANY = "number|string|date|time|datetime|days|years"


def _point(value: Value) -> Range:
    return value if isinstance(value, Range) else Range(value, value, low_included=True, high_included=True)


def _before(one: Range, other: Range) -> bool:
    if before(one.high, other.low):
        return True
    return equal(one.high, other.low) and not (one.high_included and other.low_included)


def _meets(one: Range, other: Range) -> bool:
    return one.high_included and other.low_included and equal(one.high, other.low)


def _overlaps(one: Range, other: Range) -> bool:
    return not _before(one, other) and not _before(other, one)


def _begins_first(one: Range, other: Range) -> bool:
    """Tell whether some point of one lies before all of the other."""
    if before(one.low, other.low):
        return True
    return equal(one.low, other.low) and one.low_included and not other.low_included


def _ends_no_later(one: Range, other: Range) -> bool:
    if before(one.high, other.high):
        return True
    return equal(one.high, other.high) and (not one.high_included or other.high_included)


def _begins_no_earlier(one: Range, other: Range) -> bool:
    return not _begins_first(one, other)


def _overlaps_before(one: Range, other: Range) -> bool:
    return _begins_first(one, other) and _overlaps(one, other) and _ends_no_later(one, other)


def _overlaps_after(one: Range, other: Range) -> bool:
    return _begins_first(other, one) and _overlaps(one, other) and _ends_no_later(other, one)


def _finishes(one: Range, other: Range) -> bool:
    same_end = one.high_included == other.high_included and equal(one.high, other.high)
    return same_end and _begins_no_earlier(one, other)


def _starts(one: Range, other: Range) -> bool:
    same_start = one.low_included == other.low_included and equal(one.low, other.low)
    return same_start and _ends_no_later(one, other)


def _during(one: Range, other: Range) -> bool:
    return _begins_no_earlier(one, other) and _ends_no_later(one, other)


def _coincides(one: Range, other: Range) -> bool:
    flags = (one.low_included, one.high_included) == (other.low_included, other.high_included)
    return flags and equal(one.low, other.low) and equal(one.high, other.high)


def _turned(relation: Relation) -> Relation:
    return lambda one, other: relation(other, one)


def _declare(name: str, relation: Relation, *forms: tuple[str, str]) -> None:
    for first, second in forms:
        sorts = [f"{one}: {'range' if one.startswith('range') else _ANY}" for one in (first, second)]

        @builtin(name, *sorts)
        def related(_run: Run, one: Value, other: Value) -> bool:
            return relation(_point(one), _point(other))


_RANGES = ("range1", "range2")
_ALL = (("point1", "point2"), ("point", "range"), ("range", "point"), _RANGES)
_declare("before", _before, *_ALL)
_declare("after", _turned(_before), *_ALL)
_declare("meets", _meets, _RANGES)
_declare("met by", _turned(_meets), _RANGES)
_declare("overlaps", _overlaps, _RANGES)
_declare("overlaps before", _overlaps_before, _RANGES)
_declare("overlaps after", _overlaps_after, _RANGES)
_declare("finishes", _finishes, ("point", "range"), _RANGES)
_declare("finished by", _turned(_finishes), ("range", "point"), _RANGES)
_declare("includes", _turned(_during), ("range", "point"), _RANGES)
_declare("during", _during, ("point", "range"), _RANGES)
_declare("starts", _starts, ("point", "range"), _RANGES)
_declare("started by", _turned(_starts), ("range", "point"), _RANGES)
_declare("coincides", _coincides, ("point1", "point2"), _RANGES)
