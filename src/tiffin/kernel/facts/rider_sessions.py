"""Spans in which a rider was on shift, with what the rider did in them.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, Rule, TableContract


class Vehicle(StrEnum):
    """What the rider rides."""

    BICYCLE = "bicycle"
    MOTORCYCLE = "motorcycle"
    CAR = "car"
    VAN = "van"
    WALKER = "walker"
    SCOOTER = "scooter"
    OTHER = "other"


class RiderSessionsRow(TypedDict, total=False):
    """One row: one span on shift of one rider."""

    city_id: str
    rider_id: str
    on_at: datetime
    off_at: datetime | None
    zone_id: str | None
    vehicle: str | None
    fleet_id: str | None
    online_min: float | None
    busy_min: float | None
    waiting_min: float | None
    orders_delivered: int | None
    business_date: date
    source: str


RIDER_SESSIONS = TableContract(
    name="rider_sessions",
    version="1.0.0",
    meaning={
        "en": "Spans in which a rider was on shift, with what the rider did in them.",
    },
    grain="one span on shift of one rider",
    key=("city_id", "rider_id", "on_at"),
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
            name="rider_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Pseudonym of the rider.",
            },
            required=True,
            max_length=128,
            classification=Classification.PERSONAL,
            references="riders.rider_id",
        ),
        Column(
            name="on_at",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "When the rider went on shift.",
            },
            required=True,
        ),
        Column(
            name="off_at",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "When the rider went off shift; empty while still on.",
            },
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
            name="vehicle",
            type=LogicalType.STRING,
            meaning={
                "en": "What the rider rides.",
            },
            values=("bicycle", "motorcycle", "car", "van", "walker", "scooter", "other"),
        ),
        Column(
            name="fleet_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Fleet to which the rider belongs.",
            },
            max_length=128,
            references="fleets.fleet_id",
        ),
        Column(
            name="online_min",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Minutes on shift.",
            },
            unit="min",
            minimum=0,
            maximum=2880,
        ),
        Column(
            name="busy_min",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Minutes with an order in hand.",
            },
            unit="min",
            minimum=0,
            maximum=2880,
        ),
        Column(
            name="waiting_min",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Minutes on shift without an order.",
            },
            unit="min",
            minimum=0,
            maximum=2880,
        ),
        Column(
            name="orders_delivered",
            type=LogicalType.INTEGER,
            meaning={
                "en": "Orders delivered in the span.",
            },
            unit="orders",
            minimum=0,
            maximum=10000,
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
            name="off_after_on",
            expression="off_at >= on_at",
            meaning={
                "en": "The rider went off shift before going on.",
            },
        ),
        Rule(
            name="busy_within_online",
            expression="busy_min <= online_min + 0.5",
            meaning={
                "en": "The rider was busy for longer than on shift.",
            },
        ),
    ),
    event_at=("on_at",),
    owner="rider-operations",
    retention_months=36,
)
"""Contract of the table rider_sessions."""
