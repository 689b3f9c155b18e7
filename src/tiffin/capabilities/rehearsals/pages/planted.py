"""What was planted in the simulated days, in a browser."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from tiffin.capabilities.rehearsals.service.planted import list_planted
from tiffin.capabilities.rehearsals.service.words import CAUSES, KINDS
from tiffin.web.edge import ContextDep
from tiffin.web.page import page

router = APIRouter()


@router.get("/rehearsals/planted")
def show_planted(request: Request, context: ContextDep) -> HTMLResponse:
    """Show every planted disruption with the cause that a diagnosis should name first."""
    return page(request, context, "rehearsals/planted.html", planted=list_planted(context), kinds=KINDS, causes=CAUSES)
