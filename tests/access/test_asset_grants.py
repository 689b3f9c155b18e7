"""A grant for single assets opens these and nothing else, at whichever door, and is decided in those terms."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tiffin.app import create_app
from tiffin.capabilities.access import service
from tiffin.capabilities.access.domain.accounts import Limits
from tiffin.capabilities.access.domain.requesting import Ask, is_within
from tiffin.capabilities.access.service import requests, reviews
from tiffin.capabilities.balance import service as balance
from tiffin.capabilities.metrics import service as metrics
from tiffin.capabilities.metrics.service.differences import Question, compare
from tiffin.capabilities.scorecards.service.rows import rows_behind
from tiffin.engines.metrics.request import Condition, MetricRequest, Operator
from tiffin.kernel.contract import Classification
from tiffin.kernel.errors import Forbidden, InvalidData, NotFound, TiffinError
from tiffin.runtime.actor import Grant, Role
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import Workspace

Acting = Callable[..., AbstractContextManager[Context]]
Granted = Callable[..., str]
MONEY, PEOPLE = Classification.CONFIDENTIAL, Classification.PERSONAL


@pytest.fixture
def only(granted: Granted) -> Callable[..., str]:
    """Make an account with a grant over Saudi Arabia for some assets alone."""

    def made(*assets: str, opens: tuple[str, ...] = ("none",)) -> str:
        return granted(role=Role.VIEWER, assets=assets, opens=opens)

    return made


def told(acting: Acting, name: str, *names: str, **request: Any) -> Any:
    with acting(user=name) as context:
        return metrics.query(context, MetricRequest(names, **request))


def test_a_metric_is_opened_over_its_places_and_no_other_metric(in_two_cities: Acting, only: Granted) -> None:
    name = only("metric:orders")

    assert told(in_two_cities, name, "orders", by=("city_id",)).rows == (("riyadh", 40),)
    both = told(in_two_cities, name, "orders", "completion_rate")
    assert (both.rows, [*both.receipt.masked]) == (((40, None),), ["completion_rate"])
    with pytest.raises(Forbidden, match="completion_rate is none of them"):
        told(in_two_cities, name, "completion_rate")


def test_guarded_columns_stay_closed_unless_the_grant_opens_them(in_two_cities: Acting, only: Granted) -> None:
    with pytest.raises(Forbidden):
        told(in_two_cities, only("metric:basket_value"), "basket_value")
    with pytest.raises(Forbidden):
        told(in_two_cities, only("metric:orders"), "orders", by=("rider_id",))

    assert told(in_two_cities, only("metric:basket_value", opens=("confidential",)), "basket_value").rows[0][0] > 0


def test_columns_of_one_grant_and_assets_of_another_never_add_up(in_two_cities: Acting, only: Granted) -> None:
    name = only("metric:orders")
    with in_two_cities() as context:
        limits = Limits(opens=("confidential",), assets=("metric:completion_rate",))
        service.grant(context, name, Role.VIEWER, countries=["SA"], limits=limits, terms=service.Terms("tests"))

    with pytest.raises(Forbidden):
        told(in_two_cities, name, "basket_value")


def test_a_table_opens_what_reads_nothing_but_it(in_two_cities: Acting, only: Granted) -> None:
    orders, refunds = only("table:orders"), only("table:refunds")

    assert told(in_two_cities, orders, "completion_rate", by=("business_date",)).rows
    with pytest.raises(Forbidden, match="single assets"):
        told(in_two_cities, refunds, "completion_rate")
    with pytest.raises(Forbidden):
        told(in_two_cities, orders, "orders", "refunded_orders_share", by=("country", "rider_id"))


def test_a_column_opens_what_reads_nothing_but_it_beside_keys_days_and_places(
    in_two_cities: Acting, only: Granted
) -> None:
    name = only("column:orders.status")

    assert told(in_two_cities, name, "orders", by=("city_id", "business_date")).rows[0][2] == 40
    with pytest.raises(Forbidden):
        told(in_two_cities, name, "orders", by=("zone_id",))
    with pytest.raises(Forbidden):
        told(in_two_cities, name, "orders", where=(Condition("zone_id", Operator.EQ, ("n",)),))


def test_no_role_and_no_row_comes_with_single_assets(in_two_cities: Acting, only: Granted) -> None:
    name = only("metric:orders", "table:orders")
    with in_two_cities(user=name) as context:
        assert context.actor.grants == ()
        assert not context.actor.has_role(*Role)
        assert not context.actor.may_see_city(country="SA", city_id="riyadh")
        with pytest.raises(Forbidden):
            rows_behind(context, MetricRequest(("orders",)))
        with pytest.raises(TiffinError):
            compare(context, Question(metric="orders", sql="select count(*) from orders"))
        assert balance.list_cities(context) == ()


def test_over_http_a_grant_for_a_metric_opens_its_number_and_no_page_of_facts(two_cities: Workspace) -> None:
    with open_context(two_cities.root) as context:
        service.add_account(context, "web")
        limits = Limits(opens=("none",), assets=("metric:orders",))
        service.grant(context, "web", Role.VIEWER, countries=["SA"], limits=limits, terms=service.Terms("tests"))
        link = service.make_sign_in_link(context, "web")
    with TestClient(create_app(two_cities.root), follow_redirects=False) as client:
        client.get(f"/sign-in/{link}")
        inside = client.post("/api/metrics/query", json={"metrics": ["orders"]})
        closed = client.post("/api/metrics/query", json={"metrics": ["completion_rate"]})
        pages = {path: client.get(path).status_code for path in ("/data/orders", "/daybooks/riyadh", "/access/audit")}
    assert (inside.status_code, closed.status_code) == (200, 403)
    assert {*pages.values()} <= {403, 404}, pages


@pytest.mark.parametrize("asset", ["metric:no_such", "feed:wolt_2020", "dashboard:no_such", "column:orders.no_such"])
def test_what_is_not_there_or_cannot_be_opened_alone_is_refused(granted: Granted, asset: str) -> None:
    with pytest.raises(InvalidData, match="alone"):
        granted(role=Role.VIEWER, assets=(asset,))


def test_only_viewers_are_granted_single_assets(granted: Granted) -> None:
    with pytest.raises(InvalidData, match="viewer"):
        granted(role=Role.ANALYST, assets=("metric:orders",))


def test_over_http_a_grant_for_a_dashboard_opens_its_page_there_and_nowhere_else(two_cities: Workspace) -> None:
    with open_context(two_cities.root) as context:
        service.add_account(context, "board")
        limits = Limits(opens=("none",), assets=("dashboard:city_operations",))
        service.grant(context, "board", Role.VIEWER, countries=["SA"], limits=limits, terms=service.Terms("tests"))
        link = service.make_sign_in_link(context, "board")
    with TestClient(create_app(two_cities.root), follow_redirects=False) as client:
        client.get(f"/sign-in/{link}")
        mine = client.get("/dashboards/city_operations")
        elsewhere = client.get("/dashboards/city_operations?city=doha")
    assert mine.status_code == 200
    assert "Riyadh" in mine.text
    assert elsewhere.status_code != 200 or "Doha" not in elsewhere.text


def test_a_dashboard_is_granted_with_the_metrics_that_it_shows_when_it_is_decided(
    in_two_cities: Acting, only: Granted
) -> None:
    name = only("dashboard:city_operations")
    with in_two_cities() as context:
        held = service.find_account(context, name).grants[0].assets
    shown = {one.removeprefix("metric:") for one in held if one.startswith("metric:")}

    assert "dashboard:city_operations" in held
    assert "orders" in shown
    assert told(in_two_cities, name, "orders").rows == ((40,),)
    with in_two_cities(user=name) as context:
        other = next(one for one in metrics.library_of(context.workspace).model.metrics if one not in shown)
    with pytest.raises(TiffinError):
        told(in_two_cities, name, other)


ASK = Ask(Grant(Role.ANALYST, ("SA",), (), opens=(MONEY, PEOPLE)), "Late orders", 30, "metric:completion_rate")


def asked(acting: Acting, granted: Granted, wanted: Ask) -> tuple[str, int]:
    name = granted(countries=("QA",))
    with acting(user=name) as context:
        return name, requests.ask_for(context, wanted).request_id


def test_the_least_for_an_asset_is_the_asset_alone(in_two_cities: Acting, granted: Granted) -> None:
    name, number = asked(in_two_cities, granted, ASK)
    with in_two_cities() as context:
        least = requests.assess(context, number).least
        assert (least.grant.assets, least.grant.opened) == (("metric:completion_rate",), ())
        assert requests.approve(context, number, least).state == "granted"

    assert told(in_two_cities, name, "completion_rate", where=(Condition("city_id", Operator.EQ, ("riyadh",)),)).rows
    there = (Condition("country", Operator.EQ, ("SA",)),)
    assert told(in_two_cities, name, "orders", by=("country",), where=there).rows == ()


def test_the_risk_is_told_in_terms_of_the_asset(in_two_cities: Acting, granted: Granted) -> None:
    alone = replace(ASK, grant=Grant(Role.VIEWER, ("SA",), (), opens=(), assets=("metric:completion_rate",)))
    _, number = asked(in_two_cities, granted, alone)
    with in_two_cities() as context:
        found = requests.assess(context, number)

    assert found.is_least
    assert "It opens metric:completion_rate, and nothing else." in found.risk.reasons


def test_masked_is_less_than_open_and_takes_one_agreement(in_two_cities: Acting, granted: Granted) -> None:
    people = replace(ASK, asset="", grant=Grant(Role.ANALYST, ("SA",), (), opens=(PEOPLE,)))
    name, number = asked(in_two_cities, granted, people)
    masked = replace(people, grant=replace(people.grant, opens=(), masked=(PEOPLE,)))

    assert is_within(masked, people)
    assert not is_within(people, masked)
    with in_two_cities() as context:
        assert requests.approve(context, number, masked).state == "granted"
    found = told(in_two_cities, name, "orders", by=("rider_id",), where=(Condition("country", Operator.EQ, ("SA",)),))
    assert found.receipt.masked_as == {"rider_id": "hash"}


def test_more_than_the_asset_is_not_given_for_it(in_two_cities: Acting, granted: Granted) -> None:
    alone = replace(ASK, grant=Grant(Role.VIEWER, ("SA",), (), opens=(), assets=("metric:completion_rate",)))
    _, number = asked(in_two_cities, granted, alone)
    for assets in ((), ("metric:completion_rate", "metric:orders"), ("metric:orders",)):
        more = replace(alone, grant=replace(alone.grant, assets=assets))
        with in_two_cities() as context, pytest.raises(InvalidData, match="lie within"):
            requests.approve(context, number, more)


def test_an_asset_is_reviewed_and_ends_like_any_grant(in_two_cities: Acting, only: Granted) -> None:
    name = only("metric:orders", opens=("confidential",))
    with in_two_cities() as context:
        due = context.now.replace(year=context.now.year + 1)
        made = reviews.start_campaign(
            context, name, countries=["SA"], cities=[], reviewer=context.actor.name, due_at=due
        )
        mine = next(one for one in reviews.show_campaign(context, made.campaign_id)[1] if one.account == name)
        reviews.decide(context, mine.review_id, reviews.Decision.REDUCE)
        left = service.find_account(context, name).grants[-1]
    assert (left.assets, left.opens, left.state) == (("metric:orders",), (), "in force")
    with pytest.raises(Forbidden), in_two_cities(user=name, now=left.expires_at) as context:
        metrics.query(context, MetricRequest(("orders",)))


def test_nobody_decides_or_grants_by_single_assets(in_two_cities: Acting, only: Granted, granted: Granted) -> None:
    _, number = asked(in_two_cities, granted, ASK)
    with in_two_cities(user=only("metric:completion_rate")) as context, pytest.raises(NotFound):
        requests.approve(context, number)
