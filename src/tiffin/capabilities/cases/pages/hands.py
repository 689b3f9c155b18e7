"""Who has a case in hand, and what is said in it: forms of the queue and of one case."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from tiffin.capabilities.cases.domain.registry import GUIDED
from tiffin.capabilities.cases.pages.queue import case_page, queue_page
from tiffin.capabilities.cases.service.assigning import hand_over, release, take_next
from tiffin.capabilities.cases.service.comments import comment
from tiffin.kernel.errors import Conflict, NotFound, WrongUse
from tiffin.kernel.messages import Message
from tiffin.web.edge import ContextDep

router = APIRouter(include_in_schema=False)


@router.post("/cases/next")
def take_next_case(request: Request, context: ContextDep) -> Response:
    """Give the reader the most urgent case that is for him, or say that there is none."""
    try:
        found = take_next(context)
    except Conflict as refusal:
        return queue_page(request, context, told=refusal.said, status=HTTPStatus.CONFLICT)
    if found is None:
        return queue_page(request, context, told=Message("Nothing waits that is for you and that nobody has."))
    return _to_case(found.summary.case_id, found.summary.case_type)


@router.post("/cases/{case_id}/hand-over")
def hand_case_over(
    request: Request, context: ContextDep, case_id: int, reason: Annotated[str, Form()], to: Annotated[str, Form()] = ""
) -> Response:
    """Let a colleague have a case in hand; without one, put it back into the queue."""
    try:
        found = hand_over(context, case_id, to.strip(), reason) if to.strip() else release(context, case_id, reason)
    except (Conflict, NotFound, WrongUse) as refusal:
        return case_page(request, context, case_id, refused=refusal.said, status=HTTPStatus(refusal.http_status))
    return _to_case(case_id, found.summary.case_type)


@router.post("/cases/{case_id}/comments")
def write_comment(request: Request, context: ContextDep, case_id: int, text: Annotated[str, Form()] = "") -> Response:
    """Write a comment into a case."""
    try:
        comment(context, case_id, text)
    except WrongUse as refusal:
        return case_page(request, context, case_id, refused=refusal.said, status=HTTPStatus(refusal.http_status))
    return RedirectResponse(f"/cases/{case_id}#trail", HTTPStatus.SEE_OTHER)


def _to_case(case_id: int, case_type: str) -> Response:
    address = GUIDED.get(case_type, "/cases/{case_id}").format(case_id=case_id)
    return RedirectResponse(address, HTTPStatus.SEE_OTHER)
