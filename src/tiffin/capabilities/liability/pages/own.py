"""Own pages of riders, merchants and customers on a telephone: what happened, why, what they can show, what is next."""

from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from tiffin.capabilities.liability.domain.appeals import Appeal
from tiffin.capabilities.liability.service import own
from tiffin.capabilities.liability.service.dispute_words import STATES as DISPUTE_STATES
from tiffin.capabilities.liability.service.notice_pieces import reason_in
from tiffin.capabilities.liability.service.notice_values import Writer, words
from tiffin.capabilities.liability.service.notices import notices_of, own_notice
from tiffin.capabilities.liability.service.own import Matter, own_party, told_of
from tiffin.capabilities.liability.service.own_disputes import disputes_about, may_dispute, own_disputes
from tiffin.kernel.errors import Conflict, InvalidData, NotFound, WrongUse
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import mark, translate
from tiffin.runtime.markets import find_market
from tiffin.web.edge import LOCALE_COOKIE, OWN_AFFAIRS, OwnContextDep
from tiffin.web.own import is_own, own_page
from tiffin.web.page import YEAR_S

router = APIRouter(include_in_schema=False)

Photo = Annotated[UploadFile | None, File()]

STANDING = {
    "upheld": mark("The decision stands."),
    "varied": mark("The decision was made milder."),
    "overturned": mark("You were right: nothing of it is left for you."),
    "granted_by_silence": mark("Nobody answered in time, so you were right."),
}
"""How an appeal ended, in words."""
WITHDRAWN = mark("You took it back, so the decision holds.")
LOOKED_AT = mark("A person who had no part in the decision looks at it.")
ASKED = mark("You are asked something. Answer below.")
KINDS = {
    "posted": mark("Decision"),
    "stayed": mark("Kept back while an appeal is open"),
    "stay_lifted": mark("Counts again"),
    "reversed": mark("Taken back"),
    "restored": mark("Came back for good deliveries"),
    "expired": mark("Lapsed"),
    "capped": mark("Above the most that counts"),
}
"""What a line of a statement tells."""
POINTS = "points"


@router.get("/me")
def show_mine(request: Request, context: OwnContextDep) -> Response:
    """Show what waits for the reader, how he stands, and what was decided."""
    matters, party = own.own_matters(context), own_party(context)
    notices = notices_of(context, party)
    return own_page(
        request,
        context,
        "liability/own/mine.html",
        matters=[_card(context, one) for one in matters],
        questions=own.own_questions(context),
        units=_units(context),
        unread=sum(one.read_at is None for one in notices),
        write=writer_of(context),
        incidents=words()["incidents"],
        sent="sent" in request.query_params,
        disputes=own_disputes(context),
        dispute_states=DISPUTE_STATES,
    )


@router.get("/me/decisions/{verdict_id:path}")
def show_decision(request: Request, context: OwnContextDep, verdict_id: str) -> Response:
    """Show one decision: what happened, why, what the reader can show, what happens next."""
    return decision_page(request, context, verdict_id)


@router.post("/me/appeals")
def lodge(
    request: Request,
    context: OwnContextDep,
    verdict: Annotated[str, Form()],
    text: Annotated[str, Form()] = "",
    photo: Photo = None,
) -> Response:
    """Appeal against a decision; what was written is kept where it cannot be taken."""
    try:
        own.lodge(context, verdict, text, _read(photo))
    except (WrongUse, Conflict) as refusal:
        return decision_page(request, context, verdict, text=text, fault=refusal)
    return _to(f"/decisions/{quote(verdict, safe='')}?sent=1")


@router.post("/me/appeals/more")
def add(
    request: Request,
    context: OwnContextDep,
    verdict: Annotated[str, Form()],
    action: Annotated[str, Form()],
    text: Annotated[str, Form()] = "",
    photo: Photo = None,
) -> Response:
    """Say more in an appeal, answer what is asked in it, ask for a second look, or take it back."""
    try:
        own.add_to_appeal(context, verdict, action, text, _read(photo))
    except (WrongUse, Conflict) as refusal:
        return decision_page(request, context, verdict, text=text, fault=refusal)
    return _to(f"/decisions/{quote(verdict, safe='')}?sent=1")


@router.post("/me/questions")
def answer(
    context: OwnContextDep,
    case: Annotated[int, Form()],
    text: Annotated[str, Form()] = "",
    photo: Photo = None,
) -> Response:
    """Answer what is asked before anything is decided."""
    own.answer(context, case, text, _read(photo))
    return _to("?sent=1")


@router.get("/me/points")
def show_points(request: Request, context: OwnContextDep) -> Response:
    """Show how the reader stands in points and money, and what changed it."""
    told = own.own_statement(context)
    lines = [
        {
            "kind": translate(context.locale, KINDS[one.kind.value]),
            "day": one.local_day,
            "order": one.order_id,
            "amount": _amount(writer_of(context), one.amount, one.unit),
            "reason": one.reason,
            "expires": writer_of(context).local_day(one.expires_at) if one.expires_at else None,
        }
        for one in reversed(told.lines)
    ]
    return own_page(
        request,
        context,
        "liability/own/points.html",
        units=_units(context),
        lines=lines,
        write=writer_of(context),
    )


@router.get("/me/notices")
def show_notices(request: Request, context: OwnContextDep) -> Response:
    """List the notices that the reader was sent."""
    found = notices_of(context, own_party(context))
    return own_page(request, context, "liability/own/notices.html", notices=found, write=writer_of(context))


