"""Shadow mode: drafts that decide new cases beside what is in force, without effect."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from tiffin.capabilities.policies.pages.shown import titled
from tiffin.capabilities.policies.service import drafting, shadow
from tiffin.capabilities.policies.service.drafting_rights import may_draft, may_read_drafts
from tiffin.kernel.errors import Conflict, InvalidDefinition, NotFound, TiffinError, WrongUse
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import mark
from tiffin.web.edge import ContextDep
from tiffin.web.page import page

router = APIRouter(prefix="/policies/{name}/shadow")

JUDGED: Mapping[str, str] = {
    "in_force": mark("what is in force was right"),
    "draft": mark("the draft was right"),
    "neither": mark("neither was right"),
}


@router.get("")
def show_shadows(request: Request, context: ContextDep, name: str, draft: int | None = None) -> HTMLResponse:
    """Show what runs or ran in shadow, and how to begin another run."""
    return _shown(request, context, name, chosen=draft)


@router.post("", response_model=None)
def begin(
    request: Request, context: ContextDep, name: str, draft: Annotated[int, Form()]
) -> HTMLResponse | RedirectResponse:
    """Let a draft decide new cases beside what is in force."""
    try:
        with context.session.begin_nested():
            shadow.begin_shadow(context, draft)
    except (NotFound, InvalidDefinition) as refusal:
        return _shown(request, context, name, chosen=draft, refusal=refusal)
    return _to(name)


@router.post("/{case_id}/end", response_model=None)
def end(
    request: Request, context: ContextDep, name: str, case_id: int, reason: Annotated[str, Form()] = ""
) -> HTMLResponse | RedirectResponse:
    """End a run."""
    try:
        with context.session.begin_nested():
            shadow.end_shadow(context, case_id, reason)
    except (Conflict, WrongUse) as refusal:
        return _shown(request, context, name, refusal=refusal)
    return _to(name)


def _shown(
    request: Request, context: Context, name: str, *, chosen: int | None = None, refusal: TiffinError | None = None
) -> HTMLResponse:
    drafts = drafting.list_drafts(context, name, everything=True) if may_read_drafts(context) else ()
    return page(
        request,
        context,
        "policies/shadow.html",
        status=refusal.http_status if refusal else HTTPStatus.OK,
        refused=refusal.said if refusal else "",
        name=name,
        told=titled(context, name),
        shadows=shadow.list_shadows(context, name),
        drafts=[one for one in drafts if one.is_open],
        titles={one.draft_id: one.title for one in drafts},
        chosen=chosen,
        judged=JUDGED,
        may_draft=may_draft(context),
    )


def _to(name: str) -> RedirectResponse:
    return RedirectResponse(f"/policies/{name}/shadow", status_code=HTTPStatus.SEE_OTHER)
