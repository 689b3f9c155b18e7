"""Cases in the database: found, scoped to who asks, and moved on."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, case, false, not_, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from tiffin.capabilities.cases.domain.case import CaseFilter, CaseSummary
from tiffin.capabilities.cases.domain.registry import CASE_TYPES, GUIDED
from tiffin.capabilities.cases.domain.severity import Severity
from tiffin.capabilities.cases.models import CaseRecord
from tiffin.capabilities.cases.service.words import headline_of
from tiffin.engines.cases.declaration import CaseType
from tiffin.kernel.errors import Conflict, NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.actor import Actor, Grant, Role
from tiffin.runtime.context import Context

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


def in_hand(case_id: ColumnElement[int] | InstrumentedAttribute[int]) -> ScalarSelect[str | None]:
    """Name, within a statement of another part, who has the case of a row in hand."""
    return select(CaseRecord.assignee).where(CaseRecord.case_id == case_id).scalar_subquery()


def bringing_case(
    asked: Select[*tuple[Any, ...]], case_id: ColumnElement[int] | InstrumentedAttribute[int]
) -> Select[*tuple[Any, ...]]:
    """Let a statement of another part bring the case of each row along, so that it is not asked for by itself."""
    return asked.add_columns(CaseRecord).join(CaseRecord, CaseRecord.case_id == case_id)


def keep_at_hand(context: Context, case: CaseRecord) -> None:
    """Keep a case that was brought along until the unit of work ends: a session forgets what nobody holds."""
    context.session.info.setdefault("cases_at_hand", {})[case.case_id] = case


def holding_free_case(
    asked: Select[*tuple[Any, ...]], case_id: ColumnElement[int] | InstrumentedAttribute[int], name: str
) -> Select[*tuple[Any, ...]]:
    """Let a statement of another part find rows whose case nobody but somebody has in hand, and hold the case.

    Where several ask at once each passes over what another is just taking, on PostgreSQL; SQLite lets one write at a
    time, and the others find that they came second.
    """
    free = or_(CaseRecord.assignee.is_(None), CaseRecord.assignee == name)
    return bringing_case(asked, case_id).where(free).with_for_update(skip_locked=True, of=CaseRecord)


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


def came_first(case_id: int) -> Conflict:
    """Say that somebody else changed a case meanwhile."""
    return Conflict(
        Message(
            "Somebody else did something to case {number} after you had opened it, so nothing of yours was done. "
            "Look at what happened, then decide again.",
            number=case_id,
        )
    )


def chosen(context: Context, wanted: CaseFilter) -> Select[CaseRecord]:
    """Select the cases that somebody wants to see, of those that he may: the worst and the most urgent first."""
    parts = (in_sight(context.actor), *_asked(wanted, context.now))
    if not wanted.is_closed:
        return in_order(*parts)
    return select(CaseRecord).where(and_(*parts)).order_by(CaseRecord.closed_at.desc(), CaseRecord.case_id.desc())


def in_order(*parts: ColumnElement[bool]) -> Select[CaseRecord]:
    """Select cases, the worst and the most urgent first."""
    urgency = case(_SEVERITIES, value=CaseRecord.severity, else_=len(_SEVERITIES))
    order = (urgency, CaseRecord.due_at.is_(None), CaseRecord.due_at, CaseRecord.case_id.desc())
    return select(CaseRecord).where(and_(*parts)).order_by(*order)


def in_sight(actor: Actor) -> ColumnElement[bool]:
    """Hold for the cases that an actor may see; of guided ones, those over which he is a steward."""
    stewards = [grant for grant in actor.grants if grant.role in (Role.STEWARD, Role.ADMIN)]
    guided = CaseRecord.case_type.in_(sorted(GUIDED))
    return or_(and_(not_(guided), within(actor.grants)), and_(guided, within(stewards)))


def within(grants: Iterable[Grant]) -> ColumnElement[bool]:
    """Hold for the cases whose place some grants cover."""
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
