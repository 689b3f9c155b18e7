"""Events of the ledger are written upon what an incident's events say; whoever came second looks again."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import bindparam, insert, select

from tiffin.capabilities.cases.service.upserting import insert_into
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
# Made once: to make a statement takes longer than to run it.
_EVENTS = (
    select(_EVENT, _ENTRY.c.account, _ENTRY.c.unit, _ENTRY.c.amount)
    .outerjoin(_ENTRY, _ENTRY.c.event_id == _EVENT.c.event_id)
    .order_by(_EVENT.c.incident_key, _EVENT.c.sequence, _ENTRY.c.line)
)
_READING = _EVENTS.where(_EVENT.c.incident_key.in_(bindparam("incidents", expanding=True)))
_ADDING: dict[str, Any] = {}
_ADDING_ENTRIES = insert(_ENTRY)
_LINE = ("line", "account", "unit", "amount", "once")

Facts = Mapping[str, Any]
"""Columns of an event that say whose incident it is about and what decided it."""

Decide = Callable[[Subject], Sequence[Step]]
_Row = tuple[dict[str, Any], tuple[Line, ...]]


class _CameFirstError(Exception):
    """Somebody else wrote an event that was to be ours."""


@dataclass(frozen=True, slots=True)
class Stream:
    """An incident's events, and the columns of each posting by its name."""

    subject: Subject
    facts: Mapping[str, Facts]


def read_streams(context: Context, incident_keys: Sequence[str]) -> Mapping[str, Stream]:
    """Read what happened to incidents in the ledger.

    Raises
    ------
    Conflict
        One event cannot follow on those before it: somebody changed the ledger.
    """
    found: dict[str, list[tuple[Event, Facts]]] = {one: [] for one in incident_keys}
    for event, row in _read(context, _READING, {"incidents": list(found)}) if found else ():
        found[event.subject].append((event, row))
    return {key: _stream(key, events) for key, events in found.items()}


def _stream(incident_key: str, events: Sequence[tuple[Event, Facts]]) -> Stream:
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
    return Stream(subject, {event.posting: row for event, row in events if event.kind is Kind.POSTED})


def events_where(context: Context, condition: Any) -> list[tuple[Event, Facts]]:
    """Read events with their columns, each incident's in their order."""
    return _read(context, _EVENTS.where(condition), {})


def _read(context: Context, asked: Any, values: Facts) -> list[tuple[Event, Facts]]:
    rows: dict[int, tuple[Facts, list[Entry]]] = {}
    for row in context.unit.execute(asked, values).mappings():
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


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody asks of the ledger about one incident.

    Parameters
    ----------
    decide : callable
        What it adds to the incident as it stands.
    facts : mapping
        Columns of a new posting.
    reasons : mapping of Kind to mapping
        Why, by locale, for each kind of event.
    """

    incident_key: str
    decide: Decide
    facts: Facts
    reasons: Mapping[Kind, Facts]


def carry_out(context: Context, incident_key: str, decide: Decide, facts: Facts, reasons: Mapping[Kind, Facts]) -> bool:
    """Write what an order to the ledger adds to an incident; tells whether it added anything.

    Raises
    ------
    Unavailable
        Others came first again and again.
    """
    return carry_out_all(context, [Order(incident_key, decide, facts, reasons)])[0]


def carry_out_all(context: Context, orders: Sequence[Order]) -> list[bool]:
    """Write what orders to the ledger add, each to another incident, in a few statements for all of them.

    Returns
    -------
    list of bool
        Whether each added anything.

    Raises
    ------
    Unavailable
        Others came first again and again.
    """
    waiting, has_added = dict(enumerate(orders)), [False] * len(orders)
    for _ in range(TRIES):
        added = {place: one for place, one in _added(context, waiting).items() if one}
        written = _write(context, added)
        for place, events in written.items():
            has_added[place] = True
            for one in events:
                context.unit.before_last(seal, one)
        waiting = {place: waiting[place] for place in added if place not in written}
        if not waiting:
            return has_added
    key = next(iter(waiting.values())).incident_key
    raise Unavailable(
        Message("The ledger of {incident} is written by many at once. Try again in a moment.", incident=key)
    )


def _added(context: Context, orders: Mapping[int, Order]) -> Mapping[int, Sequence[_Row]]:
    """Give the rows that each order adds to its incident as it stands, and their entries."""
    streams = read_streams(context, [one.incident_key for one in orders.values()])
    steps = {place: one.decide(streams[one.incident_key].subject) for place, one in orders.items()}
    if not any(steps.values()):
        return {}
    acting = {"at": context.now, "actor": code_of(context.unit, context.actor.name)}
    return {
        place: _rows(orders[place], streams[orders[place].incident_key], own, acting) for place, own in steps.items()
    }


def _rows(order: Order, stream: Stream, steps: Sequence[Step], acting: dict[str, Any]) -> list[_Row]:
    rows = []
    for number, step in enumerate(steps, stream.subject.version + 1):
        told = _row(order.incident_key, step, stream.facts.get(step.posting, order.facts)) | acting
        lines = tuple(_line(line, step, entry) for line, entry in enumerate(step.entries, 1))
        rows.append((told | _reason(order.reasons.get(step.kind, {})) | {"sequence": number}, lines))
    return rows


def _write(context: Context, added: Mapping[int, Sequence[_Row]]) -> Mapping[int, Sequence[Written]]:
    """Write events; gives those of each order whose incident stood as it was seen."""
    if all(len(rows) == 1 for rows in added.values()):
        return _kept(context, added)
    found: dict[int, Sequence[Written]] = {}
    for place, rows in added.items():
        # Of events that come together none may stand without the others.
        with suppress(_CameFirstError), context.unit.part():
            kept = _kept(context, {place: rows})
            if len(kept.get(place, ())) != len(rows):
                raise _CameFirstError
            found |= kept
    return found


def _kept(context: Context, added: Mapping[int, Sequence[_Row]]) -> Mapping[int, Sequence[Written]]:
    rows = [row for one in added.values() for row, _ in one]
    if not rows:
        return {}
    done = context.session.execute(_adding(context), rows).all()
    numbers = {(one.incident_key, one.sequence): one.event_id for one in done}
    name = context.actor.name
    written = {
        place: [
            Written(numbers[key], row, lines, name)
            for row, lines in one
            if (key := (row["incident_key"], row["sequence"])) in numbers
        ]
        for place, one in added.items()
    }
    lines = [_columns(one.event_id, line) for events in written.values() for one in events for line in one.lines]
    if lines:
        context.session.execute(_ADDING_ENTRIES, lines)
    return {place: events for place, events in written.items() if events}


def _adding(context: Context) -> Any:
    dialect = context.unit.engine.dialect.name
    if dialect not in _ADDING:
        once = insert_into(context, _EVENT).on_conflict_do_nothing(index_elements=["incident_key", "sequence"])
        _ADDING[dialect] = once.returning(_EVENT.c.event_id, _EVENT.c.incident_key, _EVENT.c.sequence)
    return _ADDING[dialect]


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


def _line(number: int, step: Step, entry: Entry) -> Line:
    is_once = step.kind is Kind.POSTED and not is_house(entry.account)
    once = once_of(step.decision, step.follows, entry) if is_once else None
    return number, entry.account, entry.unit, entry.amount, once


def _columns(event_id: int, line: Line) -> dict[str, Any]:
    return {"event_id": event_id, **dict(zip(_LINE, line, strict=True))}
