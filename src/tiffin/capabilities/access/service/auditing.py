"""The audit trail: searched, verified and taken away by auditors and administrators; each of that is on it as well."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Engine, Select, String, cast, func, literal, or_, select

from tiffin.capabilities.access.domain.auditing import (
    COLUMNS,
    AuditSearch,
    AuditView,
    ExportKind,
    LastCheck,
    TrailState,
    csv_of,
    export_name,
)
from tiffin.kernel.assets import AssetKind
from tiffin.kernel.errors import Forbidden, NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.actor import EVERY, Role
from tiffin.runtime.actor_codes import ACTOR_CODES
from tiffin.runtime.audit_chain import FIRST_DIGEST, Anchor, head_of
from tiffin.runtime.audit_checking import TrailCheck, check_trail
from tiffin.runtime.audit_gathering import write_held
from tiffin.runtime.context import Context
from tiffin.runtime.json_text import json_text
from tiffin.runtime.tables import AUDIT_ENTRIES

PAGE_SIZE = 200
EXPORT_BATCH = 2000
WHOLE = "all"
VERIFIED = "audit_trail_verified"
ESCAPE = "\\"

_ENTRY = AUDIT_ENTRIES.c
_NAMED = AUDIT_ENTRIES.outerjoin(ACTOR_CODES, ACTOR_CODES.c.code == _ENTRY.actor)
_NAME = func.coalesce(ACTOR_CODES.c.name, _ENTRY.actor).label("actor")
_WHOLE = select(
    *(one for one in AUDIT_ENTRIES.c if one.name != "actor"),
    _NAME,
    _ENTRY.actor.label("actor_code"),
).select_from(_NAMED)


@dataclass(frozen=True, slots=True)
class TrailExport:
    """Entries on their way out, oldest first.

    Parameters
    ----------
    anchor : Anchor
        Where the trail ended when they were taken.
    parts : iterator of bytes
        The file from its beginning.
    """

    name: str
    kind: ExportKind
    anchor: Anchor
    parts: Iterator[bytes]


def list_audit(
    context: Context, *, actor: str | None = None, action: str | None = None, before: int | None = None
) -> tuple[AuditView, ...]:
    """List the newest entries of the trail, as `search_audit` does."""
    return search_audit(context, AuditSearch(actor=actor or "", action=action or "", before=before))


def search_audit(context: Context, search: AuditSearch) -> tuple[AuditView, ...]:
    """Find entries, newest first, a page at most; that somebody looked is on the trail afterwards.

    Raises
    ------
    Forbidden
        The actor is neither auditor nor administrator of all countries.
    """
    _require_auditor(context)
    write_held(context.unit.engine)
    wanted = _matching(search).order_by(_ENTRY.entry_id.desc()).limit(PAGE_SIZE)
    found = tuple(_view(row) for row in context.unit.execute(wanted))
    subject = search.actor or search.action or search.subject or search.text or WHOLE
    audit.record_read(context, action="audit_trail_read", subject=subject, details=search.told)
    return found


def find_entry(context: Context, entry_id: int) -> AuditView:
    """Give one entry.

    Raises
    ------
    Forbidden
        The actor is neither auditor nor administrator of all countries.
    NotFound
        There is none of that number.
    """
    _require_auditor(context)
    row = context.unit.execute(_WHOLE.where(_ENTRY.entry_id == entry_id)).one_or_none()
    if row is None:
        raise NotFound(Message("The audit trail has no entry {number}. Search for it.", number=entry_id))
    audit.record_read(context, action="audit_trail_read", subject=f"entry {entry_id}")
    return _view(row)


def trail_state(context: Context) -> TrailState:
    """Tell where the trail ends and when it was last verified.

    Raises
    ------
    Forbidden
        The actor is neither auditor nor administrator of all countries.
    """
    _require_auditor(context)
    end = _end(context)
    checks = select(_ENTRY.at, _NAME, _ENTRY.details).select_from(_NAMED)
    checks = checks.where(_ENTRY.action == VERIFIED)
    last = context.unit.execute(checks.order_by(_ENTRY.entry_id.desc()).limit(1)).one_or_none()
    checked = None
    if last is not None:
        told = last.details
        checked = LastCheck(last.at, last.actor, int(told.get("entries", 0)), int(told.get("faults", 0)))
    return TrailState(end.entries, end.text, checked)


def verify_audit(
    context: Context, *, anchors: Sequence[Anchor] = (), on_progress: Callable[[int], None] = lambda _: None
) -> TrailCheck:
    """Verify the whole chain, and against anchors that were noted before; the outcome is on the trail afterwards.

    Raises
    ------
    Forbidden
        The actor is neither auditor nor administrator of all countries.
    """
    _require_auditor(context)
    write_held(context.unit.engine)
    check = check_trail(context.unit.engine, anchors=anchors, on_progress=on_progress)
    told = {"entries": check.entries, "faults": check.fault_count, "anchor": check.anchor.text}
    held = {"held_against": [anchor.text for anchor in anchors]} if anchors else {}
    audit.record_read(context, action=VERIFIED, subject=WHOLE, details=told | held)
    return check


def export_audit(context: Context, search: AuditSearch, kind: ExportKind) -> TrailExport:
    """Give the entries that a search finds as a file; whoever takes them is on the trail afterwards.

    What is written meanwhile is not in it: it ends where its anchor says.

    Raises
    ------
    Forbidden
        The actor is neither auditor nor administrator of all countries.
    """
    _require_auditor(context)
    write_held(context.unit.engine)
    end = _end(context)
    told = search.told
    details = {**told, "format": kind.value, "anchor": end.text}
    audit.record_read(context, action="audit_trail_exported", subject=WHOLE, details=details)
    newest = context.unit.execute(select(_ENTRY.entry_id).where(_ENTRY.digest == end.digest)).scalar()
    wanted = _matching(search).where(_ENTRY.entry_id <= (newest or 0))
    rows = _batches(context.unit.engine, wanted)
    closing = {
        "anchor": end.text,
        "exported_at": context.now,
        "exported_by": context.actor.name,
        "search": told,
    }
    parts = _csv(rows) if kind is ExportKind.CSV else _json_lines(rows, closing)
    return TrailExport(export_name(end.entries, end.digest, kind, narrowed=told), kind, end, parts)


def may_audit(context: Context) -> bool:
    """Tell whether the actor may read the trail: it tells of all countries, so the grant must be over all."""
    held = (grant for grant in context.actor.grants if EVERY in grant.countries)
    return any(grant.role in (Role.AUDITOR, Role.ADMIN) for grant in held)


def _require_auditor(context: Context) -> None:
    if not may_audit(context):
        raise Forbidden(
            Message(
                "{name} is neither auditor nor administrator of all countries, and the audit trail tells of all. Ask "
                "an administrator for the role of auditor.",
                name=context.actor.name,
            )
        )


def _end(context: Context) -> Anchor:
    return head_of(context.unit.execute) or Anchor(0, FIRST_DIGEST)


def _matching(search: AuditSearch) -> Select[Any]:
    exact = {"action": search.action, "outcome": search.outcome}
    conditions: list[ColumnElement[bool]] = [_ENTRY[name] == value for name, value in exact.items() if value]
    if search.actor:
        conditions.append(_ENTRY.actor.in_(_codes(ACTOR_CODES.c.name == search.actor)))
    if search.subject:
        conditions.append(_about(search.subject))
    if search.text:
        within_json = json.dumps(search.text)[1:-1]  # as it lies in the details: other letters than ASCII escaped
        places = [_holds(_ENTRY[name], search.text) for name in ("action", "subject")]
        acted = _ENTRY.actor.in_(_codes(_holds(ACTOR_CODES.c.name, search.text)))
        conditions.append(or_(acted, *places, _holds(cast(_ENTRY.details, String), within_json)))
    if search.since:
        conditions.append(_ENTRY.at >= datetime.combine(search.since, time.min, tzinfo=UTC))
    if search.until:
        conditions.append(_ENTRY.at < datetime.combine(search.until, time.min, tzinfo=UTC) + timedelta(days=1))
    if search.before is not None:
        conditions.append(_ENTRY.entry_id < search.before)
    return _WHOLE.where(*conditions)


def _codes(condition: ColumnElement[bool]) -> Select[Any]:
    return select(ACTOR_CODES.c.code).where(condition)


def _about(subject: str) -> ColumnElement[bool]:
    """Ask for a part of the subject; for an asset written in full, for the entries that name just this one."""
    kind, _, name = subject.partition(":")
    if kind not in set(AssetKind) or not name:
        return _holds(_ENTRY.subject, subject)
    # Files and rows that were taken are told by the names of metrics alone.
    names = [subject, name] if kind == AssetKind.METRIC else [subject]
    return or_(*(_holds(literal(", ") + _ENTRY.subject + ", ", f", {one}, ") for one in names))


def _holds(column: ColumnElement[Any], part: str) -> ColumnElement[bool]:
    escaped = part
    for sign in (ESCAPE, "%", "_"):
        escaped = escaped.replace(sign, ESCAPE + sign)
    return column.ilike(f"%{escaped}%", escape=ESCAPE)


def _batches(engine: Engine, wanted: Select[Any]) -> Iterator[list[AuditView]]:
    after = 0
    while True:
        with engine.connect() as connection:
            step = wanted.where(_ENTRY.entry_id > after).order_by(_ENTRY.entry_id).limit(EXPORT_BATCH)
            batch = [_view(row) for row in connection.execute(step)]
        if not batch:
            return
        yield batch
        after = batch[-1].entry_id


def _csv(batches: Iterator[list[AuditView]]) -> Iterator[bytes]:
    yield csv_of([COLUMNS])
    for batch in batches:
        yield csv_of([_as_plain(entry)[name] for name in COLUMNS] for entry in batch)


def _as_plain(entry: AuditView) -> dict[str, Any]:
    values = {name: getattr(entry, name) for name in COLUMNS}
    return values | {"at": entry.at.isoformat().replace("+00:00", "Z"), "details": json.dumps(entry.details)}


def _json_lines(batches: Iterator[list[AuditView]], closing: dict[str, Any]) -> Iterator[bytes]:
    for batch in batches:
        yield "".join(f"{json_text(entry)}\n" for entry in batch).encode()
    yield f"{json_text(closing)}\n".encode()


def _view(row: Any) -> AuditView:
    return AuditView(**{name: getattr(row, name) for name in COLUMNS})
