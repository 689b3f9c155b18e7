"""Which days of which country are due, and by when their facts should have been there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tiffin.capabilities.metrics import service as metrics
from tiffin.capabilities.quality.domain import Parameters
from tiffin.engines.metrics.definitions import Metric, Tier
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.time import Days
from tiffin.runtime.context import Context

_CITIES = "SELECT city_id, country, timezone, cutoff_min FROM cities"
_NEWEST = "SELECT max(business_date) AS newest FROM orders"
_PLACED = {"country", "business_date"}
_LAST_FIRST = timedelta(days=1)
_OWN = frozenset({"city_days", "check_results"})
"""Tables with days that the platform writes itself; no feed brings them."""


@dataclass(frozen=True, slots=True)
class Place:
    """A city as far as its days are concerned."""

    city_id: str
    country: str
    timezone: str
    cutoff_min: int


def places(context: Context) -> tuple[Place, ...]:
    """List the cities of known country and zone."""
    rows = context.warehouse.query_text(_CITIES).to_pylist()
    return tuple(
        Place(row["city_id"], row["country"], row["timezone"], row["cutoff_min"] or 0)
        for row in rows
        if row["country"] and row["timezone"]
    )


def countries_of(listed: Iterable[Place]) -> Mapping[str, tuple[Place, ...]]:
    """Group cities by country."""
    found: dict[str, list[Place]] = {}
    for one in listed:
        found.setdefault(one.country, []).append(one)
    return {country: tuple(cities) for country, cities in sorted(found.items())}


def promised(context: Context) -> tuple[Metric, ...]:
    """List the certified metrics with targets that have a value by country and day."""
    return tuple(
        metric
        for metric in metrics.list_metrics(context)
        if metric.tier is Tier.CERTIFIED
        and metric.targets is not None
        and {dimension.name for dimension in metrics.dimensions_of(context, metric.name)} >= _PLACED
    )


def tables_of(context: Context, metric: Metric) -> tuple[str, ...]:
    """Name the fact tables with days of their own that a metric reads."""
    read = {table for table, _ in metrics.lineage(context, metric.name).columns}
    return tuple(sorted(table for table in read if has_days(table)))


def has_days(table: str) -> bool:
    """Tell whether a table's rows belong to a city and a business day, and come with a feed."""
    columns = {column.name for column in TABLES[table].columns} if table in TABLES else set()
    return {"city_id", "business_date"} <= columns and table not in _OWN


def deadline(cities: Iterable[Place], day: date, ready_by: str) -> datetime:
    """Tell when a day's facts must be there: the hour of the next morning in the city where it comes last."""
    hour, minute = (int(part) for part in ready_by.split(":"))
    morning = datetime.combine(day + _LAST_FIRST, time(hour, minute))
    return max(morning.replace(tzinfo=ZoneInfo(city.timezone)).astimezone(UTC) for city in cities)


def end_of(cities: Iterable[Place], day: date) -> datetime:
    """Tell when a business day has ended in all its cities."""
    midnight = datetime.combine(day + _LAST_FIRST, time())
    return max(
        (midnight + timedelta(minutes=city.cutoff_min)).replace(tzinfo=ZoneInfo(city.timezone)).astimezone(UTC)
        for city in cities
    )


def last_day(context: Context) -> date | None:
    """Give the newest business day that has orders and is over; a running day is no day yet."""
    last: date | None = context.warehouse.query_text(_NEWEST).column("newest").to_pylist()[0]
    return min(last, (context.now - _LAST_FIRST).date()) if last else None


def due_days(
    context: Context, cities: tuple[Place, ...], ready_by: str, *, newest: date, parameters: Parameters
) -> Days:
    """Give the days that could be settled now: the newest ones with facts, as far back as settling catches up."""
    last = newest
    wait = timedelta(days=parameters.settled_after_days - 1)
    while deadline(cities, last, ready_by) + wait > context.now:
        last -= _LAST_FIRST
    return Days(last - timedelta(days=parameters.catch_up_days - 1), last)
