"""What happens in a ledger, and where a subject stands after it.

A subject is what may be booked once: an incident of an order. Its events are numbered from one; of two that were
written upon the same sight of it, one has to look again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tiffin.engines.ledger.entries import Entry


class Kind(StrEnum):
    """What an event does."""

    POSTED = "posted"
    STAYED = "stayed"
    STAY_LIFTED = "stay_lifted"
    REVERSED = "reversed"
    RESTORED = "restored"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; it never changes.

    Parameters
    ----------
    sequence : int
        Place among the events of its subject, from one without gaps.
    posting : str
        The posting that it makes or is about.
    decision : str
        Of a posting, what it rests on: the same decision is booked once.
    follows : str
        Of a posting, the one in whose place it comes; empty for the first.
    entries : tuple of Entry
        They add up to nought in every unit.
    """

    subject: str
    sequence: int
    kind: Kind
    posting: str
    at: datetime
    entries: tuple[Entry, ...]
    decision: str = ""
    follows: str = ""


@dataclass(frozen=True, slots=True)
class Posting:
    """How a posting stands.

    Parameters
    ----------
    entries : tuple of Entry
        Of all its events so far.
    stayed : tuple of Entry
        Of its stays that are not lifted; empty where nothing is stayed.
    restored : tuple of Entry
        What was given back of it.
    """

    name: str
    decision: str
    follows: str
    entries: tuple[Entry, ...]
    is_stayed: bool = False
    is_reversed: bool = False
    stayed: tuple[Entry, ...] = ()
    restored: tuple[Entry, ...] = ()


@dataclass(slots=True)
class Subject:
    """Where a subject stands: its postings by name, oldest first, and the number of its last event."""

    version: int = 0
    postings: dict[str, Posting] = field(default_factory=dict)

    @property
    def latest(self) -> Posting | None:
        """The posting that came last, in force or not; None before the first."""
        return next(reversed(self.postings.values()), None)


def subject_of(events: Iterable[Event]) -> Subject:
    """Fold the events of one subject.

    Raises
    ------
    ValueError
        One cannot follow on those before it.
    """
    subject = Subject()
    for event in events:
        follow(subject, event)
    return subject


def follow(subject: Subject, event: Event) -> None:
    """Bring a subject to where it stands after one more event.

    Raises
    ------
    ValueError
        It cannot follow.
    """
    known = subject.postings.get(event.posting)
    if event.sequence != subject.version + 1 or (known is None) is not (event.kind is Kind.POSTED):
        message = f"event {event.sequence}, {event.kind} {event.posting}, cannot follow on event {subject.version}"
        raise ValueError(message)
    subject.version = event.sequence
    subject.postings[event.posting] = _begun(event) if known is None else _after(known, event)


def _begun(event: Event) -> Posting:
    return Posting(event.posting, event.decision, event.follows, event.entries)


def _after(known: Posting, event: Event) -> Posting:
    kind = event.kind
    is_over = kind in (Kind.STAY_LIFTED, Kind.REVERSED)
    return Posting(
        known.name,
        known.decision,
        known.follows,
        (*known.entries, *event.entries),
        is_stayed=kind is Kind.STAYED or (known.is_stayed and not is_over),
        is_reversed=known.is_reversed or kind is Kind.REVERSED,
        stayed=event.entries if kind is Kind.STAYED else () if is_over else known.stayed,
        restored=(*known.restored, *event.entries) if kind is Kind.RESTORED else known.restored,
    )
