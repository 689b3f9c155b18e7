"""What was decided about an order, as a reader is told it."""

from typing import Any

from tiffin.capabilities.cases.service.words import word
from tiffin.capabilities.liability.domain.parties import Party
from tiffin.capabilities.liability.domain.verdict import Verdict
from tiffin.capabilities.liability.service.appeals import appeal_of
from tiffin.capabilities.liability.service.verdicts import verdicts_of_order
from tiffin.capabilities.orders.domain.sight import PartySight, Sight, Told
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import language_of


def told_verdicts(context: Context, sight: Sight, city_id: str, order_id: str) -> tuple[Told, ...]:
    """Tell the verdicts on an order, the newest of each incident first; a party is told what falls on him alone."""
    verdicts = verdicts_of_order(context, city_id, order_id)
    superseded = {one.supersedes for one in verdicts if one.supersedes}
    own = Party(sight.kind) if isinstance(sight, PartySight) else None
    found = []
    for one in reversed(verdicts):
        row = _row(one, own, context.locale) | {"is_in_force": one.verdict_id not in superseded}
        row |= _appealed(context, one)
        told = sight.tell("verdicts", _without_staff(row, sight))
        found += [told] if told is not None else []
    return tuple(found)


def _row(one: Verdict, own: Party | None, locale: str) -> dict[str, Any]:
    """Write a verdict as a row, with the names that the table of verdicts has for its columns."""
    incident = one.incident
    row: dict[str, Any] = {
        "city_id": incident.city_id,
        "order_id": incident.order_id,
        "verdict_id": one.verdict_id,
        "case_id": one.case_id,
        "incident": incident.incident.value,
        "rider_id": incident.rider_id,
        "merchant_id": incident.merchant_id,
        "customer_id": incident.customer_id,
        "decided_at": one.decided_at,
        "decided_by": one.decided_by.value,
        "decider_id": one.decider,
        "policy": one.policy,
        "policy_version": one.policy_version,
        "policy_row": one.row,
        "reason_text": one.reason.get(language_of(locale)) or one.reason.get("en") or "",
        "exemption": one.exemption,
        "confidence": one.confidence,
        "compensation_minor": one.compensation_minor,
        "recovered_minor": sum(one.recovery_minor.values()),
        "currency": one.currency,
        "supersedes": one.supersedes,
        "shares_bp": {party.value: share for party, share in one.shares.items() if share},
        "points": {party.value: points for party, points in one.points.items() if points},
    }
    if own is not None:
        row["own_bp"] = one.shares.get(own, 0)
        row["own_points"] = one.points.get(own, 0)
        row["own_recovery_minor"] = one.recovery_minor.get(own, 0)
    return row


def _appealed(context: Context, one: Verdict) -> dict[str, Any]:
    """Tell how an appeal against a verdict stands, of those that the actor may see."""
    found = appeal_of(context, one.verdict_id)
    if found is None or found.verdict_id != one.verdict_id:
        return {}
    return {
        "appeal_case_id": found.case_id,
        "appeal_state": word(found.state, context.locale),
        "appeal_lodged_at": found.lodged_at,
        "appeal_settled_at": found.settled_at,
    }


def _without_staff(row: dict[str, Any], sight: Sight) -> dict[str, Any]:
    """Leave out who decided, for those who are not told of colleagues."""
    return row if sight.tells_staff else {**row, "decider_id": None}
