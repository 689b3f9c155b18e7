"""Events of the ledger are written upon what an incident's events say; whoever came second looks again."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from tiffin.capabilities.liability.domain.ledger_posting import once_of
from tiffin.capabilities.liability.models.ledger import LedgerEntry, LedgerEvent
from tiffin.capabilities.liability.service.ledger_sealing import Line, Written, seal, written_reason
from tiffin.engines.ledger.deciding import Step
from tiffin.engines.ledger.entries import Entry, is_house
from tiffin.engines.ledger.events import Event, Kind, Subject, subject_of
from tiffin.kernel.errors import Conflict, Unavailable
from tiffin.kernel.messages import Message
from tiffin.runtime.actor_codes import code_of
from tiffin.runtime.context import Context

TRIES = 20
"""How often somebody else may come first before this gives up; each time, one of those who try has gone on."""

SALT_BYTES = 16
_EVENT: Any = LedgerEvent.__table__
_ENTRY: Any = LedgerEntry.__table__
_ADDING = insert(_EVENT).returning(_EVENT.c.event_id)
_ADDING_ENTRIES = insert(_ENTRY)
_LINE = ("line", "account", "unit", "amount", "once")

Facts = Mapping[str, Any]
"""Columns of an event that say whose incident it is about and what decided it."""

Decide = Callable[[Subject], Sequence[Step]]


@dataclass(frozen=True, slots=True)
class Stream:
    """An incident's events, and the columns of each posting by its name."""

    subject: Subject
    facts: Mapping[str, Facts]


def read_stream(context: Context, incident_key: str) -> Stream:
    """Read what happened to an incident in the ledger.

    Raises
    ------
    Conflict
        One event cannot follow on those before it: somebody changed the ledger.
    """
    events = events_where(context, _EVENT.c.incident_key == incident_key)
    try:
        subject = subject_of(event for event, _ in events)
    except ValueError as error:
        raise Conflict(
            Message(
                "The ledger of {incident} is damaged. `tiffin liability ledger check` tells where; restore the "
                "database from a backup.",
                incident=incident_key,
            )
        ) from error
    facts = {event.posting: row for event, row in events if event.kind is Kind.POSTED}
    return Stream(subject, facts)


def events_where(context: Context, condition: Any) -> list[tuple[Event, Facts]]:
    """Read events with their columns, each incident's in their order."""
    order = (_EVENT.c.incident_key, _EVENT.c.sequence, _ENTRY.c.line)
    columns = (_EVENT, _ENTRY.c.account, _ENTRY.c.unit, _ENTRY.c.amount)
    asked = select(*columns).outerjoin(_ENTRY, _ENTRY.c.event_id == _EVENT.c.event_id).where(condition)
    rows: dict[int, tuple[Facts, list[Entry]]] = {}
    for row in context.unit.execute(asked.order_by(*order)).mappings():
        lines = rows.setdefault(row["event_id"], (dict(row), []))[1]
        if row["account"] is not None:
            lines.append(Entry(row["account"], row["unit"], row["amount"]))
    return [(event_of(row, lines), row) for row, lines in rows.values()]


def event_of(row: Facts, entries: Iterable[Entry]) -> Event:
    """Make an event of its columns and entries."""
    return Event(
        row["incident_key"],
        row["sequence"],
        Kind(row["kind"]),
        row["verdict_id"],
        row["at"],
        tuple(entries),
        row["decision"],
        row["follows"],
    )


def carry_out(context: Context, incident_key: str, decide: Decide, facts: Facts, reasons: Mapping[Kind, Facts]) -> bool:
    """Write what an order to the ledger adds to an incident; tells whether it added anything.

    Parameters
    ----------
    facts : mapping
        Columns of a new posting.
    reasons : mapping of Kind to mapping
        Why, by locale, for each kind of event.

    Raises
    ------
    Unavailable
        Others came first again and again.
    """
    for _ in range(TRIES):
        stream = read_stream(context, incident_key)
        steps = decide(stream.subject)
        if not steps:
            return False
        acting = {"at": context.now, "actor": code_of(context.unit, context.actor.name)}
        rows = [_row(incident_key, step, stream.facts.get(step.posting, facts)) | acting for step in steps]
        told = [row | _reason(reasons.get(step.kind, {})) for row, step in zip(rows, steps, strict=True)]
        try:
            written = _write(context, stream.subject.version, told, steps)
        except IntegrityError:
            continue
        for one in written:
            context.unit.lastly(seal, one)
        return True
    raise Unavailable(
        Message("The ledger of {incident} is written by many at once. Try again in a moment.", incident=incident_key)
    )


def _row(incident_key: str, step: Step, facts: Facts) -> dict[str, Any]:
    same = ("city_id", "country", "zone_id", "order_id", "incident", "business_date", "terms")
    policy = ("policy", "policy_version", "row_name")
    return {
        **{name: facts[name] for name in (*same, *policy)},
        "incident_key": incident_key,
        "kind": step.kind.value,
        "verdict_id": step.posting,
        "follows": step.follows,
        "decision": step.decision,
    }


def _reason(reason: Mapping[str, str]) -> dict[str, Any]:
    told, salt = written_reason(reason), os.urandom(SALT_BYTES).hex()
    return {"reason": told, "reason_salt": salt, "reason_digest": reason_digest(salt, told)}


def reason_digest(salt: str, reason: str) -> str:
    """Give the digest under which a reason is chained."""
    return sha256(f"{salt}{reason}".encode()).hexdigest()


def _write(context: Context, version: int, rows: list[dict[str, Any]], steps: Sequence[Step]) -> list[Written]:
    written = []
    with context.unit.part():
        for number, (row, step) in enumerate(zip(rows, steps, strict=True), version + 1):
            whole = row | {"sequence": number}
            event_id = context.unit.execute(_ADDING, whole).scalar_one()
            lines = tuple(_line(number, step, entry) for number, entry in enumerate(step.entries, 1))
            if lines:
                context.session.execute(_ADDING_ENTRIES, [_columns(event_id, line) for line in lines])
            written.append(Written(event_id, whole, lines, context.actor.name))
    return written


def _line(number: int, step: Step, entry: Entry) -> Line:
    is_once = step.kind is Kind.POSTED and not is_house(entry.account)
    once = once_of(step.decision, step.follows, entry) if is_once else None
    return number, entry.account, entry.unit, entry.amount, once


def _columns(event_id: int, line: Line) -> dict[str, Any]:
    return {"event_id": event_id, **dict(zip(_LINE, line, strict=True))}
