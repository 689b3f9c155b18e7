"""Random facts, requests and scopes: the compiled answer is that of a plain Python reading of the definitions."""

import math
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tiffin.engines.metrics.request import EVERYTHING, Condition, Operator, RowScope
from tiffin.kernel.time import Days

Row = dict[str, Any]

START = datetime(2026, 1, 1, tzinfo=UTC)
CITIES = {"x": "SA", "y": "AE"}
DAYS = st.dates(date(2025, 12, 28), date(2026, 1, 12))
ZONES = st.sampled_from(["n", "s", None])
MERCHANTS = st.sampled_from(["m1", "m2", "gone", None])

ORDERS = st.lists(
    st.fixed_dictionaries(
        {
            "city_id": st.sampled_from([*CITIES, "z"]),
            "zone_id": ZONES,
            "merchant_id": MERCHANTS,
            "status": st.sampled_from(["delivered", "cancelled", "placed", None]),
            "item_count": st.none() | st.integers(0, 9),
            "placed_at": st.just(START),
            "delivered_at": st.none() | st.integers(0, 7200).map(lambda s: START + timedelta(seconds=s)),
            "business_date": DAYS,
            "local_hour": st.integers(0, 23),
        }
    ),
    max_size=25,
)
REFUNDS = st.lists(
    st.fixed_dictionaries(
        {"city_id": st.sampled_from([*CITIES, "z"]), "zone_id": ZONES, "merchant_id": MERCHANTS, "business_date": DAYS}
    ),
    max_size=12,
)
MERCHANT_ROWS = [
    {"city_id": "x", "merchant_id": "m1", "category": "kitchen"},
    {"city_id": "x", "merchant_id": "m2", "category": "grocery"},
    {"city_id": "y", "merchant_id": "m1", "category": "kitchen"},
]
CATEGORY = {(row["city_id"], row["merchant_id"]): row["category"] for row in MERCHANT_ROWS}

DIMENSIONS: dict[str, Callable[[Row], Any]] = {
    "city_id": lambda row: row["city_id"],
    "country": lambda row: CITIES.get(row["city_id"]),
    "zone_id": lambda row: row["zone_id"],
    "category": lambda row: CATEGORY.get((row["city_id"], row["merchant_id"])),
    "business_date": lambda row: row["business_date"],
    "week": lambda row: row["business_date"] - timedelta(days=row["business_date"].weekday()),
    "month": lambda row: row["business_date"].replace(day=1),
    "weekday": lambda row: row["business_date"].isoweekday(),
}


def divided(above: float | None, below: float | None) -> float | None:
    return None if above is None or not below else above / below


def minutes(rows: list[Row]) -> list[float]:
    return sorted((r["delivered_at"] - r["placed_at"]).total_seconds() / 60 for r in rows if r["delivered_at"])


def percentile(values: list[float], share: float) -> float | None:
    if not values:
        return None
    at = share * (len(values) - 1)
    low = math.floor(at)
    high = min(low + 1, len(values) - 1)
    return values[low] + (at - low) * (values[high] - values[low])


def having(rows: list[Row], *statuses: str) -> int:
    return sum(row["status"] in statuses for row in rows)


def items(rows: list[Row]) -> int | None:
    known = [row["item_count"] for row in rows if row["item_count"] is not None]
    return sum(known) if known or not rows else None


METRICS: dict[str, Callable[[list[Row], list[Row]], Any]] = {
    "orders": lambda o, _: len(o),
    "delivered": lambda o, _: having(o, "delivered"),
    "completion": lambda o, _: divided(having(o, "delivered"), having(o, "delivered", "cancelled")),
    "minutes": lambda o, _: divided(sum(minutes(o)), len(minutes(o))),
    "minutes_p90": lambda o, _: percentile(minutes(o), 0.9),
    "merchants": lambda o, _: len({(r["city_id"], r["merchant_id"]) for r in o if r["merchant_id"]}),
    "merchant_names": lambda o, _: len({r["merchant_id"] for r in o if r["merchant_id"]}),
    "items": lambda o, _: items(o),
    "items_delivered": lambda o, _: items([row for row in o if row["status"] == "delivered"]),
    "refunds": lambda _, r: len(r),
    "refund_share": lambda o, r: divided(len(r), len(o)),
    "failed": lambda o, r: having(o, "cancelled") + len(r),
    "failed_share": lambda o, r: divided(having(o, "cancelled") + len(r), len(o)),
}
OF_REFUNDS_ONLY = {"refunds"}
OF_ORDERS_ONLY = METRICS.keys() - OF_REFUNDS_ONLY - {"refund_share", "failed", "failed_share"}

