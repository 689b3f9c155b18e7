"""What the values of dimensions are called: cities, zones, fleets, parts of the day, in the reader's language."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tiffin.capabilities.metrics.service.cities import visible_cities
from tiffin.capabilities.metrics.service.footprints import CityRecord
from tiffin.runtime.context import Context
from tiffin.runtime.i18n import NOTHING, format_country, format_date, format_number, mark, translate
from tiffin.web.charts.zone_map import ZoneShape, ring_of_cell, rings_of_geojson

PARTS = {
    "breakfast": mark("Breakfast"),
    "lunch": mark("Lunch"),
    "afternoon": mark("Afternoon"),
    "dinner": mark("Dinner"),
    "late": mark("Late evening"),
    "suhoor": mark("Suhoor"),
    "daytime": mark("Daytime"),
    "iftar": mark("Iftar"),
}
VEHICLES = {
    "car": mark("Car"),
    "motorcycle": mark("Motorcycle"),
    "bicycle": mark("Bicycle"),
    "scooter": mark("Scooter"),
}
YES_NO = {True: mark("yes"), False: mark("no")}
MONDAY = date(2024, 1, 1)

_ZONES = "SELECT city_id, zone_id, name, h3_cell, polygon FROM zones"
_CUTOFFS = "SELECT city_id, cutoff_min FROM cities"
_FLEETS = "SELECT city_id, fleet_id, name FROM fleets"


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone with its outline."""

    city_id: str
    zone_id: str
    name: str
    h3_cell: str | None
    polygon: str | None


@dataclass(frozen=True, slots=True)
class Places:
    """The cities that the actor may see, with their zones and fleets."""

    cities: Mapping[str, CityRecord]
    zones: tuple[Zone, ...]
    fleets: tuple[tuple[str, str, str], ...]
    cutoffs: Mapping[str, int]

    def cities_within(self, *, country: str | None, city_id: str | None) -> tuple[CityRecord, ...]:
        """List the cities of a choice."""
        return tuple(
            one for one in self.cities.values() if country in (None, one.country) and city_id in (None, one.city_id)
        )

    def options(self, dimension: str, values: Mapping[str, str], locale: str) -> tuple[tuple[str, str], ...]:
        """List what can be chosen of a dimension that names a place or a team, under the other choices."""
        country, city = values.get("country"), values.get("city_id")
        within = {one.city_id for one in self.cities_within(country=country, city_id=city)}
        listed: list[tuple[str, str]]
        if dimension == "country":
            countries = {one.country for one in self.cities.values()}
            listed = [(code, format_country(code, locale)) for code in countries]
        elif dimension == "city_id":
            inside = self.cities_within(country=country, city_id=None)
            listed = [(one.city_id, translate(locale, one.name)) for one in inside]
        elif dimension == "zone_id":
            listed = [(one.zone_id, translate(locale, one.name)) for one in self.zones if one.city_id in within]
        else:
            listed = [(fleet, translate(locale, name)) for own, fleet, name in self.fleets if own in within]
        return tuple(sorted(dict(listed).items(), key=lambda pair: pair[1]))

    def first_hour(self, city_id: str | None) -> int:
        """Give the hour of the clock with which a business day begins; that of most cities where none is chosen."""
        own = self.cutoffs.get(city_id) if city_id else None
        minutes = sorted(self.cutoffs.values()) if own is None else [own]
        return minutes[len(minutes) // 2] // 60 if minutes else 0

    def shapes(self, city_id: str | None, locale: str) -> tuple[ZoneShape, ...]:
        """Give the outlines of a city's zones."""
        return tuple(
            ZoneShape(one.zone_id, translate(locale, one.name), _rings(one))
            for one in self.zones
            if one.city_id == city_id
        )

    def names(self, locale: str) -> "Names":
        """Give the names of values in a language."""
        known: dict[str, dict[Any, str]] = {
            "city_id": {one.city_id: translate(locale, one.name) for one in self.cities.values()},
            "zone_id": {one.zone_id: translate(locale, one.name) for one in self.zones},
            "fleet_id": {fleet: translate(locale, name) for _, fleet, name in self.fleets},
            "day_part": {part: translate(locale, words) for part, words in PARTS.items()},
            "vehicle": {name: translate(locale, words) for name, words in VEHICLES.items()},
        }
        return Names(known, locale)


@dataclass(frozen=True, slots=True)
class Names:
    """Writes the values of dimensions."""

    known: Mapping[str, Mapping[Any, str]]
    locale: str

    def of(self, dimension: str, value: Any) -> str:
        """Name one value of a dimension."""
        if value is None:
            return NOTHING
        own = self.known.get(dimension, {}).get(value)
        if own is not None:
            return own
        written = _WRITERS.get(dimension)
        return written(value, self.locale) if written else self._plain(value)

    def _plain(self, value: Any) -> str:
        if isinstance(value, bool):
            return translate(self.locale, YES_NO[value])
        return format_date(value, self.locale, skeleton="MMMd") if isinstance(value, date) else str(value)


def places_of(context: Context, *, asset: str = "") -> Places:
    """Read the places that the actor may see; also those in which he may see one asset alone."""
    cities = {city.city_id: city for city in visible_cities(context, asset=asset)}
    versions = context.warehouse.versions()
    zones = _rows(context, _ZONES) if "zones" in versions else []
    fleets = _rows(context, _FLEETS) if "fleets" in versions else []
    return Places(
        cities,
        tuple(
            Zone(row["city_id"], row["zone_id"], row["name"] or row["zone_id"], row["h3_cell"], row["polygon"])
            for row in zones
            if row["city_id"] in cities
        ),
        tuple((row["city_id"], row["fleet_id"], row["name"]) for row in fleets if row["city_id"] in cities),
        {row["city_id"]: row["cutoff_min"] or 0 for row in _rows(context, _CUTOFFS) if row["city_id"] in cities},
    )


def hour_name(hour: int, locale: str) -> str:
    """Write an hour of the local clock, in the digits of the locale."""
    return f"{format_number(hour, locale).zfill(2)}:{format_number(0, locale) * 2}"


def weekday_name(number: int, locale: str) -> str:
    """Name a weekday by its ISO number."""
    return format_date(date.fromordinal(MONDAY.toordinal() + number - 1), locale, skeleton="E")


def _rows(context: Context, sql: str) -> Sequence[Mapping[str, Any]]:
    return list(context.warehouse.query_text(sql).to_pylist())


def _rings(zone: Zone) -> tuple[tuple[tuple[float, float], ...], ...]:
    if zone.polygon:
        return rings_of_geojson(zone.polygon)
    return (ring_of_cell(zone.h3_cell),) if zone.h3_cell else ()


_WRITERS: Mapping[str, Callable[[Any, str], str]] = {
    "country": format_country,
    "local_hour": hour_name,
    "weekday": weekday_name,
    "business_date": lambda day, locale: format_date(day, locale, skeleton="MMMd"),
    "week": lambda day, locale: format_date(day, locale, skeleton="MMMd"),
    "month": lambda day, locale: format_date(day, locale, skeleton="yMMM"),
    "quarter": lambda day, locale: format_date(day, locale, skeleton="yQQQ"),
}
