"""Every kind of check finds the fault that was planted for it, and nothing on clean facts."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tiffin.capabilities.quality import service
from tiffin.capabilities.quality.domain.checks import CheckKind, Status
from tiffin.capabilities.quality.service.check_days import ground_of
from tiffin.capabilities.quality.service.check_results import list_results, standing_of
from tiffin.capabilities.quality.service.check_running import look
from tiffin.capabilities.quality.service.incident_views import list_incidents
from tiffin.cli.entry import main
from tiffin.kernel.errors import Forbidden, InvalidDefinition, NotFound
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.actor import Actor, Grant, Role
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_unit
from tiffin.runtime.warehouse.columns import arrow_schema
from tiffin.runtime.warehouse.opening import open_store
from tiffin.runtime.workspace import Workspace, create_workspace, open_workspace

LAST = date(2026, 4, 20)
DAYS = [LAST - timedelta(days=back) for back in range(89, -1, -1)]
NOW = datetime(2026, 4, 21, 10, tzinfo=UTC)
EVERYTHING = (Grant(Role.STEWARD, ("*",), ("*",)),)


def rows_of(city: str, day: date, *, count: int, **changes: Any) -> list[dict[str, Any]]:
    """Give the orders of a day: every fifth was cancelled; a column is told by value or by number of the order."""
    country, currency = {"riyadh": ("SA", "SAR"), "kuwait": ("KW", "KWD")}[city]
    found = []
    for number in range(count):
        placed = datetime(day.year, day.month, day.day, 9, tzinfo=UTC) + timedelta(minutes=number % 600)
        is_cancelled = number % 5 == 0
        row = {
            "city_id": city,
            "order_id": f"{city}-{day}-{number}",
            "country": country,
            "currency": currency,
            "status": "cancelled" if is_cancelled else "delivered",
            "cancelled_by": "customer" if is_cancelled else None,
            "cancel_reason": "changed_mind" if is_cancelled else None,
            "customer_id": f"c{number}",
            "placed_at": placed,
            "cancelled_at": placed + timedelta(minutes=5) if is_cancelled else None,
            "delivered_at": None if is_cancelled else placed + timedelta(minutes=30),
            "basket_minor": 1000 + 10 * (number % 40),
            "vehicle": "motorcycle",
            "business_date": day,
            "local_hour": 12,
            "slot_at": placed.replace(minute=0),
            "source": "test",
        }
        found.append(row | {name: told(number) if callable(told) else told for name, told in changes.items()})
    return found


@pytest.fixture(scope="session")
def ordinary(tmp_path_factory: pytest.TempPathFactory, marketplace_in: Callable[[Workspace], Any]) -> Path:
    """Ninety ordinary days of two cities, a little larger at the weekend; each test takes a copy."""
    made = marketplace_in(create_workspace(tmp_path_factory.mktemp("ordinary") / "workspace"))
    made.cities(at=datetime(2026, 2, 1, tzinfo=UTC))
    rows = [
        row
        for place, city in enumerate(("riyadh", "kuwait"))
        for number, day in enumerate(DAYS)
        for row in rows_of(city, day, count=60 + 7 * (day.isoweekday() in (5, 6)) + (number * 5 + place * 3) % 7)
    ]
    made.write("orders", rows, at=NOW - timedelta(hours=5))
    return made.workspace.root


@pytest.fixture
def clean(ordinary: Path, tmp_path: Path, marketplace_in: Callable[[Workspace], Any]) -> Any:
    """Take a copy of the ordinary days."""
    shutil.copytree(ordinary, tmp_path / "clean")
    return marketplace_in(open_workspace(tmp_path / "clean"))


@pytest.fixture
def entering(clean: Any) -> Callable[..., AbstractContextManager[Context]]:
    """Open a unit of work on the ordinary days."""

    @contextmanager
    def entered(now: datetime, *, grants: tuple[Grant, ...] = EVERYTHING) -> Iterator[Context]:
        with open_unit(clean.workspace, lambda _: Actor("ana", grants), now=now, locale="en") as context:
            yield context

    return entered


@pytest.fixture
def failing(entering: Callable) -> Callable[..., set[tuple[str, str, date | None]]]:
    """Look at a table and tell what fails: check, place, day."""

    def looked(table: str = "orders", *, now: datetime = NOW) -> set[tuple[str, str, date | None]]:
        with entering(now) as context:
            found = look(ground_of(context), table, service.table_checks(context)[table])
        return {
            (one.check.split("/")[1], one.city_id or one.country, one.day)
            for one in found
            if one.status is Status.FAILED
        }

    return looked


@pytest.mark.usefixtures("clean")
def test_nothing_fails_on_clean_facts(failing: Callable) -> None:
    assert failing() == set()
    assert failing("cities") == set()


def test_each_fault_of_rows_is_found_where_it_is_and_nowhere_else(clean: Any, failing: Callable) -> None:
    old, before = date(2015, 3, 1), LAST - timedelta(days=1)
    clean.write("merchants", [{"city_id": "riyadh", "merchant_id": "m1", "source": "test"}], at=NOW)
    clean.write("orders", rows_of("riyadh", LAST, count=3, vehicle="rocket"), at=NOW)
    clean.write("orders", rows_of("kuwait", LAST, count=2, basket_minor=-5), at=NOW)
    clean.write("orders", rows_of("riyadh", before, count=2, merchant_id="ghost"), at=NOW)
    clean.write("orders", rows_of("kuwait", before, count=2, merchant_id="of a city without merchants"), at=NOW)
    clean.write("orders", rows_of("riyadh", old, count=1), at=NOW)
    found = pa.Table.from_pylist(rows_of("kuwait", LAST, count=4), schema=arrow_schema(TABLES["orders"]))
    open_store(clean.workspace).append("orders", found.to_reader(), now=NOW, source="again")
    planted = {
        ("values:vehicle", "riyadh", LAST),
        ("range:basket_minor", "kuwait", LAST),
        ("reference:merchant_id", "riyadh", before),
        ("retention", "riyadh", old),
        ("unique:key", "kuwait", LAST),
    }
    in_rows = {one for one in failing() if one[0] not in ("volume", "baskets_as_usual", "vehicles_as_usual")}
    assert in_rows == planted | {(name, "", None) for name, _, _ in planted}


def test_a_day_of_a_quarter_of_its_size_is_found(clean: Any, failing: Callable) -> None:
    later = LAST + timedelta(days=1)
    clean.write("orders", rows_of("riyadh", later, count=15) + rows_of("kuwait", later, count=60), at=NOW)
    assert {one for one in failing(now=NOW + timedelta(days=1)) if one[0] == "volume"} == {("volume", "riyadh", later)}


def test_values_with_other_shares_are_found(clean: Any, failing: Callable) -> None:
    later = LAST + timedelta(days=1)
    gone = {"status": lambda number: "cancelled" if number % 2 else "delivered"}
    clean.write("orders", rows_of("riyadh", later, count=64, **gone) + rows_of("kuwait", later, count=64), at=NOW)
    drifted = {one for one in failing(now=NOW + timedelta(days=1)) if one[0].endswith("_as_usual")}
    assert drifted == {("statuses_as_usual", "riyadh", later)}


@pytest.mark.usefixtures("clean")
def test_days_that_did_not_come_are_found_where_days_used_to_come(failing: Callable) -> None:
    assert failing(now=NOW + timedelta(days=2)) == {
        ("freshness", "SA", LAST + timedelta(days=1)),
        ("freshness", "KW", LAST + timedelta(days=1)),
    }


def test_history_that_was_brought_in_late_is_not_late(marketplace: Any) -> None:
    marketplace.write("orders", rows_of("riyadh", date(2024, 5, 1), count=5), at=NOW - timedelta(hours=5))
    with open_unit(marketplace.workspace, lambda _: Actor("ana", EVERYTHING), now=NOW, locale="en") as context:
        found = look(ground_of(context), "orders", service.table_checks(context)["orders"])
    fresh = [one for one in found if one.kind is CheckKind.FRESHNESS]
    assert [one.status for one in fresh] == [Status.UNMEASURED]


OWN = """checks:
  stages_match:
    table: orders
    kind: reconciliation
    label: {en: Orders match stages, ar: تطابق, zh_Hans: 一致, zh_Hant: 一致, pt_BR: Conferem}
    one: {table: orders, aggregate: count}
    other: {table: order_stages, aggregate: count, where: "stage = 'placed'"}
    within: 0.01
  delivered_have_an_instant:
    table: orders
    kind: validity
    label: {en: Delivered orders have an instant, ar: لها لحظة, zh_Hans: 有时刻, zh_Hant: 有時刻, pt_BR: Têm instante}
    holds: "status <> 'delivered' OR basket_minor < 1390"
    allowed: 0.01
