"""The reviewer's pages: the appeals that wait, and one appeal with both sides and what each decision would do."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from tiffin.capabilities.cases.service.words import CLOCKS, shown, word
from tiffin.capabilities.liability.domain.appeals import share_said
from tiffin.capabilities.liability.pages.tabs import TABS
from tiffin.capabilities.liability.service.appeal_acting import act
from tiffin.capabilities.liability.service.appeal_showing import AppealFile, appeal_file
from tiffin.capabilities.liability.service.appeals import list_appeals
from tiffin.capabilities.liability.service.judging_words import PARTIES
from tiffin.capabilities.liability.service.notice_pieces import reason_in
from tiffin.capabilities.liability.service.notice_values import words as incident_words
from tiffin.kernel.errors import Conflict, Forbidden, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import mark, translate
from tiffin.web.edge import ContextDep
from tiffin.web.forms import Said
from tiffin.web.page import page

router = APIRouter(include_in_schema=False)

MINE, OVERDUE, CLOSED = "mine", "overdue", "closed"
SHOW = {"": mark("Waiting"), MINE: mark("In my hands"), OVERDUE: mark("Overdue"), CLOSED: mark("Closed")}
DECISIONS = {"uphold": mark("Uphold"), "vary": mark("Vary"), "overturn": mark("Overturn")}
FOLLOWS = {
    "uphold": mark("What was decided stands. It acts once the time for the second instance is over."),
    "vary": mark("The party bears less, and the platform what is taken off it."),
    "overturn": mark("Nothing is left to the party, what was taken comes back, and the platform bears its share."),
}
TEMPLATES = {
    "uphold": mark(
        "We looked at what you wrote and at the record of the order. It shows that … Therefore the decision stands."
    ),
    "vary": mark(
        "We looked at what you wrote and at the record of the order. It shows that … Therefore your part is smaller."
    ),
    "overturn": mark(
        "We looked at what you wrote and at the record of the order. It shows that … Therefore the decision was wrong."
    ),
}
"""What a reply can begin with; the gap is the reviewer's to fill."""
GAP = "…"
_TONES = {"overdue": "bad", "second_overdue": "bad", "under_review": "warn", "second_review": "warn"}


@router.get("/liability/appeals")
def show_appeals(request: Request, context: ContextDep, show: str = "") -> Response:
    """Show the appeals of the reader's places, what is due first first."""
    found = list_appeals(context, is_open=show != CLOSED)
    locale = context.locale
    chosen = [one for one in found if show != OVERDUE or one.state.endswith("overdue")]
    if show == MINE:
        chosen = [one for one in chosen if one.assignee == context.actor.name]
    return page(
        request,
        context,
        "liability/appeals.html",
        tabs=TABS,
        appeals=chosen,
        show=show,
        choices=[(name, translate(locale, text)) for name, text in SHOW.items()],
        parties=PARTIES,
        tones=_TONES,
        word=lambda name: word(name, locale),
        now=context.now,
    )


@router.get("/liability/appeals/{case_id}")
def show_appeal(request: Request, context: ContextDep, case_id: int, draft: str = "", share: str = "") -> Response:
    """Show one appeal; ``draft`` begins the reply with a template, ``share`` tells what varying would do."""
    audit.record_shown(context, action="appeal_seen", subject=str(case_id), details={})
    text = translate(context.locale, TEMPLATES[draft]) if draft in TEMPLATES else ""
    return _page(request, context, case_id, said={"decision": draft, "reason": text, "share": share})


@router.post("/liability/appeals/{case_id}")
def act_on_appeal(
    request: Request,
    context: ContextDep,
    case_id: int,
    action: Annotated[str, Form()],
    version: Annotated[int, Form()],
    said: Said,
) -> Response:
    """Take an appeal in hand, ask the party, or decide; a refusal shows it again as it stands now, and says why."""
    try:
        act(context, case_id, _action(context, case_id, action, said), _values(action, said), version=version)
    except (Conflict, WrongUse, Forbidden) as refusal:
        status = HTTPStatus(refusal.http_status)
        return _page(request, context, case_id, refused=refusal.said, status=status, said=said)
    return RedirectResponse(f"/liability/appeals/{case_id}", HTTPStatus.SEE_OTHER)


def _action(context: Context, case_id: int, action: str, said: Mapping[str, str]) -> str:
    """Name the action of a form: a decision is the one of the instance in which the appeal is.

    Raises
    ------
    WrongUse
        No decision was chosen.
    """
    if action != "decide":
        return action
    decision = said.get("decision", "")
    if decision not in DECISIONS:
        raise WrongUse(Message("Choose one of the decisions: uphold, vary or overturn."))
    if GAP in said.get("reason", ""):
        raise WrongUse(Message("Fill the gap in the reply: what does the record show?"))
    offered = {one.action for one in appeal_file(context, case_id).case.actions}
    second = f"{decision}_second"
    return second if second in offered else decision


def _values(action: str, said: Mapping[str, str]) -> Mapping[str, str]:
    if action != "decide":
        return said
    names = ("reason", "share") if said.get("decision") == "vary" else ("reason",)
    return {name: said.get(name, "") for name in names}


def _page(
    request: Request,
    context: Context,
    case_id: int,
    *,
    said: Mapping[str, str],
    refused: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> Response:
    found, locale = appeal_file(context, case_id, share=_share(said)), context.locale
    return page(
        request,
        context,
        "liability/appeal.html",
        status=status,
        tabs=TABS,
        file=found,
        offered={one.action for one in found.case.actions},
        may_decide=_may_decide(found),
        decisions=DECISIONS,
        follows=FOLLOWS,
        said=said,
        refused=refused,
        parties=PARTIES,
        tones=_TONES,
        reason=reason_in(found.verdict.reason, locale),
        incident=incident_words()["incidents"][found.verdict.incident.incident.value][locale],
        word=lambda name: word(name, locale),
        clock=lambda name: translate(locale, CLOCKS[name]),
        shown=lambda value: word(shown(value, locale), locale),
    )


def _share(said: Mapping[str, str]) -> int | None:
    try:
        return share_said(said["share"]) if said.get("share") else None
    except WrongUse:
        return None


def _may_decide(found: AppealFile) -> bool:
    return any(one.action in ("overturn", "overturn_second") for one in found.case.actions)
