"""Look for texts that bring FEEL, unary tests, models of DMN or policies down, guided by the branches that they reach.

``nice -n 19 .venv/bin/python benchmarks/feel_fuzzing.py --minutes 60``. Atheris (libFuzzer) mutates texts; what raises
another error than the declared ones, takes more than two processor seconds or holds more memory than a decision may
is judged again in a process without instruments, and kept under ``tests/engines/decisions/seeds``, which the tests
replay. Minutes are those of the processor, shared by the kinds of text, which run side by side; ``--wall`` ends all by
the clock.
"""

import argparse
import hashlib
import json
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from fuzzing_corpus import write_corpus

ROOT = Path(__file__).resolve().parents[1]
SEEDS = ROOT / "tests/engines/decisions/seeds"
KINDS = ("expression", "cell", "model", "policy")
JUDGED_S = 120
ENDINGS = {"expression": "feel", "cell": "feel", "model": "dmn", "policy": "yaml"}


@dataclass(frozen=True, slots=True)
class Found:
    """What one kind of text came to."""

    kind: str
    executions: int
    cpu_s: float
    branches: int
    suspects: tuple[Path, ...]


def main() -> None:
    """Fuzz every kind of text, judge what was suspect, keep what is wrong, and print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--wall", type=float, default=600, help="end by the clock after so many minutes")
    parser.add_argument("--folder", type=Path, default=Path("/tmp/tiffin-fuzzing"))  # noqa: S108 - a scratch folder
    parser.add_argument("--models", type=Path, help="folder of models to start from, such as the conformance kit")
    parser.add_argument("--kinds", default=",".join(KINDS))
    given = parser.parse_args()
    kinds = given.kinds.split(",")
    ends = time.time() + given.wall * 60
    budget = given.minutes * 60 / len(kinds)
    with ThreadPoolExecutor(len(kinds)) as pool:
        found = list(pool.map(lambda kind: fuzzed(kind, budget, ends, given.folder / kind, given.models), kinds))
    faults = [fault for one in found for fault in judged(one)]
    for one in found:
        print(
            f"{one.kind}: {one.executions:,} executions in {one.cpu_s:,.0f} s of processor, {one.branches:,} branches"
        )
    print(f"{sum(one.executions for one in found):,} executions, {sum(one.cpu_s for one in found) / 60:.1f} minutes")
    print(lines_reached(given.folder, kinds))
    print(f"{len(faults)} failures", *faults, sep="\n")
    raise SystemExit(bool(faults))


def fuzzed(kind: str, budget_s: float, ends: float, folder: Path, models: Path | None) -> Found:
    """Let processes look, one after the other where one is brought down, until the budget is used up."""
    corpus, out = folder / "corpus", folder / "suspects"
    out.mkdir(parents=True, exist_ok=True)
    write_corpus(kind, corpus, folder / "words.dict", models)
    executions, cpu, branches, left = 0, 0.0, 0, budget_s
    while left > 1 and time.time() < ends:
        log = folder / "log.txt"
        process = str(ROOT / "benchmarks/fuzzing_process.py")
        command = [sys.executable, process, kind, str(folder), str(left), str(ends)]
        with log.open("wb") as to:
            subprocess.run(command, stdout=to, stderr=to, check=False)  # noqa: S603 - a script of ours
        told = json.loads((folder / "told.json").read_text()) if (folder / "told.json").exists() else {}
        (folder / "told.json").unlink(missing_ok=True)
        executions += told.get("executions", 0)
        cpu += told.get("cpu_s", 0.0)
        left -= max(told.get("cpu_s", 0.0), 5.0)
        reached = re.findall(r"cov: (\d+)", log.read_text(errors="replace"))
        branches = max(branches, int(reached[-1]) if reached else 0)
    return Found(kind, executions, cpu, branches, tuple(sorted(out.iterdir())))


def judged(found: Found) -> list[str]:
    """Put each suspect to a process without instruments; keep and name those that are wrong there too."""
    faults = []
    for path in found.suspects:
        command = [sys.executable, str(ROOT / "benchmarks/hostile_texts.py"), found.kind, str(path)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=JUDGED_S, check=False)  # noqa: S603 - a script of ours
        except subprocess.TimeoutExpired:
            faults.append(kept(found.kind, path, f"did not end in {JUDGED_S} s"))
            continue
        if done.returncode:
            faults.append(kept(found.kind, path, done.stderr.strip().splitlines()[-1] if done.stderr else "crashed"))
    return faults


def kept(kind: str, path: Path, fault: str) -> str:
    """Keep a text for the tests to replay."""
    SEEDS.mkdir(parents=True, exist_ok=True)
    data = path.read_bytes()
    name = f"{kind}-{hashlib.sha256(data).hexdigest()[:12]}.{ENDINGS[kind]}"
    (SEEDS / name).write_bytes(data)
    return f"{name}: {fault}"


def lines_reached(folder: Path, kinds: list[str]) -> str:
    """Replay what was worth keeping, and tell how many lines of FEEL and DMN it reaches."""
    command = [sys.executable, str(ROOT / "benchmarks/fuzzing_corpus.py"), str(folder), *kinds]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - a script of ours
    return done.stdout.strip() or done.stderr.strip()


if __name__ == "__main__":
    main()
