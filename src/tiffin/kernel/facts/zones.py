"""Areas of a city by which demand and supply are compared: H3 cells or named polygons.

Generated from the contract, never edited by hand.
"""

from typing import TypedDict

from tiffin.kernel.contract import Column, LogicalType, TableContract


class ZonesRow(TypedDict, total=False):
    """One row: one zone of one city."""

    city_id: str
    zone_id: str
    name: str | None
    h3_cell: str | None
    polygon: str | None
    latitude: float | None
    longitude: float | None
    source: str


ZONES = TableContract(
    name="zones",
    version="1.0.0",
    meaning={
        "en": "Areas of a city by which demand and supply are compared: H3 cells or named polygons.",
    },
    grain="one zone of one city",
    key=("city_id", "zone_id"),
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
                "en": "Identifier of the zone; an H3 cell of resolution 8 where no named zones are given.",
            },
            required=True,
            max_length=128,
        ),
        Column(
            name="name",
            type=LogicalType.STRING,
            meaning={
                "en": "Name of the zone.",
            },
            max_length=200,
        ),
        Column(
            name="h3_cell",
            type=LogicalType.STRING,
            meaning={
                "en": "H3 cell that the zone is, or that holds its centre.",
            },
            pattern="^[0-9a-f]{15}$",
        ),
        Column(
            name="polygon",
            type=LogicalType.STRING,
            meaning={
                "en": "Outline as GeoJSON geometry.",
            },
            max_length=200000,
        ),
        Column(
            name="latitude",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Latitude of the centre (WGS 84).",
            },
            unit="degrees",
            minimum=-90,
            maximum=90,
        ),
        Column(
            name="longitude",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Longitude of the centre (WGS 84).",
            },
            unit="degrees",
            minimum=-180,
            maximum=180,
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
    owner="data-stewards",
    retention_months=120,
)
"""Contract of the table zones."""
