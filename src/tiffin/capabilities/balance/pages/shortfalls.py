"""Where supply falls short over weeks, in a browser."""

from datetime import date
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from tiffin.capabilities.balance.service.shortfalls_page import COLUMNS, shortfall_rows, shortfalls_page
from tiffin.capabilities.balance.service.state import last_day
from tiffin.capabilities.metrics.domain.writing import as_csv
from tiffin.web.edge import ContextDep
from tiffin.web.page import page

router = APIRouter()


@router.get("/shortfalls")
def find_shortfalls(request: Request, context: ContextDep) -> Response:
    """Lead to the first city that the reader sees."""
    found = last_day(context)
    if found is None:
        return page(request, context, "balance/no_state.html")
    return RedirectResponse(f"/shortfalls/{found[0]}", status_code=HTTPStatus.SEE_OTHER)


@router.get("/shortfalls/{city_id}.csv")
def export_shortfalls(
    city_id: str, context: ContextDep, first: date | None = None, last: date | None = None
) -> Response:
    """Give every hour below the floor as CSV."""
    text = as_csv(COLUMNS, shortfall_rows(context, city_id, first, last))
    headers = {"Content-Disposition": 'attachment; filename="shortfalls.csv"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/shortfalls/{city_id}")
def show_shortfalls(
    request: Request, city_id: str, context: ContextDep, first: date | None = None, last: date | None = None
) -> Response:
    """Show hours below the floor by zone and hour, what comes back, and what was lacking."""
    return page(request, context, "balance/shortfalls.html", **shortfalls_page(context, city_id, first, last))
