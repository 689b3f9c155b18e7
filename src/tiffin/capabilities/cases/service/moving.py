"""A case is opened, and moved on by an event: the event, the columns that follow, effects and timers stand together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, tuple_, update
from sqlalchemy.orm.attributes import set_committed_value

from tiffin.capabilities.cases.domain.case import NewCase
from tiffin.capabilities.cases.models import CaseRecord
from tiffin.capabilities.cases.service.deadlines import levels_of
from tiffin.capabilities.cases.service.effects import write_effects
from tiffin.capabilities.cases.service.log import Log, add_rows, code_for, sealed_row
from tiffin.capabilities.cases.service.office import office_hours
from tiffin.capabilities.cases.service.records import came_first, type_of
from tiffin.capabilities.cases.service.timers import Ticking, keep_timers, start_timers
from tiffin.capabilities.cases.service.upserting import insert_into
from tiffin.engines.cases.acting import PLATFORM
from tiffin.engines.cases.chain import FIRST_DIGEST
from tiffin.engines.cases.clocks import due_times
from tiffin.engines.cases.declaration import OPENED, CaseType
from tiffin.engines.cases.folding import Event, Standing, after, begun
from tiffin.runtime import audit
from tiffin.runtime.context import Context

_CASES: Any = CaseRecord.__table__
# Made once: to make a statement takes longer than to run it.
_MOVING = update(_CASES).where(
    _CASES.c.case_id == bindparam("moved_case"), _CASES.c.version == bindparam("seen_version")
)


@dataclass(frozen=True, slots=True)
class Step:
    """An event that is to be added to a case, with the case as it stood before."""

    record: CaseRecord
    log: Log
    standing: Standing
    event: Event


@dataclass(frozen=True, slots=True)
class _Moved:
    step: Step
    standing: Standing
    clocks: Mapping[str, datetime]
    columns: dict[str, Any]
    effects: Sequence[str]


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
    return move_all(context, [Step(record, log, standing, event)])[0]


def move_all(context: Context, steps: Sequence[Step]) -> list[Standing]:
    """Add an event to each of some cases, as `move` does to one, in a few statements for all of them.

    Raises
    ------
    Conflict, InvalidData
        As `move`; then nothing may be kept of any of them.
    """
    moves = [_moved(context, one) for one in steps]
    if not moves:
        return []
    _write_columns(context, moves)
    rows = [_row_of(context, one) for one in moves]
    add_rows(context, rows)
    write_effects(context, [(one.step.record, one.step.event, one.effects) for one in moves])
    keep_timers(context, [_ticking(one) for one in moves if _changes_clocks(one)])
    for one, row in zip(moves, rows, strict=True):
        event, record = one.step.event, one.step.record
        for name, value in one.columns.items():
            set_committed_value(record, name, value)
        details = {"action": event.action, "state": one.standing.state, "sequence": event.sequence}
        told = details | {"digest": row["digest"]}
        audit.record(context, action="case_acted", subject=str(record.case_id), details=told, actor=event.actor)
    return [one.standing for one in moves]


def _moved(context: Context, step: Step) -> _Moved:
    record, event = step.record, step.event
    case_type = type_of(record.case_type)
    standing = after(case_type, step.standing, event)
    clocks = clocks_of(context, case_type, standing, scene_of(record))
    found = case_type.transition(event.action, step.standing.state)
    columns = columns_of(standing, clocks, record.severity)
    return _Moved(step, standing, clocks, columns, found.effects if found else ())


def _write_columns(context: Context, moves: Sequence[_Moved]) -> None:
    """Bring the columns of cases to where these stand; each must be as it was seen.

    Raises
    ------
    Conflict
        One is not.
    """
    rows = [_key_of(one) | one.columns for one in moves]
    done: Any = context.session.execute(_MOVING, rows)
    if done.rowcount == len(rows):
        return
    wanted = {one.step.record.case_id: one.standing.version for one in moves}
    held = context.session.execute(select(_CASES.c.case_id, _CASES.c.version).where(_CASES.c.case_id.in_(wanted)))
    stands = {row.case_id: row.version for row in held}
    raise came_first(next((one for one in wanted if stands.get(one) != wanted[one]), next(iter(wanted))))


def _key_of(one: _Moved) -> dict[str, Any]:
    return {"moved_case": one.step.record.case_id, "seen_version": one.step.event.sequence - 1}


def _row_of(context: Context, one: _Moved) -> dict[str, Any]:
    record, event, log = one.step.record, one.step.event, one.step.log
    code = code_for(context, event.actor, log.code)
    return sealed_row(record.case_type, record.case_id, event, code=code, previous=log.digest)


def _changes_clocks(one: _Moved) -> bool:
    before = one.step.standing
    return one.standing.state != before.state or one.standing.ratings != before.ratings


def _ticking(one: _Moved) -> Ticking:
    record = one.step.record
    return Ticking(record.case_id, type_of(record.case_type), one.step.standing, one.standing, one.clocks)


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
