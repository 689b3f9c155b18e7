"""A period and the one some days before, read in one scan, against the same asked apart."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tiffin.engines.metrics.building import build_model
from tiffin.engines.metrics.compiling.compiler import compile_request
from tiffin.engines.metrics.compiling.fragments import Fragments
from tiffin.engines.metrics.compiling.sharing import shared
from tiffin.engines.metrics.compiling.spans import Span
from tiffin.engines.metrics.definitions import Definitions, Kind, Version
from tiffin.engines.metrics.formulas import Compared, Comparison
from tiffin.engines.metrics.request import Condition, MetricRequest, Operator
from tiffin.kernel.time import Days

FIRST = date(2026, 2, 16)
WEEKS = Days(date(2026, 3, 2), date(2026, 3, 29))
NAMES = ("orders", "items", "most_items", "minutes", "basket", "completion")
STATUSES = ("delivered", "cancelled", "placed")


@pytest.fixture(scope="module")
def written(definitions: Definitions, tables: Any) -> Fragments:
    """Definitions in which each metric has one of a week before and one of a day before."""
    kinds = [(name, days) for name in NAMES for days in (1, 7, 364)]
    known = {metric.name: metric for metric in definitions.metrics}
    more = tuple(
        replace(
            known[name], name=f"{name}_{days}", version=Version(1, FIRST, earlier(name, days), Kind.PERIOD_OVER_PERIOD)
        )
        for name, days in kinds
    )
    more += tuple(
        replace(
            known["orders"],
            name=f"orders_{gives}",
            version=Version(1, FIRST, Compared("orders", Span(7), gives), Kind.PERIOD_OVER_PERIOD),
        )
        for gives in (Comparison.DIFFERENCE, Comparison.CHANGE)
    )
    model, problems = build_model(replace(definitions, metrics=(*definitions.metrics, *more)), tables)
    assert not problems
    return Fragments(model, "duckdb")


def earlier(name: str, days: int) -> Compared:
    return Compared(name, Span(days), Comparison.VALUE)


def some_orders(at: Callable[[int, int], Any]) -> list[dict[str, Any]]:
    dice = random.Random(11)  # noqa: S311 - not a secret
    return [
        {
            "city_id": dice.choice("xyz"),
            "business_date": dice.choice([FIRST + timedelta(days=dice.randrange(60)), None]),
            "order_id": f"o{number}",
            "status": dice.choice(STATUSES),
            "item_count": dice.choice([None, 1, 2, 5]),
            "basket_minor": dice.choice([None, 100, 250]),
            "placed_at": at(9, 0),
            "delivered_at": dice.choice([None, at(9, 30), at(10, 0)]),
        }
        for number in range(400)
    ]


@pytest.mark.parametrize("by", [(), ("city_id",), ("business_date",), ("week", "city_id"), ("month",)])
@pytest.mark.parametrize("where", [(), (Condition("status", Operator.EQ, ("delivered",)),)])
def test_metrics_asked_together_are_what_each_is_alone(
    written: Fragments, asking: Callable[..., Any], at: Callable[[int, int], Any], by: tuple[str, ...], where: Any
) -> None:
    facts = asking(orders=some_orders(at))
    names = [*NAMES, *(f"{name}_{days}" for name in NAMES for days in (1, 7))]

    def asked(*metrics: str) -> dict[tuple[Any, ...], tuple[Any, ...]]:
        compiled = compile_request(MetricRequest(metrics, by, where, WEEKS), written)
        return {row[: len(by)]: row[len(by) :] for row in facts.run(compiled.sql)}

    together = asked(*names)
    for number, name in enumerate(names):
        alone = {group: values[0] for group, values in asked(name).items()}
        empty = 0 if name.startswith(("orders", "items", "basket")) else None
        assert {group: values[number] for group, values in together.items()} == pytest.approx(
            {group: alone.get(group, empty) for group in together}
        )
        assert alone.keys() <= together.keys()


def test_a_difference_is_what_came_on_top_and_a_change_its_share_of_what_was_before(
    written: Fragments, asking: Callable[..., Any]
) -> None:
    days = [date(2026, 3, 2)] * 4 + [date(2026, 3, 9)] * 5
    names = ("orders", "orders_7", "orders_difference", "orders_change")
    request = MetricRequest(names, ("week",), (), Days(date(2026, 3, 9), date(2026, 3, 15)))
    found = asking(orders=[{"business_date": day} for day in days]).run(compile_request(request, written).sql)
    assert found == [(date(2026, 3, 9), 5, 4, 1, 0.25)]


def test_neighbouring_periods_are_read_once_and_a_far_one_apart(written: Fragments) -> None:
    request = MetricRequest(("orders", "orders_1", "orders_7", "orders_364"), ("business_date",), (), WEEKS)
    sql = compile_request(request, written).sql
    assert sql.count('FROM "orders" AS') == 2


def test_a_median_keeps_its_own_rows(written: Fragments) -> None:
    request = MetricRequest(("minutes_p90", "orders_7"), ("business_date",), (), WEEKS)
    assert compile_request(request, written).sql.count('FROM "orders" AS') == 2


def test_days_between_two_periods_keep_them_apart() -> None:
    week = Days(date(2026, 3, 2), date(2026, 3, 8))
    assert [item.days for item in shared([0, 364, 7], week)] == [(0, 7), (364,)]
    assert [item.days for item in shared([0, 8], week)] == [(0,), (8,)]
