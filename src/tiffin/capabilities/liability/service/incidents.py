"""Incidents: reported once under their key, each with its case, and judged at once."""

from dataclasses import replace

from tiffin.capabilities.liability.domain.incident import Incident
from tiffin.capabilities.liability.domain.incident_types import happened_at
from tiffin.capabilities.liability.domain.judging_inputs import Known, inputs_of
from tiffin.capabilities.liability.models.verdicts import IncidentRecord
from tiffin.capabilities.liability.service.incidents_keeping import keep_incidents
from tiffin.capabilities.liability.service.judging import judge
from tiffin.capabilities.liability.service.judging_facts import no_order, order_row
from tiffin.engines.cases.acting import PLATFORM
from tiffin.kernel.errors import Forbidden, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.actor import Actor, Grant, Role
from tiffin.runtime.context import Context

REPORTERS = (
    Role.SUPPORT,
    Role.ADJUDICATOR,
    Role.REVIEWER,
    Role.EXPERIENCE_MANAGER,
    Role.CITY_MANAGER,
    Role.STEWARD,
)
"""Who reports incidents for others; riders, merchants and customers report their own."""

LONGEST = 240
"""Characters of a key."""
EMPLOYEE = "employee"
_PLATFORM = Actor(PLATFORM, (Grant(Role.VIEWER, ("*",), ("*",)),))


def report(context: Context, incident: Incident) -> int:
    """Report something that went wrong with an order; told again, it is the same case.

    Parameters
    ----------
    incident : Incident
        Who reports, when and where it happened follow from the actor and the order's facts, whatever it says of them.

    Returns
    -------
    int
        Number of its case, which may be closed already.

    Raises
    ------
    Forbidden
        The actor may not report incidents of the place, or it is not his own order.
    NotFound
        There is no such order.
    WrongUse
        The report says something that the table of this type does not ask.
    """
    filled = _filled(context, incident)
    known = context.session.get(IncidentRecord, filled.key)
    if known is not None:
        return known.case_id
    _check_said(filled)
    case_id = keep_incidents(context, [filled])[filled.key]
    details = {"incident": filled.incident.value, "order": filled.order_id, "city": filled.city_id}
    audit.record(context, action="incident_reported", subject=str(case_id), details=details)
    # The platform judges, not whoever reports: a customer may read no rules and no facts of others.
    judge(replace(context, actor=_PLATFORM), case_id)
    return case_id


def _filled(context: Context, incident: Incident) -> Incident:
    """Fill in what the order's facts say of an incident, and who reports it; an order out of sight is none."""
    order, party = order_row(context, incident.city_id, incident.order_id), context.actor.party
    country = str(order["country"])
    if party is None:
        _check_reporter(context, incident, country)
    elif (party.city_id, party.party_id) != (incident.city_id, order.get(f"{party.kind}_id")):
        raise no_order(incident.city_id, incident.order_id)
    return replace(
        incident,
        country=country,
        happened_at=happened_at(order),
        business_date=order["business_date"],
        reported_at=context.now,
        reported_by=party.kind if party else EMPLOYEE,
        rider_id=order.get("rider_id"),
        merchant_id=order.get("merchant_id"),
        customer_id=order.get("customer_id"),
        facts={} if party else dict(incident.facts),
    )


def _check_reporter(context: Context, incident: Incident, country: str) -> None:
    actor, city = context.actor, incident.city_id
    if not actor.may_see_city(country=country, city_id=city):
        raise no_order(city, incident.order_id)
    held = [one for one in actor.grants if one.role in (*REPORTERS, Role.ADMIN)]
    if not any(one.covers(country=country, city_id=city) for one in held):
        raise Forbidden(
            Message(
                "{name} may not report incidents of {city}. Ask for a grant as customer service there.",
                name=actor.name,
                city=city,
            )
        )


def _check_said(incident: Incident) -> None:
    if len(incident.key) > LONGEST:
        raise WrongUse(
            Message("City and order together have at most {count} signs.", count=LONGEST - len(incident.incident))
        )
    asked = inputs_of(Known(replace(incident, facts={}), {})).keys() - {"incident", "exemption", "is_certain", "top"}
    unknown = sorted(incident.facts.keys() - asked)
    if unknown:
        raise WrongUse(
            Message(
                "A report of this type may say {known}; found {found}.",
                known=", ".join(sorted(asked)),
                found=", ".join(unknown),
            )
        )
