"""Sail: a Spark Connect server in one wheel, without Java, for local use and tests."""

import atexit
import os
import threading
import time
from typing import Any

from tiffin.kernel.errors import Unavailable
from tiffin.runtime.warehouse.reasons import reason

LOCAL = "127.0.0.1"
GLANCE_S = 0.2
_LOCK = threading.Lock()
_RUNNING: list[Any] = []


def serve_engine(host: str, port: int) -> None:
    """Serve Spark Connect on an address until the process is interrupted.

    Whoever reaches the address can read every file that this process can: keep to 127.0.0.1, or a private network.

    Raises
    ------
    Unavailable
        The extra ``spark`` is not installed, or the address is taken.
    """
    server = _started(host, port)
    try:
        # In the foreground Sail does not hear an interrupt, and neither does a wait on a lock beside it.
        while server.running:
            time.sleep(GLANCE_S)
    finally:
        server.stop()


def local_url() -> str:
    """Give the address of this process's own server, started at the first call on a free port of this machine."""
    with _LOCK:
        if not _RUNNING:
            _RUNNING.append(_started(LOCAL, 0))
        address, port = _RUNNING[0].listening_address
    return f"sc://{address}:{port}"


@atexit.register
def stop_local() -> None:
    """Stop this process's own server, if there is one."""
    with _LOCK:
        while _RUNNING:
            _RUNNING.pop().stop()


def missing_extra(error: ImportError) -> Unavailable:
    """Tell how to get what the engine ``spark`` needs."""
    return Unavailable(
        f"The warehouse engine `spark` needs the packages pyspark-client and pysail; {error.name or error} is not "
        "installed. Get them with `pip install 'tiffin[spark]'`, or use the engine `duckdb`."
    )


def _started(host: str, port: int) -> Any:
    # The server's own log would drown a command's output; the operator's setting wins.
    os.environ.setdefault("RUST_LOG", "error")
    try:
        from pysail.spark import SparkConnectServer  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise missing_extra(error) from error
    server = SparkConnectServer(host, port)
    try:
        server.start(background=True)
    except (OSError, RuntimeError, ValueError) as error:
        raise Unavailable(
            f"A Spark Connect server could not be started on {host}:{port}: {reason(error)}. "
            "Choose another port, or end what uses it."
        ) from error
    return server
