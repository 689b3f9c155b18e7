"""The rows of the ledger as they stand, whatever somebody wrote into them past Tiffin."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, Text, cast, func, literal, literal_column, select

from tiffin.capabilities.liability.models.ledger import LedgerEntry, LedgerEvent, LedgerHead, LedgerParty, LedgerTerms
from tiffin.capabilities.liability.service.ledger_sealing import CHAINED, MOVED
from tiffin.engines.ledger.chain import ABSENT, LINE_SEPARATOR, SEPARATOR
from tiffin.runtime.audit_marks import REMOVAL
from tiffin.runtime.audit_reading import BEFORE_ALL
from tiffin.runtime.tables import AUDIT_ENTRIES

BATCH = 5000
_EVENT: Any = LedgerEvent.__table__
_ENTRY: Any = LedgerEntry.__table__
_HEAD: Any = LedgerHead.__table__
_TRAIL = AUDIT_ENTRIES.c
_AS_CHAINED = {
    "sqlite": {"at": "ledger_events.at", "business_date": "ledger_events.business_date"},
    "postgresql": {
        "at": "to_char(ledger_events.at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')",
        "business_date": "to_char(ledger_events.business_date, 'YYYY-MM-DD')",
    },
}
"""Instants and days as texts, as digests cover them."""


class RawEvent(NamedTuple):
    """An event as it stands: what is chained as one text without its entries, and what is asked of it besides."""

    event_id: int
    number: int
    text: str
    incident_key: str
    sequence: int
    kind: str
    verdict_id: str
    terms: str
    reason: str
    reason_salt: str | None
    reason_digest: str
    previous_digest: str | None
    digest: str | None


@dataclass(frozen=True, slots=True)
class Removals:
    """What the trail says that was removed on request: the request by event, and by account."""

    reasons: Mapping[int, int]
    parties: Mapping[str, int]


def cities_in(connection: Connection) -> tuple[str, ...]:
    """Name every city of which there is an event, a head, or a word on the trail."""
    found = {*connection.execute(select(_EVENT.c.city_id).distinct()).scalars()}
    found |= {*connection.execute(select(_HEAD.c.city_id)).scalars()}
    found |= {*connection.execute(select(_TRAIL.subject).where(_TRAIL.action == MOVED).distinct()).scalars()}
    return tuple(sorted(found))


def heads_in(connection: Connection) -> Mapping[str, tuple[int, str]]:
    """Give where each city's chain says that it ends."""
    return {row.city_id: (row.events, row.digest) for row in connection.execute(select(_HEAD))}


def anchors_in(connection: Connection) -> Mapping[str, Mapping[int, str]]:
    """Give where each city's chain ended, as the trail tells: digest by count of events."""
    found: dict[str, dict[int, str]] = defaultdict(dict)
    rows = connection.execute(select(_TRAIL.subject, _TRAIL.details).where(_TRAIL.action == MOVED))
    for city, details in rows:
        if isinstance(details, dict) and "events" in details:
            found[city][int(details["events"])] = str(details.get("digest"))
    return found


def removals_in(connection: Connection) -> Removals:
    """Give what the trail says that was removed from the ledger."""
    reasons, parties = dict[int, int](), dict[str, int]()
    rows = connection.execute(select(_TRAIL.details).where(_TRAIL.action == REMOVAL).order_by(_TRAIL.entry_id))
    for told in rows.scalars():
        request = int(told["request"])
        reasons |= dict.fromkeys(map(int, told.get("penalties", ())), request)
        parties |= dict.fromkeys(map(str, told.get("penalty_parties", ())), request)
    return Removals(reasons, parties)


def events_in(connection: Connection, city_id: str) -> Iterator[tuple[RawEvent, list[str]]]:
    """Give a city's chained events in their order with their entries as texts, some at a time."""
    last = BEFORE_ALL
    while True:
        rows = [RawEvent(*row) for row in connection.execute(_chained(connection, city_id, last))]
        if not rows:
            return
        lines = _lines(connection, city_id, last, rows[-1].number)
        for row in rows:
            yield row, lines.get(row.event_id, [])
        last = rows[-1].number


def count_in(connection: Connection) -> int:
    """Count all events."""
    return int(connection.execute(select(func.count()).select_from(_EVENT)).scalar_one())


def loose_in(connection: Connection, city_id: str) -> int:
    """Count events of a city that have no place in its chain."""
    unchained = select(func.count()).select_from(_EVENT).where(_EVENT.c.city_id == city_id, _EVENT.c.number.is_(None))
    return int(connection.execute(unchained).scalar_one())


def orphans_in(connection: Connection) -> int:
    """Count entries without an event."""
    alone = select(func.count()).select_from(_ENTRY).outerjoin(_EVENT, _EVENT.c.event_id == _ENTRY.c.event_id)
    return int(connection.execute(alone.where(_EVENT.c.event_id.is_(None))).scalar_one())


def terms_in(connection: Connection) -> Mapping[str, str]:
    """Give all terms as they are written, by digest."""
    return {row.digest: row.body for row in connection.execute(select(LedgerTerms.__table__))}


def parties_in_ledger(connection: Connection) -> Mapping[str, Any]:
    """Give whom each account means, with its salt."""
    return {row.code: row for row in connection.execute(select(LedgerParty.__table__))}


def _chained(connection: Connection, city_id: str, last: int) -> Any:
    written = _AS_CHAINED[connection.dialect.name]
    plain = [literal_column(written[name]) if name in written else _as_text(_EVENT.c[name]) for name in CHAINED]
    text: Any = cast(_EVENT.c.city_id, Text)
    for one in plain:
        text = text.concat(literal(SEPARATOR)).concat(one)
    rest = [_EVENT.c[name] for name in RawEvent._fields[3:]]
    asked = select(_EVENT.c.event_id, _EVENT.c.number, text, *rest)
    return asked.where(_EVENT.c.city_id == city_id, _EVENT.c.number > last).order_by(_EVENT.c.number).limit(BATCH)


def _lines(connection: Connection, city_id: str, first: int, last: int) -> Mapping[int, list[str]]:
    names = ("account", "unit", "amount", "once")
    text: Any = cast(_ENTRY.c.line, Text)
    for name in names:
        text = text.concat(literal(LINE_SEPARATOR)).concat(func.coalesce(cast(_ENTRY.c[name], Text), literal("")))
    asked = select(_ENTRY.c.event_id, text).join(_EVENT, _EVENT.c.event_id == _ENTRY.c.event_id)
    within = asked.where(_EVENT.c.city_id == city_id, _EVENT.c.number > first, _EVENT.c.number <= last)
    found: dict[int, list[str]] = defaultdict(list)
    for event_id, line in connection.execute(within.order_by(_ENTRY.c.event_id, _ENTRY.c.line)):
        found[event_id].append(line)
    return found


def _as_text(column: Any) -> Any:
    told = cast(column, Text)
    return func.coalesce(told, literal(ABSENT)) if column.nullable else told
