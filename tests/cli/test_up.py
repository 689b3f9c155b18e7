"""The main job: done once, not done twice, and served to whoever holds the link."""

import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tiffin.capabilities.access import service as access
from tiffin.capabilities.facts import service as facts
from tiffin.cli.notes import Notes, read_notes
from tiffin.cli.serving import open_port, sign_in_link
from tiffin.kernel.errors import Unavailable
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.edge import open_context
from tiffin.runtime.warehouse.columns import arrow_schema
from tiffin.runtime.workspace import open_workspace

Tiffin = Callable[..., Any]


@pytest.fixture
def loaded(tiffin: Tiffin, tmp_path: Path) -> Path:
    """Make a workspace with the example's orders."""
    tiffin("init", tmp_path / "w")
    with open_context(tmp_path / "w") as context:
        facts.load(context, "example-orders", [tmp_path / "w" / "feeds" / "example-orders.csv"])
    return tmp_path / "w"


@pytest.fixture
def simulated(loaded: Path) -> Path:
    """Say that the example's city is a simulated one."""
    with open_context(loaded) as context:
        (city,) = context.warehouse.query_text("SELECT * FROM cities").to_pylist()
        schema = arrow_schema(TABLES["cities"])
        rows = pa.Table.from_pylist([city | {"is_simulated": True}], schema=schema)
        facts.write_facts(context, "cities", rows.to_reader(), "simulated:demo")
    return loaded


def audited(root: Path) -> tuple[access.AuditView, ...]:
    with open_context(root) as context:
        return access.list_audit(context)


def times(report: dict[str, Any]) -> list[int]:
    return [Path(path).stat().st_mtime_ns for path in report["daybooks"]]


def test_the_main_job_on_somebodys_facts_writes_each_citys_last_day(tiffin: Tiffin, loaded: Path) -> None:
    report = tiffin("up", "--once", "--json", "--workspace", loaded).json()

    assert list(report) == ["workspace", "cities", "orders", "daybooks", "seconds"]
    assert (report["workspace"], report["cities"], report["orders"]) == (str(loaded), 1, 5)
    (daybook,) = report["daybooks"]
    assert daybook.endswith("example/2026-03-02.html")
    assert "<html" in Path(daybook).read_text(encoding="utf-8")


def test_a_second_run_writes_no_day_book_anew_and_a_change_of_facts_does(tiffin: Tiffin, loaded: Path) -> None:
    first = tiffin("up", "--once", "--json", "--workspace", loaded).json()
    written = times(first)
    second = tiffin("up", "--once", "--json", "--workspace", loaded).json()
    assert second["daybooks"] == first["daybooks"]
    assert times(second) == written

    rows = (loaded / "feeds" / "example-orders.csv").read_text().replace("48,50", "50,00")
    (loaded / "restated.csv").write_text(rows)
    with open_context(loaded) as context:
        facts.load(context, "example-orders", [loaded / "restated.csv"])
    third = tiffin("up", "--once", "--json", "--workspace", loaded).json()

    assert third["daybooks"] == first["daybooks"]
    assert times(third) != written


def test_a_day_book_that_was_removed_is_written_again(tiffin: Tiffin, loaded: Path) -> None:
    (daybook,) = tiffin("up", "--once", "--json", "--workspace", loaded).json()["daybooks"]
    Path(daybook).unlink()

    tiffin("up", "--once", "--workspace", loaded)

    assert Path(daybook).is_file()


def test_a_workspace_is_made_where_there_is_none(tiffin: Tiffin, tmp_path: Path) -> None:
    ended = tiffin("up", "--once", "--no-demo", "--workspace", tmp_path / "new")

    assert ended.code == 0
    assert "Made a workspace" in ended.err
    assert "0 cities, 0 orders" in ended.out
    assert open_workspace(tmp_path / "new").wants_demo


def test_a_workspace_of_ones_own_is_not_filled_with_simulated_facts(tiffin: Tiffin, tmp_path: Path) -> None:
    tiffin("init", tmp_path / "own")

    ended = tiffin("up", "--once", "--workspace", tmp_path / "own")

    assert ended.code == 0
    assert "tiffin load" in ended.err
    assert "0 orders" in ended.out


def test_days_of_simulated_facts_are_settled_once(tiffin: Tiffin, simulated: Path) -> None:
    first = tiffin("up", "--once", "--workspace", simulated)
    (settled,) = (one for one in audited(simulated) if one.action == "days_settled")
    second = tiffin("up", "--once", "--workspace", simulated)

    assert "Settling the last days" in first.err
    assert settled.details["days"] > 0
    assert "Settling" not in second.err


