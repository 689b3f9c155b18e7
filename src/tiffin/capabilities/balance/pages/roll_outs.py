"""Roll-outs in a browser: the list, and one with its cities by wave, its gates and what can be done with it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup

from tiffin.capabilities.balance.domain.roll_out import CityState, Outlook
from tiffin.capabilities.balance.pages.roll_out_figures import (
    BASES,
    BECAUSE,
    HOLDOUTS,
    TONES,
    VERDICTS,
    Figures,
    Span,
    figures,
)
from tiffin.capabilities.balance.pages.roll_out_forest import cautions_of, forest, outlooks_as_estimates
from tiffin.capabilities.balance.service.roll_outs.evidence import evidence_of
from tiffin.capabilities.balance.service.roll_outs.moving import act
from tiffin.capabilities.balance.service.roll_outs.planning import planned_in
from tiffin.capabilities.balance.service.roll_outs.records import (
    DRAFTED,
    CityOfRollOut,
    GateLook,
    RollOutState,
    find_roll_out,
    list_roll_outs,
)
from tiffin.capabilities.cases.domain.roll_out_cases import PLANNERS, ROLL_OUT
from tiffin.capabilities.cases.service.words import shown, word
from tiffin.capabilities.experiments.service.caution_words import caution_text
from tiffin.capabilities.experiments.service.places import roles_in
from tiffin.capabilities.metrics.domain.writing import as_csv
from tiffin.engines.experiments.estimate import Caution
from tiffin.kernel.errors import Conflict, Forbidden, TiffinError, WrongUse
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import format_date, mark, translate
from tiffin.web.charts.figure import Caption
from tiffin.web.charts.line import Band, Series, line_chart
from tiffin.web.edge import ContextDep
from tiffin.web.forms import Said
from tiffin.web.page import page

router = APIRouter(include_in_schema=False)

REFUSALS = (Conflict, Forbidden, WrongUse)
COLUMNS = ("case", "name", "remedy", "metric", "state", "wave", "waves", "cities", "due_day", "last_verdict")
STEPS = ("roll_out_drafted", "roll_out_submitted", "roll_out_agreed", "wave_running", "roll_out_done")
"""The way of a roll-out that nothing comes between."""
ON_THE_WAY = {"gate_passed": "wave_running", "gate_overdue": "wave_running"}
LEAST_LOOKS = 2
COURSE = mark("What the gate saw from day to day")
INTERVAL = mark("Interval")
NEXT = {
    CityState.ON: (CityState.HELD, CityState.BACK),
    CityState.HELD: (CityState.ON, CityState.BACK),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One metric at the last look of a wave's gate."""

    told: Figures
    span: str
    limit: str
    refused: str


@dataclass(frozen=True, slots=True)
class Gate:
    """The last look of a wave's gate."""

    seen: GateLook
    because: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class CityRow:
    """One city of a wave with what was foretold of it, and the states into which the reader may bring it."""

    city: CityOfRollOut
    outlook: Outlook | None
    may_become: tuple[CityState, ...]


@router.get("/roll-outs")
def show_list(request: Request, context: ContextDep, state: str = "") -> Response:
    """Show the roll-outs of the reader's places, the newest first."""
    locale, found = context.locale, list_roll_outs(context, state or None)
    return page(
        request,
        context,
        "balance/roll_outs.html",
        rows=[(one, figures(context, one.plan.metric)) for one in found],
        state=state,
        query=request.url.query,
        choices=[("", translate(locale, "All")), *((one.name, word(one.name, locale)) for one in ROLL_OUT.states)],
        may_plan=bool(planned_in(context)),
        tones=TONES,
        verdicts=VERDICTS,
        word=lambda name: word(name, locale),
    )


