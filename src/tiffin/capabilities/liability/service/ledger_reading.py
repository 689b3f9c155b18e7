"""How a party stands in the ledger: folded from its events, with what expired and what is above a cap."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from tiffin.capabilities.liability.domain.ledger import Balance, Statement
from tiffin.capabilities.liability.domain.ledger_book import Change, lines_of, next_expiries, unit_balances
from tiffin.capabilities.liability.domain.ledger_terms import Terms
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.models.ledger import LedgerEntry, LedgerEvent
from tiffin.capabilities.liability.queries import ledger as ask
from tiffin.capabilities.liability.service.ledger_accounts import Owner, find_account
from tiffin.capabilities.liability.service.ledger_places import LedgerCity, find_party_city
from tiffin.capabilities.liability.service.ledger_terms import terms_by_digest
from tiffin.capabilities.liability.service.ledger_writing import Facts, events_where
from tiffin.engines.ledger.counting import Bases, Span
from tiffin.engines.ledger.entries import net_of
from tiffin.engines.ledger.events import Event, Posting, Subject, follow
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.messages import Message
from tiffin.kernel.time import Days
from tiffin.runtime.context import Context

STATED = (Party.RIDER, Party.MERCHANT, Party.CUSTOMER)
_EVENT: Any = LedgerEvent.__table__
_ENTRY: Any = LedgerEntry.__table__


def balance(context: Context, party: Party, party_id: str, city_id: str, *, as_of: datetime | None = None) -> Balance:
    """Tell how a party stands, now or as it would have been read at a moment.

    Raises
    ------
    NotFound
        The actor may read neither the city's ledger nor this party's affairs.
    WrongUse
        Such a party has no account.
    """
    find_party_city(context, party, party_id, city_id)
    owner, at = _owner(party, party_id, city_id), as_of or context.now
    changes = changes_of(context, owner, at)
    return Balance(party, party_id, city_id, at, unit_balances(changes, at, bases_of(context, owner, changes)))


def statement(context: Context, party: Party, party_id: str, city_id: str, days: Days) -> Statement:
    """Tell what happened on a party's account over some local days: what, why, when, and how it stood after each.

    Raises
    ------
    NotFound
        The actor may read neither the city's ledger nor this party's affairs.
    WrongUse
        Such a party has no account.
    """
    city = find_party_city(context, party, party_id, city_id)
    return statement_in(context, city, _owner(party, party_id, city_id), days)


def statement_in(context: Context, city: LedgerCity, owner: Owner, days: Days) -> Statement:
    """Give the statement of a party of a city that may be read."""
    changes = changes_of(context, owner, context.now)
    bases = bases_of(context, owner, changes)
    told = lines_of(changes, context.now, bases, local_day=city.local_day)
    opening = {line.unit: line.running for line in told if line.local_day < days.first}
    standing = Balance(
        owner.kind, owner.party_id, owner.city_id, context.now, unit_balances(changes, context.now, bases)
    )
    lines = tuple(line for line in told if line.local_day in days)
    expiries = next_expiries(changes, context.now, bases)
    return Statement(
        owner.kind,
        owner.party_id,
        owner.city_id,
        days,
        context.now,
        tuple(sorted(opening.items())),
        lines,
        standing,
        expiries,
    )


def changes_of(context: Context, owner: Owner, as_of: datetime) -> tuple[Change, ...]:
    """Give what changed a party's account until an instant, oldest first."""
    account = find_account(context, owner)
    if account is None:
        return ()
    touched = (
        select(_EVENT.c.incident_key)
        .join(_ENTRY, _ENTRY.c.event_id == _EVENT.c.event_id)
        .where(_ENTRY.c.account == account)
    )
    found = events_where(context, _EVENT.c.incident_key.in_(touched))
    terms = terms_by_digest(context, frozenset(row["terms"] for _, row in found))
    changes: list[tuple[int, Change]] = []
    for events in _by_incident(found).values():
        changes += _changes_in(events, account, owner, as_of, _Telling(terms, context.locale))
    return tuple(change for _, change in sorted(changes, key=lambda one: (one[1].at, one[0])))


