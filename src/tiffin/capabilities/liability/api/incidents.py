"""Incidents and verdicts over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from tiffin.capabilities.liability.domain.incident import Incident, IncidentType
from tiffin.capabilities.liability.service.incidents import report
from tiffin.capabilities.liability.service.judging_plain import incident_as_plain, verdict_as_plain
from tiffin.capabilities.liability.service.routing import file_of
from tiffin.capabilities.liability.service.verdicts import (
    VerdictFilter,
    list_verdicts,
    seen_verdict,
    verdicts_of_order,
)
from tiffin.web.edge import ContextDep

router = APIRouter(tags=["liability"])


class ReportedIncident(BaseModel):
    """Something that went wrong with an order, known by city, order and type: telling it again adds nothing."""

    model_config = ConfigDict(extra="forbid")

    city_id: Annotated[str, Field(min_length=1, max_length=128)]
    order_id: Annotated[str, Field(min_length=1, max_length=128)]
    type: IncidentType
    known: Annotated[dict[str, bool | int | str], Field(max_length=20)] = {}


@router.post("/api/liability/incidents")
def report_incident(context: ContextDep, told: ReportedIncident) -> dict[str, Any]:
    """Report an incident: its case, the question that a person is asked, or the verdict."""
    incident = Incident(
        city_id=told.city_id,
        country="",
        order_id=told.order_id,
        incident=told.type,
        happened_at=context.now,
        business_date=context.now.date(),
        reported_at=context.now,
        reported_by="employee",
        facts=told.known,
    )
    case_id = report(context, incident)
    if context.actor.party is not None:
        return {"case_id": case_id}
    return {"case_id": case_id, **incident_as_plain(file_of(context, case_id))}


@router.get("/api/liability/verdicts")
def give_verdicts(
    context: ContextDep,
    city_id: str | None = None,
    type: IncidentType | None = None,  # noqa: A002 - the address says so
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> dict[str, Any]:
    """List the verdicts that hold, the newest first."""
    wanted = VerdictFilter(city_id=city_id, incident=type)
    return {"verdicts": [verdict_as_plain(one) for one in list_verdicts(context, wanted, limit=limit, offset=offset)]}


@router.get("/api/liability/orders/{city_id}/{order_id}/verdicts")
def give_verdicts_of_order(context: ContextDep, city_id: str, order_id: str) -> dict[str, Any]:
    """Give every verdict on an order, superseded ones too."""
    found = verdicts_of_order(context, city_id, order_id)
    seen = [one for one in found if context.actor.may_see_city(country=one.incident.country, city_id=city_id)]
    return {"verdicts": [verdict_as_plain(one) for one in seen]}


@router.get("/api/liability/verdicts/{verdict_id:path}")
def give_verdict(context: ContextDep, verdict_id: str) -> dict[str, Any]:
    """Give one verdict."""
    return verdict_as_plain(seen_verdict(context, verdict_id))
