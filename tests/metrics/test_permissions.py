"""Each asker is told what his grants allow, on every way out, and nothing else."""

import importlib
from pathlib import Path
from typing import Any

import pytest

from tiffin.capabilities.metrics import service
from tiffin.capabilities.metrics.domain.asking import Asked
from tiffin.capabilities.metrics.service.exports import Format, export
from tiffin.engines.metrics.protection.permissions import scope_sql
from tiffin.engines.metrics.request import Condition, MetricRequest, Operator, Order, RowScope
from tiffin.engines.metrics.rollups import Standing
from tiffin.kernel.contract import Classification
from tiffin.kernel.errors import Forbidden, NotFound, WrongUse
from tiffin.runtime.actor import Grant, Role
from tiffin.runtime.i18n import translate
from tiffin.runtime.workspace import Workspace

MONEY, PEOPLE = Classification.CONFIDENTIAL, Classification.PERSONAL


def a_grant(*countries: str, cities: tuple[str, ...] = (), **limits: Any) -> Grant:
    return Grant(Role.VIEWER, countries, cities, **limits)


@pytest.fixture(scope="module")
def proof(project_root: Path) -> Any:
    """The proof that the benchmark runs in full."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(project_root / "benchmarks"))
        return importlib.import_module("metric_permissions")


def test_random_policies_tell_what_plain_python_finds_in_the_rows_that_they_open(proof: Any) -> None:
    tally = proof.prove(300, seed=11)

    assert tally.faults == []
    assert min(tally.answers, tally.refused, tally.masked, tally.withheld_values, tally.after_an_end) > 20


@pytest.mark.full
def test_a_hundred_thousand_random_policies_tell_nothing_else(proof: Any) -> None:
    tally = proof.prove(100_000, seed=12)

    assert tally.faults == []


@pytest.mark.parametrize(
    ("countries", "held", "written"),
    [
        (("QA", "OM"), {"AE", "OM", "QA", "SA"}, "base.country BETWEEN"),
        (("PK", "QA", "SA"), {"AE", "OM", "QA", "SA"}, "base.country BETWEEN"),
        (("AE", "QA"), {"AE", "OM", "QA", "SA"}, "CASE base.country"),
        (("AA", "ZZ"), {"AE", "OM", "QA", "SA"}, "CASE base.country"),
        (("QA", "OM"), None, "CASE base.country"),
    ],
)
def test_countries_are_compared_by_their_ends_only_where_a_rollup_holds_no_other_between_them(
    proof: Any, countries: tuple[str, ...], held: set[str] | None, written: str
) -> None:
    world = proof.the_world()
    rollup = Standing(world.merging.rollup("orders", ()), 1, 100, held and frozenset(held))
    limit = str(scope_sql(RowScope(countries), "orders", world.fragments, rollup=rollup))

    assert limit.startswith(f"({written}")


def test_rows_of_one_grant_and_columns_of_another_never_add_up(ask: Any) -> None:
    grants = (a_grant("SA", opens=(MONEY,)), a_grant("KW", opens=()))

    both = dict(ask("orders", by=("country",), grants=grants).rows)
    with_money = ask("basket_value", "orders", by=("country",), grants=grants)

    assert both.keys() == {"SA", "KW"}
    assert [row[0] for row in with_money.rows] == ["SA"]
    assert with_money.rows[0][2] == both["SA"]
    assert with_money.receipt.row_filters["countries"] == ("SA",)


def test_a_metric_of_columns_that_no_grant_opens_is_masked_and_the_others_are_told(ask: Any) -> None:
    found = ask("orders", "basket_value", by=("country",), grants=(a_grant("SA", opens=()),))
    whole = ask("orders", by=("country",), grants=(a_grant("SA"),))

    assert [column.name for column in found.columns] == ["country", "orders", "basket_value"]
    assert found.rows == tuple((*row, None) for row in whole.rows)
    assert found.receipt.masked == {"basket_value": ("confidential",)}


def test_a_request_of_masked_metrics_alone_is_refused_and_says_why(ask: Any) -> None:
    with pytest.raises(Forbidden, match=r"basket_value.*confidential"):
        ask("basket_value", grants=(a_grant("SA", opens=()),))


@pytest.mark.parametrize("request_", [{"by": ("rider_id",)}, {"where": (Condition("rider_id", Operator.EQ, ("r1",)),)}])
def test_a_masked_dimension_can_neither_split_nor_filter(ask: Any, request_: Any) -> None:
    assert ask("orders", grants=(a_grant("SA", opens=(PEOPLE,)),), **request_).rows
    with pytest.raises(Forbidden, match="rider_id is masked"):
        ask("orders", grants=(a_grant("SA", opens=(MONEY,)),), **request_)


def test_no_grant_that_opens_money_and_another_that_opens_people_open_both_together(ask: Any) -> None:
    grants = (a_grant("SA", opens=(MONEY,)), a_grant("SA", opens=(PEOPLE,)))

    assert ask("basket_value", by=("country",), grants=grants).receipt.masked == {}
    with pytest.raises(Forbidden):
        ask("basket_value", by=("rider_id",), grants=grants)


def test_a_merchant_sees_his_own_rows(ask: Any) -> None:
    mine = (a_grant("*", rows=(("merchant_id", ("m1",)),)),)
    every = dict(ask("orders", by=("merchant_id",)).rows)

    found = ask("orders", by=("merchant_id",), grants=mine)

    assert dict(found.rows) == {"m1": every["m1"]}
    assert found.receipt.row_filters["narrower"] == ("merchant_id in (m1)",)
    assert translate("pt_BR", found.receipt.row_filters["narrower"][0]) == "merchant_id em (m1)"


def test_rows_that_cannot_be_told_apart_in_the_facts_are_not_told(ask: Any) -> None:
    fleet = (a_grant("*", rows=(("fleet_id", ("own",)),)),)

    assert ask("session_hours", by=("fleet_id",), grants=fleet).rows[0][0] == "own"
    with pytest.raises(Forbidden):
        ask("orders", grants=fleet)


SMALL = (a_grant("*", minimum_size=30),)


def test_small_groups_are_withheld_and_marked(ask: Any) -> None:
    sizes = dict(ask("orders", by=("business_date",)).rows)
    found = ask("orders", "completion_rate", by=("business_date",), grants=SMALL)

    told = {row[0] for row in found.rows if row[1] is not None}
    assert found.receipt.minimum_size == 30
    assert told
    assert all(sizes[day] >= 30 for day in told)
    hidden = {(row, column) for row, line in enumerate(found.rows) for column in (1, 2) if line[0] not in told}
    assert {*found.receipt.withheld} == hidden != set()
    assert all(found.rows[row][column] is None for row, column in hidden)


def test_what_is_withheld_does_not_decide_the_order(ask: Any) -> None:
    whole = ask("orders", by=("business_date",), grants=SMALL)
    falling = (Order("orders", is_descending=True),)
    found = ask("orders", by=("business_date",), grants=SMALL, order_by=falling, limit=100)
    first = ask("orders", by=("business_date",), grants=SMALL, order_by=falling, limit=3)

    told = sorted((row for row in whole.rows if row[1] is not None), key=lambda row: (-row[1], row[0]))
    assert found.rows == (*told, *(row for row in whole.rows if row[1] is None))
    assert first.rows == found.rows[:3]


def test_withheld_values_are_marked_in_files(small: Workspace, entering: Any) -> None:
    with entering(small, grants=SMALL) as context:
        request = MetricRequest(("orders",), ("business_date",))
        result = service.query(context, request)
        text = b"".join(export(context, request, Format.CSV).parts).decode()
        arrow = export(context, request, Format.ARROW)
        assert b"".join(arrow.parts)

    cells = [line.split(",")[1] for line in text.splitlines()[1:]]
    assert [cell == "*" for cell in cells] == [row[1] is None for row in result.rows]
    assert "*" in cells
    assert arrow.receipt.withheld == result.receipt.withheld


@pytest.mark.parametrize(
    "text",
    [
        "basket_minor > 5000",
        "customer_id = 'c1'",
        "orders.city_id = 'riyadh'",
        "city_id = 'riyadh' or 1 = 1",
        "1 = 1",
        "true",
        "not city_id = 'riyadh'",
        "city_id = zone_id",
        "city_id in (select city_id from orders)",
        "exists (select 1 from orders)",
        "city_id = (select min(customer_id) from orders)",
        "lower(city_id) = 'riyadh'",
        "city_id like 'r%'",
        "city_id = 'x') or (1 = 1",
        "city_id = 'riyadh'; drop table orders",
        "city_id = 'riyadh' union select * from orders",
        "local_hour + 1 > 5",
        "case when basket_minor > 5 then true end",
        'city_id = "customer_id"',
        "city_id = $1",
        "city_id is distinct from 'riyadh'",
        "local_hour between basket_minor and 24",
        "city_id = 'a' and (zone_id = 'n' or zone_id = 's')",
        "getvariable('x') = 1",
        "city_id = read_text('/etc/passwd')",
    ],
)
def test_filters_compare_declared_dimensions_with_plain_values_only(small: Workspace, entering: Any, text: str) -> None:
    with entering(small) as context, pytest.raises((WrongUse, NotFound)):
        service.request_of(context, Asked(("orders",), where=(text,)))


@pytest.mark.parametrize("value", ["x' or '1'='1", "'; --", "\\' or 1=1 --", "riyadh'\x00"])
def test_hostile_values_are_texts_and_nothing_else(ask: Any, value: str) -> None:
    hostile = (Condition("city_id", Operator.EQ, (value,)),)
    narrow = (a_grant("*", rows=(("merchant_id", (value,)),)),)

    assert ask("orders", where=hostile).rows == ((0,),)
    assert ask("orders", grants=narrow).rows == ((0,),)


def test_receipts_of_different_policies_have_different_hashes(ask: Any) -> None:
    grants = [
        (a_grant("SA"),),
        (a_grant("SA", minimum_size=2),),
        (a_grant("SA", rows=(("zone_id", ("n",)),)),),
        (a_grant("SA", opens=(PEOPLE,)),),
    ]
    assert len({ask("orders", grants=held).receipt.rerun_hash for held in grants}) == 4


def test_both_engines_withhold_the_same(ask: Any) -> None:
    grants = (a_grant("*", minimum_size=12),)
    one, other = (
        ask("orders", "late_share", by=("business_date", "zone_id"), grants=grants, engine=name)
        for name in ("duckdb", "spark")
    )

    assert one.receipt.withheld == other.receipt.withheld != ()
