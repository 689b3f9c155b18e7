"""A rider's own standing on a telephone: his tier and what it gives, what is missing, and each standard with why."""

from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from tiffin.capabilities.liability.domain.standards import BY_HIMSELF, OwnIncident
from tiffin.capabilities.liability.pages.own import writer_of
from tiffin.capabilities.liability.service.coaching import Coaching, done_by_rider, own_coaching
from tiffin.capabilities.liability.service.notice_values import words
from tiffin.capabilities.liability.service.own import own_party
from tiffin.capabilities.liability.service.standard_words import standards_told, step_told, tier_told
from tiffin.capabilities.liability.service.standards import RiderStanding, standing_of
from tiffin.kernel.errors import Conflict, NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import translate
from tiffin.web.edge import OWN_AFFAIRS, OwnContextDep
from tiffin.web.own import own_page

router = APIRouter(include_in_schema=False)


@router.get("/me/standing")
def show_standing(request: Request, context: OwnContextDep) -> Response:
    """Show where the rider stands and why, and how to appeal what it comes from."""
    return _page(request, context, is_done="done" in request.query_params)


@router.post("/me/standing/done")
def say_done(request: Request, context: OwnContextDep, case: Annotated[int, Form()]) -> Response:
    """Say that one has done what a step asks."""
    try:
        done_by_rider(context, case)
    except Conflict as refusal:
        return _page(request, context, fault=refusal)
    return RedirectResponse(f"{OWN_AFFAIRS}/standing?done=1", status_code=HTTPStatus.SEE_OTHER)


def _page(request: Request, context: Context, *, is_done: bool = False, fault: Conflict | None = None) -> Response:
    party = own_party(context)
    if party.kind != "rider":
        raise NotFound(Message("Only riders have a standing."))
    found = standing_of(context, party.city_id, party.party_id)
    write, coachings = writer_of(context), own_coaching(context, _subjects(found))
    return own_page(
        request,
        context,
        "liability/own/standing.html",
        status=int(fault.http_status) if fault else HTTPStatus.OK,
        found=found,
        tier=tier_told(context, found),
        standards=standards_told(context, found),
        coaching=[_coaching(context, one, found) for one in coachings],
        decision=lambda one: _decision(context, one),
        day=lambda day: write.day(day).text,
        number=lambda count: write.number(count).text,
        fault=translate(context.locale, fault.said) if fault else "",
        is_done=is_done,
    )


def _subjects(found: RiderStanding) -> list[str]:
    """Name the orders by which his cases are found: the last ones of his breaches, and what is appealed."""
    lasts = [breach.incidents[-1] for one in found.standings for breach in one.breaches]
    return [one.order_id for one in (*lasts, *found.contested)]


def _coaching(context: Context, one: Coaching, found: RiderStanding) -> dict[str, Any]:
    title, text = step_told(context, one.step, found.day)
    return {
        "case_id": one.case_id,
        "standard": one.standard,
        "title": title,
        "text": text,
        "may_do": one.step in BY_HIMSELF and one.state in ("coaching_due", "coaching_told"),
        "waits": one.state == "coaching_contested",
    }


def _decision(context: Context, one: OwnIncident) -> dict[str, str]:
    return {
        "path": f"{OWN_AFFAIRS}/decisions/{quote(one.verdict_id, safe='')}",
        "order": one.order_id,
        "incident": words()["incidents"][one.incident.value][context.locale],
        "day": writer_of(context).day(one.day).text,
    }
