"""What makes a definition sound, and what is said of one that is not."""

from dataclasses import replace
from typing import Any

import pytest

from tiffin.engines.metrics.building import build_model
from tiffin.engines.metrics.definitions import Cardinality, Join
from tiffin.engines.metrics.formulas import Aggregation, Derived, Measure, Ratio
from tiffin.engines.metrics.lineage import lineage_of
from tiffin.kernel.errors import Place

HERE = Place("here.yaml", 7)


def problems_with(definitions: Any, tables: Any, *metrics: Any, **changes: Any) -> Any:
    changed = replace(definitions, metrics=(*definitions.metrics, *metrics), **changes)
    return [str(problem) for problem in build_model(changed, tables)[1]]


def test_the_small_marketplace_is_sound(definitions: Any, tables: Any) -> None:
    assert problems_with(definitions, tables) == []


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        (Measure("orders", Aggregation.SUM, ("item_coun",)), "Did you mean item_count"),
        (Measure("orders", Aggregation.SUM, ("zone_id",)), "needs numbers"),
        (Measure("orders", Aggregation.COUNT, (), "local_hour + 1"), "a condition was expected"),
        (Measure("orders", Aggregation.COUNT, (), "status ="), "is not an expression"),
        (Measure("orders", Aggregation.COUNT, (), "lower(status) = 'x'"), "not in the vocabulary"),
        (Measure("orders", Aggregation.COUNT, (), "regexp_matches(status, 'x')"), "not in the vocabulary"),
        (Measure("orders", Aggregation.COUNT, (), "minute_between(placed_at, delivered_at) > 1"), "minutes_between"),
        (Measure("orders", Aggregation.COUNT, (), "status in (select 1)"), "not in the vocabulary"),
        (Measure("orders", Aggregation.COUNT, (), "riders.vehicle = 'x'"), "no join of the source orders"),
        (Measure("orders", Aggregation.SUM, ("minutes_between(placed_at, item_count)",)), "is integer; instant"),
        (Measure("orders", Aggregation.SUM, ("item_count + status",)), "integer or double was expected"),
        (Measure("orders", Aggregation.SUM, ()), "1 to 1 expressions"),
        (Measure("orders", Aggregation.PERCENTILE, ("item_count",)), "states its `quantile`"),
        (Measure("orders", Aggregation.PERCENTILE, ("item_count",), None, 90), "between 0 and 1"),
        (Measure("order", Aggregation.COUNT), "there is no source order. Did you mean orders"),
        (Ratio("delivred", "orders"), "there is no metric delivred. Did you mean delivered"),
        (Derived("orders + refundz"), "Did you mean refunds"),
        (Derived("1 + 1"), "reads no measure"),
    ],
)
def test_a_fault_is_told_with_its_line_and_a_fix(
    definitions: Any, tables: Any, make_metric: Any, formula: Any, message: Any
) -> None:
    told = problems_with(definitions, tables, make_metric("faulty", replace(formula, place=HERE), place=HERE))
    assert len(told) == 1
    assert told[0].startswith("here.yaml, line 7: ")
    assert message in told[0]


def test_metrics_that_rest_on_one_another_are_a_cycle(definitions: Any, tables: Any, make_metric: Any) -> None:
    told = problems_with(
        definitions,
        tables,
        make_metric("hen", Derived("egg + orders")),
        make_metric("egg", Derived("hen - orders")),
    )
    assert any("hen → egg → hen" in text for text in told)


def test_two_metrics_of_one_name_are_told_apart_by_place(definitions: Any, tables: Any, make_metric: Any) -> None:
    again = make_metric("orders", Measure("orders", Aggregation.COUNT), place=HERE)
    assert "defined twice" in problems_with(definitions, tables, again)[0]


def test_a_join_that_leaves_out_a_part_of_the_key_is_refused(definitions: Any, tables: Any) -> None:
    orders, refunds = definitions.sources
    loose = Join("merchants", "merchants", (("merchant_id", "merchant_id"),), Cardinality.MANY_TO_ONE)
    told = problems_with(definitions, tables, sources=(replace(orders, joins=(orders.joins[0], loose)), refunds))
    assert len(told) == 1
    assert "leaves out city_id of the key" in told[0]
    assert "inflated" in told[0]


def test_metrics_on_a_faulty_source_are_left_out_without_a_second_complaint(definitions: Any, tables: Any) -> None:
    orders, refunds = definitions.sources
    broken = replace(orders, dimensions={**orders.dimensions, "zone_id": "zone"})
    changed = replace(definitions, sources=(broken, refunds))
    model, problems = build_model(changed, tables)
    assert len(problems) == 1
    assert set(model.metrics) == {"refunds", "refund_value"}


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("zone_id", "amount_minor", "is text, and 'amount_minor' is integer"),
        ("zone", "zone_id", "not a declared dimension. Did you mean zone_id"),
    ],
)
def test_a_dimension_means_the_same_in_every_source(
    definitions: Any, tables: Any, name: Any, text: Any, message: Any
) -> None:
    orders, refunds = definitions.sources
    broken = replace(refunds, dimensions={**refunds.dimensions, name: text})
    assert message in problems_with(definitions, tables, sources=(orders, broken))[0]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"table": "order"}, "there is no table order. Did you mean orders"),
        ({"time": "day"}, "names day as its time"),
        (
            {"joins": (Join("base", "cities", (("city_id", "city_id"),), Cardinality.MANY_TO_ONE),)},
            "two joins named base",
        ),
        ({"joins": (Join("c", "cities", (("city_id", "city"),), Cardinality.MANY_TO_ONE),)}, "has no column city."),
    ],
)
def test_a_source_is_checked_against_the_tables(definitions: Any, tables: Any, changes: Any, message: Any) -> None:
    orders, refunds = definitions.sources
    told = problems_with(definitions, tables, sources=(replace(orders, **changes), refunds))
    assert message in told[0]


def test_lineage_reaches_the_columns(model: Any) -> None:
    found = lineage_of("failed_share", model)
    assert found.columns == (
        ("orders", "city_id"),
        ("orders", "order_id"),
        ("orders", "status"),
        ("refunds", "city_id"),
        ("refunds", "refund_id"),
    )
    assert found.metrics == ("cancelled", "orders", "refunds")
    assert "count(of orders where status = 'cancelled')" in found.formula
    assert lineage_of("minutes_p90", model).formula.startswith(
        "percentile(MINUTES_BETWEEN(placed_at, delivered_at) at 0.9"
    )
    assert lineage_of("refund_share", model).metrics == ("refunds", "orders")
    assert lineage_of("orders", model).metrics == ()


def test_dimensions_of_a_metric_are_those_that_all_its_sources_share(model: Any) -> None:
    assert "local_hour" in model.resolved["orders"].dimensions
    assert "local_hour" not in model.resolved["refund_share"].dimensions
    assert {"week", "country", "category"} <= model.resolved["refund_share"].dimensions


def test_a_metric_may_refuse_a_dimension(definitions: Any, tables: Any, make_metric: Any) -> None:
    rate = make_metric("rate", Ratio("delivered", "orders"), never_by=("status",))
    model, _ = build_model(replace(definitions, metrics=(*definitions.metrics, rate)), tables)
    assert "status" not in model.resolved["rate"].dimensions
