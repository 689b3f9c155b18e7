"""Incidents in a browser: what is broken, what reads it, what is done about it, and what was learned."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any

import pyarrow as pa
from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from tiffin.capabilities.cases.domain.severity import SEVERITIES
from tiffin.capabilities.cases.service.timers import ESCALATED
from tiffin.capabilities.cases.service.words import CLOCKS, shown, word
from tiffin.capabilities.metrics import service as metrics
from tiffin.capabilities.quality import service
from tiffin.capabilities.quality.domain.checks import CheckKind, TableCheck
from tiffin.capabilities.quality.domain.incidents import Incident
from tiffin.capabilities.quality.pages.files import FileForm, as_file
from tiffin.capabilities.quality.service import incident_acts
from tiffin.capabilities.quality.service.broken import said
from tiffin.capabilities.quality.service.incident_views import (
    as_markdown,
    list_incidents,
    list_post_mortems,
    show_incident,
)
from tiffin.capabilities.quality.service.words import KINDS
from tiffin.kernel.errors import Conflict, WrongUse
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import format_country, language_of, mark, translate
from tiffin.web.edge import ContextDep
from tiffin.web.forms import Said
from tiffin.web.page import page
from tiffin.web.paging import ordered, paged

router = APIRouter()

CLOSED, MINE, OVERDUE = "closed", "mine", "overdue"
EXPORTED = 10_000
COLUMNS = pa.schema(
    [
        ("incident", pa.int64()),
        *((name, pa.string()) for name in ("headline", "severity", "state", "table", "country", "owner", "in_hand_of")),
        *((name, pa.timestamp("us", tz="UTC")) for name in ("opened_at", "due_at", "closed_at", "passes_since")),
        ("is_overdue", pa.bool_()),
        *((name, pa.int64()) for name in ("metrics", "certified_metrics", "failures")),
    ]
)
"""Columns of the file of incidents."""

SORTS: dict[str, Callable[[Incident], Any]] = {
    "what": lambda one: one.case.summary.headline,
    "severity": lambda one: SEVERITIES.index(one.case.summary.severity),
    "state": lambda one: one.case.summary.state,
    "metrics": lambda one: len(one.metrics),
    "owner": lambda one: one.owner,
    "opened": lambda one: one.case.summary.opened_at,
    "due": lambda one: one.case.summary.closed_at or one.case.summary.due_at,
}
"""What the list may be sorted by."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which incidents somebody wants to see, as the address says it; empty leaves a part open."""

    show: str = ""
    severity: str = ""
    country: str = ""
    table: str = ""
    owner: str = ""
    sort: str = ""
    page: Annotated[int, Query(ge=1)] = 1

    def chosen(self, listed: Sequence[Incident], context: Context) -> list[Incident]:
        """Choose among incidents."""
        return [one for one in listed if self._is_shown(one, context) and self._is_within(one)]

    def _is_shown(self, one: Incident, context: Context) -> bool:
        case = one.case.summary
        if self.show == MINE:
            return case.assignee == context.actor.name
        return case.is_overdue if self.show == OVERDUE else True

    def _is_within(self, one: Incident) -> bool:
        found = (one.case.summary.severity, one.country, one.table, one.owner)
        asked = (self.severity, self.country, self.table, self.owner)
        return all(want in ("", have) for want, have in zip(asked, found, strict=True))


@router.get("/quality/incidents")
def show_list(request: Request, context: ContextDep, wanted: Annotated[Wanted, Depends()]) -> Response:
    """Show the incidents that somebody wants to see: the worst and the most urgent first, unless he sorts them."""
    listed = list_incidents(context, is_open=wanted.show != CLOSED)
    found = wanted.chosen(listed, context)
    return page(
        request,
        context,
        "quality/incidents.html",
        found=paged(ordered(found, sort=wanted.sort, keys=SORTS), number=wanted.page),
        total=len(listed),
        counts={severity: sum(one.case.summary.severity == severity for one in found) for severity in SEVERITIES},
        show=wanted.show,
        wanted=wanted,
        sort=wanted.sort,
        choices=_choices(listed, context.locale),
        query=request.url.query,
        word=lambda name: word(name, context.locale),
        is_escalated=lambda one: any(event.action == ESCALATED for event in one.case.trail),
    )


@router.get("/quality/incidents.{form}")
def export_list(context: ContextDep, form: FileForm, wanted: Annotated[Wanted, Depends()]) -> Response:
    """Give the incidents that somebody wants to see as a file."""
    found = wanted.chosen(list_incidents(context, is_open=wanted.show != CLOSED, limit=EXPORTED), context)
    rows = [_row(one) for one in ordered(found, sort=wanted.sort, keys=SORTS)]
    return as_file("incidents", form, COLUMNS, rows)


@router.get("/quality/post-mortems")
def show_post_mortems(request: Request, context: ContextDep, q: str = "") -> Response:
    """Show what was learned of incidents, searched by words."""
    return page(request, context, "quality/post_mortems.html", found=list_post_mortems(context, q), q=q)


@router.get("/quality/incidents/{case_id}")
def show_one(request: Request, context: ContextDep, case_id: int) -> Response:
    """Show one incident."""
    return _shown(request, context, case_id)