@router.get("/roll-outs.csv")
def export_list(context: ContextDep, state: str = "") -> Response:
    """Give the list as a file."""
    rows = [
        (one.case_id, one.plan.name, one.plan.remedy, one.plan.metric, one.state, one.wave + 1, len(one.plan.waves),
         " ".join(f"{city.place.city_id}:{city.state.value}" for city in one.cities), one.due_day,
         one.gates[-1].verdict if one.gates else "")
        for one in list_roll_outs(context, state or None)
    ]  # fmt: skip
    headers = {"Content-Disposition": 'attachment; filename="roll-outs.csv"'}
    return Response(as_csv(COLUMNS, rows), media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/roll-outs/{case_id}")
def show_roll_out(request: Request, context: ContextDep, case_id: int) -> Response:
    """Show one roll-out."""
    return _page(request, context, case_id, {})


@router.post("/roll-outs/{case_id}")
def act_on_roll_out(
    request: Request,
    context: ContextDep,
    case_id: int,
    action: Annotated[str, Form()],
    version: Annotated[int, Form()],
    said: Said,
) -> Response:
    """Move a roll-out on; a refusal shows it as it stands now, and says why."""
    try:
        with context.session.begin_nested():
            act(context, str(case_id), action, said, version=version)
    except REFUSALS as refusal:
        return _page(request, context, case_id, said, refusal)
    return RedirectResponse(f"/roll-outs/{case_id}", HTTPStatus.SEE_OTHER)


def _page(
    request: Request, context: Context, case_id: int, said: Mapping[str, str], refusal: TiffinError | None = None
) -> Response:
    state, locale = find_roll_out(context, str(case_id)), context.locale
    plan = state.plan
    currencies = frozenset(one.place.currency for one in state.cities)
    told = {metric: figures(context, metric, currencies) for metric in plan.metrics}
    evidence = evidence_of(context, plan.remedy, plan.metric)
    names = {one.place.city_id: translate(locale, one.place.name) for one in state.cities}
    names |= {row.city_id: translate(locale, row.city) for row in evidence.rows}
    outlooks = tuple(one for one in plan.outlooks if one.city_id in names)
    return page(
        request,
        context,
        "balance/roll_out.html",
        status=HTTPStatus(refusal.http_status) if refusal else HTTPStatus.OK,
        refused=refusal.said if refusal else "",
        said=said,
        state=state,
        plan=plan,
        case=replace(state.case, actions=state.actions),
        steps=_steps(state.state),
        told=told,
        waves=_waves(context, state),
        gates=[_gate(context, state, told, wave) for wave in range(state.wave + 1)],
        course=_course(state, told[plan.metric]),
        plot=forest(evidence.pooled, outlooks_as_estimates(outlooks), names, told[plan.metric]),
        cautions=cautions_of(evidence.pooled, locale),
        pooled=evidence.pooled,
        may_edit=state.state == DRAFTED and any(one.action == "submit_roll_out" for one in state.actions),
        waits_for=[one for one in ROLL_OUT.transitions if state.state in one.sources and one.roles and one.target],
        bases=BASES,
        holdouts=HOLDOUTS,
        tones=TONES,
        verdicts=VERDICTS,
        word=lambda name: word(name, locale),
        shown=lambda value: shown(value, locale),
    )


def _steps(state: str) -> list[tuple[str, bool, bool]]:
    """Give the way of a roll-out: each step, whether it lies behind, and whether it stands there."""
    here = ON_THE_WAY.get(state, state)
    if here not in STEPS:
        return [(STEPS[0], True, False), (state, False, True)]
    at = STEPS.index(here)
    return [(state if number == at else name, number < at, number == at) for number, name in enumerate(STEPS)]


def _waves(context: Context, state: RollOutState) -> list[tuple[int, list[CityRow]]]:
    outlooks = {one.city_id: one for one in state.plan.outlooks}
    waves: dict[int, list[CityRow]] = {}
    for city in state.cities:
        row = CityRow(city, outlooks.get(city.place.city_id), _may_become(context, state, city))
        waves.setdefault(city.wave, []).append(row)
    return sorted(waves.items())


def _may_become(context: Context, state: RollOutState, city: CityOfRollOut) -> tuple[CityState, ...]:
    if ROLL_OUT.transition("change_city", state.state) is None:
        return ()
    held = roles_in(context, [(city.place.country, city.place.city_id)])
    return NEXT.get(city.state, ()) if held & PLANNERS else ()


def _gate(context: Context, state: RollOutState, told: Mapping[str, Figures], wave: int) -> Gate | None:
    seen = next((one for one in reversed(state.gates) if one.wave == wave), None)
    if seen is None:
        return None
    limits = {one.metric: one.most_worse for one in state.plan.limits}
    because = tuple(
        translate(context.locale, BECAUSE[one]) if one in BECAUSE else told[one].label for one in seen.because
    )
    return Gate(seen, because, tuple(_line(one, told[one["metric"]], limits, context.locale) for one in seen.readings))


def _line(one: Mapping[str, Any], told: Figures, limits: Mapping[str, float], locale: str) -> Line:
    span = told.span(Span(one["effect"], one["low"], one["high"])) if one["effect"] is not None else ""
    limit = told.value(limits[told.name]) if told.name in limits else ""
    refused = caution_text(Caution(**one["refused"]), locale) if one["refused"] else ""
    return Line(told, span, limit, refused)


def _course(state: RollOutState, told: Figures) -> Markup | None:
    """Draw what the gate of the running wave saw of the deciding metric; None with fewer than two looks."""
    seen = [
        (gate.through_day, one)
        for gate in state.gates
        if gate.wave == state.wave
        for one in gate.readings
        if one["metric"] == told.name and one["low"] is not None
    ]
    if len(seen) < LEAST_LOOKS:
        return None
    locale = told.locale
    ends = [tuple(one[end] for _, one in seen) for end in ("low", "high")]
    return line_chart(
        [format_date(day, locale, skeleton="MMMd") for day, _ in seen],
        [Series(told.label, tuple(one["effect"] for _, one in seen))],
        caption=Caption(translate(locale, COURSE), told.label),
        locale=locale,
        band=Band(translate(locale, INTERVAL), *ends),
        show=told.change,
    )
