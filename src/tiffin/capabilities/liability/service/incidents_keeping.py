"""Incidents as they are kept: once under their key, each with a case of its own."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from tiffin.capabilities.cases.domain.case import NewCase
from tiffin.capabilities.cases.domain.incident_cases import DELIVERY_INCIDENT
from tiffin.capabilities.cases.domain.severity import Severity
from tiffin.capabilities.cases.service import open_cases
from tiffin.capabilities.cases.service.upserting import insert_into
from tiffin.capabilities.liability.domain.incident import Incident, IncidentType
from tiffin.capabilities.liability.domain.routing import SKILLS
from tiffin.capabilities.liability.models.verdicts import IncidentRecord
from tiffin.capabilities.policies.service.value_names import VALUES
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import mark
from tiffin.runtime.markets import find_market

HEADLINE = mark("Order {order}: {incident}")
AT_ONCE = 400

_SEVERITIES: Mapping[IncidentType, Severity] = {
    IncidentType.UNSAFE: Severity.CRITICAL,
    IncidentType.NOT_DELIVERED: Severity.MAJOR,
    IncidentType.FRAUD_SUSPECTED: Severity.MAJOR,
    IncidentType.CASH_DISPUTE: Severity.MAJOR,
}
_TABLE: Any = IncidentRecord.__table__


def keep_incidents(context: Context, incidents: Sequence[Incident]) -> Mapping[str, int]:
    """Keep incidents that are not known yet, each with a case of its own; gives the case of each by key."""
    numbers: dict[str, int] = {}
    languages: dict[str, str] = {}
    for one in incidents:
        if one.country not in languages:
            market = find_market(one.country, context.workspace.overlay("markets"))
            languages[one.country] = market.languages[0]
    for start in range(0, len(incidents), AT_ONCE):
        part = incidents[start : start + AT_ONCE]
        cases = open_cases(context, [_new_case(one, languages[one.country]) for one in part])
        numbers |= {one.key: number for one, number in zip(part, cases, strict=True)}
        rows = [_row(one, numbers[one.key], languages[one.country]) for one in part]
        adding = insert_into(context, _TABLE).on_conflict_do_nothing(index_elements=["incident_key"])
        context.session.execute(adding, rows)
    return numbers


def known_keys(context: Context, city_id: str, incidents: Sequence[Incident]) -> frozenset[str]:
    """Tell which of some incidents of a city are known already."""
    found: set[str] = set()
    orders = sorted({one.order_id for one in incidents})
    for start in range(0, len(orders), AT_ONCE):
        wanted = select(IncidentRecord.incident_key).where(
            IncidentRecord.city_id == city_id, IncidentRecord.order_id.in_(orders[start : start + AT_ONCE])
        )
        found |= set(context.session.scalars(wanted))
    return frozenset(found)


def _new_case(one: Incident, language: str) -> NewCase:
    return NewCase(
        case_type=DELIVERY_INCIDENT.name,
        key=one.key,
        headline=HEADLINE,
        values={"order": one.order_id, "incident": {"message": VALUES[one.incident.value]}},
        country=one.country,
        city_id=one.city_id,
        subject=f"{one.city_id}|{one.order_id}"[:128],
        severity=_SEVERITIES.get(one.incident, Severity.MINOR),
        skill=SKILLS[one.incident].value,
        language=language,
    )


def _row(one: Incident, case_id: int, language: str) -> dict[str, Any]:
    return {
        "incident_key": one.key,
        "case_id": case_id,
        "city_id": one.city_id,
        "country": one.country,
        "order_id": one.order_id,
        "incident": one.incident.value,
        "happened_at": one.happened_at,
        "business_date": one.business_date,
        "reported_at": one.reported_at,
        "reported_by": one.reported_by,
        "rider_id": one.rider_id,
        "merchant_id": one.merchant_id,
        "customer_id": one.customer_id,
        "said": dict(one.facts),
        "is_waiting": False,
        "question": "",
        "priority": 0,
        "skill": SKILLS[one.incident].value,
        "language": language,
        "proposal": {},
        "handling_s": 0,
    }
