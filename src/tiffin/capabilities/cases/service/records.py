"""Cases in the database: found, scoped to who asks, and moved on."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, not_, or_, select, true, update
from sqlalchemy.exc import IntegrityError

from tiffin.capabilities.cases.domain.case import CaseFilter, CaseSummary, NewCase
from tiffin.capabilities.cases.domain.registry import CASE_TYPES, GUIDED
from tiffin.capabilities.cases.domain.severity import Severity
from tiffin.capabilities.cases.models import CaseEvent, CaseRecord
from tiffin.capabilities.cases.service.deadlines import levels_of
from tiffin.capabilities.cases.service.words import headline_of
from tiffin.engines.cases.clocks import due_times
from tiffin.engines.cases.declaration import OPENED, CaseType
from tiffin.engines.cases.folding import Event, Standing, begun, fold
from tiffin.engines.cases.office import OfficeHours
from tiffin.kernel.errors import Conflict, NotFound
from tiffin.kernel.messages import Message
from tiffin.kernel.time import Days
from tiffin.runtime.actor import Actor, Grant, Role
from tiffin.runtime.calendar import city_days
from tiffin.runtime.context import Context
from tiffin.runtime.markets import find_market

_LOOK_AHEAD = timedelta(days=60)
_UTC = OfficeHours("UTC")
_SEVERITIES = {severity: rank for rank, severity in enumerate(Severity)}


def type_of(name: str) -> CaseType:
    """Find a sort of case.

    Raises
    ------
    NotFound
        There is none of that name.
    """
    if name not in CASE_TYPES:
        raise NotFound(f"There is no sort of case {name!r}. There are: {', '.join(sorted(CASE_TYPES))}.")
    return CASE_TYPES[name]


def find_record(context: Context, case_id: int) -> CaseRecord:
    """Find a case that the actor may see; one that he may not see is as if it were not there.

    Raises
    ------
    NotFound
        There is no such case.
    """
    record = context.session.get(CaseRecord, case_id)
    if record is None or not may_see(context.actor, record):
        raise NotFound(
            Message("There is no case {number}. `tiffin cases list` names those that you may see.", number=case_id)
        )
    return record


def may_see(actor: Actor, record: CaseRecord) -> bool:
    """Tell whether any grant of an actor covers a case's city or country."""
    roles = roles_over(actor, country=record.country, city_id=record.city_id)
    return bool(roles) and (record.case_type not in GUIDED or "steward" in roles)


def roles_over(actor: Actor, *, country: str | None, city_id: str | None) -> frozenset[str]:
    """Give the roles that an actor holds over a case; an administrator is a steward too."""
    held = set()
    for grant in actor.grants:
        covers = (
            "*" in (*grant.countries, *grant.cities)
            or (country is not None and country in grant.countries)
            or (city_id is not None and city_id in grant.cities)
        )
        if covers:
            held.add(grant.role.value)
    return frozenset(held | {"steward"} if "admin" in held else held)


def insert_once(context: Context, new: NewCase, case_type: CaseType, actor: str) -> tuple[CaseRecord, bool]:
    """Add a case unless its key is known already; two that do so at once get the same one."""
    known = select(CaseRecord).where(CaseRecord.case_type == new.case_type, CaseRecord.dedup_key == new.key)
    found = context.session.scalar(known)
    if found is not None:
        return found, False
    event = Event(1, context.now, actor, OPENED, dict(new.values), is_platform=True)
    record = CaseRecord(
        case_type=new.case_type,
        dedup_key=new.key,
        headline=new.headline,
        details=dict(new.values),
        subject=new.subject,
        country=new.country,
        city_id=new.city_id,
        **columns_of(context, case_type, begun(case_type, event), country=new.country, severity=new.severity.value),
    )
    try:
        with context.session.begin_nested():
            context.session.add(record)
            context.session.flush()
            context.session.add(row_of(record.case_id, event))
    except IntegrityError:
        return context.session.scalars(known).one(), False
    return record, True


def move(context: Context, record: CaseRecord, standing: Standing, event: Event) -> None:
    """Add an event to a case and bring the case to where it then stands.

    Raises
    ------
    Conflict
        Somebody else's event came first.
    """
    case_type = type_of(record.case_type)
    columns = columns_of(context, case_type, standing, country=record.country, severity=record.severity)
    mine = (CaseRecord.case_id == record.case_id) & (CaseRecord.version == event.sequence - 1)
    done: Any = context.session.execute(update(CaseRecord).where(mine).values(**columns))
    if done.rowcount != 1:
        raise came_first(record.case_id)
    context.session.add(row_of(record.case_id, event))
    context.session.flush()
    context.session.refresh(record)


def came_first(case_id: int) -> Conflict:
    """Say that somebody else changed a case meanwhile."""
    return Conflict(
        Message(
            "Somebody else did something to case {number} after you had opened it, so nothing of yours was done. "
            "Look at what happened, then decide again.",
            number=case_id,
        )
    )


def events_of(context: Context, case_id: int) -> tuple[Event, ...]:
    """Give the events of a case, oldest first."""
    rows = context.session.scalars(select(CaseEvent).where(CaseEvent.case_id == case_id).order_by(CaseEvent.sequence))
    return tuple(Event(row.sequence, row.at, row.actor, row.action, row.details, row.is_platform) for row in rows)


