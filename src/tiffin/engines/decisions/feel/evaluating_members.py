"""Members of values: fields of contexts, and parts of dates, times, durations and ranges.

References
----------
OMG, Decision Model and Notation 1.5, table 65 (properties).
"""

from decimal import Decimal

from tiffin.engines.decisions.feel.calendar import Date, DateTime, Time, offset_of
from tiffin.engines.decisions.feel.durations import NANOS, Days, Years
from tiffin.engines.decisions.feel.faults import FeelFault
from tiffin.engines.decisions.feel.run import Run, means
from tiffin.engines.decisions.feel.tree import Path
from tiffin.engines.decisions.feel.values import Range, Scope, Value, described

MEMBERS = ("time offset", "start included", "end included")
"""Names of members that hold spaces."""

_OF_DATE = ("year", "month", "day", "weekday")
_OF_TIME = ("hour", "minute", "second")


@means(Path)
def _path(node: Path, scope: Scope, run: Run) -> Value:
    source = run.evaluate(node.source, scope)
    if isinstance(source, list):
        run.spend(len(source))
        return [_of_item(one, node, run) for one in source]
    return member_of(source, node.member)


def _of_item(item: Value, node: Path, run: Run) -> Value:
    try:
        return member_of(item, node.member)
    except FeelFault as fault:
        run.note(node, str(fault))
        return None


def member_of(value: Value, member: str) -> Value:
    """Give a member of a value.

    Raises
    ------
    FeelFault
        When it has none of that name.
    """
    if isinstance(value, dict):
        if member not in value:
            raise FeelFault(f"The context has no {member}.")
        return value[member]
    if isinstance(value, Days | Years):
        part = value.part(member)
        if part is not None:
            return Decimal(part)
    if isinstance(value, Range) and member in _OF_RANGE:
        return _OF_RANGE[member](value)
    if isinstance(value, Date | DateTime) and member in _OF_DATE:
        return Decimal(getattr(value if isinstance(value, Date) else value.date, member))
    if isinstance(value, Time | DateTime):
        return _of_time(value, member)
    raise FeelFault(f"A {described(value)} has no {member}.")


def _of_time(value: Time | DateTime, member: str) -> Value:
    time = value if isinstance(value, Time) else value.time
    if member in _OF_TIME:
        return Decimal(getattr(time, member))
    if member == "timezone":
        return time.zone
    if member != "time offset":
        raise FeelFault(f"A {described(value)} has no {member}.")
    offset = offset_of(value)
    return None if offset is None else Days(offset * NANOS)


_OF_RANGE = {
    "start": lambda one: one.low,
    "end": lambda one: one.high,
    "start included": lambda one: one.low_included,
    "end included": lambda one: one.high_included,
}
