"""Foreign cases: a request to an imported semantic layer, and whether its answer is the expected one."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from tiffin.engines.metrics.semantic.compiler import SemanticRequest
from tiffin.engines.metrics.semantic.naming import Ref, ref_of
from tiffin.engines.metrics.semantic.times import Between
from tiffin.kernel.errors import NotFound

RELATIVE = 1e-9
"""Share by which two sums of the same floating point numbers in another order may differ."""


class Status(StrEnum):
    """How a case came out."""

    PASSED = "passed"
    FAILED = "failed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class CaseOutcome:
    """How one case came out, and why where it did not pass."""

    name: str
    status: Status
    why: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """Columns and rows."""

    columns: tuple[str, ...]
    rows: Sequence[Sequence[Any]]


def request_of_case(
    case: Mapping[str, Any], grains: frozenset[str], saved: Mapping[str, SemanticRequest]
) -> SemanticRequest:
    """Read the request of a case, which may narrow a saved one.

    Raises
    ------
    NotFound
        The saved request does not exist.
    """
    name = case["saved_query"]
    if name and name not in saved:
        raise NotFound(f"There is no saved query {name} in the imported semantic layer.")
    kept = saved[name] if name else SemanticRequest()
    limits = case["time_constraint"]
    order = tuple((text.removeprefix("-"), text.startswith("-")) for text in case["order_bys"])
    by = [*(ref_of(text, grains) for text in case["group_bys"])]
    by += [_object(item, grains) for item in case["group_by_objs"]]
    return SemanticRequest(
        metrics=(*kept.metrics, *case["metrics"]),
        by=(*kept.by, *by),
        where=(*kept.where, *(case["where"] or ())),
        between=Between(_moment(limits[0]), _moment(limits[1])) if limits else None,
        order_by=order or kept.order_by,
        limit=kept.limit if case["limit"] is None else case["limit"],
        is_range=bool(case["min_max_only"]),
        is_distinct=bool(case["apply_group_by"]),
    )


def _object(item: Mapping[str, Any], grains: frozenset[str]) -> Ref:
    found = ref_of(item["name"], grains)
    return Ref(found.path, found.name, item.get("grain") or found.grain, item.get("date_part"))


def _moment(text: str) -> date | datetime:
    return datetime.fromisoformat(text) if ":" in text else date.fromisoformat(text)


def difference(found: Answer, expected: Answer, *, is_ordered: bool) -> str:
    """Tell how an answer differs from the expected one; empty where it does not.

    Columns are matched by name, rows as a bag unless the order counts, and fractions up to rounding.
    """
    if sorted(found.columns) != sorted(expected.columns):
        return f"columns {', '.join(found.columns)} instead of {', '.join(expected.columns)}"
    places = [found.columns.index(name) for name in expected.columns]
    mine = [tuple(_plain(row[place]) for place in places) for row in found.rows]
    theirs = [tuple(_plain(value) for value in row) for row in expected.rows]
    if len(mine) != len(theirs):
        return f"{len(mine)} rows instead of {len(theirs)}"
    if not is_ordered:
        mine.sort(key=_rank)
        theirs.sort(key=_rank)
    for one, other in zip(mine, theirs, strict=True):
        if not all(map(_is_same, one, other)):
            return f"row {one} instead of {other}"
    return ""


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime):
        return value.isoformat()
    return f"{value.isoformat()}T00:00:00" if isinstance(value, date) else value


def _is_same(one: Any, other: Any) -> bool:
    numbers = (int, float)
    if isinstance(one, numbers) and isinstance(other, numbers):
        return math.isclose(one, other, rel_tol=RELATIVE, abs_tol=RELATIVE) or (math.isnan(one) and math.isnan(other))
    return bool(one == other)


def _rank(row: Sequence[Any]) -> list[tuple[bool, str]]:
    return [(value is None, f"{value:.6g}" if isinstance(value, int | float) else str(value)) for value in row]
