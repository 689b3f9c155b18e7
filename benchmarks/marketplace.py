"""How fast a large demo marketplace is made: simulated, checked against its contracts, and brought into the tables.

Makes it in a fresh workspace, then writes the very same rows once more, barely, with pyarrow and with DuckDB, so that a
ratio tells how much of the time is the marketplace's own. Prints for each phase wall seconds and processor seconds of
all processes, the rows of each table, and how large the process was that led the others.

Run: ``nice .venv/bin/python benchmarks/marketplace.py [--cities 12] [--weeks 8] [--scale 1.33] [--processes 2]``
(about two million orders unless told otherwise). ``--keep`` leaves the workspace and prints its folder.
"""

import argparse
import os
import resource
import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import duckdb
from pyarrow import parquet

from tiffin.capabilities.rehearsals.domain.demo import ALL_CITIES, DEMO_DAYS, DemoReport, Marketplace
from tiffin.capabilities.rehearsals.service import load_marketplace
from tiffin.capabilities.rehearsals.service.marketplace import LANDING, SIMULATING
from tiffin.kernel.time import Days
from tiffin.runtime.edge import open_context
from tiffin.runtime.warehouse.opening import open_store
from tiffin.runtime.warehouse.staging import FAST
from tiffin.runtime.workspace import create_workspace, open_workspace

SECONDS_ASKED, ORDERS_ASKED = 60, 2_000_000
TICKS = os.sysconf("SC_CLK_TCK")


class Phases:
    """What the marketplace's progress says, in phases: a phase ends once a share of the work is done."""

    def __init__(self, ends: dict[str, float]) -> None:
        self._ends, self._done = list(ends.items()), 0.0
        self._started, self._used = time.perf_counter(), _processor()
        self.rows: list[tuple[str, float, float]] = []

    def advance(self, share: float) -> None:
        """Count a share of the work as done."""
        self._done += share
        while self._ends and self._done >= self._ends[0][1] - 1e-9:
            now, used = time.perf_counter(), _processor()
            self.rows.append((self._ends.pop(0)[0], now - self._started, used - self._used))
            self._started, self._used = now, used


def main() -> None:
    """Make the marketplace and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cities", type=int, default=len(ALL_CITIES))
    parser.add_argument("--weeks", type=int, default=8)
    parser.add_argument("--scale", type=float, default=1.33)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--keep", action="store_true")
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="marketplace-"))
    try:
        _measure(folder / "workspace", asked)
    finally:
        if asked.keep:
            print(folder / "workspace")
        else:
            shutil.rmtree(folder)


def _measure(root: Path, asked: argparse.Namespace) -> None:
    create_workspace(root)
    days = Days(DEMO_DAYS.first, DEMO_DAYS.first + timedelta(weeks=asked.weeks) - timedelta(days=1))
    _small_first(root.with_name("small"))
    phases = Phases({"simulate": SIMULATING, "write and check": SIMULATING + LANDING, "bring in": 1.0})
    started, used = time.perf_counter(), _processor()
    with open_context(root) as context:
        wanted = Marketplace(cities=ALL_CITIES[: asked.cities], days=days, scale=asked.scale)
        report = load_marketplace(context, wanted, processes=asked.processes, progress=phases.advance)
    seconds, cpu = time.perf_counter() - started, _processor() - used
    _print_phases(phases, report, seconds, cpu)
    _print_tables(root)
    for name, bare in (("pyarrow", _with_pyarrow), ("DuckDB", _with_duckdb)):
        wall, own = _timed(partial(bare, root))
        print(
            f"bare write, {name:<20}{wall:>9.1f}{own:>9.1f}   the marketplace took {cpu / own:.1f} x its processor time"
        )
    print(f"largest size of the leading process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024:,} MiB")


def _small_first(root: Path) -> None:
    """Bring in the compiled code, which only the first day of all compiles."""
    create_workspace(root)
    with open_context(root) as context:
        day = Days(DEMO_DAYS.first, DEMO_DAYS.first)
        load_marketplace(context, Marketplace(cities=ALL_CITIES[:1], days=day, scale=0.1), processes=1)


def _print_phases(phases: Phases, report: DemoReport, seconds: float, cpu: float) -> None:
    print(f"{len(report.cities)} cities, {report.first_day} to {report.last_day}: {report.orders:,} orders, simulated")
    print(f"{'phase':<32}{'wall s':>9}{'cpu s':>9}")
    for name, wall, own in phases.rows:
        print(f"{name:<32}{wall:>9.1f}{own:>9.1f}")
    allowed = SECONDS_ASKED * report.orders / ORDERS_ASKED
    verdict = "holds" if seconds <= allowed else "DOES NOT HOLD"
    print(f"{'all':<32}{seconds:>9.1f}{cpu:>9.1f}   {verdict}: at most {allowed:.0f} s for so many orders on two cores")


def _print_tables(root: Path) -> None:
    store = open_store(open_workspace(root))
    for table in store.tables():
        snapshot = store.snapshot(table)
        if snapshot is not None:
            size = sum(file.size for file in snapshot.files)
            rows = sum(file.rows or 0 for file in snapshot.files)
            print(f"  {table:<30}{rows:>12,} rows{size / 2**20:>10.1f} MiB{len(snapshot.files):>5} files")


def _paths(root: Path) -> dict[str, list[str]]:
    store = open_store(open_workspace(root))
    found = {table: store.snapshot(table) for table in store.tables()}
    return {table: list(snapshot.paths) for table, snapshot in found.items() if snapshot is not None and snapshot.files}


def _with_pyarrow(root: Path) -> None:
    target = root.with_name("bare.parquet")
    for paths in _paths(root).values():
        for path in paths:
            parquet.write_table(parquet.read_table(path), target, compression="snappy")


def _with_duckdb(root: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'; SET threads = 2; SET preserve_insertion_order = false")
        for paths in _paths(root).values():
            listed = ", ".join(f"'{path}'" for path in paths)
            target = root.with_name("bare.parquet")
            connection.execute(
                f"COPY (SELECT * FROM read_parquet([{listed}], union_by_name = true)) TO '{target}' "  # noqa: S608 - paths of our own
                f"(FORMAT parquet, {FAST})"
            )


def _timed(work: Callable[[], None]) -> tuple[float, float]:
    started, used = time.perf_counter(), _processor()
    work()
    return time.perf_counter() - started, _processor() - used


def _processor() -> float:
    """Processor seconds of this process and of all below it, the ended ones that were waited for among them."""
    own = os.times()
    return own.user + own.system + own.children_user + own.children_system + sum(map(_ticks, _below(os.getpid())))


def _below(pid: int) -> list[int]:
    try:
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return []
    children = [int(one) for one in listed]
    return [*children, *(grandchild for child in children for grandchild in _below(child))]


def _ticks(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    # utime, stime, and those of the children that it waited for: fields 14 to 17 of proc(5).
    return sum(map(int, fields[11:15])) / TICKS


if __name__ == "__main__":
    main()
