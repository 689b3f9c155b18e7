"""Which incidents the facts of an order tell of by themselves."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from tiffin.capabilities.liability.domain.incident import Incident, IncidentType

PLATFORM = "platform"

_ENDED: Mapping[str, IncidentType] = {
    "item_unavailable": IncidentType.OUT_OF_STOCK,
    "merchant_closed": IncidentType.MERCHANT_CLOSED,
    "wrong_address": IncidentType.WRONG_ADDRESS,
    "customer_unreachable": IncidentType.CUSTOMER_UNREACHABLE,
    "fraud": IncidentType.FRAUD_SUSPECTED,
}
"""Why an order ended, where that has a type of its own; every other reason is an order not delivered."""

ENDED = ("cancelled", "returned")


def incidents_in(city_id: str, order: Mapping[str, Any], *, is_late: bool, now: datetime) -> list[Incident]:
    """List what went wrong with an order, as its facts have it.

    Parameters
    ----------
    order : mapping
        Columns of the order with what refunds, contacts and lines say of it.
    is_late : bool
        Whether it came after its promise by more than is tolerated.
    """
    types = []
    if order["status"] in ENDED:
        types.append(_ENDED.get(str(order["cancel_reason"]), IncidentType.NOT_DELIVERED))
    elif is_late:
        types.append(IncidentType.LATE)
    goods = _about_goods(order) if order["status"] == "delivered" else None
    if goods is not None:
        types.append(goods)
    return [_incident(city_id, order, one, now) for one in types]


def _about_goods(order: Mapping[str, Any]) -> IncidentType | None:
    """Tell what was wrong with the goods; what customers call an issue and no line explains counts as missing."""
    if order.get("wrong_items"):
        return IncidentType.WRONG_ITEM
    if order.get("damaged_items"):
        return IncidentType.DAMAGED
    if order.get("missing_items") or order.get("item_refunds") or order.get("item_contacts"):
        return IncidentType.MISSING_ITEM
    return None


def happened_at(order: Mapping[str, Any]) -> datetime:
    """Tell when an order came to its end; when it was placed where nothing says."""
    for name in ("delivered_at", "returned_at", "cancelled_at", "promised_at", "placed_at"):
        at: datetime | None = order.get(name)
        if at is not None:
            return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return datetime.combine(order["business_date"], datetime.min.time(), UTC)


def _incident(city_id: str, order: Mapping[str, Any], incident: IncidentType, now: datetime) -> Incident:
    return Incident(
        city_id=city_id,
        country=str(order["country"]),
        order_id=str(order["order_id"]),
        incident=incident,
        happened_at=happened_at(order),
        business_date=order["business_date"],
        reported_at=now,
        reported_by=PLATFORM,
        rider_id=order.get("rider_id"),
        merchant_id=order.get("merchant_id"),
        customer_id=order.get("customer_id"),
    )
