"""The way of a definition from a draft to a published version, whatever it defines."""

from collections.abc import Mapping
from enum import StrEnum

from tiffin.kernel.errors import Conflict


class DraftState(StrEnum):
    """How far a draft has come."""

    DRAFT = "draft"
    REVIEW = "review"
    SENT_BACK = "sent_back"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    """What somebody does with a draft."""

    SAVE = "save"
    SUBMIT = "submit"
    SEND_BACK = "send_back"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"


TRANSITIONS: Mapping[tuple[DraftState, Act], DraftState] = {
    (DraftState.DRAFT, Act.SAVE): DraftState.DRAFT,
    (DraftState.DRAFT, Act.SUBMIT): DraftState.REVIEW,
    (DraftState.DRAFT, Act.WITHDRAW): DraftState.WITHDRAWN,
    # A changed text has been read by nobody: it must be submitted again.
    (DraftState.REVIEW, Act.SAVE): DraftState.DRAFT,
    (DraftState.REVIEW, Act.SEND_BACK): DraftState.SENT_BACK,
    (DraftState.REVIEW, Act.PUBLISH): DraftState.PUBLISHED,
    (DraftState.REVIEW, Act.WITHDRAW): DraftState.WITHDRAWN,
    (DraftState.SENT_BACK, Act.SAVE): DraftState.DRAFT,
    (DraftState.SENT_BACK, Act.WITHDRAW): DraftState.WITHDRAWN,
}
"""What may be done in which state, and the state that follows; nothing else may."""

OPEN = (DraftState.DRAFT, DraftState.REVIEW, DraftState.SENT_BACK)


def following(state: DraftState, act: Act) -> DraftState:
    """Give the state after an act.

    Raises
    ------
    Conflict
        It cannot be done in this state.
    """
    found = TRANSITIONS.get((state, act))
    if found is None:
        known = ", ".join(name for at, name in TRANSITIONS if at is state) or "nothing"
        raise Conflict(f"A draft that is {state} cannot take the act {act}; possible now: {known}.")
    return found
