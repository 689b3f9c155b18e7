"""Read-outs of trials: taken, kept, and followed where a guardrail is broken."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from tiffin.capabilities.experiments.domain.readout import ArmReading, corrected_for_many, read_arm
from tiffin.capabilities.experiments.domain.trial import Trial
from tiffin.capabilities.experiments.models import TrialReading, TrialRecord
from tiffin.capabilities.experiments.service.area_reading import read_areas
from tiffin.capabilities.experiments.service.dissecting import Dissected
from tiffin.capabilities.experiments.service.kept_findings import (
    NUMBERS,
    caution_from,
    estimate_from,
    findings_from,
    kept_caution,
    kept_findings,
)
from tiffin.capabilities.experiments.service.records import (
    READABLE,
    RUNNING,
    places_in,
    seen_record,
    sees_all,
    trial_in,
)
from tiffin.capabilities.experiments.service.summing import sums_of
from tiffin.capabilities.experiments.service.trials import end_or_begin
from tiffin.capabilities.metrics.service import find_metric
from tiffin.engines.experiments.estimate import Estimate
from tiffin.engines.metrics.definitions import Direction
from tiffin.kernel.errors import Conflict, Forbidden
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.context import Context


@dataclass(frozen=True, slots=True)
class Readout:
    """A read-out of a trial.

    Parameters
    ----------
    through : date
        Last business day that is in it.
    is_final : bool
        The trial was over; before that an interval is one look of many.
    arms : tuple of ArmReading
        The deciding metric first, each arm against what is done today.
    broken : str or None
        Metric of the guardrail that stopped the trial.
    """

    name: str
    read_at: datetime
    through: date
    is_final: bool
    arms: tuple[ArmReading, ...]
    broken: str | None = None


def read(context: Context, name: str) -> Readout:
    """Read a trial out, keep what was read, and stop it where it does harm that its guardrails do not allow.

    Raises
    ------
    NotFound
        There is no such trial that the actor may see.
    Forbidden
        He does not see all of its cities.
    Conflict
        It never ran, or no day of it is over.
    """
    record = seen_record(context, name)
    if not sees_all(context, record):
        raise Forbidden(Message("The numbers of a trial are told to those who may see all of its cities."))
    through = through_day(context, record)
    trial = trial_in(record)
    is_final = record.state != RUNNING
    arms = _read(context, record, through, is_final=is_final)
    broken = None if is_final else _broken(context, trial, arms)
    found = Readout(record.name, context.now, through, is_final, tuple(arms), broken)
    context.session.add_all(_kept(record, found))
    audit.record(context, action="trial_read", subject=record.name, details={"through": through.isoformat()})
    if broken is not None:
        reason = f"{broken}: worse than its guardrail allows"
        end_or_begin(context, record, "stop_for_harm", {"metric": broken, "reason": reason})
    return found


def _read(context: Context, record: TrialRecord, through: date, *, is_final: bool) -> list[ArmReading]:
    """Read every metric and arm, and of the deciding metric also what is found beside the effect."""
    trial = trial_in(record)
    if trial.design.is_of_areas_for_good:
        arms = [read_areas(context, trial, metric, through, is_final=is_final) for metric in trial.metrics]
        return corrected_for_many(trial, arms)
    found = []
    for metric in trial.metrics:
        sums = sums_of(context, record, metric, through)
        arms = [read_arm(trial, metric, number, sums, is_final=is_final) for number in range(1, len(trial.arms))]
        if metric == trial.metric and len(sums.names):
            parts = Dissected(context, record, sums, through)
            arms = [_with_findings(parts, number, one) for number, one in enumerate(arms, 1)]
        found += arms
    return corrected_for_many(trial, found)


def _with_findings(parts: Dissected, arm: int, one: ArmReading) -> ArmReading:
    found, warned = parts.findings(arm, one.estimate)
    estimate = one.estimate and replace(one.estimate, cautions=(*one.estimate.cautions, *warned))
    return replace(one, estimate=estimate, findings=found)


def last_readout(context: Context, record: TrialRecord) -> Readout | None:
    """Give what was read last of a trial; None where nothing was, or the actor may not read it."""
    if not sees_all(context, record):
        return None
    newest = select(TrialReading).where(TrialReading.trial_id == record.trial_id)
    last = context.session.scalar(newest.order_by(TrialReading.read_at.desc(), TrialReading.reading_id.desc()).limit(1))
    if last is None:
        return None
    rows = context.session.scalars(newest.where(TrialReading.read_at == last.read_at).order_by(TrialReading.reading_id))
    arms = tuple(_read_back(row) for row in rows)
    return Readout(record.name, last.read_at, last.through_day, last.is_final, arms)


def course(context: Context, record: TrialRecord) -> Sequence[TrialReading]:
    """Give every reading of the deciding metric, the oldest first."""
    if not sees_all(context, record):
        return ()
    asked = select(TrialReading).where(
        TrialReading.trial_id == record.trial_id, TrialReading.metric == trial_in(record).metric
    )
    return tuple(context.session.scalars(asked.order_by(TrialReading.reading_id)))


def worse_by(context: Context, metric: str, effect: float) -> float:
    """Give by how much an effect is for the worse; for a metric without a direction, how far it moved."""
    direction = find_metric(context, metric).direction
    if direction is Direction.NEITHER:
        return abs(effect)
    return effect if direction is Direction.DOWN else -effect


def through_day(context: Context, record: TrialRecord) -> date:
    """Give the last business day that can be read out in all cities of a trial.

    Raises
    ------
    Conflict
        It never ran, or no day of it is over.
    """
    if record.state not in READABLE:
        raise Conflict(Message("Trial '{name}' has not begun: there is nothing to read out.", name=record.name))
    today = min(place.moment(context.now)[0] for place in places_in(record))
    days = [record.last_day, date.fromordinal(today.toordinal() - 1)]
    if record.ended_at is not None:
        days.append(min(place.moment(record.ended_at)[0] for place in places_in(record)))
    through = min(days)
    if through < record.first_day:
        raise Conflict(Message("No whole day of trial '{name}' is over yet. Come back tomorrow.", name=record.name))
    return through


def _broken(context: Context, trial: Trial, arms: Sequence[ArmReading]) -> str | None:
    """Name the first metric that surely got worse, and by more than its guardrail allows as far as is known."""
    allowed = {one.metric: one.most_worse for one in trial.guardrails}
    for one in arms:
        if one.metric in allowed and one.estimate is not None:
            ends = [worse_by(context, one.metric, end) for end in (one.estimate.low, one.estimate.high)]
            if min(ends) > 0 and worse_by(context, one.metric, one.estimate.effect) > allowed[one.metric]:
                return one.metric
    return None


def _kept(record: TrialRecord, found: Readout) -> list[TrialReading]:
    return [
        TrialReading(
            trial_id=record.trial_id,
            metric=one.metric,
            arm=one.arm,
            read_at=found.read_at,
            through_day=found.through,
            is_final=found.is_final,
            n=one.estimate.n if one.estimate else 0,
            detail=_detail(one),
            **{name: _number(one.estimate, name) for name in NUMBERS},
        )
        for one in found.arms
    ]


def _number(estimate: Estimate | None, name: str) -> float | None:
    value = getattr(estimate, name) if estimate is not None else math.nan
    return value if math.isfinite(value) else None


def _detail(one: ArmReading) -> dict[str, Any]:
    cautions = one.estimate.cautions if one.estimate else ()
    return {
        "today": one.today if math.isfinite(one.today) else None,
        "tried": one.tried if math.isfinite(one.tried) else None,
        "method": one.estimate.method if one.estimate else None,
        "level": one.estimate.level if one.estimate else None,
        "cautions": [kept_caution(caution) for caution in cautions],
        "refused": kept_caution(one.refused) if one.refused else None,
        "corrected_p": one.corrected_p,
        "findings": kept_findings(one.findings),
    }


def _read_back(row: TrialReading) -> ArmReading:
    detail = row.detail
    refused = caution_from(detail["refused"]) if detail["refused"] else None
    estimate = None if refused else _estimate_of(row)
    today, tried = (math.nan if detail[name] is None else detail[name] for name in ("today", "tried"))
    found = findings_from(detail.get("findings"))
    return ArmReading(row.metric, row.arm, today, tried, estimate, refused, detail.get("corrected_p"), found)


def _estimate_of(row: TrialReading) -> Estimate:
    kept = {name: getattr(row, name) for name in (*NUMBERS, "n")}
    return estimate_from(kept | {name: row.detail[name] for name in ("method", "level", "cautions")})
