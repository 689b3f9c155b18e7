"""Which days a request asks about, told from its days and from its conditions on periods."""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from tiffin.engines.metrics.compiling.spans import TimeUnit, began, next_began
from tiffin.engines.metrics.definitions import Dimension, Grain
from tiffin.engines.metrics.request import Condition, MetricRequest, Operator
from tiffin.kernel.time import Days

Test = Callable[[date], bool]

_COMPARE: Mapping[Operator, Callable[..., bool]] = {
    Operator.EQ: operator.eq,
    Operator.NE: operator.ne,
    Operator.LT: operator.lt,
    Operator.LE: operator.le,
    Operator.GT: operator.gt,
    Operator.GE: operator.ge,
}
_ENDS = {
    Operator.EQ: (True, True),
    Operator.GE: (True, False),
    Operator.LE: (False, True),
    Operator.BETWEEN: (True, True),
}


@dataclass(frozen=True, slots=True)
class AskedDays:
    """The days of a request.

    Parameters
    ----------
    days : Days or None
        From the first to the last; None where there are none at all.
    keep : callable or None
        Which of them; None for all.
    """

    days: Days | None
    keep: Test | None = None


def asked_days(
    days: Days | None, conditions: tuple[Condition, ...], time: str, dimensions: Mapping[str, Dimension]
) -> AskedDays:
    """Narrow days by the conditions on periods.

    Parameters
    ----------
    days : Days or None
        The request's own, or all of which there is anything.
    time : str
        Dimension of the business date.
    """
    tests: list[Test] = []
    for condition in conditions:
        if days is None:
            return AskedDays(None)
        narrowed = _narrowed(days, condition, time, dimensions)
        if narrowed is None:
            tests.append(_test(condition, time, dimensions))
        else:
            days = narrowed[0]
    return AskedDays(days, (lambda day: all(test(day) for test in tests)) if tests else None)


def splits_days(name: str, time: str, dimensions: Mapping[str, Dimension]) -> bool:
    """Tell whether a dimension is the business date or computed from it."""
    return name == time or dimensions[name].grain_of == time


def unit_of(request: MetricRequest, time: str, dimensions: Mapping[str, Dimension]) -> TimeUnit | None:
    """Tell by which period a request is split, where it is by one."""
    for name in request.by:
        if splits_days(name, time, dimensions):
            return _unit(name, time, dimensions)
    return None


def _unit(name: str, time: str, dimensions: Mapping[str, Dimension]) -> TimeUnit | None:
    grain = dimensions[name].grain
    if name == time or grain is None:
        return TimeUnit.DAY
    return None if grain is Grain.WEEKDAY else TimeUnit(grain)


def _narrowed(
    days: Days, condition: Condition, time: str, dimensions: Mapping[str, Dimension]
) -> tuple[Days | None] | None:
    """Cut days by a condition that leaves them in a row; None where it does not."""
    unit = _unit(condition.dimension, time, dimensions)
    values = [value for value in condition.values if isinstance(value, date)]
    if unit is None or condition.operator not in _ENDS or not values:
        return None
    from_first, to_last = _ENDS[condition.operator]
    is_period = all(began(value, unit) == value for value in values)
    if not is_period:
        return None
    first = max(days.first, values[0]) if from_first else days.first
    last = min(days.last, next_began(values[-1], unit) - timedelta(days=1)) if to_last else days.last
    return (Days(first, last) if first <= last else None,)


def _test(condition: Condition, time: str, dimensions: Mapping[str, Dimension]) -> Test:
    unit, compare, values = _unit(condition.dimension, time, dimensions), condition.operator, condition.values

    def value(day: date) -> object:
        return began(day, unit) if unit else day.isoweekday()

    if compare in (Operator.IN, Operator.NOT_IN):
        return lambda day: (value(day) in values) == (compare is Operator.IN)
    if compare in (Operator.IS_NULL, Operator.IS_NOT_NULL):
        return lambda _: compare is Operator.IS_NOT_NULL
    if compare is Operator.BETWEEN:
        return lambda day: values[0] <= value(day) <= values[1]  # type: ignore[operator] # types were checked
    return lambda day: _COMPARE[compare](value(day), values[0])
