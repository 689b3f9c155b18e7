"""What the platform does by itself when a clock of a case has run out: it acts, or it escalates."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from tiffin.capabilities.cases.domain.escalation import CHAIN
from tiffin.capabilities.cases.models import CaseRecord, CaseTimer
from tiffin.capabilities.cases.service import act_for_platform, detail_of
from tiffin.capabilities.cases.service.effects import Effect, Handlers
from tiffin.capabilities.cases.service.escalating import note_escalation, times_escalated
from tiffin.capabilities.cases.service.leasing import Timer
from tiffin.capabilities.cases.service.records import roles_over, type_of
from tiffin.capabilities.cases.service.words import CLOCKS
from tiffin.runtime.auth import effective_actor
from tiffin.runtime.context import Context
from tiffin.runtime.models import Account

OVERDUE = "overdue"
"""Effect under which a capability escalates its own sorts of cases, as ``sort.overdue``."""

_TIMERS: Any = CaseTimer.__table__


def fire(context: Context, timer: Timer, handlers: Handlers) -> None:
    """Do what follows from a clock that ran out, if it still has.

    Raises
    ------
    Conflict
        Somebody acted on the case in this moment.
    """
    record = context.session.get_one(CaseRecord, timer.case_id)
    case_type = type_of(record.case_type)
    clock = next((one for one in case_type.clocks if one.name == timer.clock), None)
    due = detail_of(context, record).clocks.get(timer.clock)
    if clock is None or due is None:
        return
    if due > context.now:  # holidays or hours were stated otherwise since
        _set(context, timer, runs_out_at=due, due_at=due, fired_at=None)
    elif clock.on_expiry:
        told = {"clock": {"message": CLOCKS[timer.clock]}} if timer.clock in CLOCKS else {"clock": timer.clock}
        act_for_platform(context, record.case_id, clock.on_expiry, told)
    elif handler := handlers.get(f"{record.case_type}.{OVERDUE}"):
        handler(context, _overdue(record, timer, due))
    else:
        _escalate(context, record, timer, due)


def _escalate(context: Context, record: CaseRecord, timer: Timer, due: datetime) -> None:
    """Tell the next step of the chain, and come again for the one after it."""
    case = detail_of(context, record)
    step = times_escalated(case, timer.clock, due)
    if step >= len(CHAIN):
        return
    held = _held(context, record)
    told = {name for name, roles in held.items() if roles & CHAIN[step].roles}
    if record.assignee in held:
        told.add(str(record.assignee))
    note_escalation(context, case, timer.clock, due, sorted(told))
    if step + 1 < len(CHAIN):
        _set(context, timer, due_at=context.now + CHAIN[step + 1].after, fired_at=None, attempts=0)


def _held(context: Context, record: CaseRecord) -> dict[str, frozenset[str]]:
    """Give the roles over a case of everybody who has any."""
    accounts = context.session.scalars(select(Account).where(Account.disabled_at.is_(None)).order_by(Account.name))
    actors = [effective_actor(context.session, account, now=context.now) for account in accounts.all()]
    held = {one.name: roles_over(one, country=record.country, city_id=record.city_id) for one in actors}
    return {name: roles for name, roles in held.items() if roles}


def _set(context: Context, timer: Timer, **changes: object) -> None:
    context.session.execute(update(_TIMERS).where(_TIMERS.c.timer_id == timer.timer_id).values(**changes))


def _overdue(record: CaseRecord, timer: Timer, due: datetime) -> Effect:
    key = f"{record.case_id}.{timer.clock}.{due.isoformat()}"
    return Effect(0, key, record.case_id, record.case_type, record.version, OVERDUE, due, timer.attempts - 1)
