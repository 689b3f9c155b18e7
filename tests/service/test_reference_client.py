"""The reference client and the platform understand each other: both ways, over real HTTP."""

import importlib.util
import socket
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import uvicorn
from tests.service.conftest import Entering
from tests.service.test_webhooks import a_receiver

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.capabilities.service.service.delivering import Sent, deliver
from tiffin.capabilities.service.service.receivers import add_receiver
from tiffin.capabilities.service.service.replaying import send_test
from tiffin.capabilities.service.service.senders import add_sender, switch_sender
from tiffin.runtime.workspace import Workspace


@pytest.fixture(scope="module")
def client(project_root: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("tiffin_links", project_root / "clients/python/tiffin_links.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules["tiffin_links"] = made
    spec.loader.exec_module(made)
    return made


@contextmanager
def serving(workspace: Workspace) -> Iterator[str]:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(create_app(workspace), port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.fixture
def sender_secret(entering: Entering) -> str:
    with entering() as context:
        access.add_account(context, "desk-bot")
        return add_sender(context, "desk", "desk-bot")


def test_what_the_platform_sends_the_client_takes_once(client: ModuleType, entering: Entering) -> None:
    heard: list[tuple[str, Mapping[str, Any]]] = []
    receiver = client.Receiver(secret="", on_message=lambda kind, data: heard.append((kind, data)))
    server = receiver.server("127.0.0.1", 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    now = client.time.time()
    with entering() as context:
        moment = context.now.fromtimestamp(now, tz=context.now.tzinfo)
    with entering(now=moment) as context:
        _, receiver.secret = add_receiver(context, a_receiver(f"http://127.0.0.1:{server.server_port}"))
        send_test(context, "desk")

    assert deliver(lambda: entering(now=moment)) == Sent(delivered=1)
    server.shutdown()
    server.server_close()
    assert [kind for kind, _ in heard] == ["test"]


def test_what_the_client_tells_is_taken_once_and_answered_the_same(
    client: ModuleType, workspace: Workspace, sender_secret: str
) -> None:
    with serving(workspace) as url:
        desk = client.Sender(url, "desk", sender_secret)
        assert desk.tell("test", {}, message_id="m-1") == {"said": "taken"} == desk.tell("test", {}, message_id="m-1")
        with pytest.raises(client.Refused, match="409"):
            desk.tell("test", {"other": 1}, message_id="m-1")


def test_nobody_is_heard_without_the_secret_the_clock_and_a_known_kind(
    client: ModuleType, workspace: Workspace, sender_secret: str, entering: Entering
) -> None:
    with serving(workspace) as url:
        for stranger in (client.Sender(url, "desk", "whsec_AAAA"), client.Sender(url, "nobody", sender_secret)):
            with pytest.raises(client.Refused, match="403"):
                stranger.tell("test", {})
        desk = client.Sender(url, "desk", sender_secret)
        with pytest.raises(client.Refused, match="422"):
            desk.tell("surprise", {})
        with pytest.raises(client.Refused, match="422"):
            desk.tell("appeal.lodged", {"verdict_id": "v"})
        # The account behind the sender has no grant at all, and learns of no order whether it is there.
        told = {"city_id": "riyadh", "country": "SA", "order_id": "o-1", "incident": "cold"}
        with pytest.raises(client.Refused, match=r"40[34]"):
            desk.tell("incident.reported", told)
        with entering() as context:
            switch_sender(context, "desk", on=False)
        with pytest.raises(client.Refused, match="403"):
            desk.tell("test", {})
