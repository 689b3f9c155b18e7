"""New processes, from nothing to the answer, beside the least that any could do: DuckDB over one file by hand."""

import os
import statistics
import subprocess
import sys
import textwrap
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from metric_requests import TEN

from tiffin.runtime.workspace import Workspace

ASKING = """
    import sys
    from datetime import date
    from pathlib import Path
    from tiffin.capabilities.metrics import service
    from tiffin.engines.metrics.request import MetricRequest
    from tiffin.kernel.time import Days
    from tiffin.runtime.edge import open_context
    request = MetricRequest(tuple(sys.argv[2].split(",")), ("business_date", "country"),
                            days=Days(date(2026, 3, 1), date(2026, 3, 31)))
    with open_context(Path(sys.argv[1])) as context:
        print(len(service.query(context, request).rows), flush=True)
"""
"""What a new process does: all its imports, the owner signed in, the definitions read, the answer."""

BY_HAND = """
    import sys
    import duckdb
    sql = "SELECT business_date, country, count(*) FROM read_parquet(?) GROUP BY 1, 2"
    print(len(duckdb.execute(sql, [sys.argv[1]]).fetchall()), flush=True)
"""
"""The least: Python, DuckDB imported, one group by over one file of a roll-up."""


@dataclass(frozen=True, slots=True)
class Starts:
    """Milliseconds of each new process until its answer came, and of processor time until it ended."""

    walls: tuple[float, ...]
    cpus: tuple[float, ...]
    least_walls: tuple[float, ...]
    least_cpus: tuple[float, ...]
    load: float

    def told(self) -> str:
        """Tell both ways beside one another."""
        ratios = [
            statistics.median(one) / statistics.median(other)
            for one, other in ((self.walls, self.least_walls), (self.cpus, self.least_cpus))
        ]
        return (
            f"a new process, {len(self.walls)} runs: {_told(self.walls, self.cpus)}; by hand "
            f"{_told(self.least_walls, self.least_cpus)}; {ratios[0]:.1f} times its wall, {ratios[1]:.1f} times "
            f"its CPU; load {self.load:.1f}"
        )


def started(workspace: Workspace, runs: int) -> Starts:
    """Start both processes in turn; the first of each writes bytecode and fills the file system's cache."""
    asking = _command(ASKING, str(workspace.root), ",".join(TEN))
    by_hand = _command(BY_HAND, str(_largest_rollup(workspace)))
    pairs = [(_run(asking), _run(by_hand)) for _ in range(runs + 1)][1:]
    ours, least = zip(*pairs, strict=True)
    return Starts(
        tuple(wall for wall, _ in ours),
        tuple(cpu for _, cpu in ours),
        tuple(wall for wall, _ in least),
        tuple(cpu for _, cpu in least),
        os.getloadavg()[0],
    )


def _command(script: str, *arguments: str) -> Sequence[str]:
    return [sys.executable, "-c", textwrap.dedent(script), *arguments]


def _largest_rollup(workspace: Workspace) -> Path:
    files = workspace.tables.resolve().glob(".rollups/rollup_orders*/*.parquet")
    return max(files, key=lambda path: path.stat().st_size)


_ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""With bytecode, as whatever is installed has it: to compile the sources each time is half of such a start."""


def _run(command: Sequence[str]) -> tuple[float, float]:
    begun = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=_ENVIRONMENT) as process:  # noqa: S603 - our own
        answer = process.stdout.readline() if process.stdout else b""
        wall = time.perf_counter() - begun
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode or not answer:
        raise SystemExit("a new process gave no answer")
    return wall * 1000, (used.ru_utime + used.ru_stime) * 1000


def _told(walls: Sequence[float], cpus: Sequence[float]) -> str:
    return f"fastest {min(walls):.0f} ms, median {statistics.median(walls):.0f}, CPU {statistics.median(cpus):.0f}"
