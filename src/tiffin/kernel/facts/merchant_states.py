"""Changes of a merchant's state: open, busy, paused, closed.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict

from tiffin.kernel.contract import Column, LogicalType, TableContract


class State(StrEnum):
    """State that began."""

    OPEN = "open"
    BUSY = "busy"
    PAUSED = "paused"
    CLOSED = "closed"


class ChangedBy(StrEnum):
    """Who changed it."""

    MERCHANT = "merchant"
    PLATFORM = "platform"
    SCHEDULE = "schedule"


class MerchantStatesRow(TypedDict, total=False):
    """One row: one change of state of one merchant."""

    city_id: str
    merchant_id: str
    at: datetime
    state: str
    changed_by: str | None
    reason: str | None
    extra_preparation_min: float | None
    zone_id: str | None
    business_date: date
    source: str


MERCHANT_STATES = TableContract(
    name="merchant_states",
    version="1.0.0",
    meaning={
        "en": "Changes of a merchant's state: open, busy, paused, closed.",
    },
    grain="one change of state of one merchant",
    key=("city_id", "merchant_id", "at"),
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
            name="merchant_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Merchant it concerns.",
            },
            required=True,
            max_length=128,
            references="merchants.merchant_id",
        ),
        Column(
            name="at",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "When the state began.",
            },
            required=True,
        ),
        Column(
            name="state",
            type=LogicalType.STRING,
            meaning={
                "en": "State that began.",
            },
            required=True,
            values=("open", "busy", "paused", "closed"),
        ),
        Column(
            name="changed_by",
            type=LogicalType.STRING,
            meaning={
                "en": "Who changed it.",
            },
            values=("merchant", "platform", "schedule"),
        ),
        Column(
            name="reason",
            type=LogicalType.STRING,
            meaning={
                "en": "Why it changed, in the source's own words or codes.",
            },
            max_length=200,
        ),
        Column(
            name="extra_preparation_min",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Minutes added to the usual preparation time.",
            },
            unit="min",
            minimum=0,
            maximum=1440,
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
    owner="merchant-operations",
    retention_months=36,
)
"""Contract of the table merchant_states."""
