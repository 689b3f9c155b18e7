# ruff: noqa: E501 - meanings stand on one line, as the contract has them
"""Money given back to customers.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, TableContract


class RefundsRow(TypedDict, total=False):
    """One row: one refund."""

    city_id: str
    refund_id: str
    order_id: str | None
    refunded_at: datetime
    amount_minor: int
    currency: str
    reason: str | None
    zone_id: str | None
    merchant_id: str | None
    rider_id: str | None
    business_date: date
    source: str


REFUNDS = TableContract(
    name="refunds",
    version="1.0.0",
    meaning={
        "en": "Money given back to customers.",
    },
    grain="one refund",
    key=("city_id", "refund_id"),
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
            name="refund_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Identifier of the refund.",
            },
            required=True,
            max_length=128,
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
            name="refunded_at",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "When the refund was granted; the hand-over's instant where the source does not say.",
            },
            required=True,
        ),
        Column(
            name="amount_minor",
            type=LogicalType.INTEGER,
            meaning={
                "en": "Amount given back.",
            },
            required=True,
            unit="minor units",
            minimum=0,
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
            name="reason",
            type=LogicalType.STRING,
            meaning={
                "en": "Reason of the refund, in the source's own words or codes.",
            },
            max_length=200,
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
    event_at=("refunded_at",),
    owner="customer-service",
    retention_months=84,
)
"""Contract of the table refunds."""
