"""What people do with alerts: make and remove rules, acknowledge, snooze, look at what happened. All of it audited."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from tiffin.capabilities.metrics.service.cities import visible_cities
from tiffin.capabilities.metrics.service.library import library_of
from tiffin.capabilities.scorecards.domain.alerts import NAME_MAX, AlertRule, Event, read_rule
from tiffin.capabilities.scorecards.models import AlertEvent, AlertRuleRecord, AlertState
from tiffin.capabilities.scorecards.service.alerting import keep_standing, note, rules_of, standing_of
from tiffin.kernel.errors import Conflict, Forbidden, NotFound, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context

MAKERS = (Role.STEWARD, Role.CITY_MANAGER, Role.ANALYST)
LONGEST_SNOOZE_H = 24 * 14


@dataclass(frozen=True, slots=True)
class AlertView:
    """How an alert of a rule stands in a place that the actor may see."""

    rule: str
    place: str
    is_raised: bool
    since: datetime
    value: float | None
    period: str
    acknowledged_by: str | None
    snoozed_until: datetime | None


@dataclass(frozen=True, slots=True)
class HappenedView:
    """One line of an alert's history."""

    at: datetime
    rule: str
    place: str
    event: str
    actor: str
    value: float | None


def make_rule(context: Context, name: str, raw: Mapping[str, Any]) -> AlertRule:
    """Make or change a rule on the page.

    Raises
    ------
    Forbidden
        The actor has no role that makes alerts, or routes it to others without being steward or city manager.
    WrongUse, InvalidDefinition
        The name or a value cannot be used.
    Conflict
        A rule of that name is another person's, or stands in a file.
    """
    if not context.actor.has_role(*MAKERS):
        raise Forbidden(
            Message("Making alerts takes the role analyst, city_manager or steward. Ask an administrator for it.")
        )
    told = name.strip()
    if not told or len(told) > NAME_MAX or not told.replace("_", "").isalnum() or not told.isascii():
        raise WrongUse(Message("A name of small letters, digits and _ was expected, such as late_in_the_evening."))
    rule = read_rule(told, raw, library_of(context.workspace).model)
    _check_reach(context, rule)
    row = context.session.get(AlertRuleRecord, told)
    taken = {one.name for one in rules_of(context)[0]}
    if (row is None and told in taken) or (row and not row.removed_at and row.owner != context.actor.name):
        raise Conflict(Message("There is an alert {name} already that is not yours. Choose another name.", name=told))
    if row is None:
        row = AlertRuleRecord(name=told)
        context.session.add(row)
    row.owner, row.rule, row.changed_at, row.removed_at = context.actor.name, dict(raw), context.now, None
    context.session.flush()
    audit.record(context, action="alert_made", subject=told, details=dict(raw))
    return rule


def remove_rule(context: Context, name: str) -> None:
    """Take a rule of the page away.

    Raises
    ------
    NotFound
        There is none of that name that the actor may remove.
    """
    row = context.session.get(AlertRuleRecord, name)
    allowed = row is not None and (row.owner == context.actor.name or context.actor.has_role_everywhere(Role.STEWARD))
    if row is None or row.removed_at is not None or not allowed:
        raise NotFound(f"There is no alert {name} of yours on the page. Those of files are removed in the files.")
    row.removed_at = context.now
    audit.record(context, action="alert_removed", subject=name)


def acknowledge(context: Context, rule: str, place: str) -> None:
    """Say that somebody has seen an alert: nothing more is said until it is over.

    Raises
    ------
    NotFound
        No such alert stands in a place that the actor may see.
    """
    row = _raised(context, rule, place)
    keep_standing(context, rule, place, row, replace(standing_of(row), acknowledged_by=context.actor.name))
    note(context, rule, place, Event.ACKNOWLEDGED, context.actor.name, {"value": row.value, "period": row.last_period})
    audit.record(context, action="alert_acknowledged", subject=rule, details={"place": place})


def snooze(context: Context, rule: str, place: str, *, hours: int) -> None:
    """Be left alone by an alert for some hours; if it still stands then, it is said again.

    Raises
    ------
    NotFound, WrongUse
        No such alert stands in a place that the actor may see; or the hours are none or too many.
    """
    if not 1 <= hours <= LONGEST_SNOOZE_H:
        raise WrongUse(f"Between 1 and {LONGEST_SNOOZE_H} hours were expected, {hours} was found.")
    row = _raised(context, rule, place)
    until = context.now + timedelta(hours=hours)
    keep_standing(context, rule, place, row, replace(standing_of(row), snoozed_until=until))
    note(context, rule, place, Event.SNOOZED, context.actor.name, {"hours": hours})
    audit.record(context, action="alert_snoozed", subject=rule, details={"place": place, "hours": hours})


def list_standing(context: Context) -> tuple[AlertView, ...]:
    """List the alerts that stand, in the places that the actor may see; the newest first."""
    rows = context.session.scalars(
        select(AlertState).where(AlertState.is_raised).order_by(AlertState.since.desc(), AlertState.rule)
    )
    seen = _seen_places(context)
    return tuple(
        AlertView(
            row.rule,
            row.place,
            row.is_raised,
            row.since,
            row.value,
            row.last_period,
            row.acknowledged_by,
            row.snoozed_until,
        )
        for row in rows
        if row.place in seen
    )


def list_history(context: Context, *, limit: int = 100) -> tuple[HappenedView, ...]:
    """List what happened to alerts in the places that the actor may see, newest first."""
    seen = _seen_places(context)
    wanted = select(AlertEvent).where(AlertEvent.place.in_(seen)).order_by(AlertEvent.event_id.desc()).limit(limit)
    return tuple(
        HappenedView(row.at, row.rule, row.place, row.event, row.actor, row.details.get("value"))
        for row in context.session.scalars(wanted)
    )


def own_rules(context: Context) -> frozenset[str]:
    """Name the rules of the page that the actor may remove."""
    rows = context.session.scalars(select(AlertRuleRecord).where(AlertRuleRecord.removed_at.is_(None)))
    is_steward = context.actor.has_role_everywhere(Role.STEWARD)
    return frozenset(row.name for row in rows if is_steward or row.owner == context.actor.name)


def _check_reach(context: Context, rule: AlertRule) -> None:
    unseen = [place for place in rule.places if place not in _seen_places(context)]
    if unseen:
        raise NotFound(
            Message("There is no place '{place}' that you may see. Choose one of the list.", place=unseen[0])
        )
    others = rule.roles or [name for name in rule.accounts if name != context.actor.name]
    if others and not context.actor.has_role(Role.STEWARD, Role.CITY_MANAGER):
        raise Forbidden(Message("Alerts to others take the role steward or city_manager. Send this one to yourself."))


def _seen_places(context: Context) -> frozenset[str]:
    """Name the cities that the actor may see whole, and the countries of which he may see every city."""
    cities = [
        one for one in visible_cities(context) if context.actor.may_see_city(country=one.country, city_id=one.city_id)
    ]
    countries = {one.country for one in cities if context.actor.may_see_city(country=one.country, city_id="")}
    return frozenset({one.city_id for one in cities} | countries)


def _raised(context: Context, rule: str, place: str) -> AlertState:
    row = context.session.get(AlertState, (rule, place))
    if row is None or not row.is_raised or place not in _seen_places(context):
        raise NotFound(f"No alert {rule} stands in {place}. See the page of alerts.")
    return row
