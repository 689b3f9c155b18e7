"""Exemptions in a browser, by command and over HTTP: declared, listed by the city's clock, ended, refused."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.capabilities.liability.service.exemption_listing import Held, list_exemptions
from tiffin.cli.entry import main
from tiffin.kernel.contract import TableContract
from tiffin.kernel.facts.cities import CITIES
from tiffin.kernel.facts.zones import ZONES
from tiffin.runtime.actor import Actor, Grant, Role
from tiffin.runtime.edge import open_context, open_unit
from tiffin.runtime.models import AuditEntry
from tiffin.runtime.warehouse.columns import arrow_schema
from tiffin.runtime.warehouse.opening import open_store
from tiffin.runtime.workspace import Workspace

NOW = datetime(2026, 1, 20, 9, tzinfo=UTC)
TYPED = {
    "city": "doha", "circumstance": "road_closed", "scope": "zone", "scope_id": "west-bay",
    "starts": "2026-01-20T10:00", "ends": "2099-01-01T00:00", "reference": "report 4",
}  # fmt: skip


def put(workspace: Workspace, contract: TableContract, **row: Any) -> None:
    table = pa.Table.from_pylist([row | {"city_id": "doha", "source": "t"}], schema=arrow_schema(contract))
    open_store(workspace).upsert(contract, table.to_reader(), now=NOW, source="test")


@pytest.fixture
def workspace(workspace: Workspace) -> Workspace:
    put(workspace, CITIES, name="Doha", country="QA", timezone="Asia/Qatar")
    put(workspace, ZONES, zone_id="west-bay", name="West Bay")
    return workspace


@pytest.fixture
def browser(workspace: Workspace) -> TestClient:
    client = TestClient(create_app(workspace.root), follow_redirects=False)
    with open_context(workspace.root) as context:
        token = access.make_sign_in_link(context, context.actor.name)
    client.get(f"/sign-in/{token}")
    return client


def test_one_that_would_hold_too_long_is_refused_and_what_was_typed_stays(browser: TestClient) -> None:
    refused = browser.post("/liability/exemptions", data=TYPED)
    nowhere = browser.post("/liability/exemptions", data=TYPED | {"ends": "2026-01-20T12:00", "scope_id": "nowhere"})
    no_time = browser.post("/liability/exemptions", data=TYPED | {"ends": "tonight"})

    assert [one.status_code for one in (refused, nowhere, no_time)] == [422, 422, 422]
    assert "at most 72 hours later" in refused.text
    assert 'value="report 4"' in refused.text
    assert "no zone or merchant" in nowhere.text
    assert "2026-02-20T18:30" in no_time.text
    assert "No exemption here" in browser.get("/liability/exemptions").text


def test_one_is_declared_by_the_citys_clock_told_in_arabic_and_over_in_time(
    browser: TestClient, workspace: Workspace
) -> None:
    declared = browser.post("/liability/exemptions", data=TYPED | {"ends": "2026-01-22T10:00"})
    with open_context(workspace.root) as context:
        (found,) = list_exemptions(context, held=Held.OVER)
    browser.get("/preferences?lang=ar")
    shown = browser.get("/liability/exemptions?held=over").text
    ended = browser.post(f"/liability/exemptions/{found.exemption_id}/end")

    assert declared.status_code == 303
    assert (found.starts_at, found.city, found.scope_id) == (datetime(2026, 1, 20, 7, tzinfo=UTC), "Doha", "west-bay")
    assert "استثناء واحد" in shown
    assert "west-bay" in shown
    assert ended.status_code == 409


def test_another_citys_manager_sees_nothing_of_it(browser: TestClient, workspace: Workspace) -> None:
    browser.post("/liability/exemptions", data=TYPED | {"ends": "2026-01-20T12:00"})
    stranger = Actor("mona", (Grant(Role.CITY_MANAGER, (), ("riyadh",)),))
    with open_unit(workspace, lambda _: stranger, now=NOW) as context:
        assert list_exemptions(context) == ()


def test_a_command_and_another_system_declare_list_and_end(
    browser: TestClient, workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    def told(*words: str) -> Any:
        main(["liability", "exemptions", *words, "--workspace", str(workspace.root), "--json"])
        return json.loads(capsys.readouterr().out)

    now = datetime.now(UTC)
    times = {"starts_at": now - timedelta(hours=1), "ends_at": now + timedelta(hours=2)}
    body = {"city_id": "doha", "circumstance": "surge", "reference": "command 5"}
    other = browser.post(
        "/api/liability/exemptions", json=body | {name: at.isoformat() for name, at in times.items()}
    ).json()
    span = ("--from", times["starts_at"].isoformat(), "--until", times["ends_at"].isoformat())
    own = told("declare", "doha", "weather", *span, "--reference", "warning 17")

    assert (other, own) == ({"exemption_id": 1}, {"exemption_id": 2})
    assert [one["circumstance"] for one in told("list", "--city", "doha", "--held", "now")["exemptions"]] == [
        "weather",
        "surge",
    ]
    assert told("end", "2") == own
    assert browser.post("/api/liability/exemptions/1/end").status_code == 200
    assert browser.get("/api/liability/exemptions?held=now").json() == {"exemptions": []}
    with open_context(workspace.root) as context:
        actions = context.session.scalars(select(AuditEntry.action)).all()
    assert (actions.count("exemption_declared"), actions.count("exemption_ended")) == (2, 2)
