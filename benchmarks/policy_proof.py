"""How long a proof of a decision table takes, beside a solver asked for one of its answers, and how it grows.

``nice .venv/bin/python benchmarks/policy_proof.py [TABLES]``: CPU medians of whole proofs (inputs cut, gaps, overlaps,
masked rows, values that never come, an order, a law) of the liability table for some countries and of tables drawn at
random; then TABLES random tables, 10,000 unless said, on which proof and solver may not disagree.
"""

import random
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from statistics import median
from typing import Any

import z3
from solved_tables import Solved
from solver_answers import disagreements
from tables_to_prove import drawn, edited, large, liability

from tiffin.engines.decisions.dmn.tables import HitPolicy
from tiffin.engines.decisions.feel.tree import Tests
from tiffin.engines.decisions.policy import PolicyTable
from tiffin.engines.decisions.proving.comparing import differences
from tiffin.engines.decisions.proving.findings import Law, Order
from tiffin.engines.decisions.proving.proof import prove

TIMES = 5
ROWS = 30
FEW = 1200
ASKED = {30: "5 ms", 1200: "1 s", 5000: "10 s", 5010: "10 s"}
PATIENCE_MS = 60_000


def main() -> None:
    """Print all figures."""
    print(f"{'table':34} {'rows':>6} {'CPU ms':>9} {'asked':>6} {'findings':>9} {'solver, gap alone':>18}")
    for countries in (1, 40, 167):
        report("liability", liability(countries), promises=True)
    for count in (ROWS, FEW, 5000):
        report("random, gaps and overlaps", large(count), promises=False)
    for count in (ROWS, FEW):
        report("random, first", large(count, HitPolicy.FIRST), promises=False)
    versions()
    agreement(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)


def report(name: str, policy: PolicyTable, *, promises: bool) -> None:
    """Print what a proof takes, and the ratio of a solver that looks for one gap in the same table."""
    anything = tuple(Tests(()) for _ in policy.domains)
    asked = (Order("kitchen_late_min", "share"), Law("share", anything, at_least=Decimal(0))) if promises else ()
    rows = len(policy.table.rows)
    taken = timed(lambda: prove(policy, asked))
    found = prove(policy, asked)
    text = f"{len(found.findings)}{'+' if found.cut else ''}"
    print(
        f"{name:34} {rows:6} {taken * 1000:9.1f} {ASKED.get(rows, ''):>6} {text:>9} {beside(policy, taken):>18}",
        flush=True,
    )


def beside(policy: PolicyTable, taken: float) -> str:
    """Ask a solver for one gap, and give how many times as long it takes."""
    if len(policy.table.rows) > FEW:
        return ""
    started = time.process_time()
    solved, solver = Solved(policy), z3.Solver()
    solver.set("timeout", PATIENCE_MS)
    answer = solver.check(solved.occurs, solved.gap)
    ratio = (time.process_time() - started) / taken
    return f"{'over ' if answer == z3.unknown else ''}{ratio:.0f} x"


def versions() -> None:
    """Print what it takes to tell where two versions differ."""
    chance = random.Random(1)  # noqa: S311 - edits, not secrets
    for countries in (1, 40):
        policy = liability(countries)
        for name, other in (
            ("same", policy),
            ("one edit", edited(chance, policy)),
            ("all limits", liability(countries, 2)),
        ):
            taken = timed(lambda policy=policy, other=other: sum(1 for _ in differences(policy, other)))
            print(f"{'two versions, ' + name:34} {len(policy.table.rows):6} {taken * 1000:9.1f}", flush=True)


def agreement(tables: int) -> None:
    """Print on how many random tables proof and solver disagree."""
    wrong = [seed for seed in range(tables) if disagreements(drawn(random.Random(seed)))]  # noqa: S311 - no secrets
    print(f"{len(wrong)} of {tables} random tables on which proof and solver disagree {wrong[:10] or ''}")


def timed(work: Callable[[], Any]) -> float:
    """Give the median CPU time, in seconds."""
    found = []
    for _ in range(TIMES):
        started = time.process_time()
        work()
        found.append(time.process_time() - started)
    return median(found)


if __name__ == "__main__":
    main()