def test_days_of_ones_own_facts_are_settled_by_nobody_else(tiffin: Tiffin, loaded: Path) -> None:
    ended = tiffin("up", "--once", "--workspace", loaded)

    assert "Settling" not in ended.err
    assert "days_settled" not in {one.action for one in audited(loaded)}


def test_a_metric_that_contradicts_its_example_is_told_and_fails_the_check(tiffin: Tiffin, loaded: Path) -> None:
    own = loaded / "metrics" / "example.yaml"
    own.write_text(own.read_text(encoding="utf-8").replace("gives: 1", "gives: 2"), encoding="utf-8")

    ended = tiffin("up", "--once", "--workspace", loaded)

    assert ended.code == 1
    assert "scheduled_orders" in ended.err
    assert "Day-book" in ended.out


def test_the_main_job_brings_an_older_database_up_to_date(tiffin: Tiffin, loaded: Path) -> None:
    (loaded / ".tiffin" / "tiffin.db").unlink()

    assert tiffin("up", "--once", "--workspace", loaded).code == 0


@pytest.mark.parametrize("content", ["", "[]", '{"facts": 1}', "{broken"])
def test_notes_that_cannot_be_read_are_no_notes(loaded: Path, content: str) -> None:
    workspace = open_workspace(loaded)
    (workspace.state / "up.json").write_text(content)

    assert read_notes(workspace) == Notes()


@pytest.mark.full
def test_the_demo_marketplace_is_loaded_once(tiffin: Tiffin, tmp_path: Path) -> None:
    first = tiffin("up", "--once", "--json", "--workspace", tmp_path / "demo").json()
    second = tiffin("up", "--once", "--json", "--workspace", tmp_path / "demo").json()

    assert (first["cities"], second["cities"]) == (6, 6)
    assert first["orders"] == second["orders"] > 100_000
    assert len(first["daybooks"]) == 6
    assert second["seconds"] < 30


@pytest.mark.full
def test_a_demo_that_was_killed_half_way_is_completed_by_the_next_run(tiffin: Tiffin, tmp_path: Path) -> None:
    root = tmp_path / "demo"
    command = [sys.executable, "-m", "tiffin.cli", "up", "--once", "--workspace", str(root)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    while not (root / ".tiffin" / "tables" / "orders" / "_delta_log").is_dir():
        assert process.poll() is None
        time.sleep(0.05)
    process.kill()
    process.wait()

    report = tiffin("up", "--once", "--json", "--workspace", root).json()

    assert (report["cities"], len(report["daybooks"])) == (6, 6)
    assert report["orders"] > 100_000
    with open_context(root) as context:
        assert context.warehouse.query_text("select count(*) as n from disruptions").column("n")[0].as_py() >= 12


def test_small_answers_are_sent_at_once() -> None:
    """A server takes Nagle's waiting off only from sockets that say that they are TCP."""
    with open_port(0) as listening:
        assert listening.proto == socket.IPPROTO_TCP


def test_a_port_that_is_taken_stops_the_job_before_any_work(tiffin: Tiffin, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        ended = tiffin("up", "--workspace", tmp_path / "w", "--port", port)
        with pytest.raises(Unavailable, match=str(port)):
            open_port(port)

    assert ended.code == 7
    assert "--port" in ended.err
    assert not (tmp_path / "w").exists()


@pytest.fixture
def served(loaded: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Serve the console as the shell would; give the process and the link that it printed."""
    command = [sys.executable, "-m", "tiffin.cli", "serve", "--port", "0", "--workspace", str(loaded)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    printed = process.stderr.readline() + process.stderr.readline()
    found = re.search(r"http://127\.0\.0\.1:\d+/sign-in/\S+", printed)
    assert found, printed
    yield process, found.group()
    process.kill()
    process.wait()


def test_the_printed_link_opens_the_console_and_ctrl_c_ends_it(served: tuple[subprocess.Popen[str], str]) -> None:
    process, link = served
    address = link.partition("/sign-in/")[0]
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    with browser.open(f"{address}/healthz", timeout=60) as health:
        assert health.status == 200
    with browser.open(link, timeout=60) as home:
        assert home.url == f"{address}/"
        assert "Example" in home.read().decode()
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.build_opener().open(link, timeout=20)

    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "Stopped" in err
    assert "Traceback" not in err


def test_the_link_is_for_whoever_asked(loaded: Path) -> None:
    with open_context(loaded) as context:
        access.add_account(context, "nora")

    link = sign_in_link(open_workspace(loaded), "http://127.0.0.1:1", "nora")

    with open_context(loaded) as context:
        access.follow_sign_in_link(context, link.rpartition("/")[2])
    with open_context(loaded) as context:
        (entry,) = access.list_audit(context, action="signed_in")
    assert entry.subject == "nora"
