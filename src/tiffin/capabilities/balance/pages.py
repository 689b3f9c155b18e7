"""The day-book and the state of the marketplace in a browser."""

from datetime import date
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from tiffin.capabilities.balance import service
from tiffin.capabilities.balance.domain.marketplace_state import Measure
from tiffin.capabilities.balance.service.state import last_day, marketplace_state
from tiffin.capabilities.balance.service.state_page import COLUMNS, WORST, state_rows, state_view
from tiffin.capabilities.metrics.domain.writing import as_csv
from tiffin.web.edge import ContextDep
from tiffin.web.page import page, standalone_file

router = APIRouter(include_in_schema=False)


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


@router.get("/marketplace")
def find_state(request: Request, context: ContextDep) -> Response:
    """Lead to the last day of the first city that the reader sees."""
    found = last_day(context)
    if found is None:
        return page(request, context, "balance/no_state.html")
    return RedirectResponse("/marketplace/{}/{}".format(*found), status_code=HTTPStatus.SEE_OTHER)


@router.get("/marketplace/{city_id}/{day}.csv")
def export_state(city_id: str, day: date, context: ContextDep) -> Response:
    """Give every zone and slot of the day as CSV."""
    text = as_csv(COLUMNS, state_rows(marketplace_state(context, city_id, day)))
    headers = {"Content-Disposition": f'attachment; filename="marketplace-{day}.csv"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/marketplace/{city_id}/{day}")
def show_state(
    request: Request,
    city_id: str,
    day: date,
    context: ContextDep,
    slot: Annotated[int | None, Query(ge=0)] = None,
    measure: Measure = Measure.COVERAGE,
    sort: str = WORST,
) -> Response:
    """Show demand, supply and what became of it by zone and slot, with the board of the worst."""
    state = marketplace_state(context, city_id, day)
    shown = state_view(context, state, slot=slot, measure=measure, sort=sort)
    return page(request, context, "balance/state.html", **shown)


@router.get("/daybook")
@router.get("/daybook/{rest:path}")
def old_address(rest: str = "") -> Response:
    """Lead to where day-books lie."""
    target = f"/daybooks/{rest}" if rest else "/daybooks"
    return RedirectResponse(target, status_code=HTTPStatus.PERMANENT_REDIRECT)
