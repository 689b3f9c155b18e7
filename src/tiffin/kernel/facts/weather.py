"""Weather observed in a city.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, TableContract


class WeatherRow(TypedDict, total=False):
    """One row: one observation in one city."""

    city_id: str
    observed_at: datetime
    temperature_c: float | None
    wind_m_s: float | None
    precipitation_mm: float | None
    cloud_share: float | None
    business_date: date
    local_hour: int
    source: str


WEATHER = TableContract(
    name="weather",
    version="1.0.0",
    meaning={
        "en": "Weather observed in a city.",
    },
    grain="one observation in one city",
    key=("city_id", "observed_at"),
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
            name="observed_at",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "When it was observed.",
            },
            required=True,
            classification=Classification.PUBLIC,
        ),
        Column(
            name="temperature_c",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Air temperature.",
            },
            unit="°C",
            minimum=-90,
            maximum=65,
            classification=Classification.PUBLIC,
        ),
        Column(
            name="wind_m_s",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Wind speed.",
            },
            unit="m/s",
            minimum=0,
            maximum=120,
            classification=Classification.PUBLIC,
        ),
        Column(
            name="precipitation_mm",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Rain or melted snow; in the hour before the observation where the source says nothing else.",
            },
            unit="mm",
            minimum=0,
            maximum=500,
            classification=Classification.PUBLIC,
        ),
        Column(
            name="cloud_share",
            type=LogicalType.NUMBER,
            meaning={
                "en": "Share of the sky under cloud.",
            },
            unit="share",
            minimum=0,
            maximum=1,
            classification=Classification.PUBLIC,
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
    event_at=("observed_at",),
    owner="data-stewards",
    retention_months=120,
)
"""Contract of the table weather."""
