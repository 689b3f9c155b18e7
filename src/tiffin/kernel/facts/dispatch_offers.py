"""Orders offered to riders and what the riders answered.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, Rule, TableContract


class Outcome(StrEnum):
    """What became of the offer."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class DeclineReason(StrEnum):
    """Why the rider declined."""

    TOO_FAR = "too_far"
    LOW_PAY = "low_pay"
    MERCHANT_SLOW = "merchant_slow"
    AREA_UNSAFE = "area_unsafe"
    VEHICLE = "vehicle"
    BREAK = "break"
    OTHER = "other"


class DispatchOffersRow(TypedDict, total=False):
    """One row: one offer of one order to one rider."""

    city_id: str
    order_id: str
    rider_id: str
    offered_at: datetime
    answered_at: datetime | None
    outcome: str
    decline_reason: str | None
    distance_m: float | None
    pay_minor: int | None
    currency: str | None
    zone_id: str | None
    business_date: date
    source: str


DISPATCH_OFFERS = TableContract(
    name="dispatch_offers",
    version="1.0.0",
    meaning={
        "en": "Orders offered to riders and what the riders answered.",
    },
    grain="one offer of one order to one rider",
    key=("city_id", "order_id", "rider_id", "offered_at"),
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
            name="rider_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Pseudonym of the rider it concerns.",
            },
            required=True,
            max_length=128,
            classification=Classification.PERSONAL,
            references="riders.rider_id",
        ),
        Column(
            name="offered_at",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "When the order was offered to the rider.",
            },
            required=True,
        ),
        Column(
            name="answered_at",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "When the rider answered, or the offer expired.",
            },
        ),
        Column(
            name="outcome",
            type=LogicalType.STRING,
            meaning={
                "en": "What became of the offer.",
            },
            required=True,
            values=("accepted", "declined", "expired", "withdrawn"),
        ),
        Column(
            name="decline_reason",
            type=LogicalType.STRING,
            meaning={
                "en": "Why the rider declined.",
            },
            values=("too_far", "low_pay", "merchant_slow", "area_unsafe", "vehicle", "break", "other"),
        ),
        Column(
            name="distance_m",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Distance from the rider to the merchant when offered.",
            },
            unit="m",
            minimum=0,
            maximum=1000000,
        ),
        Column(
            name="pay_minor",
            type=LogicalType.INTEGER,
            meaning={
                "en": "Pay offered to the rider.",
            },
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
            pattern="^[A-Z]{3}$",
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
            name="answered_after_offered",
            expression="answered_at >= offered_at",
            meaning={
                "en": "The answer lies before the offer.",
            },
        ),
        Rule(
            name="decline_needs_outcome",
            expression="decline_reason IS NULL OR outcome = 'declined'",
            meaning={
                "en": "A reason to decline stands on an offer that was not declined.",
            },
        ),
        Rule(
            name="pay_needs_currency",
            expression="pay_minor IS NULL OR currency IS NOT NULL",
            meaning={
                "en": "An amount stands without its currency.",
            },
        ),
    ),
    event_at=("offered_at",),
    owner="rider-operations",
    retention_months=24,
)
"""Contract of the table dispatch_offers."""
