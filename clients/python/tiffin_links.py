"""Reference client of Tiffin's links: checks what Tiffin sends, and tells Tiffin what happened. Standard library only.

Receive::

    receiver = Receiver(secret="whsec_…", on_message=lambda kind, data: print(kind, data))
    receiver.serve("0.0.0.0", 8080)

Tell::

    sender = Sender("https://tiffin.example", "desk", secret="whsec_…")
    sender.tell("incident.reported", {"city_id": "riyadh", "country": "SA", "order_id": "o-1", "incident": "cold"})
"""

import base64
import hashlib
import hmac
import json
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOLERANCE_S = 300
"""How far the clocks of both sides may be apart."""

TRIES = 5
"""How often a message is sent before that is given up; it keeps its name, so that it is taken once."""


def secret_bytes(secret: str) -> bytes:
    """Read a secret as Tiffin tells it."""
    return base64.b64decode(secret.removeprefix("whsec_"))


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """Sign a body as it is sent, byte by byte."""
    digest = hmac.new(secret_bytes(secret), f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def is_genuine(secret: str, headers: Mapping[str, str], body: bytes, *, now: float | None = None) -> bool:
    """Tell whether a message comes from whoever has the secret, and is not somebody's recording."""
    known = {name.lower(): value for name, value in headers.items()}
    message_id, stamp = known.get("webhook-id", ""), known.get("webhook-timestamp", "")
    if not message_id or not stamp.isdigit() or abs((now or time.time()) - int(stamp)) > TOLERANCE_S:
        return False
    wanted = signature(secret, message_id, int(stamp), body)
    return any(hmac.compare_digest(wanted, one) for one in known.get("webhook-signature", "").split())


@dataclass
class Receiver:
    """Takes each message of Tiffin once; a message that comes again is answered and not handed on.

    ``on_message`` is given its kind and data; where it raises, the message is refused, and Tiffin sends it again.
    """

    secret: str
    on_message: Callable[[str, Mapping[str, Any]], None]
    seen: set[str] = field(default_factory=set)

    def take(self, headers: Mapping[str, str], body: bytes) -> int:
        """Take one request, and give the HTTP status of the answer."""
        if not is_genuine(self.secret, headers, body):
            return 401
        message_id = next(value for name, value in headers.items() if name.lower() == "webhook-id")
        if message_id not in self.seen:
            told = json.loads(body)
            self.on_message(told["type"], told["data"])
            self.seen.add(message_id)
        return 204

    def server(self, host: str, port: int) -> ThreadingHTTPServer:
        """Make an HTTP server that takes messages."""
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                try:
                    status = receiver.take(dict(self.headers.items()), body)
                except Exception:  # noqa: BLE001 - whatever it was, Tiffin sends it again
                    status = 500
                self.send_response(status)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Write nothing: bodies and secrets belong in no log."""

        return ThreadingHTTPServer((host, port), Handler)

    def serve(self, host: str, port: int) -> None:
        """Take messages until the process ends."""
        self.server(host, port).serve_forever()


@dataclass(frozen=True)
class Sender:
    """Tells Tiffin what happened; each message is taken once, however often it has to be sent."""

    base_url: str
    name: str
    secret: str

    def tell(self, kind: str, data: Mapping[str, Any], *, message_id: str | None = None) -> Mapping[str, Any]:
        """Tell something and give Tiffin's answer; raises `Refused` where sending again would not help."""
        body = json.dumps({"type": kind, "data": dict(data)}).encode()
        name = message_id or f"msg_{uuid.uuid4().hex}"
        for attempt in range(TRIES):
            try:
                return self._send(name, body)
            except urllib.error.HTTPError as error:
                if error.code < 500 and error.code != 429:  # noqa: PLR2004 - what the sender did wrong stays wrong
                    raise Refused(error.code, error.read().decode()) from error
            except urllib.error.URLError:
                pass
            time.sleep(min(30, 2**attempt))
        raise Refused(0, f"no answer after {TRIES} tries")

    def _send(self, name: str, body: bytes) -> Mapping[str, Any]:
        timestamp = int(time.time())
        headers = {
            "Content-Type": "application/json",
            "webhook-id": name,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": signature(self.secret, name, timestamp, body),
        }
        url = f"{self.base_url.rstrip('/')}/api/links/inbound/{self.name}"
        request = urllib.request.Request(url, data=body, headers=headers, method="POST")  # noqa: S310 - our own address
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - the same
            told: Mapping[str, Any] = json.load(answer)
            return told


class Refused(Exception):
    """Tiffin does not take a message, and would not take it the next time either."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(f"{status}: {said}")
        self.status = status
