"""What other parts may do with cases: open one, act on it, list and show."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from tiffin.capabilities.cases.domain.case import CaseDetail, CaseFilter, CaseSummary, NewCase, TrailEntry
from tiffin.capabilities.cases.domain.registry import GUIDED
from tiffin.capabilities.cases.models import CaseRecord
from tiffin.capabilities.cases.service.log import Log, events_of, log_of, logs_of
from tiffin.capabilities.cases.service.moving import (
    Step,
    by_keys,
    clocks_of,
    insert_new,
    insert_once,
    move,
    move_all,
    scene_of,
)
from tiffin.capabilities.cases.service.records import (
    came_first,
    chosen,
    find_record,
    in_sight,
    roles_over,
    summary_of,
    type_of,
)
from tiffin.engines.cases.acting import PLATFORM, check_action, offered
from tiffin.engines.cases.folding import Event, fold
from tiffin.kernel.errors import Conflict, Forbidden, NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context

SEEN_AGAIN = "seen_again"


def open_case(context: Context, new: NewCase) -> CaseSummary:
    """Open a case that the platform itself found, once under its key.

    A second opening changes nothing where it says the same, and adds what it says where it says something else. It
    takes no grant: whoever's work brought the fault to light need not be somebody who handles faults.

    Raises
    ------
    NotFound
        There is no such sort of case.
    """
    type_of(new.case_type)
    record, is_new = insert_once(context, new)
    if not is_new and dict(new.values) != _last_seen(context, record.case_id):
        _add(context, record, SEEN_AGAIN, new.values)
    return summary_of(record, locale=context.locale, now=context.now)


def open_cases(context: Context, new: Sequence[NewCase]) -> tuple[int, ...]:
    """Open many cases that the platform found, each once under its key, in a few statements for all of them.

    Returns
    -------
    tuple of int
        Number of the case of each, in order; one that was there before gets nothing added.

    Raises
    ------
    NotFound
        There is no such sort of case.
    """
    made = dict(insert_new(context, new))
    others = [key for one in new if (key := (one.case_type, one.key)) not in made]
    made |= {key: row.case_id for key, row in by_keys(context, others).items()} if others else {}
    return tuple(made[one.case_type, one.key] for one in new)


def act(
    context: Context,
    case_id: int,
    action: str,
    values: Mapping[str, Any] | None = None,
    *,
    version: int | None = None,
) -> CaseDetail:
    """Take an action on a case.

    Parameters
    ----------
    version : int or None
        Version of the case that the actor saw when he decided; None decides on whatever stands now.

    Raises
    ------
    NotFound
        There is no such case, or the actor may not see it.
    Conflict
        Somebody else acted meanwhile, or the action cannot be taken in this state.
    Forbidden
        The actor may not, or may not do both this and what he did before.
    WrongUse
        A value is missing, unknown or not among the choices.
    """
    record = find_record(context, case_id)
    roles = roles_over(context.actor, country=record.country, city_id=record.city_id)
    _take(context, record, action, values, roles=roles, version=version)
    return show_case(context, case_id)


def act_as(
    context: Context, case_id: int, action: str, values: Mapping[str, Any], *, role: str, version: int | None = None
) -> CaseSummary:
    """Take an action on a guided case for somebody whom its own capability found to have a role over it.

    Raises
    ------
    NotFound
        There is no such guided case.
    Conflict
        Somebody else acted meanwhile, or the action cannot be taken in this state.
    Forbidden
        The same person may not do both this and what he did before.
    """
    record = _guided(context, case_id)
    _take(context, record, action, values, roles=frozenset({role}), version=version)
    return summary_of(record, locale=context.locale, now=context.now)


def act_for_platform(context: Context, case_id: int, action: str, values: Mapping[str, Any]) -> CaseSummary:
    """Let the platform itself act on a case that a capability watches over.

    Raises
    ------
    NotFound
        There is no such case.
    InvalidData
        The action cannot follow in the state in which the case stands.
    """
    record = context.session.get(CaseRecord, case_id)
    if record is None:
        raise _no_case(case_id)
    _add(context, record, action, values)
    return summary_of(record, locale=context.locale, now=context.now)


def act_for_platform_on(context: Context, acts: Sequence[tuple[int, str, Mapping[str, Any]]]) -> None:
    """Let the platform itself act on cases, once on each, in a few statements for all of them.

    Parameters
    ----------
    acts : sequence of (int, str, mapping)
        Number of a case, the action, and what it says.

    Raises
    ------
    NotFound, InvalidData
        As `act_for_platform`.
    """
    numbers = [number for number, _, _ in acts]
    wanted = select(CaseRecord).where(CaseRecord.case_id.in_(numbers))
    records = {row.case_id: row for row in context.session.scalars(wanted)} if acts else {}
    for number in numbers:
        if number not in records:
            raise _no_case(number)
    logs = logs_of(context, numbers, PLATFORM) if acts else {}
    move_all(context, [_step(context, records[one], logs[one], action, values) for one, action, values in acts])


def act_common(
    context: Context,
    record: CaseRecord,
    action: str,
    values: Mapping[str, Any],
    *,
    version: int | None = None,
    is_platform: bool = False,
) -> None:
    """Do what can be done with a case of any sort, or an action that was offered, for whom the caller lets do it.

    Raises
    ------
    Conflict
        Somebody else acted meanwhile, or it cannot be done with a closed case.
    """
    actor = PLATFORM if is_platform else context.actor.name
    case_type, log = type_of(record.case_type), log_of(context, record.case_id, actor)
    standing = fold(case_type, log.events)
    if version is not None and version != standing.version:
        raise came_first(record.case_id)
    if case_type.transition(action, standing.state) is None:
        raise Conflict(Message("Case {number} is closed, and nobody has it in hand any more.", number=record.case_id))
    event = Event(standing.version + 1, context.now, actor, action, dict(values), is_platform=is_platform)
    move(context, record, log, standing, event)


def guided_case(context: Context, case_id: int, *, roles: frozenset[str] = frozenset()) -> CaseDetail:
    """Show a guided case to the capability that owns its sort and decides who sees it.

    Parameters
    ----------
    roles : frozenset of str
        Those that the actor has over it, for the actions that are offered to him.

    Raises
    ------
    NotFound
        There is no such guided case.
    """
    return detail_of(context, _guided(context, case_id), roles)


def guided_cases(
    context: Context, case_type: str, *, subject: str | None = None, is_closed: bool | None = False, limit: int = 500
) -> tuple[CaseDetail, ...]:
    """List guided cases to the capability that owns their sort: the most urgent first, closed ones newest first."""
    wanted = select(CaseRecord).where(CaseRecord.case_type == case_type).limit(limit)
    if subject is not None:
        wanted = wanted.where(CaseRecord.subject == subject)
    if is_closed is not None:
        wanted = wanted.where(CaseRecord.closed_at.is_not(None) if is_closed else CaseRecord.closed_at.is_(None))
    order = (CaseRecord.due_at, CaseRecord.case_id) if is_closed is False else (CaseRecord.case_id.desc(),)
    return tuple(detail_of(context, row, frozenset()) for row in context.session.scalars(wanted.order_by(*order)))


def _guided(context: Context, case_id: int) -> CaseRecord:
    record = context.session.get(CaseRecord, case_id)
    if record is None or record.case_type not in GUIDED:
        raise NotFound(Message("There is no request {number} that you may see.", number=case_id))
    return record


def _take(
    context: Context,
    record: CaseRecord,
    action: str,
    values: Mapping[str, Any] | None,
    *,
    roles: frozenset[str],
    version: int | None,
) -> None:
    case_type, log = type_of(record.case_type), log_of(context, record.case_id, context.actor.name)
    standing = fold(case_type, log.events)
    if version is not None and version != standing.version:
        raise came_first(record.case_id)
    said = {name: value for name, value in (values or {}).items() if value not in (None, "")}
    found = check_action(case_type, standing, action, actor=context.actor.name, roles=roles, values=said)
    if found.rates:
        said = _rating(record, said)
    event = Event(standing.version + 1, context.now, context.actor.name, action, said)
    move(context, record, log, standing, event)


def _rating(record: CaseRecord, said: Mapping[str, Any]) -> dict[str, Any]:
    """Say how bad it was besides how bad it is.

    Raises
    ------
    Conflict
        It is so bad already.
    """
    if said["severity"] == record.severity:
        raise Conflict(
            Message(
                "Case {number} has this severity already, so nothing was changed. Choose another one.",
                number=record.case_id,
            )
        )
    return {"was": record.severity, **said}


def list_cases(
    context: Context, wanted: CaseFilter | None = None, *, limit: int = 200, offset: int = 0
) -> tuple[CaseSummary, ...]:
    """List the cases that the actor may see and wants to: the worst and the most urgent first.

    Raises
    ------
    Forbidden
        The actor has no grant.
    """
    _require_grant(context)
    rows = context.session.scalars(chosen(context, wanted or CaseFilter()).limit(limit).offset(offset))
    return tuple(summary_of(row, locale=context.locale, now=context.now) for row in rows)


def count_cases(context: Context, wanted: CaseFilter | None = None) -> int:
    """Count the cases that the actor may see and wants to.

    Raises
    ------
    Forbidden
        The actor has no grant.
    """
    _require_grant(context)
    found = chosen(context, wanted or CaseFilter()).order_by(None).subquery()
    return context.session.scalar(select(func.count()).select_from(found)) or 0


def countries_with_cases(context: Context) -> tuple[str, ...]:
    """List the countries of the cases that the actor may see."""
    countries = context.session.scalars(select(CaseRecord.country).where(in_sight(context.actor)).distinct())
    return tuple(sorted(country for country in countries if country))


def show_case(context: Context, case_id: int) -> CaseDetail:
    """Show a case with its trail, its clocks and what the actor may do with it now.

    Raises
    ------
    NotFound
        There is no such case, or the actor may not see it.
    """
    record = find_record(context, case_id)
    return detail_of(context, record, roles_over(context.actor, country=record.country, city_id=record.city_id))


def detail_of(context: Context, record: CaseRecord, roles: frozenset[str] = frozenset()) -> CaseDetail:
    """Give a case with its trail and its clocks, and what somebody with some roles may do with it."""
    case_type, events = type_of(record.case_type), events_of(context, record.case_id)
    standing = fold(case_type, events)
    return CaseDetail(
        summary=summary_of(record, locale=context.locale, now=context.now),
        text=record.headline,
        values=record.details,
        trail=tuple(TrailEntry(one.sequence, one.at, one.actor, one.action, one.values) for one in events),
        actions=offered(case_type, standing, actor=context.actor.name, roles=roles),
        clocks=clocks_of(context, case_type, standing, scene_of(record)),
        ratings=standing.ratings,
        paused={name: spans[-1].begins for name, spans in standing.pauses.items() if standing.is_paused(name)},
    )


def _require_grant(context: Context) -> None:
    if not context.actor.grants:
        raise Forbidden(
            Message(
                "{name} may see no cases: no grant is in force. Ask an administrator for one.", name=context.actor.name
            )
        )


def _last_seen(context: Context, case_id: int) -> Mapping[str, Any]:
    seen = [event for event in events_of(context, case_id) if event.is_platform]
    return seen[-1].values


def _add(context: Context, record: CaseRecord, action: str, values: Mapping[str, Any]) -> None:
    """Let the platform itself act on a case, whoever may see it."""
    log = log_of(context, record.case_id, PLATFORM)
    move_all(context, [_step(context, record, log, action, values)])


def _step(context: Context, record: CaseRecord, log: Log, action: str, values: Mapping[str, Any]) -> Step:
    standing = fold(type_of(record.case_type), log.events)
    event = Event(standing.version + 1, context.now, PLATFORM, action, dict(values), is_platform=True)
    return Step(record, log, standing, event)


def _no_case(number: int) -> NotFound:
    return NotFound(
        Message("There is no case {number}. `tiffin cases list` names those that you may see.", number=number)
    )
