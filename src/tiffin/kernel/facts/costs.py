# ruff: noqa: E501 - meanings stand on one line, as the contract has them
"""What the marketplace spends: rider pay, incentives, support, compensation.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, TableContract


class Kind(StrEnum):
    """What the money was spent on."""

    RIDER_PAY = "rider_pay"
    RIDER_INCENTIVE = "rider_incentive"
    PROMOTION = "promotion"
    SUPPORT = "support"
    COMPENSATION = "compensation"
    PAYMENT = "payment"
    EQUIPMENT = "equipment"
    OTHER = "other"


class Basis(StrEnum):
    """What the amount is per."""

    ORDER = "order"
    RIDER_HOUR = "rider_hour"
    RIDER_DAY = "rider_day"
    CONTACT = "contact"
    MONTH = "month"


class CostsRow(TypedDict, total=False):
    """One row: one cost entry."""

    city_id: str
    cost_id: str
    incurred_at: datetime
    kind: str
    basis: str
    amount_minor: int
    currency: str
    order_id: str | None
    rider_id: str | None
    merchant_id: str | None
    zone_id: str | None
    campaign_id: str | None
    business_date: date
    source: str


COSTS = TableContract(
    name="costs",
    version="1.0.0",
    meaning={
        "en": "What the marketplace spends: rider pay, incentives, support, compensation.",
    },
    grain="one cost entry",
    key=("city_id", "cost_id"),
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
            name="cost_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Identifier of the entry.",
            },
            required=True,
            max_length=128,
        ),
        Column(
            name="incurred_at",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "When the cost arose.",
            },
            required=True,
        ),
        Column(
            name="kind",
            type=LogicalType.STRING,
            meaning={
                "en": "What the money was spent on.",
            },
            required=True,
            values=(
                "rider_pay",
                "rider_incentive",
                "promotion",
                "support",
                "compensation",
                "payment",
                "equipment",
                "other",
            ),
        ),
        Column(
            name="basis",
            type=LogicalType.STRING,
            meaning={
                "en": "What the amount is per.",
            },
            required=True,
            values=("order", "rider_hour", "rider_day", "contact", "month"),
        ),
        Column(
            name="amount_minor",
            type=LogicalType.INTEGER,
            meaning={
                "en": "Amount; a correction downwards is negative.",
            },
            required=True,
            unit="minor units",
            classification=Classification.CONFIDENTIAL,
        ),
        Column(
            name="currency",
            type=LogicalType.STRING,
            meaning={
                "en": "ISO 4217 code of the currency of the amounts.",
            },
            required=True,
            pattern="^[A-Z]{3}$",
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
            name="merchant_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Merchant it concerns.",
            },
            max_length=128,
            references="merchants.merchant_id",
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
            name="campaign_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Campaign that caused it.",
            },
            max_length=128,
            references="campaigns.campaign_id",
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
    event_at=("incurred_at",),
    owner="finance-operations",
    retention_months=120,
)
"""Contract of the table costs."""
