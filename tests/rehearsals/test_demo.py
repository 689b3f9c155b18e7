"""The demo marketplace as a workspace gets it."""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlglot import parse_one

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.capabilities.balance.service import daybook
from tiffin.capabilities.rehearsals.domain.demo import DEMO_CITIES, DemoReport
from tiffin.capabilities.rehearsals.service import UNFINISHED_FILE, load_demo
from tiffin.capabilities.rehearsals.service.planted import list_planted
from tiffin.runtime.actor import Actor, Grant, Role
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context
from tiffin.runtime.warehouse.opening import open_store
from tiffin.runtime.workspace import create_workspace

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
SIMULATED_TABLES = (
    "cities",
    "contacts",
    "customer_sessions",
    "dispatch_offers",
    "disruptions",
    "fleets",
    "marketplace_slots",
    "merchants",
    "order_stages",
    "orders",
    "promises",
    "ratings",
    "refunds",
    "rider_sessions",
    "riders",
    "weather",
    "zones",
)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, DemoReport]:
    root = tmp_path_factory.mktemp("demo") / "workspace"
    create_workspace(root)
    with open_context(root, now=NOW) as context:
        return root, load_demo(context)


@pytest.fixture
def context(loaded: tuple[Path, DemoReport]) -> Iterator[Context]:
    with open_context(loaded[0], now=NOW) as opened:
        yield opened


def rows(context: Context, sql: str) -> list[dict[str, Any]]:
    return context.warehouse.query(parse_one(sql, dialect="duckdb")).to_pylist()


def test_the_demo_is_six_cities_two_weeks_and_two_hundred_thousand_orders(loaded: tuple[Path, DemoReport]) -> None:
    report = loaded[1]

    assert report.cities == DEMO_CITIES
    assert (report.last_day - report.first_day).days == 13
    assert report.orders == pytest.approx(200_000, rel=0.02)
    assert not report.unchanged


def test_at_least_twelve_disruptions_of_each_kind_are_planted(context: Context) -> None:
    planted = rows(context, "SELECT kind, city_id, business_date FROM disruptions")
    kinds = Counter(row["kind"] for row in planted)

    assert len(planted) >= 12
    assert set(kinds) == {"rain", "rider_shortage", "merchant_overload", "demand_surge"}
    assert min(kinds.values()) >= 3
    assert len({(row["city_id"], row["business_date"]) for row in planted}) == len(planted)


def test_a_second_load_changes_nothing_and_takes_no_time(context: Context, loaded: tuple[Path, DemoReport]) -> None:
    before = dict(context.warehouse.versions())
    started = time.perf_counter()
    again = load_demo(context)

    assert time.perf_counter() - started < 1.0
    assert again.unchanged
    assert again.orders == loaded[1].orders
    assert dict(context.warehouse.versions()) == before


def test_no_simulated_row_was_quarantined(context: Context) -> None:
    written = open_store(context.workspace).tables()

    assert not [name for name in written if name.startswith("quarantine_")]
    assert set(SIMULATED_TABLES) <= set(written)
    assert not (context.workspace.state / UNFINISHED_FILE).exists()


def test_every_fact_of_the_demo_says_that_it_is_simulated(context: Context) -> None:
    for table in SIMULATED_TABLES:
        sources = {row["source"] for row in rows(context, f"SELECT DISTINCT source FROM {table}")}  # noqa: S608 - a name of the list above
        assert sources == {"simulated:demo"}, table


def test_the_calendar_of_each_city_is_its_own(context: Context) -> None:
    days = rows(context, "SELECT city_id, business_date, is_weekend, is_ramadan, holiday FROM city_days")
    weekends = {(d["city_id"], d["business_date"].isoweekday()) for d in days if d["is_weekend"]}

    assert len(days) == 6 * 14
    assert {("riyadh", 5), ("riyadh", 6), ("dubai", 6), ("dubai", 7)} <= weekends
    assert ("dubai", 5) not in weekends
    assert min(d["business_date"] for d in days if d["is_ramadan"]).isoformat() == "2026-02-18"
    assert any(d["holiday"] for d in days if d["city_id"] == "kuwait-city")


