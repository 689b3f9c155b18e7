"""Whether the audit trail is as it was written: each entry's digest, each link, the head, anchors noted before."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Engine

from tiffin.runtime.audit_chain import FIRST_DIGEST, Anchor, digest_of, head_of
from tiffin.runtime.audit_reading import RawEntry, one_moment, raw_entries

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
    """

    entries: int
    anchor: Anchor
    faults: tuple[Fault, ...]
    fault_count: int

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


class _Walk:
    """How far a walk along the trail has come."""

    def __init__(self, anchors: Sequence[Anchor]) -> None:
        self.count = 0
        self.last: int | None = None
        self.digest: object = FIRST_DIGEST.encode()
        self.faults = _Faults()
        self._anchors = anchors
        self._met = dict.fromkeys((anchor.entries for anchor in anchors), "")
        self._met |= {0: FIRST_DIGEST}

    def over(self, batch: Sequence[RawEntry]) -> None:
        """Verify entries, each against its own digest and the one before."""
        for number, *values, previous, digest in batch:
            if previous != self.digest:
                self._add(FaultKind.UNLINKED, number, expected=self.digest, found=previous)
            try:
                true = digest_of(previous, number, values).encode()
            except TypeError:  # a value of another kind than was ever written
                true = b""
            if true != digest:
                self._add(FaultKind.EDITED, number, expected=digest, found=true)
            self.count += 1
            self.last, self.digest = number, digest
            if self.count in self._met:
                self._met[self.count] = _shown(digest)

    def end(self, head: Anchor | None) -> None:
        """Verify that the trail ends where its head and the anchors say."""
        if head is None:
            if self.count:
                self._add(FaultKind.HEADLESS, None)
        elif head.entries != self.count:
            kind = FaultKind.CUT_OFF if head.entries > self.count else FaultKind.ADDED
            self._add(kind, None, expected=head.entries, found=self.count)
        elif head.digest != _shown(self.digest):
            self._add(FaultKind.OTHER_END, self.last, expected=head.digest, found=self.digest)
        for anchor in self._anchors:
            found = self._met[anchor.entries]
            if found != anchor.digest:
                self._add(FaultKind.ANCHOR_LOST, None, expected=anchor.text, found=found or self.count)

    def _add(self, kind: FaultKind, number: int | None, *, expected: object = "", found: object = "") -> None:
        self.faults.add(Fault(kind, number, self.last, _shown(expected), _shown(found)))


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
    with one_moment(engine) as connection:
        head = head_of(connection.execute)
        for batch in raw_entries(connection):
            walk.over(batch)
            on_progress(len(batch))
    walk.end(head)
    end = Anchor(walk.count, _shown(walk.digest))
    return TrailCheck(walk.count, end, tuple(walk.faults.told), walk.faults.count)


def _shown(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
