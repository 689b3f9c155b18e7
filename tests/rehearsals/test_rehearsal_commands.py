"""The commands of rehearsals: compared, kept, listed, exported, and whole after a killed run."""

import csv
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from tiffin.capabilities.rehearsals.cli import register
from tiffin.capabilities.rehearsals.domain.rehearsal import STALE_AFTER, Standing
from tiffin.capabilities.rehearsals.service import runs
from tiffin.capabilities.rehearsals.service.run_views import find_rehearsal
from tiffin.kernel.errors import InvalidData, NotFound, WrongUse
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import Workspace

DAY = "kuwait-city/2026-02-24"


def run(*arguments: str) -> Any:
    app = typer.Typer()
    register(app)
    result = CliRunner().invoke(app, arguments)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture
def workspace(tmp_path: Path, new_workspace: Callable[[Path], Workspace]) -> Workspace:
    return new_workspace(tmp_path / "workspace")


def test_two_policies_are_compared_on_the_same_days() -> None:
    payload = json.loads(
        run("simulate", DAY, "--compare", "nearest", "bundling", "--replications", "3", "--json").stdout
    )
    alike = json.loads(run("simulate", DAY, "--compare", "nearest", "bundling", "--replications", "3", "--json").stdout)

    assert payload["is_simulated"] is True
    assert payload["figures"] == alike["figures"]
    assert set(payload["figures"]["arms"]) == {"a", "b"}
    difference = payload["figures"]["differences"]["click_to_door_min"]
    assert difference["low"] <= difference["mean"] <= difference["high"]
    assert payload["receipt"]["arms"][1] == {"key": "b", "policy": "bundling", "roster": "own"}
    assert payload["rehearsal"] is None


def test_a_table_for_people_says_that_nothing_happened() -> None:
    told = run("simulate", DAY, "--riders", "-10%", "--replications", "2").stdout

    assert "Simulated: nothing here really happened." in told
    assert "own -10% roster" in told


def test_a_planner_s_roster_rides_instead_of_the_city_s_own(tmp_path: Path) -> None:
    file = tmp_path / "few.csv"
    file.write_text("zone,on,off\n" + "Sharq,10:00,02:00\n" * 5)
    payload = json.loads(run("simulate", DAY, "--roster", str(file), "--replications", "1", "--json").stdout)
    own, few = (payload["figures"]["arms"][key] for key in ("a", "b"))

    assert payload["receipt"]["arms"][1]["roster"] == "few.csv"
    assert few["delivered_share"]["mean"] < 0.5 < own["delivered_share"]["mean"]


@pytest.mark.parametrize(
    ("options", "refusal", "complaint"),
    [
        (("--riders", "many"), WrongUse, "such as"),
        (("--riders", "+10%", "--roster", "x.csv"), WrongUse, "not both"),
        (("--roster", "nowhere.csv"), NotFound, "no such file"),
        (("--compare", "nearest", "nearest"), WrongUse, "two different ones"),
        (("--policy", "farthest"), NotFound, "There are: nearest"),
        (("--replications", "0"), WrongUse, "Between 1 and"),
        (("--out", "x"), WrongUse, "Solution files"),
    ],
)
def test_what_cannot_be_rehearsed_is_said_in_one_paragraph(
    options: tuple[str, ...], refusal: type[Exception], complaint: str
) -> None:
    with pytest.raises(refusal, match=complaint) as told:
        run("simulate", DAY, *options)

    assert "\n" not in str(told.value)


def test_a_kept_rehearsal_is_listed_shown_exported_and_deleted(workspace: Workspace, tmp_path: Path) -> None:
    here = ("--workspace", str(workspace.root))
    saved = run("simulate", DAY, "--riders", "+10%", "--replications", "2", "--save", "--json", *here)
    listed = json.loads(run("rehearsals", "list", "--json", *here).stdout)["rehearsals"]
    shown = run("rehearsals", "show", "1", *here).stdout
    files = {kind: tmp_path / f"days.{kind}" for kind in ("csv", "json")}
    for file in files.values():
        run("rehearsals", "export", "1", "--out", str(file), *here)
    rows = list(csv.DictReader(files["csv"].read_text().splitlines()))
    document = json.loads(files["json"].read_text())

    assert json.loads(saved.stdout)["rehearsal"] == 1
    assert [(one["rehearsal"], one["standing"]) for one in listed] == [(1, "done")]
    assert "own +10% roster" in shown
    assert {(row["variant"], row["replication"]) for row in rows} == {(v, r) for v in "ab" for r in "12"}
    assert {row["source"] for row in rows} == {f"simulated:{DAY}"}
    assert document["is_simulated"] is True
    assert document["figures"] == json.loads(saved.stdout)["figures"]
    assert len(document["days"]) == 4
    with pytest.raises(WrongUse, match=r"\.csv or \.json"):
        run("rehearsals", "export", "1", "--out", "days.txt", *here)
    assert json.loads(run("rehearsals", "delete", "1", "--json", *here).stdout)["deleted"] == 1
    assert "No rehearsal is kept yet" in run("rehearsals", "list", *here).stdout
    with pytest.raises(NotFound, match="no rehearsal 1"):
        run("rehearsals", "show", "1", *here)


def test_a_roster_of_another_city_is_refused_before_anything_runs(tmp_path: Path) -> None:
    file = tmp_path / "doha.csv"
    file.write_text("zone,on,off\nMsheireb,10:00,12:00\n")

    with pytest.raises(InvalidData, match=r"doha.csv, line 2: 'Msheireb' is no zone"):
        run("simulate", DAY, "--roster", str(file))


def test_a_killed_run_is_told_as_interrupted_keeps_nothing_and_runs_again(workspace: Workspace) -> None:
    here = ("--workspace", str(workspace.root))
    command = [sys.executable, "-m", "tiffin.cli", "simulate", DAY, "--policy", "nearest", "--save", *here]
    with subprocess.Popen([*command, "--replications", "60"], stderr=subprocess.DEVNULL) as running:
        state = until_it_runs(workspace, running)
        running.send_signal(signal.SIGKILL)
    assert state is Standing.RUNNING
    with open_context(workspace.root, now=datetime.now(UTC) + STALE_AFTER + timedelta(seconds=1)) as context:
        killed = find_rehearsal(context, 1)
    with open_context(workspace.root) as context:  # as one may do who does not wait: cancelled, it can run at once
        runs.cancel(context, 1)
    shown = json.loads(run("rehearsals", "run", "1", "--json", *here).stdout)

    assert (killed.standing, killed.figures) == (Standing.INTERRUPTED, None)
    assert (shown["standing"], shown["done"]) == ("done", 60)


def until_it_runs(workspace: Workspace, running: "subprocess.Popen[bytes]") -> Standing | None:
    for _ in range(600):
        time.sleep(0.05)
        with open_context(workspace.root) as context:
            try:
                found = find_rehearsal(context, 1)
            except NotFound:
                found = None
        if found is not None and found.standing is Standing.RUNNING:
            return found.standing
        if running.poll() is not None:
            return found.standing if found else None
    return None
