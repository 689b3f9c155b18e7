"""What is wrong with the audit trail, in words."""

from tiffin.kernel.messages import Message
from tiffin.runtime.audit_checking import Fault, FaultKind


def fault_told(fault: Fault) -> Message:
    """Say what is wrong and where."""
    if fault.kind is FaultKind.EDITED:
        return Message("Entry {entry} was edited: its content does not give its digest.", entry=fault.entry_id)
    if fault.kind is FaultKind.UNLINKED:
        return _unlinked(fault)
    if fault.kind in _OF_TEXTS:
        return _of_texts(fault)
    if fault.kind is FaultKind.OTHER_END:
        return Message("Entry {entry}, the last one, is not the one that was written last.", entry=fault.entry_id)
    return _ended(fault)


_OF_TEXTS = (FaultKind.REMOVED, FaultKind.RENAMED, FaultKind.CARRIED)


def _of_texts(fault: Fault) -> Message:
    """Say what is wrong with names and with texts that are gone."""
    if fault.kind is FaultKind.REMOVED:
        return Message(
            "A text of entry {entry} is gone, and no later entry says that it was removed on request.",
            entry=fault.entry_id,
        )
    if fault.kind is FaultKind.RENAMED:
        return Message(
            "Who acted in entry {entry} is told under another name than was given to that code.", entry=fault.entry_id
        )
    return Message(
        "When the trail was carried over into entry {entry}, it was not as it had been written: {count} faults.",
        entry=fault.entry_id,
        count=int(fault.found),
    )


def _unlinked(fault: Fault) -> Message:
    if fault.after is None:
        return Message(
            "Entry {entry} is not the first that was written: one before it was removed, or it was written anew.",
            entry=fault.entry_id,
        )
    return Message(
        "Entry {entry} does not follow entry {after}: an entry between them was removed, put elsewhere or added, or "
        "entry {after} was written anew.",
        entry=fault.entry_id,
        after=fault.after,
    )


def _ended(fault: Fault) -> Message:
    """Say what is wrong with the end of the trail."""
    after = fault.after or 0
    if fault.kind is FaultKind.HEADLESS:
        return Message(
            "The head, which says where the trail ends, was removed. The last entry is {after}.", after=after
        )
    if fault.kind is FaultKind.CUT_OFF:
        return Message(
            "The trail was cut off after entry {after}: {expected} entries were written, and there are {found}.",
            after=after,
            expected=fault.expected,
            found=fault.found,
        )
    if fault.kind is FaultKind.ADDED:
        return Message(
            "Entries were added past Tiffin, up to entry {after}: {expected} were written, and there are {found}.",
            after=after,
            expected=fault.expected,
            found=fault.found,
        )
    return Message(
        "The trail no longer holds what was noted as {expected}; found {found}.",
        expected=fault.expected,
        found=fault.found,
    )
