"""What an answer holds, for whom, and what it tells of itself."""

from datetime import date
from typing import Any

import pytest

from tiffin.capabilities.metrics import service
from tiffin.capabilities.metrics.domain.asking import Asked
from tiffin.engines.metrics.request import Condition, MetricRequest, Operator, Order
from tiffin.kernel.errors import Forbidden, InvalidDefinition, NotFound, WrongUse
from tiffin.kernel.time import Days
from tiffin.runtime.actor import Grant, Role
from tiffin.runtime.workspace import Workspace

SAUDI = (Grant(Role.ANALYST, ("SA",), ()),)
KUWAIT = (Grant(Role.CITY_MANAGER, (), ("kuwait",)),)


@pytest.mark.parametrize("metric", ["orders", "refund_share", "click_to_door_median", "rider_hours", "contact_rate"])
def test_an_actor_sees_the_cities_of_his_grants_only(ask: Any, metric: str) -> None:
    everything = dict(ask(metric, by=("city_id",)).rows)
    seen = dict(ask(metric, by=("city_id",), grants=SAUDI).rows)
    assert seen == {city: everything[city] for city in ("jeddah", "riyadh")}
    assert set(dict(ask(metric, by=("city_id",), grants=(*SAUDI, *KUWAIT)).rows)) == {"jeddah", "riyadh", "kuwait"}


def test_a_total_is_of_the_seen_cities_only(ask: Any) -> None:
    by_city = dict(ask("orders", by=("city_id",)).rows)
    assert ask("orders", grants=KUWAIT).rows == ((by_city["kuwait"],),)


def test_without_grants_nothing_is_told(ask: Any) -> None:
    with pytest.raises(Forbidden, match="may see no city"):
        ask("orders", grants=())


def test_the_receipt_tells_how_the_number_came_about(ask: Any) -> None:
    receipt = ask("completion_rate", "refund_share", where=(Condition("city_id", Operator.EQ, ("kuwait",)),)).receipt
    assert receipt.metrics["completion_rate"]["version"] == 1
    assert receipt.metrics["completion_rate"]["meaning"] == "Share of ended orders that were delivered."
    assert receipt.tables == {"orders": 0, "refunds": 0, "cities": 0}
    assert receipt.engine == "duckdb"
    assert receipt.simulated
    assert len(receipt.sql_sha256) == 64
    assert ask("orders", grants=SAUDI).receipt.row_filters == {"countries": ("SA",), "cities": ()}


def test_the_same_question_has_the_same_digest(ask: Any) -> None:
    assert ask("orders", by=("week",)).receipt.sql_sha256 == ask("orders", by=("week",)).receipt.sql_sha256
    assert ask("orders", by=("week",)).receipt.sql_sha256 != ask("orders", by=("month",)).receipt.sql_sha256


def test_meanings_come_in_the_language_of_the_reader(small: Workspace, entering: Any) -> None:
    with entering(small, locale="ar") as context:
        found = service.query(context, MetricRequest(("orders",)))
    assert found.receipt.metrics["orders"]["label"] == "الطلبات"


def test_money_says_its_currency_row_by_row(ask: Any) -> None:
    by_city = ask("basket_value", by=("city_id",))
    assert dict(zip((row[0] for row in by_city.rows), by_city.currencies, strict=True))["kuwait"] == "KWD"
    by_country = ask("basket_value", by=("business_date", "country"))
    assert {row[1]: money for row, money in zip(by_country.rows, by_country.currencies, strict=True)}["SA"] == "SAR"
    by_currency = ask("basket_value", by=("currency",))
    assert [row[0] for row in by_currency.rows] == list(by_currency.currencies)
    assert ask("basket_value", grants=SAUDI).currencies == ("SAR",)
    assert ask("orders").currencies == ()


def test_an_amount_that_is_no_column_of_money_is_told_without_a_currency(
    empty: Workspace, entering: Any, writing: Any, metric_yaml: str
) -> None:
    (empty.overlay("metrics") / "own.yaml").write_text(metric_yaml.replace("unit: orders", "unit: money"))
    places = {"x": ("SA", "SAR"), "y": ("KW", "KWD")}
    cities = [
        {"city_id": city, "country": country, "currency": currency} for city, (country, currency) in places.items()
    ]
    orders = [
        {"city_id": city, "order_id": "a", "country": country, "business_date": date(2026, 1, 1)}
        for city, (country, _) in places.items()
    ]
    writing(empty, cities=cities, orders=orders)
    with entering(empty) as context:
        found = service.query(context, MetricRequest(("own_orders",), ("business_date",)))
        assert (len(found.rows), found.currencies) == (1, (None,))
        assert set(service.query(context, MetricRequest(("own_orders",), ("country",))).currencies) == {"SAR", "KWD"}


def test_money_over_currencies_is_refused_with_the_way_out(ask: Any) -> None:
    with pytest.raises(WrongUse, match=r"EUR, KWD, SAR.*Split it by currency"):
        ask("discount_share")


def test_earlier_versions_of_the_tables_are_read_as_they_were(empty: Workspace, entering: Any, writing: Any) -> None:
    row = {"city_id": "x", "status": "delivered", "business_date": date(2026, 1, 1), "source": "f"}
    writing(empty, orders=[row | {"order_id": "a"}])
    writing(empty, orders=[row | {"order_id": "b"}])
    for version, expected in ((0, 1), (1, 2), (None, 2)):
        with entering(empty, as_of=version) as context:
            found = service.query(context, MetricRequest(("orders",)))
            assert found.rows == ((expected,),)
            assert found.receipt.tables == {"orders": version if version is not None else 1, "cities": None}


