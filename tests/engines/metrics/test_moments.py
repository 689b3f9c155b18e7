"""Windows, first and last moments, and values of values: each over a handful of rows that can be added up by hand."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tiffin.engines.metrics.building import build_model
from tiffin.engines.metrics.compiling.compiler import compile_request
from tiffin.engines.metrics.compiling.fragments import Fragments
from tiffin.engines.metrics.compiling.spans import Span, Window
from tiffin.engines.metrics.definitions import Version
from tiffin.engines.metrics.formulas import (
    Aggregation,
    Cumulative,
    Formula,
    Kind,
    Measure,
    Nested,
    Ratio,
    Snapshot,
    Take,
)
from tiffin.engines.metrics.request import EVERYTHING, MetricRequest, RowScope
from tiffin.kernel.time import Days

Rows = list[dict[str, Any]]
JANUARY = [date(2026, 1, day) for day in range(1, 32)]
FIFTH_AND_SIXTH = Days(JANUARY[4], JANUARY[5])


@pytest.fixture
def told(make_metric: Any, definitions: Any, tables: Any, asking: Any) -> Callable[..., Any]:
    """Give the values of a formula over some orders, by the dimensions that are asked."""

    def answer(formula: Formula, orders: Rows, *by: str, days: Days | None = None, scope: RowScope = EVERYTHING) -> Any:
        kinds = {Cumulative: Kind.CUMULATIVE, Measure: Kind.SNAPSHOT, Nested: Kind.NESTED}
        version = Version(1, JANUARY[0], formula, kinds[type(formula)])
        more = make_metric("told", Ratio("orders", "orders"), version=version)
        model, problems = build_model(replace(definitions, metrics=(*definitions.metrics, more)), tables)
        assert not problems
        compiled = compile_request(MetricRequest(("told",), by, days=days), Fragments(model, "duckdb"), scope=scope)
        return asking(orders=orders).run(compiled.sql)

    return answer


def on(*days: int, **more: Any) -> Rows:
    return [{"business_date": JANUARY[day - 1]} | more for day in days]


def test_a_window_of_three_days_is_a_day_and_the_two_before(told: Any) -> None:
    window = Cumulative("orders", Window(Span(days=3)))
    rows = [*on(2), *on(3) * 10, *on(4) * 100, *on(5) * 3]
    assert told(window, rows, "business_date", days=FIFTH_AND_SIXTH) == [(JANUARY[4], 113), (JANUARY[5], 103)]
    assert told(window, rows, days=FIFTH_AND_SIXTH) == [(103,)]


def test_a_window_without_beginning_takes_in_all_days_before_those_asked(told: Any) -> None:
    rows = [*on(1), *on(5), *on(6), *on(7)]
    found = told(Cumulative("orders", Window()), rows, "business_date", days=FIFTH_AND_SIXTH)
    assert found == [(JANUARY[4], 2), (JANUARY[5], 3)]


def test_rows_of_the_days_before_are_limited_to_those_that_the_asker_may_see(told: Any) -> None:
    window = Cumulative("orders", Window(Span(days=3)))
    rows = [*on(4, city_id="y"), *on(4, 5, city_id="x")]
    for by, row in ((("business_date",), (JANUARY[4], 2)), ((), (2,))):
        fifth = Days(JANUARY[4], JANUARY[4])
        assert told(window, rows, *by, days=fifth, scope=RowScope((), ("x",))) == [row]


def test_a_mean_over_a_window_is_that_of_its_rows_and_not_of_its_days(told: Any) -> None:
    mean = Cumulative(Measure("orders", Aggregation.MEAN, ("item_count",)), Window(Span(days=3)))
    rows = [*on(4, item_count=1), *on(4), *on(5, 5, 5, item_count=5)]
    fifth = Days(JANUARY[4], JANUARY[4])
    assert told(mean, rows, "business_date", days=fifth) == [(JANUARY[4], 4.0)]


def test_a_sum_over_a_window_is_unknown_where_no_value_is_and_nought_where_no_row_is(told: Any) -> None:
    items = Measure("orders", Aggregation.SUM, ("item_count",), "status = 'delivered'")
    rows = [*on(1, 5, status="delivered"), *on(10, status="cancelled", item_count=3)]
    found = dict(
        told(Cumulative(items, Window(Span(days=2))), rows, "business_date", days=Days(JANUARY[4], date(2026, 1, 10)))
    )
    assert (found[JANUARY[4]], found[JANUARY[9]]) == (None, 0)


def test_first_and_last_moments_are_those_of_each_group_and_period(told: Any, at: Any) -> None:
    rows = [
        {"zone_id": zone, "merchant_id": merchant, "placed_at": at(hour), "item_count": count}
        for zone, merchant, hour, count in (("n", "a", 9, 1), ("n", "a", 11, 2), ("s", "b", 8, 10), ("s", "b", 10, 20))
    ]

    def taken(take: Take, *per: str) -> Any:
        snapshot = Snapshot(take, "placed_at", per)
        return told(Measure("orders", Aggregation.SUM, ("item_count",), snapshot=snapshot), rows)

    assert taken(Take.LAST) == [(2,)]
    assert taken(Take.FIRST) == [(10,)]
    assert taken(Take.LAST, "zone_id") == [(22,)]
    assert taken(Take.FIRST, "zone_id") == [(11,)]


def test_only_values_that_meet_the_condition_count(told: Any) -> None:
    rows = [{"zone_id": zone} for zone in "nnnsse"]

    def zones(having: str | None) -> Any:
        return told(Nested("orders", ("zone_id",), Aggregation.COUNT, having), rows)

    assert (zones(None), zones("value >= 2"), zones("value > 3")) == ([(3,)], [(2,)], [(0,)])
