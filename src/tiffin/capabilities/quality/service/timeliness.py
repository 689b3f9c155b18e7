"""How much of each day had arrived by the hour that was promised, from the history of the tables themselves."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from tiffin.capabilities.quality import queries
from tiffin.capabilities.quality.service.days import Place, countries_of, deadline, end_of
from tiffin.capabilities.quality.service.values import by_country
from tiffin.kernel.time import Days
from tiffin.runtime.context import Context
from tiffin.runtime.warehouse.moments import version_at
from tiffin.runtime.warehouse.opening import open_store, open_warehouse

CountryDay = tuple[str, date]


@dataclass(frozen=True, slots=True)
class Arrival:
    """The rows of a table on a day of a country: at the promised hour, and now."""

    in_time: float
    now: float

    @property
    def share(self) -> float:
        """Share that had arrived; a restatement that took rows away leaves it at one."""
        return min(self.in_time / self.now, 1.0)


def arrivals(
    context: Context, table: str, listed: tuple[Place, ...], days: Mapping[str, Days], ready_by: str
) -> Mapping[CountryDay, Arrival]:
    """Tell what had arrived of each country's days; a day that had ended before the table's first load is left out.

    Facts of a day before anything was loaded are history that was brought in later: nobody promised them for a morning.
    """
    history = open_store(context.workspace).history(table)
    if not history:
        return {}
    began = min(commit.at for commit in history)
    hours: dict[CountryDay, datetime] = {}
    for country, cities in countries_of(listed).items():
        span = days.get(country)
        for number in range(len(span) if span else 0):
            day = date.fromordinal(span.first.toordinal() + number) if span else date.min
            if end_of(cities, day) >= began:
                hours[country, day] = deadline(cities, day, ready_by)
    versions = {key: version_at(history, hour) for key, hour in hours.items()}
    return _counted(context, table, {one.city_id: one for one in listed}, versions)


def _counted(
    context: Context, table: str, places: Mapping[str, Place], versions: Mapping[CountryDay, int | None]
) -> Mapping[CountryDay, Arrival]:
    if not versions:
        return {}
    now = _rows(context, table, places, None, versions)
    then = {
        version: _rows(context, table, places, version, [key for key, one in versions.items() if one == version])
        for version in {one for one in versions.values() if one is not None}
    }
    return {
        key: Arrival(then[version].get(key, 0.0) if version is not None else 0.0, now[key])
        for key, version in versions.items()
        if now.get(key)
    }


def _rows(
    context: Context, table: str, places: Mapping[str, Place], version: int | None, keys: Iterable[CountryDay]
) -> Mapping[CountryDay, float]:
    days = [day for _, day in keys]
    query = queries.rows_by_day(table, min(days), max(days))
    if version is None:
        return by_country(context.warehouse.query(query), places)
    warehouse = open_warehouse(context.workspace, engine=context.warehouse.dialect, as_of={table: version})
    try:
        return by_country(warehouse.query(query), places)
    finally:
        warehouse.close()
