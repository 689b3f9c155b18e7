"""One person is found, handed over and erased by two people, everywhere; everybody else's facts and numbers stay."""

import csv
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tiffin.capabilities.access import service
from tiffin.capabilities.access.domain.erasing import ErasureView, SoughtPerson, State
from tiffin.capabilities.access.service import erasing, erasing_steps, people, people_export, people_scan
from tiffin.capabilities.cases import service as cases
from tiffin.capabilities.cases.domain.case import NewCase
from tiffin.capabilities.facts import service as facts
from tiffin.capabilities.metrics.service import ledger, reproducing, rollups
from tiffin.capabilities.scorecards.models import SavedQuestion
from tiffin.engines.metrics.request import MetricRequest
from tiffin.kernel.errors import Conflict, Forbidden, WrongUse
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.actor import Role
from tiffin.runtime.audit_checking import check_trail
from tiffin.runtime.database import engine_for
from tiffin.runtime.edge import open_context
from tiffin.runtime.models import AuditEntry
from tiffin.runtime.schema import ready_engine
from tiffin.runtime.workspace import Workspace, create_workspace, open_workspace

HIM, HER = "customer-9931", "customer-9932"
TRACES = (HIM, "Omar Haddad", "omar@mail.example", "24.719871", "46.729931")
FEED = """\
feed: shop
title: Orders of a shop
description: A feed of the tests.
origin: {publisher: The tests, obtain: It is written by the test, licence: none}
time_zone: UTC
cities:
  - {city_id: riyadh, name: Riyadh, country: SA, timezone: Asia/Riyadh, cutoff_min: 240, currency: SAR}
lookups: {states: {done: placed, gone: cancelled}}
files:
  orders:
    pattern: "*.csv"
    format: csv
    columns:
      number: {}
      placed: {type: time, formats: ["%Y-%m-%d %H:%M"]}
      state: {}
      customer: {}
      rider: {}
      lat: {type: number}
      lon: {type: number}
tables:
  - table: orders
    main: true
    from: orders
    map:
      city_id: "'riyadh'"
      order_id: number
      placed_at: placed
      status: "lookup(state, states)"
      customer_id: customer
      rider_id: rider
      dropoff_latitude: lat
      dropoff_longitude: lon
"""
ROWS = f"""\
number,placed,state,customer,rider,lat,lon
o1,2026-02-18 12:00,done,{HIM},rider-1,24.719871,46.729931
o2,2026-02-18 12:10,done,{HER},rider-1,24.700001,46.700001
o3,2026-02-18 12:20,gone,{HER},rider-2,24.700002,46.700002
o4,2026-02-18 12:30,teleported,{HIM},rider-2,24.719871,46.729931
"""
MORE = f"""\
number,placed,state,customer,rider,lat,lon
o1,2026-02-18 12:00,gone,{HIM},rider-1,24.719871,46.729931
o5,2026-02-19 12:00,done,{HIM},rider-2,24.719871,46.729931
"""
REQUEST = MetricRequest(("orders",))

