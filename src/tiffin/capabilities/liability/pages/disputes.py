"""Disputes for those who work here: the list, and one dispute with what a decision would cost whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from tiffin.capabilities.cases.service.words import word
from tiffin.capabilities.liability.domain.dispute_amounts import plainly
from tiffin.capabilities.liability.domain.disputes import Terms
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.pages.tabs import TABS
from tiffin.capabilities.liability.service.dispute_showing import (
    AMOUNTS,
    DisputeFile,
    dispute_file,
    in_force,
    terms_written,
    values_said,
)
from tiffin.capabilities.liability.service.dispute_words import DEEDS, STATES
from tiffin.capabilities.liability.service.disputes import act, list_disputes, show_dispute
from tiffin.capabilities.liability.service.judging_words import PARTIES
from tiffin.capabilities.liability.service.notice_pieces import reason_in
from tiffin.kernel.errors import Conflict, Forbidden, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import mark, translate
from tiffin.web.edge import ContextDep
from tiffin.web.forms import Said
from tiffin.web.page import page

router = APIRouter(include_in_schema=False)

CLOSED, DECIDE, PREVIEW = "closed", "decide_dispute", "preview"
SHOW = {"": mark("Open"), CLOSED: mark("Closed")}
TONES = {"with_person": "warn", "settled": "good", "dispute_decided": "good"}
LABELS = {
    AMOUNTS[0]: mark("The customer gets"),
    AMOUNTS[1]: mark("The merchant pays"),
    AMOUNTS[2]: mark("The rider pays"),
}
"""What each amount of terms is called."""
LINES = {
    Party.CUSTOMER: LABELS[AMOUNTS[0]],
    Party.MERCHANT: LABELS[AMOUNTS[1]],
    Party.RIDER: LABELS[AMOUNTS[2]],
    Party.PLATFORM: mark("The platform pays"),
}
"""What is told of a party's money."""
SPEAKERS: Mapping[str, str] = {one.value: text for one, text in PARTIES.items()} | {
    "person": mark("A person who decides"),
    "platform": mark("Without anybody's doing"),
}
"""Who said or did something, by kind: names are told to nobody."""
FOR_PARTY = ("say", "accept", "reject", "ask_person")
"""What support does for a party by its words."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a page shows beside the dispute itself: what was typed, what it would change, and why it was refused."""

    said: Mapping[str, str]
    thought: Terms | None = None
    refused: Message | str = ""
    status: HTTPStatus = HTTPStatus.OK


@router.get("/liability/disputes")
def show_disputes(request: Request, context: ContextDep, show: str = "") -> Response:
    """Show the disputes of the reader's places: those that wait for a person first."""
    locale = context.locale
    return page(
        request,
        context,
        "liability/disputes.html",
        tabs=TABS,
        disputes=list_disputes(context, is_open=show != CLOSED),
        show=show,
        choices=[(name, translate(locale, text)) for name, text in SHOW.items()],
        parties=PARTIES,
        tones=TONES,
        states=STATES,
        now=context.now,
    )


@router.get("/liability/disputes/{case_id}")
def show_one(request: Request, context: ContextDep, case_id: int) -> Response:
    """Show one dispute: the thread, the proposal, what holds now, and what can be done."""
    return _page(request, context, case_id, Drawn({}))


@router.post("/liability/disputes/{case_id}")
def act_on_dispute(
    request: Request,
    context: ContextDep,
    case_id: int,
    action: Annotated[str, Form()],
    version: Annotated[int, Form()],
    said: Said,
) -> Response:
    """Take it in hand, note, decide, or act for a party; a refusal keeps what was typed, and ``preview`` only tells."""
    try:
        if action == PREVIEW:
            thought = terms_written(context, show_dispute(context, case_id), said)
            return _page(request, context, case_id, Drawn(said, thought))
        _act(context, case_id, action, version, said)
    except (Conflict, WrongUse, Forbidden) as refusal:
        drawn = Drawn(said, refused=refusal.said, status=HTTPStatus(refusal.http_status))
        return _page(request, context, case_id, drawn)
    return RedirectResponse(f"/liability/disputes/{case_id}", HTTPStatus.SEE_OTHER)


def shown_amounts(found: DisputeFile, said: Mapping[str, str], thought: Terms | None) -> Mapping[str, str]:
    """Fill the fields of amounts: what was typed, else what is thought of, proposed, or in force now."""
    offer = found.dispute.offer
    terms = thought or (offer.terms if offer else in_force(found.verdict))
    return {name: said.get(name) or plainly(terms.values[name], found.dispute.currency) for name in AMOUNTS}


def _act(context: Context, case_id: int, action: str, version: int, said: Mapping[str, str]) -> None:
    values = values_said(context, case_id, action, said)
    party = Party(said["party"]) if said.get("party") in {one.value for one in Party} else None
    act(context, case_id, action, values, party=party, version=version)


def _page(request: Request, context: Context, case_id: int, drawn: Drawn) -> Response:
    found, locale = dispute_file(context, case_id, drawn.thought), context.locale
    return page(
        request,
        context,
        "liability/dispute.html",
        status=drawn.status,
        tabs=TABS,
        file=found,
        said=drawn.said,
        refused=drawn.refused,
        is_thought=drawn.thought is not None,
        amounts=shown_amounts(found, drawn.said, drawn.thought),
        labels=LABELS,
        lines=LINES,
        speakers=SPEAKERS,
        states=STATES,
        deeds=DEEDS,
        for_party=FOR_PARTY,
        parties=PARTIES,
        tones=TONES,
        reason=reason_in(found.verdict.reason, locale),
        word=lambda name: word(name, locale),
    )
