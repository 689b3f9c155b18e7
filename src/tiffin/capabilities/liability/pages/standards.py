"""Coaching for those who answer for riders: the list, one case, and where its rider stands."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from tiffin.capabilities.cases.service.words import word
from tiffin.capabilities.liability.pages.tabs import TABS
from tiffin.capabilities.liability.service.coaching import act, list_coaching, show_coaching
from tiffin.capabilities.liability.service.ledger_places import ledger_cities
from tiffin.capabilities.liability.service.ledger_words import INCIDENTS
from tiffin.capabilities.liability.service.standard_reading import may_coach
from tiffin.capabilities.liability.service.standard_words import standards_told, step_told, tier_told, titles_told
from tiffin.capabilities.liability.service.standards import detect, standing_of
from tiffin.kernel.errors import Conflict, Forbidden, WrongUse
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import mark, translate
from tiffin.web.edge import ContextDep
from tiffin.web.page import page

router = APIRouter(include_in_schema=False)

CLOSED = "closed"
SHOW = {"": mark("Open"), CLOSED: mark("Closed")}
TONES = {"coaching_due": "warn", "coaching_done": "good"}


@dataclass(frozen=True, slots=True)
class Refused:
    """Why nothing was done, and what was typed."""

    said: str = ""
    text: str = ""
    status: HTTPStatus = HTTPStatus.OK


@router.get("/liability/standards")
def show_list(request: Request, context: ContextDep, show: str = "", city: str = "") -> Response:
    """Show the cases of coaching of the reader's riders, what is due first first."""
    locale, today = context.locale, context.now.date()
    cities = [one for one in ledger_cities(context) if may_coach(context, country=one.country, city_id=one.city_id)]
    return page(
        request,
        context,
        "liability/standards.html",
        tabs=TABS,
        found=list_coaching(context, is_closed=show == CLOSED, city_id=city or None),
        cities=[(one.city_id, translate(locale, one.name)) for one in cities],
        city=city,
        show=show,
        choices=[(name, translate(locale, text)) for name, text in SHOW.items()],
        standards=titles_told(context, "standard", today),
        steps=titles_told(context, "step", today),
        tones=TONES,
        word=lambda name: word(name, locale),
        now=context.now,
    )


@router.post("/liability/standards")
def look(context: ContextDep, city: Annotated[str, Form()]) -> Response:
    """Look for breaches in a city and open what waits for coaching; done again it does nothing again."""
    detect(context, city)
    return RedirectResponse("/liability/standards", HTTPStatus.SEE_OTHER)


@router.get("/liability/standards/{case_id}")
def show_one(request: Request, context: ContextDep, case_id: int) -> Response:
    """Show one case: the step, the verdicts behind it, where the rider stands, and what can be done."""
    return _page(request, context, case_id, Refused())


@router.post("/liability/standards/{case_id}")
def act_on_case(
    request: Request,
    context: ContextDep,
    case_id: int,
    action: Annotated[str, Form()],
    version: Annotated[int, Form()],
    text: Annotated[str, Form()] = "",
) -> Response:
    """Take it in hand, tell the rider, note, or say that it is done; a refusal keeps what was typed."""
    try:
        act(context, case_id, action, text, version=version)
    except (Conflict, WrongUse, Forbidden) as refusal:
        said = translate(context.locale, refusal.said)
        return _page(request, context, case_id, Refused(said, text, HTTPStatus(refusal.http_status)))
    return RedirectResponse(f"/liability/standards/{case_id}", HTTPStatus.SEE_OTHER)


def _page(request: Request, context: Context, case_id: int, refused: Refused) -> Response:
    one, locale = show_coaching(context, case_id), context.locale
    standing = standing_of(context, one.city_id, one.rider_id) if one.rider_id else None
    title, asks = step_told(context, one.step, context.now.date())
    return page(
        request,
        context,
        "liability/standard.html",
        status=refused.status,
        tabs=TABS,
        one=one,
        step=title,
        asks=asks,
        standing=standing,
        told=standards_told(context, standing) if standing else (),
        tier=tier_told(context, standing) if standing else None,
        standards=titles_told(context, "standard", context.now.date()),
        incidents=INCIDENTS,
        tones=TONES,
        refused=refused,
        word=lambda name: word(name, locale),
    )
