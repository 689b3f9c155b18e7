"""The day-book over HTTP."""

from datetime import date

from fastapi import APIRouter

from tiffin.capabilities.balance import service
from tiffin.web.edge import ContextDep

router = APIRouter()


@router.get("/daybook")
def list_daybooks(context: ContextDep) -> dict[str, list[date]]:
    """List, for each city, the business days that have facts."""
    return {city_id: list(days) for city_id, days in service.day_index(context).items()}


@router.get("/daybook/{city_id}/{day}")
def show_daybook(city_id: str, day: date, context: ContextDep) -> dict[str, object]:
    """Give the day-book of a city and business day."""
    return service.payload(service.daybook(context, city_id, day))
