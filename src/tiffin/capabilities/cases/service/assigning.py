"""Who has a case in hand: taken from the queue, handed over, released, or shared out by the platform."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from sqlalchemy import ColumnElement, or_, select

from tiffin.capabilities.cases.domain.assigning import Profile, Waiting, fits, share_out
from tiffin.capabilities.cases.domain.case import CaseDetail
from tiffin.capabilities.cases.models import CaseRecord
from tiffin.capabilities.cases.service import act_common, detail_of
from tiffin.capabilities.cases.service.records import in_order, roles_over, type_of, within
from tiffin.capabilities.cases.service.staff import profile_of, profiles
from tiffin.engines.cases.declaration import ASSIGN, HAND_OVER, RELEASE, TO
from tiffin.kernel.errors import Conflict, Forbidden, NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.actor import Actor
from tiffin.runtime.auth import effective_actor
from tiffin.runtime.context import Context
from tiffin.runtime.models import Account

LOOKED_AT = 50
"""Cases that are looked at before a worker is told that none is for him."""

SHARED_OUT = 500
LEADS = frozenset({"steward", "admin", "experience_manager"})
"""Who shares out cases of a place, also those that others have in hand."""


def take_next(context: Context, case_types: Collection[str] = ()) -> CaseDetail | None:
    """Give the actor the most urgent case that is for him and that nobody has in hand; None where there is none.

    Two who ask at once get different ones.

    Parameters
    ----------
    case_types : collection of str
        Only these sorts; empty for all on which he can act.

    Raises
    ------
    Conflict
        He is off duty, or has as many in hand as he takes.
    """
    me = profile_of(context, context.actor.name)
    if not me.has_room:
        raise Conflict(
            Message(
                "{name} has {count} cases in hand and takes no more now. Finish or release one, or come on duty first.",
                name=me.name,
                count=me.in_hand,
            )
        )
    for record in _for_me(context, me, case_types):
        roles = roles_over(context.actor, country=record.country, city_id=record.city_id)
        case = detail_of(context, record, roles)
        if not case.actions:  # whoever judged before, or has no role there, cannot do anything with it
            continue
        try:
            return _taken(context, record, case, roles)
        except Conflict:  # a colleague was quicker
            continue
    return None


def hand_over(context: Context, case_id: int, to: str, reason: str, *, version: int | None = None) -> CaseDetail:
    """Let a colleague have a case in hand from now on.

    Raises
    ------
    NotFound
        There is no such case or colleague, or he may not see the case.
    Forbidden
        The actor has neither the case in hand nor a role to share cases out.
    Conflict
        Somebody else acted meanwhile, or the case is closed.
    """
    record = _in_hands(context, case_id)
    account = context.session.scalar(select(Account).where(Account.name == to, Account.disabled_at.is_(None)))
    if account is None or not _could_act(effective_actor(context.session, account, now=context.now), record):
        raise NotFound(Message("{name} is no colleague who can work on this case. Choose another one.", name=to))
    act_common(context, record, HAND_OVER, {TO: to, "reason": reason}, version=version)
    return detail_of(context, record, roles_over(context.actor, country=record.country, city_id=record.city_id))


def release(context: Context, case_id: int, reason: str, *, version: int | None = None) -> CaseDetail:
    """Put a case back into the queue.

    Raises
    ------
    NotFound, Forbidden, Conflict
        As `hand_over` says.
    """
    record = _in_hands(context, case_id)
    act_common(context, record, RELEASE, {"reason": reason}, version=version)
    return detail_of(context, record, roles_over(context.actor, country=record.country, city_id=record.city_id))


def share_out_waiting(context: Context) -> Mapping[int, str]:
    """Let the platform give cases that nobody has in hand to those on duty, the most urgent first."""
    staff = {one.name: one for one in profiles(context) if one.has_room}
    if not staff:
        return {}
    accounts = context.session.scalars(select(Account).where(Account.name.in_(staff), Account.disabled_at.is_(None)))
    actors = {account.name: effective_actor(context.session, account, now=context.now) for account in accounts.all()}
    wanted = in_order(CaseRecord.closed_at.is_(None), CaseRecord.assignee.is_(None)).limit(SHARED_OUT)
    rows = {row.case_id: row for row in context.session.scalars(wanted)}
    given: dict[int, str] = {}
    for row in rows.values():
        able = [one for name, one in staff.items() if name in actors and _could_act(actors[name], row)]
        for number, name in share_out([_waiting(row)], able).items():
            act_common(context, row, ASSIGN, {TO: name}, is_platform=True)
            staff[name] = replace(staff[name], in_hand=staff[name].in_hand + 1)
            given[number] = name
    return given


def _for_me(context: Context, me: Profile, case_types: Collection[str]) -> Iterator[CaseRecord]:
    """Give cases in order of urgency; on PostgreSQL none that a colleague is just taking."""
    reach = [within(context.actor.grants), *_in_reach(me)]
    if case_types:
        reach.append(CaseRecord.case_type.in_(sorted(case_types)))
    wanted = in_order(CaseRecord.closed_at.is_(None), *reach).limit(1 if _locks(context) else LOOKED_AT)
    seen: list[int] = []
    while len(seen) < LOOKED_AT:
        rest = wanted.where(CaseRecord.case_id.not_in(seen)) if seen else wanted
        rows = context.session.scalars(rest.with_for_update(skip_locked=True)).all()
        yield from (row for row in rows if fits(me, _waiting(row)))
        if not rows or not _locks(context):
            return
        seen += [row.case_id for row in rows]


def _in_reach(me: Profile) -> "list[ColumnElement[bool]]":
    asked: list[ColumnElement[bool]] = [CaseRecord.assignee.is_(None)]
    if me.skills:
        asked.append(or_(CaseRecord.case_type.in_(me.skills), CaseRecord.skill.in_(me.skills)))
    if me.languages:
        asked.append(or_(CaseRecord.language.is_(None), CaseRecord.language.in_(me.languages)))
    if me.countries:
        asked.append(or_(CaseRecord.country.is_(None), CaseRecord.country.in_(me.countries)))
    return asked


def _taken(context: Context, record: CaseRecord, case: CaseDetail, roles: frozenset[str]) -> CaseDetail:
    taking = next((one.action for one in case.actions if one.assigns and not one.fields), None)
    version = case.summary.version
    if taking is None:
        act_common(context, record, ASSIGN, {TO: context.actor.name}, version=version)
    else:
        act_common(context, record, taking, {}, version=version)
    return detail_of(context, record, roles)


def _in_hands(context: Context, case_id: int) -> CaseRecord:
    """Find a case that the actor has in hand, or whose place he leads."""
    record = context.session.get(CaseRecord, case_id)
    roles = roles_over(context.actor, country=record.country, city_id=record.city_id) if record else frozenset()
    is_his = record is not None and record.assignee == context.actor.name
    if record is None or not (roles or is_his):
        raise NotFound(
            Message("There is no case {number}. `tiffin cases list` names those that you may see.", number=case_id)
        )
    if not is_his and roles.isdisjoint(LEADS):
        raise Forbidden(
            Message("{name} does not have this case in hand, and may not share cases out.", name=context.actor.name)
        )
    return record


def _could_act(actor: Actor, record: CaseRecord) -> bool:
    roles = roles_over(actor, country=record.country, city_id=record.city_id)
    return any(one.roles & roles for one in type_of(record.case_type).actions_in(record.state))


def _waiting(row: CaseRecord) -> Waiting:
    return Waiting(row.case_id, row.case_type, row.skill, row.language, row.country)


def _locks(context: Context) -> bool:
    return context.unit.engine.dialect.name == "postgresql"
