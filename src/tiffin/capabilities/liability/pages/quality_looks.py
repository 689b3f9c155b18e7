"""Second looks in a browser: what waits for a blind judgement, and one case with what happened and nothing else."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.pages.tabs import TABS
from tiffin.capabilities.liability.service import quality_looks
from tiffin.capabilities.liability.service.judging_words import PARTIES
from tiffin.capabilities.liability.service.ledger_words import INCIDENTS
from tiffin.kernel.errors import Conflict, Forbidden, TiffinError, WrongUse
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import mark
from tiffin.web.edge import ContextDep
from tiffin.web.page import page

router = APIRouter(include_in_schema=False)

SURE = {"0.6": mark("Hardly sure"), "0.75": mark("Rather sure"), "0.9": mark("Sure"), "0.99": mark("Quite sure")}
"""How sure a judge can say that he is, and what that counts for."""


@router.get("/liability/quality/looks")
def show_looks(request: Request, context: ContextDep) -> Response:
    """Show the cases that the reader may judge a second time."""
    return page(
        request,
        context,
        "liability/quality_looks.html",
        tabs=TABS,
        looks=quality_looks.waiting_looks(context),
        incidents=INCIDENTS,
    )


@router.get("/liability/quality/looks/{case_id}")
def show_look(request: Request, context: ContextDep, case_id: int) -> Response:
    """Show one case as its judge may see it."""
    return _look(request, context, case_id)


@router.post("/liability/quality/looks/{case_id}/take")
def take_look(request: Request, context: ContextDep, case_id: int, version: Annotated[int, Form()]) -> Response:
    """Take a case in hand; a refusal says why."""
    try:
        quality_looks.take(context, case_id, version=version)
    except (Conflict, Forbidden) as refusal:
        return _look(request, context, case_id, refusal)
    return RedirectResponse(f"/liability/quality/looks/{case_id}", HTTPStatus.SEE_OTHER)


@router.post("/liability/quality/looks/{case_id}")
def judge(
    request: Request,
    context: ContextDep,
    case_id: int,
    liable: Annotated[Party, Form()],
    confidence: Annotated[float, Form()],
    version: Annotated[int, Form()],
    note: Annotated[str, Form()] = "",
) -> Response:
    """Judge a case, and go on with the next; a refusal says why."""
    try:
        quality_looks.judge(context, case_id, liable, confidence=confidence, note=note, version=version)
    except (Conflict, Forbidden, WrongUse) as refusal:
        return _look(request, context, case_id, refusal)
    return RedirectResponse("/liability/quality/looks", HTTPStatus.SEE_OTHER)


def _look(request: Request, context: Context, case_id: int, refused: TiffinError | None = None) -> Response:
    return page(
        request,
        context,
        "liability/quality_look.html",
        status=refused.http_status if refused else HTTPStatus.OK,
        tabs=TABS,
        look=quality_looks.blind_case(context, case_id),
        refused=refused.said if refused else "",
        parties=PARTIES,
        incidents=INCIDENTS,
        sure=SURE,
    )
