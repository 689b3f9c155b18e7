"""What can go wrong with an order, and one such incident."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any


class IncidentType(StrEnum):
    """What went wrong with an order, as whoever reports it says."""

    LATE = "late"
    NOT_DELIVERED = "not_delivered"
    WRONG_ITEM = "wrong_item"
    MISSING_ITEM = "missing_item"
    DAMAGED = "damaged"
    SPILLED = "spilled"
    COLD = "cold"
    RUDE = "rude"
    UNSAFE = "unsafe"
    FRAUD_SUSPECTED = "fraud_suspected"
    CUSTOMER_UNREACHABLE = "customer_unreachable"
    WRONG_ADDRESS = "wrong_address"
    MERCHANT_CLOSED = "merchant_closed"
    OUT_OF_STOCK = "out_of_stock"
    CASH_DISPUTE = "cash_dispute"


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that went wrong with an order, once per order and type.

    Parameters
    ----------
    key : str
        Names it for ever: ``<city_id>|<order_id>|<type>``.
    happened_at : datetime
        UTC; the policy of that day decides.
    reported_by : str
        ``platform``, ``customer``, ``merchant``, ``rider`` or ``employee``.
    facts : mapping
        What the report says besides, as plain JSON values.
    """

    city_id: str
    country: str
    order_id: str
    incident: IncidentType
    happened_at: datetime
    business_date: date
    reported_at: datetime
    reported_by: str
    rider_id: str | None = None
    merchant_id: str | None = None
    customer_id: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Name it for ever."""
        return f"{self.city_id}|{self.order_id}|{self.incident.value}"
