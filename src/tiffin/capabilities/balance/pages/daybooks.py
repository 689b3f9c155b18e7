"""The day-book in a browser."""

from datetime import date
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from tiffin.capabilities.balance import service
from tiffin.web.edge import ContextDep
from tiffin.web.page import page, standalone_file

router = APIRouter()


@router.get("/daybooks")
def list_daybooks(request: Request, context: ContextDep) -> Response:
    """Show every city's days, newest month first."""
    return page(request, context, "balance/index.html", cities=service.shelf(context))


@router.get("/daybooks/{city_id}/{day}")
def show_daybook(request: Request, city_id: str, day: date, context: ContextDep) -> Response:
    """Show the day-book of a city and business day."""
    return page(request, context, "balance/daybook.html", **service.page_of(context, city_id, day))


@router.get("/daybooks/{city_id}/{day}/file")
def show_file(city_id: str, day: date, context: ContextDep) -> Response:
    """Give the day-book as a self-contained page, to print or to send."""
    return standalone_file(service.file_of(context, city_id, day))


@router.get("/daybook")
@router.get("/daybook/{rest:path}")
def old_address(rest: str = "") -> Response:
    """Lead to where day-books lie."""
    target = f"/daybooks/{rest}" if rest else "/daybooks"
    return RedirectResponse(target, status_code=HTTPStatus.PERMANENT_REDIRECT)
