"""Whether the audit trail is as it was written: each entry's digest, each link, the head, anchors noted before.

A text that was removed is told as that where a later entry of the trail says that it was, and by which request; else as
tampering. Nothing but the mark of the request may stand in its place, so that an edit does not pass for a removal.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import Engine

from tiffin.runtime.actor_codes import actors_of, code_under
from tiffin.runtime.audit_chain import FIRST_DIGEST, Anchor, digest_of, entry_pieces, head_of, whole_of
from tiffin.runtime.audit_former import CARRIED_OVER, former_anchors
from tiffin.runtime.audit_marks import REMOVAL, is_mark, mark_of
from tiffin.runtime.audit_reading import RawEntry, one_moment, raw_entries
from tiffin.runtime.pieces import read_remainder, remaining_root

FAULTS_TOLD = 100
"""How many faults are told one by one; a trail that was rewritten has as many as entries."""


class FaultKind(StrEnum):
    """What is wrong at a place of the trail."""

    EDITED = "edited"
    UNLINKED = "unlinked"
    CUT_OFF = "cut_off"
    ADDED = "added"
    HEADLESS = "headless"
    OTHER_END = "other_end"
    ANCHOR_LOST = "anchor_lost"
    REMOVED = "removed"
    RENAMED = "renamed"
    CARRIED = "carried"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong.

    Parameters
    ----------
    entry_id : int or None
        The entry at which it shows; None where there is none: the trail is empty, or was cut off before it.
    after : int or None
        The entry before it, as the trail now is.
    expected, found : str
        Digests or counts that differ; empty where the kind says it all.
    """

    kind: FaultKind
    entry_id: int | None
    after: int | None
    expected: str = ""
    found: str = ""


