"""Trials over HTTP: which there are, and the arms of units."""

from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from tiffin.capabilities.experiments.domain.panel_reading import Method
from tiffin.capabilities.experiments.service.assigning import MOST, assign
from tiffin.capabilities.experiments.service.observing import USUAL_AFTER_DAYS, Question, observe, starts_from
from tiffin.capabilities.experiments.service.reading import read
from tiffin.capabilities.experiments.service.telling import plain_assigned, plain_observed, plain_readout, plain_state
from tiffin.capabilities.experiments.service.trials import find_trial, list_trials
from tiffin.web.edge import ContextDep, opened_context

MOST_AREAS = 100

router = APIRouter(prefix="/api/experiments", tags=["experiments"])


class Units(BaseModel):
    """Units whose arms are asked for."""

    units: list[Annotated[str, Field(min_length=1, max_length=128)]] = Field(min_length=1, max_length=MOST)


@router.get("")
def trials(context: ContextDep, state: str | None = None) -> dict[str, Any]:
    """List the trials of the cities that you see, the newest first."""
    return {"trials": [plain_state(one) for one in list_trials(context, state)]}


@router.get("/observed")
def observed(
    context: ContextDep,
    metric: str,
    treated: Annotated[list[str], Query(min_length=1, max_length=MOST_AREAS)],
    since: Annotated[list[date], Query(alias="from", min_length=1, max_length=MOST_AREAS)],
    design: Method = Method.SYNTHETIC_DID,
    through: date | None = None,
    cities: Annotated[tuple[str, ...], Query(alias="city")] = (),
) -> dict[str, Any]:
    """Tell what something did that began in some areas (CITY or CITY:zone), against areas where it did not."""
    starts = starts_from(treated, since)
    last = through or min(one.day for one in starts) + timedelta(days=USUAL_AFTER_DAYS - 1)
    return dict(plain_observed(observe(context, Question(metric, design, starts, last, cities)), context.locale))


@router.get("/{name}")
def trial(context: ContextDep, name: str) -> dict[str, Any]:
    """Show one trial, by its name or the number of its case."""
    return dict(plain_state(find_trial(context, name)))


@router.get("/{name}/arm", response_model=dict[str, Any])
def arm(request: Request, name: str, unit: Annotated[str, Query(min_length=1, max_length=128)]) -> Response:
    """Give the arm of one unit of a running trial; null where it takes no part. The same unit has the same arm always.

    Customers and riders are named as their source names them, zones of a switchback as city/zone.
    """
    with opened_context(request) as context:
        found = dict(plain_assigned(assign(context, name, (unit,))[0]))
    return JSONResponse(found)


@router.post("/{name}/arms")
def arms(context: ContextDep, name: str, asked: Units) -> dict[str, Any]:
    """Give the arms of many units of a running trial at once."""
    return {"units": [plain_assigned(one) for one in assign(context, name, asked.units)]}


@router.post("/{name}/readings")
def reading(context: ContextDep, name: str) -> dict[str, Any]:
    """Read a trial out; it is stopped where it does harm that its guardrails do not allow."""
    return dict(plain_readout(read(context, name)))
