"""Numbers by country and day, read in one request."""

from collections.abc import Mapping, Sequence
from datetime import date

import pyarrow as pa

from tiffin.capabilities.metrics import service as metrics
from tiffin.capabilities.quality.service.days import Place
from tiffin.engines.metrics.request import MetricRequest
from tiffin.kernel.time import Days
from tiffin.runtime.context import Context

Key = tuple[str, str, date]
"""Metric, country, day."""

_AT_ONCE = 25


def values_by_day(context: Context, names: Sequence[str], days: Days) -> Mapping[Key, float]:
    """Give the value of each metric in each country on each day; what has none is left out."""
    found: dict[Key, float] = {}
    for start in range(0, len(names), _AT_ONCE):
        part = tuple(names[start : start + _AT_ONCE])
        answer = metrics.query(context, MetricRequest(part, by=("country", "business_date"), days=days))
        for country, day, *values in answer.rows:
            if country is not None and day is not None:
                found |= {
                    (name, country, day): float(value)
                    for name, value in zip(part, values, strict=True)
                    if value is not None
                }
    return found


def by_country(rows: pa.Table, places: Mapping[str, Place], column: str = "value") -> Mapping[tuple[str, date], float]:
    """Add up a column of rows by city and business day over the cities of each country."""
    found: dict[tuple[str, date], float] = {}
    parts = (rows.column(name).to_pylist() for name in ("city_id", "business_date", column))
    for city_id, day, value in zip(*parts, strict=True):
        if city_id in places and day is not None:
            key = (places[city_id].country, day)
            found[key] = found.get(key, 0.0) + float(value or 0)
    return found
