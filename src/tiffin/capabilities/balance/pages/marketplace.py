"""The state of the marketplace in a browser."""

import hashlib
from datetime import date
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from tiffin.capabilities.balance.domain.marketplace_state import Measure
from tiffin.capabilities.balance.service import find_city
from tiffin.capabilities.balance.service.state import last_day, marketplace_state, state_version
from tiffin.capabilities.balance.service.state_page import COLUMNS, WORST, state_rows, state_view
from tiffin.capabilities.metrics.domain.writing import as_csv
from tiffin.runtime.context import Context
from tiffin.web.edge import ContextDep, theme_of
from tiffin.web.page import page

router = APIRouter()


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
    """Show demand, supply and what became of it by zone and slot, with the board of the worst.

    A page that is open asks again by itself. Where nothing has changed it is told so before anything is read.
    """
    tag = tag_of(request, context, city_id, day)
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=_tagged(tag))
    state = marketplace_state(context, city_id, day)
    shown = state_view(context, state, slot=slot, measure=measure, sort=sort)
    found = page(request, context, "balance/state.html", **shown)
    found.headers.update(_tagged(tag))
    return found


def tag_of(request: Request, context: Context, city_id: str, day: date) -> str:
    """Name what the page follows from: the facts, and who reads it how. A city out of sight has none.

    Raises
    ------
    NotFound, Forbidden
        As `marketplace_state`.
    """
    version = state_version(context, find_city(context, city_id), day)
    parts = (version, str(request.url.query), context.locale, theme_of(request), context.actor)
    return f'W/"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'


def _tagged(tag: str) -> dict[str, str]:
    return {"ETag": tag, "Cache-Control": "private, no-cache"}
