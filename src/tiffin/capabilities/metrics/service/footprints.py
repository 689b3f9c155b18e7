"""Finding out where facts exist, once per version of the tables."""

import threading
from collections.abc import Mapping

from tiffin.engines.metrics.footprint import CityFacts, Footprint
from tiffin.engines.metrics.model import Model
from tiffin.runtime.context import Context
from tiffin.runtime.warehouse.engine import Warehouse
from tiffin.runtime.workspace import Workspace

CITIES = "cities"

_Key = tuple[str, str, int | None]
_LOCK = threading.Lock()
_HELD: dict[_Key, frozenset[str]] = {}
_CITIES: dict[_Key, Mapping[str, tuple[str, str, bool]]] = {}
_KEPT = 4096


def cities_of(context: Context) -> Mapping[str, tuple[str, str, bool]]:
    """Give country, currency and whether it is simulated of every city."""
    return _cities(context.workspace, context.warehouse)


def footprint_of(context: Context, model: Model, sources: frozenset[str]) -> Footprint:
    """Tell in which cities the sources have rows."""
    return footprint_in(context.workspace, context.warehouse, model, sources)


def footprint_in(workspace: Workspace, warehouse: Warehouse, model: Model, sources: frozenset[str]) -> Footprint:
    """Tell in which cities of a workspace the sources have rows."""
    held = {source: _held(workspace, warehouse, model.sources[source].source.table) for source in sources}
    cities = _cities(workspace, warehouse)
    known = {city: CityFacts(country, currency) for city, (country, currency, _) in cities.items()}
    strangers = frozenset().union(*held.values()) - cities.keys()
    return Footprint({**known, **dict.fromkeys(strangers, CityFacts(None, None))}, held)


def _cities(workspace: Workspace, warehouse: Warehouse) -> Mapping[str, tuple[str, str, bool]]:
    key = _key(workspace, warehouse, CITIES)
    if key not in _CITIES:
        found = warehouse.query_text("SELECT city_id, country, currency, is_simulated FROM cities").to_pylist()
        cities = {row["city_id"]: (row["country"], row["currency"], bool(row["is_simulated"])) for row in found}
        with _LOCK:
            _make_room()
            _CITIES[key] = cities
    return _CITIES[key]


def _held(workspace: Workspace, warehouse: Warehouse, table: str) -> frozenset[str]:
    key = _key(workspace, warehouse, table)
    if key not in _HELD:
        rows = warehouse.query_text(f"SELECT DISTINCT city_id FROM {table}")  # noqa: S608 - a contract's own name
        with _LOCK:
            _make_room()
            _HELD[key] = frozenset(value for value in rows.column(0).to_pylist() if value is not None)
    return _HELD[key]


def _key(workspace: Workspace, warehouse: Warehouse, table: str) -> _Key:
    return (str(workspace.tables), table, warehouse.versions().get(table))


def _make_room() -> None:
    for kept in (_HELD, _CITIES):
        if len(kept) > _KEPT:
            kept.clear()
