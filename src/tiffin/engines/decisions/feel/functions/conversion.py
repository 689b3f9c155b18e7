"""Built-in functions that make values of one type from another."""

import re
from decimal import Decimal
from typing import TypeVar

from tiffin.engines.decisions.feel.calendar import Date, DateTime, Time, a_date, months_between
from tiffin.engines.decisions.feel.calling import builtin
from tiffin.engines.decisions.feel.durations import NANOS, Days, Years, read_duration
from tiffin.engines.decisions.feel.faults import FeelFault, NotFeel
from tiffin.engines.decisions.feel.names import Names
from tiffin.engines.decisions.feel.numbers import read_number, whole
from tiffin.engines.decisions.feel.parsing import parse_expression
from tiffin.engines.decisions.feel.run import Run
from tiffin.engines.decisions.feel.temporal_reading import a_time, read_date, read_date_time, read_time
from tiffin.engines.decisions.feel.tree import Call, Constant, Name, Negation, Node, RangeOf
from tiffin.engines.decisions.feel.values import Range, Scope, Value
from tiffin.engines.decisions.feel.writing import text_of

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)
_CONSTRUCTORS = ("date", "time", "date and time", "duration")
_Made = TypeVar("_Made")
_NAMES = Names().with_variables(_CONSTRUCTORS)


@builtin("not", "negand: boolean?")
def _not(_run: Run, value: bool | None) -> bool | None:  # noqa: FBT001 - FEEL's own boolean
    return None if value is None else not value


@builtin("string", "from: any?")
def _string(run: Run, value: Value) -> str | None:
    return None if value is None else run.text(text_of(value))


@builtin("number", "from: string", "grouping separator: string?", "decimal separator: string?")
def _number(_run: Run, text: str, grouping: str | None, point: str | None) -> Decimal:
    if grouping not in (None, " ", ",", ".") or point not in (None, ",", ".") or (grouping and grouping == point):
        raise FeelFault("A space, comma or point was expected between groups, another comma or point before decimals.")
    plain = text.replace(grouping, "") if grouping else text
    plain = plain.replace(point, ".") if point else plain
    found = read_number(plain) if _NUMBER.fullmatch(plain) else None
    if found is None:
        raise FeelFault(f"{text!r:.60} is no number.")
    return found


@builtin("date", "from: string|date|datetime")
def _date(_run: Run, value: str | Date | DateTime) -> Date:
    if isinstance(value, DateTime):
        return value.date
    if isinstance(value, Date):
        return value
    return _made(read_date(value), value)


@builtin("date", "year: number", "month: number", "day: number")
def _date_of(_run: Run, year: Decimal, month: Decimal, day: Decimal) -> Date:
    numbers = [_whole(one) for one in (year, month, day)]
    return _made(a_date(*numbers), f"{year}-{month}-{day}")


@builtin("date and time", "from: string|datetime")
def _date_time(_run: Run, value: str | DateTime) -> DateTime:
    return value if isinstance(value, DateTime) else _made(read_date_time(value), value)


@builtin("date and time", "date: date|datetime", "time: time")
def _date_time_of(_run: Run, date: Date | DateTime, time: Time) -> DateTime:
    return DateTime(date if isinstance(date, Date) else date.date, time)


@builtin("time", "from: string|time|datetime")
def _time(_run: Run, value: str | Time | DateTime) -> Time:
    if isinstance(value, DateTime):
        return value.time
    if isinstance(value, Time):
        return value
    return _made(read_time(value), value)


@builtin("time", "hour: number", "minute: number", "second: number", "offset: days?=")
def _time_of(_run: Run, hour: Decimal, minute: Decimal, second: Decimal, offset: Days | None = None) -> Time:
    nanos = _whole(second * NANOS)
    shift = None if offset is None else int(offset.nanos / NANOS)
    found = a_time(_whole(hour), _whole(minute), nanos // NANOS, nanos % NANOS, shift)
    return _made(found, f"{hour}:{minute}:{second}")


@builtin("duration", "from: string|days|years")
def _duration(_run: Run, value: str | Days | Years) -> Days | Years:
    found = read_duration(value) if isinstance(value, str) else value
    if found is None:
        raise FeelFault(f"{value!s:.60} is no duration.")
    return found


@builtin("years and months duration", "from: date|datetime", "to: date|datetime")
def _years(_run: Run, start: Date | DateTime, end: Date | DateTime) -> Years:
    first, last = (one if isinstance(one, Date) else one.date for one in (start, end))
    return Years(months_between(first, last))


@builtin("range", "from: string")
def _range(run: Run, text: str) -> Range:
    """Read a range whose endpoints are written out: values, or dates, times and durations made of texts."""
    try:
        tree = parse_expression(text, _NAMES)
    except NotFeel as fault:
        raise FeelFault(str(fault)) from None
    if not isinstance(tree, RangeOf) or not all(_is_written_out(one) for one in (tree.low, tree.high)):
        raise FeelFault(f"{text!r:.60} is no range of values written out.")
    found = run.evaluate(tree, Scope({}))
    if not isinstance(found, Range) or type(found.low) is not type(found.high):
        raise FeelFault(f"{text!r:.60} has endpoints that cannot be compared.")
    return found


def _is_written_out(node: Node) -> bool:
    if isinstance(node, Negation):
        return isinstance(node.value, Constant) and isinstance(node.value.value, Decimal)
    if isinstance(node, Call):
        known = isinstance(node.function, Name) and node.function.name in _CONSTRUCTORS
        return known and all(isinstance(one, Constant) for one in node.arguments)
    return isinstance(node, Constant) and node.value is not None


def _whole(number: Decimal) -> int:
    found = whole(number)
    if found is None:
        raise FeelFault(f"{number} is too large here.")
    return found


def _made(found: _Made | None, text: object) -> _Made:
    if found is None:
        raise FeelFault(f"There is nothing such as {text!s:.60}.")
    return found
