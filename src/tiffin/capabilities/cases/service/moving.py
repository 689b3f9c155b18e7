"""A case is opened, and moved on by an event: the event, the columns that follow, effects and timers stand together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, tuple_, update
from sqlalchemy.orm.attributes import set_committed_value

from tiffin.capabilities.cases.domain.case import NewCase
from tiffin.capabilities.cases.models import CaseRecord
from tiffin.capabilities.cases.service.deadlines import levels_of
from tiffin.capabilities.cases.service.effects import write_effects
from tiffin.capabilities.cases.service.log import Log, add_rows, code_for, sealed_row
from tiffin.capabilities.cases.service.office import office_hours
from tiffin.capabilities.cases.service.records import came_first, type_of
from tiffin.capabilities.cases.service.timers import keep_timers, start_timers
from tiffin.capabilities.cases.service.upserting import insert_into
from tiffin.engines.cases.acting import PLATFORM
from tiffin.engines.cases.chain import FIRST_DIGEST
from tiffin.engines.cases.clocks import due_times
from tiffin.engines.cases.declaration import OPENED, CaseType
from tiffin.engines.cases.folding import Event, Standing, after, begun
from tiffin.runtime import audit
from tiffin.runtime.context import Context

_CASES: Any = CaseRecord.__table__


@dataclass(frozen=True, slots=True)
class Scene:
    """What the deadlines of a case depend on besides its events."""

    country: str | None
    timezone: str | None
    severity: str


def scene_of(record: CaseRecord) -> Scene:
    """Give the scene of a case that is there."""
    return Scene(record.country, record.timezone, record.severity)


def insert_once(context: Context, new: NewCase) -> tuple[CaseRecord, bool]:
    """Add a case unless its key is known already; two that do so at once get the same one."""
    found = insert_new(context, [new])
    known = select(CaseRecord).where(CaseRecord.case_type == new.case_type, CaseRecord.dedup_key == new.key)
    return context.session.scalars(known).one(), bool(found)


def insert_new(context: Context, new: Sequence[NewCase]) -> Mapping[tuple[str, str], int]:
    """Add those cases whose keys are not known yet, with their first events, timers and entries of the trail.

    Returns
    -------
    mapping of (str, str) to int
        Number of each new case by sort and key.
    """
    events = {(one.case_type, one.key): (one, _opened(context, one)) for one in new}
    if not events:
        return {}
    rows, dues = [], {}
    for key, (one, event) in events.items():
        case_type = type_of(one.case_type)
        standing, scene = begun(case_type, event), Scene(one.country, one.timezone, one.severity.value)
        dues[key] = clocks_of(context, case_type, standing, scene)
        rows.append(_columns_of_new(one) | columns_of(standing, dues[key], scene.severity))
    adding = insert_into(context, _CASES).on_conflict_do_nothing(index_elements=["case_type", "dedup_key"])
    returned = context.session.execute(adding.returning(_CASES.c.case_id, _CASES.c.case_type, _CASES.c.dedup_key), rows)
    ids = {(row.case_type, row.dedup_key): row.case_id for row in returned}
    if ids:
        _begin_logs(context, {number: events[key] for key, number in ids.items()})
        start_timers(context, {number: (type_of(key[0]), dues[key]) for key, number in ids.items()})
    return ids


def _begin_logs(context: Context, made: Mapping[int, tuple[NewCase, Event]]) -> None:
    code = code_for(context, PLATFORM)
    rows = []
    for number, (one, event) in made.items():
        row = sealed_row(one.case_type, number, event, code=code, previous=FIRST_DIGEST, opening=one.opening)
        rows.append(row)
        details = {"type": one.case_type, "key": one.key, "country": one.country, "city": one.city_id}
        told = {**details, "sequence": 1, "digest": row["digest"]}
        audit.record(context, action="case_opened", subject=str(number), details=told, actor=PLATFORM)
    add_rows(context, rows)


def move(context: Context, record: CaseRecord, log: Log, standing: Standing, event: Event) -> Standing:
    """Add an event to a case, bring the case to where it then stands, and tell the trail.

    Parameters
    ----------
    log, standing
        As the case stood before.

    Raises
    ------
    Conflict
        Somebody else's event came first.
    InvalidData
        The event cannot follow.
    """
    case_type = type_of(record.case_type)
    moved = after(case_type, standing, event)
    clocks = clocks_of(context, case_type, moved, scene_of(record))
    columns = columns_of(moved, clocks, record.severity)
    mine = (_CASES.c.case_id == record.case_id) & (_CASES.c.version == event.sequence - 1)
    done: Any = context.session.execute(update(_CASES).where(mine).values(**columns))
    if done.rowcount != 1:
        raise came_first(record.case_id)
    code = code_for(context, event.actor, log.code)
    row = sealed_row(record.case_type, record.case_id, event, code=code, previous=log.digest)
    add_rows(context, [row])
    found = case_type.transition(event.action, standing.state)
    write_effects(context, record, event, found.effects if found else ())
    if moved.state != standing.state or moved.ratings != standing.ratings:
        keep_timers(context, record.case_id, case_type, (standing, moved), clocks)
    for name, value in columns.items():
        set_committed_value(record, name, value)
    details = {"action": event.action, "state": moved.state, "sequence": event.sequence, "digest": row["digest"]}
    audit.record(context, action="case_acted", subject=str(record.case_id), details=details, actor=event.actor)
    return moved


def columns_of(standing: Standing, clocks: Mapping[str, datetime], severity: str) -> dict[str, Any]:
    """Give the columns of a case that its events decide; it is as bad as it was until an event says otherwise."""
    return {
        "severity": standing.severity or severity,
        "state": standing.state,
        "version": standing.version,
        "assignee": standing.assignee,
        "opened_at": standing.opened_at,
        "closed_at": standing.closed_at,
        "due_at": min(clocks.values(), default=None),
    }


def clocks_of(context: Context, case_type: CaseType, standing: Standing, scene: Scene) -> Mapping[str, datetime]:
    """Tell when each clock that runs now runs out, in the office hours of the case's place, by how bad it is."""
    if not standing.entered_at:
        return {}
    opened = standing.opened_at.date()
    hours = office_hours(context.workspace, scene.country, opened, scene.timezone)
    opened = hours.wall_clock(standing.opened_at).date()
    levels = levels_of(context.workspace, case_type.name, opened, scene.country)
    return due_times(case_type, standing, hours, severity=standing.severity or scene.severity, levels=levels)


def by_keys(context: Context, keys: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], CaseRecord]:
    """Find cases by sort and key."""
    wanted = select(CaseRecord).where(tuple_(CaseRecord.case_type, CaseRecord.dedup_key).in_(list(keys)))
    return {(row.case_type, row.dedup_key): row for row in context.session.scalars(wanted)}


def _opened(context: Context, new: NewCase) -> Event:
    return Event(1, context.now, PLATFORM, OPENED, dict(new.values), is_platform=True)


def _columns_of_new(new: NewCase) -> dict[str, Any]:
    return {
        "case_type": new.case_type,
        "dedup_key": new.key,
        "headline": new.headline,
        "details": dict(new.values),
        "subject": new.subject,
        "country": new.country,
        "city_id": new.city_id,
        "timezone": new.timezone,
        "skill": new.skill or new.case_type,
        "language": new.language,
    }
