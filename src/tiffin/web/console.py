"""Pages of the console itself: help, preferences, and the sign that the server lives."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from tiffin.web.edge import ContextDep
from tiffin.web.glossary import WORDS
from tiffin.web.page import page, set_preferences

router = APIRouter(include_in_schema=False)


@router.get("/help")
def show_help(request: Request, context: ContextDep) -> HTMLResponse:
    """Show the keys, the words and the first steps."""
    return page(request, context, "help.html", words=WORDS)


@router.get("/preferences")
def choose_preferences(lang: str | None = None, theme: str | None = None, next: str = "/") -> Response:  # noqa: A002 - the usual name in an address
    """Remember language and theme in this browser."""
    return set_preferences(lang=lang, theme=theme, target=next)


@router.get("/healthz")
def live() -> Mapping[str, str]:
    """Say that the server answers."""
    return {"status": "ok"}
