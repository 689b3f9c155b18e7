"""Demand and supply of a zone in a span of time: the market's balance as it was.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from typing import TypedDict

from tiffin.kernel.contract import Column, LogicalType, Rule, TableContract


class MarketplaceSlotsRow(TypedDict, total=False):
    """One row: one zone and one slot."""

    city_id: str
    zone_id: str
    slot_at: datetime
    slot_min: int
    demand_orders: float | None
    lost_orders: float | None
    people_asked: float | None
    people_unserved: float | None
    riders_on_shift: float | None
    riders_busy: float | None
    outstanding_orders: float | None
    online_min: float | None
    busy_min: float | None
    waiting_min: float | None
    orders_finished: float | None
    riders_active: float | None
    business_date: date
    local_hour: int
    source: str


MARKETPLACE_SLOTS = TableContract(
    name="marketplace_slots",
    version="1.0.0",
    meaning={
        "en": "Demand and supply of a zone in a span of time: the market's balance as it was.",
    },
    grain="one zone and one slot",
    key=("city_id", "zone_id", "slot_at"),
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
            name="zone_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Zone that the figures are of.",
            },
            required=True,
            max_length=128,
            references="zones.zone_id",
        ),
        Column(
            name="slot_at",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "Start of the slot, as UTC.",
            },
            required=True,
        ),
        Column(
            name="slot_min",
            type=LogicalType.INTEGER,
            meaning={
                "en": "Length of the slot.",
            },
            required=True,
            unit="min",
            minimum=1,
            maximum=1440,
        ),
        Column(
            name="demand_orders",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Orders asked for in the slot, the lost ones too.",
            },
            unit="orders",
            minimum=0,
        ),
        Column(
            name="lost_orders",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Orders that nobody was there to carry.",
            },
            unit="orders",
            minimum=0,
        ),
        Column(
            name="people_asked",
            type=LogicalType.NUMBER,
            meaning={
                "en": "People who looked for delivery in the slot.",
            },
            unit="people",
            minimum=0,
        ),
        Column(
            name="people_unserved",
            type=LogicalType.NUMBER,
            meaning={
                "en": "People who looked and were offered none.",
            },
            unit="people",
            minimum=0,
        ),
        Column(
            name="riders_on_shift",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Riders on shift, mean over the slot.",
            },
            unit="riders",
            minimum=0,
        ),
        Column(
            name="riders_busy",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Riders with an order in hand, mean over the slot.",
            },
            unit="riders",
            minimum=0,
        ),
        Column(
            name="outstanding_orders",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Orders placed and not yet delivered, mean over the slot.",
            },
            unit="orders",
            minimum=0,
        ),
        Column(
            name="online_min",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Rider minutes on shift in the slot.",
            },
            unit="min",
            minimum=0,
        ),
        Column(
            name="busy_min",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Rider minutes with an order in hand in the slot.",
            },
            unit="min",
            minimum=0,
        ),
        Column(
            name="waiting_min",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Rider minutes on shift without an order in the slot.",
            },
            unit="min",
            minimum=0,
        ),
        Column(
            name="orders_finished",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Orders delivered in the slot.",
            },
            unit="orders",
            minimum=0,
        ),
        Column(
            name="riders_active",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Different riders on shift at any time in the slot.",
            },
            unit="riders",
            minimum=0,
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
            name="local_hour",
            type=LogicalType.INTEGER,
            meaning={
                "en": "Hour of the local clock in which it happened.",
            },
            required=True,
            derived=True,
            unit="h",
            minimum=0,
            maximum=23,
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
            name="lost_within_demand",
            expression="lost_orders <= demand_orders",
            meaning={
                "en": "More orders were lost than asked for.",
            },
        ),
        Rule(
            name="unserved_within_asked",
            expression="people_unserved <= people_asked",
            meaning={
                "en": "More people were unserved than asked.",
            },
        ),
    ),
    event_at=("slot_at",),
    owner="marketplace-operations",
    retention_months=84,
    limitations="A source may know only demand or only supply; what it does not know is empty, not zero.",
)
"""Contract of the table marketplace_slots."""
