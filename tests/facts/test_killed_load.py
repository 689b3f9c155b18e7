# ruff: noqa: ANN001 - the fixtures' types live in conftest.py, which tests cannot import
"""A load that dies at any moment leaves the old version or the new one, and the next load completes it."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROWS = 4_000


def content(total: int, rows: int = ROWS) -> str:
    lines = (f"a{n},2026-02-{1 + n % 28:02} 21:30,{'done' if n % 50 else 'odd'},{total},1" for n in range(rows))
    return "number,placed,state,total,items\n" + "\n".join(lines) + "\n"


def start(shop, path: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tiffin.cli", "load", "shop", str(path), "--workspace", str(shop.root), "--json"]
    # A killed process would leave half a coverage file.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("COV_", "COVERAGE_"))}
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True, env=environment
    )


def state(shop) -> tuple[tuple[object, ...], ...]:
    """What the tables hold: orders with their totals, and the calendar."""
    orders = shop.one("select count(*), min(basket_minor), max(basket_minor) from orders")
    return (orders, shop.one("select count(*) from city_days"))


def kill_at_random(shop, path: Path, moments: random.Random, seconds: float) -> bool:
    """Run a load and kill it; tell whether it was killed."""
    process = start(shop, path)
    time.sleep(moments.uniform(0.0, seconds))
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)
    return process.returncode == -signal.SIGKILL


@pytest.mark.parametrize("kills", [8, pytest.param(50, marks=pytest.mark.full)])
def test_a_killed_load_leaves_the_old_version_or_the_new_one(shop, kills: int) -> None:
    shop.load(shop.file(content(1)))
    started = time.perf_counter()
    assert start(shop, shop.file(content(1))).wait(timeout=120) == 0
    whole_s = time.perf_counter() - started
    moments, killed, total = random.Random(20), 0, 1  # noqa: S311 - moments to kill at, no secret

    while killed < kills:
        total += 1
        old = state(shop)
        was_killed = kill_at_random(shop, shop.file(content(total)), moments, whole_s)
        killed += was_killed
        # A load that came to its end first took less than the first one did: the machine has more time for us now.
        whole_s = whole_s if was_killed else whole_s * 0.8
        found = state(shop)
        assert found[0] in (old[0], (old[0][0], total * 100, total * 100))
        assert found[1] == old[1]

    report = shop.load(shop.file(content(total)))
    good = ROWS - ROWS // 50
    assert report.loaded == good
    assert state(shop)[0] == (good, total * 100, total * 100)
    assert shop.load(shop.file(content(total))).unchanged
    left_out = shop.one("select count(*) = count(distinct (file_sha256, line, rule)) from quarantine_orders")
    assert left_out == (True,)
    left = list((shop.root / ".tiffin" / "tables" / ".staging").iterdir())
    assert not left
