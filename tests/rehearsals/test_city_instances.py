"""Instances and the facts: a city's day is written as an instance, and a solved instance becomes a city's day."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from tiffin.capabilities.access.domain.auditing import AuditSearch
from tiffin.capabilities.access.service import auditing
from tiffin.capabilities.balance.service import daybook, days_of
from tiffin.capabilities.facts import service as facts
from tiffin.capabilities.metrics import service as metrics
from tiffin.capabilities.rehearsals.cli import register
from tiffin.capabilities.rehearsals.domain.city_instance import InstanceRules, city_instance
from tiffin.capabilities.rehearsals.domain.demo import Marketplace
from tiffin.capabilities.rehearsals.domain.instance_files import INSTANCE_FILES, instance_files, read_instance
from tiffin.capabilities.rehearsals.service import load_marketplace
from tiffin.capabilities.rehearsals.service.city_instances import usual_rules, write_instance
from tiffin.capabilities.rehearsals.service.instance_facts import save_solution
from tiffin.capabilities.rehearsals.service.instances import solve_instance
from tiffin.engines.metrics.request import Condition, MetricRequest
from tiffin.engines.simulation.instances.instance import Instance
from tiffin.kernel.contract import Classification
from tiffin.kernel.errors import Conflict, Forbidden, InvalidData, NotFound, WrongUse
from tiffin.kernel.time import Days
from tiffin.runtime.actor import Actor, Grant, Role
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context
from tiffin.runtime.warehouse.opening import open_store
from tiffin.runtime.workspace import create_workspace

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
DAY = date(2026, 2, 24)
KUWAIT = f"kuwait-city/{DAY}"
NOMINAL = date(2018, 1, 1)
BEGINS = datetime(2026, 2, 24, 1, 0, tzinfo=UTC)
RULES = InstanceRules(
    metres_per_minute=320.0,
    pickup_min=4,
    dropoff_min=4,
    target_min=40,
    maximum_min=90,
    pay_per_order=10.0,
    guarantee_per_hour=15.0,
)


def run(*arguments: str) -> Any:
    app = typer.Typer()
    register(app)
    result = CliRunner().invoke(app, arguments)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("instances") / "workspace"
    create_workspace(root)
    with open_context(root, now=NOW) as context:
        load_marketplace(context, Marketplace(cities=("kuwait-city",), days=Days(DAY, DAY), scale=0.1))
    return root


@pytest.fixture
def context(workspace: Path) -> Iterator[Context]:
    with open_context(workspace, now=NOW) as opened:
        yield opened


def asked(context: Context, metric: str, city_id: str, day: date) -> float:
    request = MetricRequest((metric,), where=(Condition("city_id", "=", (city_id,)),), days=Days(day, day))
    ((value,),) = metrics.query(context, request).rows
    return float(value)


def seen_by(context: Context, *grants: Grant) -> Context:
    return Context(**{slot: getattr(context, slot) for slot in context.__slots__} | {"actor": Actor("noura", grants)})


def order(**changed: Any) -> dict[str, Any]:
    placed_at = BEGINS + timedelta(minutes=10, seconds=40)
    return {
        "order_id": "o1",
        "merchant_id": "m1",
        "zone_id": "z1",
        "dropoff_zone_id": "z1",
        "straight_m": 640.0,
        "placed_at": placed_at,
        "ready_at": placed_at + timedelta(minutes=15),
        "pickup_x_m": 0.0,
        "pickup_y_m": 0.0,
        "dropoff_x_m": 640.0,
        "dropoff_y_m": 0.0,
        "pickup_latitude": 29.0,
        "pickup_longitude": 48.0,
        "dropoff_latitude": 29.0,
        "dropoff_longitude": 48.01,
        **changed,
    }


def session(**changed: Any) -> dict[str, Any]:
    off_at = BEGINS + timedelta(hours=4, seconds=30)
    return {"rider_id": "r1", "zone_id": "z1", "on_at": BEGINS + timedelta(seconds=1), "off_at": off_at, **changed}


def made_of(orders: list[dict[str, Any]], sessions: list[dict[str, Any]]) -> Any:
    return city_instance(orders, sessions, begins=BEGINS, rules=RULES)


def test_a_day_of_the_facts_becomes_an_instance_and_its_solution_facts_that_metrics_answer_for(
    workspace: Path, tmp_path: Path
) -> None:
    folder, out = tmp_path / "kuwait", tmp_path / "out"
    written = run("rehearsals", "instance", KUWAIT, "--out", str(folder), "--workspace", str(workspace), "--json")
    solving = ("simulate", "--instance", str(folder), "--policy", "best", "--save", "--out", str(out))
    solved = run(*solving, "--workspace", str(workspace), "--json")
    city_id = solved["saved"]["city_id"]

    assert written["is_simulated"]
    assert city_id == "simulated-kuwait-best"
    assert solved["orders"] == written["orders"] > 100
    assert len(list(out.iterdir())) == 3
    with open_context(workspace, now=NOW) as context:
        assert asked(context, "orders", "kuwait-city", DAY) == written["orders"] + sum(
            count for why, count in written["left_out"].items() if why.startswith("orders")
        )
        assert asked(context, "orders", city_id, NOMINAL) == solved["orders"]
        assert asked(context, "delivered_orders", city_id, NOMINAL) == solved["delivered"]
        mean = asked(context, "click_to_door_mean", city_id, NOMINAL)
        assert mean == pytest.approx(solved["click_to_door_min"], abs=0.005)
        book = daybook(context, city_id, NOMINAL)
        assert book.city.is_simulated
        assert [one.day for one in days_of(context, city_id)] == [NOMINAL]


def test_a_second_save_changes_nothing(workspace: Path, tmp_path: Path) -> None:
    folder = tmp_path / "twice"
    with open_context(workspace, now=NOW) as context:
        write_instance(context, "kuwait-city", DAY, folder, rules=usual_rules(DAY))
        solved = solve_instance(folder)
        first = save_solution(context, folder, "nearest", solved)
        store = open_store(context.workspace)
        before = {table: store.version(table) for table in first.rows}
        second = save_solution(context, folder, "nearest", solved)

        assert first.is_changed
        assert not second.is_changed
        assert {table: store.version(table) for table in first.rows} == before


def test_another_instance_does_not_take_the_place_of_one_that_was_saved(context: Context, tmp_path: Path) -> None:
    solved = [solve_instance(written(made_of([order(order_id=name)], [session()]).instance, tmp_path / name))
              for name in ("o1", "o2")]  # fmt: skip
    save_solution(context, tmp_path / "same", "nearest", solved[0])

    with pytest.raises(Conflict, match="another name"):
        save_solution(context, tmp_path / "same", "nearest", solved[1])


def written(instance: Instance, folder: Path) -> Path:
    folder.mkdir()
    for name, text in instance_files(instance).items():
        (folder / name).write_text(text)
    return folder


def test_an_instance_is_read_as_it_was_written(context: Context, tmp_path: Path) -> None:
    told = write_instance(context, "kuwait-city", DAY, tmp_path, rules=usual_rules(DAY))
    texts = {name: (tmp_path / name).read_text() for name in INSTANCE_FILES}
    instance = read_instance(texts)
    about = (tmp_path / "instance_characteristics.txt").read_text()

    assert instance_files(instance) == texts
    assert len(instance.courier_ids) == told.couriers
    assert np.all(instance.ready_min >= instance.placed_min)
    assert np.all(instance.placed_min >= 0)
    assert instance.placed_min.max() < 24 * 60
    assert f"number of orders: {told.orders}\n" in about
    assert "minute 0: 2026-02-24T01:00Z\n" in about
    assert "facts: simulated: nothing of it really happened\n" in about


def test_the_feed_of_the_published_instances_reads_what_was_written(context: Context, tmp_path: Path) -> None:
    folder = tmp_path / "back"
    told = write_instance(context, "kuwait-city", DAY, folder, rules=usual_rules(DAY))
    report = facts.load(context, "grubhub-mdrp", [folder])
    loaded = {table.table: table.loaded for table in report.tables}

    assert loaded["orders"] == told.orders
    assert loaded["merchants"] == told.restaurants
    assert loaded["rider_sessions"] == told.couriers


def test_whoever_may_not_see_the_whole_city_and_its_people_gets_no_instance(context: Context, tmp_path: Path) -> None:
    people = (Classification.PERSONAL,)
    for grants, complaint in (
        ((), "has no grant for kuwait-city"),
        ((Grant(Role.CITY_MANAGER, ("SA",), ()),), "has no grant for kuwait-city"),
        ((Grant(Role.CITY_MANAGER, ("KW",), (), rows=(("zone_id", ("salmiya",)),)),), "has no grant for kuwait-city"),
        ((Grant(Role.ANALYST, ("KW",), ()),), r"opens orders\.dropoff_x_m.*rider_sessions\.rider_id"),
        ((Grant(Role.ANALYST, ("KW",), (), masked=people),), r"rider_sessions\.rider_id"),
        ((Grant(Role.ANALYST, ("KW",), ()), Grant(Role.CITY_MANAGER, ("SA",), ())), r"rider_sessions\.rider_id"),
    ):
        with pytest.raises(Forbidden, match=complaint):
            write_instance(seen_by(context, *grants), "kuwait-city", DAY, tmp_path / "no", rules=RULES)
    assert not (tmp_path / "no").exists()

    manager = seen_by(context, Grant(Role.CITY_MANAGER, ("KW",), ()))
    assert write_instance(manager, "kuwait-city", DAY, tmp_path / "yes", rules=RULES).orders > 0
    with pytest.raises(Forbidden, match="steward for all cities"):
        save_solution(manager, tmp_path / "yes", "nearest", solve_instance(tmp_path / "yes"))


def test_the_audit_trail_says_who_took_a_day_as_an_instance(workspace: Path, tmp_path: Path) -> None:
    arguments = ("rehearsals", "instance", KUWAIT, "--out", str(tmp_path), "--workspace", str(workspace), "--json")
    told = run(*arguments)
    with open_context(workspace) as context:
        newest = auditing.search_audit(context, AuditSearch(action="rows_exported"))[0]

    assert newest.subject == "orders, rider_sessions"
    assert newest.details["city"] == "kuwait-city"
    assert newest.details["rows"] == told["orders"] + told["couriers"]


def test_a_day_without_facts_and_an_unknown_city_are_not_found(workspace: Path, tmp_path: Path) -> None:
    for name, complaint in (
        ("kuwait-city/2026-05-01", "hold 0 orders and 0 sessions"),
        ("atlantis/2026-02-24", "no city atlantis"),
    ):
        with pytest.raises(NotFound, match=complaint):
            run("rehearsals", "instance", name, "--out", str(tmp_path / "no"), "--workspace", str(workspace))
    with pytest.raises(WrongUse, match="A city and a day"):
        run("rehearsals", "instance", "kuwait-city", "--out", str(tmp_path), "--workspace", str(workspace))
    assert not (tmp_path / "no").exists()


def test_times_are_never_kinder_than_the_facts() -> None:
    instance = made_of([order()], [session()]).instance

    assert (instance.placed_min[0], instance.ready_min[0]) == (10, 26)
    assert (instance.on_min[0], instance.off_min[0]) == (1, 240)


def test_what_an_instance_cannot_hold_is_left_out_and_counted() -> None:
    found = made_of(
        [order(), order(order_id="o2", ready_at=None), order(order_id="o3", pickup_x_m=None)],
        [session(), session(off_at=None), session(off_at=BEGINS + timedelta(seconds=50))],
    )

    assert found.instance.order_ids == ("o1",)
    assert [*found.left_out.values()] == [1, 1, 1, 1]


def test_a_rider_who_comes_on_again_is_a_courier_of_his_own() -> None:
    again = session(on_at=BEGINS + timedelta(hours=6), off_at=BEGINS + timedelta(hours=8), zone_id="z9")
    found = made_of([order()], [session(), again])

    assert found.instance.courier_ids == ("r1", "r1/2")
    assert found.in_the_middle == 1


def test_a_courier_starts_where_his_zone_has_pickups_or_else_customers() -> None:
    orders = [order(), order(order_id="o2", dropoff_zone_id="z2", dropoff_x_m=3000.0)]
    found = made_of(orders, [session(), session(rider_id="r2", zone_id="z2"), session(rider_id="r3", zone_id=None)])

    assert found.instance.courier_x.tolist() == [0.0, 3000.0, 0.0]
    assert found.in_the_middle == 1


def test_degrees_are_laid_flat_where_there_are_no_metres() -> None:
    nothing = {"pickup_x_m": None, "pickup_y_m": None, "dropoff_x_m": None, "dropoff_y_m": None}
    instance = made_of([order(**nothing)], [session()]).instance

    assert (instance.restaurant_x[0], instance.restaurant_y[0]) == (0.0, 0.0)
    assert instance.order_x[0] == pytest.approx(972.5, abs=1.0)  # a hundredth of a degree at 29° north
    assert instance.courier_x[0] == 0.0


def test_a_customer_whose_place_is_sealed_is_guessed_at_his_distance_towards_his_zone() -> None:
    sealed = {"dropoff_x_m": None, "dropoff_y_m": None, "dropoff_latitude": None, "dropoff_longitude": None}
    north = order(order_id="o2", merchant_id="m2", zone_id="z2", dropoff_zone_id="z2", pickup_y_m=5000.0)
    there = order(order_id="o3", dropoff_zone_id="z2", **sealed)
    near = order(order_id="o4", **sealed)
    found = made_of([north, there, near, order(order_id="o5", **sealed | {"straight_m": None})], [session()])
    x, y = found.instance.order_x, found.instance.order_y

    assert found.instance.order_ids == ("o2", "o3", "o4")
    assert found.guessed == 2
    assert (x[1], y[1]) == (0.0, 640.0)
    assert np.hypot(x[2], y[2]) == pytest.approx(640.0, abs=1.0)


def test_a_name_with_white_space_is_refused() -> None:
    with pytest.raises(InvalidData, match="white space"):
        made_of([order(merchant_id="Fish and chips")], [session()])


@pytest.mark.parametrize("option", [("--compare", "nearest", "best"), ("--replications", "3")])
def test_only_one_solution_is_saved(tmp_path: Path, option: tuple[str, ...]) -> None:
    with pytest.raises(WrongUse, match="One solution"):
        run("simulate", "--instance", str(tmp_path), "--save", *option)
