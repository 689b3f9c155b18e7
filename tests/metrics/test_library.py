"""A library taken from the shelf, or checked anew in part, is the one that a whole reading gives."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tiffin.capabilities.metrics.service import library as reading
from tiffin.capabilities.metrics.service.gathering import Files, gathered
from tiffin.capabilities.metrics.service.library import Library, known_tables, notice, unchecked_library
from tiffin.engines.metrics.compiling.compiler import compile_request
from tiffin.engines.metrics.request import MetricRequest
from tiffin.kernel.contract import LOCALES
from tiffin.kernel.time import Days
from tiffin.runtime.definitions import yaml_text
from tiffin.runtime.workspace import Workspace, create_workspace


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    made = create_workspace(tmp_path / "workspace")
    made.overlay("metrics").mkdir(exist_ok=True)
    yield made
    reading._SEEN.pop(str(made.overlay("metrics")), None)


def test_an_edit_changes_the_metric_and_all_made_of_it(workspace: Workspace) -> None:
    write(workspace, "a", a={"where": "status = 'delivered'"})
    write(workspace, "b", b=ratio("a", "orders"), c=ratio("b", "a"))
    unchecked_library(workspace)

    write(workspace, "a", a={"where": "status = 'cancelled'"})

    assert all("'cancelled'" in sql_of(unchecked_library(workspace), name) for name in ("a", "b", "c"))
    assert_as_if_read_whole(workspace)


def test_what_an_edit_breaks_is_told_and_the_rest_stands(workspace: Workspace) -> None:
    write(workspace, "a", a={})
    write(workspace, "b", b=ratio("a", "orders"))
    unchecked_library(workspace)

    write(workspace, "a", a={"where": "no_such_column = 1"})

    found = unchecked_library(workspace)
    assert {"a", "b"}.isdisjoint(found.model.metrics)
    assert "orders" in found.model.metrics
    assert any("no_such_column" in str(problem) for problem in found.problems)
    assert_as_if_read_whole(workspace)


def test_what_was_broken_is_sound_again_when_what_it_needs_is_there(workspace: Workspace) -> None:
    write(workspace, "b", b=ratio("a", "orders"))
    assert "b" not in unchecked_library(workspace).model.metrics

    write(workspace, "a", a={})

    assert "b" in unchecked_library(workspace).model.metrics
    assert_as_if_read_whole(workspace)


def test_a_file_taken_away_gives_the_shipped_definition_back(workspace: Workspace) -> None:
    write(workspace, "orders", orders={"where": "status = 'returned'"})
    assert "returned" in sql_of(unchecked_library(workspace), "orders")

    (workspace.overlay("metrics") / "orders.yaml").unlink()

    assert "returned" not in sql_of(unchecked_library(workspace), "orders")
    assert_as_if_read_whole(workspace)


def test_a_name_defined_in_two_files_is_told_whichever_comes_later(workspace: Workspace) -> None:
    write(workspace, "a", a={})
    unchecked_library(workspace)

    write(workspace, "z", a={"where": "status = 'delivered'"})

    assert any("defined twice" in str(problem) for problem in unchecked_library(workspace).problems)
    assert_as_if_read_whole(workspace)


def test_the_shelf_gives_the_same_library_to_a_new_process(workspace: Workspace) -> None:
    write(workspace, "a", a={"where": "status = 'delivered'"})
    first = unchecked_library(workspace)
    wait_for_shelf()
    reading._SEEN.clear()

    again = unchecked_library(workspace)

    assert again.model.metrics["a"] == first.model.metrics["a"]
    assert sql_of(again, "a") == sql_of(first, "a")
    assert_as_if_read_whole(workspace)


def test_an_edit_made_while_no_process_looked_is_seen(workspace: Workspace) -> None:
    write(workspace, "a", a={})
    unchecked_library(workspace)
    wait_for_shelf()
    reading._SEEN.clear()

    write(workspace, "a", a={"where": "status = 'returned'"})

    assert "returned" in sql_of(unchecked_library(workspace), "a")


@pytest.mark.parametrize("spoiled", [b"", b"\x00" * 200, b"\xff" * 64])
def test_a_spoiled_shelf_is_as_good_as_none(workspace: Workspace, tmp_path: Path, spoiled: bytes) -> None:
    write(workspace, "a", a={})
    unchecked_library(workspace)
    wait_for_shelf()
    for path in (tmp_path / "cache").rglob("*.records"):
        path.write_bytes(spoiled)
    reading._SEEN.clear()

    assert "a" in unchecked_library(workspace).model.metrics


def test_a_shelf_that_others_can_write_is_not_read(workspace: Workspace, tmp_path: Path) -> None:
    write(workspace, "a", a={})
    unchecked_library(workspace)
    wait_for_shelf()
    (tmp_path / "cache" / "tiffin" / "definitions").chmod(0o777)
    reading._SEEN.clear()

    assert reading.take(str(workspace.overlay("metrics"))) is None
    assert "a" in unchecked_library(workspace).model.metrics


def test_a_large_folder_is_looked_at_now_and_then_and_at_once_where_told(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_FEW", 0)
    monkeypatch.setattr(reading, "_LATE_S", 3600.0)
    write(workspace, "a", a={})
    unchecked_library(workspace)
    path = write(workspace, "a", a={"where": "status = 'returned'"})
    assert "returned" not in sql_of(unchecked_library(workspace), "a")

    notice(workspace, path)

    assert "returned" in sql_of(unchecked_library(workspace), "a")


def write(workspace: Workspace, file: str, **metrics: dict[str, Any]) -> Path:
    words = dict.fromkeys(LOCALES, "words")
    common: dict[str, Any] = {"label": words, "meaning": words, "unit": "orders", "direction": "up", "version": 1}
    common |= {"level": "operations", "owner": "test", "tier": "draft", "since": date(2026, 1, 1)}
    common |= {"example": {"rows": {"orders": [{"status": "delivered"}]}, "gives": 1}}
    plain = {"kind": "simple", "source": "orders", "aggregate": "count"}
    entries = {name: {**common, **(own if "kind" in own else {**plain, **own})} for name, own in metrics.items()}
    path = workspace.overlay("metrics") / f"{file}.yaml"
    path.write_text(yaml_text({"metrics": entries}))
    return path


def ratio(above: str, below: str) -> dict[str, Any]:
    return {"kind": "ratio", "numerator": above, "denominator": below, "unit": "ratio"}


DAYS = Days(date(2026, 1, 1), date(2026, 1, 31))


def sql_of(library: Library, name: str) -> str:
    return compile_request(MetricRequest((name,), days=DAYS), library.fragments["duckdb"]).sql


def assert_as_if_read_whole(workspace: Workspace) -> None:
    """Hold a library against one that takes nothing over."""
    now = unchecked_library(workspace)
    whole = gathered(
        Files(reading._shipped_files(), reading._states(workspace.overlay("metrics"))), None, known_tables()
    )
    assert set(now.model.metrics) == set(whole.model.metrics) == set(now.model.resolved)
    assert {str(problem) for problem in now.problems} == {str(problem) for problem in whole.problems}
    fragments = reading.fragments_of(whole.model)["duckdb"]
    for name in whole.model.metrics:
        assert now.model.metrics[name] == whole.model.metrics[name]
        assert sql_of(now, name) == compile_request(MetricRequest((name,), days=DAYS), fragments).sql


def wait_for_shelf() -> None:
    import threading  # noqa: PLC0415 - only here

    for thread in threading.enumerate():
        if thread.name == "tiffin-shelf":
            thread.join()
