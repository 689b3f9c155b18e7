"""The log: events of things, never of persons."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tiffin.runtime import logging
from tiffin.runtime.edge import open_context
from tiffin.runtime.logging import WITHHELD, configure_logging, log, warn
from tiffin.runtime.workspace import Workspace


def lines(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for path in sorted(folder.glob("*.jsonl")) for line in path.read_text().splitlines()]


def test_an_event_is_one_line_with_its_time_and_values(tmp_path: Path) -> None:
    configure_logging(tmp_path, level="info")

    log("facts_loaded", table="orders", rows=3)
    warn("disk_filled", share=0.97)

    loaded, filled = lines(tmp_path)
    assert (loaded["event"], loaded["table"], loaded["rows"], loaded["level"]) == ("facts_loaded", "orders", 3, "info")
    assert (filled["event"], filled["level"]) == ("disk_filled", "warning")
    assert datetime.fromisoformat(str(loaded["at"])).tzinfo is not None


def test_personal_values_are_withheld_whoever_passes_them(tmp_path: Path) -> None:
    configure_logging(tmp_path, level="info")

    log("session_started", actor="nora", email="nora@example.com", token="t", city_id="riyadh")  # noqa: S106 - no secret

    (entry,) = lines(tmp_path)
    assert entry["actor"] == entry["email"] == entry["token"] == WITHHELD
    assert entry["city_id"] == "riyadh"


def test_events_below_the_level_are_left_out(tmp_path: Path) -> None:
    configure_logging(tmp_path, level="warning")

    log("facts_loaded")
    warn("disk_filled")

    assert [entry["event"] for entry in lines(tmp_path)] == ["disk_filled"]


def test_files_past_their_time_are_removed(tmp_path: Path) -> None:
    (tmp_path / "2020-01-01.jsonl").write_text("{}\n")
    today = tmp_path / f"{datetime.now(UTC):%Y-%m-%d}.jsonl"
    configure_logging(tmp_path, level="info")

    log("facts_loaded")

    assert [path.name for path in tmp_path.iterdir()] == [today.name]


def test_events_of_a_workspace_lie_in_its_own_folder(plain_workspace: Workspace) -> None:
    with open_context(plain_workspace.root):
        log("facts_loaded")

    assert [entry["event"] for entry in lines(plain_workspace.state / "logs")] == ["facts_loaded"]


def test_without_a_workspace_events_go_nowhere(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(logging, "_destination", logging._Destination())

    log("facts_loaded")

    assert capsys.readouterr() == ("", "")
