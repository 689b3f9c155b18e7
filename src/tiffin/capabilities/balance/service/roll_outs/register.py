"""The register: every remedy that was tried or rolled out, where, with what result, good or bad."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import isfinite
from typing import Any

from tiffin.capabilities.balance.models.roll_outs import RemedyEffect
from tiffin.capabilities.balance.service.roll_outs.evidence import better_by, effects_seen, gather, remedy_of
from tiffin.capabilities.balance.service.roll_outs.records import GateLook, RollOutState, list_roll_outs
from tiffin.capabilities.experiments.service.places import Place
from tiffin.capabilities.experiments.service.records import TrialState
from tiffin.runtime.context import Context


class Kind(StrEnum):
    """Whether a remedy was tried in a city or rolled out to it."""

    TRIAL = "trial"
    ROLL_OUT = "roll_out"


class Result(StrEnum):
    """What the interval says of a remedy in a city."""

    BETTER = "better"
    WORSE = "worse"
    UNCLEAR = "unclear"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Entry:
    """One remedy in one city at one time.

    Parameters
    ----------
    effect, low, high : float or None
        On the metric, in its unit; None where nothing could be read.
    is_whole_wave : bool
        The effect is that of all cities of the wave together.
    judgement : str
        Of a trial what a person judged, of a roll-out the city's state; empty where nobody judged yet.
    reason : str
        Why, in a person's words, or the metric that stopped it.
    refused : dict or None
        Why there is no effect: a caution's key and values.
    """

    remedy: str
    kind: Kind
    case_id: int
    name: str
    city_id: str
    city: str
    metric: str
    effect: float | None
    low: float | None
    high: float | None
    result: Result
    judgement: str
    reason: str
    last_day: date | None
    is_whole_wave: bool = False
    refused: dict[str, Any] | None = None


def register(
    context: Context, *, remedy: str = "", city_id: str = "", result: str = "", kind: str = ""
) -> tuple[Entry, ...]:
    """List what was tried and rolled out in the cities that the actor sees, the newest first within a remedy."""
    over = gather(context)
    found = [*_trials(context, over), *_roll_outs(context)]
    wanted = [
        one
        for one in found
        if remedy in ("", one.remedy)
        and city_id in ("", one.city_id)
        and result in ("", one.result)
        and kind in ("", one.kind)
    ]
    return tuple(sorted(wanted, key=lambda one: (one.remedy, -(one.last_day or date.min).toordinal(), one.city_id)))


def _trials(context: Context, over: Sequence[TrialState]) -> list[Entry]:
    kept: dict[int, list[RemedyEffect]] = {}
    for row in effects_seen(context):
        kept.setdefault(row.trial_case, []).append(row)
    return [
        entry
        for state in over
        for entry in (
            [_of_effect(context, state, row) for row in kept.get(state.case_id, [])] or _unread(context, state)
        )
    ]


def _of_effect(context: Context, state: TrialState, row: RemedyEffect) -> Entry:
    judgement, reason = _judged(state)
    return Entry(
        remedy=row.remedy,
        kind=Kind.TRIAL,
        case_id=state.case_id,
        name=row.trial,
        city_id=row.city_id,
        city=row.city,
        metric=row.metric,
        effect=row.effect,
        low=row.low,
        high=row.high,
        result=_result(context, row.metric, row.low, row.high),
        judgement=judgement,
        reason=reason,
        last_day=row.last_day,
        refused=row.detail.get("refused"),
    )


def _unread(context: Context, state: TrialState) -> list[Entry]:
    """Give a trial that could not be read out by city: it was tried all the same."""
    judgement, reason = _judged(state)
    seen = [one for one in state.places if context.actor.may_see_city(country=one.country, city_id=one.city_id)]
    return [
        Entry(
            remedy=remedy_of(context, state.trial.name, arm.name),
            kind=Kind.TRIAL,
            case_id=state.case_id,
            name=state.trial.name,
            city_id=place.city_id,
            city=place.name,
            metric=state.trial.metric,
            effect=None,
            low=None,
            high=None,
            result=Result.UNKNOWN,
            judgement=judgement,
            reason=reason,
            last_day=state.trial.last,
        )
        for arm in state.trial.arms[1:]
        for place in seen
    ]


def _judged(state: TrialState) -> tuple[str, str]:
    for event in reversed(state.case.trail):
        if event.action in ("judge_trial", "stop_for_harm", "stop_trial"):
            said = event.values
            return str(said.get("judgement", event.action)), str(said.get("reason", ""))
    return "", ""


def _roll_outs(context: Context) -> list[Entry]:
    return [
        _of_city(context, state, city.place, city.wave, city.state.value, city.changed_at.date())
        for state in list_roll_outs(context)
        if state.wave >= 0
        for city in state.cities
        if city.wave <= state.wave
    ]


def _of_city(context: Context, state: RollOutState, place: Place, wave: int, city_state: str, changed: date) -> Entry:
    last = next((gate for gate in reversed(state.gates) if gate.wave == wave), None)
    reading = _reading(last, state.plan.metric)
    effect, low, high = (reading.get(name) if reading else None for name in ("effect", "low", "high"))
    return Entry(
        remedy=state.plan.remedy,
        kind=Kind.ROLL_OUT,
        case_id=state.case_id,
        name=state.plan.name,
        city_id=place.city_id,
        city=place.name,
        metric=state.plan.metric,
        effect=effect,
        low=low,
        high=high,
        result=_of_gate(context, state, last, low, high),
        judgement=city_state,
        reason=", ".join(last.because) if last and last.verdict == "stop" else "",
        last_day=last.through_day if last else changed,
        is_whole_wave=True,
        refused=reading.get("refused") if reading else None,
    )


def _of_gate(
    context: Context, state: RollOutState, last: GateLook | None, low: float | None, high: float | None
) -> Result:
    """Say what a wave showed: a guardrail that was broken is worse, whatever the remedy's own metric did."""
    if last is not None and last.verdict == "stop" and last.because != ("effect",):
        return Result.WORSE
    return _result(context, state.plan.metric, low, high)


def _reading(gate: GateLook | None, metric: str) -> Mapping[str, Any] | None:
    return next((one for one in gate.readings if one["metric"] == metric), None) if gate else None


def _result(context: Context, metric: str, low: float | None, high: float | None) -> Result:
    if low is None or high is None or not (isfinite(low) and isfinite(high)):
        return Result.UNKNOWN
    ends = sorted((better_by(context, metric, low), better_by(context, metric, high)))
    if ends[0] > 0:
        return Result.BETTER
    return Result.WORSE if ends[1] < 0 else Result.UNCLEAR
