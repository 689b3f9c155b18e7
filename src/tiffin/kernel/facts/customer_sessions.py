"""Visits of customers to the marketplace and how far each came.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, Rule, TableContract


class CustomerSessionsRow(TypedDict, total=False):
    """One row: one visit."""

    city_id: str
    session_id: str
    customer_id: str | None
    seen_at: datetime
    searched_at: datetime | None
    asked_at: datetime | None
    placed_at: datetime | None
    order_id: str | None
    zone_id: str | None
    merchants_shown: int | None
    shown_min: float | None
    is_served: bool | None
    business_date: date
    local_hour: int
    slot_at: datetime
    source: str


CUSTOMER_SESSIONS = TableContract(
    name="customer_sessions",
    version="1.0.0",
    meaning={
        "en": "Visits of customers to the marketplace and how far each came.",
    },
    grain="one visit",
    key=("city_id", "session_id"),
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
            name="session_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Identifier of the visit.",
            },
            required=True,
            max_length=128,
        ),
        Column(
            name="customer_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Pseudonym of the customer.",
            },
            max_length=128,
            classification=Classification.PERSONAL,
        ),
        Column(
            name="seen_at",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "When the visit began.",
            },
            required=True,
        ),
        Column(
            name="searched_at",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "When the customer first searched.",
            },
        ),
        Column(
            name="asked_at",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "When the customer first asked for a delivery time.",
            },
        ),
        Column(
            name="placed_at",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "When the customer placed an order.",
            },
        ),
        Column(
            name="order_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Order it belongs to.",
            },
            max_length=128,
            references="orders.order_id",
        ),
        Column(
            name="zone_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Zone where it happened.",
            },
            max_length=128,
            references="zones.zone_id",
        ),
        Column(
            name="merchants_shown",
            type=LogicalType.INTEGER,
            meaning={
                "en": "Merchants offered in the visit.",
            },
            unit="merchants",
            minimum=0,
            maximum=1000000,
        ),
        Column(
            name="shown_min",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Delivery time shown to the customer.",
            },
            unit="min",
            minimum=0,
            maximum=10000,
        ),
        Column(
            name="is_served",
            type=LogicalType.BOOLEAN,
            meaning={
                "en": "Whether any delivery was offered.",
            },
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
            name="local_hour",
            type=LogicalType.INTEGER,
            meaning={
                "en": "Hour of the local clock in which it happened.",
            },
            required=True,
            derived=True,
            unit="h",
            minimum=0,
            maximum=23,
        ),
        Column(
            name="slot_at",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "Start of the city's local half hour in which it happened, as UTC.",
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
    rules=(
        Rule(
            name="searched_after_seen",
            expression="searched_at >= seen_at",
            meaning={
                "en": "The search lies before the visit.",
            },
        ),
        Rule(
            name="asked_after_seen",
            expression="asked_at >= seen_at",
            meaning={
                "en": "The question lies before the visit.",
            },
        ),
        Rule(
            name="order_after_seen",
            expression="placed_at >= seen_at",
            meaning={
                "en": "The order lies before the visit.",
            },
        ),
    ),
    event_at=("seen_at",),
    owner="marketplace-operations",
    retention_months=24,
)
"""Contract of the table customer_sessions."""
