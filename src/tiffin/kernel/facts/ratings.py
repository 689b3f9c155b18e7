# ruff: noqa: E501 - meanings stand on one line, as the contract has them
"""What customers think of an order, in stars.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, TableContract


class RatingsRow(TypedDict, total=False):
    """One row: one rating of one order."""

    city_id: str
    order_id: str
    rated_at: datetime
    stars: int
    zone_id: str | None
    merchant_id: str | None
    rider_id: str | None
    business_date: date
    source: str


RATINGS = TableContract(
    name="ratings",
    version="1.0.0",
    meaning={
        "en": "What customers think of an order, in stars.",
    },
    grain="one rating of one order",
    key=("city_id", "order_id", "rated_at"),
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
            name="rated_at",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "When the customer rated.",
            },
            required=True,
        ),
        Column(
            name="stars",
            type=LogicalType.INTEGER,
            meaning={
                "en": "Stars given, five is best.",
            },
            required=True,
            unit="stars",
            minimum=0,
            maximum=5,
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
            name="merchant_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Merchant it concerns.",
            },
            max_length=128,
            references="merchants.merchant_id",
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
                "en": "Business day of the order it concerns; where the order's instant is not known, of the row's own instant.",
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
    event_at=("rated_at",),
    owner="experience-management",
    retention_months=36,
)
"""Contract of the table ratings."""
