"""Sail as a Spark Connect server for local use."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tiffin.kernel.errors import Unavailable
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.warehouse.reasons import reason
from tiffin.runtime.warehouse.serving import local_url, missing_extra, serve_engine
from tiffin.runtime.warehouse.spark_engine import SparkWarehouse
from tiffin.runtime.warehouse.spark_sessions import Reach
from tiffin.runtime.warehouse.store import DeltaStore

PATIENCE_S = 60


@pytest.fixture
def server() -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Start a server in a process of its own, on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    line = f"from tiffin.runtime.warehouse.serving import serve_engine; serve_engine('127.0.0.1', {port})"
    process = subprocess.Popen([sys.executable, "-c", line])
    deadline = time.monotonic() + PATIENCE_S
    while socket.socket().connect_ex(("127.0.0.1", port)):
        assert time.monotonic() < deadline, "the server does not answer"
        time.sleep(0.1)
    yield process, port
    process.kill()
    process.wait(PATIENCE_S)


@pytest.mark.filterwarnings("ignore:.*RETRIES_EXCEEDED")
def test_a_served_engine_answers_and_its_end_is_told(
    server: tuple[subprocess.Popen[bytes], int],
    store: DeltaStore,
    load: Callable[..., Any],
    an_order: Callable[..., Any],
) -> None:
    process, port = server
    load(an_order(1))
    warehouse = SparkWarehouse(Reach(f"sc://127.0.0.1:{port}", str(store.root), "delta"), store, TABLES)
    assert warehouse.query_text("SELECT count(*) AS n FROM orders").to_pydict() == {"n": [1]}

    process.send_signal(signal.SIGINT)
    process.wait(PATIENCE_S)

    with pytest.raises(Unavailable, match=r"does not answer any more|nothing answers there"):
        warehouse.query_text("SELECT count(*) AS n FROM orders")


def test_a_taken_address_is_told() -> None:
    taken = int(local_url().rsplit(":", 1)[1])

    with pytest.raises(Unavailable, match="Choose another port"):
        serve_engine("127.0.0.1", taken)


def test_one_process_starts_one_server() -> None:
    assert local_url() == local_url()


def test_a_missing_extra_says_how_to_get_it() -> None:
    told = str(missing_extra(ModuleNotFoundError("No module named 'pysail'", name="pysail")))

    assert "pip install 'tiffin[spark]'" in told
    assert "pysail is not installed" in told


def test_a_reason_is_one_line() -> None:
    assert "\n" not in reason(ValueError("first\nsecond"), lines=3)
    assert reason(ValueError()) == "ValueError"
    assert reason(OSError('<RPC that ended:\n status = X\n details = "no route"\n>')) == "no route"
    assert reason(OSError('IO: {"exception_message":"Could not write \\"a\\": No space left on device"}')) == (
        'Could not write "a": No space left on device'
    )
