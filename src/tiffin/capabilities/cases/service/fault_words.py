"""What is wrong with the log of cases, in words."""

from collections.abc import Iterator

from tiffin.capabilities.cases.service.log_checking import CaseFault, LogCheck
from tiffin.engines.cases.chain import Damage
from tiffin.runtime.i18n import mark, translate

_WORDS = {
    Damage.CHANGED: mark("Case {case}, event {event}: it was changed."),
    Damage.UNLINKED: mark("Case {case}, event {event}: it does not follow on the event before it."),
    Damage.MISSING: mark("Case {case}: event {event} is missing or stands elsewhere."),
    Damage.UNREADABLE: mark("Case {case}: its events cannot have followed on each other."),
    Damage.UNTOLD: mark("Case {case}, event {event}: the audit trail knows nothing of it. It was put in."),
    Damage.OTHER_THAN_TOLD: mark("Case {case}, event {event}: the audit trail tells of another one. It was exchanged."),
    Damage.TAIL_REMOVED: mark("Case {case}: the events after event {event} were removed."),
    Damage.CASE_REMOVED: mark("Case {case}: it was removed with its events."),
    Damage.RENAMED: mark("Case {case}, event {event}: somebody else's name stands for the one who acted."),
    Damage.REMOVED_UNTOLD: mark("Case {case}, event {event}: a text is gone, and nobody says that he removed it."),
    Damage.PROJECTION: mark(
        "Case {case}: {column} is not what follows from its events. `tiffin cases rebuild` writes it anew."
    ),
}
_FORMER = mark("The events from before they were chained are not those of which the audit trail tells.")


def fault_lines(check: LogCheck, locale: str) -> Iterator[str]:
    """Say what verifying the log found, one line for each fault."""
    told = mark("Verified: cases {cases}, events {events}. Faults: {faults}. Texts removed on request: {removed}.")
    counts = {"cases": check.cases, "events": check.events, "faults": len(check.faults), "removed": check.removed}
    yield translate(locale, told, **counts)
    for one in check.faults:
        yield _line(one, locale)


def _line(one: CaseFault, locale: str) -> str:
    if one.case_id is None:
        return translate(locale, _FORMER)
    fault = one.fault
    return translate(locale, _WORDS[fault.kind], case=one.case_id, event=fault.sequence or "-", column=fault.expected)
