"""What the ledger booked on parties, as rows of the fact table ``penalties``."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from tiffin.capabilities.liability.models.ledger import LedgerEntry, LedgerEvent
from tiffin.capabilities.liability.service.ledger_accounts import Owner, owners_of
from tiffin.capabilities.liability.service.outcomes_places import Places
from tiffin.engines.ledger.entries import POINTS
from tiffin.engines.ledger.events import Kind
from tiffin.kernel.facts.penalties import Kind as Told
from tiffin.runtime.context import Context

_Line = tuple[LedgerEvent, LedgerEntry]
_PER_STATEMENT = 500


def penalty_rows(context: Context, since: datetime, places: Places) -> list[Mapping[str, Any]]:
    """Give what was booked on parties since a moment, as rows of the facts; the platform's own lines are none.

    A stay is none either: it holds back for a while what stays booked. A reversal takes back each line of its posting,
    stayed or not.
    """
    booked = _lines(context, Kind.POSTED, LedgerEvent.at >= since)
    given_back = _lines(context, Kind.RESTORED, LedgerEvent.at >= since)
    wanted = select(LedgerEvent).where(LedgerEvent.kind == Kind.REVERSED.value, LedgerEvent.at >= since)
    reversals = context.session.scalars(wanted.order_by(LedgerEvent.event_id)).all()
    posted = _posted(context, {one.verdict_id for one in (*reversals, *(event for event, _ in given_back))})
    owners = owners_of(context, {entry.account for _, entry in (*booked, *given_back, *_all(posted))})
    places.learn(
        (one.city_id, one.business_date) for one in (*reversals, *(event for event, _ in (*booked, *given_back)))
    )
    rows = [_row(event, entry, owners, places, _kind(entry)) for event, entry in booked]
    for event in reversals:
        for first, entry in posted.get(event.verdict_id, ()):
            rows.append(_row(event, entry, owners, places, Told.REVERSAL, reverses=_name(first, entry)))
    for event, entry in given_back:
        rows.append(_row(event, entry, owners, places, Told.RESTORATION))
    return [row for row in rows if row]


def _lines(context: Context, kind: Kind, *parts: Any) -> Sequence[_Line]:
    wanted = (
        select(LedgerEvent, LedgerEntry)
        .join(LedgerEntry, LedgerEntry.event_id == LedgerEvent.event_id)
        .where(LedgerEvent.kind == kind.value, *parts)
        .order_by(LedgerEvent.event_id, LedgerEntry.line)
    )
    return [(row[0], row[1]) for row in context.session.execute(wanted)]


def _posted(context: Context, verdict_ids: Collection[str]) -> Mapping[str, Sequence[_Line]]:
    """Give the lines of the postings of some verdicts."""
    names, found = sorted(verdict_ids), defaultdict[str, list[_Line]](list)
    for start in range(0, len(names), _PER_STATEMENT):
        part = LedgerEvent.verdict_id.in_(names[start : start + _PER_STATEMENT])
        for event, entry in _lines(context, Kind.POSTED, part):
            found[event.verdict_id].append((event, entry))
    return found


def _all(posted: Mapping[str, Sequence[_Line]]) -> list[_Line]:
    return [line for lines in posted.values() for line in lines]


def _row(
    event: LedgerEvent,
    entry: LedgerEntry,
    owners: Mapping[str, Owner],
    places: Places,
    kind: Told,
    *,
    reverses: str | None = None,
) -> Mapping[str, Any]:
    owner = owners.get(entry.account)
    if owner is None or not entry.amount:
        return {}
    amount = -abs(entry.amount) if kind in (Told.REVERSAL, Told.RESTORATION) else abs(entry.amount)
    is_points = entry.unit == POINTS
    return {
        "city_id": event.city_id,
        "penalty_id": _name(event, entry),
        "verdict_id": event.verdict_id,
        "entered_at": event.at,
        "party": owner.kind.value,
        "party_id": owner.party_id,
        "order_id": event.order_id,
        "country": event.country,
        "kind": kind.value,
        "amount_minor": None if is_points else amount,
        "currency": None if is_points else entry.unit,
        "points": float(amount) if is_points else None,
        "reverses": reverses,
        "appeal_until": None,
        "business_date": event.business_date,
        "source": places.of(event.city_id, event.order_id).source,
    }


def _kind(entry: LedgerEntry) -> Told:
    if entry.unit == POINTS:
        return Told.POINTS
    return Told.COMPENSATION if entry.amount < 0 else Told.MONEY


def _name(event: LedgerEvent, entry: LedgerEntry) -> str:
    return f"{event.event_id}-{entry.line}"
