"""What was planted in a simulated day: the known truth against which diagnoses are scored.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict

from tiffin.kernel.contract import Column, LogicalType, Rule, TableContract


class Kind(StrEnum):
    """What was planted."""

    RAIN = "rain"
    RIDER_SHORTAGE = "rider_shortage"
    MERCHANT_OVERLOAD = "merchant_overload"
    DEMAND_SURGE = "demand_surge"


class Cause(StrEnum):
    """Cause that a diagnosis should name first."""

    LONGER_TRAVEL = "longer_travel"
    FEWER_RIDERS = "fewer_riders"
    SLOWER_MERCHANT = "slower_merchant"
    MORE_DEMAND = "more_demand"
    SLOWER_HANDOVER = "slower_handover"


class DisruptionsRow(TypedDict, total=False):
    """One row: one planted disruption."""

    disruption_id: str
    city_id: str
    zone_id: str | None
    kind: str
    cause: str
    starts_at: datetime
    ends_at: datetime
    strength: float
    merchant_id: str | None
    business_date: date
    source: str


DISRUPTIONS = TableContract(
    name="disruptions",
    version="1.0.0",
    meaning={
        "en": "What was planted in a simulated day: the known truth against which diagnoses are scored.",
    },
    grain="one planted disruption",
    key=("disruption_id",),
    columns=(
        Column(
            name="disruption_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Identifier of the disruption.",
            },
            required=True,
            max_length=128,
        ),
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
            name="zone_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Zone where it happened.",
            },
            max_length=128,
            references="zones.zone_id",
        ),
        Column(
            name="kind",
            type=LogicalType.STRING,
            meaning={
                "en": "What was planted.",
            },
            required=True,
            values=("rain", "rider_shortage", "merchant_overload", "demand_surge"),
        ),
        Column(
            name="cause",
            type=LogicalType.STRING,
            meaning={
                "en": "Cause that a diagnosis should name first.",
            },
            required=True,
            values=("longer_travel", "fewer_riders", "slower_merchant", "more_demand", "slower_handover"),
        ),
        Column(
            name="starts_at",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "When it begins.",
            },
            required=True,
        ),
        Column(
            name="ends_at",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "When it ends.",
            },
            required=True,
        ),
        Column(
            name="strength",
            type=LogicalType.NUMBER,
            meaning={
                "en": "How strong it is: the factor on what it changes, 1 is no change.",
            },
            required=True,
            minimum=0,
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
            name="ends_after_start",
            expression="ends_at > starts_at",
            meaning={
                "en": "The disruption ends before it begins.",
            },
        ),
    ),
    event_at=("starts_at",),
    owner="simulation",
    retention_months=120,
    limitations="Holds simulated facts only.",
)
"""Contract of the table disruptions."""
