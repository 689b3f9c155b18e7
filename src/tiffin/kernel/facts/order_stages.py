# ruff: noqa: E501 - meanings stand on one line, as the contract has them
"""What happened to an order, stage by stage; a stage may come more than once, as when a second rider is assigned.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, TableContract


class Stage(StrEnum):
    """Stage that the order reached."""

    PLACED = "placed"
    ACCEPTED = "accepted"
    READY = "ready"
    ASSIGNED = "assigned"
    ARRIVED_AT_MERCHANT = "arrived_at_merchant"
    PICKED_UP = "picked_up"
    ARRIVED_AT_CUSTOMER = "arrived_at_customer"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    RETURNED = "returned"


class OrderStagesRow(TypedDict, total=False):
    """One row: one stage of one order at one instant."""

    city_id: str
    order_id: str
    stage: str
    at: datetime
    rider_id: str | None
    business_date: date
    source: str


ORDER_STAGES = TableContract(
    name="order_stages",
    version="1.0.0",
    meaning={
        "en": "What happened to an order, stage by stage; a stage may come more than once, as when a second rider is assigned.",
    },
    grain="one stage of one order at one instant",
    key=("city_id", "order_id", "stage", "at"),
    columns=(
        Column(
            name="city_id",
            type=LogicalType.STRING,
            meaning={
                "en": "City in which it happened.",
            },
            required=True,
            max_length=128,
            references="cities.city_id",
        ),
        Column(
            name="order_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Order it belongs to.",
            },
            required=True,
            max_length=128,
            references="orders.order_id",
        ),
        Column(
            name="stage",
            type=LogicalType.STRING,
            meaning={
                "en": "Stage that the order reached.",
            },
            required=True,
            values=(
                "placed",
                "accepted",
                "ready",
                "assigned",
                "arrived_at_merchant",
                "picked_up",
                "arrived_at_customer",
                "delivered",
                "cancelled",
                "returned",
            ),
        ),
        Column(
            name="at",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "When the stage was reached.",
            },
            required=True,
        ),
        Column(
            name="rider_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Pseudonym of the rider it concerns.",
            },
            max_length=128,
            classification=Classification.PERSONAL,
            references="riders.rider_id",
        ),
        Column(
            name="business_date",
            type=LogicalType.DATE,
            meaning={
                "en": "Business day of the city to which it belongs, by the city's time zone and day cut-off.",
            },
            required=True,
            derived=True,
        ),
        Column(
            name="source",
            type=LogicalType.STRING,
            meaning={
                "en": "Where the row comes from: a feed's name, or simulated: and the scenario for simulated facts.",
            },
            required=True,
            max_length=128,
        ),
    ),
    event_at=("at",),
    owner="marketplace-operations",
    retention_months=84,
)
"""Contract of the table order_stages."""
