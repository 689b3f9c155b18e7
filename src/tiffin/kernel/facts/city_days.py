# ruff: noqa: E501 - meanings stand on one line, as the contract has them
"""The calendar of each city: weekends, public holidays, Ramadan.

Generated from the contract, never edited by hand.
"""

from datetime import date
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, TableContract


class CityDaysRow(TypedDict, total=False):
    """One row: one business day of one city."""

    city_id: str
    business_date: date
    weekday: int
    is_weekend: bool
    holiday: str | None
    is_ramadan: bool
    hijri_date: str | None
    source: str


CITY_DAYS = TableContract(
    name="city_days",
    version="1.0.0",
    meaning={
        "en": "The calendar of each city: weekends, public holidays, Ramadan.",
    },
    grain="one business day of one city",
    key=("city_id", "business_date"),
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
            name="business_date",
            type=LogicalType.DATE,
            meaning={
                "en": "Business day of the city.",
            },
            required=True,
        ),
        Column(
            name="weekday",
            type=LogicalType.INTEGER,
            meaning={
                "en": "ISO weekday, Monday is 1.",
            },
            required=True,
            minimum=1,
            maximum=7,
            classification=Classification.PUBLIC,
        ),
        Column(
            name="is_weekend",
            type=LogicalType.BOOLEAN,
            meaning={
                "en": "Whether the day is weekend in that city.",
            },
            required=True,
            classification=Classification.PUBLIC,
        ),
        Column(
            name="holiday",
            type=LogicalType.STRING,
            meaning={
                "en": "Name of the public holiday, in English; empty on other days.",
            },
            max_length=200,
            classification=Classification.PUBLIC,
        ),
        Column(
            name="is_ramadan",
            type=LogicalType.BOOLEAN,
            meaning={
                "en": "Whether the day falls in Ramadan by the Umm al-Qura calendar.",
            },
            required=True,
            classification=Classification.PUBLIC,
        ),
        Column(
            name="hijri_date",
            type=LogicalType.STRING,
            meaning={
                "en": "Date in the Hijri calendar (Umm al-Qura), year-month-day; empty where the calendar does not reach.",
            },
            pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
            classification=Classification.PUBLIC,
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
"""Contract of the table city_days."""
