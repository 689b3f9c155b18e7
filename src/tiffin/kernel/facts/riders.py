"""People who carry orders, under a pseudonym.

Generated from the contract, never edited by hand.
"""

from datetime import datetime
from enum import StrEnum
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, TableContract


class Vehicle(StrEnum):
    """What the rider rides."""

    BICYCLE = "bicycle"
    MOTORCYCLE = "motorcycle"
    CAR = "car"
    VAN = "van"
    WALKER = "walker"
    SCOOTER = "scooter"
    OTHER = "other"


class RidersRow(TypedDict, total=False):
    """One row: one rider of one city."""

    city_id: str
    rider_id: str
    vehicle: str | None
    fleet_id: str | None
    joined_at: datetime | None
    source: str


RIDERS = TableContract(
    name="riders",
    version="1.0.0",
    meaning={
        "en": "People who carry orders, under a pseudonym.",
    },
    grain="one rider of one city",
    key=("city_id", "rider_id"),
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
            name="joined_at",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "When the rider joined the marketplace.",
            },
            classification=Classification.PERSONAL,
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
    owner="rider-operations",
    retention_months=36,
    limitations="Names, numbers and papers of riders are kept elsewhere, under a key per person.",
)
"""Contract of the table riders."""
