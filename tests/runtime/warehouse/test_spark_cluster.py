"""A real Apache Spark cluster of two workers on this machine answers as the embedded engine does."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "spark_cluster.py"

pytestmark = [
    pytest.mark.full,
    pytest.mark.spark_cluster,
    pytest.mark.skipif(
        "TIFFIN_SPARK_PYTHON" not in os.environ or not shutil.which("java"),
        reason="needs Java 17 and TIFFIN_SPARK_PYTHON, a Python that has pyspark[connect]; see docs/spark.md",
    ),
]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(SCRIPT), *arguments], capture_output=True, text=True, timeout=1800, check=False
    )


def test_the_engine_contract_holds_on_two_workers() -> None:
    done = run()
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def test_an_answer_is_exact_although_a_worker_died() -> None:
    done = run("--kill-worker", "--orders", "500000")
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert "answers agree" in done.stdout
