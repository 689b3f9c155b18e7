"""What the effects of an appeal's transitions do to a penalty: one table, to perform by and to prove by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class PenaltyStanding(StrEnum):
    """Where what a verdict puts on a party stands in the ledger."""

    ACTING = "acting"
    """It counts."""
    STAYED = "stayed"
    """It is kept from counting by an open appeal."""
    REVERSED = "reversed"
    """It was taken back; nothing of the party's is left."""


class Taken(StrEnum):
    """What became of what a penalty took before it was appealed."""

    NOTHING = "nothing"
    TAKEN = "taken"
    GIVEN_BACK = "given_back"


@dataclass(frozen=True, slots=True)
class Followed:
    """An event of an appeal from which something follows.

    Parameters
    ----------
    sequence : int
        Its number among the case's events.
    by : str
        Who acted.
    """

    sequence: int
    action: str
    by: str
    at: datetime
    values: Mapping[str, Any] = field(default_factory=dict)


OPENING = ("acknowledge",)
"""Actions of the platform in the transaction in which an appeal is lodged."""

PENALTY_MOVES: Mapping[str, Mapping[str, str]] = {
    "stay": {
        PenaltyStanding.ACTING: PenaltyStanding.STAYED,
        PenaltyStanding.STAYED: PenaltyStanding.STAYED,
    },
    "lift": {
        PenaltyStanding.STAYED: PenaltyStanding.ACTING,
        PenaltyStanding.ACTING: PenaltyStanding.ACTING,
    },
    # The verdict that stands in the place of the old one is posted, and acts unless a stay follows.
    "vary": {
        PenaltyStanding.STAYED: PenaltyStanding.ACTING,
        PenaltyStanding.ACTING: PenaltyStanding.ACTING,
    },
    "reverse": {
        PenaltyStanding.STAYED: PenaltyStanding.REVERSED,
        PenaltyStanding.ACTING: PenaltyStanding.REVERSED,
    },
}
"""By effect, where a penalty stands after it."""

TAKEN_MOVES: Mapping[str, Mapping[str, str]] = {
    "compensate": {Taken.TAKEN: Taken.GIVEN_BACK, Taken.NOTHING: Taken.NOTHING},
}
"""By effect, what became of what was taken."""

WITHOUT_MONEY = frozenset({"notify", "escalate"})
"""Effects that touch no penalty."""

EFFECTS = frozenset({*PENALTY_MOVES, *TAKEN_MOVES, *WITHOUT_MONEY})
"""Every effect that an appeal's transition may have."""
