"""Measure metric requests over roll-ups, against the facts and against the same questions in SQL by hand.

Each question is asked in three ways, in turn, in the same process: SQL written by hand over the facts, the request
without roll-ups, the request with them; whatever takes less than 50 ms five times at each turn. From the request to
Python rows, warm, DuckDB with two threads. Wall times are the fastest and the median of the runs, CPU is the median
over all threads. Answers are compared first. At each turn a fixed small query of a DuckDB of its own is asked too:
where its median lies far above its fastest, or both above those of another hour, the machine was slow and not the
answer. A figure holds by the fastest run, and it is told whether it holds by the median too. Then new processes are
started, from nothing to the answer, imports and all (`starting`). The roll-ups are those of ``tiffin metrics rollups
build`` and stay beside the tables; building them is timed when it is needed.

Run: ``nice .venv/bin/python benchmarks/metrics.py [ORDERS] [--workspace DIR] [--cold N] [--json]``
With ``--workspace`` the orders of that workspace are asked, such as the one that ``load_parquet.py --keep`` leaves.
"""

import argparse
import json
import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from asking import asking, workspace_over
from make_orders import make_orders
from metric_requests import Case, case_named, same_rows
from starting import started

from tiffin.capabilities.metrics import service
from tiffin.capabilities.metrics.service import rollups
from tiffin.engines.metrics.request import MetricRequest
from tiffin.kernel.time import Days
from tiffin.runtime.context import Context
from tiffin.runtime.workspace import Workspace

RUNS = 60
MIN_RUNS = 7
BUDGET_S = 20.0
QUICK_RUNS, QUICK_MS = 5, 50.0
PATIENCE_S = 30.0
"""Questions over many orders are asked less often than `MIN_RUNS` in each way, so as to end at all."""

YEAR = Days(date(2025, 11, 1), date(2026, 10, 31))
DAYS_30 = Days(date(2026, 3, 1), date(2026, 3, 30))


def main() -> None:
    """Print every figure beside the one to hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("orders", nargs="?", type=int, default=5_000_000)
    parser.add_argument("--cold", type=int, default=5, help="processes to start")
    parser.add_argument("--workspace", type=Path, help="a workspace whose orders are asked, in place of made ones")
    parser.add_argument("--json", action="store_true")
    stated = parser.parse_args()
    workspace = workspace_over((stated.workspace or make_orders(stated.orders)) / ".tiffin" / "tables")
    begun = time.perf_counter()
    with asking(workspace) as context:
        built = rollups.build_rollups(context)
    build_s = time.perf_counter() - begun
    asked_of = stated.workspace or f"{stated.orders:,} orders"
    show = (lambda _line: None) if stated.json else (lambda line: print(line, flush=True))
    show(f"{asked_of}, {len(built)} roll-ups, planned and built in {build_s:.1f} s, in {_peak_gib():.2f} GiB")
    sides = "".join(f"{name:>26}" for name in ("by hand", "request", "with roll-ups", "pace of the machine"))
    show(f"{'fastest / median / CPU, ms':<40}{sides}{'asked':>7}  holds  by the median")
    warm = []
    for question in QUESTIONS:
        warm.append(_measured(workspace, question))
        show(_line(warm[-1]))
    cold = started(workspace, stated.cold) if stated.cold else None
    if stated.json:
        found = {"orders": stated.orders, "build_s": build_s, "rollups": len(built), "peak_gib": _peak_gib()}
        print(json.dumps({**found, "warm": [asdict(item) for item in warm], "cold": cold and asdict(cold)}))
        return
    if cold:
        print(cold.told())
    print(f"memory of this process at most {_peak_gib():.2f} GiB")


def _peak_gib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def _line(item: "Figure") -> str:
    sides = "".join(f"{_told(times):>26}" for times in (item.hand, item.facts, item.rollups, item.pace))
    held = "".join(f"  {'yes' if found else 'NO':<5}" for found in (item.holds, item.holds_by_median))
    return f"{item.name:<40}{sides}{item.asked_ms:>7.0f}{held}"


@dataclass(frozen=True, slots=True)
class Question:
    """A case, and the milliseconds in which roll-ups are to answer it."""

    case: Case
    asked_ms: float


_WEEK_ON_WEEK = """
    WITH counted AS (SELECT business_date AS d, country AS c, count(*) AS n FROM orders
                     WHERE business_date BETWEEN DATE '2026-02-22' AND DATE '2026-03-30' GROUP BY 1, 2)
    SELECT t.d, t.c, t.n, coalesce(b.n, 0) FROM counted AS t
    LEFT JOIN counted AS b ON b.c = t.c AND b.d = t.d - 7 WHERE t.d >= DATE '2026-03-01' ORDER BY 1, 2
