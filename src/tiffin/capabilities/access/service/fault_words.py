"""What is wrong with the audit trail, in words."""

from collections.abc import Mapping

from tiffin.kernel.messages import Message
from tiffin.runtime.audit_checking import Fault, FaultKind
from tiffin.runtime.i18n import mark

_TOLD: Mapping[FaultKind, str] = {
    FaultKind.EDITED: mark("Entry {entry} was edited: its content does not give its digest."),
    FaultKind.UNLINKED: mark(
        "Entry {entry} does not follow entry {after}: an entry between them was removed, put elsewhere or added, or "
        "entry {after} was written anew."
    ),
    FaultKind.CUT_OFF: mark(
        "The trail was cut off after entry {after}: {expected} entries were written, and there are {found}."
    ),
    FaultKind.ADDED: mark(
        "Entries were added past Tiffin, up to entry {after}: {expected} were written, and there are {found}."
    ),
    FaultKind.HEADLESS: mark("The head, which says where the trail ends, was removed. The last entry is {after}."),
    FaultKind.OTHER_END: mark("Entry {entry}, the last one, is not the one that was written last."),
    FaultKind.ANCHOR_LOST: mark("The trail no longer holds what was noted as {expected}; found {found}."),
}
_FIRST = mark("Entry {entry} is not the first that was written: one before it was removed, or it was written anew.")


def fault_told(fault: Fault) -> Message:
    """Say what is wrong and where."""
    is_first = fault.kind is FaultKind.UNLINKED and fault.after is None
    text = _FIRST if is_first else _TOLD[fault.kind]
    after = 0 if fault.after is None else fault.after
    return Message(text, entry=fault.entry_id, after=after, expected=fault.expected, found=fault.found)
