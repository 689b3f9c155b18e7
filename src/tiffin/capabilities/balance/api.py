"""The day-book, the state of the marketplace and standing shortfalls over HTTP."""

import json
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query

from tiffin.capabilities.balance import service
from tiffin.capabilities.balance.service.shortfalls import shortfalls
from tiffin.capabilities.balance.service.state import marketplace_state
from tiffin.capabilities.balance.service.state_page import state_payload
from tiffin.runtime.json_text import json_text
from tiffin.web.edge import ContextDep

router = APIRouter(prefix="/api", tags=["balance"])

Hour = Annotated[int, Query(ge=0, le=23)]


@router.get("/daybook")
def list_daybooks(context: ContextDep) -> dict[str, list[date]]:
    """List, for each city, the business days that have facts."""
    return {city_id: list(days) for city_id, days in service.day_index(context).items()}


@router.get("/daybook/{city_id}/{day}")
def show_daybook(city_id: str, day: date, context: ContextDep) -> dict[str, object]:
    """Give the day-book of a city and business day."""
    return service.payload(service.daybook(context, city_id, day))


@router.get("/balance/state")
def show_state(context: ContextDep, city: str, day: date) -> dict[str, Any]:
    """Tell demand, supply and what became of it in a city by zone and slot of a business day."""
    plain: dict[str, Any] = json.loads(json_text(state_payload(marketplace_state(context, city, day))))
    return plain


@router.get("/shortfalls/{city_id}")
def show_shortfalls(
    city_id: str,
    context: ContextDep,
    first: date | None = None,
    last: date | None = None,
    from_hour: Hour = 0,
    to_hour: Hour = 23,
) -> dict[str, Any]:
    """Tell where supply falls short in a city over many days: hours below the floor, and what comes back."""
    found, _ = shortfalls(context, [city_id], first=first, last=last, hours=(from_hour, to_hour))
    plain: dict[str, Any] = json.loads(json_text({"city": found[0]}))["city"]
    return plain
