"""Each time somebody used a campaign.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, TableContract


class RedemptionsRow(TypedDict, total=False):
    """One row: one use of a campaign."""

    city_id: str
    redemption_id: str
    campaign_id: str
    redeemed_at: datetime
    order_id: str | None
    customer_id: str | None
    rider_id: str | None
    amount_minor: int
    currency: str
    zone_id: str | None
    business_date: date
    source: str


REDEMPTIONS = TableContract(
    name="redemptions",
    version="1.0.0",
    meaning={
        "en": "Each time somebody used a campaign.",
    },
    grain="one use of a campaign",
    key=("city_id", "redemption_id"),
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
            name="redemption_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Identifier of the use.",
            },
            required=True,
            max_length=128,
        ),
        Column(
            name="campaign_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Campaign that was used.",
            },
            required=True,
            max_length=128,
            references="campaigns.campaign_id",
        ),
        Column(
            name="redeemed_at",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "When it was used.",
            },
            required=True,
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
            name="customer_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Pseudonym of the customer.",
            },
            max_length=128,
            classification=Classification.PERSONAL,
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
            name="amount_minor",
            type=LogicalType.INTEGER,
            meaning={
                "en": "What it was worth.",
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
    event_at=("redeemed_at",),
    owner="campaign-management",
    retention_months=84,
)
"""Contract of the table redemptions."""
