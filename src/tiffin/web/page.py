"""Pages: a template with everything that the layout needs around it."""

import hashlib
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from tiffin.runtime.context import Context
from tiffin.runtime.i18n import LOCALES, translate
from tiffin.web.edge import (
    LOCALE_COOKIE,
    SESSION_COOKIE,
    THEME_COOKIE,
    THEMES,
    Entry,
    console_of,
    locale_of,
    no_parameters,
    reader_of,
    theme_of,
)
from tiffin.web.errors import Explanation, target_of
from tiffin.web.headers import STANDALONE_POLICY
from tiffin.web.templating import render

SURVEY_COOKIE = "tiffin_survey"
"""Set for a day once a browser has asked whether its reader should be asked for his opinion."""

STATIC = Path(__file__).resolve().parent / "static"
YEAR_S = 365 * 24 * 3600


def page(request: Request, context: Context, template: str, /, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Draw a page of the console for whoever is signed in."""
    simulated = console_of(request).is_simulated(context)
    around = layout(request) | {"actor": context.actor, "simulated": simulated, "inside": True}
    return HTMLResponse(render(template, context.locale, **around | values), status_code=status)


def open_page(request: Request, template: str, /, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Draw a page for somebody who is not signed in."""
    around = layout(request) | {"actor": None, "simulated": False, "inside": False}
    return HTMLResponse(render(template, locale_of(request), **around | values), status_code=status)


def error_page(request: Request, found: Explanation) -> Response:
    """Draw the page of a failure, with the menus of whoever reads it.

    A fault of the platform asks nothing of database or warehouse, since these may be what failed.
    """
    locale = locale_of(request)
    heading, said = translate(locale, found.heading), translate(locale, found.said, **found.values)
    # Whoever has a session cookie keeps the menu: its links are refused in their turn if the session has ended.
    inside = SESSION_COOKIE in request.cookies
    actor = reader_of(request, may_ask=found.status < HTTPStatus.INTERNAL_SERVER_ERROR)
    values = {"heading": heading, "said": said, "code": found.status, "inside": inside, "actor": actor}
    return open_page(request, "error.html", status=found.status, **values)


def standalone_file(text: str) -> HTMLResponse:
    """Serve a self-contained file, whose style stands in it; it gets a policy of its own."""
    return HTMLResponse(text, headers={"Content-Security-Policy": STANDALONE_POLICY})


def layout(request: Request) -> dict[str, Any]:
    """Give what the layout shows beside the page itself."""
    path = request.url.path

    def is_current(entry: Entry) -> bool:
        return path == entry.path or (entry.path != "/" and path.startswith(f"{entry.path}/"))

    def prefer(**chosen: str) -> str:
        return "/preferences?" + urlencode({**chosen, "next": target_of(request)})

    def keep(**changed: object) -> str:
        kept = dict(no_parameters(request, *changed)) | {k: str(v) for k, v in changed.items() if v not in (None, "")}
        return f"{path}?{urlencode(kept)}" if kept else path

    return {
        "path": path,
        "menu": console_of(request).menu,
        "is_current": is_current,
        "prefer": prefer,
        "keep": keep,
        "theme": theme_of(request),
        "themes": THEMES,
        "static": static_url,
        "asks_survey": SURVEY_COOKIE not in request.cookies,
    }


def set_preferences(*, lang: str | None, theme: str | None, target: str) -> RedirectResponse:
    """Remember language and theme in this browser, and go back to the page that was open."""
    response = RedirectResponse(own_path(target), status_code=HTTPStatus.SEE_OTHER)
    if lang in LOCALES:
        response.set_cookie(LOCALE_COOKIE, lang, max_age=YEAR_S, samesite="lax", httponly=True)
    if theme in THEMES:
        response.set_cookie(THEME_COOKIE, theme, max_age=YEAR_S, samesite="lax", httponly=True)
    return response


def own_path(target: str) -> str:
    """Keep a target that lies in this console; anything that could lead elsewhere becomes the home page."""
    inside = target.startswith("/") and not target.startswith("//") and "\\" not in target and target.isprintable()
    return target if inside else "/"


@lru_cache(maxsize=64)
def static_url(name: str) -> str:
    """Give the address of a static file with its content's version, so that browsers may keep it for ever."""
    version = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]
    return f"/static/{name}?v={version}"