def test_tables_that_were_never_loaded_give_no_rows_and_no_numbers(empty: Workspace, entering: Any) -> None:
    with entering(empty) as context:
        assert service.query(context, MetricRequest(("orders", "late_share"), ("city_id",))).rows == ()
        found = service.query(context, MetricRequest(("orders", "refund_share", "late_share")))
    assert found.rows == ((None, None, None),)
    assert found.receipt.tables == {"orders": None, "refunds": None, "cities": None}


def test_near_names_are_offered(small: Workspace, entering: Any) -> None:
    with entering(small) as context, pytest.raises(NotFound, match="Did you mean late_share"):
        service.find_metric(context, "lateshare")


def test_search_reads_names_labels_and_meanings(small: Workspace, entering: Any) -> None:
    with entering(small, locale="pt_BR") as context:
        assert "refund_value" in {metric.name for metric in service.search_metrics(context, "REEMBOLSAD")}
        assert service.search_metrics(context, "no such words") == ()
        assert len(service.search_metrics(context, " ")) == len(service.list_metrics(context))


def test_cities_with_a_metric_are_those_with_its_facts(small: Workspace, entering: Any, empty: Any) -> None:
    with entering(small, grants=SAUDI) as context:
        assert [city.city_id for city in service.cities_with(context, "refund_share")] == ["jeddah", "riyadh"]
    with entering(empty) as context:
        assert service.cities_with(context, "refund_share") == ()


def test_an_explanation_shows_both_engines_sql_and_the_lineage(small: Workspace, entering: Any) -> None:
    with entering(small) as context:
        found = service.explain(context, MetricRequest(("refund_share",), ("week",)))
    assert set(found.sql) == {"duckdb", "spark"}
    assert "ISODOW" not in found.sql["spark"]
    assert ("refunds", "order_id") in found.lineage["refund_share"].columns
    assert found.lineage["refund_share"].metrics == ("refunded_orders", "orders")
    assert found.receipt.metrics["refund_share"]["tier"] == "certified"


def test_typed_words_become_a_request(small: Workspace, entering: Any) -> None:
    asked = Asked(
        ("orders,late_share", "refunds"),
        ("city_id, week",),
        ("country = 'SA'", " "),
        "2026-02-01",
        "2026-02-03",
        ("-orders", "week", "late_share desc"),
        5,
    )
    with entering(small) as context:
        found = service.request_of(context, asked)
    assert found == MetricRequest(
        ("orders", "late_share", "refunds"),
        ("city_id", "week"),
        (Condition("country", Operator.EQ, ("SA",)),),
        Days(date(2026, 2, 1), date(2026, 2, 3)),
        (Order("orders", is_descending=True), Order("week"), Order("late_share", is_descending=True)),
        5,
    )


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [("2026-02-01", None, Operator.GE), (None, "2026-02-01", Operator.LE)],
)
def test_an_open_span_of_days_is_a_condition(
    small: Workspace, entering: Any, first: Any, last: Any, expected: Any
) -> None:
    with entering(small) as context:
        found = service.request_of(context, Asked(("orders",), first=first, last=last))
    assert found.where == (Condition("business_date", expected, (date(2026, 2, 1),)),)
    assert found.days is None


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"first": "1.2.2026"}, "business date such as"),
        ({"first": "2026-02-02", "last": "2026-02-01"}, "must not be after"),
        ({"order": ("orders falling",)}, "An order such as"),
    ],
)
def test_words_that_cannot_be_read_are_told(small: Workspace, entering: Any, changes: Any, message: str) -> None:
    with entering(small) as context, pytest.raises(WrongUse, match=message):
        service.request_of(context, Asked(("orders",), **changes))


def test_an_operator_s_own_metric_stands_beside_the_shipped_ones(
    empty: Workspace, entering: Any, metric_yaml: str
) -> None:
    file = empty.overlay("metrics") / "own.yaml"
    file.write_text(metric_yaml, encoding="utf-8")
    with entering(empty) as context:
        assert service.find_metric(context, "own_orders").owner == "me"
        assert service.find_metric(context, "orders")
    file.write_text(metric_yaml.replace("own_orders:", "orders:"), encoding="utf-8")
    with entering(empty) as context:
        assert service.find_metric(context, "orders").owner == "me"
    file.write_text(metric_yaml.replace("unit: orders", "unit: apples"), encoding="utf-8")
    with (
        entering(empty) as context,
        pytest.raises(InvalidDefinition, match=r"own.yaml, line \d+: own_orders: `unit` is one of"),
    ):
        service.list_metrics(context)


@pytest.mark.parametrize("engine", ["duckdb", "spark"])
def test_estimates_are_made_by_choice_and_said_so(ask: Any, engine: str) -> None:
    asked = ("unique_customers", "orders")
    exact = ask(*asked, by=("business_date",), engine=engine)
    estimated = ask(*asked, by=("business_date",), engine=engine, is_approximate=True)
    assert exact.receipt.estimated == ()
    assert estimated.receipt.estimated == ("unique_customers",)
    for one, other in zip(exact.rows, estimated.rows, strict=True):
        assert one[2] == other[2]
        assert other[1] == pytest.approx(one[1], rel=0.2)