def standing_of(context: Context, record: CaseRecord) -> Standing:
    """Fold a case's events."""
    return fold(type_of(record.case_type), events_of(context, record.case_id))


def row_of(case_id: int, event: Event) -> CaseEvent:
    """Give the row of an event."""
    return CaseEvent(
        case_id=case_id,
        sequence=event.sequence,
        at=event.at,
        actor=event.actor,
        action=event.action,
        is_platform=event.is_platform,
        details=dict(event.values),
    )


def columns_of(
    context: Context, case_type: CaseType, standing: Standing, *, country: str | None, severity: str
) -> dict[str, Any]:
    """Give the columns of a case that its events decide; it is as bad as it was until an event says otherwise."""
    clocks = clocks_of(context, case_type, standing, country=country, severity=severity)
    return {
        "severity": standing.severity or severity,
        "state": standing.state,
        "version": standing.version,
        "assignee": standing.assignee,
        "opened_at": standing.opened_at,
        "closed_at": standing.closed_at,
        "due_at": min(clocks.values(), default=None),
    }


def clocks_of(
    context: Context, case_type: CaseType, standing: Standing, *, country: str | None, severity: str
) -> Mapping[str, datetime]:
    """Tell when each clock that runs now runs out, in the office hours of the case's country, by how bad it is."""
    if not standing.entered_at:
        return {}
    levels = levels_of(context.workspace, case_type.name, standing.opened_at.date())
    hours = office_hours(context, country, context.now.date())
    return due_times(case_type, standing, hours, severity=standing.severity or severity, levels=levels)


def office_hours(context: Context, country: str | None, day: date) -> OfficeHours:
    """Give the office hours of a country around a day: its zone, weekend and public holidays; UTC where unknown."""
    try:
        market = find_market(country or "", context.workspace.overlay("markets"))
    except NotFound:
        return _UTC
    city = market.city("", "", day=day)
    calendar = city_days(city, Days(day - _LOOK_AHEAD, day + _LOOK_AHEAD))
    days, names = calendar.column("business_date").to_pylist(), calendar.column("holiday").to_pylist()
    holidays = frozenset(day for day, name in zip(days, names, strict=True) if name)
    return OfficeHours(city.timezone, weekend=city.weekend, closed_on=holidays)


def chosen(context: Context, wanted: CaseFilter) -> Select[CaseRecord]:
    """Select the cases that somebody wants to see, of those that he may: the worst and the most urgent first."""
    urgency = case(_SEVERITIES, value=CaseRecord.severity, else_=len(_SEVERITIES))
    order = (urgency, CaseRecord.due_at.is_(None), CaseRecord.due_at, CaseRecord.case_id.desc())
    newest = (CaseRecord.closed_at.desc(), CaseRecord.case_id.desc())
    parts = (in_sight(context.actor), *_asked(wanted, context.now))
    return select(CaseRecord).where(and_(*parts)).order_by(*(newest if wanted.is_closed else order))


def in_sight(actor: Actor) -> ColumnElement[bool]:
    """Hold for the cases that an actor may see; of guided ones, those over which he is a steward."""
    stewards = [grant for grant in actor.grants if grant.role in (Role.STEWARD, Role.ADMIN)]
    guided = CaseRecord.case_type.in_(sorted(GUIDED))
    return or_(and_(not_(guided), _within(actor.grants)), and_(guided, _within(stewards)))


def _within(grants: Iterable[Grant]) -> ColumnElement[bool]:
    listed = tuple(grants)
    countries = {country for grant in listed for country in grant.countries}
    cities = {city for grant in listed for city in grant.cities}
    if "*" in countries | cities:
        return true()
    if not countries and not cities:
        return false()
    return or_(CaseRecord.country.in_(sorted(countries)), CaseRecord.city_id.in_(sorted(cities)))


def summary_of(record: CaseRecord, *, locale: str, now: datetime) -> CaseSummary:
    """Give a case as a queue shows it."""
    return CaseSummary(
        case_id=record.case_id,
        case_type=record.case_type,
        headline=headline_of(record.headline, record.details, locale),
        state=record.state,
        severity=record.severity,
        country=record.country,
        city_id=record.city_id,
        subject=record.subject,
        assignee=record.assignee,
        opened_at=record.opened_at,
        due_at=record.due_at,
        closed_at=record.closed_at,
        version=record.version,
        is_overdue=record.closed_at is None and record.due_at is not None and record.due_at <= now,
    )


def _asked(wanted: CaseFilter, now: datetime) -> Collection[ColumnElement[bool]]:
    stated = {
        CaseRecord.case_type: wanted.case_type,
        CaseRecord.state: wanted.state,
        CaseRecord.country: wanted.country,
        CaseRecord.city_id: wanted.city_id,
        CaseRecord.assignee: wanted.assignee,
        CaseRecord.subject: wanted.subject,
    }
    parts: list[ColumnElement[bool]] = [column == value for column, value in stated.items() if value]
    if wanted.is_closed is not None:
        parts.append(CaseRecord.closed_at.is_not(None) if wanted.is_closed else CaseRecord.closed_at.is_(None))
    if wanted.is_overdue:
        parts += [CaseRecord.closed_at.is_(None), CaseRecord.due_at <= now]
    return parts
