"""The register of trials: what is asked where, how far it is, and what was read last."""

import csv
import io
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from tiffin.capabilities.cases.domain.trial_cases import TRIAL
from tiffin.capabilities.cases.service.words import word
from tiffin.capabilities.experiments.pages.designing import designed_in
from tiffin.capabilities.experiments.pages.told import TONES as TONES_OF_VERDICTS
from tiffin.capabilities.experiments.pages.told import VERDICTS, Verdict, reading_told, teller
from tiffin.capabilities.experiments.pages.wording import DESIGNS, TONES, UNITS
from tiffin.capabilities.experiments.service.reading import last_readout
from tiffin.capabilities.experiments.service.records import TrialState, record_of
from tiffin.capabilities.experiments.service.trials import list_trials
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import translate
from tiffin.web.edge import ContextDep
from tiffin.web.page import page

router = APIRouter(include_in_schema=False)

COLUMNS = ("case", "name", "question", "design", "unit", "cities", "metric", "first", "last", "state", "arm", "effect",
           "low", "high", "read_through")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One trial of the register.

    Parameters
    ----------
    readings : tuple of (str, str, Verdict)
        Of the deciding metric: each arm, its effect with the interval, and what that says.
    """

    state: TrialState
    metric: str
    readings: tuple[tuple[str, str, Verdict], ...]


@router.get("/experiments")
def show_register(request: Request, context: ContextDep, state: str = "") -> Response:
    """Show the trials of the reader's places, the newest first."""
    locale = context.locale
    found = list_trials(context, state or None)
    return page(
        request,
        context,
        "experiments/register.html",
        rows=[_row(context, one) for one in found],
        state=state,
        query=request.url.query,
        choices=[("", translate(locale, "All")), *((one.name, word(one.name, locale)) for one in TRIAL.states)],
        may_design=bool(designed_in(context)),
        designs=DESIGNS,
        units=UNITS,
        tones=TONES,
        verdicts=VERDICTS,
        tones_of_verdicts=TONES_OF_VERDICTS,
        word=lambda name: word(name, locale),
    )


@router.get("/experiments.csv")
def export_register(context: ContextDep, state: str = "") -> Response:
    """Give the register as a file: a row for each arm that was read, and one for a trial that was not."""
    written = io.StringIO()
    rows = [row for one in list_trials(context, state or None) for row in _exported(context, one)]
    csv.writer(written, lineterminator="\r\n").writerows([COLUMNS, *([_cell(one) for one in row] for row in rows)])
    headers = {"Content-Disposition": 'attachment; filename="trials.csv"'}
    return Response(written.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _row(context: Context, state: TrialState) -> Row:
    told = teller(context, state.trial.metric, state.places)
    found = last_readout(context, record_of(context, str(state.case_id)))
    arms = [one for one in (found.arms if found else ()) if one.metric == state.trial.metric]
    return Row(state, told.label, tuple((one.arm, *reading_told(one, told)) for one in arms))


def _exported(context: Context, state: TrialState) -> list[list[object]]:
    trial = state.trial
    first = [state.case_id, trial.name, trial.question, trial.design.value, trial.unit.value, " ".join(trial.cities),
             trial.metric, trial.first.isoformat(), trial.last.isoformat(), state.state]  # fmt: skip
    found = last_readout(context, record_of(context, str(state.case_id)))
    arms = [one for one in (found.arms if found else ()) if one.metric == trial.metric]
    if found is None or not arms:
        return [[*first, "", "", "", "", ""]]
    numbers = [
        (one.estimate.effect, one.estimate.low, one.estimate.high) if one.estimate else ("", "", "") for one in arms
    ]
    through = found.through.isoformat()
    return [[*first, one.arm, *three, through] for one, three in zip(arms, numbers, strict=True)]


def _cell(value: object) -> object:
    """Write a value; text that a spreadsheet would take for a formula gets an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and value[:1] in tuple("=+-@\t\r") else value
