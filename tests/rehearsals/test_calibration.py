"""The calibration report says what the files say, and the shipped one is what the command makes."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import typer
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.capabilities.rehearsals.cli import register
from tiffin.capabilities.rehearsals.domain.calibration_markets import SETUPS
from tiffin.capabilities.rehearsals.domain.calibration_report import Entry, settled, summed_up
from tiffin.capabilities.rehearsals.domain.calibration_targets import TARGETS
from tiffin.capabilities.rehearsals.service.calibration import SHIPPED, calibrate, find_report, keep_report
from tiffin.capabilities.rehearsals.service.calibration_files import SOURCES, read_source
from tiffin.capabilities.rehearsals.service.calibration_words import MEASURES, READ, REASONS
from tiffin.engines.simulation.calibrating.readings import Reading
from tiffin.kernel.errors import Forbidden, NotFound, WrongUse
from tiffin.runtime.actor import Actor
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import create_workspace
from tiffin.web.edge import LOCALE_COOKIE

ON = date(2026, 11, 23)


@pytest.fixture(scope="module")
def shipped() -> Entry:
    """The report that ships."""
    found: Entry = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return found


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace without facts."""
    return create_workspace(tmp_path / "workspace").root


def entry_of(report: Entry, key: str) -> Entry:
    """Find a quantity."""
    return next(one for one in report["quantities"] if one["key"] == key)


def test_every_target_has_words_and_stands_in_the_report(shipped: Entry) -> None:
    assert {one["key"] for one in shipped["quantities"]} == {target.key for target in TARGETS}
    assert [one["source"] for one in shipped["sources"]] == list(SOURCES)
    for target in TARGETS:
        assert target.measure in MEASURES
        assert target.key in READ if target.simulated else target.reason in REASONS


@pytest.mark.parametrize("source", ["wolt_2020", "bolt_hourly", "instacart_issues", "parl_redelivery"])
def test_the_shipped_report_says_what_the_files_say(real_data: Path, shipped: Entry, source: str) -> None:
    read = read_source(source, real_data)
    told = next(one for one in shipped["sources"] if one["source"] == source)

    assert [(one.name, one.sha256, one.rows) for one in read.files] == [
        (one["name"], one["sha256"], one["rows"]) for one in told["files"]
    ]
    for target in (one for one in TARGETS if one.source == source and one.real):
        again, known = summed_up(target.kind, target.real(read)), entry_of(shipped, target.key)["real"]
        assert again.keys() == known.keys()
        for name, value in again.items():
            assert value == pytest.approx(known[name], rel=1e-4)


def test_the_shipped_report_is_what_the_command_makes(real_data: Path, shipped: Entry) -> None:
    again = calibrate(real_data, on=ON, sources=("uber_requests",))

    for name in ("value", "given"):
        ours, theirs = (
            {one["parameter"]: one[name] for one in report["parameters"] if one["source"] == "uber_requests"}
            for report in (again, shipped)
        )
        assert ours == pytest.approx(theirs, rel=0.15)
    for entry in again["quantities"]:
        known = entry_of(shipped, entry["key"])
        assert entry["real"] == known["real"]
        assert entry["calibrated"]["distance"]["moved"] == pytest.approx(
            known["calibrated"]["distance"]["moved"], abs=0.05
        )


def test_parameters_without_a_file_are_called_assumptions(shipped: Entry) -> None:
    assumed = {one["parameter"] for one in shipped["assumptions"]}

    assert {"regret_share", "kitchen_slowdown", "patience_median_s"} <= assumed
    assert not assumed & {"speed_m_min", "pickup_service_s", "discount_share"}


def test_what_a_file_settles_is_told_with_its_interval() -> None:
    entry = settled("somewhere", {"items_mean": Reading(2.6, 2.5, 2.7)}, None, {"items_mean": 2.7})[0]

    assert (entry["value"], entry["low"], entry["high"], entry["given"]) == (2.6, 2.5, 2.7, 2.7)
    assert (entry["how"], entry["at_bound"]) == ("read", False)


def test_an_unknown_source_and_a_missing_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="no source 'helsinki'"):
        calibrate(tmp_path, on=ON, sources=("helsinki",))
    with pytest.raises(NotFound, match="wolt_2020"):
        calibrate(tmp_path, on=ON, sources=("wolt_2020",))
    assert set(SETUPS) < set(SOURCES)


def test_a_workspace_keeps_its_own_report_and_says_who_kept_it(workspace: Path, shipped: Entry) -> None:
    with open_context(workspace) as context:
        assert find_report(context)["seed"] == shipped["seed"]
        keep_report(context, {**shipped, "seed": 5})
    with open_context(workspace) as context:
        assert find_report(context)["seed"] == 5


def test_nobody_without_a_grant_sees_or_keeps_a_report(workspace: Path, shipped: Entry) -> None:
    with open_context(workspace) as context:
        stranger = Context(
            context.workspace,
            context.unit,
            context.warehouse,
            Actor(name="stranger"),
            datetime(2026, 3, 1, tzinfo=UTC),
            locale="en",
        )
        with pytest.raises(Forbidden):
            find_report(stranger)
        with pytest.raises(Forbidden):
            keep_report(stranger, shipped)


def test_the_command_shows_the_report_as_a_table_and_as_json(workspace: Path, shipped: Entry) -> None:
    command = ["rehearsals", "calibration", "--workspace", str(workspace)]
    told, as_json = (invoked([*command, *more]) for more in ([], ["--json"]))

    assert "wolt_2020.click_to_door_min" in told
    assert "nothing here really happened" in told
    assert json.loads(as_json)["quantities"] == shipped["quantities"]


def test_the_page_shows_both_sides_of_every_source(workspace: Path, shipped: Entry) -> None:
    browser = signed_in(workspace)
    for source, locale in (("wolt_2020", "ar"), ("instacart_issues", "en"), ("uci_online_retail", "pt_BR")):
        browser.cookies.set(LOCALE_COOKIE, locale)
        shown = browser.get("/rehearsals/calibration", params={"source": source})
        comparable = [one for one in shipped["quantities"] if one["source"] == source and "calibrated" in one]

        assert shown.status_code == 200
        assert shown.text.count('<section id="') == len(comparable)
        assert shown.text.count("<figure") == sum(one["kind"] in {"distribution", "profile"} for one in comparable)
        assert shown.text.count("prep_rush_capacity_min") == 1
    assert browser.get("/rehearsals/calibration.json").json()["quantities"] == shipped["quantities"]


def signed_in(workspace: Path) -> TestClient:
    """Open a browser in which the owner is signed in."""
    browser = TestClient(create_app(workspace))
    with open_context(workspace) as context:
        token = access.make_sign_in_link(context, context.actor.name)
    browser.post(f"/sign-in/{token}")
    browser.get(f"/sign-in/{token}")
    return browser


def invoked(arguments: list[str]) -> str:
    """Run a command and give what it printed."""
    app = typer.Typer()
    register(app)
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout
