"""The chain of a ledger: each event holds its predecessor's digest and its own, and a head says where it ends.

A digest is the SHA-256 of the predecessor's digest, a line feed, and the JSON of the event's number and all its values,
the entries included. It never changes, or what was written before could not be verified.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from json import JSONEncoder

FIRST_DIGEST = "0" * 64
"""What stands for the predecessor of the first event."""

_WRITTEN = JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Link:
    """An event as it is chained.

    Parameters
    ----------
    number : int
        Its place in the chain, from one without gaps.
    values : sequence
        All that it says, as texts, whole numbers, None and lists of them.
    """

    number: int
    values: Sequence[object]
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


def digest_of(previous: str, number: int, values: Sequence[object]) -> str:
    """Give the digest of an event."""
    return sha256(f"{previous}\n{number}\n{_WRITTEN(values)}".encode()).hexdigest()


class Walk:
    """How far a walk along a chain has come, and what it found."""

    def __init__(self, anchors: Mapping[int, str]) -> None:
        self.count = 0
        self.digest = FIRST_DIGEST
        self._anchors = dict(anchors)

    def over(self, link: Link) -> Iterator[Flaw]:
        """Verify one more event against its own digest, the one before, its place and what was noted of it."""
        self.count += 1
        if link.number != self.count:
            yield Flaw.MISPLACED
        if link.previous != self.digest:
            yield Flaw.UNLINKED
        if digest_of(link.previous, link.number, link.values) != link.digest:
            yield Flaw.EDITED
        if self._anchors.pop(self.count, link.digest) != link.digest:
            yield Flaw.ANCHOR_LOST
        self.digest = link.digest

    def end(self, head: tuple[int, str] | None) -> Iterator[Flaw]:
        """Verify that the chain ends where its head says, and holds all that was noted of it.

        Parameters
        ----------
        head : (int, str) or None
            How many events there are, and the digest of the last; None where there is no head.
        """
        count, digest = head or (0, FIRST_DIGEST)
        if count != self.count:
            yield Flaw.CUT_OFF
        elif digest != self.digest:
            yield Flaw.OTHER_END
        if self._anchors:
            yield Flaw.ANCHOR_LOST
