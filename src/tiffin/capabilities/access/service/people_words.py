"""What kinds of people, states of requests and steps are called."""

from collections.abc import Mapping

from tiffin.capabilities.access.domain.erasing import State, Step
from tiffin.runtime.i18n import mark

KINDS: Mapping[str, str] = {
    "customer": mark("customer"),
    "rider": mark("rider"),
    "employee": mark("employee"),
    "respondent": mark("survey respondent"),
    "account": mark("account of this platform"),
}

STATES: Mapping[State, str] = {
    State.ASKED: mark("waits for a second person"),
    State.APPROVED: mark("being carried out"),
    State.REFUSED: mark("refused"),
    State.WITHDRAWN: mark("withdrawn"),
    State.ERASED: mark("erased"),
}

STEPS: Mapping[str, str] = {
    Step.COUNTED.value: mark("Counted what there was"),
    Step.DATABASE.value: mark("Taken out of the operational tables"),
    Step.FACTS.value: mark("Forgotten in the facts: pseudonym and key deleted"),
    Step.FILES.value: mark("Taken out of the files that the platform wrote"),
    Step.SCRUBBED.value: mark("Remains removed from the database's own files"),
    "scanned": mark("Looked through every file and table"),
}
"""What was done, in the order in which it is."""


def kind_word(kind: str) -> str:
    """Say what a kind of person is called."""
    return KINDS.get(kind, kind)
