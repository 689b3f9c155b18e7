"""Whether the ledger of published numbers is as it was written, and what was removed from it on request."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select

from tiffin.capabilities.metrics.domain.published import FIRST_HASH, chained, read_body, whole_of
from tiffin.capabilities.metrics.models import PublishedNumber
from tiffin.capabilities.metrics.service.ledger import PUBLISHED
from tiffin.runtime.audit_former import CARRIED_OVER
from tiffin.runtime.audit_marks import REMOVAL, mark_of
from tiffin.runtime.context import Context
from tiffin.runtime.models import AuditEntry
from tiffin.runtime.pieces import pieces_of, read_remainder, remaining_root, sealed_root

Told = Mapping[tuple[str, int], str]


@dataclass(frozen=True, slots=True)
class LedgerCheck:
    """Whether the ledger is as it was written.

    Parameters
    ----------
    head : str
        Hash of the last entry: whoever notes it elsewhere can tell later that nothing before it was changed.
    broken : tuple of str
        What is wrong, entry by entry; empty where all is well.
    removed : int
        Texts that were removed on request, which is no fault.
    """

    entries: int
    head: str
    broken: tuple[str, ...]
    removed: int = 0

    @property
    def is_sound(self) -> bool:
        """Tell whether nothing was changed, left out or added."""
        return not self.broken


def verify_ledger(context: Context) -> LedgerCheck:
    """Check the whole chain: every entry against its hash, its place and the audit trail."""
    broken: list[str] = []
    previous, position, removed = FIRST_HASH, 0, 0
    told, references, hashes = _told(context), set(), {}
    for row in context.session.scalars(select(PublishedNumber).order_by(PublishedNumber.position)):
        broken += [f"{row.reference}: {what}" for what in _faults(row, previous, position + 1, told)]
        previous, position = row.entry_hash, row.position
        removed += len(read_remainder(row.remainder).gone) if row.remainder else 0
        references.add((row.reference, row.entry_hash))
        hashes[row.position] = row.entry_hash
    broken += _missing(context, references, hashes)
    return LedgerCheck(len(references), previous, tuple(broken), removed)


def check_as_plain(check: LedgerCheck) -> dict[str, Any]:
    """Write the outcome of a check for JSON."""
    return {**asdict(check), "is_sound": check.is_sound}


def _told(context: Context) -> Told:
    """Give the mark of each text that the trail says was removed from the ledger."""
    said = context.session.scalars(select(AuditEntry.details).where(AuditEntry.action == REMOVAL))
    return {
        (reference, number): mark_of(details["request"])
        for details in said
        for reference, *numbers in details.get("ledger", ())
        for number in numbers
    }


def _missing(context: Context, references: set[tuple[str, str]], hashes: Mapping[int, str]) -> list[str]:
    """Hold the ledger against what the trail says was published, and against what it was when it was carried over."""
    carried, broken = 0, []
    known = {reference for reference, _ in references}
    for entry in context.session.scalars(select(AuditEntry).where(AuditEntry.action == CARRIED_OVER)):
        carried = entry.entry_id
        if "ledger" in entry.details and hashes.get(entry.details["ledger"]) != entry.details["ledger_head"]:
            broken.append("it is not what the audit trail says it was when it was carried over")
        if entry.details.get("ledger_faults"):
            broken.append("it was not as it had been written when it was carried over")
    for entry in context.session.scalars(select(AuditEntry).where(AuditEntry.action == PUBLISHED)):
        # What was published before the ledger was carried over had another hash then.
        found = (entry.subject, entry.details.get("entry_hash"))
        is_known = entry.subject in known if entry.entry_id < carried else found in references
        if not is_known:
            broken.append(f"{entry.subject}: the audit trail knows it, and the ledger holds no such entry")
    return broken


def _faults(row: PublishedNumber, previous: str, position: int, told: Told) -> list[str]:
    faults = []
    if row.position != position:
        faults.append("an entry before it is missing")
    if row.previous_hash != previous:
        faults.append("it is not chained to the entry before it")
    if not _is_as_written(row, told):
        faults.append("its content is not what was written")
    said = read_body(row.body)
    shown = {"reference": row.reference, "title": row.title, "published_by": row.published_by}
    if any(said.get(name) != value for name, value in shown.items()):
        faults.append("its heading is not what its content says")
    return faults


def _is_as_written(row: PublishedNumber, told: Told) -> bool:
    """Tell whether the content, or what is left of it, is what was written, and the trail says what was removed."""
    pieces = list(pieces_of(read_body(row.body)))
    if row.remainder is None:
        # The second digest tells nothing new: whoever wrote it had the first one's text.
        return chained(row.previous_hash, whole_of(row.salt or "", row.body), row.pieces) == row.entry_hash
    try:
        kept = read_remainder(row.remainder)
        root = remaining_root(kept, pieces)
    except ValueError:
        return False
    is_told = all(told.get((row.reference, number)) == pieces[number][1] for number in kept.gone)
    is_chained = chained(row.previous_hash, kept.whole, row.pieces) == row.entry_hash
    return row.salt is None and root == row.pieces and is_told and is_chained


def is_openable(row: PublishedNumber) -> bool:
    """Tell whether both digests of an entry are of its text, so that a text can be removed from it."""
    pieces = list(pieces_of(read_body(row.body)))
    if row.remainder is None:
        return row.salt is not None and sealed_root(row.salt, pieces) == row.pieces
    return remaining_root(read_remainder(row.remainder), pieces) == row.pieces
