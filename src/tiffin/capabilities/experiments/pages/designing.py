"""The form of a design: for a new trial, and for one that nobody was asked to approve yet."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from tiffin.capabilities.cases.domain.trial_cases import TRIERS
from tiffin.capabilities.experiments.domain.trial import Design, Unit
from tiffin.capabilities.experiments.pages.choices import weighed_metrics
from tiffin.capabilities.experiments.pages.typed import (
    ARMS,
    GUARDRAILS,
    Typed,
    TypedForm,
    plain_design,
    typed_design,
    wanted_areas,
)
from tiffin.capabilities.experiments.pages.wording import DESIGNS, MEANINGS, UNITS
from tiffin.capabilities.experiments.service.laying_out import matched_areas
from tiffin.capabilities.experiments.service.places import roles_in
from tiffin.capabilities.experiments.service.records import TrialState
from tiffin.capabilities.experiments.service.trials import find_trial, propose, revise
from tiffin.capabilities.metrics.service import CityRecord
from tiffin.capabilities.metrics.service.cities import visible_cities
from tiffin.engines.experiments.observational.geo_markets import MarketChoice
from tiffin.kernel.errors import Conflict, Forbidden, InvalidData, NotFound, TiffinError, WrongUse
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import mark, translate
from tiffin.web.edge import ContextDep
from tiffin.web.page import page

router = APIRouter(include_in_schema=False)

WINDOWS_MIN = (60, 120, 180, 240, 360, 480, 720)
USUAL_DAYS = 14
REFUSALS = (Conflict, Forbidden, NotFound, WrongUse)
TODAY = mark("as today")
"""Name of the first arm before anybody gives it another."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the form shows: what was typed, of which trial, and why it was refused."""

    typed: Typed
    state: TrialState | None = None
    refusal: TiffinError | None = None
    choices: tuple[MarketChoice, ...] | None = None


@router.get("/experiments/new")
def show_new(request: Request, context: ContextDep) -> Response:
    """Show an empty form."""
    return _page(request, context, Drawn(_usual(context)))


@router.post("/experiments/new")
def propose_trial(request: Request, context: ContextDep, typed: TypedForm) -> Response:
    """Propose what was typed; a refusal keeps it."""
    return _done(request, context, Drawn(typed), lambda plain: propose(context, plain))


@router.post("/experiments/areas")
def propose_areas(request: Request, context: ContextDep, typed: TypedForm) -> Response:
    """Show the form again with sets of matched areas to choose from, or with the one that was chosen."""
    said = typed.said
    state = find_trial(context, said["case_id"]) if said.get("case_id", "").isdecimal() else None
    if said.get("take"):
        return _page(request, context, Drawn(Typed({**said, "treated": said["take"]}, typed.chosen), state))
    try:
        choices = matched_areas(context, wanted_areas(typed))
    except (*REFUSALS, InvalidData) as refusal:
        return _page(request, context, Drawn(typed, state, refusal))
    return _page(request, context, Drawn(typed, state, choices=choices))


@router.get("/experiments/{case_id}/edit")
def show_edit(request: Request, context: ContextDep, case_id: int) -> Response:
    """Show the form of a trial."""
    state = find_trial(context, str(case_id))
    typed = typed_design(context, state.trial, _currency(context, state.trial.cities))
    return _page(request, context, Drawn(typed, state))


@router.post("/experiments/{case_id}/edit")
def revise_trial(request: Request, context: ContextDep, case_id: int, typed: TypedForm) -> Response:
    """Change a trial to what was typed; a refusal keeps it."""
    state = find_trial(context, str(case_id))
    seen = typed.said.get("version", "")
    version = int(seen) if seen.isdecimal() else state.version
    return _done(
        request, context, Drawn(typed, state), lambda plain: revise(context, str(case_id), plain, version=version)
    )


def _done(
    request: Request, context: Context, drawn: Drawn, act: Callable[[Mapping[str, object]], TrialState]
) -> Response:
    try:
        with context.session.begin_nested():
            found = act(plain_design(context, drawn.typed, _currency(context, drawn.typed.chosen["cities"])))
    except REFUSALS as refusal:
        return _page(request, context, Drawn(drawn.typed, drawn.state, refusal))
    return RedirectResponse(f"/experiments/{found.case_id}", HTTPStatus.SEE_OTHER)


def _page(request: Request, context: Context, drawn: Drawn) -> Response:
    locale, refusal = context.locale, drawn.refusal
    return page(
        request,
        context,
        "experiments/design.html",
        status=HTTPStatus(refusal.http_status) if refusal else HTTPStatus.OK,
        refused=refusal.said if refusal else "",
        said=drawn.typed.said,
        chosen=drawn.typed.chosen,
        state=drawn.state,
        cities=designed_in(context),
        metrics=weighed_metrics(context),
        designs=[(one.value, translate(locale, DESIGNS[one]), translate(locale, MEANINGS[one])) for one in Design],
        units=[(one.value, translate(locale, UNITS[one])) for one in Unit],
        windows=WINDOWS_MIN,
        arms=range(ARMS),
        guardrails=range(GUARDRAILS),
        choices=drawn.choices,
    )


def designed_in(context: Context) -> tuple[CityRecord, ...]:
    """List the cities in which the actor may design trials."""
    return tuple(one for one in visible_cities(context) if roles_in(context, [(one.country, one.city_id)]) & TRIERS)


def _currency(context: Context, cities: tuple[str, ...]) -> str | None:
    known = {one.city_id: one.currency for one in visible_cities(context)}
    return next((known[one] for one in cities if one in known), None)


def _usual(context: Context) -> Typed:
    first = context.now.date() + timedelta(days=1)
    said = {
        "design": Design.SPLIT.value,
        "unit": Unit.MERCHANT.value,
        "arm_0": translate(context.locale, TODAY),
        "share_0": "50",
        "share_1": "50",
        "first": first.isoformat(),
        "last": (first + timedelta(days=USUAL_DAYS - 1)).isoformat(),
        "window_min": "120",
        "washout_min": "0",
        "stages": "3",
        "stage_days": "7",
    }
    return Typed(said, {"cities": (), "others": ()})
