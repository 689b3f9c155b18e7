"""Alerts evaluated: rules of files and of the page, over each place's own days, each recipient told what he may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from tiffin.capabilities.metrics import service as metrics
from tiffin.capabilities.metrics.service.library import library_of
from tiffin.capabilities.quality.service.days import Place, countries_of, places
from tiffin.capabilities.quality.service.watching import nature_of
from tiffin.capabilities.scorecards.domain.alerts import (
    AlertRule,
    Event,
    Observed,
    Per,
    Standing,
    When,
    breached,
    is_quiet,
    read_rule,
    step,
)
from tiffin.capabilities.scorecards.models import AlertEvent, AlertRuleRecord, AlertState
from tiffin.capabilities.scorecards.service.messages import post_alert
from tiffin.capabilities.scorecards.service.snapshots import context_for
from tiffin.engines.anomalies.checks import CheckSettings, Watched, unexpected
from tiffin.engines.anomalies.forecast import Series
from tiffin.engines.metrics.model import Problem
from tiffin.engines.metrics.request import Condition, MetricRequest, Operator
from tiffin.kernel.errors import Forbidden, InvalidDefinition, TiffinError
from tiffin.kernel.time import Days
from tiffin.runtime.actor import Role
from tiffin.runtime.auth import effective_actor
from tiffin.runtime.context import Context
from tiffin.runtime.definition_folders import definition_files
from tiffin.runtime.definitions import place_of, read_yaml, without_lines
from tiffin.runtime.models import Account

SHIPPED = Path(__file__).resolve().parents[1] / "alerts"
PLATFORM = "tiffin"
HISTORY_DAYS = 400


@dataclass(frozen=True, slots=True)
class AlertReport:
    """What one evaluation did: places looked at, and how often something was raised, said and recovered."""

    evaluated: int
    happened: Mapping[str, int]
    messages: tuple[str, ...]
    faulty: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Where:
    """A city or a country with the zone by whose clock it is quiet."""

    name: str
    country: str
    city_id: str | None
    timezone: str
    cutoff_min: int


def rules_of(context: Context) -> tuple[tuple[AlertRule, ...], tuple[Problem, ...]]:
    """Give the sound rules of files and of the page, the page's last, and what is wrong with the others."""
    model = library_of(context.workspace).model
    found: dict[str, AlertRule] = {}
    problems: list[Problem] = []
    for path in definition_files(SHIPPED, context.workspace.overlay("alerts")):
        raw = read_yaml(path)
        listed = raw.get("alerts") if isinstance(raw, dict) else None
        if not isinstance(listed, dict):
            problems.append(Problem("names with rules were expected under `alerts`.", place_of(path, {})))
            continue
        for name in without_lines(listed):
            try:
                found[name] = read_rule(name, without_lines(listed[name]), model)
            except InvalidDefinition as error:
                problems.append(Problem(str(error), place_of(path, listed, name)))
    for row in context.session.scalars(select(AlertRuleRecord).where(AlertRuleRecord.removed_at.is_(None))):
        try:
            found[row.name] = read_rule(row.name, row.rule, model)
        except InvalidDefinition as error:
            problems.append(Problem(str(error), None))
    return tuple(found.values()), tuple(problems)


def run_alerts(context: Context) -> AlertReport:
    """Evaluate every rule in each of its places at the context's moment; a second time changes nothing.

    Raises
    ------
    Forbidden
        The actor is no steward of all countries.
    """
    if not context.actor.has_role_everywhere(Role.STEWARD):
        raise Forbidden("Evaluating alerts takes the role steward for all countries. Ask an administrator for it.")
    rules, problems = rules_of(context)
    listed = places(context)
    happened: dict[str, int] = {}
    messages: list[str] = []
    evaluated = 0
    for rule in rules:
        wheres = [one for one in _wheres(rule, listed) if not rule.places or one.name in rule.places]
        for where, found, history in _observed(context, rule, wheres):
            evaluated += 1
            for event, files in _taken_in(context, rule, where, found, history):
                happened[event] = happened.get(event, 0) + 1
                messages += files
    return AlertReport(evaluated, happened, tuple(messages), tuple(str(one) for one in problems))


def judge(context: Context, rule: AlertRule) -> Mapping[str, Observed]:
    """Tell how a rule would judge each of its places at the context's moment; nothing is kept or said."""
    return {where.name: found for where, found, _ in _observed(context, rule, _wheres(rule, places(context)))}


_History = tuple[tuple[date, float | None], ...]


def _observed(context: Context, rule: AlertRule, wheres: Sequence[_Where]) -> list[tuple[_Where, Observed, _History]]:
    """Look at a rule's number in its places, in one question: each over the days that are over there."""
    if not wheres:
        return []
    newest = max(_last_over(one, context.now) for one in wheres)
    back = HISTORY_DAYS if rule.when is When.ANOMALY else max(rule.periods, 15)
    days = Days(newest - timedelta(days=back), newest)
    request = MetricRequest((rule.metric,), by=(rule.per, "business_date"), days=days)
    values: dict[str, dict[date, float]] = {}
    for place, day, value in metrics.query(context, request).rows:
        if place is not None and day is not None and value is not None:
            values.setdefault(place, {})[day] = float(value)
    found = []
    for where in wheres:
        known = values.get(where.name)
        if not known:
            continue
        last = min(max(known), _last_over(where, context.now))
        span = [last - timedelta(days=number) for number in reversed(range(back))]
        history = tuple((day, known.get(day)) for day in span)
        found.append((where, _judged(context, rule, where, history), history[-15:]))
    return found


