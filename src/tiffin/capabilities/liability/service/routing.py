"""The queue of incidents that wait for a person, and what he needs to decide one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from tiffin.capabilities.cases.domain.case import CaseDetail
from tiffin.capabilities.cases.service import act_as, guided_case
from tiffin.capabilities.cases.service.records import holding_free_case, in_hand, roles_over
from tiffin.capabilities.liability.domain.incident import Incident
from tiffin.capabilities.liability.domain.judging import Judged
from tiffin.capabilities.liability.domain.routing import Option
from tiffin.capabilities.liability.domain.verdict import Verdict
from tiffin.capabilities.liability.models.verdicts import IncidentRecord
from tiffin.capabilities.liability.service.judging_people import (
    PENDING,
    options_in,
    proposed_in,
    role_over,
    seen_incident,
    seen_with_verdict,
)
from tiffin.capabilities.liability.service.judging_rules import judging_rules
from tiffin.capabilities.liability.service.verdicts import incident_of, within_sight
from tiffin.capabilities.policies.domain.explanation import Explanation
from tiffin.capabilities.policies.service.deciding import decide
from tiffin.capabilities.policies.service.explaining import explain
from tiffin.capabilities.policies.service.library import in_force
from tiffin.kernel.errors import InvalidData, NotFound
from tiffin.runtime.context import Context

LOOKED_AT = 10
"""Incidents that are read at once to find one that is not one's own to confirm; most often the first will do."""


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Which waiting incidents somebody wants to see; empty leaves a part open."""

    city_id: str = ""
    incident: str = ""
    skill: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One incident in the queue."""

    case_id: int
    incident: Incident
    question: str
    priority: int
    skill: str
    language: str
    needs_second: bool


@dataclass(frozen=True, slots=True)
class IncidentFile:
    """What somebody needs to decide an incident, or to see how it was decided.

    Parameters
    ----------
    proposed : Judged or None
        What the table proposes; None where no person is asked.
    pending : mapping
        What one person decided and a second has not confirmed; empty without.
    may_decide, may_undo : bool
        Whether the actor may now.
    """

    case: CaseDetail
    incident: Incident
    is_waiting: bool
    question: str
    proposed: Judged | None
    reason: Mapping[str, str]
    policy: str
    row: str
    facts: Mapping[str, Any]
    options: tuple[Option, ...]
    verdict: Verdict | None
    pending: Mapping[str, str]
    handling_s: int
    may_decide: bool
    may_undo: bool
    undo_for: timedelta


def list_waiting(
    context: Context, wanted: QueueFilter | None = None, *, limit: int = 50, offset: int = 0
) -> tuple[Waiting, ...]:
    """List the incidents that wait for a person and that the actor may see: the most urgent first, then the oldest."""
    order = (IncidentRecord.priority, IncidentRecord.happened_at, IncidentRecord.case_id)
    chosen = select(IncidentRecord).where(*_parts(context, wanted or QueueFilter()))
    rows = context.session.scalars(chosen.order_by(*order).limit(limit).offset(offset))
    return tuple(_waiting(row) for row in rows)


def count_waiting(context: Context, wanted: QueueFilter | None = None) -> int:
    """Count the incidents that wait for a person and that the actor may see."""
    chosen = select(func.count()).select_from(IncidentRecord).where(*_parts(context, wanted or QueueFilter()))
    return context.session.scalar(chosen) or 0


def list_incidents(
    context: Context, wanted: QueueFilter | None = None, *, waiting: bool | None = None, limit: int = 200
) -> tuple[Waiting, ...]:
    """List incidents that the actor may see, the newest first."""
    parts = _parts(context, wanted or QueueFilter(), waiting=waiting)
    order = (IncidentRecord.happened_at.desc(), IncidentRecord.case_id.desc())
    return tuple(
        _waiting(row)
        for row in context.session.scalars(select(IncidentRecord).where(*parts).order_by(*order).limit(limit))
    )


def next_waiting(context: Context, wanted: QueueFilter | None = None, *, after: int = 0) -> int | None:
    """Give the case that the actor should look at next: the most urgent that nobody else has in hand.

    Parameters
    ----------
    after : int
        A case that he just left, which does not come again at once.
    """
    mine = context.actor.name
    held = in_hand(IncidentRecord.case_id)
    free = (or_(held.is_(None), held == mine), IncidentRecord.case_id != after)
    chosen = select(IncidentRecord.case_id, IncidentRecord.proposal).where(*_parts(context, wanted or QueueFilter()))
    order = (IncidentRecord.priority, IncidentRecord.happened_at, IncidentRecord.case_id)
    asked, start = chosen.where(*free).order_by(*order).limit(LOOKED_AT), 0
    while rows := context.session.execute(asked.offset(start)).all():
        for row in rows:
            if row.proposal.get(PENDING, {}).get("by") != mine:
                return int(row.case_id)
        start += LOOKED_AT
    return None


