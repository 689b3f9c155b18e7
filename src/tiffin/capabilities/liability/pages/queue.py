"""The adjudicator's pages: what waits, and one incident with its question and what each answer would cost whom."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel

from tiffin.capabilities.cases.service.words import CLOCKS, shown, word
from tiffin.capabilities.liability.domain.routing import Decision, Skill
from tiffin.capabilities.liability.pages.tabs import TABS
from tiffin.capabilities.liability.service import judging_people as people
from tiffin.capabilities.liability.service import routing
from tiffin.capabilities.liability.service.judging_words import OPTIONS, PARTIES, REASONS, SKILL_NAMES
from tiffin.capabilities.liability.service.routing import IncidentFile, QueueFilter
from tiffin.capabilities.liability.service.verdicts import VerdictFilter, count_verdicts, list_verdicts
from tiffin.capabilities.policies.service.value_names import value_name
from tiffin.kernel.errors import Conflict, Forbidden, WrongUse
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import NOTHING, mark, translate
from tiffin.web.edge import ContextDep
from tiffin.web.forms import Said
from tiffin.web.page import page
from tiffin.web.paging import Page

router = APIRouter(include_in_schema=False)

SHOWN = 50
TONES = {1: "bad", 2: "warn"}
_EMPTY: Mapping[str, str] = {"option": "", "reason_code": "", "note": ""}
PRIORITIES = {1: mark("Safety first"), 2: mark("Money waits"), 3: mark("Usual")}


class Wanted(BaseModel):
    """What somebody wants to see of the queue; every part may be empty."""

    city: str = ""
    incident: str = ""
    skill: str = ""

    def filter(self) -> QueueFilter:
        """Give it as the service takes it."""
        return QueueFilter(city_id=self.city, incident=self.incident, skill=self.skill)

    @property
    def query(self) -> str:
        """Write it as an address has it."""
        return urlencode({name: value for name, value in self.model_dump().items() if value})


Wants = Annotated[Wanted, Depends()]
PageNumber = Annotated[int, Query(alias="page", ge=1)]


@router.get("/liability")
def show_queue(request: Request, context: ContextDep, wanted: Wants, page_number: PageNumber = 1) -> Response:
    """Show what waits for a person: the most urgent first."""
    total = routing.count_waiting(context, wanted.filter())
    number = min(page_number, max(1, -(-total // SHOWN)))
    rows = routing.list_waiting(context, wanted.filter(), limit=SHOWN, offset=(number - 1) * SHOWN)
    locale = context.locale
    everything = ("", translate(locale, mark("All")))
    return page(
        request,
        context,
        "liability/queue.html",
        tabs=TABS,
        found=Page(rows, number, SHOWN, total),
        wanted=wanted,
        skills=[everything, *((one.value, translate(locale, SKILL_NAMES[one])) for one in Skill)],
        skill_names={one.value: SKILL_NAMES[one] for one in Skill},
        priorities=PRIORITIES,
        tones=TONES,
        name=lambda value: value_name(value, locale),
    )


@router.get("/liability/next")
def go_to_next(context: ContextDep, wanted: Wants, after: int = 0) -> Response:
    """Lead to the incident that the reader should decide next; to the queue where none is left."""
    return _lead_to(routing.next_waiting(context, wanted.filter(), after=after), wanted, after)


@router.post("/liability/next")
def take_next(context: ContextDep, wanted: Wants, after: int = 0) -> Response:
    """Take the incident in hand that should be decided next, which nobody else then gets, and lead to it."""
    return _lead_to(routing.take_next(context, wanted.filter(), after=after), wanted, after)


def _lead_to(found: int | None, wanted: Wanted, after: int) -> Response:
    if found is None:
        return RedirectResponse(f"/liability?{wanted.query}" if wanted.query else "/liability", HTTPStatus.SEE_OTHER)
    parts = [wanted.query, f"after={after}" if after else ""]
    query = "&".join(part for part in parts if part)
    return RedirectResponse(f"/liability/cases/{found}{'?' if query else ''}{query}", HTTPStatus.SEE_OTHER)


@router.get("/liability/cases/{case_id}")
def show_case(request: Request, context: ContextDep, case_id: int, wanted: Wants) -> Response:
    """Show one incident with its question, the evidence, and what can be decided; ``after`` leads back to the last."""
    return _case_page(request, context, case_id, wanted)


@router.get("/liability/cases/{case_id}/panel")
def show_panel(request: Request, context: ContextDep, case_id: int) -> Response:
    """Give the part of the page on which one decides, for the page of the order."""
    return page(request, context, "liability/panel.html", **_told(context, case_id, Wanted()))


@router.get("/liability/cases/{case_id}/why")
def show_why(request: Request, context: ContextDep, case_id: int) -> Response:
    """Give why the table makes of an incident what it does, and what would have led elsewhere."""
    found = routing.explanation_of(context, case_id)
    locale = context.locale
    labels = {one.name: one.label.get(locale) or one.label["en"] for one in found.inputs}
    return page(
        request,
        context,
        "liability/why.html",
        found=found,
        labels=labels,
        tell=lambda value: _value(value, locale),
    )


@router.post("/liability/cases/{case_id}")
def act_on_case(
    request: Request,
    context: ContextDep,
    case_id: int,
    wanted: Wants,
    action: Annotated[str, Form()],
    version: Annotated[int, Form()],
    said: Said,
) -> Response:
    """Decide, confirm, send back, take in hand or undo; a refusal shows the incident again, and says why."""
    query = f"?{wanted.query}" if wanted.query else ""
    try:
        _act(context, case_id, action, version, said)
    except (Conflict, WrongUse, Forbidden) as refusal:
        status = HTTPStatus(refusal.http_status)
        return _case_page(request, context, case_id, wanted, refused=refusal.said, status=status, said=said)
    if action in ("decide", "confirm") and said.get("then") == "next":
        separator = "&" if query else "?"
        return RedirectResponse(f"/liability/next{query}{separator}after={case_id}", HTTPStatus.SEE_OTHER)
    return RedirectResponse(f"/liability/cases/{case_id}{query}", HTTPStatus.SEE_OTHER)


@router.get("/liability/verdicts")
def show_verdicts(request: Request, context: ContextDep, city: str = "", page_number: PageNumber = 1) -> Response:
    """Show the verdicts that hold, the newest first."""
    wanted = VerdictFilter(city_id=city or None)
    total = count_verdicts(context, wanted)
    number = min(page_number, max(1, -(-total // SHOWN)))
    rows = list_verdicts(context, wanted, limit=SHOWN, offset=(number - 1) * SHOWN)
    locale = context.locale
    return page(
        request,
        context,
        "liability/verdicts.html",
        tabs=TABS,
        found=Page(rows, number, SHOWN, total),
        city=city,
        parties=PARTIES,
        name=lambda value: value_name(value, locale),
        reason=lambda one: one.reason.get(locale) or one.reason.get("en") or "",
    )


def _act(context: Context, case_id: int, action: str, version: int, said: Mapping[str, str]) -> None:
    """Do what a form asks.

    Raises
    ------
    WrongUse
        There is no such action.
    """
    if action == "decide":
        people.decide(context, case_id, _decision(said), version)
    elif action == "confirm":
        people.confirm(context, case_id, said.get("note", ""), version)
    elif action == "send_back":
        people.send_back(context, case_id, said.get("reason", ""), version)
    elif action == "take":
        routing.take(context, case_id, version)
    elif action == "undo":
        people.undo(context, case_id, version)
    else:
        raise WrongUse(f"There is no action {action!r} here.")


def _decision(said: Mapping[str, str]) -> Decision:
    seconds = said.get("seconds", "")
    return Decision(
        option=said.get("option", ""),
        reason_code=said.get("reason_code", ""),
        note=said.get("note", ""),
        seconds=int(seconds) if seconds.isascii() and seconds.isdecimal() else 0,
    )


def _case_page(
    request: Request,
    context: Context,
    case_id: int,
    wanted: Wanted,
    *,
    refused: str = "",
    status: HTTPStatus = HTTPStatus.OK,
    said: Mapping[str, str] | None = None,
) -> Response:
    told = _told(context, case_id, wanted) | {"refused": refused, "said": {**_EMPTY, **(said or {})}, "tabs": TABS}
    before = request.query_params.get("after", "")
    told["after"] = before if before.isdecimal() else ""
    return page(request, context, "liability/case.html", status=status, **told)


def _told(context: Context, case_id: int, wanted: Wanted) -> dict[str, Any]:
    found, locale = routing.file_of(context, case_id), context.locale
    return {
        "file": found,
        "wanted": wanted,
        "refused": "",
        "said": _EMPTY,
        "reason": found.reason.get(locale) or found.reason.get("en") or "",
        "currency": _currency(found),
        "options": OPTIONS,
        "reasons": {code.value: text for code, text in REASONS.items()},
        "parties": PARTIES,
        "given": found.facts.get("given", {}),
        "name": lambda value: value_name(str(value), locale),
        "tell": lambda value: _value(value, locale),
        "word": lambda value: word(value, locale),
        "shown": lambda value: word(shown(value, locale), locale),
        "clock": lambda value: translate(locale, CLOCKS[value]),
        "labels": _labels(context, found),
    }


def _labels(context: Context, found: IncidentFile) -> Mapping[str, str]:
    return routing.labels_of(context, found) if found.facts else {}


def _currency(found: IncidentFile) -> str:
    return str(found.facts.get("stake", {}).get("currency", ""))


def _value(value: object, locale: str) -> str:
    if isinstance(value, bool):
        return translate(locale, mark("yes") if value else mark("no"))
    return NOTHING if value in (None, "") else value_name(str(value), locale)
