"""How far facts reach: the last business day of some cities in a table, and when their rows were last loaded."""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from tiffin.capabilities.metrics.service.footprints import CITIES, CityRecord, Versions, cities_in
from tiffin.capabilities.metrics.service.offering import read_groups
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.context import Context
from tiffin.runtime.warehouse.snapshot import Commit

DAY = "business_date"
COMPACT = "compact"
"""Operation that moves rows without loading any."""

KEPT = 512


@dataclass(frozen=True, slots=True)
class Watermark:
    """How far a table reaches for the cities that were asked for.

    Parameters
    ----------
    latest_day : date or None
        Last business day with a row; None where there is none, or the table has no days.
    loaded_at : datetime or None
        When a feed of these cities last brought rows; None where the table was never loaded.
    """

    latest_day: date | None
    loaded_at: datetime | None


_LOCK = threading.Lock()
_DAYS: dict[tuple[str, str, int], Mapping[str, date]] = {}
_COMMITS: dict[tuple[str, str, int], tuple[Commit, ...]] = {}
_FOUND: dict[tuple[object, ...], Watermark] = {}


def watermarks(
    context: Context, tables: Iterable[str], cities: frozenset[str], versions: Versions
) -> Mapping[str, Watermark]:
    """Tell how far tables reach for some cities, at the versions that are read."""
    known = cities_in(context.workspace, context.warehouse, versions)
    folder, counted = str(context.workspace.tables), versions.get(CITIES)
    found: dict[str, Watermark] = {}
    for table in tables:
        key = (folder, table, versions.get(table), counted, cities)
        if key not in _FOUND:
            _keep(_FOUND, key, _watermark(context, table, versions.get(table), cities, known))
        found[table] = _FOUND.get(key) or _watermark(context, table, versions.get(table), cities, known)
    return found


def _watermark(
    context: Context, table: str, version: int | None, cities: frozenset[str], known: Mapping[str, CityRecord]
) -> Watermark:
    if table == CITIES or version is None:
        return Watermark(None, _loaded(context, table, version, frozenset()))
    days = _days(context, table, version)
    latest = max((days[city] for city in cities & days.keys()), default=None)
    feeds = {known[city].source for city in cities if city in known}
    return Watermark(latest, _loaded(context, table, version, feeds))


def _days(context: Context, table: str, version: int) -> Mapping[str, date]:
    key = (str(context.workspace.tables), table, version)
    if key not in _DAYS:
        columns = {column.name for column in TABLES[table].columns} if table in TABLES else set()
        found: Mapping[str, date] = {}
        if {DAY, "city_id"} <= columns:
            sql = f"SELECT city_id, MAX({DAY}) AS latest FROM {{table}} GROUP BY city_id"  # noqa: S608 - contract names
            days = (context.workspace, context.warehouse, table, sql)
            rows = read_groups(*days, columns=("city_id", DAY), version=version).to_pylist()
            found = {row["city_id"]: row["latest"] for row in rows if row["latest"] is not None}
        _keep(_DAYS, key, found)
    return _DAYS.get(key, {})


def _loaded(context: Context, table: str, version: int | None, feeds: Iterable[str]) -> datetime | None:
    if version is None:
        return None
    commits = [commit for commit in _commits(context, table, version) if commit.operation != COMPACT]
    named = set(feeds)
    own = [commit for commit in commits if commit.source in named]
    return max((commit.at for commit in own or commits), default=None)


def _commits(context: Context, table: str, version: int) -> tuple[Commit, ...]:
    # Reading a table's log imports the writer of tables.
    from tiffin.runtime.warehouse.opening import open_store  # noqa: PLC0415 - for the reason above

    key = (str(context.workspace.tables), table, version)
    if key not in _COMMITS:
        history = open_store(context.workspace).history(table)
        _keep(_COMMITS, key, tuple(commit for commit in history if commit.version <= version))
    return _COMMITS.get(key, ())


def _keep(kept: dict, key: tuple[object, ...], value: object) -> None:  # type: ignore[type-arg] # any of the three
    with _LOCK:
        if len(kept) >= KEPT:
            kept.clear()
        kept[key] = value
