"""The estate outside: read from other systems, kept apart from our own assets, matched to them, and counted."""

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select

from tiffin.capabilities.catalog.domain.estate.dbt import read_dbt
from tiffin.capabilities.catalog.domain.estate.found import Estate, OutsideAsset, from_plain
from tiffin.capabilities.catalog.domain.estate.matching import Match, matches
from tiffin.capabilities.catalog.domain.estate.metabase import read_metabase
from tiffin.capabilities.catalog.domain.estate.query_log import read_query_log
from tiffin.capabilities.catalog.domain.estate.schema_rows import read_schema
from tiffin.capabilities.catalog.domain.estate.superset import read_superset
from tiffin.capabilities.catalog.models import EstateMatch, EstateReading
from tiffin.kernel.errors import Forbidden, InvalidData, NotFound, WrongUse
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.messages import Message
from tiffin.runtime import audit, outside
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context

NAME_MAX = 80


class System(StrEnum):
    """What tells of an estate, and how."""

    DBT = "dbt"
    SCHEMA = "schema"
    POSTGRES = "postgres"
    SPARK = "spark"
    QUERIES = "queries"
    SUPERSET = "superset"
    METABASE = "metabase"


LIVE = (System.POSTGRES, System.SPARK)
"""Systems that are asked themselves, at an address that an environment variable holds: it may carry a password."""


@dataclass(frozen=True, slots=True)
class Health:
    """How well an estate is looked after: shares from 0 to 1 of its assets; None where nothing can be told."""

    described: float | None
    owned: float | None
    used: float | None
    sound: float | None


@dataclass(frozen=True, slots=True)
class Reading:
    """One system outside as it was last read.

    Parameters
    ----------
    matched : tuple of Match
        Tables outside with the table here that each is likely the same as; those that people denied are left out.
    confirmed : frozenset of str
        Keys of those whose match somebody confirmed.
    denied : Mapping of str to str
        Tables here that people said an asset is not, by the asset's key.
    """

    name: str
    system: System
    read_at: datetime
    read_by: str
    estate: Estate
    matched: tuple[Match, ...]
    confirmed: frozenset[str]
    denied: Mapping[str, str]

    @property
    def health(self) -> Health:
        """How well it is looked after."""
        estate, every = self.estate, self.estate.assets
        used = {use.key for use in estate.uses}
        checked = [asset for asset in every if asset.passed or asset.failed]
        return Health(
            described=_share(sum(bool(asset.description) for asset in every), len(every)),
            owned=_share(sum(bool(asset.owner) for asset in every), len(every)),
            used=_share(sum(asset.key in used for asset in every), len(every)) if used else None,
            sound=_share(sum(not asset.failed for asset in checked), len(checked)),
        )

    @property
    def uses(self) -> Mapping[str, tuple[int, int]]:
        """How often each asset that anybody asked was asked, and by how many people."""
        found: dict[str, tuple[int, int]] = {}
        for use in self.estate.uses:
            count, people = found.get(use.key, (0, 0))
            found[use.key] = (count + use.count, people + 1)
        return found


def read_estate(
    context: Context, name: str, system: System, *, path: Path | None = None, address: str = "", dialect: str = ""
) -> Reading:
    """Read what a system outside tells of itself; it replaces what was read under that name before.

    Parameters
    ----------
    path : Path or None
        What the system wrote: a manifest or its folder, rows of an information schema, a log, an export.
    address : str
        Name of the environment variable that holds the address of a live system.

    Raises
    ------
    Forbidden
        The actor is no steward of everything.
    InvalidData
        It is not what the system writes; what was read before stays.
    """
    _require_steward(context)
    if not 0 < len(name) <= NAME_MAX:
        raise WrongUse(f"An estate has a name of 1 to {NAME_MAX} letters; found {name!r}.")
    found = _live(system, address) if system in LIVE else _written(system, path, dialect)
    if not found.assets:
        raise InvalidData(f"No table, chart or dashboard was found in what {system} wrote. Nothing was changed.")
    context.session.execute(delete(EstateReading).where(EstateReading.name == name))
    context.session.add(
        EstateReading(
            name=name, system=system.value, read_at=context.now, read_by=context.actor.name, found=asdict(found)
        )
    )
    counts = {"assets": len(found.assets), "edges": len(found.edges), "skipped": len(found.skipped)}
    audit.record(context, action="estate_read", subject=name, details={"system": system.value, **counts})
    context.session.flush()
    return find_estate(context, name)


def list_estates(context: Context) -> tuple[Reading, ...]:
    """Give every system that was read; for those who may see any data at all."""
    _require_reader(context)
    rows = context.session.scalars(select(EstateReading).order_by(EstateReading.name)).all()
    return tuple(_reading(context, row) for row in rows)


