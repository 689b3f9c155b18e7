"""What was planted in the simulated days, and what it did, in a browser."""

from datetime import date
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from tiffin.capabilities.rehearsals.service.planted import list_planted
from tiffin.capabilities.rehearsals.service.planted_truth import find_truth, written_truth
from tiffin.capabilities.rehearsals.service.truth import work_out
from tiffin.capabilities.rehearsals.service.truth_page import page_of
from tiffin.capabilities.rehearsals.service.truth_words import PARTIES
from tiffin.capabilities.rehearsals.service.words import CAUSES, KINDS
from tiffin.web.edge import ContextDep
from tiffin.web.page import page

router = APIRouter()


@router.get("/rehearsals/planted")
def show_planted(request: Request, context: ContextDep) -> Response:
    """Show every planted disruption with the cause that a diagnosis should name first."""
    return page(
        request,
        context,
        "rehearsals/planted.html",
        planted=list_planted(context),
        kinds=KINDS,
        causes=CAUSES,
        parties=PARTIES,
    )


@router.get("/rehearsals/planted/{city_id}/{day}")
def show_truth(request: Request, context: ContextDep, city_id: str, day: date) -> Response:
    """Show what was planted in a day of a city and which cause took how many minutes of its orders."""
    found = find_truth(context, city_id, day)
    return page(request, context, "rehearsals/truth.html", **page_of(context, found))


@router.post("/rehearsals/planted/{city_id}/{day}")
def work_out_truth(
    context: ContextDep, city_id: str, day: date, *, with_chance: Annotated[bool, Form()] = False
) -> RedirectResponse:
    """Work out which cause took how many seconds of each order, and show it."""
    find_truth(context, city_id, day)
    work_out(context, city_id, day, with_chance=with_chance)
    return RedirectResponse(f"/rehearsals/planted/{city_id}/{day}", status_code=HTTPStatus.SEE_OTHER)


@router.get("/rehearsals/planted/{city_id}/{day}/export.csv")
def export_truth(context: ContextDep, city_id: str, day: date) -> Response:
    """Give the causes of each order of a day as a file."""
    name = f"{city_id}-{day}-delay-causes.csv"
    return Response(
        written_truth(context, city_id, day),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
