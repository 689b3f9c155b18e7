"""Order files over HTTP, masked as the pages are."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from tiffin.capabilities.orders.service.finding import MOST, OrderSearch, find_orders
from tiffin.capabilities.orders.service.order_file import order_file
from tiffin.capabilities.orders.service.payload import found_payload, payload_of
from tiffin.web.edge import ContextDep, OwnContextDep

router = APIRouter(prefix="/api/orders", tags=["orders"])


class Asked(BaseModel):
    """Conditions of a list of orders; empty ones are open."""

    q: str = Field("", max_length=20_000)
    city_id: str = ""
    first: date | None = None
    last: date | None = None
    status: str = ""
    late: bool = False
    limit: int = Field(50, ge=1, le=MOST)


@router.get("")
def orders(context: ContextDep, asked: Annotated[Asked, Query()]) -> dict[str, Any]:
    """List orders that the reader may see, the newest first."""
    wanted = OrderSearch(
        text=asked.q,
        city_id=asked.city_id,
        first=asked.first,
        last=asked.last,
        status=asked.status,
        is_late=asked.late,
    )
    return {"orders": found_payload(find_orders(context, wanted, limit=asked.limit))}


@router.get("/{city_id}/{order_id}")
def one_order(context: OwnContextDep, city_id: str, order_id: str) -> dict[str, Any]:
    """Give one order's file; a rider, merchant or customer gets his own part of his own order."""
    return payload_of(order_file(context, city_id, order_id), context.locale)
