"""Roll-outs over HTTP: which there are, whether a remedy is on in a city, and what was tried where."""

import json
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from tiffin.capabilities.balance.service.roll_outs.cities import city_now
from tiffin.capabilities.balance.service.roll_outs.evidence import evidence_of, gather
from tiffin.capabilities.balance.service.roll_outs.moving import act
from tiffin.capabilities.balance.service.roll_outs.planning import draft, planned_in, suggest
from tiffin.capabilities.balance.service.roll_outs.records import find_roll_out, list_roll_outs
from tiffin.capabilities.balance.service.roll_outs.register import register
from tiffin.capabilities.balance.service.roll_outs.telling import (
    plain_city,
    plain_entry,
    plain_evidence,
    plain_roll_out,
    plain_suggestion,
)
from tiffin.runtime.json_text import json_text
from tiffin.web.edge import ContextDep

router = APIRouter()

Name = Annotated[str, Query(min_length=1, max_length=128)]


class Act(BaseModel):
    """One act on a roll-out."""

    action: str = Field(max_length=40)
    values: dict[str, str] = Field(default_factory=dict)
    version: int | None = None


@router.get("/roll-outs")
def show_roll_outs(context: ContextDep, state: str | None = None) -> dict[str, Any]:
    """List the roll-outs that reach a city that you see, the newest first."""
    return {"roll_outs": [_plain(plain_roll_out(one)) for one in list_roll_outs(context, state)]}


@router.post("/roll-outs")
def write_roll_out(context: ContextDep, plan: dict[str, Any]) -> dict[str, Any]:
    """Write a roll-out down, as `plan` of a suggestion gives one."""
    return _plain(plain_roll_out(draft(context, plan)))


@router.get("/roll-outs/register")
def show_register(
    context: ContextDep, remedy: str = "", city: str = "", result: str = "", kind: str = ""
) -> dict[str, Any]:
    """Tell what was tried and rolled out where, with what result."""
    found = register(context, remedy=remedy, city_id=city, result=result, kind=kind)
    return {"entries": [_plain(plain_entry(one)) for one in found]}


@router.get("/roll-outs/evidence")
def show_evidence(context: ContextDep, remedy: Name, metric: Name) -> dict[str, Any]:
    """Bring together what is known of a remedy by a metric, and foretell it for the other cities."""
    gather(context)
    return _plain(plain_evidence(evidence_of(context, remedy, metric, planned_in(context))))


@router.get("/roll-outs/suggestion")
def show_suggestion(context: ContextDep, trial: Name, cost: float = 0.0) -> dict[str, Any]:
    """Suggest how the remedy of a trial could be rolled out; nothing is written down."""
    return _plain(plain_suggestion(suggest(context, trial, cost=cost)))


@router.get("/roll-outs/{case}")
def show_roll_out(context: ContextDep, case: str) -> dict[str, Any]:
    """Show one roll-out, by its name or the number of its case."""
    return _plain(plain_roll_out(find_roll_out(context, case)))


@router.get("/roll-outs/{case}/cities/{city}")
def show_city(
    context: ContextDep, case: str, city: str, unit: Annotated[str | None, Query(max_length=128)] = None
) -> dict[str, Any]:
    """Tell whether the remedy is on in a city now; with a unit, for this zone, merchant or rider of it.

    The version grows with each change, so that whoever keeps an answer knows whether it is an older one.
    """
    return dict(plain_city(city_now(context, case, city, unit)))


@router.post("/roll-outs/{case}/acts")
def act_on_roll_out(context: ContextDep, case: str, asked: Act) -> dict[str, Any]:
    """Move a roll-out on, or take it back."""
    return _plain(plain_roll_out(act(context, case, asked.action, asked.values, version=asked.version)))


def _plain(found: object) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json_text(found))
    return plain
