"""Finding out where facts exist, once per version of the tables."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from tiffin.engines.metrics.footprint import CityFacts, Footprint
from tiffin.engines.metrics.model import Model
from tiffin.runtime.warehouse.engine import Warehouse
from tiffin.runtime.workspace import Workspace

CITIES = "cities"
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
_PRESENT: dict[_Key, tuple[frozenset[str], ...]] = {}
_CITIES: dict[_Key, Mapping[str, CityRecord]] = {}
_FOOTPRINTS: dict[tuple[_Key, ...], Footprint] = {}


def cities_in(workspace: Workspace, warehouse: Warehouse) -> Mapping[str, CityRecord]:
    """Give every city of the tables by id."""
    key = (str(workspace.tables), CITIES, warehouse.versions().get(CITIES))
    if key not in _CITIES:
        found = warehouse.query_text(
            "SELECT city_id, name, country, currency, is_simulated, source FROM cities"
        ).to_pylist()
        _keep(_CITIES, key, {row["city_id"]: CityRecord(**row) for row in found})
    return _CITIES[key]


def footprint_in(workspace: Workspace, warehouse: Warehouse, model: Model, sources: frozenset[str]) -> Footprint:
    """Tell in which cities of a workspace the sources have rows."""
    versions = warehouse.versions()
    tables = {source: model.sources[source].source.table for source in sorted(sources)}
    folder = str(workspace.tables)
    keys = {source: (folder, table, versions.get(table)) for source, table in tables.items()}
    whole = ((folder, CITIES, versions.get(CITIES)), *((source, *key[1:]) for source, key in keys.items()))
    if whole not in _FOOTPRINTS:
        cities = cities_in(workspace, warehouse)
        held = {source: _held(warehouse, key, cities) for source, key in keys.items()}
        known = {city: CityFacts(record.country, record.currency) for city, record in cities.items()}
        strangers = frozenset().union(*held.values()) - cities.keys()
        _keep(_FOOTPRINTS, whole, Footprint({**known, **dict.fromkeys(strangers, CityFacts(None, None))}, held))
    return _FOOTPRINTS[whole]


def _held(warehouse: Warehouse, key: _Key, cities: Mapping[str, CityRecord]) -> frozenset[str]:
    """Tell the cities that have rows of a table, and those of the feeds that bring it: their nought is a real one."""
    if key not in _PRESENT:
        sql = f"SELECT DISTINCT city_id, source FROM {key[1]}"  # noqa: S608 - a contract's own name
        rows = warehouse.query_text(sql)
        _keep(_PRESENT, key, tuple(frozenset(column.to_pylist()) - {None} for column in rows.columns))
    named, feeds = _PRESENT[key]
    return named | {city for city, record in cities.items() if record.source in feeds}


def _keep(kept: dict[_Name, _Value], key: _Name, value: _Value) -> None:
    with _LOCK:
        if len(kept) >= KEPT:
            kept.clear()
        kept[key] = value
