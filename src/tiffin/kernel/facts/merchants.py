"""Shops and restaurants that sell on the marketplace.

Generated from the contract, never edited by hand.
"""

from typing import TypedDict

from tiffin.kernel.contract import Column, LogicalType, TableContract


class MerchantsRow(TypedDict, total=False):
    """One row: one merchant of one city."""

    city_id: str
    merchant_id: str
    name: str | None
    category: str | None
    zone_id: str | None
    latitude: float | None
    longitude: float | None
    x_m: float | None
    y_m: float | None
    source: str


MERCHANTS = TableContract(
    name="merchants",
    version="1.0.0",
    meaning={
        "en": "Shops and restaurants that sell on the marketplace.",
    },
    grain="one merchant of one city",
    key=("city_id", "merchant_id"),
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
                "en": "Identifier of the merchant.",
            },
            required=True,
            max_length=128,
        ),
        Column(
            name="name",
            type=LogicalType.STRING,
            meaning={
                "en": "Name of the merchant.",
            },
            max_length=300,
        ),
        Column(
            name="category",
            type=LogicalType.STRING,
            meaning={
                "en": "What the merchant sells: a kitchen, a grocery, a pharmacy.",
            },
            max_length=200,
        ),
        Column(
            name="zone_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Zone in which the merchant stands.",
            },
            max_length=128,
            references="zones.zone_id",
        ),
        Column(
            name="latitude",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Latitude (WGS 84).",
            },
            unit="degrees",
            minimum=-90,
            maximum=90,
        ),
        Column(
            name="longitude",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Longitude (WGS 84).",
            },
            unit="degrees",
            minimum=-180,
            maximum=180,
        ),
        Column(
            name="x_m",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Distance east of the city's origin, where places are given on a plane.",
            },
            unit="m",
        ),
        Column(
            name="y_m",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Distance north of the city's origin, where places are given on a plane.",
            },
            unit="m",
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
    owner="merchant-operations",
    retention_months=84,
)
"""Contract of the table merchants."""