"""


def test_own_rules_are_held_too(clean: Any, failing: Callable) -> None:
    clean.workspace.overlay("quality").mkdir(parents=True, exist_ok=True)
    (clean.workspace.overlay("quality") / "checks.yaml").write_text(OWN, encoding="utf-8")
    clean.stages("riyadh", LAST, numbers=range(20), at=NOW)
    found = failing()
    assert ("stages_match", "SA", LAST) in found
    assert ("delivered_have_an_instant", "", None) in found


def test_a_check_that_stops_the_warehouse_is_not_judged_and_keeps_no_other_from_it(
    clean: Any, entering: Callable
) -> None:
    own = OWN.replace("basket_minor < 1390", "basket_minor * 9223372036854775807 < 1390")
    assert own != OWN
    clean.workspace.overlay("quality").mkdir(parents=True, exist_ok=True)
    (clean.workspace.overlay("quality") / "checks.yaml").write_text(own, encoding="utf-8")
    clean.write("orders", rows_of("riyadh", LAST, count=3, vehicle="rocket"), at=NOW)
    with entering(NOW) as context:
        found = look(ground_of(context), "orders", service.table_checks(context)["orders"])

    [stopped] = [one for one in found if one.check == "orders/delivered_have_an_instant"]
    assert stopped.status is Status.UNMEASURED
    assert "overflow" in stopped.error.lower()
    assert ("orders/values:vehicle", "riyadh") in {(one.check, one.city_id) for one in found if one.status == "failed"}


def test_a_failing_check_that_can_no_longer_be_run_does_not_count_as_passed(clean: Any, entering: Callable) -> None:
    clean.workspace.overlay("quality").mkdir(parents=True, exist_ok=True)
    file = clean.workspace.overlay("quality") / "checks.yaml"
    file.write_text(OWN.replace("    allowed: 0.01\n", ""), encoding="utf-8")
    with entering(NOW) as context:
        opened = service.check_tables(context, tables=("orders",)).incidents
    file.write_text(OWN.replace("basket_minor < 1390", "basket_minor * 9223372036854775807 < 1390"), encoding="utf-8")
    with entering(NOW + timedelta(minutes=1)) as context:
        stopped = service.check_tables(context, tables=("orders",))
        held = [one for one in list_incidents(context) if one.case.summary.case_id in opened]
    file.unlink()
    with entering(NOW + timedelta(minutes=2)) as context:
        gone = service.check_tables(context, tables=("orders",))

    assert stopped.passed_again == ()
    assert all(one.passes_since is None for one in held)
    assert set(gone.passed_again) == set(opened)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("table: orders\n    kind: rec", "table: nowhere\n    kind: rec"),
        ("kind: validity", "kind: magic"),
        ("within: 0.01", "within: 7"),
        ("    within: 0.01\n", ""),
        ("basket_minor < 1390", "nothing < 1390"),
        ("en: Delivered orders have an instant, ", ""),
        ("checks:", "rules:"),
    ],
)
def test_an_own_rule_that_cannot_be_meant_is_refused(clean: Any, entering: Callable, old: str, new: str) -> None:
    assert old in OWN
    clean.workspace.overlay("quality").mkdir(parents=True, exist_ok=True)
    (clean.workspace.overlay("quality") / "checks.yaml").write_text(OWN.replace(old, new, 1), encoding="utf-8")
    with entering(NOW) as context, pytest.raises(InvalidDefinition):
        service.table_checks(context)


def test_a_run_takes_only_what_changed_and_keeps_what_it_found(clean: Any, entering: Callable) -> None:
    with entering(NOW) as context:
        first = service.check_tables(context)
    with entering(NOW) as context:
        again = service.check_tables(context)
    clean.write("orders", rows_of("riyadh", LAST, count=3, vehicle="rocket"), at=NOW)
    with entering(NOW) as context:
        third = service.check_tables(context)
        told = list_results(context, table="orders", check="orders/values:vehicle")
        standing = {one.check: one.status for one in standing_of(context, "orders")}

    assert (first.tables, first.skipped, first.failed) == (("cities", "orders"), (), ())
    assert (again.tables, again.skipped) == ((), ("cities", "orders"))
    assert third.tables == ("orders",)
    assert [(one.status, one.city_id) for one in told] == [
        (Status.FAILED, "riyadh"),
        (Status.FAILED, ""),
        (Status.PASSED, ""),
    ]
    whole = told[1]
    assert (whole.rows_broken, whole.version) == (3, 1)
    assert [key["order_id"] for key in whole.sample] == [f"riyadh-{LAST}-{number}" for number in range(3)]
    assert "customer_id" not in whole.sample[0]
    assert standing["orders/values:vehicle"] is Status.FAILED
    assert standing["orders/range:basket_minor"] is Status.PASSED


def test_what_is_kept_of_a_run_becomes_facts_once(clean: Any, entering: Callable) -> None:
    clean.write("orders", rows_of("riyadh", LAST, count=3, vehicle="rocket"), at=NOW)
    with entering(NOW) as context:
        service.check_tables(context)
    with entering(NOW) as context:
        told = list_results(context, limit=10_000)
        facts = context.warehouse.query_text("SELECT * FROM check_results").to_pylist()
        own = service.check_tables(context, tables=("check_results",), is_forced=True)
    with entering(NOW) as context:
        again = service.check_tables(context, is_forced=True)

    kept = {(one.check, one.country, one.city_id, one.day, one.status.value, one.rows_broken) for one in told}
    found = {
        (
            row["check_name"],
            row["country"] or "",
            row["city_id"] or "",
            row["first_day"],
            row["status"],
            row["rows_broken"],
        )
        for row in facts
    }
    assert found == kept
    assert len(facts) == len(told)
    assert {row["business_date"] for row in facts if row["first_day"] is None} == {NOW.date()}
    assert {row["table_version"] for row in facts if row["table_name"] == "orders"} == {1}
    assert (own.tables, own.failed) == (("check_results",), ())
    assert again.tables == ("cities", "orders")
    assert open_store(clean.workspace).version("check_results") == 0


def test_the_facts_of_results_know_every_kind_and_end_of_a_check() -> None:
    results = TABLES["check_results"]

    assert set(results.column("kind").values) == set(CheckKind)
    assert set(results.column("status").values) == set(Status)


def test_results_show_only_places_that_the_reader_may_see(clean: Any, entering: Callable) -> None:
    for city in ("riyadh", "kuwait"):
        clean.write("orders", rows_of(city, LAST, count=3, vehicle="rocket"), at=NOW)
    with entering(NOW) as context:
        service.check_tables(context)
    only = (Grant(Role.ANALYST, ("KW",), ()),)
    with entering(NOW, grants=only) as context:
        found = list_results(context, table="orders", status=Status.FAILED)
        incidents = list_incidents(context)
        with pytest.raises(Forbidden):
            service.check_tables(context)
    with entering(NOW, grants=()) as context:
        assert list_results(context) == ()
        assert list_incidents(context) == ()

    assert {one.city_id for one in found} == {"", "kuwait"}
    assert all(one.rows_broken == 0 and not one.sample for one in found if not one.city_id)
    assert [one.country for one in incidents] == ["KW"]


@pytest.mark.usefixtures("clean")
def test_an_unknown_table_is_told(entering: Callable) -> None:
    with entering(NOW) as context, pytest.raises(NotFound, match="cities, orders"):
        service.check_tables(context, tables=("refunds",))


def test_both_engines_find_the_same(clean: Any, failing: Callable) -> None:
    clean.write("merchants", [{"city_id": "riyadh", "merchant_id": "m1", "category": "x", "source": "test"}], at=NOW)
    clean.write("orders", rows_of("riyadh", LAST, count=3, vehicle="rocket", merchant_id="ghost"), at=NOW)
    found = pa.Table.from_pylist(rows_of("kuwait", LAST, count=4), schema=arrow_schema(TABLES["orders"]))
    open_store(clean.workspace).append("orders", found.to_reader(), now=NOW, source="again")
    here = failing()
    toml = clean.workspace.root / "tiffin.toml"
    toml.write_text('[warehouse]\nengine = "spark"\n', encoding="utf-8")

    assert {one[0] for one in here} >= {"values:vehicle", "unique:key", "reference:merchant_id"}
    assert _on_spark(clean.workspace) == here


def _on_spark(workspace: Any) -> set[tuple[str, str, date | None]]:
    opened = open_workspace(workspace.root)
    with open_unit(opened, lambda _: Actor("ana", EVERYTHING), now=NOW, locale="en") as context:
        assert context.warehouse.dialect == "spark"
        found = look(ground_of(context), "orders", service.table_checks(context)["orders"])
    return {
        (one.check.split("/")[1], one.city_id or one.country, one.day) for one in found if one.status is Status.FAILED
    }


def test_the_commands_check_list_and_tell(clean: Any, capsys: pytest.CaptureFixture[str]) -> None:
    where = ("--workspace", str(clean.workspace.root))
    clean.write("orders", rows_of("riyadh", LAST, count=3, vehicle="rocket"), at=NOW)
    assert main(["quality", "check", "--json", *where]) == 1
    run = json.loads(capsys.readouterr().out)
    assert {"tables", "skipped", "checks", "failed", "unmeasured", "incidents", "passed_again"} <= set(run)
    assert "orders/values:vehicle" in {one["check"] for one in run["failed"]}
    assert main(["quality", "check", "--table", "orders", "--all", *where]) == 1
    assert "orders/values:vehicle" in capsys.readouterr().out
    assert main(["quality", "results", "--failed", *where]) == 0
    assert main(["quality", "incidents", "--json", *where]) == 0
    printed = capsys.readouterr().out
    [number] = {
        one["incident"]
        for one in json.loads(printed[printed.index("{") :])["incidents"]
        if one["table"] == "orders" and one["country"] == "SA"
    }
    assert main(["quality", "incident", str(number), "take", *where]) == 0
    assert "## What fails" in capsys.readouterr().out
    assert main(["quality", "incident", str(number), "note", "--say", "text", *where]) == 2
    assert main(["quality", "post-mortems", "nothing", *where]) == 0