CONDITIONS = st.sampled_from(
    [
        (Condition("zone_id", Operator.EQ, ("n",)), lambda v: v == "n"),
        (Condition("zone_id", Operator.NE, ("n",)), lambda v: v is not None and v != "n"),
        (Condition("zone_id", Operator.IS_NULL), lambda v: v is None),
        (Condition("category", Operator.IN, ("kitchen", "none")), lambda v: v == "kitchen"),
        (Condition("category", Operator.NOT_IN, ("kitchen",)), lambda v: v is not None and v != "kitchen"),
        (Condition("weekday", Operator.GE, (6,)), lambda v: v >= 6),
        (Condition("month", Operator.EQ, (date(2026, 1, 1),)), lambda v: v == date(2026, 1, 1)),
        (Condition("country", Operator.IS_NOT_NULL), lambda v: v is not None),
    ]
)
SCOPES = st.sampled_from([EVERYTHING, RowScope(("SA",), ()), RowScope((), ("y",)), RowScope(("SA",), ("z",))])


def seen(scope: RowScope, row: Row) -> bool:
    in_country = CITIES.get(row["city_id"]) in (scope.countries or ())
    return scope.is_everything or in_country or row["city_id"] in (scope.cities or ())


def same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, (int, float)):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
    return bool(one == other)


REQUESTS = st.fixed_dictionaries(
    {
        "metrics": st.lists(st.sampled_from(sorted(METRICS)), min_size=1, max_size=4, unique=True),
        "by": st.lists(st.sampled_from(sorted(DIMENSIONS)), max_size=2, unique=True),
        "where": st.lists(CONDITIONS, max_size=2),
        "days": st.none() | st.just(Days(date(2025, 12, 31), date(2026, 1, 5))),
    }
)
QUIET = (HealthCheck.function_scoped_fixture, HealthCheck.too_slow)


@settings(max_examples=120, deadline=None, suppress_health_check=QUIET)
@given(orders=ORDERS, refunds=REFUNDS, request_=REQUESTS, scope=SCOPES)
def test_an_answer_is_that_of_a_plain_reading(
    asking: Any, orders: Any, refunds: Any, request_: Any, scope: Any
) -> None:
    compare(asking, orders, refunds, scope, **request_)


@pytest.mark.full
@settings(max_examples=5000, deadline=None, suppress_health_check=QUIET)
@given(orders=ORDERS, refunds=REFUNDS, request_=REQUESTS, scope=SCOPES)
def test_thousands_of_answers_are_those_of_a_plain_reading(
    asking: Any, orders: Any, refunds: Any, request_: Any, scope: Any
) -> None:
    compare(asking, orders, refunds, scope, **request_)


def compare(asking: Any, orders: list[Row], refunds: list[Row], scope: RowScope, **request: Any) -> None:
    """Ask the compiler and the plain reading, and hold them to one answer."""
    metrics, by, where, days = (request[name] for name in ("metrics", "by", "where", "days"))
    cities = [{"city_id": city, "country": country} for city, country in CITIES.items()]
    world = asking(orders=orders, refunds=refunds, cities=cities, merchants=MERCHANT_ROWS)

    found = world.ask(*metrics, by=tuple(by), where=tuple(c for c, _ in where), days=days, scope=scope)

    def kept(row: Row) -> bool:
        meets = all(check(DIMENSIONS[condition.dimension](row)) for condition, check in where)
        return meets and seen(scope, row) and (days is None or row["business_date"] in days)

    read_orders = [] if set(metrics) <= OF_REFUNDS_ONLY else [row for row in orders if kept(row)]
    read_refunds = [] if set(metrics) <= OF_ORDERS_ONLY else [row for row in refunds if kept(row)]
    expected = plain(read_orders, read_refunds, metrics, by)
    assert len(found) == len(expected)
    for row in found:
        wanted = expected[row[: len(by)]]
        assert all(same(a, b) for a, b in zip(wanted, row[len(by) :], strict=True)), (row, wanted)


def plain(orders: list[Row], refunds: list[Row], metrics: list[str], by: list[str]) -> dict[tuple[Any, ...], list[Any]]:
    """Compute each group in Python."""
    groups: dict[tuple[Any, ...], tuple[list[Row], list[Row]]] = {} if by else {(): ([], [])}
    for index, rows in enumerate((orders, refunds)):
        for row in rows:
            groups.setdefault(tuple(DIMENSIONS[name](row) for name in by), ([], []))[index].append(row)
    return {key: [METRICS[name](*group) for name in metrics] for key, group in groups.items()}
