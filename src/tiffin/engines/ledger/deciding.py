"""What an order to the ledger adds to a subject as it stands: new events, or nothing where it stands so already."""

from collections.abc import Iterable
from dataclasses import dataclass

from tiffin.engines.ledger.entries import SUSPENSE, Entry, entries_of, imbalance_of, is_house, net_of, opposite_of
from tiffin.engines.ledger.events import Kind, Posting, Subject


class Refused(ValueError):
    """An order cannot be carried out as the subject stands."""


class Unposted(Refused):
    """There is no such posting."""


class Unforeseen(Refused):
    """Another decision stands in the way."""


@dataclass(frozen=True, slots=True)
class Step:
    """One event to come, without its number and instant."""

    kind: Kind
    posting: str
    entries: tuple[Entry, ...]
    decision: str = ""
    follows: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A posting that somebody asks for.

    Parameters
    ----------
    decision : str
        What it rests on; the same decision in the place of the same posting is booked once.
    rank : int
        Number of the decision on its subject: a lower one comes too late once a higher one is posted.
    is_superseding : bool
        It is meant to take the place of the posting before it.
    """

    posting: str
    decision: str
    entries: tuple[Entry, ...]
    rank: int
    is_superseding: bool = False


def to_post(subject: Subject, wanted: Wanted, latest_rank: int) -> tuple[Step, ...]:
    """Book a posting; what it supersedes is reversed first.

    Parameters
    ----------
    latest_rank : int
        Rank of the posting that came last; nought before the first.

    Raises
    ------
    Unforeseen
        Another decision is posted that it does not supersede, or a later one.
    ValueError
        Its entries do not add up to nought.
    """
    if imbalance_of(wanted.entries):
        message = f"entries that add up to nought were expected; found {imbalance_of(wanted.entries)} too much"
        raise ValueError(message)
    latest = subject.latest
    if wanted.posting in subject.postings:
        return ()
    if latest is None:
        return (Step(Kind.POSTED, wanted.posting, wanted.entries, wanted.decision),)
    if not wanted.is_superseding:
        if latest.decision == wanted.decision:
            return ()
        raise Unforeseen(latest.name)
    if latest_rank > wanted.rank:
        raise Unforeseen(latest.name)
    begun = Step(Kind.POSTED, wanted.posting, wanted.entries, wanted.decision, latest.name)
    return (*to_reverse(subject, latest.name), begun)


def to_stay(subject: Subject, posting: str) -> tuple[Step, ...]:
    """Let what is against a party count against nobody for the time being; what is in his favour stays his.

    Raises
    ------
    Unposted
        There is no such posting.
    Unforeseen
        It was reversed.
    """
    known = _known(subject, posting)
    if known.is_reversed:
        raise Unforeseen(posting)
    return () if known.is_stayed else (Step(Kind.STAYED, posting, _suspending(known.entries)),)


def to_lift(subject: Subject, posting: str) -> tuple[Step, ...]:
    """Let what is stayed count again.

    Raises
    ------
    Unposted
        There is no such posting.
    """
    known = _known(subject, posting)
    return (Step(Kind.STAY_LIFTED, posting, opposite_of(known.stayed)),) if known.is_stayed else ()


def to_reverse(subject: Subject, posting: str) -> tuple[Step, ...]:
    """Take back all that a posting and what followed on it did to any account.

    Raises
    ------
    Unposted
        There is no such posting.
    """
    known = _known(subject, posting)
    return () if known.is_reversed else (Step(Kind.REVERSED, posting, opposite_of(known.entries)),)


def to_restore(
    subject: Subject, posting: str, account: str, unit: str, given: int, from_house: str
) -> tuple[Step, ...]:
    """Give back so much of a posting in all, as far as it still stands against an account and is not given back yet.

    Parameters
    ----------
    given : int
        How much is given back in all, with what was before.

    Raises
    ------
    Unposted
        There is no such posting.
    """
    known = _known(subject, posting)
    if known.is_reversed or known.is_stayed:
        return ()
    before = -net_of(known.restored).get((account, unit), 0)
    amount = min(given - before, net_of(known.entries).get((account, unit), 0))
    if amount <= 0:
        return ()
    return (Step(Kind.RESTORED, posting, entries_of({(account, unit): -amount, (from_house, unit): amount})),)


def _known(subject: Subject, posting: str) -> Posting:
    if posting not in subject.postings:
        raise Unposted(posting)
    return subject.postings[posting]


def _suspending(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    against = {place: amount for place, amount in net_of(entries).items() if amount > 0 and not is_house(place[0])}
    moved = {place: -amount for place, amount in against.items()}
    for (_, unit), amount in against.items():
        moved[SUSPENSE, unit] = moved.get((SUSPENSE, unit), 0) + amount
    return entries_of(moved)
