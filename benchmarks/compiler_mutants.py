"""Plant faults in a copy of the compiler of metrics, one at a time, and see whether the tests notice.

Each of `compiler_faults.FAULTS` is put into a copy of the sources; the tests of metrics run over it, fast ones first,
until the first failure. Two copies are worked on at a time, all of the sources as they were at the start; those must
pass the same tests first, so that whatever fails afterwards fails because of the fault.

Run: ``nice .venv/bin/python benchmarks/compiler_mutants.py [--jobs JOBS] [--only TEXT] [--timeout SECONDS]``
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from compiler_faults import FAULTS, Fault

ROOT = Path(__file__).resolve().parent.parent
ENGINE = Path("src/tiffin/engines/metrics")
COPIED = ("src", "tests", "benchmarks", "pyproject.toml")
TESTS = (
    "tests/engines/metrics",
    "tests/metrics/test_permissions.py",
    "tests/metrics/test_random_requests.py",
    "tests/metrics/test_engines_agree.py",
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a fault was noticed, and by which test."""

    fault: Fault
    is_caught: bool
    by: str
    seconds: float


def judge(fault: Fault, sound: Path, limit: float) -> Verdict:
    """Run the tests over a copy with one fault."""
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        shutil.copytree(sound, folder, dirs_exist_ok=True)
        _plant(fault, Path(folder))
        try:
            run = _tested(Path(folder), limit)
        except subprocess.TimeoutExpired:
            return Verdict(fault, False, "too slow", limit)
    failed = [line for line in run.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    by = failed[0].split(" - ")[0] if failed else ""
    return Verdict(fault, run.returncode == 1 and bool(failed), by, time.perf_counter() - begun)


def _tested(folder: Path, limit: float | None = None) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-m", "not full", *TESTS]
    where = {**os.environ, "PYTHONPATH": str(folder / "src"), "TIFFIN_SHARED": str(ROOT.parent / "shared")}
    return subprocess.run(  # noqa: S603 - our own tests
        words, cwd=folder, env=where, capture_output=True, text=True, timeout=limit, check=False
    )


def _copied(folder: Path) -> None:
    leave = shutil.ignore_patterns("__pycache__", "*.parquet", "*.json.gz", "node_modules")
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=leave)
        else:
            shutil.copy(ROOT / name, folder / name)
    sound = _tested(folder)
    if sound.returncode:
        raise SystemExit(f"The tests fail without any fault, so they can tell nothing.\n{sound.stdout[-4000:]}")


def _plant(fault: Fault, folder: Path) -> None:
    path = folder / ENGINE / fault.file
    text = path.read_text(encoding="utf-8")
    if text.count(fault.right) < 1:
        raise SystemExit(f"{fault.name}: {fault.file} no longer holds {fault.right!r}. Write the fault anew.")
    path.write_text(text.replace(fault.right, fault.wrong), encoding="utf-8")


def main() -> None:
    """Judge every fault and print how many were caught."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", default="")
    parser.add_argument("--timeout", type=float, default=240)
    asked = parser.parse_args()
    faults = [fault for fault in FAULTS if asked.only in fault.name]
    caught = 0
    with tempfile.TemporaryDirectory(prefix="sound-") as sound, ThreadPoolExecutor(asked.jobs) as pool:
        _copied(Path(sound))
        for verdict in pool.map(lambda fault: judge(fault, Path(sound), asked.timeout), faults):
            caught += verdict.is_caught
            word = "caught" if verdict.is_caught else "MISSED"
            print(f"{word} {verdict.seconds:5.1f} s  {verdict.fault.name}  [{verdict.by}]", flush=True)
    print(f"caught {caught} of {len(faults)}")


if __name__ == "__main__":
    main()
