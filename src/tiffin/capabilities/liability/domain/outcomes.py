"""What was decided, as rows of the fact tables: verdicts, penalties, appeals."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tiffin.capabilities.liability.domain.parties import WHOLE, Party, top_party
from tiffin.capabilities.liability.domain.verdict import DecidedBy, Verdict

OWN_SOURCE = "liability"
"""What stands in ``source`` of outcomes about real orders; about simulated ones, their own source."""

SHARED, NOBODY = "shared", "nobody"
_HALF = WHOLE // 2


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a row says besides the decision.

    Parameters
    ----------
    decider_id : str or None
        Pseudonym of the employee who decided; None where a policy did.
    handling_s : int or None
        Seconds that a person worked on it; None where nobody did.
    """

    source: str = OWN_SOURCE
    zone_id: str | None = None
    decider_id: str | None = None
    superseded_by: str | None = None
    handling_s: int | None = None


def verdict_row(verdict: Verdict, around: Surroundings) -> Mapping[str, Any]:
    """Give a verdict as a row of ``verdicts``; what falls to circumstances the platform bears."""
    incident, liable = verdict.incident, liable_of(verdict)
    bears = {party: verdict.shares.get(party, 0) / WHOLE for party in Party}
    platform = (verdict.shares.get(Party.PLATFORM, 0) + verdict.shares.get(Party.CIRCUMSTANCES, 0)) / WHOLE
    return {
        "city_id": incident.city_id,
        "verdict_id": verdict.verdict_id,
        "case_id": str(verdict.case_id or ""),
        "order_id": incident.order_id,
        "reported_at": incident.reported_at,
        "decided_at": max(verdict.decided_at, incident.reported_at),
        "incident": incident.incident.value,
        "liable": liable,
        "share": max(bears[Party.CUSTOMER], bears[Party.MERCHANT], bears[Party.RIDER], platform),
        "customer_share": bears[Party.CUSTOMER],
        "merchant_share": bears[Party.MERCHANT],
        "rider_share": bears[Party.RIDER],
        "platform_share": platform,
        "reason": verdict.row,
        "policy": verdict.policy or None,
        "policy_version": verdict.policy_version[:64] or None,
        "policy_row": verdict.row or None,
        "exemption": verdict.exemption or None,
        "confidence": verdict.confidence,
        "compensation_minor": verdict.compensation_minor if verdict.currency else None,
        "recovered_minor": sum(verdict.recovery_minor.values()) if verdict.currency else None,
        "currency": verdict.currency or None,
        "decided_by": verdict.decided_by.value,
        "decider_id": around.decider_id if verdict.decided_by is DecidedBy.PERSON else None,
        "handling_s": around.handling_s,
        "supersedes": verdict.supersedes,
        "superseded_by": around.superseded_by,
        "rider_id": incident.rider_id,
        "merchant_id": incident.merchant_id,
        "country": incident.country,
        "zone_id": around.zone_id,
        "business_date": incident.business_date,
        "source": around.source,
    }


def liable_of(verdict: Verdict) -> str:
    """Name who is responsible: whoever bears more than half, ``nobody`` where circumstances do, else ``shared``."""
    top = top_party(verdict.shares)
    if verdict.shares.get(top, 0) <= _HALF:
        return SHARED
    return NOBODY if top is Party.CIRCUMSTANCES else top.value
