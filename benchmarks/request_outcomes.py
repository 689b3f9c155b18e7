"""What the service told of a request beside what plain Python reads: where the two part."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from plain_metrics import Answer, Plain

from tiffin.engines.metrics.formulas import Aggregation, Formula, Measure, Nested
from tiffin.engines.metrics.request import MetricRequest

Outcome = tuple[tuple[Any, ...], ...] | str
"""The rows of an answer, or the name of a refusal."""

Reading = Callable[[Any, Any], bool]
"""Tells whether a value is what it was expected to be."""

ESTIMATED = (Aggregation.COUNT_DISTINCT, Aggregation.PERCENTILE)


def readings_of(plain: Plain, request: MetricRequest) -> Mapping[str, Reading]:
    """Tell how the values of each metric are compared: estimates of distinct counts need only be near."""
    found: dict[str, Reading] = {}
    for name in request.metrics:
        formula = plain.metrics[name].formula if name in plain.metrics else None
        found[name] = same
        if request.is_approximate and formula and _is_estimated(plain, formula):
            found[name] = near if getattr(formula, "aggregation", None) is Aggregation.COUNT_DISTINCT else any_value
    return found


def _is_estimated(plain: Plain, formula: Formula) -> bool:
    own = isinstance(formula, (Measure, Nested)) and formula.aggregation in ESTIMATED
    return own or any(_is_estimated(plain, part) for part in plain.parts(formula))


def difference(found: Outcome, expected: Answer | str, request: MetricRequest, readings: Mapping[str, Reading]) -> str:
    """Say where an answer and the plain reading part; empty where they do not."""
    if isinstance(found, str) or isinstance(expected, str):
        return "" if found == expected else f"found {_short(found)}, expected {_short(expected)}"
    size = len(request.by)
    groups = {row[:size]: row[size:] for row in found}
    wanted = len(expected) if request.limit is None else min(request.limit, len(expected))
    if len(found) != wanted or len(groups) != len(found):
        missing, more = [*expected.keys() - groups.keys()][:3], [*groups.keys() - expected.keys()][:3]
        return f"{len(found)} rows, expected {wanted}; missing {missing}, too many {more}"
    for group, values in groups.items():
        if group not in expected:
            return f"no group {group}"
        for name, one, other in zip(request.metrics, values, expected[group], strict=True):
            if not readings[name](one, other):
                return f"{name} of {group} is {one!r}, expected {other!r}"
    is_told = all(readings.get(item.column, same) is same for item in request.order_by)
    return _misplaced(found, expected, request) if is_told else ""


def _misplaced(found: tuple[tuple[Any, ...], ...], expected: Answer, request: MetricRequest) -> str:
    columns = (*request.by, *request.metrics)
    wanted = [(item.column, item.is_descending) for item in request.order_by]
    if not wanted:
        wanted = [(name, False) for name in request.by]
    rows = [(*group, *values) for group, values in expected.items()]
    for column, is_descending in reversed(wanted):
        place = columns.index(column)
        known = sorted(
            (row for row in rows if row[place] is not None), key=lambda row: row[place], reverse=is_descending
        )
        rows = known + [row for row in rows if row[place] is None]
    for name, _ in wanted:
        place = columns.index(name)
        if not all(same(one[place], other[place]) for one, other in zip(found, rows, strict=False)):
            return f"out of order by {name}"
    return ""


def same(one: Any, other: Any) -> bool:
    """Compare two values: doubles to nine digits."""
    if isinstance(one, float) or isinstance(other, float):
        if one is None or other is None:
            return one is other
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
    return bool(one == other)


def _short(found: Outcome | Mapping[Any, Any]) -> str:
    return found if isinstance(found, str) else f"{len(found)} rows"


def near(one: Any, other: Any) -> bool:
    """Compare an estimate with what it estimates."""
    return one is other if one is None or other is None else abs(one - other) <= max(1, 0.2 * other)


def any_value(_one: Any, _other: Any) -> bool:
    """Compare nothing: what is made of estimates may be anything."""
    return True
