"""Appeals in the database, as rows of the fact table ``appeals``."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select

from tiffin.capabilities.cases.domain.appeal_cases import APPEAL
from tiffin.capabilities.cases.domain.severity import Severity
from tiffin.capabilities.cases.service.log import events_of
from tiffin.capabilities.cases.service.moving import Scene, clocks_of
from tiffin.capabilities.liability.domain.outcomes_appeals import Instance, instances_of
from tiffin.capabilities.liability.models.appeals import AppealRecord
from tiffin.capabilities.liability.models.ledger import LedgerEntry, LedgerEvent
from tiffin.capabilities.liability.models.verdicts import IncidentRecord, VerdictRecord
from tiffin.capabilities.liability.service.outcomes_places import Places
from tiffin.engines.cases.folding import Event, fold
from tiffin.engines.ledger.entries import HOUSE, POINTS
from tiffin.engines.ledger.events import Kind
from tiffin.runtime.context import Context

_REPLIES = ("reply", "second_reply")


def appeal_rows(context: Context, since: datetime, places: Places) -> list[Mapping[str, Any]]:
    """Give the appeals that were lodged, decided or settled since a moment, one row for each instance."""
    wanted = (
        select(AppealRecord, VerdictRecord, IncidentRecord)
        .join(VerdictRecord, VerdictRecord.verdict_id == AppealRecord.verdict_id)
        .join(IncidentRecord, IncidentRecord.incident_key == VerdictRecord.incident_key)
        .where(
            or_(
                AppealRecord.lodged_at >= since,
                AppealRecord.decided_at >= since,
                AppealRecord.settled_at >= since,
                AppealRecord.settled_at.is_(None),
            )
        )
        .order_by(AppealRecord.appeal_id)
    )
    found = [(row[0], row[1], row[2]) for row in context.session.execute(wanted)]
    places.learn((appeal.city_id, incident.business_date) for appeal, _, incident in found)
    return [
        _row(context, appeal, verdict, incident, events, instance, places)
        for appeal, verdict, incident in found
        for events in (events_of(context, appeal.case_id),)
        for instance in instances_of(events)
    ]


def _row(
    context: Context,
    appeal: AppealRecord,
    verdict: VerdictRecord,
    incident: IncidentRecord,
    events: tuple[Event, ...],
    instance: Instance,
    places: Places,
) -> Mapping[str, Any]:
    place = places.of(appeal.city_id, incident.order_id)
    money = _given_back(context, verdict) if instance.outcome else None
    return {
        "city_id": appeal.city_id,
        "appeal_id": f"{appeal.case_id}-{instance.number}",
        "verdict_id": appeal.verdict_id,
        "order_id": incident.order_id,
        "country": appeal.country,
        "instance": instance.number,
        "party": appeal.party_kind,
        "party_id": appeal.party_id,
        "lodged_at": instance.lodged_at,
        "acknowledged_at": instance.acknowledged_at,
        "due_at": _due(context, appeal, events[: instance.until]),
        "replied_at": instance.replied_at,
        "outcome": instance.outcome,
        "policy": appeal.policy,
        "policy_row": appeal.row_name,
        "reversed_minor": money,
        "currency": verdict.currency or None if money is not None else None,
        "handling_s": None,
        "zone_id": place.zone_id,
        "business_date": incident.business_date,
        "source": place.source,
    }


def _due(context: Context, appeal: AppealRecord, events: tuple[Event, ...]) -> datetime | None:
    """Tell by when the reply was due, as it stood just before it came."""
    standing = fold(APPEAL, events)
    clocks = clocks_of(context, APPEAL, standing, Scene(appeal.country, None, Severity.MAJOR.value))
    return next((at for name, at in clocks.items() if name in _REPLIES), None)


def _given_back(context: Context, verdict: VerdictRecord) -> int | None:
    """Give the money of a verdict that parties need no longer pay; None where it has no currency."""
    if not verdict.currency:
        return None
    asked = (
        select(func.sum(LedgerEntry.amount))
        .join(LedgerEvent, LedgerEvent.event_id == LedgerEntry.event_id)
        .where(
            LedgerEvent.verdict_id == verdict.verdict_id,
            LedgerEvent.kind == Kind.REVERSED.value,
            LedgerEntry.unit != POINTS,
            LedgerEntry.amount < 0,
            LedgerEntry.account.not_like(f"{HOUSE}%"),
        )
    )
    return -int(context.session.scalar(asked) or 0)
