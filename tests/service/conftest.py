"""A workspace that may tell systems of this machine what happens, and such a system, which keeps what it is told."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.runtime.actor import Actor, Grant, Role
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context, open_unit
from tiffin.runtime.workspace import Workspace, open_workspace

NOW = datetime(2026, 2, 16, 8, tzinfo=UTC)
Entering = Callable[..., AbstractContextManager[Context]]


@dataclass
class System:
    """A real HTTP server that answers with the next of some statuses, then takes everything."""

    url: str
    statuses: list[int] = field(default_factory=list)
    taken: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def workspace(tmp_path: Path, new_workspace: Callable[[Path], Workspace]) -> Workspace:
    root = new_workspace(tmp_path / "workspace").root
    file = root / "tiffin.toml"
    file.write_text(f"{file.read_text(encoding='utf-8')}\n[links]\nprivate = true\n", encoding="utf-8")
    return open_workspace(root)


@pytest.fixture
def entering(workspace: Workspace) -> Entering:
    @contextmanager
    def entered(
        role: Role = Role.ADMIN, *, name: str = "ana", countries: tuple[str, ...] = ("*",), now: datetime = NOW
    ) -> Iterator[Context]:
        actor = Actor(name, (Grant(role, countries, ()),))
        with open_unit(workspace, lambda _: actor, now=now) as context:
            yield context

    return entered


@pytest.fixture
def system() -> Iterator[System]:
    found = System("")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            found.taken.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(found.statuses.pop(0) if found.statuses else 200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.url = f"http://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def client(workspace: Workspace) -> TestClient:
    """A browser in which the owner is signed in."""
    with open_context(workspace.root) as context:
        token = access.make_sign_in_link(context, context.actor.name)
    made = TestClient(create_app(workspace))
    made.get(f"/sign-in/{token}")
    return made
