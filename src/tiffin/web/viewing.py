"""Who sees which page: noted after the answer has gone out, so that nobody waits for it."""

from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from time import perf_counter
from typing import Any
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SHOWN = ("text/html", "text/csv", "application/vnd.", "application/json")
"""Kinds of answers that show somebody something."""

NotingView = Callable[[str, str, Mapping[str, str], Iterable[tuple[str, str]], int], None]
"""Given an account, the pattern of a route, what stood in its places, the parameters and the milliseconds it took."""


class Viewing:
    """Hands every page that a signed-in person was shown to whoever counts them.

    Parameters
    ----------
    note : callable
        Notes one view.
    finish : callable
        Writes what is still held when the server stops.
    """

    def __init__(self, app: ASGIApp, *, note: NotingView, finish: Callable[[], object]) -> None:
        self._app, self._note, self._finish = app, note, finish

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await self._app(scope, self._watching(receive), send)
            return
        if scope["type"] != "http" or scope["method"] != "GET" or _is_part(scope):
            await self._app(scope, receive, send)
            return
        begun, shown = perf_counter(), False

        async def seen(message: Message) -> None:
            nonlocal shown
            if message["type"] == "http.response.start":
                kind = dict(message["headers"]).get(b"content-type", b"").decode("latin-1")
                shown = message["status"] == HTTPStatus.OK and kind.startswith(SHOWN)
            await send(message)

        await self._app(scope, receive, seen)
        actor = scope.get("state", {}).get("actor")
        if shown and actor is not None:
            parts = {name: str(value) for name, value in scope.get("path_params", {}).items()}
            await run_in_threadpool(
                self._note,
                actor.name,
                pattern_of(scope["path"], parts),
                parts,
                parse_qsl(scope["query_string"].decode("latin-1")),
                round((perf_counter() - begun) * 1000),
            )

    def _watching(self, receive: Receive) -> Callable[[], Any]:
        async def watched() -> Message:
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                await run_in_threadpool(self._finish)
            return message

        return watched


def pattern_of(path: str, parts: Mapping[str, str]) -> str:
    """Write a path as its route is written: with the names of its places instead of what stood there.

    Examples
    --------
    >>> pattern_of("/metrics/late_share/export.csv", {"name": "late_share", "kind": "csv"})
    '/metrics/{name}/export.{kind}'
    >>> pattern_of("/metrics/metrics", {"name": "metrics"})
    '/metrics/{name}'
    """
    segments = path.split("/")
    for name, value in reversed(list(parts.items())):
        for place in reversed(range(len(segments))):
            if segments[place] == value or segments[place].endswith(f".{value}"):
                segments[place] = segments[place].removesuffix(value) + f"{{{name}}}"
                break
    return "/".join(segments)


def _is_part(scope: Scope) -> bool:
    """Tell whether a script asked for a part of a page that is open already."""
    return any(name == b"hx-request" for name, _ in scope["headers"])
