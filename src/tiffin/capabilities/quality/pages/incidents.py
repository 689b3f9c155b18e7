"""Incidents in a browser: what is broken, what reads it, what is done about it, and what was learned."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from tiffin.capabilities.cases.service.words import CLOCKS, shown, word
from tiffin.capabilities.metrics import service as metrics
from tiffin.capabilities.quality import service
from tiffin.capabilities.quality.domain.checks import CheckKind, TableCheck
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
from tiffin.runtime.i18n import language_of, translate
from tiffin.web.edge import ContextDep
from tiffin.web.forms import Said
from tiffin.web.page import page

router = APIRouter()

CLOSED = "closed"


@router.get("/quality/incidents")
def show_list(request: Request, context: ContextDep, show: str = "") -> Response:
    """Show the incidents: the worst and the most urgent first."""
    found = list_incidents(context, is_open=show != CLOSED)
    return page(
        request,
        context,
        "quality/incidents.html",
        found=found,
        show=show,
        word=lambda name: word(name, context.locale),
    )


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


def _roots(failing: tuple[str, ...], checks: Mapping[str, TableCheck]) -> list[str]:
    """Give the addresses under which the catalog draws what reads the broken columns, or the table."""
    whole = {CheckKind.FRESHNESS, CheckKind.VOLUME, CheckKind.UNIQUENESS, CheckKind.RECONCILIATION}
    found = [checks[name] for name in failing if name in checks]
    if not found or any(one.kind in whole or not one.columns for one in found):
        table = found[0].table if found else ""
        return [f"/catalog/lineage-of/table/{table}"] if table else []
    columns = dict.fromkeys(f"{one.table}.{column}" for one in found for column in one.columns)
    return [f"/catalog/lineage-of/column/{name}" for name in columns][:3]
