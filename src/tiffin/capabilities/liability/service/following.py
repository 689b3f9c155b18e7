"""What happened to incidents since a moment, for whoever tells others of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from tiffin.capabilities.liability.models.appeals import AppealRecord
from tiffin.capabilities.liability.models.verdicts import IncidentRecord, VerdictRecord
from tiffin.runtime.context import Context


class Happened(StrEnum):
    """What can happen to an incident that others want to know."""

    REPORTED = "reported"
    JUDGED = "judged"
    APPEALED = "appealed"
    REPLIED = "replied"


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened to an incident.

    Parameters
    ----------
    key : str
        Names it for ever.
    data : mapping
        What may be told outside; names nobody.
    people : mapping
        Pseudonyms of those whom it concerns, for the own customer service.
    """

    what: Happened
    key: str
    at: datetime
    city_id: str
    country: str
    merchant_id: str | None
    data: Mapping[str, Any]
    people: Mapping[str, str | None]


def steps_since(context: Context, moment: datetime) -> tuple[Step, ...]:
    """Give what happened since a moment, oldest first; whoever asks sees to who may know it."""
    found = [*_reported(context, moment), *_judged(context, moment), *_appealed(context, moment)]
    return tuple(sorted(found, key=lambda one: (one.at, one.key)))


def _reported(context: Context, moment: datetime) -> Iterator[Step]:
    for row in context.session.scalars(select(IncidentRecord).where(IncidentRecord.reported_at >= moment)):
        data = _about(row) | {"reported_by": row.reported_by, "happened_at": row.happened_at.isoformat()}
        yield _step(Happened.REPORTED, row.incident_key, row.reported_at, row, data)


def _judged(context: Context, moment: datetime) -> Iterator[Step]:
    wanted = (
        select(VerdictRecord, IncidentRecord)
        .join(IncidentRecord, IncidentRecord.incident_key == VerdictRecord.incident_key)
        .where(VerdictRecord.decided_at >= moment)
    )
    for verdict, incident in context.session.execute(wanted):
        data = _about(incident) | {
            "verdict_id": verdict.verdict_id,
            "supersedes": verdict.supersedes,
            "shares": dict(verdict.shares),
            "compensation_minor": verdict.compensation_minor,
            "merchant_pays_minor": verdict.recovery_minor.get("merchant", 0),
            "currency": verdict.currency,
            "policy": verdict.policy,
            "policy_version": verdict.policy_version,
            "row": verdict.row,
            "decided_by": verdict.decided_by,
            "reason": dict(verdict.reason),
        }
        yield _step(Happened.JUDGED, verdict.verdict_id, verdict.decided_at, incident, data)


def _appealed(context: Context, moment: datetime) -> Iterator[Step]:
    wanted = (
        select(AppealRecord, IncidentRecord)
        .join(VerdictRecord, VerdictRecord.verdict_id == AppealRecord.verdict_id)
        .join(IncidentRecord, IncidentRecord.incident_key == VerdictRecord.incident_key)
        .where((AppealRecord.lodged_at >= moment) | (AppealRecord.decided_at >= moment))
    )
    for appeal, incident in context.session.execute(wanted):
        data = _about(incident) | {
            "verdict_id": appeal.verdict_id,
            "party": appeal.party_kind,
            "case_id": appeal.case_id,
        }
        if appeal.lodged_at >= moment:
            yield _step(Happened.APPEALED, f"appeal|{appeal.case_id}", appeal.lodged_at, incident, data)
        if appeal.decided_at is not None and appeal.decided_at >= moment:
            told = data | {"outcome": appeal.outcome, "stands": appeal.current_verdict_id}
            key = f"appeal|{appeal.case_id}|{appeal.decided_at.isoformat()}"
            yield _step(Happened.REPLIED, key, appeal.decided_at, incident, told)


def _about(row: IncidentRecord) -> dict[str, Any]:
    return {"order_id": row.order_id, "incident": row.incident, "incident_key": row.incident_key}


def _step(what: Happened, key: str, at: datetime, row: IncidentRecord, data: Mapping[str, Any]) -> Step:
    people = {"rider_id": row.rider_id, "customer_id": row.customer_id, "merchant_id": row.merchant_id}
    return Step(what, key, at, row.city_id, row.country, row.merchant_id, data, people)
