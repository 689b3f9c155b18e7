"""Self-service: a question is built by choosing, answered at once, saved, shared by its address, taken as a file."""

from http import HTTPStatus
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, Field

from tiffin.capabilities.scorecards.domain.reading import FILTERS
from tiffin.capabilities.scorecards.service import saving
from tiffin.capabilities.scorecards.service.exploring import Question, build, export_address
from tiffin.capabilities.scorecards.service.words import PROMISES
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import mark, translate
from tiffin.web.edge import ContextDep
from tiffin.web.page import page

router = APIRouter(prefix="/explore", include_in_schema=False)

FORMS = (
    ("", mark("What fits")),
    ("line", mark("Line")),
    ("bar", mark("Bars")),
    ("heatmap", mark("Grid of shades")),
    ("map", mark("Map")),
    ("table", mark("Table")),
)
ROLES = {
    Role.VIEWER: mark("Everybody who may look"),
    Role.ANALYST: mark("Analysts"),
    Role.CITY_MANAGER: mark("City managers"),
    Role.STEWARD: mark("Data stewards"),
}


class Asked(BaseModel):
    """The address of a question."""

    metrics: list[str] = Field(default=[], max_length=40)
    by: list[str] = Field(default=[], max_length=10)
    form: str = ""
    compared: str = ""
    q: str = ""
    was: str = ""


@router.get("")
def show(request: Request, context: ContextDep, asked: Annotated[Asked, Query()]) -> HTMLResponse:
    """Show the builder with the answer so far."""
    return _page(request, context, asked)


@router.post("/save")
def save(
    context: ContextDep,
    name: Annotated[str, Form()],
    address: Annotated[str, Form()],
    role: Annotated[str, Form()] = "",
) -> Response:
    """Save a question under a name."""
    saving.save_question(context, name=name, address=address, role=role or None)
    return RedirectResponse(f"/explore?{address}", status_code=HTTPStatus.SEE_OTHER)


@router.post("/remove")
def remove(context: ContextDep, question_id: Annotated[int, Form()]) -> Response:
    """Take a saved question away."""
    saving.remove_question(context, question_id)
    return RedirectResponse("/explore", status_code=HTTPStatus.SEE_OTHER)


def _page(request: Request, context: Context, asked: Asked) -> HTMLResponse:
    locale = context.locale
    raw = dict(request.query_params)
    choices = {name: raw[name] for name in (*FILTERS, "first", "last") if raw.get(name)}
    question = Question(
        metrics=tuple(dict.fromkeys(asked.metrics)),
        by=tuple(dict.fromkeys(name for name in asked.by if name)),
        choices=choices,
        form=asked.form,
        compared=bool(asked.compared),
        search=asked.q,
    )
    built = build(context, question)
    was = asked.was if asked.was != question.address and parse_qsl(asked.was) else ""
    return page(
        request,
        context,
        "scorecards/explore.html",
        built=built,
        asked=asked,
        was=was,
        address=question.address,
        forms=[(value, translate(locale, words)) for value, words in FORMS],
        roles=[(role.value, translate(locale, words)) for role, words in ROLES.items()],
        saved=saving.list_saved(context),
        csv=export_address(built, "csv"),
        parquet=export_address(built, "parquet"),
        promises={key: translate(locale, words) for key, words in PROMISES.items()},
        me=context.actor.name,
    )
