# ruff: noqa: S608 - the SQL here is made of quoted names and literals of our own
"""The cities that facts belong to, each with the history of its clock, day cut-off and weekend."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pyarrow as pa

from tiffin.capabilities.facts.domain.feed import CityRow
from tiffin.kernel.places import City, LocalRules
from tiffin.runtime.warehouse.staging import Bench, scan
from tiffin.runtime.warehouse.store import DeltaStore

CITIES = "cities"
CITY_CALENDARS = "city_calendars"
_CITY = ("city_id", "name", "country", "timezone", "cutoff_min", "weekend", "currency", "latitude", "longitude")
_RULES = ("city_id", "since", "timezone", "cutoff_min", "weekend")


def known_cities(store: DeltaStore, bench: Bench) -> dict[str, City]:
    """Read the cities that the tables know, each with its history."""
    cities = {row["city_id"]: city_of(row) for row in _rows(store, bench, CITIES, _CITY)}
    return with_calendars(cities, _rows(store, bench, CITY_CALENDARS, _RULES))


def city_of(row: Mapping[str, Any]) -> City:
    """Make a city from its row of the table ``cities``."""
    values = {name: row.get(name) for name in _CITY}
    return City(**{**values, "weekend": _weekdays(row["weekend"])})  # type: ignore[arg-type]  # as the contract has them


def with_calendars(cities: Mapping[str, City], rows: Iterable[Mapping[str, Any]]) -> dict[str, City]:
    """Give cities the rules that rows of the table ``city_calendars`` state; known rules of the same day give way."""
    found = dict(cities)
    for row in sorted(rows, key=lambda row: (row["city_id"], row["since"])):
        city = found.get(row["city_id"])
        if city is not None:
            weekend = None if row["weekend"] is None else _weekdays(row["weekend"])
            rules = LocalRules(row["since"], row["timezone"], row["cutoff_min"], weekend)
            found[city.city_id] = _joined(city, (rules,))
    return found


def merged(known: Mapping[str, City], declared: Iterable[City]) -> dict[str, City]:
    """Put a feed's cities over the known ones; a history that the feed does not speak of stays."""
    found = dict(known)
    for city in declared:
        earlier = found[city.city_id].history if city.city_id in found else ()
        found[city.city_id] = _joined(replace(city, history=earlier), city.history)
    return found


def _joined(city: City, rules: tuple[LocalRules, ...]) -> City:
    dated = {one.since: one for one in (*city.history, *rules)}
    return replace(city, history=tuple(dated[day] for day in sorted(dated)))


def declared_cities(rows: Iterable[CityRow], today: date) -> pa.Table:
    """Write a feed's cities as rows of the table ``cities``: with the rules that hold today."""
    return pa.Table.from_pylist([_city_row(row, today) for row in rows])


def declared_calendars(rows: Iterable[CityRow]) -> pa.Table:
    """Write the histories of a feed's cities as rows of the table ``city_calendars``."""
    return pa.Table.from_pylist(
        [
            {
                "city_id": row.city.city_id,
                "since": rules.since,
                "timezone": rules.timezone,
                "cutoff_min": rules.cutoff_min,
                "weekend": None if rules.weekend is None else _listed(rules.weekend),
            }
            for row in rows
            for rules in row.city.history
        ],
        schema=pa.schema(
            [
                ("city_id", pa.string()),
                ("since", pa.date32()),
                ("timezone", pa.string()),
                ("cutoff_min", pa.int64()),
                ("weekend", pa.string()),
            ]
        ),
    )


def _city_row(row: CityRow, today: date) -> dict[str, Any]:
    city, rules = row.city, row.city.rules_on(today)
    return {
        "city_id": city.city_id,
        "name": city.name,
        "country": city.country,
        "timezone": rules.timezone,
        "timezone_known": row.timezone_known,
        "cutoff_min": rules.cutoff_min,
        "weekend": _listed(city.weekend if rules.weekend is None else rules.weekend),
        "currency": city.currency,
        "latitude": city.latitude,
        "longitude": city.longitude,
        "is_simulated": False,
    }


def _rows(store: DeltaStore, bench: Bench, table: str, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    snapshot = store.snapshot(table)
    if snapshot is None or not snapshot.files:
        return []
    found = bench.run(f"SELECT {', '.join(columns)} FROM {scan(snapshot.paths)}")
    return [dict(zip(columns, row, strict=True)) for row in found]


def _weekdays(text: str) -> tuple[int, ...]:
    return tuple(int(day) for day in text.split(",") if day)


def _listed(weekdays: tuple[int, ...]) -> str:
    return ",".join(map(str, weekdays))
