"""Finding out where facts exist, once per version of the tables."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from tiffin.capabilities.metrics.service.offering import read_groups
from tiffin.engines.metrics.footprint import CityFacts, Footprint
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.time import Days
from tiffin.runtime.warehouse.engine import Warehouse
from tiffin.runtime.workspace import Workspace

CITIES = "cities"
DAY = "business_date"
KEPT = 1024
"""Answers that a process keeps of each sort; then it forgets all and asks anew."""


@dataclass(frozen=True, slots=True)
class CityRecord:
    """A city as the tables name it."""

    city_id: str
    name: str
    country: str
    currency: str
    is_simulated: bool
    source: str


_Name = TypeVar("_Name")
_Value = TypeVar("_Value")
_Key = tuple[str, str, int | None]
_LOCK = threading.Lock()
_PRESENT: dict[_Key, "_Present"] = {}
_CITIES: dict[_Key, Mapping[str, CityRecord]] = {}
_FOOTPRINTS: dict[tuple[object, ...], Footprint] = {}


@dataclass(frozen=True, slots=True)
class _Present:
    """Whose rows a table holds: the days of each city, cities whose rows have no day, and feeds."""

    spans: Mapping[str, Days]
    undated: frozenset[str]
    feeds: frozenset[str]


Versions = Mapping[str, int]
"""Delta version of each loaded table, as a warehouse reads them."""


def cities_in(workspace: Workspace, warehouse: Warehouse, versions: Versions) -> Mapping[str, CityRecord]:
    """Give every city of the tables by id."""
    key = (str(workspace.tables), CITIES, versions.get(CITIES))
    found = _CITIES.get(key)
    if found is None:
        rows = warehouse.query_text("SELECT city_id, name, country, currency, is_simulated, source FROM cities")
        found = _keep(_CITIES, key, {row["city_id"]: CityRecord(**row) for row in rows.to_pylist()})
    return found


def footprint_in(
    workspace: Workspace, warehouse: Warehouse, versions: Versions, tables: Mapping[str, str]
) -> Footprint:
    """Tell in which cities of a workspace sources have rows.

    Parameters
    ----------
    tables : mapping of str to str
        Table of each source.
    """
    folder = str(workspace.tables)
    whole = (folder, versions.get(CITIES), *((source, table, versions.get(table)) for source, table in tables.items()))
    found = _FOOTPRINTS.get(whole)
    if found is None:
        cities = cities_in(workspace, warehouse, versions)
        keys = {source: (folder, table, versions.get(table)) for source, table in tables.items()}
        present = {source: _present(workspace, warehouse, key) for source, key in keys.items()}
        held = {source: _held(found, cities) for source, found in present.items()}
        spans = {source: found.spans for source, found in present.items()}
        strangers = frozenset().union(*held.values()) - cities.keys()
        known = {city: CityFacts(item.country, item.currency, item.is_simulated) for city, item in cities.items()}
        every = {**known, **dict.fromkeys(strangers, CityFacts(None, None))}
        found = _keep(_FOOTPRINTS, whole, Footprint(every, held, spans))
    return found


def _held(present: _Present, cities: Mapping[str, CityRecord]) -> frozenset[str]:
    """Tell the cities that have rows of a table, and those of the feeds that bring it: their nought is a real one."""
    named = present.spans.keys() | present.undated
    return frozenset(named) | {city for city, record in cities.items() if record.source in present.feeds}


def _present(workspace: Workspace, warehouse: Warehouse, key: _Key) -> _Present:
    found = _PRESENT.get(key)
    if found is None:
        _, table, version = key
        day = DAY if any(column.name == DAY for column in TABLES[table].columns) else "CAST(NULL AS DATE)"
        select = f"SELECT city_id, source, MIN({day}), MAX({day}) FROM {{table}} GROUP BY 1, 2"  # noqa: S608 - own names
        columns = ("city_id", "source", DAY)
        groups = read_groups(workspace, warehouse, table, select, columns=columns, version=version)
        rows = list(zip(*(column.to_pylist() for column in groups.columns), strict=True))
        found = _keep(_PRESENT, key, _told(rows))
    return found


def _told(rows: list[tuple[str | None, str | None, date | None, date | None]]) -> _Present:
    spans: dict[str, Days] = {}
    for city, _, first, last in rows:
        if city and first and last:
            known = spans.get(city)
            spans[city] = Days(min(first, known.first), max(last, known.last)) if known else Days(first, last)
    undated = frozenset(city for city, *_ in rows if city) - spans.keys()
    return _Present(spans, undated, frozenset(feed for _, feed, *_ in rows if feed))


def _keep(kept: dict[_Name, _Value], key: _Name, value: _Value) -> _Value:
    with _LOCK:
        if len(kept) >= KEPT:
            kept.clear()
        kept[key] = value
    return value
