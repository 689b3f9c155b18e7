"""Measure how long people work on order files until they decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, false, func, or_, select, true

from tiffin.capabilities.cases.domain.case import CaseDetail
from tiffin.capabilities.cases.domain.registry import CASE_TYPES, GUIDED
from tiffin.capabilities.cases.service import guided_case, show_case
from tiffin.capabilities.orders.domain.minutes import Handled, MinutesRow, credited_s, minutes_rows
from tiffin.capabilities.orders.models.looks import Look
from tiffin.capabilities.orders.service.sight import READERS
from tiffin.kernel.errors import Forbidden, NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.actor import Grant, Role
from tiffin.runtime.context import Context

RECENT = 10
SETTLED_WITHIN = timedelta(days=30)
"""A case that was decided later than this after the last look was not decided on that look."""


@dataclass(frozen=True, slots=True)
class RecentLook:
    """An order whose file somebody opened lately."""

    city_id: str
    order_id: str
    opened_at: datetime


def open_look(context: Context, city_id: str, country: str, order_id: str, case_id: int | None) -> int:
    """Note that the actor opened an order's file, perhaps for a case; what he decided meanwhile is settled."""
    settle_looks(context)
    case_type = None if case_id is None else _type_of_case(context, case_id, city_id)
    row = Look(
        looked_by=context.actor.name,
        city_id=city_id,
        country=country,
        order_id=order_id,
        case_id=case_id if case_type else None,
        case_type=case_type,
        opened_at=context.now,
        heard_at=context.now,
        active_s=0,
        is_measured=False,
    )
    context.session.add(row)
    context.session.flush()
    return row.look_id


def hear(context: Context, look_id: int, active_s: int) -> int:
    """Add seconds in which the actor worked on a file he opened; gives all of them.

    Raises
    ------
    NotFound
        He opened no such file.
    """
    row = context.session.get(Look, look_id)
    if row is None or row.looked_by != context.actor.name:
        raise NotFound(Message("You have no look {number} at an order's file.", number=look_id))
    if row.decided_at is None:
        row.active_s += credited_s(active_s, (context.now - row.heard_at).total_seconds())
        row.is_measured = True
        row.heard_at = context.now
        context.session.flush()
        settle_looks(context)
    return row.active_s


def settle_looks(context: Context) -> None:
    """Write beside the looks of the actor what he then decided, as the case's own events say.

    A browser is not asked whether somebody decided: the case knows, and when.
    """
    since = context.now - SETTLED_WITHIN
    mine = (Look.looked_by == context.actor.name, Look.decided_at.is_(None), Look.case_id.is_not(None))
    rows = context.session.scalars(select(Look).where(*mine, Look.heard_at >= since).order_by(Look.look_id)).all()
    for case_id in dict.fromkeys(row.case_id for row in rows):
        _settle(context, case_id or 0, [row for row in rows if row.case_id == case_id])
    context.session.flush()


def recent_looks(context: Context) -> tuple[RecentLook, ...]:
    """List the orders whose files the actor opened last, each once, the newest first."""
    last = func.max(Look.opened_at)
    wanted = (
        select(Look.city_id, Look.order_id, last)
        .where(Look.looked_by == context.actor.name, _within(_open_grants(context)))
        .group_by(Look.city_id, Look.order_id)
        .order_by(last.desc())
        .limit(RECENT)
    )
    return tuple(RecentLook(*row) for row in context.session.execute(wanted))


def _open_grants(context: Context) -> list[Grant]:
    """Give the grants under which an order that was open once is open still, whichever it is."""
    return [one for one in context.actor.grants if one.role in READERS and not one.is_narrow]


def minutes_a_case(context: Context, first: date, last: date) -> tuple[MinutesRow, ...]:
    """Give median minutes a case by sort of case and person, for decisions from a day to another, in UTC.

    Raises
    ------
    Forbidden
        The actor is no experience manager.
    """
    within = _managed(context)
    begin, end = (datetime.combine(day, time(), UTC) for day in (first, last + timedelta(days=1)))
    days = (Look.decided_at >= begin, Look.decided_at < end)
    wanted = select(Look.looked_by, Look.case_type, Look.handling_s).where(
        within, Look.handling_s.is_not(None), Look.case_type.is_not(None), *days
    )
    return minutes_rows(
        Handled(str(who), str(kind), int(took or 0)) for who, kind, took in context.session.execute(wanted)
    )


def _settle(context: Context, case_id: int, looks: Sequence[Look]) -> None:
    """Settle one person's looks at a case by his decisions on it: the last look before one bears all seconds of it."""
    try:
        case = _case(context, case_id)
    except NotFound:
        return
    judging = {one.action for one in CASE_TYPES[case.summary.case_type].transitions if one.excludes}
    left = list(looks)
    for event in (one for one in case.trail if one.actor == context.actor.name and one.action in judging):
        before = [one for one in left if one.opened_at <= event.at]
        for one in before:
            one.decided_at, one.decision = event.at, event.action
        if any(one.is_measured for one in before):
            before[-1].handling_s = sum(one.active_s for one in before)
        left = left[len(before) :]


def _type_of_case(context: Context, case_id: int, city_id: str) -> str | None:
    """Tell of what sort a case of the same city is; None where there is none, and nothing is measured for it."""
    try:
        found = _case(context, case_id).summary
    except NotFound:
        return None
    return found.case_type if found.city_id == city_id else None


def _case(context: Context, case_id: int) -> CaseDetail:
    """Read a case whose file is looked at; who may see the order is settled before."""
    try:
        return guided_case(context, case_id)
    except NotFound:
        found = show_case(context, case_id)
        if found.summary.case_type in GUIDED:
            raise
        return found


def _managed(context: Context) -> ColumnElement[bool]:
    grants = [one for one in context.actor.grants if _manages(one)]
    if not grants:
        raise Forbidden(
            Message(
                "How long people take for a case is for managers of customer experience; {name} is none. Ask one.",
                name=context.actor.name,
            )
        )
    return _within(grants)


def _within(grants: Sequence[Grant]) -> ColumnElement[bool]:
    """Hold for looks at orders of the places of some grants."""
    countries = {name for one in grants for name in one.countries}
    cities = {name for one in grants for name in one.cities}
    if "*" in countries | cities:
        return true()
    if not countries and not cities:
        return false()
    return or_(Look.country.in_(sorted(countries)), Look.city_id.in_(sorted(cities)))


def _manages(grant: Grant) -> bool:
    return grant.role in (Role.EXPERIENCE_MANAGER, Role.ADMIN) and not grant.is_narrow
