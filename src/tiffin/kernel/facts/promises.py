"""Every delivery time that was promised for an order, the first one and each change.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict

from tiffin.kernel.contract import Column, LogicalType, Rule, TableContract


class Shown(StrEnum):
    """Where the customer saw it."""

    LIST = "list"
    MERCHANT = "merchant"
    CHECKOUT = "checkout"
    TRACKING = "tracking"
    MESSAGE = "message"


class Reason(StrEnum):
    """Why an earlier promise was changed."""

    FIRST = "first"
    MERCHANT_LATE = "merchant_late"
    NO_RIDER = "no_rider"
    TRAFFIC = "traffic"
    WEATHER = "weather"
    CUSTOMER_ASKED = "customer_asked"
    OTHER = "other"


class PromisesRow(TypedDict, total=False):
    """One row: one promise for one order."""

    city_id: str
    order_id: str
    made_at: datetime
    promised_from: datetime | None
    promised_at: datetime
    shown: str | None
    policy: str | None
    policy_version: str | None
    reason: str | None
    zone_id: str | None
    business_date: date
    source: str


PROMISES = TableContract(
    name="promises",
    version="1.0.0",
    meaning={
        "en": "Every delivery time that was promised for an order, the first one and each change.",
    },
    grain="one promise for one order",
    key=("city_id", "order_id", "made_at"),
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
            name="made_at",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "When the promise was made.",
            },
            required=True,
        ),
        Column(
            name="promised_from",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "Earliest instant promised; empty where only the latest is.",
            },
        ),
        Column(
            name="promised_at",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "Latest instant promised.",
            },
            required=True,
        ),
        Column(
            name="shown",
            type=LogicalType.STRING,
            meaning={
                "en": "Where the customer saw it.",
            },
            values=("list", "merchant", "checkout", "tracking", "message"),
        ),
        Column(
            name="policy",
            type=LogicalType.STRING,
            meaning={
                "en": "Policy that made the promise.",
            },
            max_length=200,
        ),
        Column(
            name="policy_version",
            type=LogicalType.STRING,
            meaning={
                "en": "Version of that policy.",
            },
            max_length=64,
        ),
        Column(
            name="reason",
            type=LogicalType.STRING,
            meaning={
                "en": "Why an earlier promise was changed.",
            },
            values=("first", "merchant_late", "no_rider", "traffic", "weather", "customer_asked", "other"),
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
    rules=(
        Rule(
            name="promise_after_made",
            expression="promised_at >= made_at",
            meaning={
                "en": "The promised instant lies before the promise was made.",
            },
        ),
        Rule(
            name="promise_span",
            expression="promised_at >= promised_from",
            meaning={
                "en": "The promised span ends before it begins.",
            },
        ),
    ),
    event_at=("made_at",),
    owner="marketplace-operations",
    retention_months=84,
)
"""Contract of the table promises."""
