"""The pages of the audit trail: search, one entry, verifying, taking entries away."""

from contextlib import suppress
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, Response, StreamingResponse
from pydantic import BaseModel, Field

from tiffin.capabilities.access.domain.auditing import AuditSearch, ExportKind
from tiffin.capabilities.access.service import auditing
from tiffin.capabilities.access.service.fault_words import fault_told
from tiffin.capabilities.access.service.wording import ACTIONS
from tiffin.kernel.errors import WrongUse
from tiffin.runtime.audit import Outcome
from tiffin.runtime.audit_chain import read_anchor
from tiffin.runtime.audit_checking import TrailCheck
from tiffin.runtime.i18n import mark, translate
from tiffin.runtime.json_text import json_text
from tiffin.web.edge import ContextDep
from tiffin.web.page import page

router = APIRouter(prefix="/access/audit", include_in_schema=False)

OUTCOMES = {Outcome.DONE: mark("Done"), Outcome.REFUSED: mark("Refused"), Outcome.READ: mark("Seen")}


class Asked(BaseModel):
    """The address of a search; a day that cannot be read does not narrow it."""

    actor: str = ""
    action: str = ""
    subject: str = ""
    outcome: str = ""
    since: str = ""
    until: str = ""
    text: str = Field(default="", max_length=200)
    before: int | None = None

    def search(self) -> AuditSearch:
        """Give what is looked for."""
        outcome = self.outcome if self.outcome in tuple(Outcome) else ""
        days = [_day(self.since), _day(self.until)]
        words = [one.strip() for one in (self.actor, self.action, self.subject, self.text)]
        return AuditSearch(words[0], words[1], words[2], outcome, days[0], days[1], words[3], self.before)


Question = Annotated[Asked, Query()]


@router.get("")
def show(request: Request, context: ContextDep, asked: Question) -> HTMLResponse:
    """Show who did what, newest first, to auditors and administrators."""
    return _trail(request, context, asked.search())


@router.post("/verify")
def verify(request: Request, context: ContextDep, anchor: Annotated[str, Form()] = "") -> HTMLResponse:
    """Verify the whole chain, against an anchor if one is given, and tell how it stands."""
    try:
        anchors = [read_anchor(anchor)] if anchor.strip() else []
    except WrongUse as refusal:
        return _trail(request, context, AuditSearch(), refused=refusal.said, anchor=anchor)
    check = auditing.verify_audit(context, anchors=anchors)
    return _trail(request, context, AuditSearch(), check=check, anchor=anchor)


@router.get("/export.{kind}")
def export(context: ContextDep, kind: ExportKind, asked: Question) -> Response:
    """Give the entries of a search as a file, whose name and header tell where the trail ended."""
    taken = auditing.export_audit(context, asked.search(), kind)
    headers = {
        "Content-Disposition": f'attachment; filename="{taken.name}"',
        "Tiffin-Audit-Anchor": taken.anchor.text,
    }
    return StreamingResponse(taken.parts, media_type=kind.media_type, headers=headers)


@router.get("/{entry_id}")
def show_entry(request: Request, context: ContextDep, entry_id: int) -> HTMLResponse:
    """Show all of one entry."""
    entry = auditing.find_entry(context, entry_id)
    details = {name: value if isinstance(value, str) else json_text(value) for name, value in entry.details.items()}
    return page(
        request,
        context,
        "access/audit_entry.html",
        entry=entry,
        details=details,
        action=ACTIONS.get(entry.action, entry.action.replace("_", " ")),
        outcomes=OUTCOMES,
    )


def _trail(
    request: Request,
    context: ContextDep,
    search: AuditSearch,
    *,
    check: TrailCheck | None = None,
    refused: str = "",
    anchor: str = "",
) -> HTMLResponse:
    entries = auditing.search_audit(context, search)
    values: dict[str, Any] = {
        "entries": entries,
        "search": search,
        "state": auditing.trail_state(context),
        "check": check,
        "faults": [fault_told(fault) for fault in check.faults] if check else [],
        "refused": refused,
        "anchor": anchor,
        "actions": ACTIONS,
        "outcomes": OUTCOMES,
        "action_choices": _choices(context.locale, ACTIONS, search.action),
        "outcome_choices": _choices(context.locale, OUTCOMES, search.outcome),
        "older": entries[-1].entry_id if len(entries) == auditing.PAGE_SIZE else None,
    }
    return page(request, context, "access/audit.html", **values)


def _choices(locale: str, words: Any, chosen: str) -> list[tuple[str, str]]:
    """Give what can be looked for, in words and by them; a name from elsewhere stays as it is."""
    known = dict.fromkeys((*words, chosen)) if chosen else words
    told = ((str(name), translate(locale, words.get(name, name))) for name in known)
    return [("", translate(locale, mark("All"))), *sorted(told, key=lambda one: one[1])]


def _day(text: str) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(text)
    return None
