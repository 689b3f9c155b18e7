"""Evidence of cases: attached, shown with a safe sort of content, and redacted."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import UploadFile

from tiffin.capabilities.cases.domain.media import MOST_BYTES, file_name
from tiffin.capabilities.cases.pages.queue import case_page
from tiffin.capabilities.cases.service import evidence
from tiffin.capabilities.cases.service.comments import require_voice
from tiffin.capabilities.cases.service.records import find_record
from tiffin.kernel.errors import WrongUse
from tiffin.web.edge import ContextDep

router = APIRouter(include_in_schema=False)

SEALED_OFF = "default-src 'none'; style-src 'none'; sandbox"
"""What a file may do in the reader's browser: nothing."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a form with a file holds."""

    said: Mapping[str, str]
    title: str
    content: bytes


async def sent_form(request: Request) -> Sent:
    """Read a form with a file, or with a text in its place."""
    form = await request.form()
    said = {name: text.strip() for name, text in form.items() if isinstance(text, str)}
    file = form.get("file")
    if isinstance(file, UploadFile) and file.filename:
        # One byte more than is taken, so that what is too large is told as that.
        return Sent(said, said.get("title") or file.filename, await file.read(MOST_BYTES + 1))
    return Sent(said, said.get("title", ""), said.get("text", "").encode())


SentForm = Annotated[Sent, Depends(sent_form)]


@router.post("/cases/{case_id}/evidence")
def attach_evidence(request: Request, context: ContextDep, case_id: int, sent: SentForm) -> Response:
    """Attach a file to a case."""
    require_voice(context, find_record(context, case_id))
    try:
        evidence.attach(context, case_id, sent.content, sent.title)
    except WrongUse as refusal:
        return case_page(request, context, case_id, refused=refusal.said, status=HTTPStatus(refusal.http_status))
    return RedirectResponse(f"/cases/{case_id}#evidence", HTTPStatus.SEE_OTHER)


@router.get("/cases/evidence/{evidence_id}")
def show_evidence(context: ContextDep, evidence_id: int, reason: Annotated[str, Query()] = "") -> Response:
    """Show a file: of a redacted one the copy, for a reason the original. That it was shown is told on the trail."""
    find_record(context, evidence.case_of(context, evidence_id))
    found, content = evidence.read(context, evidence_id, reason=reason)
    headers = {
        "Content-Security-Policy": SEALED_OFF,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
        "Content-Disposition": f'inline; filename="{file_name(found.evidence_id, found.media_type)}"',
    }
    kind = f"{found.media_type}; charset=utf-8" if found.media_type.startswith("text/") else found.media_type
    return Response(content, headers=headers, media_type=kind)


@router.post("/cases/evidence/{evidence_id}/redact")
def redact_evidence(request: Request, context: ContextDep, evidence_id: int, sent: SentForm) -> Response:
    """Put a redacted copy in the place of a file."""
    case_id = evidence.case_of(context, evidence_id)
    require_voice(context, find_record(context, case_id))
    try:
        evidence.redact(context, evidence_id, sent.content, sent.said.get("reason", ""))
    except WrongUse as refusal:
        return case_page(request, context, case_id, refused=refusal.said, status=HTTPStatus(refusal.http_status))
    return RedirectResponse(f"/cases/{case_id}#evidence", HTTPStatus.SEE_OTHER)
