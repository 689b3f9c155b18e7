"""My requests, asking, the road map, and one requirement with its time line and talk."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from tiffin.capabilities.adoption.domain.items import Ask, Near
from tiffin.capabilities.adoption.domain.states import ANALYST, STEWARD
from tiffin.capabilities.adoption.pages.forms import WholeForm, acted, seen, shown, status_of
from tiffin.capabilities.adoption.service import feedback, nearness, requirements, surveys
from tiffin.capabilities.adoption.service.parameters import read_scoring
from tiffin.capabilities.metrics.service.cities import visible_cities
from tiffin.kernel.errors import TiffinError, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import mark, translate
from tiffin.web.edge import ContextDep
from tiffin.web.forms import Said

router = APIRouter()

ROAD = (
    (mark("To be decided"), ("asked", "later")),
    (mark("Accepted"), ("accepted",)),
    (mark("Being built"), ("building", "delivered", "approved")),
    (mark("Launched"), ("launched", "kept")),
)
"""The road map: each stretch with its states."""

SHORTEST = 4
"""Letters from which on what somebody types is compared with what exists."""


@router.get("")
def show_mine(request: Request, context: ContextDep) -> Response:
    """Show what the reader asked for, what waits for him, and the answers to his feedback."""
    everything = requirements.list_requirements(context)
    me = context.actor.name
    return shown(
        request,
        context,
        "adoption/home.html",
        mine=sorted((one for one in everything if one.item.author == me), key=lambda one: -one.item.item_id),
        waiting=[one for one in everything if one.item.state not in ROAD[-1][1] and _is_mine(context, one.holder)],
        said=[one for one in feedback.list_feedback(context, state="", limit=100) if one.author == me][:10],
        is_due=surveys.is_due(context),
    )


@router.get("/ask")
def show_form(request: Request, context: ContextDep, q: str = "") -> Response:
    """Show the form; what was searched for elsewhere and not found stands in it already."""
    return _form(request, context, {"decision": q})


@router.get("/near")
def show_near(request: Request, context: ContextDep, decision: str = "") -> Response:
    """Show what is near to what somebody types, as a part of the form."""
    return shown(request, context, "adoption/near.html", near=_near(context, decision), is_asked=True)


@router.post("/ask")
def ask(request: Request, context: ContextDep, form: WholeForm) -> Response:
    """Ask, or end the request at once because something solves it; a mistake shows the form again."""
    told, cities = form.told, form.cities
    if "look" in told:
        return _form(request, context, told, cities=cities, is_asked=True)
    try:
        found = requirements.ask(context, _asked(told, cities))
        item = found.requirement.item
        if told.get("solved_by"):
            requirements.decide(context, item.item_id, "solve", {"by": told["solved_by"]})
    except WrongUse as refusal:
        return _form(request, context, told, cities=cities, refused=refusal)
    return seen(f"/adoption/requirements/{item.item_id}")


@router.get("/board")
def show_board(request: Request, context: ContextDep) -> Response:
    """Show the road map by state, and the undecided by score."""
    everything = requirements.list_requirements(context)
    stretches = [
        (translate(context.locale, name), [one for one in everything if one.item.state in states])
        for name, states in ROAD
    ]
    scoring = read_scoring(context.workspace, context.now.date())
    return shown(
        request,
        context,
        "adoption/board.html",
        stretches=stretches,
        ranked=[one for one in everything if one.item.state in ("asked", "later", "accepted")],
        is_empty=not everything,
        scoring=scoring,
    )


@router.get("/requirements/{item_id}")
def show_requirement(request: Request, context: ContextDep, item_id: int) -> Response:
    """Show one requirement."""
    return _requirement(request, context, item_id)


@router.post("/requirements/{item_id}")
def act_on_requirement(
    request: Request,
    context: ContextDep,
    item_id: int,
    action: Annotated[str, Form()],
    version: Annotated[int, Form()],
    said: Said,
) -> Response:
    """Act on a requirement; a refusal shows it again as it stands now, and says why."""
    return acted(
        lambda: requirements.decide(context, item_id, action, said, version=version),
        f"/adoption/requirements/{item_id}",
        lambda **again: _requirement(request, context, item_id, **again),
        {f"{action}-{name}": text for name, text in said.items()},
    )


def _requirement(request: Request, context: Context, item_id: int, **again: Any) -> Response:
    found = requirements.show(context, item_id)
    item = found.requirement.item
    is_open = item.state in ("asked", "later")
    return shown(
        request,
        context,
        "adoption/requirement.html",
        found=found,
        near=nearness.near(context, item.headline, apart_from=item_id) if is_open else (),
        **{"refused": "", "said": {}} | again,
    )


def _form(
    request: Request,
    context: Context,
    told: Mapping[str, str],
    *,
    cities: tuple[str, ...] = (),
    refused: TiffinError | None = None,
    is_asked: bool = False,
) -> Response:
    scoring = read_scoring(context.workspace, context.now.date())
    decision = told.get("decision", "")
    return shown(
        request,
        context,
        "adoption/ask.html",
        told=told,
        chosen=cities,
        rhythms=tuple(scoring.times_a_month),
        currency=scoring.currency,
        cities=visible_cities(context),
        near=_near(context, decision),
        is_asked=is_asked or bool(decision),
        refused=refused.said if refused else "",
        **({"status": status_of(refused)} if refused else {}),
    )


def _near(context: Context, decision: str) -> tuple[Near, ...]:
    return nearness.near(context, decision) if len(decision.strip()) >= SHORTEST else ()


def _is_mine(context: Context, holder: str) -> bool:
    if holder in (STEWARD, ANALYST):
        return context.actor.has_role(Role(holder))
    return holder == context.actor.name


def _asked(told: Mapping[str, str], cities: tuple[str, ...]) -> Ask:
    try:
        return Ask(
            decision=told.get("decision", ""),
            rhythm=told.get("rhythm") or "weekly",
            people=int(told.get("people") or 1),
            who=told.get("who", ""),
            cities=cities,
            wanted_by=date.fromisoformat(told["wanted_by"]) if told.get("wanted_by") else None,
            today=told.get("today", ""),
            minutes_saved=float(told["minutes_saved"]) if told.get("minutes_saved") else None,
            amount=float(told["amount"]) if told.get("amount") else None,
        )
    except ValueError as error:
        raise WrongUse(
            Message("A number or a day of the form cannot be read. Write numbers as 15 and days as 2026-02-20.")
        ) from error
