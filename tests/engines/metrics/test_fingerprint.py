"""Metrics that mean the same have one fingerprint, however they are written; metrics that do not, have not."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

import pytest

from tiffin.engines.metrics.comparing.fingerprint import FILTER, Facts, fingerprint, likenesses
from tiffin.engines.metrics.definitions import (
    Cardinality,
    Direction,
    Join,
    Level,
    Metric,
    Source,
    Tier,
    Unit,
    Version,
    Wording,
)
from tiffin.engines.metrics.formulas import Aggregation, Derived, Formula, Kind, Measure, Ratio

NO_TEXT = Wording({"en": "-"})
COUNT, DISTINCT, SUM, MEAN = Aggregation.COUNT, Aggregation.COUNT_DISTINCT, Aggregation.SUM, Aggregation.MEAN


def a_metric(name: str, formula: Formula) -> Metric:
    version = Version(1, date(2026, 1, 1), formula, Kind.SIMPLE)
    return Metric(name, NO_TEXT, NO_TEXT, Unit.ORDERS, Direction.UP, Level.TEAM, "me", Tier.DRAFT, version)


def count(where: str | None = None) -> Measure:
    return Measure("orders", COUNT, where=where)


def of(aggregation: Aggregation, *expressions: str, where: str | None = None, quantile: float | None = None) -> Measure:
    return Measure("orders", aggregation, expressions, where, quantile)


NAMED: Mapping[str, Formula] = {
    "orders": count(),
    "delivered": count("status = 'delivered'"),
    "late": count("status = 'delivered' and delivered_at > promised_at"),
    "late_share": Ratio("late", "delivered"),
}
FACTS = Facts(
    sources={
        "orders": Source(
            "orders",
            "orders",
            ("city_id", "order_id"),
            "business_date",
            {},
            (Join("shops", "merchants", (("merchant_id", "merchant_id"),), Cardinality.MANY_TO_ONE),),
        ),
        "slots": Source("slots", "slots", ("slot_at",), "business_date", {}),
    },
    metrics={name: a_metric(name, formula) for name, formula in NAMED.items()},
    keys={"orders": ("city_id", "order_id")},
    known=frozenset({"orders.order_id", "orders.city_id", "orders.status"}),
    domains={"orders.status": ("placed", "delivered", "cancelled", "returned")},
)

SAME: tuple[tuple[Formula, Formula], ...] = (
    (count("status = 'delivered' and item_count > 3"), count("3 < item_count and 'delivered' = status")),
    (count("status in ('cancelled', 'returned')"), count("status = 'returned' or (status = 'cancelled')")),
    (count("status <> 'placed'"), count("status in ('returned', 'delivered', 'cancelled')")),
    (count("not (status = 'placed')"), count("status <> 'placed'")),
    (count("status not in ('placed', 'cancelled')"), count("status <> 'placed' and status <> 'cancelled'")),
    (count("item_count between 2 and 5"), count("item_count >= 2 and item_count <= 5")),
    (count("not (item_count < 2 or item_count > 5)"), count("item_count between 2 and 5")),
    (count("is_asap"), count("is_asap = true")),
    (count("not is_asap"), count("is_asap = false")),
    (count("a = 1 and (b = 2 or c = 3)"), count("(c = 3 and a = 1) or (b = 2 and a = 1)")),
    (count("a = 1 or (a = 1 and b = 2)"), count("a = 1")),
    (count("promised_at is not null and delivered_at > promised_at"), count("promised_at < delivered_at")),
    (count("merchants_open is not null"), count("not (merchants_open is null)")),
    (count("base.status = 'delivered'"), count("status = 'delivered'")),
    (count(), of(COUNT, "order_id")),
    (count(), of(DISTINCT, "order_id", "city_id")),
    (count(), of(SUM, "1")),
    (count("status = 'delivered'"), of(SUM, "case when status = 'delivered' then 1 else 0 end")),
    (count("status = 'delivered'"), of(COUNT, "case when status = 'delivered' then order_id end")),
    (count("rider_id is not null"), of(COUNT, "rider_id")),
    (of(SUM, "tip_minor", where="is_asap"), of(SUM, "case when is_asap then tip_minor else 0 end")),
    (of(SUM, "basket_minor - discount_minor"), of(SUM, "-discount_minor + basket_minor")),
    (of(SUM, "minutes_between(a, b) / 60"), Derived("x / 60")),
    (of(MEAN, "tip_minor"), Ratio(of(SUM, "tip_minor"), of(COUNT, "tip_minor"))),
    (of(SUM, "minutes_between(a, b)"), Derived("-y")),
    (of(MEAN, "greatest(a, b)"), of(MEAN, "greatest(b, a)")),
    (Ratio("late", "delivered"), Derived("late / delivered")),
    (Ratio(NAMED["late"], NAMED["delivered"]), Derived("late_share")),  # type: ignore[arg-type] # both are measures
    (Derived("1 - late_share"), Derived("(delivered - late) / delivered")),
    (Derived("late / orders * 100"), Ratio("late", "orders", times=100)),
    (Derived("(late + delivered) * 2"), Derived("2 * delivered + late * 2")),
    (Derived("(late / orders) / (delivered / orders)"), Derived("late_share")),
)
APART: tuple[tuple[Formula, Formula], ...] = (
    (count("status = 'delivered'"), count("status = 'cancelled'")),
    (count("status <> 'placed'"), count("status = 'delivered'")),
    (count("item_count > 3"), count("item_count >= 3")),
    (count("item_count between 2 and 5"), count("item_count between 2 and 6")),
    (count("a = 1 and b = 2"), count("a = 1 or b = 2")),
    (count("a = 1 and (b = 2 or c = 3)"), count("(a = 1 and b = 2) or c = 3")),
    (count("delivered_at > promised_at"), count("delivered_at >= promised_at")),
    (count("delivered_at > promised_at"), count("promised_at > delivered_at")),
    (count("rider_id <> 'x'"), count()),
    (count(), of(DISTINCT, "order_id")),
    (count(), of(COUNT, "rider_id")),
    (count(), Measure("slots", COUNT)),
    (of(SUM, "tip_minor"), of(MEAN, "tip_minor")),
    (of(MEAN, "tip_minor"), Ratio(of(SUM, "tip_minor"), "orders")),
    (of(MEAN, "case when is_asap then 1 else 0 end"), of(MEAN, "case when is_asap then 1 end")),
    (of(SUM, "basket_minor - discount_minor"), of(SUM, "discount_minor - basket_minor")),
    (of(SUM, "minutes_between(a, b)"), of(SUM, "minutes_between(b, a)")),
    (of(Aggregation.PERCENTILE, "a", quantile=0.5), of(Aggregation.PERCENTILE, "a", quantile=0.9)),
    (of(SUM, "shops.rank"), of(SUM, "rank")),
    (Ratio("late", "delivered"), Ratio("delivered", "late")),
    (Ratio("late", "delivered"), Ratio("late", "orders")),
    (Ratio("late", "orders"), Ratio("late", "orders", times=100)),
    (Derived("1 - late_share"), Derived("late_share - 1")),
    (Derived("delivered + late"), Derived("delivered - late")),
)
HELPING = {"x": of(SUM, "minutes_between(a, b)"), "y": of(SUM, "minutes_between(b, a)")}


@pytest.fixture
def digest() -> Callable[[Formula], str]:
    """Take a fingerprint among metrics that other formulas name."""
    helping = {name: a_metric(name, formula) for name, formula in HELPING.items()}
    facts = replace(FACTS, metrics={**FACTS.metrics, **helping})
    return lambda formula: fingerprint(formula, facts).digest


@pytest.mark.parametrize(("one", "other"), SAME, ids=range(len(SAME)))
def test_two_ways_of_writing_one_meaning_have_one_fingerprint(
    one: Formula, other: Formula, digest: Callable[[Formula], str]
) -> None:
    assert digest(one) == digest(other)


@pytest.mark.parametrize(("one", "other"), APART, ids=range(len(APART)))
def test_near_meanings_have_two_fingerprints(one: Formula, other: Formula, digest: Callable[[Formula], str]) -> None:
    assert digest(one) != digest(other)


def test_all_meanings_that_must_be_apart_are_apart_from_every_other_pair(digest: Callable[[Formula], str]) -> None:
    digests = [digest(one) for one, _ in SAME]
    alone = {digest(count(where)) for where in ("a = 7", "b = 7", "a = 8")}
    assert not alone & set(digests)


def test_a_duplicate_comes_before_what_differs_in_the_filter_only() -> None:
    formulas = {
        "delivered_orders": count("status = 'delivered' and is_asap"),
        "handed_over": count("is_asap = true and status in ('delivered')"),
        "returned_orders": count("status = 'returned' and is_asap"),
        "riders": of(DISTINCT, "rider_id"),
    }
    found = likenesses({name: fingerprint(formula, FACTS) for name, formula in formulas.items()})
    assert (found[0].metric, found[0].other, found[0].is_duplicate) == ("delivered_orders", "handed_over", True)
    assert {(item.metric, item.other) for item in found[1:]} == {
        ("delivered_orders", "returned_orders"),
        ("handed_over", "returned_orders"),
    }
    assert all(item.differs_in == FILTER and 0 < item.alike < 1 for item in found[1:])


def test_metrics_defined_by_one_another_have_no_fingerprint() -> None:
    metrics = {"a": a_metric("a", Derived("b + 1")), "b": a_metric("b", Derived("a + 1"))}
    with pytest.raises(Exception, match="defined by itself"):
        fingerprint(Derived("a"), replace(FACTS, metrics=metrics))
