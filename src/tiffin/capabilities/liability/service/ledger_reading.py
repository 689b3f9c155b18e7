"""How a party stands in the ledger: folded from its events, with what expired and what is above a cap."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from tiffin.capabilities.liability.domain.ledger import Balance, Statement
from tiffin.capabilities.liability.domain.ledger_book import Change, lines_of, next_expiries, unit_balances
from tiffin.capabilities.liability.domain.ledger_changes import Telling, changes_on
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.models.ledger import LedgerEntry, LedgerEvent
from tiffin.capabilities.liability.queries import ledger as ask
from tiffin.capabilities.liability.service.ledger_accounts import Owner, find_account
from tiffin.capabilities.liability.service.ledger_places import LedgerCity, find_party_city
from tiffin.capabilities.liability.service.ledger_terms import terms_by_digest
from tiffin.capabilities.liability.service.ledger_writing import events_where
from tiffin.engines.ledger.counting import Bases, Span
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
    return changes_on(found, account, owner.kind, as_of, Telling(terms, context.locale))


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
