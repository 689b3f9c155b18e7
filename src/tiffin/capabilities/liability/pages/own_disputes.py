"""A party's disputes on a telephone: one thread of all parties, proposals, and a person where they fail."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from tiffin.capabilities.cases.service.words import word
from tiffin.capabilities.liability.domain.disputes import Terms
from tiffin.capabilities.liability.pages.disputes import LABELS, LINES, shown_amounts
from tiffin.capabilities.liability.pages.own import decision_page, writer_of
from tiffin.capabilities.liability.service.dispute_showing import (
    AMOUNTS,
    DisputeFile,
    dispute_file,
    split_evenly,
    values_said,
)
from tiffin.capabilities.liability.service.dispute_words import DEEDS, STATES
from tiffin.capabilities.liability.service.disputes import act, open_dispute, show_dispute
from tiffin.capabilities.liability.service.own import own_party
from tiffin.kernel.errors import Conflict, Forbidden, WrongUse
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import mark, translate
from tiffin.web.edge import OWN_AFFAIRS, OwnContextDep
from tiffin.web.forms import Said
from tiffin.web.own import own_page

router = APIRouter(include_in_schema=False)

SPLIT = "split"
SPEAKERS = {
    "customer": mark("Customer"),
    "merchant": mark("Merchant"),
    "rider": mark("Rider"),
    "person": mark("A person who decides"),
    "platform": mark("Without anybody's doing"),
}
"""Who said or did something: names are told to nobody."""


@router.post("/me/disputes")
def begin(
    request: Request, context: OwnContextDep, verdict: Annotated[str, Form()], text: Annotated[str, Form()] = ""
) -> Response:
    """Open a dispute about a decision; what was written is kept where it cannot be opened."""
    try:
        made = open_dispute(context, verdict, text)
    except (WrongUse, Conflict) as refusal:
        return decision_page(request, context, verdict, text=text, fault=refusal)
    return _to(made.case_id)


@router.get("/me/disputes/{case_id}")
def show_own(request: Request, context: OwnContextDep, case_id: int) -> Response:
    """Show one dispute of the reader: what is proposed, what was said, and what he can do."""
    own_party(context)
    return _page(request, context, case_id, {}, sent="sent" in request.query_params)


@router.post("/me/disputes/{case_id}")
def act_in_own(
    request: Request,
    context: OwnContextDep,
    case_id: int,
    action: Annotated[str, Form()],
    version: Annotated[int, Form()],
    said: Said,
) -> Response:
    """Say, propose, accept, reject, ask for a person or drop it; an even split only fills in the amounts."""
    own_party(context)
    try:
        if action == SPLIT:
            terms = split_evenly(context, show_dispute(context, case_id), said)
            kept = {name: text for name, text in said.items() if name not in AMOUNTS}
            return _page(request, context, case_id, kept, thought=terms)
        act(context, case_id, action, values_said(context, case_id, action, said), version=version)
    except (Conflict, WrongUse, Forbidden) as refusal:
        return _page(request, context, case_id, {**said, "action": action}, fault=refusal)
    return _to(case_id)


def _page(
    request: Request,
    context: Context,
    case_id: int,
    said: Mapping[str, str],
    *,
    thought: Terms | None = None,
    fault: Conflict | WrongUse | Forbidden | None = None,
    sent: bool = False,
) -> Response:
    found, locale, write = dispute_file(context, case_id, thought), context.locale, writer_of(context)
    currency = found.dispute.currency
    return own_page(
        request,
        context,
        "liability/own/dispute.html",
        status=int(fault.http_status) if fault else HTTPStatus.OK,
        file=found,
        said=said,
        fault=translate(locale, fault.said) if fault else "",
        sent=sent,
        is_split=thought is not None,
        amounts=shown_amounts(found, said, thought),
        labels=LABELS,
        lines=LINES,
        speakers=SPEAKERS,
        states=STATES,
        deeds=DEEDS,
        mine=own_party(context).kind,
        may_accept=_may_accept(found, own_party(context).kind),
        money=lambda minor: write.money(minor, currency).text,
        moment=lambda at: write.moment(at).text,
        word=lambda name: word(name, locale),
    )


def _may_accept(found: DisputeFile, party: str) -> bool:
    return "accept" in found.offered and party not in {one.value for one in found.agreed}


def _to(case_id: int) -> Response:
    return RedirectResponse(f"{OWN_AFFAIRS}/disputes/{case_id}?sent=1", status_code=HTTPStatus.SEE_OTHER)