def take_next(context: Context, wanted: QueueFilter | None = None, *, after: int = 0) -> int | None:
    """Take the most urgent incident in hand that nobody else has; gives its case, and None where none is left.

    Two who ask at once get different ones; what the actor has in hand already comes first by its own urgency.

    Parameters
    ----------
    after : int
        A case that he just left, which does not come again at once.

    Raises
    ------
    Conflict, Forbidden
        It cannot be taken now, or not by him.
    """
    mine, passed = context.actor.name, [after]
    order = (IncidentRecord.priority, IncidentRecord.happened_at, IncidentRecord.case_id)
    chosen = select(IncidentRecord).where(*_parts(context, wanted or QueueFilter()))
    asked = holding_free_case(chosen.order_by(*order).limit(1), IncidentRecord.case_id, mine)
    while row := context.session.execute(asked.where(IncidentRecord.case_id.not_in(passed))).first():
        record, case = row
        if record.proposal.get(PENDING, {}).get("by") == mine:
            passed.append(record.case_id)
            continue
        if case.assignee != mine:
            act_as(context, record.case_id, "take", {}, role=role_over(context, record))
        return int(record.case_id)
    return None


def take(context: Context, case_id: int, version: int | None = None) -> None:
    """Take an incident in hand, so that nobody else is sent to it.

    Raises
    ------
    NotFound
        There is none that the actor may see.
    Conflict, Forbidden
        It cannot be taken now, or not by him.
    """
    record = seen_incident(context, case_id)
    act_as(context, case_id, "take", {}, role=role_over(context, record), version=version)


def file_of(context: Context, case_id: int) -> IncidentFile:
    """Give what is needed to decide an incident, or to see how it was decided.

    Raises
    ------
    NotFound
        There is none that the actor may see.
    """
    record, held = seen_with_verdict(context, case_id)
    said = record.proposal
    case = guided_case(context, case_id, roles=_roles(context, record))
    role, pending = role_over(context, record), dict(said.get(PENDING, {}))
    undo_for = judging_rules(context.workspace, record.country, context.now.date()).undo_for
    is_own = held is not None and held.decider == context.actor.name
    return IncidentFile(
        case=case,
        incident=incident_of(record),
        is_waiting=record.is_waiting,
        question=record.question,
        proposed=proposed_in(record) if said else None,
        reason=said.get("reason", held.reason if held else {}),
        policy=said.get("policy", held.policy if held else ""),
        row=said.get("row", held.row if held else ""),
        facts=said.get("facts", held.facts if held else {}),
        options=options_in(record) if record.is_waiting else (),
        verdict=held,
        pending=pending,
        handling_s=record.handling_s,
        may_decide=bool(role) and record.is_waiting and pending.get("by") != context.actor.name,
        may_undo=bool(role) and is_own and not record.is_waiting and context.now - _at(held) <= undo_for,
        undo_for=undo_for,
    )


def explanation_of(context: Context, case_id: int) -> Explanation:
    """Explain what the table makes of an incident: every row, and what would have led elsewhere.

    Raises
    ------
    NotFound
        There is none that the actor may see, or nothing to explain.
    """
    found = file_of(context, case_id)
    facts = found.facts
    if not facts:
        raise NotFound(f"Nothing was decided about case {case_id} that could be explained.")
    on = date.fromisoformat(facts["on"])
    try:
        decision = decide(context, facts["policy"], facts["given"], market=facts["market"], city=facts["city"], on=on)
    except InvalidData as fault:
        raise NotFound(fault.said) from fault
    return explain(decision, context.locale)


def _parts(context: Context, wanted: QueueFilter, *, waiting: bool | None = True) -> list[ColumnElement[bool]]:
    said = {
        IncidentRecord.city_id: wanted.city_id,
        IncidentRecord.incident: wanted.incident,
        IncidentRecord.skill: wanted.skill,
        IncidentRecord.language: wanted.language,
    }
    parts = [within_sight(context, IncidentRecord.city_id, IncidentRecord.country)]
    parts += [column == value for column, value in said.items() if value]
    if waiting is not None:
        parts.append(IncidentRecord.is_waiting.is_(waiting))
    return parts


def _waiting(row: IncidentRecord) -> Waiting:
    return Waiting(
        case_id=row.case_id,
        incident=incident_of(row),
        question=row.question,
        priority=row.priority,
        skill=row.skill,
        language=row.language,
        needs_second=PENDING in row.proposal,
    )


def _roles(context: Context, record: IncidentRecord) -> frozenset[str]:
    return roles_over(context.actor, country=record.country, city_id=record.city_id)


def _at(held: Verdict | None) -> datetime:
    assert held is not None  # noqa: S101 - asked only where there is one
    return held.decided_at


def labels_of(context: Context, found: IncidentFile) -> Mapping[str, str]:
    """Name the inputs of the table that an incident is decided by, in the reader's language."""
    on = date.fromisoformat(found.facts["on"])
    stated = in_force(context, found.policy, on).stated
    return {one.name: one.label.get(context.locale) or one.label["en"] for one in stated.inputs}
