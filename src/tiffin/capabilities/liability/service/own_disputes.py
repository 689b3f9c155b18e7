"""A party's own disputes: listed, found beside a decision, opened from it."""

from tiffin.capabilities.liability.domain.appeals import party_id_of
from tiffin.capabilities.liability.domain.disputes import PARTIES
from tiffin.capabilities.liability.domain.verdict import Verdict
from tiffin.capabilities.liability.service.appeals import appeal_of
from tiffin.capabilities.liability.service.dispute_records import Dispute
from tiffin.capabilities.liability.service.disputes import disputes_of
from tiffin.capabilities.liability.service.own import own_party
from tiffin.runtime.context import Context

_TWO = 2


def own_disputes(context: Context) -> tuple[Dispute, ...]:
    """List the disputes of the actor's own party, open ones first, then the newest first.

    Raises
    ------
    Forbidden
        He works here, and has no page of his own.
    """
    found = disputes_of(context, own_party(context))
    return tuple(sorted(found, key=lambda one: (one.ended_at is not None, -one.case_id)))


def disputes_about(context: Context, verdict: Verdict) -> tuple[Dispute, ...]:
    """List the actor's disputes about what a verdict is on, the open one first."""
    return tuple(one for one in own_disputes(context) if one.incident_key == verdict.incident.key)


def may_dispute(context: Context, verdict: Verdict) -> bool:
    """Tell whether a dispute about a verdict can be opened: somebody is there to disagree with, and nothing is open."""
    known = [one for one in PARTIES if party_id_of(verdict, one)]
    appeal = appeal_of(context, verdict.verdict_id)
    is_free = appeal is None or appeal.settled_at is not None
    return len(known) >= _TWO and is_free and all(one.ended_at for one in disputes_about(context, verdict))
