"""Settling: each due day gets its value, and whether it came in time and agrees; settled days are watched."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import select

from tiffin.capabilities.quality.domain import (
    DayOutcome,
    Outcome,
    Parameters,
    Reconciled,
    Reconciliation,
    SettleReport,
    Target,
)
from tiffin.capabilities.quality.models import SettledDay, TargetOutcome
from tiffin.capabilities.quality.service.days import (
    Place,
    countries_of,
    due_days,
    last_day,
    places,
    promised,
    tables_of,
)
from tiffin.capabilities.quality.service.incidents import keep
from tiffin.capabilities.quality.service.parameters import read_parameters, read_reconciliations
from tiffin.capabilities.quality.service.reconciling import reconcile
from tiffin.capabilities.quality.service.standing import refresh
from tiffin.capabilities.quality.service.timeliness import Arrival, CountryDay, arrivals
from tiffin.capabilities.quality.service.values import Key, values_by_day
from tiffin.engines.anomalies.checks import Check, Finding, Settled, moved, relative_move
from tiffin.engines.metrics.definitions import Metric, Targets
from tiffin.kernel.time import Days
from tiffin.runtime import audit
from tiffin.runtime.context import Context

Progress = Callable[[float], None]
_NEVER = Targets()


@dataclass(slots=True)
class Settling:
    """What one settling reads once and uses for all metrics."""

    context: Context
    parameters: Parameters
    metrics: tuple[Metric, ...]
    places: tuple[Place, ...]
    day: date | None
    values: Mapping[Key, float] = field(default_factory=dict)
    settled: dict[Key, SettledDay] = field(default_factory=dict)
    known: dict[tuple[str, str, date, str], TargetOutcome] = field(default_factory=dict)
    arrived: dict[tuple[str, str], Mapping[CountryDay, Arrival]] = field(default_factory=dict)
    agreed: dict[str, Mapping[CountryDay, Reconciled]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


def settle(context: Context, *, day: date | None, progress: Progress) -> SettleReport:
    """Settle what is due, or one day of it; nothing that was settled is ever changed."""
    work = Settling(
        context,
        read_parameters(context.workspace, context.now.date()),
        promised(context),
        places(context),
        day,
    )
    spans = _spans(work)
    if not spans or not work.metrics:
        return SettleReport(0, {}, (), (), 0, ())
    whole = _whole(spans)
    _read(work, whole)
    progress(0.4)
    _look_at_feeds(work, spans)
    progress(0.3)
    settled = sum(_settle_metric(work, metric, spans) for metric in work.metrics)
    moves = _watch(work)
    context.session.flush()
    fallen, recovered = refresh(context, work.metrics, spans, work.parameters)
    cases = keep(context, work.findings)
    progress(0.3)
    details = {"days": settled, "moved": moves, "fallen": len(fallen)}
    audit.record(context, action="days_settled", subject=str(day or whole.last), details=details)
    return SettleReport(settled, work.counts, fallen, recovered, moves, cases)


def _spans(work: Settling) -> Mapping[str, Days]:
    """Give the due days of each country; the latest of the metrics' hours decides."""
    latest = max((metric.targets or _NEVER).ready_by or "09:00" for metric in work.metrics) if work.metrics else "09:00"
    newest = last_day(work.context)
    if newest is None:
        return {}
    found = {
        country: due_days(work.context, cities, latest, newest=newest, parameters=work.parameters)
        for country, cities in countries_of(work.places).items()
    }
    return {country: span for country, span in found.items() if work.day is None or work.day in span}


def _whole(spans: Mapping[str, Days]) -> Days:
    return Days(min(one.first for one in spans.values()), max(one.last for one in spans.values()))


def _read(work: Settling, whole: Days) -> None:
    names = [metric.name for metric in work.metrics]
    work.values = values_by_day(work.context, names, whole)
    rows = work.context.session.scalars(select(SettledDay).where(SettledDay.day >= whole.first))
    work.settled = {(row.metric, row.country, row.day): row for row in rows}
    outcomes = work.context.session.scalars(select(TargetOutcome).where(TargetOutcome.day >= whole.first))
    work.known = {(row.metric, row.country, row.day, row.target): row for row in outcomes}


def _look_at_feeds(work: Settling, spans: Mapping[str, Days]) -> None:
    """Tell how much of each table had arrived by each hour that a metric promises, and what the reconciliations say."""
    wanted = {
        (table, metric.targets.ready_by)
        for metric in work.metrics
        if metric.targets and metric.targets.ready_by
        for table in tables_of(work.context, metric)
    }
    for table, ready_by in sorted(wanted):
        work.arrived[table, ready_by] = arrivals(work.context, table, work.places, spans, ready_by)
    whole = _whole(spans)
    by_id = {one.city_id: one for one in work.places}
    for one in read_reconciliations(work.context.workspace):
        compared = reconcile(work.context, one, by_id, whole)
        for metric in one.covers:
            best = dict(work.agreed.get(metric, {}))
            for found in compared:
                key = (found.country, found.day)
                if key not in best or found.difference > best[key].difference:
                    best[key] = found
            work.agreed[metric] = best


