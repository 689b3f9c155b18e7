"""How fast a large Parquet export loads, and in how much memory.

Every figure comes from a process of its own. Prints, for each size: rows a second through the whole path (digest,
mapping, contract, local days, repeated keys, one commit, synced to disk), processor seconds a million rows, peak
resident memory, and the ratio of processor time to a bare DuckDB ``COPY`` of the same columns in the same run; then a
second load of the same files, which changes nothing.

Run: ``nice .venv/bin/python benchmarks/load_parquet.py [ROWS ...] [--keep]`` (1 and 10 million rows unless given).
``--keep`` leaves the loaded workspace where it is and prints its folder, for benchmarks of queries.
"""

import argparse
import json
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
from make_export import make_export

from tiffin.capabilities.facts import service
from tiffin.runtime.edge import open_context
from tiffin.runtime.warehouse.staging import FAST

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def main() -> None:
    """Print one line a phase and size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="*", type=int, default=[1_000_000, 10_000_000])
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--phase", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    stated = parser.parse_args()
    if stated.phase:
        work = _bare_copy if stated.phase == "bare copy" else _load
        sys.stdout.write(json.dumps(timed(lambda: work(stated.folder))))
        return
    print(f"{'phase':<12}{'rows':>13}{'seconds':>9}{'rows/s':>12}{'cpu s/M':>9}{'x bare':>8}{'peak MiB':>10}  outcome")
    for rows in stated.rows:
        _measure(rows, keep=stated.keep)


def _measure(rows: int, *, keep: bool) -> None:
    folder = make_export(rows)
    shutil.rmtree(folder / ".tiffin", ignore_errors=True)
    bare = phase_of("bare copy", folder)
    (folder / "bare.parquet").unlink()
    for phase, found in (("bare copy", bare), *((name, phase_of(name, folder)) for name in ("load", "same again"))):
        print(
            f"{phase:<12}{rows:>13,}{found['seconds']:>9.1f}{rows / found['seconds']:>12,.0f}"
            f"{found['cpu'] / rows * 1e6:>9.2f}{found['cpu'] / bare['cpu']:>8.2f}{found['peak_mib']:>10,}  "
            f"{found['outcome']}",
            flush=True,
        )
    if keep:
        print(folder)
    else:
        shutil.rmtree(folder / ".tiffin", ignore_errors=True)


def phase_of(phase: str, folder: Path) -> dict[str, Any]:
    """Measure one phase in a process of its own."""
    command = [sys.executable, __file__, "--phase", phase, "--folder", str(folder)]
    found = subprocess.run(command, check=True, stdout=subprocess.PIPE)  # noqa: S603 - this very file
    return dict(json.loads(found.stdout))


def timed(work: Callable[[], str]) -> dict[str, Any]:
    """Do something and tell what it took of this process."""
    start, used = time.perf_counter(), _processor()
    outcome = work()
    return {
        "seconds": time.perf_counter() - start,
        "cpu": _processor() - used,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "outcome": outcome,
    }


def _processor() -> float:
    found = resource.getrusage(resource.RUSAGE_SELF)
    return found.ru_utime + found.ru_stime


def _bare_copy(folder: Path) -> str:
    target = folder / "bare.parquet"
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'; SET preserve_insertion_order = false; SET memory_limit = '2GB'")
        connection.execute(
            f"COPY (SELECT * FROM read_parquet('{folder}/in/*.parquet')) TO '{target}' (FORMAT parquet, {FAST})"  # noqa: S608 - a path of our own
        )
    return f"{target.stat().st_size >> 20:,} MiB"


def _load(folder: Path) -> str:
    with open_context(folder, now=NOW) as context:
        report = service.load(context, "export", [folder / "in"])
    return f"loaded {report.loaded:,}, unchanged {report.unchanged}"


if __name__ == "__main__":
    main()
