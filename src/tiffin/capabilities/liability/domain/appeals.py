"""What an appeal can come to, and the verdict that then stands in the place of the one that was appealed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from tiffin.capabilities.liability.domain.parties import WHOLE, Party
from tiffin.capabilities.liability.domain.verdict import DecidedBy, Verdict
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.messages import Message


class AppealOutcome(StrEnum):
    """How an appeal was decided."""

    UPHELD = "upheld"
    """What was decided stands."""
    VARIED = "varied"
    """The party bears less than was decided."""
    OVERTURNED = "overturned"
    """The party bears nothing."""
    GRANTED_BY_SILENCE = "granted_by_silence"
    """Nobody replied in time, where that grants the appeal: the party bears nothing."""


class Silence(StrEnum):
    """What follows when nobody replied in time."""

    ESCALATE = "escalate"
    GRANT = "grant"


@dataclass(frozen=True, slots=True)
class AppealRules:
    """Who may appeal in a country, until when, and what silence means.

    Parameters
    ----------
    lodge_days : int
        Days of the city after the verdict's, on the last of which an appeal can still be lodged.
    is_to_be_verified : bool
        A lawyer of the country has to confirm it.
    """

    country: str
    parties: tuple[Party, ...]
    lodge_days: int
    silence: Silence
    source: str
    is_to_be_verified: bool = False

    def last_day(self, decided_on: date) -> date:
        """Give the last day of the city on which an appeal against a verdict of a day can be lodged."""
        return decided_on + timedelta(days=self.lodge_days)


@dataclass(frozen=True, slots=True)
class Appeal:
    """One appeal of one party against one verdict.

    Parameters
    ----------
    verdict_id : str
        What was appealed.
    current_verdict_id : str
        What stands in its place now.
    state : str
        Of its case (`APPEAL`).
    reply_due_at : datetime or None
        When the next thing that the platform owes is due, UTC; None where it owes nothing.
    settled_at : datetime or None
        When it became final; None while it is open.
    assignee : str or None
        Who has it in hand.
    """

    case_id: int
    verdict_id: str
    current_verdict_id: str
    party: Party
    party_id: str
    city_id: str
    country: str
    policy: str
    row: str
    state: str
    lodged_at: datetime
    lodged_by: str
    reply_due_at: datetime | None
    outcome: AppealOutcome | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    settled_at: datetime | None = None
    assignee: str | None = None


def party_id_of(verdict: Verdict, party: Party) -> str | None:
    """Give who the party of a verdict's incident is; None where it has none that could appeal."""
    incident = verdict.incident
    return {
        Party.RIDER: incident.rider_id,
        Party.MERCHANT: incident.merchant_id,
        Party.CUSTOMER: incident.customer_id,
    }.get(party)


def concerns(verdict: Verdict, party: Party) -> bool:
    """Tell whether a verdict puts anything on a party: a share, points or money."""
    return any(told.get(party, 0) for told in (verdict.shares, verdict.points, verdict.recovery_minor))


def replacing(
    verdict: Verdict, party: Party, share: int, *, verdict_id: str, reason: Mapping[str, str], by: str, at: datetime
) -> Verdict:
    """Give the verdict in which a party bears less, and the platform what the party no longer does.

    Points and money of the party shrink as its share does, in its favour where they do not come out even; nobody else
    bears more, and the customer keeps what he got.

    Parameters
    ----------
    share : int
        Basis points that the party still bears, from 0 and below what it bore.

    Raises
    ------
    WrongUse
        An appeal makes nothing worse for whoever lodges it, and changes something.
    """
    before = verdict.shares.get(party, 0)
    if not 0 <= share < max(before, 1):
        raise WrongUse(
            Message(
                "The party bears {before} of 10,000 basis points now: a varied share lies below it, from 0 on; found "
                "{share}. To leave it as it is, uphold.",
                before=before,
                share=share,
            )
        )
    shares = {**verdict.shares, party: share}
    shares[Party.PLATFORM] = shares.get(Party.PLATFORM, 0) + before - share
    return replace(
        verdict,
        verdict_id=verdict_id,
        shares={one: held for one, held in shares.items() if held},
        points=_shrunk(verdict.points, party, share, before),
        recovery_minor=_shrunk(verdict.recovery_minor, party, share, before),
        reason=reason,
        confidence=1.0,
        decided_by=DecidedBy.PERSON,
        decider=by,
        decided_at=at,
        supersedes=verdict.verdict_id,
    )


def share_said(text: str) -> int:
    """Read the share that a reviewer leaves to a party: per cent, with up to two decimals.

    Raises
    ------
    WrongUse
        It is no such number.

    Examples
    --------
    >>> share_said("37.5")
    3750
    """
    try:
        bp = round(float(text) * WHOLE / 100)
    except (ValueError, OverflowError):
        bp = -1
    if not 0 <= bp <= WHOLE:
        raise WrongUse(Message("A share is a number of per cent from 0 to 100; found {found}.", found=repr(text)))
    return bp


def _shrunk(amounts: Mapping[Party, int], party: Party, share: int, before: int) -> Mapping[Party, int]:
    held = dict(amounts)
    if party in held:
        held[party] = held[party] * share // before if before else 0
    return {one: amount for one, amount in held.items() if amount}
