"""What events of the ledger changed on one party's account, under the terms under which each posting was entered."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tiffin.capabilities.liability.domain.ledger_book import Change
from tiffin.capabilities.liability.domain.ledger_terms import Terms
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.engines.ledger.entries import net_of
from tiffin.engines.ledger.events import Event, Posting, Subject, follow

Told = tuple[Event, Mapping[str, Any]]
"""An event with the columns of its row."""


@dataclass(frozen=True, slots=True)
class Telling:
    """Under which terms things were entered, by their digest, and in which language reasons are told."""

    terms: Mapping[str, Terms]
    locale: str


def changes_on(
    events: Sequence[Told], account: str, kind: Party, as_of: datetime, telling: Telling
) -> tuple[Change, ...]:
    """Give what changed an account until an instant, oldest first.

    Parameters
    ----------
    events : sequence
        All events of every incident that touched the account, each incident's in their order.
    """
    by_incident: dict[str, list[Told]] = defaultdict(list)
    for one in events:
        by_incident[one[0].subject].append(one)
    changes: list[tuple[int, Change]] = []
    for told in by_incident.values():
        changes += _changes_in(told, account, kind, as_of, telling)
    return tuple(change for _, change in sorted(changes, key=lambda one: (one[1].at, one[0])))


def _changes_in(
    events: Sequence[Told], account: str, kind: Party, as_of: datetime, telling: Telling
) -> Iterator[tuple[int, Change]]:
    subject, entered = Subject(), dict[str, datetime]()
    for event, row in events:
        if event.at > as_of:
            return
        before = subject.postings.get(event.posting)
        follow(subject, event)
        after = subject.postings[event.posting]
        since = entered.setdefault(event.posting, event.at)
        amounts = net_of(event.entries)
        for unit in sorted({one.unit for one in after.entries if one.account == account}):
            stayed = _stayed(after, account, unit) - (_stayed(before, account, unit) if before else 0)
            amount = amounts.get((account, unit), 0)
            if amount or stayed:
                terms = telling.terms[row["terms"]].of(kind).of(unit)
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
                        expires_at=terms.expires_at(since),
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
