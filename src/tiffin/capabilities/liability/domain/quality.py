"""Second looks at verdicts: which are drawn, what a blind judge is shown, and what became of a look."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from tiffin.capabilities.liability.domain.incident import IncidentType
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.domain.verdict import DecidedBy

SECOND, THIRD = 2, 3
"""The number of a judgement: the verdict itself is the first."""

_BYTES = 8


@dataclass(frozen=True, slots=True)
class DrawnShare:
    """Of the verdicts that a line fits, the share that is judged again; None fits any."""

    share: float
    incident: IncidentType | None = None
    decided_by: DecidedBy | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityPlan:
    """How judgement is watched, as it holds from a day on; the names are explained where they are stated."""

    since: date
    shares: tuple[DrawnShare, ...]
    unsure_below: float
    unsure_times: float
    gold_share: float
    days: int
    level: float
    alpha_relied_on: float
    alpha_tentative: float
    bins: int
    least_group: int
    called_below: float

    def share_of(self, incident: IncidentType, decided_by: DecidedBy, confidence: float) -> float:
        """Give the share of such verdicts that is judged again.

        Examples
        --------
        A plan that draws a tenth, and three times as many where the confidence is low, draws three tenths of those.
        """
        fits = (
            one.share
            for one in self.shares
            if one.incident in (None, incident) and one.decided_by in (None, decided_by)
        )
        share = next(fits, 0.0) * (self.unsure_times if confidence < self.unsure_below else 1.0)
        return min(share, 1.0)


def lot(key: str, name: str) -> float:
    """Draw a lot for a name, 0 to 1: always the same with a key, and not to be foreseen without it."""
    drawn = hmac.new(key.encode(), name.encode(), hashlib.sha256).digest()[:_BYTES]
    return float(int.from_bytes(drawn, "big") / 2 ** (8 * _BYTES))


class Standing(StrEnum):
    """What became of a look: somebody has yet to judge, both judged alike, or a third person settled it."""

    WAITING = "waiting"
    ALIKE = "alike"
    DISPUTED = "disputed"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class BlindCase:
    """What a judge sees: the facts that it was decided on, and nothing of what was decided, by whom, or of which order.

    Nor is he told whether he is the second who judges it or the third, who knows thereby that the others differ.

    Parameters
    ----------
    facts : mapping
        Plain values by name.
    labels : mapping
        What the facts are called in the reader's language, as far as the tables say.
    is_mine : bool
        The reader has it in hand.
    version : int
        Of the case, for the judgement.
    """

    case_id: int
    incident: IncidentType
    facts: Mapping[str, Any]
    labels: Mapping[str, str]
    is_mine: bool
    can_judge: bool
    can_take: bool
    version: int


@dataclass(frozen=True, slots=True)
class Looked:
    """One verdict that was judged again, with all that is known of it, for reports.

    Parameters
    ----------
    reviewer : str
        Who gave the verdict; ``policy`` for one that a policy gave by itself.
    first, second, third : Party or None
        Whom each judgement holds liable most.
    confidence : float
        The verdict's own.
    """

    verdict_id: str
    incident: IncidentType
    reviewer: str
    decided_at: datetime
    confidence: float
    first: Party
    second: Party | None
    third: Party | None

    @property
    def standing(self) -> Standing:
        """Say what became of it."""
        if self.second is None:
            return Standing.WAITING
        if self.second is self.first:
            return Standing.ALIKE
        return Standing.DISPUTED if self.third is None else Standing.SETTLED

    @property
    def truth(self) -> Party | None:
        """Whom those who judged blind agree on in the end; None while that is open."""
        if self.standing is Standing.ALIKE:
            return self.first
        return self.third if self.standing is Standing.SETTLED else None


_ENDS = ("_id", "_ids", "_key", "_url")
_NAMES = frozenset(
    {
        "order",
        "rider",
        "merchant",
        "customer",
        "verdict",
        "liable",
        "party",
        "decided_by",
        "decider",
        "policy",
        "row",
        "confidence",
        "option",
        "reason_code",
        "note",
        "proposal",
        "exemption",
    }
)
"""Facts that would lead a judge back to the order, the people or the decision."""


def blind_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Keep the facts that tell what happened, and nothing that leads to the order, the people or the decision.

    Parameters
    ----------
    facts : mapping
        Of a verdict; what its table was given stands under ``given`` where more is there than that.

    Examples
    --------
    >>> blind_facts({"kitchen_delay_min": 12, "rider_id": "p-1", "is_sealed": True, "order_id": "o-1"})
    {'kitchen_delay_min': 12, 'is_sealed': True}
    """
    given = facts.get("given", facts)
    plain = {name: value for name, value in given.items() if isinstance(value, str | int | float | bool)}
    return {name: value for name, value in plain.items() if not _leads_back(name)}


def _leads_back(name: str) -> bool:
    return name.endswith(_ENDS) or name in _NAMES


def numbered(parties: Sequence[Party | None]) -> list[float]:
    """Give parties numbers for measures of agreement; nobody is nan."""
    known = {party: float(number) for number, party in enumerate(Party)}
    return [known[one] if one is not None else float("nan") for one in parties]
