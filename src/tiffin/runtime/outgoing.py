"""Requests that the platform sends to systems outside: one at a time, bounded, and only to where it may."""

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from tiffin.kernel.errors import WrongUse
from tiffin.kernel.messages import Message

ANSWER_BYTES = 2_000
"""How much of an answer is read: enough to tell why something was refused."""

HTTPS, HTTP = "https", "http"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back.

    Parameters
    ----------
    status : int
        0 where nothing came back; ``text`` then says why.
    """

    status: int
    text: str
    took_ms: int

    @property
    def is_taken(self) -> bool:
        """Tell whether the receiver took it."""
        return http.client.OK <= self.status < http.client.MULTIPLE_CHOICES


def check_address(url: str, *, may_be_private: bool = False) -> SplitResult:
    """Refuse an address to which the platform sends nothing.

    Parameters
    ----------
    may_be_private : bool
        Whether machines of the own network are allowed, and plain HTTP to them.

    Raises
    ------
    WrongUse
        It is no HTTPS address, carries a password, or leads into the own network.
    """
    parts = urlsplit(url)
    schemes = (HTTPS, HTTP) if may_be_private else (HTTPS,)
    if parts.scheme not in schemes or not parts.hostname or parts.username or parts.password:
        raise WrongUse(
            Message("An address that begins with https:// and carries no password was expected; found {url}.", url=url)
        )
    return parts


def post(url: str, body: bytes, headers: Mapping[str, str], *, timeout_s: float, may_be_private: bool) -> Answer:
    """Send one request and tell what came back; redirects are not followed, and nothing is raised.

    Notes
    -----
    The name is looked up once, and what it leads to is checked and then called, so that a name that changes its mind
    between the two leads nowhere.
    """
    begun = time.monotonic()

    def answered(status: int, text: str) -> Answer:
        return Answer(status, text[:ANSWER_BYTES], int((time.monotonic() - begun) * 1000))

    try:
        parts = check_address(url, may_be_private=may_be_private)
        connection = _connection(parts, timeout_s, may_be_private=may_be_private)
    except (WrongUse, OSError) as error:
        return answered(0, str(error))
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body, {"Content-Type": "application/json", **headers})
        told = connection.getresponse()
        return answered(told.status, told.read(ANSWER_BYTES).decode("utf-8", "replace"))
    except (OSError, http.client.HTTPException) as error:
        return answered(0, f"{type(error).__name__}: {error}")
    finally:
        connection.close()


def _connection(parts: SplitResult, timeout_s: float, *, may_be_private: bool) -> http.client.HTTPConnection:
    host, port = str(parts.hostname), parts.port or (443 if parts.scheme == HTTPS else 80)
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    address = str(found[0][4][0])
    if not may_be_private and not ipaddress.ip_address(address).is_global:
        raise WrongUse(Message("{host} lies in the own network, to which nothing is sent.", host=host))
    made = http.client.HTTPConnection(host, port, timeout=timeout_s)
    opened = socket.create_connection((address, port), timeout_s)
    if parts.scheme == HTTPS:
        opened = ssl.create_default_context().wrap_socket(opened, server_hostname=host)
    made.sock = opened
    return made
