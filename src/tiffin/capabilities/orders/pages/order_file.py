"""One order's file on one screen, and how long somebody works on it."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse

from tiffin.capabilities.cases.service.words import word
from tiffin.capabilities.orders.domain.order_file import OrderFile, money_of
from tiffin.capabilities.orders.pages.drawing import map_of, reports_of, timeline_of
from tiffin.capabilities.orders.service import words
from tiffin.capabilities.orders.service.attributing import attributed
from tiffin.capabilities.orders.service.looks import hear, open_look
from tiffin.capabilities.orders.service.order_cases import cases_of_order
from tiffin.capabilities.orders.service.order_file import order_file, read_file, subject_of, zone_rows
from tiffin.capabilities.orders.service.story import clock_of, story_of
from tiffin.runtime.context import Context
from tiffin.web.edge import ContextDep, OwnContextDep
from tiffin.web.own import own_page
from tiffin.web.page import page

router = APIRouter()

LAST = 10_000
"""More reports than any way has: without a chosen moment the whole way is drawn."""


@router.get("/orders/{city_id}/{order_id}")
def show_order(
    request: Request,
    context: OwnContextDep,
    city_id: str,
    order_id: str,
    at: Annotated[int, Query(ge=0, le=LAST)] = LAST,
    case: Annotated[int | None, Query(ge=1)] = None,
) -> HTMLResponse:
    """Show an order's file: to whoever works here on one screen, to its rider, merchant or customer on a telephone."""
    file = order_file(context, city_id, order_id)
    values = _values(context, file, at=at)
    if not file.is_staff:
        return own_page(request, context, "orders/own.html", **values)
    cases = cases_of_order(context, file)
    open_case = case or next((one.case_id for one in cases if one.closed_at is None), None)
    look = open_look(context, city_id, file.city.country, order_id, open_case)
    return page(request, context, "orders/file.html", look=look, case=open_case, cases=cases, **values)


@router.get("/orders/{city_id}/{order_id}/timeline")
def show_timeline(request: Request, context: ContextDep, city_id: str, order_id: str) -> HTMLResponse:
    """Show the time line against what is fair under the order's conditions, for the open page of its file.

    To learn what is fair takes longer than the page may, so that the page stands without it.
    """
    file = read_file(context, city_id, order_id)
    found = attributed(context, file)
    return page(
        request,
        context,
        "orders/timeline.html",
        timeline=timeline_of(file, found.legs if found else file.legs, context.locale),
        found=found,
        said=lambda kind, code: words.said(getattr(words, kind), code, context.locale),
    )


@router.post("/orders/looks/{look_id}")
def hear_look(context: ContextDep, look_id: int, active_s: Annotated[int, Form(ge=0, le=86_400)]) -> dict[str, int]:
    """Take note that somebody worked on a file for some seconds more."""
    return {"active_s": hear(context, look_id, active_s)}


def _values(context: Context, file: OrderFile, *, at: int) -> dict[str, Any]:
    locale = context.locale
    reports = reports_of(file, locale)
    return {
        "file": file,
        "order": file.order,
        "city_id": file.city.city_id,
        "subject": subject_of(file.city.city_id, file.order_id),
        "timeline": timeline_of(file, file.legs, locale),
        "map": map_of(file, zone_rows(context, file.city.city_id), locale, at=at),
        "reports": reports,
        "at": min(at, max(len(reports) - 1, 0)),
        "story": story_of(file, locale),
        "money": money_of(file.order, file.tables),
        "word": lambda name: word(name, locale),
        "clock": lambda instant: clock_of(instant, file, locale),
        "said": lambda kind, code: words.said(getattr(words, kind), code, locale),
        "zone": lambda zone_id: file.zones.get(zone_id, zone_id),
    }