"""
_TRAILING = """
    WITH counted AS (SELECT business_date AS d, count(*) AS n FROM orders
                     WHERE business_date BETWEEN DATE '2025-10-26' AND DATE '2026-10-31' GROUP BY 1)
    SELECT d, CAST(sum(n) OVER (ORDER BY d RANGE BETWEEN INTERVAL 6 DAY PRECEDING AND CURRENT ROW) AS BIGINT)
    FROM counted QUALIFY d >= DATE '2025-11-01' ORDER BY 1
"""

QUESTIONS = (
    Question(case_named("ten metrics by day and country, a month"), 7),
    Question(case_named("three metrics, one city, one day"), 3),
    Question(
        Case(
            "orders of seven days, by day over a year",
            MetricRequest(("orders_of_seven_days",), ("business_date",), days=YEAR),
            _TRAILING,
        ),
        6,
    ),
    Question(
        Case(
            "week on week by day and country, 30 days",
            MetricRequest(("orders", "orders_a_week_before"), ("business_date", "country"), days=DAYS_30),
            _WEEK_ON_WEEK,
        ),
        6,
    ),
    Question(case_named("ten metrics by day and country, a year"), 500),
    Question(case_named("on-time share by city, a year"), 500),
)


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of one way to an answer: wall and processor."""

    fastest: float
    median: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Figure:
    """What one question took.

    Parameters
    ----------
    pace : Times
        What the fixed query took meanwhile.
    """

    name: str
    runs: int
    hand: Times
    facts: Times
    rollups: Times
    pace: Times
    asked_ms: float
    holds: bool
    holds_by_median: bool


def _measured(workspace: Workspace, question: Question) -> Figure:
    case = question.case
    with asking(workspace) as plain, asking(workspace, rollups=True) as quick:
        ways: list[Callable[[], list[Any]]] = [
            lambda: _by_hand(plain, case.sql),
            lambda: list(service.query(plain, case.request).rows),
            lambda: list(service.query(quick, case.request).rows),
        ]
        expected = ways[0]()
        for way in ways[1:]:
            same_rows(way(), expected, case.name)
        ways.append(_calibration())
        runs: list[list[tuple[float, float]]] = [[] for _ in ways]
        begun = time.perf_counter()
        while not runs[0] or _goes_on(len(runs[0]), time.perf_counter() - begun):
            for way, found in zip(ways, runs, strict=True):
                found.extend(_several(way))
    hand, facts, rolled, pace = (_times(found) for found in runs)
    held = [ms <= question.asked_ms for ms in (rolled.fastest, rolled.median)]
    return Figure(case.name, len(runs[2]), hand, facts, rolled, pace, question.asked_ms, *held)


def _calibration() -> Callable[[], list[Any]]:
    """Give a small piece of fixed work, partly DuckDB's and partly Python's, as an answer is."""
    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    connection.execute(
        "CREATE TABLE fixed AS SELECT i % 365 AS day, i % 6 AS country, i AS amount FROM range(20000) t(i)"
    )
    sql = "SELECT day, country, count(*), sum(amount) FROM fixed WHERE day < 31 GROUP BY 1, 2 ORDER BY 1, 2"
    return lambda: connection.execute(sql).fetchall()


def _goes_on(runs: int, elapsed_s: float) -> bool:
    return runs < RUNS and elapsed_s < (PATIENCE_S if runs < MIN_RUNS else BUDGET_S)


def _by_hand(context: Context, sql: str) -> list[Any]:
    answer = context.warehouse.query_text(sql)
    return list(zip(*(column.to_pylist() for column in answer.columns), strict=True))


def _several(step: Callable[[], object]) -> list[tuple[float, float]]:
    """Time a way once, and a quick one a few times more, so that it is warm and not what the slow ones leave it."""
    found = [_timed(step)]
    while len(found) < QUICK_RUNS and found[0][0] < QUICK_MS:
        found.append(_timed(step))
    return found


def _timed(step: Callable[[], object]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    step()
    return (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000


def _times(runs: list[tuple[float, float]]) -> Times:
    walls = [wall for wall, _ in runs]
    return Times(min(walls), statistics.median(walls), statistics.median(cpu for _, cpu in runs))


def _told(times: Times) -> str:
    return f"{times.fastest:.1f} / {times.median:.1f} / {times.cpu:.1f}"


if __name__ == "__main__":
    main()
