"""Two numbers differ: the difference is split into parts that add up exactly, and nothing from outside is run."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tiffin.capabilities.metrics.service import query
from tiffin.capabilities.metrics.service.differences import Comparison, Question, compare, parts_add_up
from tiffin.engines.metrics.comparing.outside_names import Naming
from tiffin.engines.metrics.request import MetricRequest
from tiffin.kernel.errors import Forbidden, NotFound, WrongUse
from tiffin.runtime.actor import Grant, Role
from tiffin.runtime.warehouse.opening import open_store
from tiffin.runtime.workspace import Workspace

Asking = Callable[..., Comparison]
EVERYWHERE = (Grant(Role.ANALYST, ("*",), ("*",)),)


@pytest.fixture
def differ(small: Workspace, entering: Any) -> Asking:
    """Compare a metric of the small workspace with a query."""

    def asked(
        metric: str, sql: str = "", *, grants: tuple[Grant, ...] = EVERYWHERE, engine: str = "duckdb", **more: Any
    ) -> Comparison:
        with entering(small, grants=grants, engine=engine) as context:
            return compare(context, Question(metric, sql, **more))

    return asked


def amounts(found: Comparison) -> dict[str, Decimal]:
    """Add up the parts by aspect."""
    total: dict[str, Decimal] = {}
    for part in found.parts:
        total[part.aspect] = total.get(part.aspect, Decimal(0)) + part.amount
    return total


QUERIES = (
    ("delivered_orders", "select count(*) from orders", "duckdb"),
    (
        "delivered_orders",
        "select count(*) from fct_orders where status = 'completed' and created_at >= '2026-01-28'",
        "postgres",
    ),
    (
        "delivered_orders",
        (
            "select countif(status = 'delivered') from `p.d.fct_orders` where DATE(created_at, 'Asia/Riyadh') "
            "between '2026-01-28' and '2026-01-30'"
        ),
        "bigquery",
    ),
    ("orders", "select count(*) from orders where date_trunc('week', placed_at) = '2026-01-26'", "duckdb"),
    ("completion_rate", "select avg(case when status = 'delivered' then 1.0 else 0 end) from orders", "duckdb"),
    (
        "completion_rate",
        "select sum(case when status='delivered' then 1 else 0 end) / count(*) from orders where vehicle = 'car'",
        "spark",
    ),
    (
        "completion_rate",
        (
            "select avg(r) from (select business_date, sum(case when status = 'delivered' then 1.0 else 0 end) / "
            "count(*) as r from orders group by 1) d"
        ),
        "duckdb",
    ),
    (
        "click_to_door_mean",
        "select avg(date_diff('minute', placed_at, delivered_at)) from orders where status = 'delivered'",
        "duckdb",
    ),
    ("unique_customers", "select count(customer_id) from orders", "duckdb"),
    ("orders", "select count(*) from orders o join ratings r on r.order_id = o.order_id", "duckdb"),
    (
        "orders",
        "select count(*) from orders o left join merchants m using (merchant_id) where m.category = 'kitchen'",
        "duckdb",
    ),
    ("orders", "with o as (select * from orders where is_asap) select count(*) from o where vehicle = 'car'", "duckdb"),
    ("refunds", "select count(*) from orders where status = 'returned'", "duckdb"),
    ("contact_rate", "select count(*) from contacts", "duckdb"),
)


@pytest.mark.parametrize(("metric", "sql", "dialect"), QUERIES, ids=range(len(QUERIES)))
def test_the_parts_add_up_exactly(differ: Asking, metric: str, sql: str, dialect: str) -> None:
    found = differ(metric, sql, dialect=dialect)
    assert parts_add_up(found)
    assert found.left_out == ()
    assert found.rest == 0


def test_each_filter_carries_what_it_moves(differ: Asking, ask: Callable[..., Any]) -> None:
    found = differ("delivered_orders", "select count(*) from orders where is_asap and vehicle = 'car'")
    assert [(part.aspect, part.change) for part in found.parts] == [
        ("filters", "- status = 'delivered'"),
        ("filters", "+ is_asap"),
        ("filters", "+ vehicle = 'car'"),
    ]
    total = ask("orders").rows[0][0]
    assert found.parts[0].amount == total - found.mine
    assert found.parts[0].reached == total
    assert found.certified == "delivered_orders"


def test_the_same_rows_written_otherwise_differ_by_nothing(differ: Asking) -> None:
    sql = "select sum(case when 'delivered' = status then 1 else 0 end) as n from fct_order"
    found = differ("delivered_orders", sql)
    assert found.parts == ()
    assert found.mine == found.theirs > 0


def test_a_join_that_multiplies_rows_is_named_with_its_amount(differ: Asking) -> None:
    found = differ("orders", "select count(*) from orders o left join merchants m on m.category = o.category")
    assert [part.aspect for part in found.parts] == ["joins"]
    assert found.parts[0].amount > 0


def test_another_time_zone_is_a_part_of_its_own(differ: Asking) -> None:
    local = "select count(*) from orders where cast(placed_at at time zone 'Asia/Riyadh' as date) = date '2026-01-28'"
    found = differ("orders", local)
    assert [part.aspect for part in found.parts] == ["time"]
    assert found.days == (date(2026, 1, 28), date(2026, 1, 28))
    same = differ("orders", "select count(*) from orders where date(placed_at) = '2026-01-28'")
    assert same.parts[0].amount == 0  # business days of these facts are days of UTC


def test_a_mean_of_daily_rates_is_no_rate(differ: Asking) -> None:
    found = differ("completion_rate", QUERIES[6][1])
    assert amounts(found)["grain"] != 0


def test_the_number_that_was_shown_leaves_a_rest_that_is_named(differ: Asking) -> None:
    sql = "select count(*) from orders where status = 'delivered' and region_code = 7"
    found = differ("delivered_orders", sql, claimed=Decimal(17))
    assert parts_add_up(found)
    assert found.theirs == 17
    assert found.rest == 17 - found.mine
    assert "region_code" in found.left_out[0]


def test_a_mapping_says_what_names_and_values_mean(differ: Asking) -> None:
    sql = "select count(*) from bestellungen where zustand = 'fertig'"
    with pytest.raises(WrongUse, match="no table that is known here"):
        differ("delivered_orders", sql)
    naming = Naming(
        {"bestellungen": "orders"}, {"bestellungen.zustand": "status"}, {"orders.status=fertig": "delivered"}
    )
    found = differ("delivered_orders", sql, naming=naming)
    assert found.mine == found.theirs
    assert found.naming == naming


def test_guesses_are_told(differ: Asking) -> None:
    found = differ("delivered_orders", "select count(*) from dwd_order where order_status = 'Completed'")
    assert (found.mine, found.parts) == (found.theirs, ())
    assert found.naming.tables == {"dwd_order": "orders"}
    assert found.naming.columns == {"dwd_order.order_status": "status"}
    assert found.naming.values == {"orders.status=Completed": "delivered"}


def test_both_numbers_are_of_the_rows_that_the_asker_may_see(differ: Asking, ask: Callable[..., Any]) -> None:
    riyadh = (Grant(Role.ANALYST, (), ("riyadh",)),)
    found = differ("delivered_orders", "select count(*) from orders", grants=riyadh)
    assert found.theirs == ask("orders", grants=riyadh).rows[0][0]
    joined = differ("orders", "select count(*) from ratings", grants=riyadh)
    assert joined.theirs == ask("ratings", grants=riyadh).rows[0][0]


def test_a_city_that_the_query_names_is_meant_on_both_sides(differ: Asking, ask: Callable[..., Any]) -> None:
    found = differ("delivered_orders", "select count(*) from orders where city_id = 'jeddah'")
    from tiffin.engines.metrics.request import Condition, Operator  # noqa: PLC0415 - of this test only

    where = (Condition("city_id", Operator.EQ, ("jeddah",)),)
    assert found.mine == ask("delivered_orders", where=where).rows[0][0]
    assert [part.change for part in found.parts] == ["- status = 'delivered'"]


def test_whoever_may_see_no_single_rows_compares_nothing(differ: Asking) -> None:
    for grant in (
        Grant(Role.ANALYST, ("*",), ("*",), minimum_size=5),
        Grant(Role.ANALYST, ("*",), ("*",), rows=(("merchant_id", ("m1",)),)),
        Grant(Role.VIEWER, ("*",), ("*",)),
    ):
        with pytest.raises(Forbidden):
            differ("orders", "select count(*) from orders", grants=(grant,))


def test_guarded_columns_are_counted_and_never_compared(differ: Asking) -> None:
    with pytest.raises(Forbidden, match="customer_id"):
        differ("orders", "select count(*) from orders where customer_id = 'c1'")
    assert differ("orders", "select count(distinct customer_id) from orders").theirs > 0
    steward = (Grant(Role.STEWARD, ("*",), ("*",)),)
    assert differ("orders", "select count(*) from orders where customer_id = 'c1'", grants=steward).theirs >= 0


@pytest.mark.parametrize(
    "sql",
    [
        "drop table orders",
        "select 1; select count(*) from orders",
        "select * from orders",
        "select count(*) from read_csv('/etc/passwd')",
        "select count(*) from orders union select count(*) from ratings",
        "select max(getenv('HOME')) from orders",
        "select max((select max(name) from cities)) from orders",
        "select count(*) from information_schema.tables",
        "select count(",
        "",
    ],
)
def test_what_cannot_be_taken_apart_is_refused_and_not_run(differ: Asking, sql: str) -> None:
    with pytest.raises(WrongUse):
        differ("orders", sql)


@pytest.mark.parametrize(
    "condition", ["getenv('HOME') = 'x'", "order_id in (select order_id from refunds)", "exists (select 1 from cities)"]
)
def test_a_condition_that_is_not_understood_is_left_out_and_named(differ: Asking, condition: str) -> None:
    found = differ("orders", f"select count(*) from orders where {condition}")  # noqa: S608 - never run
    assert found.left_out
    assert found.mine == found.theirs


def test_two_metrics_are_compared_along_their_calibers(differ: Asking, ask: Callable[..., Any]) -> None:
    found = differ("delivered_orders", other="ended_orders")
    assert parts_add_up(found)
    assert (found.mine, found.theirs) == ask("delivered_orders", "ended_orders").rows[0]
    far = differ("contact_rate", other="orders")
    assert parts_add_up(far)
    with pytest.raises(NotFound):
        differ("orders", other="nothing")
    with pytest.raises(NotFound, match="no version 7"):
        differ("orders", other="orders@7")
    with pytest.raises(WrongUse):
        differ("orders")
    with pytest.raises(NotFound):
        differ("ordres", "select count(*) from orders")


def test_facts_that_moved_since_are_a_part_of_their_own(empty: Workspace, writing: Any, entering: Any) -> None:
    rows = [
        {
            "city_id": "c",
            "order_id": f"o{index}",
            "country": "SA",
            "status": "delivered",
            "business_date": date(2026, 1, 5),
        }
        | {"placed_at": datetime(2026, 1, 5, 12, tzinfo=UTC), "local_hour": 12, "source": "t"}
        | {"slot_at": datetime(2026, 1, 5, 12, tzinfo=UTC)}
        for index in range(9)
    ]
    writing(
        empty,
        cities=[
            {"city_id": "c", "name": "C", "country": "SA", "currency": "SAR", "is_simulated": False, "source": "t"}
        ],
    )
    writing(empty, orders=rows[:4])
    first = open_store(empty).version("orders")
    writing(empty, orders=rows[4:])
    with entering(empty) as context:
        assert query(context, MetricRequest(("orders",))).rows[0][0] == 9
        question = Question("orders", "select count(*) from orders where status <> 'placed'", as_of=first)
        found = compare(context, question)
        assert [(part.aspect, part.amount) for part in found.parts] == [("data version", -5), ("filters", 0)]
        assert found.theirs == 4
        later = compare(context, replace(question, as_of=datetime.now(UTC) + timedelta(days=1)))
    assert later.theirs == 9


def test_both_engines_split_alike(differ: Asking) -> None:
    for metric, sql, dialect in QUERIES[:3]:
        one, other = (differ(metric, sql, dialect=dialect, engine=engine) for engine in ("duckdb", "spark"))
        assert [part.amount for part in one.parts] == [part.amount for part in other.parts]


def test_a_query_that_would_grow_beyond_bounds_is_answered_or_refused_at_once(differ: Asking) -> None:
    either = " and ".join(f"(item_count = {n} or distance_m > {n})" for n in range(40))
    found = differ("orders", f"select count(*) from orders where not ({either})")  # noqa: S608 - never run
    assert parts_add_up(found)
    product = " * ".join(f"(item_count + {n} * distance_m + basket_minor)" for n in range(1, 30))
    assert parts_add_up(differ("orders", f"select sum({product}) * 0 from orders"))  # noqa: S608 - never run
    with pytest.raises(WrongUse):
        differ("orders", f"select count({'(' * 4000}1{')' * 4000}) from orders")  # noqa: S608 - never run
