# ruff: noqa: S608 - the SQL here is made of quoted identifiers and paths of our own
"""Building roll-ups and keeping them up: what changed in the facts is added up anew, and appears in one commit."""

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import sqlglot
from sqlglot import exp

from tiffin.engines.metrics.rollups import Rollup, as_plain
from tiffin.kernel.errors import Conflict, NotFound
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.warehouse import log
from tiffin.runtime.warehouse.changes import CELLS, find_changed
from tiffin.runtime.warehouse.columns import canonical_type, literal, quoted
from tiffin.runtime.warehouse.housekeeping import vacuum
from tiffin.runtime.warehouse.log import OvertakenError, WrittenFile
from tiffin.runtime.warehouse.rollups import QUARANTINED, ROLLUP, ROWS, STANDS_FOR, Kept, Shelf
from tiffin.runtime.warehouse.snapshot import DataFile, Snapshot
from tiffin.runtime.warehouse.staging import Bench, open_bench, scan_files, typed
from tiffin.runtime.warehouse.store import DeltaStore
from tiffin.runtime.warehouse.views import select_of

ATTEMPTS = 5
FEW_ROWS = 50_000
"""A roll-up of so few rows is one file; a larger one has files of one month each, of which a load touches few."""

TIDIED_EVERY = 20
"""Files that no recent version needs are removed after so many versions."""

_LOG = logging.getLogger(__name__)


def refresh(shelf: Shelf, rollup: Rollup, *, now: datetime, anew: bool = False) -> Kept | None:
    """Make a roll-up stand for the newest version of its facts; None where there are no facts yet.

    Parameters
    ----------
    anew : bool
        Add up everything, not only what changed; this also ends a quarantine.

    Raises
    ------
    Conflict
        Other processes were first several times in a row.
    """
    for _ in range(ATTEMPTS):
        try:
            return _Refresh(shelf, rollup, now, anew=anew).run()
        except OvertakenError:
            continue
    raise Conflict(f"{ATTEMPTS} times in a row another process wrote the roll-up {rollup.name} first. Try again.")


def keep_up(facts: DeltaStore, *, now: datetime | None = None) -> None:
    """Bring every roll-up that is in use up to the newest facts; one that cannot be is left behind, and unused."""
    shelf = Shelf(facts)
    for kept in shelf.kept():
        if kept.quarantined or kept.stands_for == facts.version(kept.rollup.table):
            continue
        try:
            refresh(shelf, kept.rollup, now=now or datetime.now(UTC))
        except Exception as error:  # noqa: BLE001 - no load fails because what is derived from it could not follow
            _LOG.warning("the roll-up %s stays behind its facts: %s", kept.rollup.name, error)


def quarantine(shelf: Shelf, name: str, *, reason: str, details: Mapping[str, Any], now: datetime) -> None:
    """Keep a roll-up from being used until it is built anew."""
    for _ in range(ATTEMPTS):
        kept, snapshot = shelf.newest(name), shelf.store.snapshot(name)
        if kept is None or snapshot is None or kept.quarantined:
            return
        note = _note(kept.rollup, "quarantine", now) | {QUARANTINED: reason, "details": dict(details)}
        try:
            log.extend(shelf.store.location(name), snapshot, schema=snapshot.schema, added=(), removed=(), note=note)
        except OvertakenError:
            continue
        return


def added_up(rollup: Rollup, facts: str, where: str = "") -> str:
    """Write the query that computes a roll-up's rows from the query of its facts."""
    columns = [f"base.{quoted(name)}" for name in rollup.columns]
    states = [f"{state.sql} AS {quoted(state.column)}" for state in rollup.states]
    return f"SELECT {', '.join([*columns, *states])} FROM ({facts}) AS base {where} GROUP BY {', '.join(columns)}"


