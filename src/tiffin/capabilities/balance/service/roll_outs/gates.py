"""A gate looks at its wave: reads governed metrics out of the facts, says its word, and the cities follow it."""

import math
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from tiffin.capabilities.balance.domain.roll_out import CityState, Plan
from tiffin.capabilities.balance.domain.roll_out_gates import Reading, read_wave, spoken
from tiffin.capabilities.balance.models.roll_outs import RollOutGate, RollOutRecord
from tiffin.capabilities.balance.service.roll_outs.cities import put_all
from tiffin.capabilities.balance.service.roll_outs.moving import move_by_platform, pass_on
from tiffin.capabilities.balance.service.roll_outs.records import places_in, plan_in
from tiffin.capabilities.balance.service.roll_outs.summing import days_of_wave, rows_of_wave, sums_of_wave
from tiffin.capabilities.cases.domain.case import NewCase
from tiffin.capabilities.cases.domain.roll_out_cases import ROLL_OUT_ATTENTION
from tiffin.capabilities.cases.domain.severity import Severity
from tiffin.capabilities.cases.service import open_case
from tiffin.capabilities.metrics.service import find_metric
from tiffin.engines.experiments.pooling.gates import Passage, Verdict
from tiffin.runtime import audit
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import mark

WENT_BACK = mark("Roll-out {name}: wave {wave} went back by itself in {city} ({metric})")
RUNS_LATE = mark("Roll-out {name}: the gate of wave {wave} said nothing in time; {city} waits for a decision")


def look(context: Context, record: RollOutRecord) -> Passage | None:
    """Let the gate of the running wave look once for each day that is over; None where it has looked already.

    Raises
    ------
    Forbidden
        The actor may not see what a metric is made of.
    """
    rows = rows_of_wave(context, record)
    places = [place for place in places_in(record) if place.city_id in rows]
    through = min(place.moment(context.now)[0] for place in places) - timedelta(days=1)
    # Whatever comes after the day by which the gate had to speak was not planned for, and it is not read.
    through = min(through, record.due_day or through)
    if all(row.state in (CityState.BACK, CityState.WAITING) for row in rows.values()):
        # Nothing is left of the wave that could be read: people took its cities back one by one.
        _run_late(context, record)
        return None
    on = days_of_wave(rows, through)
    days = sorted(set().union(*on.values()))
    if not days or _looked(context, record, through):
        return None
    plan = plan_in(record)
    readings = {
        metric: read_wave(plan, metric, sums_of_wave(context, record, metric, on), first=days[0], days_over=len(days))
        for metric in plan.metrics
    }
    directions = {metric: find_metric(context, metric).direction for metric in plan.metrics}
    found = spoken(plan, directions, readings, days_over=len(days))
    context.session.add(_kept(context, record, through, len(days), found, readings))
    told = {"wave": record.wave + 1, "through": through.isoformat(), "verdict": found.verdict.value}
    audit.record(context, action="roll_out_gate_read", subject=record.name, details=told)
    _follow(context, record, plan, found, through)
    return found


def _follow(context: Context, record: RollOutRecord, plan: Plan, found: Passage, through: date) -> None:
    if found.verdict is Verdict.GO_ON:
        move_by_platform(context, record, "pass_gate", {"wave": record.wave + 1})
        pass_on(context, record)
    elif found.verdict is Verdict.STOP:
        _take_wave_back(context, record, plan, found)
    elif record.due_day is not None and through >= record.due_day:
        _run_late(context, record)


def _take_wave_back(context: Context, record: RollOutRecord, plan: Plan, found: Passage) -> None:
    metric = plan.metric if found.because[0] == "effect" else found.because[0]
    why = "less than it costs" if found.because[0] == "effect" else "worse than its guardrail allows"
    gone = put_all(context, record, CityState.BACK, waves=(record.wave,))
    move_by_platform(context, record, "stop_wave_for_harm", {"metric": metric, "reason": f"{metric}: {why}"})
    _want_people(context, record, WENT_BACK, gone, "back", metric)


def _run_late(context: Context, record: RollOutRecord) -> None:
    cities = tuple(rows_of_wave(context, record))
    move_by_platform(context, record, "gate_runs_late", {"wave": record.wave + 1})
    _want_people(context, record, RUNS_LATE, cities, "late", plan_in(record).metric)


def _want_people(
    context: Context, record: RollOutRecord, headline: str, cities: tuple[str, ...], what: str, metric: str
) -> None:
    """Open a case in each city, so that whoever answers for it there sees it."""
    for place in places_in(record):
        if place.city_id in cities:
            values = {"name": record.name, "wave": record.wave + 1, "city": place.name, "metric": metric}
            open_case(
                context,
                NewCase(
                    case_type=ROLL_OUT_ATTENTION.name,
                    key=f"roll_out|{record.roll_out_id}|{record.wave}|{what}|{place.city_id}",
                    headline=headline,
                    values=values,
                    country=place.country,
                    city_id=place.city_id,
                    subject=metric,
                    severity=Severity.MAJOR,
                    timezone=place.timezone,
                ),
            )


def _looked(context: Context, record: RollOutRecord, through: date) -> bool:
    asked = select(RollOutGate.gate_id).where(
        RollOutGate.roll_out_id == record.roll_out_id,
        RollOutGate.wave == record.wave,
        RollOutGate.through_day >= through,
    )
    return context.session.scalar(asked.limit(1)) is not None


def _kept(
    context: Context, record: RollOutRecord, through: date, days: int, found: Passage, readings: Mapping[str, Reading]
) -> RollOutGate:
    return RollOutGate(
        roll_out_id=record.roll_out_id,
        wave=record.wave,
        through_day=through,
        read_at=context.now,
        days=days,
        verdict=found.verdict.value,
        because=list(found.because),
        readings=[_plain(one) for one in readings.values()],
    )


def _plain(one: Reading) -> dict[str, Any]:
    numbers = {name: getattr(one.estimate, name) if one.estimate else None for name in ("effect", "se", "low", "high")}
    return {
        "metric": one.metric,
        **{name: value if value is not None and math.isfinite(value) else None for name, value in numbers.items()},
        "n": one.estimate.n if one.estimate else 0,
        "level": one.estimate.level if one.estimate else None,
        "refused": {"key": one.refused.key, "values": dict(one.refused.values)} if one.refused else None,
    }