def find_estate(context: Context, name: str) -> Reading:
    """Give one system that was read.

    Raises
    ------
    NotFound
        None was read under that name.
    """
    _require_reader(context)
    row = context.session.get(EstateReading, name)
    if row is None:
        raise NotFound(
            Message("No estate was read under the name {name}. `tiffin catalog estate list` names them all.", name=name)
        )
    return _reading(context, row)


def forget_estate(context: Context, name: str) -> None:
    """Forget what was read of a system, and what people said of its matches.

    Raises
    ------
    NotFound
        None was read under that name.
    """
    _require_steward(context)
    find_estate(context, name)
    context.session.execute(delete(EstateMatch).where(EstateMatch.estate == name))
    context.session.execute(delete(EstateReading).where(EstateReading.name == name))
    audit.record(context, action="estate_forgotten", subject=name)


def decide_match(context: Context, name: str, key: str, table: str, *, is_same: bool) -> None:
    """Say that a table outside is, or is not, a table here; the last word counts.

    Raises
    ------
    NotFound
        There is no such asset outside, or no such table here.
    """
    _require_steward(context)
    if find_estate(context, name).estate.find(key) is None or table not in TABLES:
        raise NotFound(
            Message("There is no {key} in {name}, or no table {table} here.", key=key, name=name, table=table)
        )
    found = context.session.get(EstateMatch, (name, key))
    if found is None:
        found = EstateMatch(estate=name, key=key)
        context.session.add(found)
    found.table, found.is_same = table, is_same
    found.decided_by, found.decided_at = context.actor.name, context.now
    context.session.flush()
    details = {"key": key, "table": table, "is_same": is_same}
    audit.record(context, action="estate_match_decided", subject=name, details=details)


def outside_of(context: Context, table: str) -> tuple[tuple[str, OutsideAsset], ...]:
    """Give the assets outside that are the same as a table here, each with the name of its estate."""
    return tuple(
        (reading.name, asset)
        for reading in list_estates(context)
        for match in reading.matched
        if match.table == table and (match.is_sure or match.key in reading.confirmed)
        if (asset := reading.estate.find(match.key)) is not None
    )


def _written(system: System, path: Path | None, dialect: str) -> Estate:
    if path is None:
        raise WrongUse(f"What {system} wrote was expected: give the path of its file or folder.")
    if system is System.QUERIES:
        return read_query_log(outside.records(path), dialect)
    if system is System.SCHEMA:
        return read_schema(outside.records(path))
    documents = outside.documents(path)
    if system is System.SUPERSET:
        return read_superset(documents)
    if system is System.METABASE:
        return read_metabase(documents)
    return read_dbt(_document(documents, "manifest.json"), _document(documents, "run_results.json"))


def _document(documents: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = next((content for path, content in documents.items() if path.endswith(name)), None)
    if found is None and name == "manifest.json" and len(documents) == 1:
        (found,) = documents.values()
    return found if isinstance(found, Mapping) else {}


def _live(system: System, address: str) -> Estate:
    url = os.environ.get(address, "") if address else ""
    if not url:
        raise WrongUse(
            f"The address of {system} is read from an environment variable, so that no password is typed or kept: set "
            f"one and name it; {address or 'none'} holds nothing."
        )
    read = outside.database_schema if system is System.POSTGRES else outside.spark_schema
    return read_schema(*read(url))


def _reading(context: Context, row: EstateReading) -> Reading:
    estate = from_plain(row.found)
    decided = context.session.scalars(select(EstateMatch).where(EstateMatch.estate == row.name)).all()
    said = {one.key: one for one in decided}
    found = {one.key: one for one in matches(estate, {name: [c.name for c in t.columns] for name, t in TABLES.items()})}
    for key, one in said.items():
        found.pop(key, None)
        if one.is_same and estate.find(key):
            found[key] = Match(key, one.table, 1.0, ())
    confirmed = frozenset(key for key, one in said.items() if one.is_same)
    denied = {key: one.table for key, one in said.items() if not one.is_same}
    system = System(row.system)
    return Reading(row.name, system, row.read_at, row.read_by, estate, tuple(found.values()), confirmed, denied)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _require_steward(context: Context) -> None:
    if not context.actor.has_role_everywhere(Role.STEWARD):
        raise Forbidden(Message("Only a steward of all countries looks after the estate outside. Ask one."))


def _require_reader(context: Context) -> None:
    if not context.actor.grants:
        raise Forbidden(Message("No grant of yours is in force. Ask a steward for a grant on a country or a city."))
