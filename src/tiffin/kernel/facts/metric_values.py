"""Published values of governed metrics, kept as they were published.

Generated from the contract, never edited by hand.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict

from tiffin.kernel.contract import Classification, Column, LogicalType, TableContract


class Grain(StrEnum):
    """Span of time that the value is of."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class MetricValuesRow(TypedDict, total=False):
    """One row: one published value."""

    metric: str
    version: str
    grain: str
    business_date: date
    scope: str
    published_at: datetime
    city_id: str | None
    value: float | None
    unit: str | None
    rows_behind: int | None
    receipt: str
    source: str


METRIC_VALUES = TableContract(
    name="metric_values",
    version="1.0.0",
    meaning={
        "en": "Published values of governed metrics, kept as they were published.",
    },
    grain="one published value",
    key=("metric", "version", "grain", "business_date", "scope", "published_at"),
    columns=(
        Column(
            name="metric",
            type=LogicalType.STRING,
            meaning={
                "en": "Name of the metric.",
            },
            required=True,
            max_length=128,
        ),
        Column(
            name="version",
            type=LogicalType.STRING,
            meaning={
                "en": "Version of its definition.",
            },
            required=True,
            max_length=64,
        ),
        Column(
            name="grain",
            type=LogicalType.STRING,
            meaning={
                "en": "Span of time that the value is of.",
            },
            required=True,
            values=("day", "week", "month"),
        ),
        Column(
            name="business_date",
            type=LogicalType.DATE,
            meaning={
                "en": "First business day of the span.",
            },
            required=True,
        ),
        Column(
            name="scope",
            type=LogicalType.STRING,
            meaning={
                "en": "Dimensions and values that the value is of, as JSON with sorted keys; {} for everything.",
            },
            required=True,
            max_length=2000,
        ),
        Column(
            name="published_at",
            type=LogicalType.TIMESTAMP,
            meaning={
                "en": "When it was published.",
            },
            required=True,
        ),
        Column(
            name="city_id",
            type=LogicalType.STRING,
            meaning={
                "en": "City that it concerns; empty where it concerns all.",
            },
            max_length=128,
            references="cities.city_id",
        ),
        Column(
            name="value",
            type=LogicalType.NUMBER,
            meaning={
                "en": "The value; empty where it is not defined.",
            },
            classification=Classification.CONFIDENTIAL,
        ),
        Column(
            name="unit",
            type=LogicalType.STRING,
            meaning={
                "en": "Unit of the value.",
            },
            max_length=64,
        ),
        Column(
            name="rows_behind",
            type=LogicalType.INTEGER,
            meaning={
                "en": "Rows of facts that went into it.",
            },
            unit="rows",
            minimum=0,
        ),
        Column(
            name="receipt",
            type=LogicalType.STRING,
            meaning={
                "en": "Receipt of the query, by which it can be computed again.",
            },
            required=True,
            max_length=128,
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
"""Contract of the table metric_values."""
