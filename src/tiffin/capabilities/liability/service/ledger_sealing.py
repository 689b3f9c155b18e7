"""The chain of a city's ledger: written events are numbered and chained as the last thing in their transaction.

Where each chain then ends is told on the audit trail, in the same transaction: whoever cuts a chain off, or writes it
anew with its head, is found as long as the trail stands. The heads of cities are taken in their order and the trail's
head after them, so that no two writers wait for each other, and whoever writes for another city waits for the trail
alone.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, text, update

from tiffin.capabilities.liability.models.ledger import LedgerEvent, LedgerHead
from tiffin.engines.ledger.chain import FIRST_DIGEST, LINE_SEPARATOR, digest_of, joined
from tiffin.kernel.errors import InvalidData
from tiffin.kernel.messages import Message
from tiffin.runtime.audit import Outcome
from tiffin.runtime.audit_chain import INSTANT_FORMAT
from tiffin.runtime.audit_chain import Entry as TrailEntry
from tiffin.runtime.audit_chain import append as append_to_trail

if TYPE_CHECKING:
    from tiffin.runtime.database import LastWrite

MOVED = "ledger_moved"
"""The act in the trail; its details say how many events a city's ledger has, and the digest of the last."""

CHAINED = (
    "incident_key",
    "sequence",
    "kind",
    "verdict_id",
    "follows",
    "decision",
    "at",
    "actor",
    "country",
    "zone_id",
    "order_id",
    "incident",
    "business_date",
    "policy",
    "policy_version",
    "row_name",
    "terms",
    "reason_digest",
)
"""What a digest covers of an event besides its city and entries, in this order; it never changes."""

Line = tuple[int, str, str, int, str | None]
"""An entry as it is chained."""

VALUES = len(CHAINED) + 2
"""Values of an event's text: its city, its columns and its entries."""

_EVENT: Any = LedgerEvent.__table__
_HEAD: Any = LedgerHead.__table__
_BEGINNING = text(
    "insert into ledger_heads (city_id, events, digest) values (:city_id, 0, :digest) on conflict do nothing"
)
_TAKING = (
    update(_HEAD)
    .where(_HEAD.c.city_id == bindparam("city"))
    .values(events=_HEAD.c.events + bindparam("count"))
    .returning(_HEAD.c.events, _HEAD.c.digest)
)
_ENDING = update(_HEAD).where(_HEAD.c.city_id == bindparam("city")).values(digest=bindparam("ended"))
_SEALING = (
    update(_EVENT)
    .where(_EVENT.c.event_id == bindparam("event"))
    .values(number=bindparam("place"), previous_digest=bindparam("before"), digest=bindparam("own"))
)

# PostgreSQL seals all events and moves the head in one statement: each that is saved lets others wait less long.
_SEALING_AT_ONCE = text(
    "with ended as (update ledger_heads set digest = :ended where city_id = :city) "
    "update ledger_events as one set number = sealed.place, previous_digest = sealed.before, digest = sealed.own "
    "from unnest(cast(:event as bigint[]), cast(:place as bigint[]), cast(:before as text[]), cast(:own as text[])) "
    "as sealed (event, place, before, own) where one.event_id = sealed.event"
)


@dataclass(frozen=True, slots=True)
class Written:
    """An event that was written and waits for its place in the chain.

    Parameters
    ----------
    row : mapping
        Its columns.
    actor : str
        Name of whoever acted, for the trail.
    """

    event_id: int
    row: Mapping[str, Any]
    lines: tuple[Line, ...]
    actor: str


def text_of(row: Mapping[str, Any], lines: Sequence[Line]) -> str:
    """Give what the digest of an event covers.

    Parameters
    ----------
    lines : sequence of (int, str, str, int, str or None)
        Number, account, unit and amount of each entry, and what no two have alike.

    Raises
    ------
    InvalidData
        A value holds control characters.
    """
    told = "\n".join(LINE_SEPARATOR.join("" if part is None else str(part) for part in line) for line in lines)
    try:
        return joined([row["city_id"], *(_plain(row[name]) for name in CHAINED), told])
    except ValueError as error:
        raise InvalidData(Message("The ledger takes no control characters: {reason}.", reason=str(error))) from error


def seal(connection: Connection, written: Sequence[Written]) -> "list[tuple[LastWrite, object]]":
    """Chain events to the ledgers of their cities; gives what the trail is to tell of where these end."""
    by_city: dict[str, list[Written]] = defaultdict(list)
    for one in written:
        by_city[one.row["city_id"]].append(one)
    return [(append_to_trail, _chained(connection, city, by_city[city])) for city in sorted(by_city)]


def _chained(connection: Connection, city: str, written: Sequence[Written]) -> TrailEntry:
    events, digest = _take(connection, city, len(written))
    number = events - len(written)
    sealed = []
    for one in written:
        number += 1
        own = digest_of(digest, number, text_of(one.row, one.lines))
        sealed.append({"event": one.event_id, "place": number, "before": digest, "own": own})
        digest = own
    if connection.dialect.name == "postgresql":
        columns = {name: [one[name] for one in sealed] for name in ("event", "place", "before", "own")}
        connection.execute(_SEALING_AT_ONCE, {**columns, "city": city, "ended": digest})
    else:
        connection.execute(_SEALING, sealed)
        connection.execute(_ENDING, {"city": city, "ended": digest})
    last = written[-1]
    details = {"events": events, "digest": digest}
    return TrailEntry(last.row["at"], last.actor, MOVED, city, Outcome.DONE.value, details)


def _take(connection: Connection, city: str, count: int) -> tuple[int, str]:
    asked = {"city": city, "count": count}
    head = connection.execute(_TAKING, asked).one_or_none()
    if head is None:
        connection.execute(_BEGINNING, {"city_id": city, "digest": FIRST_DIGEST})
        head = connection.execute(_TAKING, asked).one()
    return head.events, head.digest


def _plain(value: object) -> str | None:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime(INSTANT_FORMAT)
    return None if value is None else value.isoformat() if isinstance(value, date) else str(value)


def written_reason(reason: Mapping[str, str]) -> str:
    """Write a statement of reasons for good."""
    return json.dumps(dict(reason), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
