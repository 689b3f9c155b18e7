"""Points come back by good work: what riders delivered in time since takes back what stands longest.

Each good delivery counts once, for the oldest points that are neither expired, stayed nor taken back. It is counted
anew from the facts whenever this runs; only what was not given back yet is. What was given back stays so, also where
facts are corrected later.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from tiffin.capabilities.liability.domain.ledger_posting import POINTS_RESTORED
from tiffin.capabilities.liability.domain.ledger_restoring import Standing, restored_points
from tiffin.capabilities.liability.domain.ledger_terms import PartyTerms
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.models.ledger import LedgerEntry, LedgerEvent
from tiffin.capabilities.liability.queries import ledger as ask
from tiffin.capabilities.liability.service.ledger_accounts import owners_of
from tiffin.capabilities.liability.service.ledger_places import find_ledger_city
from tiffin.capabilities.liability.service.ledger_terms import terms_by_digest
from tiffin.capabilities.liability.service.ledger_writing import Facts, carry_out, events_where
from tiffin.engines.ledger.deciding import to_restore
from tiffin.engines.ledger.entries import POINTS, net_of
from tiffin.engines.ledger.events import Event, Kind, Posting, Subject, follow
from tiffin.kernel.errors import Forbidden
from tiffin.kernel.messages import Message
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context

MAY = (Role.EXPERIENCE_MANAGER, Role.CITY_MANAGER, Role.ADMIN)
_EVENT: Any = LedgerEvent.__table__
_ENTRY: Any = LedgerEntry.__table__


@dataclass(frozen=True, slots=True)
class _Booked:
    """A posting with points against a rider."""

    account: str
    incident_key: str
    entered_at: datetime
    facts: Facts
    posting: Posting


def restore_points(context: Context, city_id: str) -> int:
    """Give riders of a city back what good deliveries since have earned; run again, nothing more happens.

    Returns
    -------
    int
        Points that came back.

    Raises
    ------
    NotFound
        There is no such city that the actor may see.
    Forbidden
        The actor does not answer for riders there.
    """
    city = find_ledger_city(context, city_id)
    grants = (one for one in context.actor.grants if one.role in MAY)
    if not any(one.covers(country=city.country, city_id=city_id) for one in grants):
        raise Forbidden(
            Message("Points are given back by whoever answers for riders: {roles}.", roles=", ".join(sorted(MAY)))
        )
    booked = _booked(context, city_id)
    if not booked:
        return 0
    first = min(one.facts["business_date"] for one in booked)
    good = _good_deliveries(context, city_id, first)
    riders = owners_of(context, {one.account for one in booked})
    given = 0
    for account, postings in _by_account(booked).items():
        owner = riders.get(account)
        if owner is not None:
            given += _restore(context, account, postings, good.get(owner.party_id, {}), city.local_day(context.now))
    return given


def _restore(context: Context, account: str, postings: Sequence[_Booked], good: Mapping[date, int], today: date) -> int:
    terms = terms_by_digest(context, frozenset(one.facts["terms"] for one in postings))
    standings = [_standing(context, one, account, terms[one.facts["terms"]].of(Party.RIDER)) for one in postings]
    given = 0
    for one, points in zip(postings, restored_points(standings, good, today), strict=True):
        given += _give_back(context, one, account, points) if points else 0
    return given


def _standing(context: Context, one: _Booked, account: str, terms: PartyTerms) -> Standing:
    place = (account, POINTS)
    restored = -net_of(one.posting.restored).get(place, 0)
    whole = net_of(one.posting.entries).get(place, 0) + restored
    expires = terms.points.expires_at(one.entered_at)
    is_open = not one.posting.is_stayed and (expires is None or expires > context.now)
    # What was given back keeps the deliveries that earned it; only what was taken back altogether sets them free.
    points = 0 if one.posting.is_reversed else whole if is_open else restored
    return Standing(one.facts["business_date"], points, terms.restored, terms.good_deliveries)


def _give_back(context: Context, one: _Booked, account: str, points: int) -> int:
    before = net_of(one.posting.restored).get((account, POINTS), 0)

    def decide(subject: Subject) -> Any:
        return to_restore(subject, one.posting.name, account, POINTS, points, POINTS_RESTORED)

    return points + before if carry_out(context, one.incident_key, decide, one.facts, {}) else 0


def _booked(context: Context, city_id: str) -> tuple[_Booked, ...]:
    charged = (
        select(_EVENT.c.incident_key)
        .join(_ENTRY, _ENTRY.c.event_id == _EVENT.c.event_id)
        .where(_EVENT.c.city_id == city_id, _ENTRY.c.unit == POINTS, _ENTRY.c.account.startswith("rider:"))
    )
    subjects: dict[str, Subject] = defaultdict(Subject)
    begun: dict[str, tuple[Event, Facts]] = {}
    for event, row in events_where(context, _EVENT.c.incident_key.in_(charged)):
        follow(subjects[event.subject], event)
        if event.kind is Kind.POSTED:
            begun[event.posting] = (event, row)
    found = [one for key, subject in subjects.items() for one in _with_points(key, subject, begun)]
    return tuple(sorted(found, key=lambda one: (one.facts["business_date"], one.facts["event_id"])))


def _with_points(key: str, subject: Subject, begun: Mapping[str, tuple[Event, Facts]]) -> Iterator[_Booked]:
    for posting in subject.postings.values():
        event, row = begun[posting.name]
        for line in event.entries:
            if line.unit == POINTS and line.account.startswith("rider:"):
                yield _Booked(line.account, key, event.at, row, posting)


def _by_account(booked: Sequence[_Booked]) -> Mapping[str, list[_Booked]]:
    found: dict[str, list[_Booked]] = defaultdict(list)
    for one in booked:
        found[one.account].append(one)
    return found


def _good_deliveries(context: Context, city_id: str, first: date) -> Mapping[str, Mapping[date, int]]:
    question = ask.good_deliveries(city_id, first)
    found: dict[str, dict[date, int]] = defaultdict(dict)
    for row in context.warehouse.query_text(question.sql, question.values).to_pylist():
        found[row["rider_id"]][row["business_date"]] = row["delivered"]
    return found
