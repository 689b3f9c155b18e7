"""Feedback: given on any page, read and answered by stewards."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response

from tiffin.capabilities.adoption.pages.forms import acted, seen, shown, status_of
from tiffin.capabilities.adoption.service import feedback
from tiffin.kernel.errors import WrongUse
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context
from tiffin.web.edge import ContextDep
from tiffin.web.forms import Said
from tiffin.web.page import own_path
from tiffin.web.paging import Page

router = APIRouter()

SHOWN = 50
STATES = ("new", "answered", "taken_up", "counted", "closed")


@router.post("/feedback")
def say(
    request: Request,
    context: ContextDep,
    sort: Annotated[str, Form()] = "",
    text: Annotated[str, Form()] = "",
    page: Annotated[str, Form()] = "/",
) -> Response:
    """Keep what somebody says on a page; a browser with scripts gets its thanks in place, others on a page."""
    target, is_part = own_path(page), request.headers.get("hx-request") == "true"
    template = "adoption/thanks_part.html" if is_part else "adoption/thanks.html"
    try:
        given = feedback.say(context, sort, text=text, page=target)
    except WrongUse as refusal:
        # htmx leaves a page as it is at a refusal; the part itself says what is missing.
        status = HTTPStatus.OK if is_part else status_of(refusal)
        values = {"given": None, "refused": refusal.said, "sort": sort, "text": text}
        return shown(request, context, template, back=target, status=status, **values)
    response = shown(request, context, template, back=target, given=given, refused="", sort="", text="")
    if is_part:
        response.headers["HX-Retarget"] = "#say-form"  # thanks stand where the form was, so that nobody sends twice
    return response


@router.get("/feedback")
def show_feedback(
    request: Request,
    context: ContextDep,
    state: str = "new",
    page_number: Annotated[int, Query(alias="page", ge=1)] = 1,
) -> Response:
    """Show feedback: all of it to stewards, his own to anybody else."""
    state = state if state in (*STATES, "") else "new"
    total = feedback.count_feedback(context, state=state)
    number = min(page_number, max(1, -(-total // SHOWN)))
    rows = feedback.list_feedback(context, state=state, limit=SHOWN, offset=(number - 1) * SHOWN)
    is_steward = context.actor.has_role(Role.STEWARD)
    return shown(
        request,
        context,
        "adoption/feedback_list.html",
        found=Page(rows, number, SHOWN, total),
        state=state,
        states=STATES,
        is_steward=is_steward,
        verdicts=feedback.verdicts(context) if is_steward else (),
    )


@router.get("/feedback/{item_id}")
def show_one(request: Request, context: ContextDep, item_id: int) -> Response:
    """Show one feedback with what was answered."""
    return _one(request, context, item_id)


@router.post("/feedback/{item_id}")
def act_on_feedback(
    request: Request,
    context: ContextDep,
    item_id: int,
    action: Annotated[str, Form()],
    version: Annotated[int, Form()],
    said: Said,
) -> Response:
    """Answer feedback, close it, or make it a requirement or a case."""
    if action == "to_requirement":
        made = feedback.make_requirement(context, item_id, version=version)
        return seen(f"/adoption/requirements/{made}")
    if action == "to_case":
        return seen(f"/cases/{feedback.make_case(context, item_id, version=version)}")
    text = said.get("text") or said.get("reason") or ""
    return acted(
        lambda: feedback.answer(context, item_id, action, text=text, version=version),
        f"/adoption/feedback/{item_id}",
        lambda **again: _one(request, context, item_id, **again),
        {f"{action}-{name}": one for name, one in said.items()},
    )


def _one(request: Request, context: Context, item_id: int, **again: Any) -> Response:
    found = feedback.show_feedback(context, item_id)
    return shown(request, context, "adoption/feedback.html", found=found, **{"refused": "", "said": {}} | again)
