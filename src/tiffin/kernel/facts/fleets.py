"""Fleets that riders belong to: the marketplace's own, partners', agencies'.

Generated from the contract, never edited by hand.
"""

from datetime import date
from enum import StrEnum
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, Rule, TableContract


class Kind(StrEnum):
    """Whose fleet it is."""

    OWN = "own"
    PARTNER = "partner"
    AGENCY = "agency"


class FleetsRow(TypedDict, total=False):
    """One row: one fleet of one city."""

    city_id: str
    fleet_id: str
    name: str | None
    kind: str
    quota_riders: int | None
    since: date | None
    until: date | None
    source: str


FLEETS = TableContract(
    name="fleets",
    version="1.0.0",
    meaning={
        "en": "Fleets that riders belong to: the marketplace's own, partners', agencies'.",
    },
    grain="one fleet of one city",
    key=("city_id", "fleet_id"),
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
            name="fleet_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Identifier of the fleet.",
            },
            required=True,
            max_length=128,
        ),
        Column(
            name="name",
            type=LogicalType.STRING,
            meaning={
                "en": "Name of the fleet.",
            },
            max_length=200,
        ),
        Column(
            name="kind",
            type=LogicalType.STRING,
            meaning={
                "en": "Whose fleet it is.",
            },
            required=True,
            values=("own", "partner", "agency"),
        ),
        Column(
            name="quota_riders",
            type=LogicalType.INTEGER,
            meaning={
                "en": "Riders that the fleet undertakes to have on shift at the peak.",
            },
            unit="riders",
            minimum=0,
            classification=Classification.CONFIDENTIAL,
        ),
        Column(
            name="since",
            type=LogicalType.DATE,
            meaning={
                "en": "First day of the agreement.",
            },
        ),
        Column(
            name="until",
            type=LogicalType.DATE,
            meaning={
                "en": "Last day of the agreement; empty while it runs.",
            },
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
            name="until_after_since",
            expression="until >= since",
            meaning={
                "en": "The agreement ends before it begins.",
            },
        ),
    ),
    owner="rider-operations",
    retention_months=84,
)
"""Contract of the table fleets."""
