"""Strategies over HTTP: the register, one of them, proposals, and the library of levers."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field
from starlette.background import BackgroundTask

from tiffin.capabilities.balance.domain.levers import LeadTime
from tiffin.capabilities.balance.service.strategies import background
from tiffin.capabilities.balance.service.strategies.evidence import evidence_so_far
from tiffin.capabilities.balance.service.strategies.files import plain_lever, plain_proposal, plain_strategy
from tiffin.capabilities.balance.service.strategies.library import read_levers
from tiffin.capabilities.balance.service.strategies.proposals import ask, find_proposal
from tiffin.capabilities.balance.service.strategies.questions import ask_about
from tiffin.capabilities.balance.service.strategies.strategies import (
    Adoption,
    act,
    adopt,
    find_strategy,
    list_strategies,
)
from tiffin.web.edge import ContextDep

router = APIRouter(prefix="/strategies")

Name = Annotated[str, Field(min_length=1, max_length=80)]


class Miss(BaseModel):
    """A miss of a day-book against which something is to be done."""

    city: str
    day: date
    episode: int = Field(default=1, ge=1)
    lead: LeadTime = LeadTime.MORNING


class Adopted(BaseModel):
    """An option of a proposal that becomes a strategy."""

    proposal: int
    option: Name
    owner: str = Field(default="", max_length=80)
    team: Name
    first: date
    last: date


class Moved(BaseModel):
    """An action on a strategy with what it has to say, and the version of the case that was seen."""

    action: Name
    said: dict[str, str] = Field(default_factory=dict)
    version: int | None = None


@router.get("")
def strategies(
    context: ContextDep,
    city: Annotated[str, Query()] = "",
    state: Annotated[str, Query()] = "",
    lever: Annotated[str, Query()] = "",
) -> dict[str, Any]:
    """List the strategies of the cities that you see, the newest first."""
    found = list_strategies(context, city=city, state=state, lever=lever)
    return {"strategies": [plain_strategy(one) for one in found]}


@router.post("")
def adopt_option(context: ContextDep, said: Adopted) -> dict[str, Any]:
    """Make an option of a proposal a strategy; a second person agrees to it."""
    adoption = Adoption(said.owner, said.team, said.first, said.last)
    return plain_strategy(adopt(context, said.proposal, said.option, adoption))


@router.get("/levers")
def levers(context: ContextDep) -> dict[str, Any]:
    """List the library of levers with what is known of each."""
    evidence = evidence_so_far(context)
    library = read_levers(context.workspace, context.now.date())
    return {"levers": [plain_lever(one, evidence[one.lever]) for one in library]}


@router.post("/proposals")
def propose(context: ContextDep, miss: Miss) -> Response:
    """Ask what could be done about a miss; it is rehearsed beside the server, once for the same question."""
    question = ask_about(context, miss.city, miss.day, episode=miss.episode, lead_time=miss.lead)
    found, is_to_do = ask(context, question)
    root, log, user = context.workspace.root, background.log_of(context), context.actor.name
    task = BackgroundTask(background.start, root, log, found.number, user=user) if is_to_do else None
    return JSONResponse(plain_proposal(found), background=task)


@router.get("/proposals/{number}")
def proposal(context: ContextDep, number: int) -> dict[str, Any]:
    """Show how far a proposal is, or what it came to; all of it is simulated."""
    return plain_proposal(find_proposal(context, number))


@router.get("/{case_id}")
def strategy(context: ContextDep, case_id: int) -> dict[str, Any]:
    """Show one strategy."""
    return plain_strategy(find_strategy(context, case_id))


@router.post("/{case_id}")
def act_on(context: ContextDep, case_id: int, moved: Moved) -> dict[str, Any]:
    """Move a strategy on, by the actions that it lists."""
    return plain_strategy(act(context, case_id, moved.action, moved.said, version=moved.version))