Opening = Callable[..., Any]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose facts, quarantine, cases, grants, files and published numbers know people."""
    tmp_path = tmp_path_factory.mktemp("erasure")
    workspace = create_workspace(tmp_path / "workspace")
    (workspace.root / "feeds" / "shop.yaml").write_text(FEED, encoding="utf-8")
    for name, rows in (("one.csv", ROWS), ("two.csv", MORE)):
        (tmp_path / name).write_text(rows, encoding="utf-8")
        with open_context(workspace.root) as context:
            facts.load(context, "shop", [tmp_path / name])
    with open_context(workspace.root) as context:
        for officer in ("ana", "ben"):
            service.add_account(context, officer)
            service.grant(context, officer, Role.PRIVACY_OFFICER, countries=["*"], terms=service.Terms("tests"))
        ledger.publish(context, REQUEST, title="Orders of February")
        details = {"notes": [f"{HIM} wrote from omar@mail.example", f"{HIM}2 is somebody else"]}
        cases.open_case(
            context,
            NewCase("data_incident", "complaint.1", "Omar Haddad waits", details, subject=f"customer:{HIM}"),
        )
        asked = f"/explore?metric=orders&where=customer_id%3D{HIM}"
        saved = SavedQuestion(owner="ana", name="His orders", address=asked, saved_at=context.now)
        context.session.add(saved)
        rollups.build_rollups(context)
    outbox = workspace.state / "outbox"
    outbox.mkdir(exist_ok=True)
    (outbox / "m.html").write_text(f"<p>{HIM}</p>", encoding="utf-8")
    (workspace.daybooks / "riyadh.md").parent.mkdir(parents=True, exist_ok=True)
    (workspace.daybooks / "riyadh.md").write_text(f"Seen: {HIM} and {HER}.", encoding="utf-8")
    engine_for(workspace.database_url).dispose()
    return tmp_path


@pytest.fixture
def shop(built: Path, tmp_path: Path) -> Workspace:
    """A copy of it of the test's own, with the files that were loaded beside it."""
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    return open_workspace(tmp_path / "workspace")


@pytest.fixture(scope="module")
def person() -> SoughtPerson:
    return SoughtPerson("customer", HIM, ("Omar Haddad", "omar@mail.example"))


def officer(workspace: Workspace, name: str = "ben") -> Opening:
    return partial(open_context, workspace.root, user=name)


def erased(workspace: Workspace, person: SoughtPerson) -> ErasureView:
    with officer(workspace, "ana")() as context:
        number = erasing.ask_erasure(context, person, f"The wish of {person.identifier}").erasure_id
    with officer(workspace)() as context:
        erasing.approve_erasure(context, number)
    return erasing_steps.carry_out(officer(workspace), number)


def everything_told(workspace: Workspace) -> tuple[object, ...]:
    """What facts and the ledger answer, without the person's own rows."""
    with open_context(workspace.root) as context:
        asked = "select order_id, status, dropoff_latitude is null as hidden from orders order by 1"
        rows = context.warehouse.query_text(asked).to_pylist()
        told = tuple(
            (entry.rows, entry.entry_hash, reproducing.reproduce(context, entry).is_equal)
            for entry in ledger.list_published(context)
        )
        return rows, told


@dataclass(frozen=True)
class Aftermath:
    """A workspace in which somebody was erased, and what was told before."""

    workspace: Workspace
    before: tuple[object, ...]
    hers: people.FoundPerson
    done: ErasureView


@pytest.fixture(scope="module")
def aftermath(built: Path, tmp_path_factory: pytest.TempPathFactory, person: SoughtPerson) -> Aftermath:
    folder = tmp_path_factory.mktemp("aftermath")
    shutil.copytree(built, folder, dirs_exist_ok=True)
    workspace = open_workspace(folder / "workspace")
    before = everything_told(workspace)
    with officer(workspace, "ana")() as context:
        hers = people.find_person(context, SoughtPerson("customer", HER))
        people_export.export_person(context, person)
        assert not people_scan.scan_for(context, [*TRACES]).is_clean
    return Aftermath(workspace, before, hers, erased(workspace, person))


def test_erasing_a_person_leaves_no_trace_and_every_number_as_it_was(aftermath: Aftermath) -> None:
    with officer(aftermath.workspace)() as context:
        found = people_scan.scan_for(context, [*TRACES])

    assert aftermath.done.state is State.ERASED
    assert (found.traces, found.mentions) == ((), ())
    assert found.files > 10
    assert everything_told(aftermath.workspace) == aftermath.before
    assert check_trail(ready_engine(aftermath.workspace.database_url)).is_whole