@dataclass(frozen=True, slots=True)
class TrailCheck:
    """What verifying the trail found.

    Parameters
    ----------
    entries : int
        How many there are.
    anchor : Anchor
        Where the trail ends, to be noted elsewhere.
    faults : tuple of Fault
        The first of them, in order; empty where all is well.
    fault_count : int
        How many there are.
    removed : int
        Texts that were removed from entries on request, which is no fault.
    removals : mapping of int to int
        How many of them by the number of the request.
    untold : tuple of Anchor
        Anchors noted before the trail was carried over, of which nobody can tell any more: a text before them is gone.
    """

    entries: int
    anchor: Anchor
    faults: tuple[Fault, ...]
    fault_count: int
    removed: int = 0
    removals: Mapping[int, int] = field(default_factory=dict)
    untold: tuple[Anchor, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Tell whether nothing was changed, removed, added or put elsewhere."""
        return not self.fault_count


class _Faults:
    """The faults found so far, of which the first are told one by one."""

    def __init__(self) -> None:
        self.told: list[Fault] = []
        self.count = 0

    def add(self, fault: Fault) -> None:
        self.count += 1
        if len(self.told) < FAULTS_TOLD:
            self.told.append(fault)


@dataclass(slots=True)
class _Gone:
    """Texts that are gone from entries, and what the trail says of it."""

    actors: dict[str, tuple[int, int]] = field(default_factory=dict)
    shown: dict[tuple[int, int], object] = field(default_factory=dict)
    told: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)

    def remember(self, number: int, details: bytes) -> None:
        """Take what one entry of the trail says that was removed."""
        said = json.loads(details)
        self.actors |= dict.fromkeys(said.get("actors", ()), (number, int(said["request"])))
        for entry, *pieces in said["texts"]:
            self.told |= {(entry, piece): (number, int(said["request"])) for piece in pieces}

    def whole_of(self, number: int, subject: bytes, details: bytes, pieces: bytes, written: bytes) -> bytes:
        """Give the digest of what an entry once held, if all that is left of it is as it was.

        Raises
        ------
        ValueError
            It is not.
        """
        kept = read_remainder(written)
        found = entry_pieces(subject.decode(), json.loads(details))
        if remaining_root(kept, found).encode() != pieces:
            raise ValueError
        self.shown |= {(number, piece): found[piece][1] for piece in kept.gone}
        return kept.whole.encode()

    def untold(self) -> list[int]:
        """Give the entries of which something is gone without a later entry that says so, or under another mark."""
        return sorted({number for number, piece in self.shown if not self._is_told(number, piece)})

    def requests(self) -> "Counter[int]":
        """Count what was removed by request."""
        return Counter(self.told[place][1] for place in self.shown if place in self.told)

    def _is_told(self, number: int, piece: int) -> bool:
        by, request = self.told.get((number, piece), (0, 0))
        return by > number and self.shown[number, piece] == mark_of(request)


class _Walk:
    """How far a walk along the trail has come."""

    def __init__(self, anchors: Sequence[Anchor]) -> None:
        self.count = 0
        self.last: int | None = None
        self.digest: object = FIRST_DIGEST.encode()
        self.faults = _Faults()
        self.gone = _Gone()
        self.acted: dict[bytes, int] = {}
        self.carried = 0
        self.lost: list[tuple[Anchor, object]] = []
        self._anchors = anchors
        self._met = dict.fromkeys((anchor.entries for anchor in anchors), "")
        self._met |= {0: FIRST_DIGEST}

    def over(self, batch: Sequence[RawEntry]) -> None:
        """Verify entries, each against its own digest and the one before."""
        for row in batch:
            number, previous, digest = row[0], row[-2], row[-1]
            if previous != self.digest:
                self._add(FaultKind.UNLINKED, number, expected=self.digest, found=previous)
            try:
                true = self._true_digest(row)
            except (TypeError, ValueError, AttributeError, KeyError):  # other values than were ever written
                true = b""
            if true != digest:
                self._add(FaultKind.EDITED, number, expected=digest, found=true)
            else:
                self.acted.setdefault(row[2], number)
            self.count += 1
            self.last, self.digest = number, digest
            if self.count in self._met:
                self._met[self.count] = _shown(digest)

    def end(self, head: Anchor | None) -> None:
        """Verify that the trail ends where its head says, and that it says of whatever is gone who removed it."""
        if head is None:
            if self.count:
                self._add(FaultKind.HEADLESS, None)
        elif head.entries != self.count:
            kind = FaultKind.CUT_OFF if head.entries > self.count else FaultKind.ADDED
            self._add(kind, None, expected=head.entries, found=self.count)
        elif head.digest != _shown(self.digest):
            self._add(FaultKind.OTHER_END, self.last, expected=head.digest, found=self.digest)
        for number in self.gone.untold():
            self._add(FaultKind.REMOVED, number)
        found = ((anchor, self._met[anchor.entries]) for anchor in self._anchors)
        self.lost = [(anchor, met or self.count) for anchor, met in found if met != anchor.digest]

    def name(self, known: Mapping[str, tuple[str, str | None]]) -> None:
        """Verify that each code of an actor stands for the name that it was made for, or for an erased one.

        Parameters
        ----------
        known : mapping of str to (str, str or None)
            Name and salt by code.
        """
        for code, number in self.acted.items():
            told = _shown(code)
            name, salt = known.get(told, ("", None))
            by, request = self.gone.actors.get(told, (0, 0))
            is_erased = by and salt is None and is_mark(name, request)
            if not (is_erased or (salt is not None and code_under(salt, name) == told)):
                self._add(FaultKind.RENAMED, number, found=name)

    def lose(self, anchor: Anchor, found: object) -> None:
        """Tell that the trail does not hold what somebody noted."""
        self._add(FaultKind.ANCHOR_LOST, None, expected=anchor.text, found=found)

    def _true_digest(self, row: RawEntry) -> bytes:
        number, at, actor, action, subject, outcome, details, salt, pieces, remainder, previous, _ = row
        if remainder is None:
            whole = whole_of(salt, subject, details)
        elif salt is None:
            whole = self.gone.whole_of(number, subject, details, pieces, remainder)
        else:
            return b""
        if action in _TELLING:
            self._heed(number, action, details)
        return digest_of(previous, number, (at, actor, action, outcome, whole, pieces)).encode()

    def _heed(self, number: int, action: bytes, details: bytes) -> None:
        """Take in what an entry says about others."""
        if action == REMOVAL.encode():
            self.gone.remember(number, details)
            return
        said = json.loads(details)
        self.carried = max(self.carried, int(said["entries"]))
        if said["faults"]:
            self._add(FaultKind.CARRIED, number, found=said["faults"])

    def _add(self, kind: FaultKind, number: int | None, *, expected: object = "", found: object = "") -> None:
        self.faults.add(Fault(kind, number, self.last, _shown(expected), _shown(found)))


_TELLING = (REMOVAL.encode(), CARRIED_OVER.encode())


def check_trail(
    engine: Engine, *, anchors: Sequence[Anchor] = (), on_progress: Callable[[int], None] = lambda _: None
) -> TrailCheck:
    """Verify the whole trail as it stands at this moment, in flat memory.

    Parameters
    ----------
    anchors : sequence of Anchor
        Where it ended earlier, as somebody noted it.
    on_progress : callable
        Told how many entries were verified since it was last told.

    Raises
    ------
    Unavailable
        The database does not answer.
    """
    walk = _Walk(anchors)
    untold: list[Anchor] = []
    with one_moment(engine) as connection:
        head = head_of(connection.execute)
        for batch in raw_entries(connection):
            walk.over(batch)
            on_progress(len(batch))
        walk.end(head)
        walk.name(actors_of(connection.execute))
        former = former_anchors(connection, [one for one, _ in walk.lost if 0 < one.entries <= walk.carried])
        for anchor, found in walk.lost:
            if former.get(anchor, anchor) is None:
                untold.append(anchor)
            elif former.get(anchor) != anchor.digest:
                walk.lose(anchor, found)
    end, requests = Anchor(walk.count, _shown(walk.digest)), walk.gone.requests()
    faults = walk.faults
    return TrailCheck(walk.count, end, tuple(faults.told), faults.count, requests.total(), requests, tuple(untold))


def _shown(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
