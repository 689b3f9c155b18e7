"""The queue of cases, and one case with its trail and what can be done with it."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from tiffin.capabilities.cases import service
from tiffin.capabilities.cases.domain.case import CaseFilter
from tiffin.capabilities.cases.domain.registry import CASE_TYPES, GUIDED
from tiffin.capabilities.cases.service.comments import has_voice, templates_for
from tiffin.capabilities.cases.service.evidence import evidence_of
from tiffin.capabilities.cases.service.records import find_record
from tiffin.capabilities.cases.service.staff import profile_of
from tiffin.capabilities.cases.service.words import CLOCKS, shown, word
from tiffin.kernel.errors import Conflict, WrongUse
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import format_country, mark, translate
from tiffin.web.edge import ContextDep
from tiffin.web.forms import Said
from tiffin.web.page import page
from tiffin.web.paging import Page

router = APIRouter(include_in_schema=False)

SHOWN = 50
EXPORTED = 10_000
COLUMNS = ("case_id", "case_type", "headline", "severity", "state", "country", "city_id", "subject", "assignee",
           "opened_at", "due_at", "closed_at", "is_overdue")  # fmt: skip
MINE = "mine"
OVERDUE = "overdue"
CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which cases somebody wants to see, as the address says it; empty leaves a part open."""

    show: str = ""
    sort: str = ""
    state: str = ""
    country: str = ""

    def filter(self, me: str) -> CaseFilter:
        """Give it as the service takes it."""
        return CaseFilter(
            is_closed=self.show == CLOSED,
            case_type=self.sort or None,
            state=self.state or None,
            country=self.country or None,
            assignee=me if self.show == MINE else None,
            is_overdue=self.show == OVERDUE,
        )


@router.get("/cases")
def show_queue(
    request: Request,
    context: ContextDep,
    asked: Annotated[Asked, Depends()],
    page_number: Annotated[int, Query(alias="page", ge=1)] = 1,
) -> Response:
    """Show what waits: the worst and the most urgent first."""
    return queue_page(request, context, asked, page_number)


def queue_page(
    request: Request,
    context: Context,
    asked: Asked | None = None,
    page_number: int = 1,
    *,
    told: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> Response:
    """Draw the queue, with what the reader is told."""
    asked = asked or Asked()
    wanted = asked.filter(context.actor.name)
    total = service.count_cases(context, wanted)
    number = min(page_number, max(1, -(-total // SHOWN)))
    rows = service.list_cases(context, wanted, limit=SHOWN, offset=(number - 1) * SHOWN)
    return page(
        request,
        context,
        "cases/queue.html",
        status=status,
        told=told,
        me=profile_of(context, context.actor.name),
        found=Page(rows, number, SHOWN, total),
        filters=asked,
        query=request.url.query,
        choices=_choices(context.locale, service.countries_with_cases(context)),
        word=lambda name: word(name, context.locale),
    )


@router.get("/cases.csv")
def export_queue(context: ContextDep, asked: Annotated[Asked, Depends()]) -> Response:
    """Give the cases that somebody wants to see as a file, in the order of the queue."""
    found = service.list_cases(context, asked.filter(context.actor.name), limit=EXPORTED)
    written = io.StringIO()
    rows = ([_cell(getattr(one, name)) for name in COLUMNS] for one in found)
    csv.writer(written, lineterminator="\r\n").writerows([COLUMNS, *rows])
    headers = {"Content-Disposition": 'attachment; filename="cases.csv"'}
    return Response(written.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _cell(value: object) -> object:
    """Write a value; text that a spreadsheet would take for a formula gets an apostrophe before it."""
    if isinstance(value, datetime):
        return value.isoformat()
    return f"'{value}" if isinstance(value, str) and value[:1] in tuple("=+-@\t\r") else value


@router.get("/cases/{case_id}")
def show_case(request: Request, context: ContextDep, case_id: int) -> Response:
    """Show one case; a guided one on the page of the capability that guides it."""
    found = service.show_case(context, case_id)
    if found.summary.case_type in GUIDED:
        return RedirectResponse(GUIDED[found.summary.case_type].format(case_id=case_id), HTTPStatus.SEE_OTHER)
    return case_page(request, context, case_id)


@router.post("/cases/{case_id}")
def act_on_case(
    request: Request,
    context: ContextDep,
    case_id: int,
    action: Annotated[str, Form()],
    version: Annotated[int, Form()],
    said: Said,
) -> Response:
    """Act on a case; a refusal shows the case again as it stands now, and says why."""
    try:
        service.act(context, case_id, action, said, version=version)
    except (Conflict, WrongUse) as refusal:
        status = HTTPStatus(refusal.http_status)
        return case_page(request, context, case_id, refused=refusal.said, status=status, said=said)
    return RedirectResponse(f"/cases/{case_id}", status_code=HTTPStatus.SEE_OTHER)


def case_page(
    request: Request,
    context: Context,
    case_id: int,
    *,
    refused: str = "",
    status: HTTPStatus = HTTPStatus.OK,
    said: Mapping[str, str] | None = None,
) -> Response:
    """Draw one case."""
    locale, found = context.locale, service.show_case(context, case_id)
    return page(
        request,
        context,
        "cases/case.html",
        status=status,
        case=found,
        evidence=evidence_of(context, case_id),
        templates=templates_for(context.workspace, locale),
        may_write=has_voice(context, find_record(context, case_id)),
        refused=refused,
        said=said or {},
        word=lambda name: word(name, locale),
        clock=lambda name: translate(locale, CLOCKS[name]) if name in CLOCKS else word(name, locale),
        shown=lambda value: word(shown(value, locale), locale),
    )


def _choices(locale: str, countries: tuple[str, ...]) -> dict[str, list[tuple[str, str]]]:
    states = sorted({state.name for one in CASE_TYPES.values() for state in one.states})
    everything = translate(locale, mark("All"))
    return {
        "show": [
            ("", translate(locale, mark("Waiting"))),
            (MINE, translate(locale, mark("In my hands"))),
            (OVERDUE, translate(locale, mark("Overdue"))),
            (CLOSED, translate(locale, mark("Closed"))),
        ],
        "sort": [("", everything), *((name, word(name, locale)) for name in CASE_TYPES)],
        "state": [("", everything), *((name, word(name, locale)) for name in states)],
        "country": [("", everything), *((code, format_country(code, locale)) for code in countries)],
    }
