"""The page on which orders are looked for, its table as a file, and how long people take for a case."""

from datetime import date, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, Field, field_validator

from tiffin.capabilities.cases.service.words import word
from tiffin.capabilities.metrics.service.cities import visible_cities
from tiffin.capabilities.orders.service import words
from tiffin.capabilities.orders.service.finding import OrderSearch, find_orders, orders_csv, timezones
from tiffin.capabilities.orders.service.looks import minutes_a_case, recent_looks
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import mark, translate
from tiffin.web.edge import ContextDep
from tiffin.web.page import page

router = APIRouter()

MONTH = timedelta(days=30)
WHOM = {"rider": mark("Rider"), "merchant": mark("Merchant"), "customer": mark("Customer")}


class Asked(BaseModel):
    """What the page's form asks for; what is empty is open."""

    q: str = Field("", max_length=20_000)
    whom: str = ""
    who: str = Field("", max_length=128)
    city: str = Field("", max_length=128)
    first: date | None = None
    last: date | None = None
    status: str = ""
    late: bool = False

    @field_validator("first", "last", mode="before")
    @classmethod
    def _open(cls, value: object) -> object:
        """Read an empty field of the form as open."""
        return None if value == "" else value

    @property
    def search(self) -> OrderSearch:
        """What it asks the service."""
        return OrderSearch(
            text=self.q.strip(),
            whom=self.whom if self.who.strip() else "",
            who=self.who.strip(),
            city_id=self.city,
            first=self.first,
            last=self.last,
            status=self.status,
            is_late=self.late,
        )


Question = Annotated[Asked, Query()]


@router.get("/orders")
def show_orders(request: Request, context: ContextDep, asked: Question) -> HTMLResponse:
    """Show the orders that were looked for; without a question the newest."""
    found = find_orders(context, asked.search)
    return page(
        request,
        context,
        "orders/find.html",
        found=found,
        asked=asked,
        is_asked=not asked.search.is_empty,
        query=urlencode({name: value for name, value in request.query_params.items() if value}),
        cities=[("", translate(context.locale, "every city")), *_cities(context)],
        statuses=[("", translate(context.locale, "any")), *_told(words.STATUS, context)],
        whom=_told(WHOM, context),
        said=lambda code: words.said(words.STATUS, code, context.locale),
        recent=recent_looks(context),
        city_names=dict(_cities(context)),
        timezones=timezones(context),
    )


@router.get("/orders.csv")
def take_orders(context: ContextDep, asked: Question) -> Response:
    """Give the orders that were looked for as a table."""
    headers = {"Content-Disposition": 'attachment; filename="orders.csv"'}
    return Response(orders_csv(context, asked.search), media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/orders/minutes")
def show_minutes(
    request: Request, context: ContextDep, first: date | None = None, last: date | None = None
) -> HTMLResponse:
    """Show how long people take for a case, for managers of customer experience."""
    until = last or context.now.date()
    since = first or until - MONTH
    rows = minutes_a_case(context, since, until)
    return page(
        request,
        context,
        "orders/minutes.html",
        rows=rows,
        first=since,
        last=until,
        word=lambda name: word(name, context.locale),
    )


@router.get("/orders/minutes.json")
def give_minutes(context: ContextDep, first: date | None = None, last: date | None = None) -> dict[str, object]:
    """Give the same for programs."""
    until = last or context.now.date()
    since = first or until - MONTH
    return {"first": since, "last": until, "minutes": minutes_a_case(context, since, until)}


def _cities(context: Context) -> list[tuple[str, str]]:
    return [(one.city_id, translate(context.locale, one.name)) for one in visible_cities(context)]


def _told(options: dict[str, str], context: Context) -> list[tuple[str, str]]:
    return [(code, translate(context.locale, label)) for code, label in options.items()]
