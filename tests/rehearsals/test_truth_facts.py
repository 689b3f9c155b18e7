"""The truth as facts: it adds up to what the orders tell, and what is planted after the day leaves the day alone."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import typer
from fastapi.testclient import TestClient
from sqlglot import parse_one
from typer.testing import CliRunner

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.capabilities.facts.service import write_facts
from tiffin.capabilities.rehearsals.cli.truth import truth
from tiffin.capabilities.rehearsals.domain.after_the_day import ToldFacts, told_facts
from tiffin.capabilities.rehearsals.domain.city_facts import city_facts
from tiffin.capabilities.rehearsals.domain.demo import Marketplace
from tiffin.capabilities.rehearsals.domain.order_facts import Columns
from tiffin.capabilities.rehearsals.domain.scenario import Scenario, undisturbed
from tiffin.capabilities.rehearsals.domain.scenario_run import ScenarioDays, run_scenario
from tiffin.capabilities.rehearsals.service import load_marketplace
from tiffin.capabilities.rehearsals.service.definitions import calendar_days, read_parameters, read_profiles
from tiffin.capabilities.rehearsals.service.planted_truth import find_truth, written_truth
from tiffin.capabilities.rehearsals.service.scenario_files import read_scenario_file
from tiffin.capabilities.rehearsals.service.truth import TruthReport, load_scenario, work_out
from tiffin.engines.simulation.streams import Stream
from tiffin.kernel.errors import Conflict, Forbidden, NotFound
from tiffin.kernel.facts.delay_causes import DELAY_CAUSES
from tiffin.kernel.time import Days
from tiffin.runtime.actor import Actor, Grant, Role
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context
from tiffin.runtime.warehouse.columns import arrow_schema
from tiffin.runtime.workspace import create_workspace

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
STRUCK = date(2026, 2, 24)
STAGES = ("acceptance_s", "preparation_s", "waiting_s", "approach_s", "pickup_s", "ride_s", "handover_s")

Facts = Mapping[str, Columns]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("truth") / "workspace"
    create_workspace(root)
    with open_context(root, now=NOW) as context:
        load_marketplace(context, Marketplace(cities=("kuwait-city",), days=Days(STRUCK, STRUCK), scale=0.3))
    return root


@pytest.fixture
def context(workspace: Path) -> Iterator[Context]:
    with open_context(workspace, now=NOW) as opened:
        yield opened


def rows(context: Context, sql: str) -> list[dict[str, Any]]:
    return context.warehouse.query(parse_one(sql, dialect="duckdb")).to_pylist()


@pytest.fixture(scope="module")
def worked_out(workspace: Path) -> TruthReport:
    with open_context(workspace, now=NOW) as context:
        return work_out(context, "kuwait-city", STRUCK, with_chance=False)


def test_the_causes_of_an_order_add_up_to_its_facts_to_the_second(worked_out: TruthReport, context: Context) -> None:
    causes = rows(context, "SELECT * FROM delay_causes")
    orders = {row["order_id"]: row for row in rows(context, "SELECT * FROM orders")}
    lasted, promised, lost = Counter[str](), Counter[str](), Counter[str]()
    for row in causes:
        lasted[row["order_id"]] += row["duration_s"]
        promised[row["order_id"]] += row["promise_s"]
        lost[row["order_id"]] += row["lost_share"]
        assert sum(row[stage] for stage in STAGES) == row["duration_s"]

    assert worked_out.orders == len(orders) == len(lasted)
    for name, order in orders.items():
        ended_at = order["delivered_at"] or order["cancelled_at"]
        assert lasted[name] == (ended_at - order["placed_at"]).total_seconds()
        assert promised[name] == (order["promised_at"] - order["placed_at"]).total_seconds()
        assert lost[name] == pytest.approx(float(order["status"] != "delivered"))


def test_the_stages_of_an_order_add_up_to_its_facts(worked_out: TruthReport, context: Context) -> None:
    assert worked_out.rows
    told = rows(
        context,
        "SELECT order_id, SUM(ride_s) AS ride_s, SUM(acceptance_s + preparation_s) AS kitchen_s FROM delay_causes "
        "GROUP BY order_id",
    )
    orders = {row["order_id"]: row for row in rows(context, "SELECT * FROM orders WHERE status = 'delivered'")}
    for row in told:
        if row["order_id"] in orders:
            order = orders[row["order_id"]]
            rode = order["arrived_at_customer_at"] - order["picked_up_at"]
            assert row["ride_s"] == rode.total_seconds()
            assert row["kitchen_s"] == (order["ready_at"] - order["placed_at"]).total_seconds()


def test_what_is_planted_counts_to_its_party_and_says_that_it_is_simulated(
    worked_out: TruthReport, context: Context
) -> None:
    found = rows(
        context,
        "SELECT c.cause_id, c.party, c.source, d.kind, d.party AS planted_party, SUM(c.duration_s) AS total_s "
        "FROM delay_causes AS c LEFT JOIN disruptions AS d ON d.disruption_id = c.disruption_id "
        "GROUP BY c.cause_id, c.party, c.source, d.kind, d.party ORDER BY c.cause_id",
    )

    assert [(row["kind"], row["party"]) for row in found] == [("merchant_overload", "merchant"), (None, "ordinary")]
    assert found[0]["planted_party"] == "merchant"
    assert {row["source"] for row in found} == {"simulated:demo"}
    assert 0 < found[0]["total_s"] == worked_out.seconds[found[0]["cause_id"]]


def test_the_truth_is_not_told_of_facts_that_were_made_otherwise(workspace: Path, tmp_path: Path) -> None:
    stamp = workspace / ".tiffin" / "demo.json"
    kept = stamp.read_text(encoding="utf-8")
    try:
        stamp.write_text(kept.replace('"seed": 1447', '"seed": 1448'), encoding="utf-8")
        with open_context(workspace, now=NOW) as context, pytest.raises(Conflict, match="Run tiffin demo again"):
            work_out(context, "kuwait-city", STRUCK, with_chance=False)
    finally:
        stamp.write_text(kept, encoding="utf-8")
    create_workspace(tmp_path / "empty")
    with open_context(tmp_path / "empty", now=NOW) as context, pytest.raises(NotFound, match="not loaded"):
        work_out(context, "kuwait-city", STRUCK, with_chance=False)


def test_a_truth_about_other_orders_than_the_facts_hold_is_not_shown(worked_out: TruthReport, context: Context) -> None:
    assert find_truth(context, "kuwait-city", STRUCK).orders == worked_out.orders
    wrong = rows(context, "SELECT * FROM delay_causes LIMIT 1")[0]
    wrong["duration_s"] += 60
    fields = [field for field in arrow_schema(DELAY_CAUSES) if field.name in wrong]
    table = pa.Table.from_pylist([wrong], schema=pa.schema(fields))
    write_facts(context, "delay_causes", table.to_reader(), "simulated:demo")

    assert find_truth(context, "kuwait-city", STRUCK).causes == ()
    work_out(context, "kuwait-city", STRUCK, with_chance=False)
    assert find_truth(context, "kuwait-city", STRUCK).causes


def test_a_day_that_nothing_strikes_has_no_truth_to_tell(context: Context) -> None:
    with pytest.raises(NotFound, match="riyadh on 2026-02-24 is none"):
        work_out(context, "riyadh", STRUCK, with_chance=False)


def test_only_a_steward_of_all_cities_brings_the_truth_into_the_facts(context: Context) -> None:
    asking = replace(context, actor=Actor("ana", (Grant(Role.ANALYST, frozenset(), frozenset()),)))

    with pytest.raises(Forbidden, match="steward"):
        work_out(asking, "kuwait-city", STRUCK, with_chance=False)
    with pytest.raises(Forbidden, match="steward"):
        load_scenario(asking, "false-claims", with_chance=False)


def the_run(scenario: Scenario, days: Days, seed: int) -> ScenarioDays:
    return run_scenario(
        scenario,
        calendar_days(scenario, days),
        profiles=read_profiles(),
        parameters=read_parameters(days.first),
        stream=Stream.of_seed(seed).child(scenario.city.city_id),
    )


@pytest.fixture(scope="module")
def claims() -> tuple[Scenario, Facts, ToldFacts]:
    file = read_scenario_file("false-claims")
    found = the_run(file.scenario, file.days, file.seed)
    facts = city_facts(found.run, found.parameters, found.stream)
    return file.scenario, facts, told_facts(facts, file.scenario, found.stream)


@pytest.fixture(scope="module")
def broken() -> tuple[Scenario, Facts, ToldFacts]:
    file = read_scenario_file("broken-clock")
    found = the_run(file.scenario, file.days, file.seed)
    facts = city_facts(found.run, found.parameters, found.stream)
    return file.scenario, facts, told_facts(facts, file.scenario, found.stream)


@pytest.mark.parametrize("name", ["false-claims", "broken-clock"])
def test_what_is_planted_after_the_day_leaves_the_days_bytes_alone(name: str) -> None:
    file = read_scenario_file(name)
    after = tuple(one for one in file.scenario.planted if not one.kind.strikes_the_day)
    only_after = Scenario(
        **{slot: getattr(file.scenario, slot) for slot in file.scenario.__slots__} | {"planted": after}
    )
    day = Days(file.days.first, file.days.first)
    with_it, without = (the_run(one, day, 3).run.days[0].simulated for one in (only_after, undisturbed(file.scenario)))

    assert with_it.orders.tobytes() == without.orders.tobytes()
    assert with_it.happened.track.tobytes() == without.happened.track.tobytes()
    assert with_it.sessions.tobytes() == without.sessions.tobytes()


def test_a_ring_claims_what_was_delivered_to_it_and_nothing_else(claims: tuple[Scenario, Facts, ToldFacts]) -> None:
    _, before, told = claims
    truth = told.in_time["planted_rows"]
    of = {name: np.array(values, dtype=object) for name, values in truth.items()}
    false = set(of["order_id"][(of["what"] == "false_claim") & (of["table_name"] == "refunds")])
    members = set(of["customer_id"][of["what"] == "member"]) - {None}
    orders = dict(zip(before["orders"]["order_id"], range(10**9), strict=False))
    at = [orders[name] for name in false]

    assert len(members) == 40
    assert false
    assert set(before["orders"]["status"][at]) == {"delivered"}
    assert set(before["orders"]["customer_id"][at]) <= members
    assert set(told.in_time["refunds"]["order_id"]) - set(before["refunds"]["order_id"]) == false
    assert not false & set(before["refunds"]["order_id"])


def test_the_facts_do_not_mark_a_false_claim(claims: tuple[Scenario, Facts, ToldFacts]) -> None:
    _, before, told = claims
    for table in ("refunds", "contacts"):
        honest, mixed = before[table], told.in_time[table]
        assert set(mixed) == set(honest)
        assert set(mixed["reason"]) == set(honest["reason"])
        assert list(mixed["order_id"]) == sorted(mixed["order_id"])
    untouched = set(before) - {"refunds", "contacts"}
    assert all(told.in_time[table] is before[table] for table in untouched)


def test_the_truth_about_a_feed_names_each_row_that_it_broke(broken: tuple[Scenario, Facts, ToldFacts]) -> None:
    _, before, told = broken
    truth = told.in_time["planted_rows"]
    noted = Counter(truth["what"])

    def size(facts: Mapping[str, Columns], table: str) -> int:
        return len(facts[table]["order_id"]) if table in facts else 0

    assert size(before, "orders") - size(told.in_time, "orders") == noted["lost"] > 0
    assert size(told.in_time, "contacts") - size(before, "contacts") == noted["doubled"] > 0
    assert size(told.late, "refunds") == noted["late"] > 0
    assert size(told.in_time, "refunds") + noted["late"] == size(before, "refunds")
    lost = {key for what, key in zip(truth["what"], truth["row_key"], strict=True) if what == "lost"}
    assert lost == set(before["orders"]["order_id"]) - set(told.in_time["orders"]["order_id"])


def test_a_shifted_clock_is_off_by_just_the_minutes_noted(broken: tuple[Scenario, Facts, ToldFacts]) -> None:
    _, before, told = broken
    truth = told.in_time["planted_rows"]
    shifted = {
        order
        for what, order, minutes in zip(truth["what"], truth["order_id"], truth["shifted_min"], strict=True)
        if what == "shifted" and minutes == 180
    }
    was, now = (
        dict(zip(facts["ratings"]["order_id"], facts["ratings"]["rated_at"], strict=True))
        for facts in (before, told.in_time)
    )

    assert shifted
    assert {name for name in was if now[name] != was[name]} == shifted
    assert {now[name] - was[name] for name in shifted} == {np.timedelta64(180, "m")}


def test_a_scenario_is_loaded_beside_the_demo_under_a_city_of_its_own(context: Context) -> None:
    report = load_scenario(context, "broken-clock", with_chance=False)
    told = rows(context, "SELECT city_id, is_simulated FROM cities ORDER BY city_id")
    kinds = rows(context, "SELECT kind, source FROM disruptions WHERE city_id = 'doha-broken-clock'")
    noted = rows(context, "SELECT what, table_name, COUNT(*) AS n FROM planted_rows GROUP BY what, table_name")
    refunds = rows(context, "SELECT COUNT(*) AS n FROM refunds WHERE city_id = 'doha-broken-clock'")[0]["n"]

    assert [row["city_id"] for row in told] == ["doha-broken-clock", "kuwait-city"]
    assert all(row["is_simulated"] for row in told)
    assert {(row["kind"], row["source"]) for row in kinds} == {("broken_feed", "simulated:broken-clock")}
    assert len(kinds) == 4
    assert sum(row["n"] for row in noted) == report.rows["planted_rows"]
    # What came late is there in the end.
    assert refunds == report.rows["refunds"]


@pytest.fixture
def browser(workspace: Path) -> TestClient:
    with open_context(workspace) as context:
        token = access.make_sign_in_link(context, context.actor.name)
    browser = TestClient(create_app(workspace))
    browser.get(f"/sign-in/{token}")
    return browser


def test_a_steward_works_the_truth_out_on_the_page_and_takes_it_along(browser: TestClient) -> None:
    address = "/rehearsals/planted/kuwait-city/2026-02-24"
    shown = browser.post(address, data={"with_chance": "true"})
    file = browser.get(f"{address}/export.csv").text.splitlines()

    assert shown.url.path == address
    assert "Who took the minutes" in shown.text
    assert "Simulated." in shown.text
    for name in ("Merchant overload", "Ordinary", "The merchant&#39;s own chance", "The rider&#39;s own chance"):
        assert name in shown.text
    causes = [dict(zip(file[0].split(","), line.split(","), strict=True)) for line in file[1:]]
    assert {row["source"] for row in causes} == {"simulated:demo"}
    assert {row["cause_id"] for row in causes} == {
        "ordinary",
        "chance-customer",
        "chance-merchant",
        "chance-rider",
        "kuwait-city-20260224-merchant_overload",
    }


def test_a_truth_without_chance_takes_the_place_of_one_with_it(context: Context) -> None:
    whole = work_out(context, "kuwait-city", STRUCK, with_chance=True)
    plain = work_out(context, "kuwait-city", STRUCK, with_chance=False)
    shown = find_truth(context, "kuwait-city", STRUCK)

    assert set(whole.seconds) - set(plain.seconds) == {"chance-customer", "chance-merchant", "chance-rider"}
    assert {one.cause_id: one.duration_s for one in shown.causes} == plain.seconds
    assert shown.orders == plain.orders


def test_the_page_tells_the_truth_in_arabic_and_lists_lead_to_it(browser: TestClient) -> None:
    browser.get("/preferences?lang=ar")
    listed = browser.get("/rehearsals/planted").text
    shown = browser.get("/rehearsals/planted/kuwait-city/2026-02-24").text

    assert "/rehearsals/planted/kuwait-city/2026-02-24" in listed
    assert "من أخذ الدقائق" in shown
    assert "Merchant overload" not in shown


def test_who_may_not_see_the_city_learns_nothing_of_its_truth(context: Context, worked_out: TruthReport) -> None:
    stranger = replace(context, actor=Actor("s", (Grant(Role.STEWARD, ("HK",), ()),)))

    assert worked_out.orders
    for ask in (find_truth, written_truth):
        with pytest.raises(NotFound, match="Nothing that you may see"):
            ask(stranger, "kuwait-city", STRUCK)


def test_the_command_tells_what_it_wrote(workspace: Path) -> None:
    ran = CliRunner().invoke(the_command(), ["kuwait-city/2026-02-24", "--workspace", str(workspace), "--json"])
    told = json.loads(ran.stdout)
    human = CliRunner().invoke(the_command(), ["kuwait-city/2026-02-24", "--workspace", str(workspace)])

    assert told["is_simulated"] is True
    assert set(told["seconds"]) == {"ordinary", "kuwait-city-20260224-merchant_overload"}
    assert told["rows"]["delay_causes"] >= told["orders"] > 300
    assert "nothing here really happened" in " ".join(human.stdout.split())


def the_command() -> typer.Typer:
    app = typer.Typer()
    app.command()(truth)
    return app
