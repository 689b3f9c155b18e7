"""The pages of personal data: one person found and handed over, erasures asked for, decided and certified."""

from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from pydantic import BaseModel
from starlette.background import BackgroundTask

from tiffin.capabilities.access.domain.erasing import SoughtPerson, State
from tiffin.capabilities.access.pages.framing import framed, went_to
from tiffin.capabilities.access.service import erasing, erasing_steps, people, people_export
from tiffin.capabilities.access.service.people_words import KINDS, STATES, STEPS
from tiffin.kernel.errors import Conflict, NotFound, WrongUse
from tiffin.runtime.context import Context
from tiffin.runtime.database import Unit
from tiffin.runtime.edge import open_unit
from tiffin.runtime.i18n import LOCALES
from tiffin.runtime.json_text import json_text
from tiffin.web.edge import ContextDep

router = APIRouter(prefix="/access/people", include_in_schema=False)
Words = Annotated[str, Form()]


class Decided(BaseModel):
    """What an officer decides; ``left_out`` are keys of texts that only seem to name the person."""

    decision: str
    reason: str = ""
    left_out: list[str] = []
    why_left_out: str = ""


@router.get("")
def show(request: Request, context: ContextDep) -> Response:
    """Show the search for a person, and the requests to erase somebody."""
    return _start(request, context)


@router.post("")
def find(
    request: Request, context: ContextDep, kind: Words = "rider", identifier: Words = "", also: Words = ""
) -> Response:
    """Show where a person is named. Who it is comes with the form and stands in no address."""
    person = _person(kind, identifier, also)
    try:
        found = people.find_person(context, person)
    except (NotFound, WrongUse) as refusal:
        return _start(request, context, person=person, refused=refusal.said, status=int(refusal.http_status))
    return _start(request, context, person=person, found=found)


@router.post("/export")
def export(
    context: ContextDep, kind: Words, identifier: Words, also: Words = "", language: Annotated[str, Form()] = ""
) -> Response:
    """Hand over all that is known of a person; nothing of it stays here."""
    content = people_export.export_person(context, _person(kind, identifier, also), language=language or None)
    headers = {"Content-Disposition": 'attachment; filename="person.zip"', "Cache-Control": "no-store"}
    return Response(content, media_type="application/zip", headers=headers)


@router.post("/erasures")
def ask(
    request: Request, context: ContextDep, kind: Words, identifier: Words, also: Words = "", reason: Words = ""
) -> Response:
    """Ask that a person be erased; a refusal shows the search again and says why."""
    person = _person(kind, identifier, also)
    try:
        made = erasing.ask_erasure(context, person, reason)
    except (Conflict, NotFound, WrongUse) as refusal:
        return _start(request, context, person=person, refused=refusal.said, status=int(refusal.http_status))
    return went_to(f"/access/people/erasures/{made.erasure_id}")


@router.get("/erasures/{erasure_id}")
def show_erasure(request: Request, context: ContextDep, erasure_id: int) -> Response:
    """Show a request, how far it is, and its certificate."""
    return _request_page(request, context, erasure_id)


@router.get("/erasures/{erasure_id}/certificate.json")
def certificate(context: ContextDep, erasure_id: int) -> Response:
    """Give the certificate as a file; it names the request's number and nobody."""
    one = erasing.show_erasure(context, erasure_id)
    headers = {"Content-Disposition": f'attachment; filename="erasure-{erasure_id}.json"'}
    return Response(json_text(erasing.certificate_of(one)), media_type="application/json", headers=headers)


@router.get("/erasures/{erasure_id}/texts")
def show_texts(request: Request, context: ContextDep, erasure_id: int) -> Response:
    """Show the texts of the facts that would be rewritten, for whoever decides."""
    one = erasing.show_erasure(context, erasure_id)
    texts = erasing.texts_to_rewrite(context, erasure_id)
    return framed(request, context, "erasing_texts.html", one=one, texts=texts)


@router.post("/erasures/{erasure_id}")
def act(request: Request, context: ContextDep, erasure_id: int, asked: Annotated[Decided, Form()]) -> Response:
    """Decide on a request, carry it on, or close it; what was approved is carried out at once."""
    address = f"/access/people/erasures/{erasure_id}"
    try:
        if asked.decision in ("approve", "carry_on"):
            if asked.decision == "approve":
                erasing.approve_erasure(context, erasure_id, left_out=asked.left_out, why_left_out=asked.why_left_out)
            else:
                erasing_steps.carry_on(context, erasure_id)
            response = went_to(address)
            response.background = BackgroundTask(_carry_out, context, erasure_id)
            return response
        _settle(context, erasure_id, asked.decision, asked.reason)
    except (Conflict, WrongUse) as refusal:
        return _request_page(request, context, erasure_id, refused=refusal.said, status=int(refusal.http_status))
    return went_to(address)


def _settle(context: Context, erasure_id: int, decision: str, reason: str) -> None:
    if decision == "withdraw":
        erasing.withdraw_erasure(context, erasure_id)
    elif decision == "close":
        erasing_steps.close_with_traces(context, erasure_id, reason)
    else:
        erasing.refuse_erasure(context, erasure_id, reason)


def _carry_out(context: Context, erasure_id: int) -> None:
    """Carry out what was approved after the answer has gone out, as whoever approved it."""
    actor, workspace = context.actor, context.workspace

    def sign_in(_unit: Unit) -> Any:
        return actor

    opening = partial(open_unit, workspace, sign_in, now=datetime.now(UTC), locale=context.locale)
    erasing_steps.carry_out(opening, erasure_id)


def _person(kind: str, identifier: str, also: str) -> SoughtPerson:
    words = (word.strip() for word in also.replace("\r", "").split("\n"))
    return SoughtPerson(kind, identifier.strip(), tuple(word for word in words if word))


def _start(
    request: Request,
    context: Context,
    *,
    person: SoughtPerson | None = None,
    found: people.FoundPerson | None = None,
    refused: str = "",
    status: int = HTTPStatus.OK,
) -> Response:
    return framed(
        request,
        context,
        "people.html",
        status=status,
        refused=refused,
        erasures=erasing.list_erasures(context),
        person=person,
        found=found,
        kinds=KINDS,
        states=STATES,
        languages=LOCALES,
    )


def _request_page(
    request: Request, context: Context, erasure_id: int, *, refused: str = "", status: int = HTTPStatus.OK
) -> Response:
    one = erasing.show_erasure(context, erasure_id)
    is_running = one.state is State.APPROVED and one.scanned is None
    return framed(
        request,
        context,
        "erasing.html",
        status=status,
        refused=refused,
        one=one,
        kinds=KINDS,
        states=STATES,
        steps=STEPS,
        is_running=is_running,
    )
