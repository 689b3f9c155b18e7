"""Pages for the telephones of riders, merchants and customers: one column, large targets, no script, no other menu."""

from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from tiffin.runtime.actor import Actor
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import ENDONYMS, RIDER_LOCALES, translate
from tiffin.web.edge import OWN_AFFAIRS, own_locale_of, reader_of, theme_of
from tiffin.web.errors import Explanation
from tiffin.web.page import error_page, static_url
from tiffin.web.templating import render


def own_page(request: Request, context: Context, template: str, /, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Draw a page of somebody's own affairs, in his language."""
    around = _layout(request, context.actor)
    return HTMLResponse(render(template, context.locale, **around | values), status_code=status)


def failure_page(request: Request, found: Explanation) -> Response:
    """Draw the page of a failure: for riders, merchants and customers one that leads back to what concerns them."""
    actor = reader_of(request, may_ask=found.status < HTTPStatus.INTERNAL_SERVER_ERROR)
    if actor is None or actor.party is None:
        return error_page(request, found)
    locale = own_locale_of(request)
    heading, said = translate(locale, found.heading), translate(locale, found.said, **found.values)
    values = {"heading": heading, "said": said, "code": found.status}
    drawn = render("own_error.html", locale, **_layout(request, actor) | values)
    return HTMLResponse(drawn, status_code=found.status)


def is_own(path: str) -> bool:
    """Tell whether an address is among somebody's own affairs."""
    return path == OWN_AFFAIRS or path.startswith((f"{OWN_AFFAIRS}/", f"{OWN_AFFAIRS}?"))


def _layout(request: Request, actor: Actor) -> dict[str, Any]:
    return {
        "path": request.url.path,
        "home": OWN_AFFAIRS,
        "languages": [(code, ENDONYMS[code]) for code in RIDER_LOCALES],
        "party": actor.party,
        "theme": theme_of(request),
        "static": static_url,
    }
