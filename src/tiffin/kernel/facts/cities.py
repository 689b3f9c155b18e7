"""Cities in which the marketplace works, each with the clock, day and money that its figures are kept in.

Generated from the contract, never edited by hand.
"""

from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, TableContract


class CitiesRow(TypedDict, total=False):
    """One row: one city."""

    city_id: str
    name: str
    country: str
    timezone: str
    timezone_known: bool
    cutoff_min: int
    weekend: str
    currency: str
    latitude: float | None
    longitude: float | None
    is_simulated: bool
    source: str


CITIES = TableContract(
    name="cities",
    version="1.0.0",
    meaning={
        "en": "Cities in which the marketplace works, each with the clock, day and money that its figures are kept in.",
    },
    grain="one city",
    key=("city_id",),
    columns=(
        Column(
            name="city_id",
            type=LogicalType.STRING,
            meaning={
                "en": "Stable identifier of the city.",
            },
            required=True,
            max_length=128,
        ),
        Column(
            name="name",
            type=LogicalType.STRING,
            meaning={
                "en": "Name of the city.",
            },
            required=True,
            max_length=200,
        ),
        Column(
            name="country",
            type=LogicalType.STRING,
            meaning={
                "en": "ISO 3166-1 code of the country; ZZ where the source does not say.",
            },
            required=True,
            pattern="^[A-Z]{2}$",
            classification=Classification.PUBLIC,
        ),
        Column(
            name="timezone",
            type=LogicalType.STRING,
            meaning={
                "en": "IANA name of the city's time zone.",
            },
            required=True,
            max_length=64,
            classification=Classification.PUBLIC,
        ),
        Column(
            name="timezone_known",
            type=LogicalType.BOOLEAN,
            meaning={
                "en": "Whether the source states the time zone; where it does not, UTC stands in.",
            },
            required=True,
        ),
        Column(
            name="cutoff_min",
            type=LogicalType.INTEGER,
            meaning={
                "en": "Minutes after local midnight at which a business day begins.",
            },
            required=True,
            unit="min",
            minimum=0,
            maximum=1439,
        ),
        Column(
            name="weekend",
            type=LogicalType.STRING,
            meaning={
                "en": "ISO weekdays (Monday 1) that are the weekend, separated by commas.",
            },
            required=True,
            pattern="^([1-7](,[1-7])*)?$",
            classification=Classification.PUBLIC,
        ),
        Column(
            name="currency",
            type=LogicalType.STRING,
            meaning={
                "en": "ISO 4217 code of the city's currency.",
            },
            required=True,
            pattern="^[A-Z]{3}$",
            classification=Classification.PUBLIC,
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
            name="is_simulated",
            type=LogicalType.BOOLEAN,
            meaning={
                "en": "Whether the city exists only in a simulation.",
            },
            required=True,
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
    usage="Every local date, hour and amount is read through this table.",
)
"""Contract of the table cities."""
