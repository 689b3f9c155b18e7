"""One trial: where it stands, its design, what was read out of it, and what can be done with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup

from tiffin.capabilities.cases.domain.trial_cases import TRIAL
from tiffin.capabilities.cases.service.words import shown, word
from tiffin.capabilities.experiments.domain.readout import ArmReading
from tiffin.capabilities.experiments.domain.trial import Design
from tiffin.capabilities.experiments.pages.course import Point, course_chart
from tiffin.capabilities.experiments.pages.forest import Effect, forest_plot
from tiffin.capabilities.experiments.pages.panel import PanelTold, panel_told
from tiffin.capabilities.experiments.pages.parts import Part, carry_over_part, day_chart, segment_parts, sizes_told
from tiffin.capabilities.experiments.pages.told import TONES as TONES_OF_VERDICTS
from tiffin.capabilities.experiments.pages.told import VERDICTS, Teller, Verdict, teller
from tiffin.capabilities.experiments.pages.wording import DESIGNS, MEANINGS, STEPS, TONES, UNITS
from tiffin.capabilities.experiments.service.caution_words import caution_text
from tiffin.capabilities.experiments.service.exposures import exposed
from tiffin.capabilities.experiments.service.reading import Readout, course, last_readout, read
from tiffin.capabilities.experiments.service.records import READABLE, RUNNING, TrialState, record_of, sees_all
from tiffin.capabilities.experiments.service.trials import act, find_trial
from tiffin.capabilities.experiments.service.windows_today import WindowsToday, windows_today
from tiffin.capabilities.metrics.service import dimensions_of
from tiffin.kernel.errors import Conflict, Forbidden, TiffinError, WrongUse
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import NOTHING, format_number
from tiffin.web.edge import ContextDep
from tiffin.web.forms import Said
from tiffin.web.page import page

router = APIRouter(include_in_schema=False)

REFUSALS = (Conflict, Forbidden, WrongUse)
AREAS = 40
"""How many areas the picture of the windows shows."""


@dataclass(frozen=True, slots=True)
class Line:
    """One arm of one metric in the table of a read-out."""

    told: Teller
    reading: ArmReading
    verdict: Verdict
    cautions: tuple[str, ...]
    refused: str | None
    chance: str


@dataclass(frozen=True, slots=True)
class ArmParts:
    """What the page shows of one arm of the deciding metric beside its effect."""

    arm: str
    sizes: tuple[str, ...]
    segments: list[Part]
    days: Markup | None
    carry_over: Part | None
    panel: PanelTold | None


@router.get("/experiments/{case_id}")
def show_trial(request: Request, context: ContextDep, case_id: int) -> Response:
    """Show one trial."""
    return _page(request, context, case_id, {})


@router.post("/experiments/{case_id}")
def act_on_trial(
    request: Request,
    context: ContextDep,
    case_id: int,
    action: Annotated[str, Form()],
    version: Annotated[int, Form()],
    said: Said,
) -> Response:
    """Move a trial on; a refusal shows it as it stands now, and says why."""
    try:
        with context.session.begin_nested():
            act(context, str(case_id), action, said, version=version)
    except REFUSALS as refusal:
        return _page(request, context, case_id, said, refusal)
    return RedirectResponse(f"/experiments/{case_id}", HTTPStatus.SEE_OTHER)


@router.post("/experiments/{case_id}/readings")
def read_trial(request: Request, context: ContextDep, case_id: int) -> Response:
    """Read a trial out now; it is stopped where it does harm that its guardrails do not allow."""
    try:
        with context.session.begin_nested():
            read(context, str(case_id))
    except REFUSALS as refusal:
        return _page(request, context, case_id, {}, refusal)
    return RedirectResponse(f"/experiments/{case_id}#reading", HTTPStatus.SEE_OTHER)


def _page(
    request: Request,
    context: Context,
    case_id: int,
    said: Mapping[str, str],
    refusal: TiffinError | None = None,
) -> Response:
    state = find_trial(context, str(case_id))
    record, locale = record_of(context, str(case_id)), context.locale
    found = last_readout(context, record)
    tellers = {name: teller(context, name, state.places) for name in state.trial.metrics}
    return page(
        request,
        context,
        "experiments/trial.html",
        status=HTTPStatus(refusal.http_status) if refusal else HTTPStatus.OK,
        refused=refusal.said if refusal else "",
        said=said,
        state=state,
        trial=state.trial,
        steps=_steps(state.state),
        tellers=tellers,
        found=found,
        lines=_lines(found, tellers, locale),
        plots=_plots(state, found, tellers),
        parts_of=_parts(context, state, found, tellers),
        course=course_chart(_points(context, state), tellers[state.trial.metric]),
        exposures=exposed(context, record),
        windows=_windows(context, state),
        most_areas=AREAS,
        may_read=state.state in READABLE and sees_all(context, record),
        may_edit=any(one.action == "submit_trial" for one in state.actions),
        waits_for=[one for one in TRIAL.transitions if state.state in one.sources and one.roles and one.target],
        designs=DESIGNS,
        meanings=MEANINGS,
        units=UNITS,
        tones=TONES,
        verdicts=VERDICTS,
        tones_of_verdicts=TONES_OF_VERDICTS,
        word=lambda name: word(name, locale),
        shown=lambda value: shown(value, locale),
    )


def _steps(state: str) -> Sequence[tuple[str, bool, bool]]:
    """Give the way of a trial: each step, whether it lies behind, and whether the trial stands there."""
    if state not in STEPS:
        return ((STEPS[0], True, False), (state, False, True))
    at = STEPS.index(state)
    return tuple((name, number < at, number == at) for number, name in enumerate(STEPS))


def _lines(found: Readout | None, tellers: Mapping[str, Teller], locale: str) -> list[Line]:
    return [_line(one, tellers[one.metric], locale) for one in (found.arms if found else ()) if one.metric in tellers]


def _line(one: ArmReading, told: Teller, locale: str) -> Line:
    verdict = told.verdict(one.estimate) if one.estimate else Verdict.UNCLEAR
    cautions = tuple(caution_text(caution, locale) for caution in one.estimate.cautions) if one.estimate else ()
    return Line(told, one, verdict, cautions, caution_text(one.refused, locale) if one.refused else None,
                _chance(one, locale))  # fmt: skip


def _chance(one: ArmReading, locale: str) -> str:
    """Write the chance that was raised for all that was asked at once."""
    return NOTHING if one.corrected_p is None else format_number(round(one.corrected_p, 4), locale, decimals=4)


def _plots(state: TrialState, found: Readout | None, tellers: Mapping[str, Teller]) -> list[Markup]:
    allowed = {one.metric: one.most_worse for one in state.trial.guardrails}
    effects = {
        name: [Effect(one.arm, one.estimate) for one in (found.arms if found else ()) if one.metric == name and
               one.estimate is not None]
        for name in tellers
    }  # fmt: skip
    return [
        forest_plot(effects[name], told, most_worse=allowed.get(name))
        for name, told in tellers.items()
        if effects[name]
    ]


def _parts(context: Context, state: TrialState, found: Readout | None, tellers: Mapping[str, Teller]) -> list[ArmParts]:
    """Draw what was found of each arm of the deciding metric beside its effect."""
    told = tellers[state.trial.metric]
    labels = {one.name: one.label.text(context.locale) for one in dimensions_of(context)}
    arms = [arm.name for arm in state.trial.arms]
    return [
        ArmParts(
            one.arm,
            sizes_told(one.findings.sample_ratio, arms, context.locale),
            segment_parts(one.findings, told, labels),
            day_chart(one.findings.days, told),
            carry_over_part(one.findings.carry_over, told),
            panel_told(one.findings.panel, told) if one.findings.panel else None,
        )
        for one in (found.arms if found else ())
        if one.findings is not None
    ]


def _points(context: Context, state: TrialState) -> list[Point]:
    rows = course(context, record_of(context, str(state.case_id)))
    return [Point(one.arm, one.read_at, one.through_day, one.effect, one.low, one.high) for one in rows]


def _windows(context: Context, state: TrialState) -> WindowsToday | None:
    if state.trial.design is not Design.SWITCHBACK or state.state != RUNNING:
        return None
    return windows_today(context, record_of(context, str(state.case_id)))
