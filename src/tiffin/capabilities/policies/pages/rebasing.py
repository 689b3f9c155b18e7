"""Putting a draft upon what came into force since it began."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse

from tiffin.capabilities.policies.service.drafting import find_draft
from tiffin.capabilities.policies.service.drafting_merging import differences, rebase
from tiffin.web.edge import ContextDep

router = APIRouter()

MINE = "mine"


@router.post("/policies/{name}/drafts/{draft_id}/rebase")
def put_upon(
    context: ContextDep, name: str, draft_id: int, seen: Annotated[int, Form()], keep: Annotated[str, Form()] = ""
) -> RedirectResponse:
    """Put a draft upon what holds now; where both changed the same, ``keep`` says whose entry stays."""
    shown = differences(context, find_draft(context, draft_id)) if keep == MINE else {}
    mine = {place: [one.path for one in found if one.is_conflict] for place, found in shown.items()}
    rebase(context, draft_id, mine=mine, seen=seen)
    return RedirectResponse(f"/policies/{name}/drafts/{draft_id}", HTTPStatus.SEE_OTHER)
