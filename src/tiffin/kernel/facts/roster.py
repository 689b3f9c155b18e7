"""Shifts that riders took or were given.

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


class Status(StrEnum):
    """State of the shift."""

    PLANNED = "planned"
    CHOSEN = "chosen"
    ASSIGNED = "assigned"
    SWAPPED = "swapped"
    DROPPED = "dropped"
    CANCELLED = "cancelled"


class RosterRow(TypedDict, total=False):
    """One row: one shift of one rider."""

    city_id: str
    rider_id: str
    shift_id: str
    starts_at: datetime
    ends_at: datetime
    zone_id: str | None
    vehicle: str | None
    fleet_id: str | None
    status: str
    version: str
    decided_at: datetime | None
    break_min: float | None
    business_date: date
    source: str


ROSTER = TableContract(
    name="roster",
    version="1.0.0",
    meaning={
        "en": "Shifts that riders took or were given.",
    },
    grain="one shift of one rider",
    key=("city_id", "rider_id", "starts_at"),
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
                "en": "Pseudonym of the rider it concerns.",
            },
            required=True,
            max_length=128,
            classification=Classification.PERSONAL,
            references="riders.rider_id",
        ),
        Column(
            name="shift_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Shift that was offered.",
            },
            required=True,
            max_length=128,
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
            name="zone_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Zone in which the rider is to work.",
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
            name="status",
            type=LogicalType.STRING,
            meaning={
                "en": "State of the shift.",
            },
            required=True,
            values=("planned", "chosen", "assigned", "swapped", "dropped", "cancelled"),
        ),
        Column(
            name="version",
            type=LogicalType.STRING,
            meaning={
                "en": "Version of the roster in which it stands.",
            },
            required=True,
            max_length=64,
        ),
        Column(
            name="decided_at",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "When the rider took it or the platform gave it.",
            },
        ),
        Column(
            name="break_min",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Minutes of break within it.",
            },
            unit="min",
            minimum=0,
            maximum=1440,
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
            name="shift_ends_after_start",
            expression="ends_at > starts_at",
            meaning={
                "en": "The shift ends before it begins.",
            },
        ),
        Rule(
            name="shift_within_a_day",
            expression="seconds_between(starts_at, ends_at) <= 86400",
            meaning={
                "en": "The shift is longer than a day.",
            },
        ),
    ),
    event_at=("starts_at",),
    owner="shift-planning",
    retention_months=36,
)
"""Contract of the table roster."""
