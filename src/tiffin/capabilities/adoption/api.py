"""Adoption over HTTP: requirements and feedback in, both lists and the use of things out."""

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from tiffin.capabilities.adoption.domain.items import Ask
from tiffin.capabilities.adoption.service import feedback, nearness, requirements, usage
from tiffin.runtime.json_text import json_text
from tiffin.web.edge import ContextDep

router = APIRouter(prefix="/api/adoption", tags=["adoption"])


class AskShape(BaseModel):
    """A requirement in business words."""

    model_config = ConfigDict(extra="forbid")

    decision: Annotated[str, Field(description="Which decision somebody wants to take.", max_length=4000)]
    rhythm: Annotated[str, Field(description="How often: daily, weekly, ...")] = "weekly"
    people: Annotated[int, Field(description="How many take it, the asker included.", ge=1)] = 1
    who: Annotated[str, Field(max_length=4000)] = ""
    cities: tuple[str, ...] = ()
    wanted_by: date | None = None
    today: Annotated[str, Field(max_length=4000)] = ""
    minutes_saved: Annotated[float | None, Field(ge=0)] = None
    amount: Annotated[float | None, Field(ge=0)] = None


class FeedbackShape(BaseModel):
    """What somebody says about a page."""

    model_config = ConfigDict(extra="forbid")

    sort: Literal["useful", "not_useful", "wrong", "idea"]
    text: Annotated[str, Field(max_length=2000)] = ""
    page: Annotated[str, Field(description="Path of the page.", max_length=2000)] = "/"


@router.post("/requirements", status_code=201)
def ask(context: ContextDep, asked: AskShape) -> Response:
    """Ask for something; what exists and is near to it comes back with it."""
    near = nearness.near(context, asked.decision)
    found = requirements.ask(context, Ask(**asked.model_dump()))
    return _json({"requirement": found, "near": near}, status=201)


@router.get("/requirements")
def list_requirements(context: ContextDep) -> Response:
    """List requirements, the highest score first."""
    return _json({"requirements": requirements.list_requirements(context)})


@router.get("/requirements/{item_id}")
def show_requirement(context: ContextDep, item_id: int) -> Response:
    """Show one requirement with its score and its trail."""
    return _json({"requirement": requirements.show(context, item_id)})


@router.get("/requirements/{item_id}/usage")
def show_usage(context: ContextDep, item_id: int) -> Response:
    """Show who uses what was launched for a requirement, by week."""
    return _json({"usage": usage.use_of_launch(context, item_id)})


@router.post("/feedback", status_code=201)
def say(context: ContextDep, said: FeedbackShape) -> Response:
    """Say something about a page."""
    return _json({"feedback": feedback.say(context, said.sort, text=said.text, page=said.page)}, status=201)


def _json(payload: dict[str, Any], *, status: int = 200) -> Response:
    return Response(json_text(payload), media_type="application/json", status_code=status)