def test_ramadan_moves_the_gulfs_day_to_the_evening(context: Context) -> None:
    by_hour = rows(
        context,
        "SELECT d.is_ramadan, o.local_hour, COUNT(*) AS orders FROM orders AS o JOIN city_days AS d "
        "ON o.city_id = d.city_id AND o.business_date = d.business_date WHERE o.city_id = 'riyadh' GROUP BY 1, 2",
    )
    share = {
        season: sum(r["orders"] for r in by_hour if r["is_ramadan"] == season and 10 <= r["local_hour"] < 15)
        / sum(r["orders"] for r in by_hour if r["is_ramadan"] == season)
        for season in (True, False)
    }

    assert share[True] < 0.1 < share[False]


def test_an_ordinary_day_is_plausible(context: Context) -> None:
    (day,) = rows(
        context,
        "SELECT AVG(CASE WHEN status = 'delivered' THEN 1.0 ELSE 0.0 END) AS delivered, "
        "AVG(CASE WHEN cancel_reason = 'no_rider' THEN 1.0 ELSE 0.0 END) AS lost, "
        "AVG(date_diff('second', placed_at, delivered_at)) / 60 AS click_to_door_min, "
        "AVG(CASE WHEN delivered_at > promised_at THEN 1.0 WHEN delivered_at IS NOT NULL THEN 0.0 END) AS late "
        "FROM orders WHERE (city_id, business_date) NOT IN (SELECT (city_id, business_date) FROM disruptions)",
    )

    assert day["delivered"] > 0.95
    assert day["lost"] < 0.01
    assert 25 < day["click_to_door_min"] < 40
    assert 0.1 < day["late"] < 0.4


def test_the_day_book_names_the_planted_cause_first(context: Context) -> None:
    planted = rows(context, "SELECT city_id, business_date, cause FROM disruptions")
    named = [_first_cause(context, row["city_id"], row["business_date"]) == row["cause"] for row in planted]

    assert sum(named) / len(named) >= 11 / 12


def test_the_planted_disruptions_are_listed_in_the_readers_language(loaded: tuple[Path, DemoReport]) -> None:
    with open_context(loaded[0]) as context:
        token = access.make_sign_in_link(context, context.actor.name)
    browser = TestClient(create_app(loaded[0]))
    browser.get(f"/sign-in/{token}")
    english = browser.get("/rehearsals/planted").text
    browser.get("/preferences?lang=ar")
    arabic = browser.get("/rehearsals/planted").text

    over_http = browser.get("/api/rehearsals/planted").json()

    assert len(over_http["planted"]) == 18
    assert over_http["is_simulated"] is True
    assert english.count("/daybooks/") >= 18
    assert "Merchant overload" in english
    assert "Al Olaya" in english
    assert "العليا" in arabic
    assert "المدينة كلها" in arabic


def test_who_may_not_see_a_city_does_not_see_what_was_planted_there(context: Context) -> None:
    only_kuwait = replace(context, actor=Actor("k", (Grant(Role.VIEWER, ("KW",), ()),)))

    assert {one.country for one in list_planted(only_kuwait)} == {"KW"}
    assert list_planted(replace(context, actor=Actor("nobody"))) == ()


def _first_cause(context: Context, city_id: str, day: Any) -> str | None:
    episodes = daybook(context, city_id, day).episodes
    cause = episodes[0].first_cause if episodes else None
    return cause.value if cause else None


def test_a_half_loaded_demo_is_loaded_to_the_end(tmp_path: Path) -> None:
    """The first load dies while it writes: here in its progress, which is told after each step."""
    create_workspace(tmp_path / "workspace")

    def die_half_way(share: float) -> None:
        told.append(share)
        if sum(told) > 0.6:
            raise KeyboardInterrupt

    told: list[float] = []
    with pytest.raises(KeyboardInterrupt), open_context(tmp_path / "workspace", now=NOW) as context:
        load_demo(context, cities=("doha",), progress=die_half_way)
    with open_context(tmp_path / "workspace", now=NOW) as context:
        began = (context.workspace.state / UNFINISHED_FILE).exists()
        report = load_demo(context, cities=("doha",))

        assert began
        assert not report.unchanged
        assert rows(context, "SELECT COUNT(*) AS n FROM orders") == [{"n": report.orders}]
        assert rows(context, "SELECT COUNT(*) AS n FROM disruptions") == [{"n": 3}]
        assert not (context.workspace.state / UNFINISHED_FILE).exists()
