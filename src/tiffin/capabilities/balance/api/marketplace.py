"""The state of the marketplace and standing shortfalls over HTTP."""

import json
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query

from tiffin.capabilities.balance.service.shortfalls import shortfalls
from tiffin.capabilities.balance.service.state import marketplace_state
from tiffin.capabilities.balance.service.state_page import state_payload
from tiffin.runtime.json_text import json_text
from tiffin.web.edge import ContextDep

router = APIRouter()

Hour = Annotated[int, Query(ge=0, le=23)]


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
