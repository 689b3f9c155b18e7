"""Strategies in a browser: the register, proposals, one strategy, and the library of levers."""

from collections.abc import Mapping
from datetime import date
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from starlette.background import BackgroundTask

from tiffin.capabilities.balance.domain.levers import LeadTime
from tiffin.capabilities.balance.service.strategies import background
from tiffin.capabilities.balance.service.strategies.files import COLUMNS, register_rows
from tiffin.capabilities.balance.service.strategies.page import (
    asking_view,
    levers_view,
    proposal_view,
    register_view,
    strategy_view,
)
from tiffin.capabilities.balance.service.strategies.proposals import ask, find_proposal, proposal_for
from tiffin.capabilities.balance.service.strategies.questions import ask_about
from tiffin.capabilities.balance.service.strategies.strategies import (
    Adoption,
    act,
    adopt,
    find_strategy,
    list_strategies,
)
from tiffin.capabilities.balance.service.strategies.trying import put_on_trial
from tiffin.capabilities.metrics.domain.writing import as_csv
from tiffin.kernel.errors import Conflict, Forbidden, NotFound, TiffinError, WrongUse
from tiffin.kernel.time import read_day
from tiffin.runtime.context import Context
from tiffin.web.edge import ContextDep
from tiffin.web.forms import Said
from tiffin.web.page import page

router = APIRouter()

REFUSALS = (Conflict, Forbidden, NotFound, WrongUse)


@router.get("/strategies")
def show_register(request: Request, context: ContextDep, city: str = "", state: str = "", lever: str = "") -> Response:
    """Show the strategies of the reader's cities, the newest first."""
    found = list_strategies(context, city=city, state=state, lever=lever)
    chosen = {"city": city, "state": state, "lever": lever}
    view = register_view(context, found, chosen)
    return page(request, context, "balance/strategies.html", query=request.url.query, **view)


@router.get("/strategies.csv")
def export_register(context: ContextDep, city: str = "", state: str = "", lever: str = "") -> Response:
    """Give the register as a file."""
    text = as_csv(COLUMNS, register_rows(list_strategies(context, city=city, state=state, lever=lever)))
    headers = {"Content-Disposition": 'attachment; filename="strategies.csv"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/strategies/levers")
def show_levers(request: Request, context: ContextDep) -> Response:
    """Show the library of levers with what is known of each."""
    return page(request, context, "balance/levers.html", **levers_view(context))


@router.get("/strategies/new")
def show_question(
    request: Request,
    context: ContextDep,
    city: str = "",
    day: str = "",
    episode: Annotated[int, Query(ge=1)] = 1,
    lead: LeadTime = LeadTime.MORNING,
) -> Response:
    """Show a miss and the levers that help against it; lead on to its proposal where one was asked for."""
    chosen = {"city": city, "day": day, "episode": episode, "lead": lead.value}
    if not city or not day:
        return page(request, context, "balance/strategy_new.html", refused="", **asking_view(context, None, chosen))
    try:
        question = ask_about(context, city, read_day(day), episode=episode, lead_time=lead)
    except REFUSALS as refusal:
        view = asking_view(context, None, chosen)
        return page(request, context, "balance/strategy_new.html", status=HTTPStatus(refusal.http_status),
                    refused=refusal.said, **view)  # fmt: skip
    found = proposal_for(context, question)
    if found is not None:
        return _seen(f"/strategies/proposals/{found.number}")
    return page(request, context, "balance/strategy_new.html", refused="", **asking_view(context, question, chosen))


@router.post("/strategies/new")
def ask_for_proposal(
    context: ContextDep,
    city: Annotated[str, Form()],
    day: Annotated[date, Form()],
    episode: Annotated[int, Form(ge=1)] = 1,
    lead: Annotated[LeadTime, Form()] = LeadTime.MORNING,
) -> Response:
    """Ask what could be done, and let it be rehearsed beside the console."""
    found, is_to_do = ask(context, ask_about(context, city, day, episode=episode, lead_time=lead))
    answer = _seen(f"/strategies/proposals/{found.number}")
    if is_to_do:
        # The background task runs when the answer has left, and so after the unit of work was committed.
        answer.background = BackgroundTask(
            background.start,
            context.workspace.root,
            background.log_of(context),
            found.number,
            user=context.actor.name,
        )
    return answer


@router.get("/strategies/proposals/{number}")
def show_proposal(request: Request, context: ContextDep, number: int) -> Response:
    """Show how far a proposal is, or what it came to."""
    return _proposal(request, context, number, {})


@router.post("/strategies/proposals/{number}")
def adopt_option(
    request: Request,
    context: ContextDep,
    number: int,
    option: Annotated[str, Form()],
    said: Said,
) -> Response:
    """Make an option a strategy; a refusal keeps what was typed."""
    try:
        with context.session.begin_nested():
            found = adopt(context, number, option, _adoption(said))
    except REFUSALS as refusal:
        return _proposal(request, context, number, {**said, "option": option}, refusal)
    return _seen(f"/strategies/{found.case_id}")


@router.get("/strategies/{case_id}")
def show_strategy(request: Request, context: ContextDep, case_id: int) -> Response:
    """Show one strategy."""
    return _strategy(request, context, case_id, {})


@router.post("/strategies/{case_id}")
def act_on_strategy(
    request: Request,
    context: ContextDep,
    case_id: int,
    action: Annotated[str, Form()],
    version: Annotated[int, Form()],
    said: Said,
) -> Response:
    """Move a strategy on; a refusal shows it as it stands now, and says why."""
    try:
        with context.session.begin_nested():
            if action == "try_strategy":
                first, last = read_day(said.get("first", "")), read_day(said.get("last", ""))
                put_on_trial(context, case_id, first=first, last=last, version=version)
            else:
                act(context, case_id, action, said, version=version)
    except REFUSALS as refusal:
        return _strategy(request, context, case_id, said, refusal)
    return _seen(f"/strategies/{case_id}")


def _adoption(said: Mapping[str, str]) -> Adoption:
    return Adoption(
        owner=said.get("owner", ""),
        team=said.get("team", ""),
        first=read_day(said.get("first", "")),
        last=read_day(said.get("last", "")),
    )


def _proposal(
    request: Request, context: Context, number: int, said: Mapping[str, str], refusal: TiffinError | None = None
) -> Response:
    view = proposal_view(context, find_proposal(context, number))
    return page(request, context, "balance/proposal.html", status=_status(refusal), said=said,
                refused=refusal.said if refusal else "", **view)  # fmt: skip


def _strategy(
    request: Request, context: Context, case_id: int, said: Mapping[str, str], refusal: TiffinError | None = None
) -> Response:
    view = strategy_view(context, find_strategy(context, case_id))
    return page(request, context, "balance/strategy.html", status=_status(refusal), said=said,
                refused=refusal.said if refusal else "", **view)  # fmt: skip


def _status(refusal: TiffinError | None) -> HTTPStatus:
    return HTTPStatus(refusal.http_status) if refusal else HTTPStatus.OK


def _seen(address: str) -> RedirectResponse:
    return RedirectResponse(address, status_code=HTTPStatus.SEE_OTHER)