class _Refresh:
    def __init__(self, shelf: Shelf, rollup: Rollup, now: datetime, *, anew: bool) -> None:
        self._shelf = shelf
        self._rollup = rollup
        self._now = now
        self._base = shelf.store.snapshot(rollup.name)
        self._kept = shelf.at(rollup.name, self._base.version) if self._base else None
        self._facts = shelf.facts.snapshot(rollup.table)
        self._earlier = None if anew else self._stood_for()

    def run(self) -> Kept | None:
        if self._facts is None:
            return None
        if self._earlier is not None and self._earlier.version == self._facts.version:
            return self._kept
        with open_bench(self._shelf.store.root) as bench:
            added, removed = self._written(bench, self._facts)
            version = self._commit(bench, added, removed, self._facts.version)
        if version % TIDIED_EVERY == TIDIED_EVERY - 1:
            vacuum(self._shelf.store, self._rollup.name)
        return self._shelf.at(self._rollup.name, version)

    def _stood_for(self) -> Snapshot | None:
        """Give the facts from which the present rows come, where they can still be told from the newest ones."""
        if self._kept is None or self._kept.stands_for is None or self._kept.rollup != self._rollup:
            return None
        try:
            return self._shelf.facts.snapshot(self._rollup.table, self._kept.stands_for)
        except NotFound:
            return None

    def _written(self, bench: Bench, facts: Snapshot) -> tuple[list[WrittenFile], Sequence[DataFile]]:
        rollup, base, contract = self._rollup, self._base, TABLES.get(self._rollup.table)
        if self._earlier is None or base is None:
            _keep_rows(bench, added_up(rollup, select_of(facts, contract)))
            return self._laid_down(bench, months=self._months(bench)), base.files if base else ()
        changed = find_changed(
            bench, contract, versions=(self._earlier, facts), cell=rollup.cell, columns=_read_by(rollup)
        )
        if not changed:
            return [], ()
        rows = added_up(rollup, select_of(facts, contract), f"WHERE {_in_cells(bench, rollup)}")
        touched = self._touched(bench, base)
        same = " AND ".join(f"old.{quoted(name)} IS NOT DISTINCT FROM {CELLS}.{quoted(name)}" for name in rollup.cell)
        if touched:
            columns = ", ".join(map(quoted, base.schema.names))
            old = f"SELECT {columns} FROM {scan_files(base, touched)}"
            rows = f"{rows} UNION ALL BY NAME SELECT * FROM ({old}) AS old ANTI JOIN {CELLS} ON {same}"
        _keep_rows(bench, rows)
        return self._laid_down(bench, months=self._months(bench)), touched

    def _months(self, bench: Bench) -> list[str]:
        """Split a roll-up of many rows by month; its condition for each file."""
        (rows,) = bench.run("SELECT count(*) FROM fresh")[0]
        if rows <= FEW_ROWS:
            return ["true"]
        month = f"date_trunc('month', {quoted(self._rollup.cell[-1])})"
        found = bench.run(f"SELECT DISTINCT CAST({month} AS VARCHAR) FROM fresh ORDER BY 1")
        return [f"CAST({month} AS VARCHAR) = '{value}'" if value else f"{month} IS NULL" for (value,) in found]

    def _laid_down(self, bench: Bench, months: Sequence[str]) -> list[WrittenFile]:
        schema = self._base.schema if self._base else _schema(bench)
        order = ", ".join(map(quoted, (*reversed(self._rollup.cell), *self._rollup.columns)))
        columns = ", ".join(typed(schema, schema.names))
        written: list[WrittenFile] = []
        for month in months:
            written += bench.write(f"SELECT {columns} FROM fresh WHERE {month} ORDER BY {order}")
        return written

    def _touched(self, bench: Bench, base: Snapshot) -> Sequence[DataFile]:
        """Tell which files hold rows of the months in which something changed."""
        if not base.files or (base.rows or 0) <= FEW_ROWS:
            return base.files
        day = quoted(self._rollup.cell[-1])
        months = f"SELECT DISTINCT date_trunc('month', {day}) FROM {CELLS}"
        found = bench.run(
            f"SELECT DISTINCT file_index FROM {scan_files(base, base.files, numbered=True)} "
            f"WHERE date_trunc('month', {day}) IN ({months}) OR ({day} IS NULL AND EXISTS (FROM {CELLS} WHERE {day} "
            "IS NULL))"
        )
        return [base.files[index] for (index,) in sorted(found)]

    def _commit(self, bench: Bench, added: list[WrittenFile], removed: Sequence[DataFile], facts: int) -> int:
        name, base = self._rollup.name, self._base
        location = self._shelf.store.location(name)
        dropped = {file.name for file in removed}
        rows = sum(file.rows or 0 for file in (base.files if base else ()) if file.name not in dropped)
        rows += sum(file.rows for file in added)
        note = _note(self._rollup, "rollup", self._now) | {STANDS_FOR: {self._rollup.table: facts}, ROWS: rows}
        schema = base.schema if base else _schema(bench)
        published = bench.publish(added, location)
        try:
            return log.extend(location, base, schema=schema, added=published, removed=removed, note=note)
        except BaseException:
            bench.take_back(added, location)
            raise


def _keep_rows(bench: Bench, select: str) -> None:
    bench.run(f"CREATE OR REPLACE TEMP TABLE fresh AS {select}")


def _schema(bench: Bench) -> pa.Schema:
    found: pa.Schema = bench.connection.sql("SELECT * FROM fresh LIMIT 0").to_arrow_table().schema
    return pa.schema([pa.field(field.name, canonical_type(field.type)) for field in found])


def _in_cells(bench: Bench, rollup: Rollup) -> str:
    """Write the condition of the facts in changed cells, with the spans by which files and their parts are skipped."""
    same = " AND ".join(f"base.{quoted(name)} IS NOT DISTINCT FROM {CELLS}.{quoted(name)}" for name in rollup.cell)
    parts = [f"EXISTS (SELECT 1 FROM {CELLS} WHERE {same})"]
    for name in rollup.cell:
        column = quoted(name)
        (low, high, empty) = bench.run(
            f"SELECT CAST(min({column}) AS VARCHAR), CAST(max({column}) AS VARCHAR), count(*) - count({column}) "
            f"FROM {CELLS}"
        )[0]
        if not empty:
            span = " AND ".join((f">= {literal(low)}", f"base.{column} <= {literal(high)}"))
            parts.append(f"base.{column} {span}")
    return " AND ".join(parts)


def _read_by(rollup: Rollup) -> tuple[str, ...]:
    """Name the columns of the facts on which a roll-up depends."""
    found = dict.fromkeys(rollup.columns)
    for state in rollup.states:
        tree = sqlglot.parse_one(state.sql, read="duckdb")
        found.update(dict.fromkeys(column.name for column in tree.find_all(exp.Column)))
    return tuple(found)


def _note(rollup: Rollup, operation: str, now: datetime) -> dict[str, Any]:
    return {
        "at": now.astimezone(UTC).isoformat(),
        "operation": operation,
        "source": rollup.table,
        ROLLUP: as_plain(rollup),
    }