def _judged(context: Context, rule: AlertRule, where: _Where, history: _History) -> Observed:
    day, value = history[-1]
    if rule.when is When.ANOMALY:
        is_odd = value is not None and _is_odd(context, rule, where, history)
        return Observed(None if value is None else is_odd, value, day.isoformat())
    return Observed(breached(rule, [one for _, one in history]), value, day.isoformat())


def _is_odd(context: Context, rule: AlertRule, where: _Where, history: _History) -> bool:
    """Tell whether the last days are out of the ordinary, each for what was known before it came."""
    import numpy as np  # noqa: PLC0415 - only anomalies need it

    metric = metrics.find_metric(context, rule.metric)
    known = [number for number, (_, value) in enumerate(history) if value is not None]
    used = history[known[0] :]
    numbers = np.array([np.nan if value is None else value for _, value in used])
    series = Series(nature_of(metric), [day for day, _ in used], numbers, [{} for _ in used])
    found = unexpected([Watched(rule.metric, where.country, where.city_id, series)], CheckSettings())
    odd = {one.day for one in found}
    return all(day in odd for day, _ in used[-rule.periods :])


def _taken_in(
    context: Context, rule: AlertRule, where: _Where, found: Observed, history: _History
) -> list[tuple[Event, list[str]]]:
    row = context.session.get(AlertState, (rule.name, where.name))
    quiet = is_quiet(rule.quiet, context.now, where.timezone)
    done = step(standing_of(row), found, now=context.now, is_quiet=quiet)
    keep_standing(context, rule.name, where.name, row, done.standing)
    told: list[tuple[Event, list[str]]] = []
    for event in done.happened:
        files: list[str] = []
        if event is Event.SAID and done.message:
            files = _said(context, rule, where, done.message, found, history)
        details = {"value": found.value, "period": found.period, "messages": len(files)}
        note(context, rule.name, where.name, event, PLATFORM, details)
        told.append((event, files))
    return told


def _said(
    context: Context, rule: AlertRule, where: _Where, event: Event, found: Observed, history: _History
) -> list[str]:
    """Tell each recipient what he himself may see; whoever may not see the number is told nothing."""
    files = []
    for name in _recipients(context, rule, where):
        try:
            own = context_for(context, name)
            seen = _as_seen(own, rule, where, history)
        except TiffinError:
            continue
        if seen and seen[-1][1] is not None:
            shown = replace(found, value=seen[-1][1])
            posted = post_alert(own, rule, place=where.name, event=event, found=shown, history=seen)
            files += [str(posted.file)] if posted.is_new else []
    return files


def _as_seen(own: Context, rule: AlertRule, where: _Where, history: _History) -> _History:
    days = Days(history[0][0], history[-1][0])
    is_place = Condition(rule.per, Operator.EQ, (where.name,))
    request = MetricRequest((rule.metric,), by=("business_date",), where=(is_place,), days=days)
    values = dict(metrics.query(own, request).rows)
    return tuple((day, None if values.get(day) is None else float(values[day])) for day, _ in history)


def _recipients(context: Context, rule: AlertRule, where: _Where) -> tuple[str, ...]:
    """Name the accounts that are told: those of the rule, and whoever has one of its roles over the place."""
    found = dict.fromkeys(rule.accounts)
    for account in context.session.scalars(select(Account).where(Account.disabled_at.is_(None))):
        actor = effective_actor(context.session, account, now=context.now)
        over = [g for g in actor.grants if g.covers(country=where.country, city_id=where.city_id or "")]
        if any(grant.role.value in rule.roles for grant in over):
            found[account.name] = None
    return tuple(found)


def standing_of(row: AlertState | None) -> Standing:
    """Give how an alert stands; at the first evaluation nothing was ever raised."""
    if row is None:
        return Standing()
    return Standing(
        row.is_raised, row.since, row.last_period, row.value, row.said_at, row.acknowledged_by, row.snoozed_until
    )


def keep_standing(context: Context, rule: str, place: str, row: AlertState | None, standing: Standing) -> None:
    """Keep how an alert stands."""
    if row is None:
        row = AlertState(rule=rule, place=place)
        context.session.add(row)
    row.is_raised, row.since, row.last_period = standing.is_raised, standing.since or context.now, standing.last_period
    row.value, row.said_at = standing.value, standing.said_at
    row.acknowledged_by, row.snoozed_until = standing.acknowledged_by, standing.snoozed_until
    context.session.flush()


def note(
    context: Context, rule: str, place: str, event: Event, actor: str, details: Mapping[str, Any] | None = None
) -> None:
    """Note what happened to an alert."""
    row = AlertEvent(
        at=context.now, rule=rule, place=place, event=event.value, actor=actor, details=dict(details or {})
    )
    context.session.add(row)


def _wheres(rule: AlertRule, listed: Sequence[Place]) -> list[_Where]:
    if rule.per is Per.CITY:
        return [_Where(one.city_id, one.country, one.city_id, one.timezone, one.cutoff_min) for one in listed]
    return [
        _Where(country, country, None, cities[0].timezone, max(one.cutoff_min for one in cities))
        for country, cities in countries_of(listed).items()
    ]


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _last_over(where: _Where, now: datetime) -> date:
    """Give the last business day that is over in a place at a moment."""
    local = now.astimezone(_zone(where.timezone)) - timedelta(minutes=where.cutoff_min)
    return local.date() - timedelta(days=1)
