"""The whole platform on PostgreSQL: the main job does there what it does on SQLite."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tiffin.cli import main


@pytest.mark.postgres
def test_the_main_job_runs_on_postgresql(
    postgres: Any, environment: Callable[..., None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    environment(TIFFIN_DATABASE_URL=postgres.new_database())
    root = tmp_path / "w"
    at = ("--workspace", str(root))

    assert main(["init", str(root)]) == 0
    assert main(["load", "example-orders", str(root / "feeds" / "example-orders.csv"), *at]) == 0
    assert main(["users", "add", "nora", *at]) == 0
    capsys.readouterr()
    assert main(["up", "--once", "--json", *at]) == 0
    report = json.loads(capsys.readouterr().out)
    assert main(["audit", "--json", *at]) == 0
    actions = {entry["action"] for entry in json.loads(capsys.readouterr().out)["entries"]}

    assert (report["cities"], report["orders"], len(report["daybooks"])) == (1, 5, 1)
    assert {"facts_loaded", "account_added"} <= actions
    assert not (root / ".tiffin" / "tiffin.db").exists()
