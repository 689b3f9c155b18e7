"""Telling the parties of a dispute what was proposed, settled or decided, each what it means for him."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from tiffin.capabilities.liability.domain.disputes import Terms
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.domain.verdict import Verdict
from tiffin.capabilities.liability.service.notice_pieces import Told
from tiffin.capabilities.liability.service.notices import send
from tiffin.runtime.context import Context

KINDS: Mapping[str, str] = {
    "propose": "dispute_proposed",
    "settle_dispute": "dispute_settled",
    "decide_dispute": "dispute_decided",
}
"""By action, the kind of notice that tells of it."""
PLAIN = "en"
"""Language under which the words of a person are kept, whatever he wrote in."""


@dataclass(frozen=True, slots=True)
class Happened:
    """What the parties are told of.

    Parameters
    ----------
    by : str
        The kind of party that did it, which is not told; empty for others.
    until : datetime or None
        When a proposal lapses, UTC; None where it does not wait any more.
    occasion : str
        Names the event: of one event everybody is told once.
    """

    action: str
    terms: Terms
    by: str
    reason: str
    until: datetime | None
    occasion: str


def tell_parties(context: Context, verdict: Verdict, parties: Iterable[Party], happened: Happened) -> None:
    """Send a notice to each party but the one that did it; a proposal that was answered meanwhile is told to nobody."""
    if happened.action == "propose" and happened.until is None:
        return
    for party in parties:
        if party.value != happened.by:
            send(context, KINDS[happened.action], verdict, party, _told(happened, party))


def _told(happened: Happened, party: Party) -> Told:
    terms = happened.terms
    return Told(
        until=happened.until,
        reason={PLAIN: happened.reason} if happened.reason else {},
        money_minor=terms.customer_gets if party is Party.CUSTOMER else terms.paid_by(party),
        occasion=happened.occasion,
    )