def _settle_metric(work: Settling, metric: Metric, spans: Mapping[str, Days]) -> int:
    """Settle the due days of a metric that were not settled before."""
    settled = 0
    tables = tables_of(work.context, metric)
    for country, span in spans.items():
        for number in range(len(span)):
            day = span.first + timedelta(days=number)
            key = (metric.name, country, day)
            if key not in work.values or key in work.settled or (work.day is not None and day != work.day):
                continue
            _keep_value(work, metric, key)
            _note(work, _timeliness(work, metric, tables, country, day))
            _note(work, _accuracy(work, metric, country, day))
            settled += 1
    return settled


def _keep_value(work: Settling, metric: Metric, key: Key) -> None:
    name, country, day = key
    row = SettledDay(
        metric=name,
        country=country,
        day=day,
        definition=metric.version.number,
        value=work.values[key],
        settled_at=work.context.now,
        tables=dict(work.context.warehouse.versions()),
    )
    work.settled[key] = row
    work.context.session.add(row)


def _timeliness(work: Settling, metric: Metric, tables: Sequence[str], country: str, day: date) -> DayOutcome:
    ready_by = (metric.targets or _NEVER).ready_by
    seen = {
        table: arrival.share
        for table in tables
        if ready_by and (arrival := work.arrived.get((table, ready_by), {}).get((country, day))) is not None
    }
    target, allowed = Target.TIMELINESS, work.parameters.complete_share
    if not seen:
        return DayOutcome(metric.name, country, day, target, Outcome.UNMEASURED, None, None, "")
    table = min(seen, key=lambda name: seen[name])
    is_kept = seen[table] >= allowed
    if not is_kept:
        work.findings.append(Finding(Check.LATE, metric.name, country, None, day, 1 - seen[table], 1.0, seen[table]))
    outcome = Outcome.KEPT if is_kept else Outcome.MISSED
    return DayOutcome(metric.name, country, day, target, outcome, seen[table], allowed, table)


def _accuracy(work: Settling, metric: Metric, country: str, day: date) -> DayOutcome:
    allowed = (metric.targets or _NEVER).agrees_within
    found = work.agreed.get(metric.name, {}).get((country, day))
    if allowed is None or found is None:
        return DayOutcome(metric.name, country, day, Target.ACCURACY, Outcome.UNMEASURED, None, allowed, "")
    is_kept = found.difference <= allowed
    if not is_kept:
        work.findings.append(
            Finding(Check.RECONCILIATION, metric.name, country, None, day, found.difference, found.other, found.one)
        )
    outcome = Outcome.KEPT if is_kept else Outcome.MISSED
    return DayOutcome(
        metric.name, country, day, Target.ACCURACY, outcome, found.difference, allowed, found.reconciliation
    )


def _watch(work: Settling) -> int:
    """Compare settled days with what they were settled as; decide the stability of those watched long enough."""
    metrics = {metric.name: metric for metric in work.metrics}
    moves = 0
    for (name, country, day), row in sorted(work.settled.items()):
        metric = metrics.get(name)
        allowed = metric.targets.settled_within if metric and metric.targets else None
        is_decided = (name, country, day, Target.STABILITY.value) in work.known
        if metric is None or allowed is None or is_decided or row.definition != metric.version.number:
            continue
        now = work.values.get((name, country, day))
        found = moved([Settled(name, country, day, row.value, now, allowed)])
        age = (work.context.now - row.settled_at).days
        if found or age >= work.parameters.watched_days:
            move = min(relative_move(row.value, now), 1e9)
            outcome = Outcome.MISSED if found else Outcome.KEPT
            _note(work, DayOutcome(name, country, day, Target.STABILITY, outcome, move, allowed, "settled_days"))
            work.findings += found
            moves += len(found)
    return moves


def _note(work: Settling, one: DayOutcome) -> None:
    work.counts[f"{one.target}_{one.outcome}"] = work.counts.get(f"{one.target}_{one.outcome}", 0) + 1
    row = TargetOutcome(
        metric=one.metric,
        country=one.country,
        day=one.day,
        target=one.target.value,
        outcome=one.outcome.value,
        measured=one.measured,
        allowed=one.allowed,
        evidence=one.evidence,
        decided_at=work.context.now,
    )
    work.known[one.metric, one.country, one.day, one.target.value] = row
    work.context.session.add(row)


def compared(context: Context, wanted: Iterable[Reconciliation], days: Days) -> tuple[Reconciled, ...]:
    """Compare the sides of some reconciliations on some days."""
    by_id = {one.city_id: one for one in places(context)}
    return tuple(found for one in wanted for found in reconcile(context, one, by_id, days))
