"""Loads that die, meet each other, or find no room: a table is its old version or its new one, never a third thing."""

import multiprocessing
import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Any

import pytest

from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.warehouse.duckdb_engine import DuckdbWarehouse
from tiffin.runtime.warehouse.staging import FOLDER
from tiffin.runtime.warehouse.store import DeltaStore

HERE = str(Path(__file__).parent)
sys.path.insert(0, HERE)  # so that processes of their own find the module below
import writing_processes  # noqa: E402 - only now can it be found

ROWS = 2000
PATIENCE_S = 60


@pytest.fixture(scope="module")
def processes() -> BaseContext:
    """Start processes from a server that has loaded everything, so that a test waits for loads and not for imports."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["writing_processes"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", HERE)  # the server itself does not take over sys.path
        first = context.Process(target=os.getpid)
        first.start()
    ended(first)
    return context


@pytest.fixture
def loaded(tmp_path: Path) -> DeltaStore:
    writing_processes.load(tmp_path / "tables", ROWS, 0)
    return DeltaStore(tmp_path / "tables")


def held(store: DeltaStore) -> tuple[int, int, int]:
    """Rows, and the least and the greatest basket value."""
    warehouse = DuckdbWarehouse(store, TABLES)
    row = warehouse.query_text("SELECT count(*) AS n, min(basket_minor) AS a, max(basket_minor) AS b FROM orders")
    n, least, greatest = row.to_pylist()[0].values()
    return n, least, greatest


def ended(process: Any) -> None:
    process.join(PATIENCE_S)
    if process.exitcode is None:
        process.kill()
        pytest.fail("the process hangs")


def moments_of_death(count: int, span: float) -> Iterator[float]:
    chance = random.Random(20260301)  # noqa: S311 - a test's dice
    for _ in range(count):
        yield chance.uniform(0, span)


@pytest.mark.parametrize("kills", [8, pytest.param(50, marks=pytest.mark.full)])
def test_a_load_that_is_killed_leaves_the_old_version_or_the_new_one(
    processes: BaseContext, loaded: DeltaStore, kills: int
) -> None:
    start = time.perf_counter()
    process = processes.Process(target=writing_processes.load, args=(loaded.root, ROWS, 1))
    process.start()
    ended(process)
    span = time.perf_counter() - start
    basket = 1
    for attempt, moment in enumerate(moments_of_death(kills, 1.1 * span), start=2):
        process = processes.Process(target=writing_processes.load, args=(loaded.root, ROWS, attempt))
        process.start()
        time.sleep(moment)
        assert process.pid
        with suppress(ProcessLookupError):  # it may have come to its end by itself
            os.kill(process.pid, signal.SIGKILL)
        ended(process)

        rows, least, greatest = held(loaded)
        assert rows == ROWS
        assert least == greatest
        assert least in {basket, attempt}
        basket = least

    writing_processes.load(loaded.root, ROWS, 1000)

    assert held(loaded) == (ROWS, 1000, 1000)
    assert not any((loaded.root / FOLDER).iterdir())


def test_two_loads_at_once_both_arrive(processes: BaseContext, loaded: DeltaStore) -> None:
    writers = [
        processes.Process(target=writing_processes.load_often, args=(loaded.root, 200, range(1, 6), prefix))
        for prefix in ("left", "right")
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        ended(writer)

    assert [writer.exitcode for writer in writers] == [0, 0]
    assert held(loaded)[0] == ROWS + 400
    assert held(loaded)[2] == 5


def test_two_loads_of_the_same_rows_leave_each_row_once(processes: BaseContext, tmp_path: Path) -> None:
    store = DeltaStore(tmp_path / "tables")
    writers = [
        processes.Process(target=writing_processes.load_often, args=(store.root, 300, range(first, first + 3), "order"))
        for first in (10, 20)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        ended(writer)

    rows, least, greatest = held(store)
    assert [writer.exitcode for writer in writers] == [0, 0]
    assert (rows, least) == (300, greatest)
    assert greatest in {12, 22}


def test_readers_see_whole_versions_while_a_load_writes(processes: BaseContext, loaded: DeltaStore) -> None:
    writer = processes.Process(target=writing_processes.load_often, args=(loaded.root, ROWS, range(1, 6), "order"))
    writer.start()
    seen = set()
    while writer.is_alive():
        rows, least, greatest = held(loaded)
        assert (rows, least) == (ROWS, greatest)
        seen.add(least)
    ended(writer)

    assert held(loaded) == (ROWS, 5, 5)
    assert seen


def test_a_full_disk_is_told_and_the_old_version_stands(
    processes: BaseContext, loaded: DeltaStore, tmp_path: Path
) -> None:
    told = tmp_path / "told"
    process = processes.Process(target=writing_processes.load_on_a_full_disk, args=(loaded.root, ROWS, 4096, told))
    process.start()
    ended(process)

    message = told.read_text()
    assert message.startswith("Unavailable: Rows could not be written")
    assert "\n" not in message
    assert held(loaded) == (ROWS, 0, 0)
    assert writing_processes.load(loaded.root, ROWS, 7).updated == ROWS
