"""The day-book in a browser: the page of a city's morning."""

from datetime import date
from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from tiffin.capabilities.balance import service
from tiffin.capabilities.balance.service.page_city import city_file, city_page, look_through
from tiffin.capabilities.balance.service.page_email import ask_a_person, send_city_page
from tiffin.web.edge import ContextDep
from tiffin.web.page import page, standalone_file

router = APIRouter()


@router.get("/daybooks")
def list_daybooks(request: Request, context: ContextDep) -> Response:
    """Show every city's days, newest month first."""
    return page(request, context, "balance/index.html", cities=service.shelf(context))


@router.get("/daybooks/{city_id}/{day}")
def show_daybook(
    request: Request, city_id: str, day: date, context: ContextDep, sent: Annotated[int | None, Query(ge=1)] = None
) -> Response:
    """Show the city's page of a business day: misses, days like it, decisions, experiments, gates and cases."""
    return page(request, context, "balance/daybook.html", sent=sent, **city_page(context, city_id, day))


@router.get("/daybooks/{city_id}/{day}/file")
def show_file(city_id: str, day: date, context: ContextDep) -> Response:
    """Give the city's page as a self-contained file, to print or to send."""
    return standalone_file(city_file(context, city_id, day))


@router.post("/daybooks/{city_id}/{day}/email")
def send_daybook(city_id: str, day: date, context: ContextDep) -> Response:
    """Put the city's page into the outbox for the reader himself."""
    sent = send_city_page(context, city_id, day)
    return _back(city_id, day, f"?sent={sent.message_id}")


@router.post("/daybooks/{city_id}/{day}/cases")
def open_case(city_id: str, day: date, context: ContextDep, episode: Annotated[int, Form(ge=0)]) -> Response:
    """Open a case of one episode, and lead to it."""
    number = ask_a_person(context, city_id, day, episode)
    return RedirectResponse(f"/cases/{number}", status_code=HTTPStatus.SEE_OTHER)


@router.post("/daybooks/{city_id}/{day}/earlier")
def look_at_earlier_days(city_id: str, day: date, context: ContextDep) -> Response:
    """Diagnose days of the city that were not looked at yet, so that likeness is looked for among them."""
    look_through(context, city_id)
    return _back(city_id, day, "")


@router.get("/daybook")
@router.get("/daybook/{rest:path}")
def old_address(rest: str = "") -> Response:
    """Lead to where day-books lie."""
    target = f"/daybooks/{rest}" if rest else "/daybooks"
    return RedirectResponse(target, status_code=HTTPStatus.PERMANENT_REDIRECT)


def _back(city_id: str, day: date, query: str) -> Response:
    return RedirectResponse(f"/daybooks/{quote(city_id, safe='')}/{day}{query}", status_code=HTTPStatus.SEE_OTHER)
