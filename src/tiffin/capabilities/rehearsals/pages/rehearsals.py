"""Rehearsals: the list, asking for one, what it came to."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.background import BackgroundTask
from starlette.datastructures import UploadFile

from tiffin.capabilities.rehearsals.domain.city_run import DISPATCHER
from tiffin.capabilities.rehearsals.service import background, runs
from tiffin.capabilities.rehearsals.service.run_files import FORMS, written
from tiffin.capabilities.rehearsals.service.run_forms import REPLICATIONS, plan_of
from tiffin.capabilities.rehearsals.service.run_page import page_of
from tiffin.capabilities.rehearsals.service.run_scenarios import choices
from tiffin.capabilities.rehearsals.service.run_views import find_rehearsal, list_rehearsals
from tiffin.capabilities.rehearsals.service.run_words import POLICIES, STANDINGS, TONES, roster_told
from tiffin.capabilities.rehearsals.service.words import KINDS
from tiffin.kernel.errors import Conflict, InvalidData, InvalidDefinition, NotFound, TiffinError, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.web.edge import ContextDep
from tiffin.web.page import page

router = APIRouter()

BLANK = dict.fromkeys(("scenario", "other", "riders", "seed", "undisturbed"), "") | {
    "policy": DISPATCHER,
    "replications": str(REPLICATIONS),
    "roster": "own",
}
"""What stands in the form before anybody typed."""

ROSTER_MOST_BYTES = 1_000_000
MEDIA = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form of a new rehearsal says, and the content of the roster's file."""

    said: Mapping[str, str]
    roster: str


async def asked_form(request: Request) -> Asked:
    """Read the form of a new rehearsal."""
    form = await request.form()
    said = {name: text.strip() for name, text in form.items() if isinstance(text, str)}
    file = form.get("roster_file")
    if not isinstance(file, UploadFile) or not file.filename:
        return Asked(said, "")
    content = await file.read(ROSTER_MOST_BYTES)
    return Asked({**said, "roster_name": file.filename}, content.decode("utf-8-sig", "replace"))


AskedForm = Annotated[Asked, Depends(asked_form)]


@router.get("/rehearsals")
def show_rehearsals(request: Request, context: ContextDep) -> Response:
    """Show the rehearsals, newest first."""
    found = list_rehearsals(context)
    return _shown(
        request,
        context,
        "list.html",
        rehearsals=found,
        is_under_way=any(one.is_under_way for one in found),
        may_ask=bool(choices(context)),
        roster_told=lambda roster: roster_told(roster, context.locale),
    )


@router.get("/rehearsals/new")
def show_form(request: Request, context: ContextDep, scenario: str = "", again: int = 0) -> Response:
    """Show the form of a new rehearsal; empty, with a day chosen, or as an earlier one was asked for."""
    said = {"scenario": scenario}
    if again:
        plan = find_rehearsal(context, again).plan
        said = {
            "scenario": plan.scenario if "/" in plan.scenario else f"{plan.scenario}/{plan.day.isoformat()}",
            "policy": plan.policies[0],
            "other": plan.policies[1] if len(plan.policies) > 1 else "",
            "replications": str(plan.replications),
            "seed": str(plan.seed),
            "undisturbed": "1" if plan.is_undisturbed else "",
        }
    return _form(request, context, said)


@router.post("/rehearsals")
def ask(request: Request, context: ContextDep, form: AskedForm) -> Response:
    """Ask for a rehearsal and let it run beside the console; what cannot be is said above the form."""
    try:
        number = runs.ask(context, plan_of(context, form.said, form.roster))
    except (Conflict, InvalidData, InvalidDefinition, NotFound, WrongUse) as refusal:
        return _form(request, context, form.said, refusal)
    return _started(context, number)


@router.get("/rehearsals/{rehearsal_id}")
def show_rehearsal(request: Request, context: ContextDep, rehearsal_id: int) -> Response:
    """Show a rehearsal: how far it is, or what it came to."""
    return _one(request, context, rehearsal_id)


@router.post("/rehearsals/{rehearsal_id}")
def act(request: Request, context: ContextDep, rehearsal_id: int, action: Annotated[str, Form()]) -> Response:
    """Run a rehearsal again, cancel it or delete it."""
    try:
        if action == "run":
            runs.wait_again(context, rehearsal_id)
            return _started(context, rehearsal_id)
        if action == "cancel":
            runs.cancel(context, rehearsal_id)
        elif action == "delete":
            runs.delete(context, rehearsal_id)
            return _seen("/rehearsals")
        else:
            raise WrongUse(Message("An act was expected that can be taken here; found {text}.", text=repr(action)))
    except Conflict as refusal:
        return _one(request, context, rehearsal_id, refusal)
    return _seen(f"/rehearsals/{rehearsal_id}")


@router.get("/rehearsals/{rehearsal_id}/export.{kind}")
def export(context: ContextDep, rehearsal_id: int, kind: str) -> Response:
    """Give the days of a rehearsal as a file."""
    if kind not in FORMS:
        raise NotFound(Message("Rehearsals are written as csv or json; found {text}.", text=repr(kind)))
    _, text = written(context, rehearsal_id, kind)
    name = f"simulated-rehearsal-{rehearsal_id}.{kind}"
    return Response(text, media_type=MEDIA[kind], headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _form(request: Request, context: Context, said: Mapping[str, str], refusal: TiffinError | None = None) -> Response:
    found = choices(context)
    by_city: dict[str, list[Any]] = {}
    for one in found:
        by_city.setdefault("" if one.title else one.city, []).append(one)
    return _shown(
        request,
        context,
        "new.html",
        status=refusal.http_status if refusal else HTTPStatus.OK,
        refused=refusal.said if refusal else "",
        by_city=by_city,
        said={**BLANK, **said},
        policies=POLICIES,
    )


def _one(request: Request, context: Context, rehearsal_id: int, refusal: TiffinError | None = None) -> Response:
    told = page_of(context, find_rehearsal(context, rehearsal_id))
    status = refusal.http_status if refusal else HTTPStatus.OK
    return _shown(
        request,
        context,
        "rehearsal.html",
        status=status,
        refused=refusal.said if refusal else "",
        policies=POLICIES,
        **told,
    )


def _shown(request: Request, context: Context, template: str, /, **values: Any) -> Response:
    words: dict[str, Any] = {"standings": STANDINGS, "tones": TONES, "kinds": KINDS}
    return page(request, context, f"rehearsals/{template}", **words, **values)


def _started(context: Context, rehearsal_id: int) -> Response:
    # The command that runs it must find it in the database: it begins once the answer has gone out.
    root, log, user = context.workspace.root, background.log_of(context), context.actor.name
    answer = _seen(f"/rehearsals/{rehearsal_id}")
    answer.background = BackgroundTask(background.start, root, log, rehearsal_id, user=user)
    return answer


def _seen(target: str) -> Response:
    return RedirectResponse(target, status_code=HTTPStatus.SEE_OTHER)
