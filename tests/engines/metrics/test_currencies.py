"""Money of several currencies in one: exact sums times rates, and what is unknown stays so."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from tiffin.engines.metrics.building import build_model
from tiffin.engines.metrics.compiling.compiler import compile_request
from tiffin.engines.metrics.compiling.converting import converted
from tiffin.engines.metrics.compiling.currencies import Factors, rounded, with_one_currency
from tiffin.engines.metrics.compiling.fragments import Fragments
from tiffin.engines.metrics.definitions import Version
from tiffin.engines.metrics.formulas import Aggregation, Kind, Measure, Ratio, Snapshot, Take
from tiffin.engines.metrics.request import MetricRequest

DINAR = Fraction(375, 302)


@pytest.fixture
def in_riyals(make_metric: Any, definitions: Any, tables: Any, asking: Any) -> Callable[..., Any]:
    """Give an aggregate of the baskets of some orders, converted into riyals."""

    def value(
        aggregation: Aggregation, *orders: dict[str, Any], snapshot: Snapshot | None = None, dinar: Fraction = DINAR
    ) -> Any:
        measure = Measure("orders", aggregation, ("basket_minor",), snapshot=snapshot)
        version = Version(1, date(2026, 1, 1), measure, Kind.SNAPSHOT if snapshot else Kind.SIMPLE)
        more = make_metric("amount", Ratio("orders", "orders"), version=version)
        whole = replace(definitions, metrics=(more,))
        factors = Factors("SAR", {"SAR": Fraction(1), "KWD": dinar})
        model, problems = build_model(converted(whole, factors), tables)
        assert not problems
        sql = compile_request(MetricRequest(("amount",)), Fragments(with_one_currency(model), "duckdb")).sql
        return asking(orders=list(orders)).run(sql)[0][0]

    return value


def paid(basket: int | None, currency: str | None = "SAR", **more: Any) -> dict[str, Any]:
    return {"basket_minor": basket, "currency": currency} | more


def test_each_amount_counts_at_its_rate(in_riyals: Any) -> None:
    orders = (paid(10), paid(302, "KWD"), paid(None, "KWD"))
    assert in_riyals(Aggregation.SUM, *orders) == 385
    assert in_riyals(Aggregation.MEAN, *orders) == 192.5
    assert in_riyals(Aggregation.MAXIMUM, *orders) == 375


def test_a_sum_of_rows_without_any_amount_is_unknown_and_of_no_rows_nought(in_riyals: Any) -> None:
    assert in_riyals(Aggregation.SUM, paid(None)) is None
    assert in_riyals(Aggregation.SUM, paid(None, None)) is None
    assert in_riyals(Aggregation.SUM) == 0


def test_an_amount_in_no_known_currency_makes_the_value_unknown(in_riyals: Any) -> None:
    for aggregation in (Aggregation.SUM, Aggregation.MEAN, Aggregation.MINIMUM):
        assert in_riyals(aggregation, paid(10), paid(1, None)) is None
        assert in_riyals(aggregation, paid(10), paid(1, "USD")) is None
        assert in_riyals(aggregation, paid(10), paid(None, None)) == 10


def test_the_currencies_of_a_snapshot_have_no_moments_of_their_own(in_riyals: Any, at: Any) -> None:
    last = Snapshot(Take.LAST, "placed_at")
    assert in_riyals(Aggregation.SUM, paid(302, "KWD", placed_at=at(9)), paid(7, placed_at=at(10)), snapshot=last) == 7


def test_half_a_minor_unit_is_rounded_to_even_whatever_the_rate(in_riyals: Any) -> None:
    dinar = Fraction(1469, 1208)
    halves = (3020, 12684, 24764)
    assert all((amount * dinar).denominator == 2 for amount in halves)
    for aggregation in (Aggregation.SUM, Aggregation.MAXIMUM):
        found = [rounded(in_riyals(aggregation, paid(amount, "KWD"), dinar=dinar)) for amount in halves]
        assert found == [round(amount * dinar) for amount in halves]