@router.get("/me/notices/{notice_id}")
def show_notice(request: Request, context: OwnContextDep, notice_id: int) -> Response:
    """Show a notice as it was sent, and note that it was opened."""
    found = own_notice(context, notice_id)
    return own_page(request, context, "liability/own/notice.html", notice=found, write=writer_of(context))


@router.post("/me/language")
def choose_language(request: Request, context: OwnContextDep, locale: Annotated[str, Form()]) -> Response:
    """Speak another language from now on, here and in notices."""
    own.choose_language(context, locale)
    came_from = request.headers.get("referer", "").partition(request.headers.get("host", "\0"))[2]
    response = RedirectResponse(came_from if is_own(came_from) else OWN_AFFAIRS, status_code=HTTPStatus.SEE_OTHER)
    response.set_cookie(LOCALE_COOKIE, locale, max_age=YEAR_S, samesite="lax", httponly=True)
    return response


def _read(photo: UploadFile | None) -> bytes:
    return photo.file.read() if photo is not None else b""


def decision_page(
    request: Request,
    context: Context,
    verdict_id: str,
    *,
    text: str = "",
    fault: WrongUse | Conflict | None = None,
) -> Response:
    """Show one decision again, with what was written and why it was refused."""
    matter = own.own_matter(context, verdict_id)
    subjects = {verdict_id}
    if matter.appeal:
        subjects |= {matter.appeal.verdict_id, matter.appeal.current_verdict_id}
        matter = own.own_matter(context, matter.appeal.current_verdict_id)  # what was decided on appeal stands now
    about = [one for one in notices_of(context, own_party(context)) if one.subject in subjects]
    said = translate(context.locale, fault.said) if fault else ""
    return own_page(
        request,
        context,
        "liability/own/decision.html",
        status=int(fault.http_status) if fault else HTTPStatus.OK,
        one=_card(context, matter),
        matter=matter,
        actions=matter.actions,
        notices=about,
        text=text,
        fault=said,
        sent="sent" in request.query_params,
        write=writer_of(context),
        disputes=disputes_about(context, matter.verdict),
        may_dispute=may_dispute(context, matter.verdict),
    )


def _card(context: Context, matter: Matter) -> dict[str, Any]:
    """Give what is told of a decision, in words."""
    verdict, told, write = matter.verdict, told_of(matter), writer_of(context)
    incident = verdict.incident
    return {
        "id": verdict.verdict_id,
        "path": f"{OWN_AFFAIRS}/decisions/{quote(verdict.verdict_id, safe='')}",
        "order_id": incident.order_id,
        "order_path": f"/orders/{quote(incident.city_id, safe='')}/{quote(incident.order_id, safe='')}",
        "incident": words()["incidents"][incident.incident.value][context.locale],
        "day": write.day(write.local_day(incident.happened_at)).text,
        "decided_on": write.day(write.local_day(verdict.decided_at)).text,
        "is_by_person": verdict.decided_by.value == "person",
        "reason": reason_in(verdict.reason, context.locale),
        "share": write.share(told["share"]).text,
        "points": told["points"],
        "money": write.money(told["money_minor"], verdict.currency).text if told["money_minor"] else "",
        "is_customer": matter.party.value == "customer",
        "bears": bool(told["share"] or told["points"]),
        "last_day": write.day(matter.last_day).text,
        "may_appeal": matter.may_appeal,
        "is_open": matter.is_open,
        "appeal": _standing(context, matter.appeal) if matter.appeal else "",
        "reply_by": write.moment(matter.appeal.reply_due_at).text
        if matter.appeal and matter.appeal.reply_due_at
        else "",
    }


def _standing(context: Context, appeal: Appeal) -> str:
    if appeal.state == "appeal_withdrawn":
        return translate(context.locale, WITHDRAWN)
    if appeal.state == "awaiting_evidence":
        return translate(context.locale, ASKED)
    if appeal.outcome and appeal.state not in ("second_lodged", "second_review", "second_overdue"):
        return translate(context.locale, STANDING[appeal.outcome.value])
    return translate(context.locale, LOOKED_AT)


def _units(context: Context) -> list[dict[str, Any]]:
    """Give how the reader stands, points first; nothing for customers, who bear none."""
    if own_party(context).kind == "customer":
        return []
    try:
        standing = own.own_balance(context)
    except (NotFound, InvalidData):  # nothing was ever booked, and the place is in no facts
        return []
    write = writer_of(context)
    told = [standing.of(POINTS), *(one for one in standing.units if one.unit != POINTS)]
    return [
        {
            "is_points": one.unit == POINTS,
            "counted": _amount(write, one.counted, one.unit),
            "stayed": _amount(write, one.stayed, one.unit) if one.stayed else "",
        }
        for one in told
    ]


def _amount(write: Writer, amount: int, unit: str) -> str:
    return write.number(amount).text if unit == POINTS else write.money(amount, unit).text


def writer_of(context: Context) -> Writer:
    """Tell how the reader writes: in his language, as his country does, by the clock of his place."""
    party = own_party(context)
    country = own.country_of(context, party)
    market = find_market(country, context.workspace.overlay("markets"))
    return Writer(context.locale, country, market.city("", "", day=context.now.date()).timezone)


def _to(rest: str) -> Response:
    return RedirectResponse(f"{OWN_AFFAIRS}{rest}", status_code=HTTPStatus.SEE_OTHER)
