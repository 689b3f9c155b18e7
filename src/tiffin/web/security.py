"""What every answer carries and every changing request must show, so that no other site can use or frame the console.

References
----------
W3C Fetch Metadata Request Headers (the check against cross-site requests rests on
``Sec-Fetch-Site``, with ``Origin`` for browsers that do not send it).
"""

from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tiffin.web.errors import problem
from tiffin.web.headers import HEADERS

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
STATIC = "/static/"


class Guard:
    """Refuses changing requests that another site's page sent, and puts the headers on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                _put_headers(MutableHeaders(scope=message), path=scope["path"])
            await send(message)

        if scope["method"] not in SAFE_METHODS and is_cross_site(Headers(scope=scope)):
            refused = problem(
                HTTPStatus.FORBIDDEN,
                "Cross-site request refused",
                "A page of another site sent this request. Changes are accepted from this console's own pages only.",
            )
            await refused(scope, receive, send_guarded)
            return
        await self._app(scope, receive, send_guarded)


def is_cross_site(headers: Headers) -> bool:
    """Tell whether a browser sent the request for a page of another site; what is no browser sends no such header."""
    fetch_site = headers.get("sec-fetch-site")
    if fetch_site is not None:
        return fetch_site not in {"same-origin", "none"}
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host", "")


def _put_headers(headers: MutableHeaders, *, path: str) -> None:
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    # Pages hold what one person may see; static files are named by content version and may stay.
    kept = "public, max-age=31536000, immutable" if path.startswith(STATIC) else "no-store"
    headers.setdefault("Cache-Control", kept)