@router.get("/quality/incidents/{case_id}/post-mortem.md")
def export_one(context: ContextDep, case_id: int) -> Response:
    """Give an incident with its post-mortem as Markdown."""
    headers = {"Content-Disposition": f'attachment; filename="incident-{case_id}.md"'}
    return Response(as_markdown(context, case_id), media_type="text/markdown; charset=utf-8", headers=headers)


@router.post("/quality/incidents/{case_id}")
def act_on_one(
    request: Request,
    context: ContextDep,
    case_id: int,
    action: Annotated[str, Form()],
    version: Annotated[int, Form()],
    said: Said,
) -> Response:
    """Act on an incident; a refusal shows it again as it stands now, and says why."""
    try:
        incident_acts.act(context, case_id, action, said, version=version)
    except (Conflict, WrongUse) as refusal:
        status = HTTPStatus(refusal.http_status)
        return _shown(request, context, case_id, refused=refusal.said, status=status, typed=said)
    return RedirectResponse(f"/quality/incidents/{case_id}", status_code=HTTPStatus.SEE_OTHER)


@router.post("/quality/incidents/{case_id}/post-mortem")
def write_one(request: Request, context: ContextDep, case_id: int, said: Said) -> Response:
    """Write down what was learned; a refusal shows what was written, and says what is missing."""
    try:
        incident_acts.write_post_mortem(context, case_id, said)
    except WrongUse as refusal:
        status = HTTPStatus(refusal.http_status)
        return _shown(request, context, case_id, refused=refusal.said, status=status, written=said)
    return RedirectResponse(f"/quality/incidents/{case_id}#learned", status_code=HTTPStatus.SEE_OTHER)


def _shown(
    request: Request,
    context: Context,
    case_id: int,
    *,
    refused: str = "",
    status: HTTPStatus = HTTPStatus.OK,
    typed: Mapping[str, str] | None = None,
    written: Mapping[str, str] | None = None,
) -> Response:
    locale = context.locale
    one = show_incident(context, case_id)
    checks = {check.name: check for check in service.table_checks(context).get(one.table, ())}
    labels = {metric.name: metric.label.text(language_of(locale)) for metric in metrics.list_metrics(context)}
    return page(
        request,
        context,
        "quality/incident.html",
        status=status,
        one=one,
        case=one.case.summary,
        refused=refused,
        typed=typed or {},
        written=written or {},
        may_write=bool(one.roles & {"steward", "analyst"}),
        roots=_roots(one.columns, checks),
        text_of=lambda name: said(checks[name], locale) if name in checks else name,
        kind_of=lambda kind: translate(locale, KINDS[kind]),
        label_of=lambda name: labels.get(name, name),
        word=lambda name: word(name, locale),
        clock=lambda name: translate(locale, CLOCKS[name]),
        shown=lambda value: word(shown(value, locale), locale),
    )


def _row(one: Incident) -> dict[str, Any]:
    case = one.case.summary
    return {
        "incident": case.case_id,
        "headline": case.headline,
        "severity": case.severity,
        "state": case.state,
        "table": one.table,
        "country": one.country or None,
        "owner": one.owner,
        "in_hand_of": case.assignee,
        "opened_at": case.opened_at,
        "due_at": case.due_at,
        "closed_at": case.closed_at,
        "passes_since": one.passes_since,
        "is_overdue": case.is_overdue,
        "metrics": len(one.metrics),
        "certified_metrics": len(one.certified),
        "failures": len(one.failures),
    }


def _choices(listed: Sequence[Incident], locale: str) -> dict[str, list[tuple[str, str]]]:
    everything = [("", translate(locale, mark("All")))]
    countries = sorted({one.country for one in listed if one.country})
    return {
        "show": [
            ("", translate(locale, mark("Open ones"))),
            (MINE, translate(locale, mark("In my hands"))),
            (OVERDUE, translate(locale, mark("Overdue"))),
            (CLOSED, translate(locale, mark("Closed ones"))),
        ],
        "severity": [*everything, *((one, word(one, locale)) for one in SEVERITIES)],
        "country": [*everything, *((one, format_country(one, locale)) for one in countries)],
        "table": [*everything, *((one, one) for one in sorted({each.table for each in listed}))],
        "owner": [*everything, *((one, one.replace("-", " ")) for one in sorted({each.owner for each in listed}))],
    }


def _roots(failing: tuple[str, ...], checks: Mapping[str, TableCheck]) -> list[str]:
    """Give the addresses under which the catalog draws what reads the broken columns, or the table."""
    whole = {CheckKind.FRESHNESS, CheckKind.VOLUME, CheckKind.UNIQUENESS, CheckKind.RECONCILIATION}
    found = [checks[name] for name in failing if name in checks]
    if not found or any(one.kind in whole or not one.columns for one in found):
        table = found[0].table if found else ""
        return [f"/catalog/lineage-of/table/{table}"] if table else []
    columns = dict.fromkeys(f"{one.table}.{column}" for one in found for column in one.columns)
    return [f"/catalog/lineage-of/column/{name}" for name in columns][:3]
