"""From the case by which a proposal waits to the draft that it is about."""

from http import HTTPStatus

from fastapi import APIRouter
from fastapi.responses import RedirectResponse

from tiffin.capabilities.policies.service.drafting_cases import draft_of_case
from tiffin.web.edge import ContextDep

router = APIRouter()


@router.get("/policies/proposals/{case_id}")
def show_proposal(context: ContextDep, case_id: int) -> RedirectResponse:
    """Show the draft that a case is about, where it is published or sent back."""
    draft = draft_of_case(context, case_id)
    return RedirectResponse(f"/policies/{draft.policy}/drafts/{draft.draft_id}", HTTPStatus.SEE_OTHER)