class _Telling:
    """Under which terms, and in which language."""

    def __init__(self, terms: Mapping[str, Terms], locale: str) -> None:
        self.terms = terms
        self.locale = locale


def _by_incident(found: Sequence[tuple[Event, Facts]]) -> Mapping[str, list[tuple[Event, Facts]]]:
    by_incident: dict[str, list[tuple[Event, Facts]]] = defaultdict(list)
    for event, row in found:
        by_incident[event.subject].append((event, row))
    return by_incident


def _changes_in(
    events: Sequence[tuple[Event, Facts]], account: str, owner: Owner, as_of: datetime, telling: _Telling
) -> Iterator[tuple[int, Change]]:
    subject, posted_at = Subject(), dict[str, datetime]()
    for event, row in events:
        if event.at > as_of:
            return
        before = subject.postings.get(event.posting)
        follow(subject, event)
        after = subject.postings[event.posting]
        entered = posted_at.setdefault(event.posting, event.at)
        amounts = net_of(event.entries)
        for unit in sorted({one.unit for one in after.entries if one.account == account}):
            stayed = _stayed(after, account, unit) - (_stayed(before, account, unit) if before else 0)
            amount = amounts.get((account, unit), 0)
            if amount or stayed:
                terms = telling.terms[row["terms"]].of(owner.kind).of(unit)
                yield (
                    row["event_id"],
                    Change(
                        at=event.at,
                        kind=event.kind,
                        posting=event.posting,
                        order_id=row["order_id"],
                        incident=row["incident"],
                        unit=unit,
                        amount=amount,
                        stayed=stayed,
                        day=row["business_date"],
                        reason=reason_in(row["reason"], telling.locale),
                        expires_at=terms.expires_at(entered),
                        cap=terms.cap,
                    ),
                )


def _stayed(posting: Posting, account: str, unit: str) -> int:
    return -net_of(posting.stayed).get((account, unit), 0)


def reason_in(written: str, locale: str) -> str:
    """Give a reason in a language, in English where there is no other; of one that was removed, what stands there."""
    try:
        told = json.loads(written)
    except ValueError:
        return written
    return str(told.get(locale) or told.get("en") or next(iter(told.values()), ""))


def bases_of(context: Context, owner: Owner, changes: Sequence[Change]) -> Bases:
    """Give what shares are taken of: what a merchant sold in each span for which something was booked."""
    shared = {(one.unit, one.cap.span, one.cap.span.begins(one.day)) for one in changes if one.cap and one.cap.share_bp}
    if owner.kind is not Party.MERCHANT or not shared:
        return {}
    first = min(begins for _, _, begins in shared)
    last = max(_end(span, begins) for _, span, begins in shared)
    question = ask.sales(owner.city_id, owner.party_id, first, last)
    rows = context.warehouse.query_text(question.sql, question.values).to_pylist()
    bases: dict[tuple[str, str, date], int] = {}
    for unit, span, begins in shared:
        sold = [row["sold_minor"] or 0 for row in rows if row["currency"] == unit and _lies(row, span, begins)]
        if sold:
            bases[unit, span, begins] = int(sum(sold))
    return bases


def _lies(row: Mapping[str, Any], span: Span, begins: date) -> bool:
    return span.begins(row["business_date"]) == begins


def _end(span: Span, begins: date) -> date:
    far = begins + timedelta(days={Span.DAY: 0, Span.WEEK: 6, Span.MONTH: 31}[span])
    return far if span is not Span.MONTH else far.replace(day=1) - timedelta(days=1)


def _owner(party: Party, party_id: str, city_id: str) -> Owner:
    if party not in STATED:
        raise WrongUse(
            Message(
                "An account is a rider's, a merchant's or a customer's; found {party}.",
                party=party.value,
            )
        )
    return Owner(party, city_id, party_id)