def test_a_file_loaded_again_does_not_bring_the_person_back(
    shop: Workspace, person: SoughtPerson, tmp_path: Path
) -> None:
    erased(shop, person)

    with open_context(shop.root) as context:
        facts.load(context, "shop", [tmp_path / "one.csv"])

    with officer(shop)() as context:
        assert people_scan.scan_for(context, [*TRACES]).is_clean
        found = people.find_person(context, person)
    assert found.is_forgotten
    assert not found.is_known


def test_others_keep_their_records_and_their_sealed_values(aftermath: Aftermath) -> None:
    with officer(aftermath.workspace)() as context:
        hers = people.find_person(context, SoughtPerson("customer", HER))

    assert (hers.facts, hers.sealed) == (aftermath.hers.facts, aftermath.hers.sealed)
    assert HER in (aftermath.workspace.daybooks / "riyadh.md").read_text(encoding="utf-8")
    with open_context(aftermath.workspace.root) as context:
        (case,) = cases.list_cases(context)
        notes = cases.show_case(context, case.case_id).values["notes"]
    assert notes == ["erased-1", f"{HIM}2 is somebody else"]  # a text goes whole, as from the trail


def test_what_is_found_names_tables_sealed_values_and_records(shop: Workspace, person: SoughtPerson) -> None:
    with officer(shop)() as context:
        found = people.find_person(context, person)

    assert [(one.table, one.column, one.rows) for one in found.facts] == [("orders", "customer_id", 2)]
    assert found.sealed == {"orders.dropoff_latitude": 2, "orders.dropoff_longitude": 2}
    assert {(one.table, one.column) for one in found.records} == {
        ("case_events", "details"),
        ("case_events", "opening"),
        ("saved_questions", "address"),
        ("cases", "headline"),
        ("cases", "details"),
        ("cases", "subject"),
    }


def test_an_export_holds_everything_opened_and_explained_and_stays_nowhere(
    shop: Workspace, person: SoughtPerson
) -> None:
    files = sorted(path for path in shop.root.rglob("*") if path.is_file() and "tiffin.db-" not in path.name)
    with officer(shop)() as context:
        content = people_export.export_person(context, person, language="ar")

    archive = zipfile.ZipFile(io.BytesIO(content))
    orders = json.loads(archive.read("facts/orders.json"))
    assert {row["order_id"] for row in orders} == {"o1", "o5"}
    assert {(row["customer_id"], str(row["dropoff_latitude"])) for row in orders} == {(HIM, "24.719871")}
    columns = list(csv.reader(io.StringIO(archive.read("columns.csv").decode("utf-8-sig"))))
    (meaning,) = [row[2] for row in columns if row[:2] == ["orders", "customer_id"]]
    assert meaning == TABLES["orders"].column("customer_id").meaning["ar"]
    assert "records/cases.csv" in archive.namelist()
    after = sorted(path for path in shop.root.rglob("*") if path.is_file() and "tiffin.db-" not in path.name)
    assert after == files


def test_the_trail_says_what_happened_and_never_to_whom(aftermath: Aftermath) -> None:
    with open_context(aftermath.workspace.root) as context:
        rows = context.session.scalars(select(AuditEntry)).all()

    actions = {row.action for row in rows}
    assert actions >= {"person_sought", "person_exported", "workspace_scanned", "erasure_asked", "erasure_approved"}
    assert "person_erased" in actions
    told = json.dumps([[row.subject, row.details] for row in rows])
    assert not [trace for trace in TRACES if trace in told]


@pytest.mark.parametrize("name", [None, "nora"])
def test_nobody_finds_a_person_without_the_role_not_even_an_administrator(
    shop: Workspace, person: SoughtPerson, name: str | None
) -> None:
    with open_context(shop.root) as context:
        service.add_account(context, "nora")
        service.grant(context, "nora", Role.PRIVACY_OFFICER, countries=["SA"], terms=service.Terms("tests"))
    doors: list[Callable[..., object]] = [
        lambda context: people.find_person(context, person),
        lambda context: people_export.export_person(context, person),
        lambda context: people_scan.scan_for(context, [HIM]),
        lambda context: erasing.ask_erasure(context, person, "Why not"),
        erasing.list_erasures,
    ]

    for door in doors:
        with pytest.raises(Forbidden), open_context(shop.root, user=name) as context:
            door(context)


