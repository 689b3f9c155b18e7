"""Where riders were, as their phones reported it.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, TableContract


class State(StrEnum):
    """What the rider was doing."""

    OFFLINE = "offline"
    IDLE = "idle"
    TO_MERCHANT = "to_merchant"
    AT_MERCHANT = "at_merchant"
    TO_CUSTOMER = "to_customer"
    AT_CUSTOMER = "at_customer"


class RiderPositionsRow(TypedDict, total=False):
    """One row: one report of one rider."""

    city_id: str
    rider_id: str
    at: datetime
    latitude: float
    longitude: float
    accuracy_m: float | None
    speed_m_s: float | None
    state: str | None
    order_id: str | None
    zone_id: str | None
    business_date: date
    source: str


RIDER_POSITIONS = TableContract(
    name="rider_positions",
    version="1.0.0",
    meaning={
        "en": "Where riders were, as their phones reported it.",
    },
    grain="one report of one rider",
    key=("city_id", "rider_id", "at"),
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
            name="at",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "When the phone reported.",
            },
            required=True,
        ),
        Column(
            name="latitude",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Latitude (WGS 84).",
            },
            required=True,
            unit="degrees",
            minimum=-90,
            maximum=90,
            classification=Classification.PERSONAL,
        ),
        Column(
            name="longitude",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Longitude (WGS 84).",
            },
            required=True,
            unit="degrees",
            minimum=-180,
            maximum=180,
            classification=Classification.PERSONAL,
        ),
        Column(
            name="accuracy_m",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Radius within which the position holds.",
            },
            unit="m",
            minimum=0,
            maximum=100000,
        ),
        Column(
            name="speed_m_s",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Speed over ground.",
            },
            unit="m/s",
            minimum=0,
            maximum=120,
            classification=Classification.PERSONAL,
        ),
        Column(
            name="state",
            type=LogicalType.STRING,
            meaning={
                "en": "What the rider was doing.",
            },
            values=("offline", "idle", "to_merchant", "at_merchant", "to_customer", "at_customer"),
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
    event_at=("at",),
    owner="rider-operations",
    retention_months=3,
    limitations="Kept for the shortest time of all tables: it shows a person's movements.",
)
"""Contract of the table rider_positions."""
