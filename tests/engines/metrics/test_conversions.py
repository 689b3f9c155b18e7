"""What it means that a row is followed by another one in time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tiffin.engines.metrics.building import build_model
from tiffin.engines.metrics.compiling.compiler import compile_request
from tiffin.engines.metrics.compiling.fragments import Fragments
from tiffin.engines.metrics.definitions import Version
from tiffin.engines.metrics.formulas import Calculation, Conversion, Event, Kind, Ratio
from tiffin.engines.metrics.protection.permissions import Allowance, Policy, permit
from tiffin.engines.metrics.request import EVERYTHING, Condition, MetricRequest, Operator, RowScope
from tiffin.engines.metrics.sensitivity import Sensitivity
from tiffin.kernel.time import Days


@pytest.fixture
def followed(make_metric: Any, definitions: Any, tables: Any, asking: Any) -> Callable[..., Any]:
    """Count the deliveries that follow a placed order of the same merchant within half an hour."""

    def count(
        orders: list[dict[str, Any]],
        scope: RowScope = EVERYTHING,
        days: Days | None = None,
        where: tuple[Condition, ...] = (),
        policy: Policy = (),
    ) -> Any:
        base = Event("orders", "placed_at", ("merchant_id",), "status = 'placed'")
        formula = Conversion(
            base, Event("orders", "delivered_at", ("merchant_id",), "status = 'delivered'"), 1800, Calculation.COUNT
        )
        version = Version(1, date(2026, 1, 1), formula, Kind.CONVERSION)
        more = make_metric("followed", Ratio("orders", "orders"), version=version)
        model, problems = build_model(replace(definitions, metrics=(*definitions.metrics, more)), tables)
        assert not problems
        request = MetricRequest(("followed",), ("zone_id",), where=where, days=days)
        if policy:
            scope = permit(request, policy, Sensitivity(model, {})).scope
        sql = compile_request(request, Fragments(model, "duckdb"), scope=scope).sql
        return {zone: value for zone, value in asking(orders=orders).run(sql) if value}

    return count


def placed(at: Any, zone: str = "n", **more: Any) -> dict[str, Any]:
    return {"status": "placed", "merchant_id": "m", "placed_at": at, "zone_id": zone} | more


def delivered(at: Any, **more: Any) -> dict[str, Any]:
    return {"status": "delivered", "merchant_id": "m", "delivered_at": at, "zone_id": "late"} | more


def test_the_moment_itself_counts_and_the_end_does_not(followed: Any, at: Any) -> None:
    assert followed([placed(at(9)), delivered(at(9))]) == {"n": 1}
    assert followed([placed(at(9)), delivered(at(9, 29))]) == {"n": 1}
    assert followed([placed(at(9)), delivered(at(9, 30))]) == {}
    assert followed([placed(at(9)), delivered(at(8, 59))]) == {}


def test_each_row_that_follows_counts_once_for_the_latest_before_it(followed: Any, at: Any) -> None:
    assert followed([placed(at(9), "n"), placed(at(9, 5), "s"), delivered(at(9, 10))]) == {"s": 1}
    assert followed([placed(at(9)), delivered(at(9, 10)), delivered(at(9, 20))]) == {"n": 2}
    same = [placed(at(9), "n", order_id="a"), placed(at(9), "s", order_id="b"), delivered(at(9, 10))]
    assert followed(same) == {"s": 1}


def test_only_rows_that_meet_their_conditions_follow(followed: Any, at: Any) -> None:
    assert followed([placed(at(9)), delivered(at(9, 10), status="returned")]) == {}


def test_rows_that_the_asker_may_not_see_do_not_follow(followed: Any, at: Any) -> None:
    rows = [placed(at(9)), delivered(at(9, 10), city_id="y")]
    assert followed(rows) == {"n": 1}
    assert followed(rows, RowScope((), ("x",))) == {}


def test_a_later_base_row_takes_what_follows_whatever_day_it_is_filed_under(followed: Any, at: Any) -> None:
    asked, other = {"business_date": date(2026, 1, 5)}, {"business_date": date(2025, 12, 1)}
    rows = [placed(at(9), "n", **asked), placed(at(9, 5), "s", **other), delivered(at(9, 10), **other)]
    assert followed(rows, days=Days(date(2026, 1, 5), date(2026, 1, 5))) == {}
    assert followed(rows, days=Days(date(2025, 12, 1), date(2025, 12, 1))) == {"s": 1}
    assert followed(rows[::2], days=Days(date(2026, 1, 5), date(2026, 1, 5))) == {"n": 1}


def test_a_row_that_another_grant_opens_follows_too(followed: Any, at: Any) -> None:
    rows = [placed(at(9), city_id="x"), delivered(at(9, 10), city_id="y")]
    only_x = (Condition("city_id", Operator.EQ, ("x",)),)
    opened = [Allowance((), (city,)) for city in ("x", "y")]
    assert followed(rows, where=only_x, policy=(opened[0],)) == {}
    assert followed(rows, where=only_x, policy=tuple(opened)) == {"n": 1}
