"""What the queues hold of a case, as it follows from its events; written anew where it differs."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import func, select, update

from tiffin.capabilities.cases.models import CaseEvent, CaseRecord
from tiffin.capabilities.cases.service.moving import Scene, clocks_of, columns_of
from tiffin.capabilities.cases.service.records import type_of
from tiffin.engines.cases.folding import Event, fold
from tiffin.runtime import audit
from tiffin.runtime.actor_codes import ACTOR_CODES
from tiffin.runtime.audit_marks import mark_of
from tiffin.runtime.context import Context

AT_ONCE = 500
KEY_LETTERS, SUBJECT_LETTERS = 255, 128
_EVENTS: Any = CaseEvent.__table__
_CASES: Any = CaseRecord.__table__


def logs(context: Context, numbers: Collection[int] | None = None) -> Iterator[tuple[int, Sequence[Any]]]:
    """Give the events of cases as they are stored, with the names of actors, case by case in order of number."""
    for some in _batches(context, numbers):
        wanted = (
            select(_EVENTS, ACTOR_CODES.c.name.label("name"))
            .outerjoin(ACTOR_CODES, ACTOR_CODES.c.code == _EVENTS.c.actor)
            .where(some(_EVENTS.c.case_id))
            .order_by(_EVENTS.c.case_id, _EVENTS.c.sequence)
        )
        rows = context.session.execute(wanted).all()
        for case_id, log in groupby(rows, key=lambda row: row.case_id):
            yield int(case_id), list(log)


def projections(context: Context, numbers: Collection[int] | None = None) -> Iterator[Mapping[str, Any]]:
    """Give the columns of cases as they are stored."""
    for some in _batches(context, numbers):
        wanted = select(_CASES).where(some(_CASES.c.case_id)).order_by(_CASES.c.case_id)
        yield from (dict(row) for row in context.session.execute(wanted).mappings())


def projected(context: Context, case_type: str, log: Sequence[Any]) -> dict[str, Any]:
    """Give the columns of a case that follow from its events.

    Raises
    ------
    InvalidData
        The events cannot follow on each other.
    NotFound
        There is no such sort of case.
    """
    declared, first = type_of(case_type), log[0]
    events = [Event(row.sequence, row.at, str(row.name), row.action, row.details, row.is_platform) for row in log]
    said = dict(first.opening or {})
    standing = fold(declared, events)
    scene = Scene(said["country"], said["timezone"], said["severity"])
    clocks = clocks_of(context, declared, standing, scene)
    plain = {name: said[name] for name in ("headline", "country", "city_id", "timezone", "skill", "language")}
    return {
        "case_id": first.case_id,
        "case_type": case_type,
        "dedup_key": _key(said["key"], first),
        "details": first.details,
        "subject": said["subject"][:SUBJECT_LETTERS],
        **plain,
        **columns_of(standing, clocks, scene.severity),
    }


def rebuild(context: Context, numbers: Collection[int] | None = None) -> int:
    """Write the columns of cases anew from their events; count those that were otherwise.

    Raises
    ------
    InvalidData
        The log of a case is damaged: `tiffin cases check` tells where.
    """
    context.session.flush()
    stored = {row["case_id"]: row for row in projections(context, numbers)}
    changed = 0
    for case_id, log in logs(context, numbers):
        row = stored.get(case_id)
        if row is None:
            continue
        fresh = projected(context, row["case_type"], log)
        if any(row[name] != value for name, value in fresh.items()):
            context.session.execute(update(_CASES).where(_CASES.c.case_id == case_id).values(**fresh))
            changed += 1
    context.session.expire_all()
    return changed


def rebuild_all(context: Context) -> int:
    """Write the columns of all cases anew, and note that it was done."""
    changed = rebuild(context)
    audit.record(context, action="cases_rebuilt", subject="all", details={"changed": changed})
    return changed


def _key(key: str, first: Any) -> str:
    """Give the key of a case; of a text that was removed on request, one that no other case has."""
    is_gone = first.remainder is not None and key.startswith(mark_of(0)[:-1])
    return f"{key}|{first.case_id}" if is_gone else key[:KEY_LETTERS]


def _batches(context: Context, numbers: Collection[int] | None) -> Iterator[Any]:
    """Give conditions that take some hundred cases each."""
    if numbers is not None:
        asked = sorted(numbers)
        for begin in range(0, len(asked), AT_ONCE):
            some = asked[begin : begin + AT_ONCE]
            yield lambda column, some=some: column.in_(some)
        return
    ends = [context.session.scalar(select(func.max(table.c.case_id))) or 0 for table in (_CASES, _EVENTS)]
    for begin in range(1, max(ends) + 1, AT_ONCE):
        yield lambda column, begin=begin: column.between(begin, begin + AT_ONCE - 1)
