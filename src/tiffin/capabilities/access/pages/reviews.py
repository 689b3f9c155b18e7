"""The pages of emergencies and of campaigns in which grants are answered for."""

from datetime import UTC, date, datetime, time
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from tiffin.capabilities.access.pages.framing import framed, went_to
from tiffin.capabilities.access.pages.requests import mine
from tiffin.capabilities.access.service import emergencies, reviews
from tiffin.kernel.errors import Conflict, InvalidData, NotFound, WrongUse
from tiffin.runtime.context import Context
from tiffin.web.edge import ContextDep

router = APIRouter(include_in_schema=False)
Many = Annotated[list[str] | None, Form()]


@router.post("/access/emergencies")
def open_emergency(
    request: Request, context: ContextDep, reason: Annotated[str, Form()] = "", place: Annotated[str, Form()] = ""
) -> Response:
    """Open a place at once; a refusal shows one's access again and says why."""
    kind, _, name = place.partition(":")
    countries, cities = ([name], []) if kind == "country" else ([], [name])
    try:
        made = emergencies.open_emergency(context, reason=reason, countries=countries, cities=cities)
    except InvalidData as refusal:
        return mine(request, context, refused=refusal.said, status=int(refusal.http_status))
    return went_to(f"/access/emergencies/{made.emergency_id}")


@router.get("/access/emergencies/{emergency_id}")
def show_emergency(request: Request, context: ContextDep, emergency_id: int) -> Response:
    """Show an emergency."""
    return _emergency_page(request, context, emergency_id)


@router.post("/access/emergencies/{emergency_id}")
def act_on_emergency(
    request: Request,
    context: ContextDep,
    emergency_id: int,
    decision: Annotated[str, Form()],
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Give an emergency back, or say what was found of it."""
    try:
        if decision == "end":
            emergencies.end_emergency(context, emergency_id)
        else:
            is_justified = decision == "justified"
            emergencies.review_emergency(context, emergency_id, is_justified=is_justified, reason=reason)
    except (Conflict, WrongUse) as refusal:
        status = int(refusal.http_status)
        return _emergency_page(request, context, emergency_id, refused=refusal.said, status=status)
    return went_to(f"/access/emergencies/{emergency_id}")


@router.get("/access/campaigns")
def show_campaigns(request: Request, context: ContextDep) -> Response:
    """Show the campaigns that the reader answers or administers."""
    return _campaigns_page(request, context)


@router.post("/access/campaigns")
def start_campaign(
    request: Request,
    context: ContextDep,
    name: Annotated[str, Form()],
    reviewer: Annotated[str, Form()],
    due: Annotated[date, Form()],
    countries: Many = None,
    cities: Many = None,
) -> Response:
    """Start a campaign; a refusal shows the list again and says why."""
    due_at = datetime.combine(due, time.max, tzinfo=UTC)
    try:
        made = reviews.start_campaign(
            context, name, countries=countries or (), cities=cities or (), reviewer=reviewer.strip(), due_at=due_at
        )
    except (InvalidData, Conflict, NotFound) as refusal:
        return _campaigns_page(request, context, refused=refusal.said, status=int(refusal.http_status))
    return went_to(f"/access/campaigns/{made.campaign_id}")


@router.get("/access/campaigns/{campaign_id}")
def show_campaign(request: Request, context: ContextDep, campaign_id: int) -> Response:
    """Show one campaign with its grants."""
    return _campaign_page(request, context, campaign_id)


@router.post("/access/campaigns/{campaign_id}")
def answer(
    request: Request,
    context: ContextDep,
    campaign_id: int,
    review: Annotated[int, Form()],
    decision: Annotated[reviews.Decision, Form()],
) -> Response:
    """Answer for one grant."""
    try:
        reviews.decide(context, review, decision)
    except (Conflict, InvalidData) as refusal:
        return _campaign_page(request, context, campaign_id, refused=refusal.said, status=int(refusal.http_status))
    return went_to(f"/access/campaigns/{campaign_id}")


def _emergency_page(
    request: Request, context: Context, emergency_id: int, *, refused: str = "", status: int = HTTPStatus.OK
) -> Response:
    one = emergencies.show_emergency(context, emergency_id)
    is_mine = one.who == context.actor.name
    return framed(request, context, "emergency.html", status=status, refused=refused, one=one, mine=is_mine)


def _campaigns_page(request: Request, context: Context, *, refused: str = "", status: int = HTTPStatus.OK) -> Response:
    found = reviews.list_campaigns(context)
    return framed(request, context, "campaigns.html", status=status, refused=refused, campaigns=found)


def _campaign_page(
    request: Request, context: Context, campaign_id: int, *, refused: str = "", status: int = HTTPStatus.OK
) -> Response:
    campaign, rows = reviews.show_campaign(context, campaign_id)
    return framed(request, context, "campaign.html", status=status, refused=refused, campaign=campaign, reviews=rows)
