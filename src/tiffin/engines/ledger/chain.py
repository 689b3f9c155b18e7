"""The chain of a ledger: each event holds its predecessor's digest and its own, and a head says where it ends.

A digest is the SHA-256 of the predecessor's digest, a line feed, the event's number, a line feed, and all its values as
texts, one sign between each two that stands in none of them. It never changes, or what was written before could not be
verified. It is so plain that a database can put the text together by itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

FIRST_DIGEST = "0" * 64
"""What stands for the predecessor of the first event."""

SEPARATOR = "\x1f"
"""Between two values (ASCII's unit separator)."""

ABSENT = "\x1e"
"""In the place of a value that is not there."""

LINE_PARTS, LINE_SEPARATOR = 5, "|"
"""What an entry is written with: number, account, unit, amount and what no two have alike."""


@dataclass(frozen=True, slots=True)
class Link:
    """An event as it is chained.

    Parameters
    ----------
    number : int
        Its place in the chain, from one without gaps.
    text : str
        All that it says, as `joined` gives it.
    values : int
        Of how many values the text is.
    """

    number: int
    text: str
    values: int
    previous: str
    digest: str


class Flaw(StrEnum):
    """What is wrong at a place of a chain."""

    EDITED = "edited"
    UNLINKED = "unlinked"
    MISPLACED = "misplaced"
    CUT_OFF = "cut_off"
    OTHER_END = "other_end"
    ANCHOR_LOST = "anchor_lost"


def joined(values: Iterable[str | None]) -> str:
    """Write values as one text.

    Raises
    ------
    ValueError
        One of them holds a sign that keeps them apart.
    """
    told = [ABSENT if one is None else one for one in values]
    if any(SEPARATOR in one or (ABSENT in one and one != ABSENT) for one in told):
        message = f"values without control characters were expected; found {told!r}"
        raise ValueError(message)
    return SEPARATOR.join(told)


def digest_of(previous: str, number: int, text: str) -> str:
    """Give the digest of an event."""
    return sha256(f"{previous}\n{number}\n{text}".encode()).hexdigest()


class Walk:
    """How far a walk along a chain has come.

    Parameters
    ----------
    anchors : mapping of int to str
        What was noted elsewhere: the digest of the last event by how many there were.
    """

    def __init__(self, anchors: Mapping[int, str]) -> None:
        self.count = 0
        self.digest = FIRST_DIGEST
        self._anchors = dict(anchors)

    def over(self, link: Link) -> tuple[Flaw, ...]:
        """Verify one more event against its own digest, the one before, its place and what was noted of it."""
        self.count += 1
        before, self.digest = self.digest, link.digest
        noted = self._anchors.pop(self.count, link.digest)
        is_own = (
            digest_of(link.previous, link.number, link.text) == link.digest
            and link.text.count(SEPARATOR) == link.values - 1
        )
        if is_own and link.number == self.count and link.previous == before and noted == link.digest:
            return ()
        flaws = (
            (Flaw.MISPLACED, link.number == self.count),
            (Flaw.UNLINKED, link.previous == before),
            (Flaw.EDITED, is_own),
            (Flaw.ANCHOR_LOST, noted == link.digest),
        )
        return tuple(flaw for flaw, is_sound in flaws if not is_sound)

    def end(self, head: tuple[int, str] | None) -> tuple[Flaw, ...]:
        """Verify that the chain ends where its head says, and holds all that was noted of it.

        Parameters
        ----------
        head : (int, str) or None
            How many events there are, and the digest of the last; None where there is no head.
        """
        count, digest = head or (0, FIRST_DIGEST)
        flaws = (
            (Flaw.CUT_OFF, count == self.count),
            (Flaw.OTHER_END, count != self.count or digest == self.digest),
            (Flaw.ANCHOR_LOST, not self._anchors),
        )
        return tuple(flaw for flaw, is_sound in flaws if not is_sound)