def test_who_asked_does_not_approve_and_nothing_is_decided_twice(shop: Workspace, person: SoughtPerson) -> None:
    with officer(shop, "ana")() as context:
        number = erasing.ask_erasure(context, person, "His wish").erasure_id
    with pytest.raises(Forbidden), officer(shop, "ana")() as context:
        erasing.approve_erasure(context, number)
    with pytest.raises(Conflict):
        erasing_steps.carry_out(officer(shop), number)

    with officer(shop)() as context:
        refused = erasing.refuse_erasure(context, number, f"The law keeps {HIM}")

    assert (refused.state, refused.person, refused.remark) == (State.REFUSED, None, "The law keeps …")
    with pytest.raises(Conflict), officer(shop)() as context:
        erasing.approve_erasure(context, number)


@pytest.mark.parametrize("words", [("ana",), ("steward",), ("x",)])
def test_words_that_would_hit_others_are_refused(shop: Workspace, words: tuple[str, ...]) -> None:
    with pytest.raises((Conflict, WrongUse)), officer(shop, "ana")() as context:
        erasing.ask_erasure(context, SoughtPerson("customer", HIM, words), "His wish")


KILLED = """
import os, signal, sys
from functools import partial
from pathlib import Path
from tiffin.capabilities.access.service import erasing_steps
from tiffin.runtime.database import engine_for
from tiffin.runtime.edge import open_context

units = 0

def opening():
    global units
    units += 1
    if units > int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
    return open_context(Path(sys.argv[1]), user="ben")

erasing_steps.carry_out(opening, 1)
"""


@pytest.mark.parametrize("units", [2, *(pytest.param(units, marks=pytest.mark.full) for units in (0, 1, 3, 4, 5, 6))])
def test_a_run_killed_between_any_two_steps_is_completed_by_the_next(
    shop: Workspace, person: SoughtPerson, units: int
) -> None:
    with officer(shop, "ana")() as context:
        erasing.ask_erasure(context, person, "His wish")
    with officer(shop)() as context:
        erasing.approve_erasure(context, 1)
    command = [sys.executable, "-c", KILLED, str(shop.root), str(units)]
    died = subprocess.run(command, check=False, capture_output=True, env={**os.environ})
    assert died.returncode == -signal.SIGKILL
    with officer(shop)() as context:
        assert erasing.show_erasure(context, 1).state is State.APPROVED

    done = erasing_steps.carry_out(officer(shop), 1)

    assert done.state is State.ERASED
    with officer(shop)() as context:
        assert people_scan.scan_for(context, [*TRACES]).is_clean


def test_files_of_the_operators_own_keep_a_request_open_until_they_are_gone(
    shop: Workspace, person: SoughtPerson
) -> None:
    own = shop.root / "feeds" / "notes.txt"
    own.write_text(f"ask {HIM}", encoding="utf-8")

    stopped = erased(shop, person)

    assert (stopped.state, [trace["path"] for trace in stopped.traces]) == (State.APPROVED, ["feeds/notes.txt"])
    own.unlink()
    with officer(shop)() as context:
        erasing_steps.carry_on(context, stopped.erasure_id)
    assert erasing_steps.carry_out(officer(shop), stopped.erasure_id).state is State.ERASED


def test_the_certificate_names_the_number_and_nobody(aftermath: Aftermath) -> None:
    steps, told = aftermath.done.steps, json.dumps(erasing.certificate_of(aftermath.done), default=str)

    assert (steps["counted"]["facts"], steps["counted"]["sealed"]) == ({"orders.customer_id": 2}, 4)
    assert (steps["facts"]["quarantined"], steps["scanned"]["is_clean"]) == (1, True)
    assert '"request": 1' in told
    assert not [trace for trace in TRACES if trace in told]
