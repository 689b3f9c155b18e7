# ruff: noqa: S608 - the SQL here is made of quoted identifiers and paths of our own
"""Building roll-ups and keeping them up: what changed in the facts is added up anew, and appears in one commit."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import sqlglot
from sqlglot import exp

from tiffin.engines.metrics.rollups import Rollup, as_plain
from tiffin.kernel.errors import Conflict, NotFound, Unavailable
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.warehouse import log
from tiffin.runtime.warehouse.changes import CELLS, find_changed
from tiffin.runtime.warehouse.columns import canonical_type, literal, quoted
from tiffin.runtime.warehouse.housekeeping import vacuum
from tiffin.runtime.warehouse.log import OvertakenError, WrittenFile
from tiffin.runtime.warehouse.rollups import COUNTRIES, QUARANTINED, ROLLUP, ROWS, STANDS_FOR, Kept, Shelf
from tiffin.runtime.warehouse.snapshot import DataFile, Snapshot
from tiffin.runtime.warehouse.staging import Bench, open_bench, scan_files, typed
from tiffin.runtime.warehouse.store import DeltaStore
from tiffin.runtime.warehouse.summing import Told, add_up, rows_of
from tiffin.runtime.warehouse.views import select_of

ATTEMPTS = 5
FEW_ROWS = 50_000
"""A roll-up of so few rows is one file; a larger one has files of one month each, of which a load touches few."""

COUNTRY = "country"
MOST_COUNTRIES = 300
"""Of so many countries a roll-up tells which it holds."""

TIDIED_EVERY = 20
"""Files that no recent version needs are removed after so many versions."""

_LOG = logging.getLogger(__name__)


def refresh(
    shelf: Shelf, rollups: Sequence[Rollup], *, now: datetime, anew: bool = False, told: Told = lambda _share: None
) -> None:
    """Make roll-ups stand for the newest version of their facts; those without any facts yet stay as they are.

    Parameters
    ----------
    anew : bool
        Add up everything, not only what changed. Quarantined ones are always added up anew, which ends that.

    Raises
    ------
    Conflict
        Other processes were first several times in a row.
    Unavailable
        There is no room for what is added up.
    """
    try:
        _refresh(shelf, rollups, now, anew=anew, told=told)
    except Unavailable:
        # Together they may need more memory than there is, where each alone could spill to disk.
        if len(rollups) < 2:  # noqa: PLR2004 - nothing to be taken apart
            raise
        for rollup in rollups:
            _refresh(shelf, (rollup,), now, anew=anew, told=lambda _share: None)


def keep_up(facts: DeltaStore, *, now: datetime | None = None) -> None:
    """Bring every roll-up that is in use up to the newest facts; one that cannot be is left behind, and unused."""
    shelf, moment = Shelf(facts), now or datetime.now(UTC)
    behind = [
        kept.rollup
        for kept in shelf.kept()
        if not kept.quarantined and kept.stands_for != facts.version(kept.rollup.table)
    ]
    try:
        refresh(shelf, behind, now=moment)
    except Exception:  # noqa: BLE001 - no load fails because what is derived from it could not follow
        for rollup in behind:
            _keep_one_up(shelf, rollup, moment)


def _keep_one_up(shelf: Shelf, rollup: Rollup, now: datetime) -> None:
    try:
        refresh(shelf, (rollup,), now=now)
    except Exception as error:  # noqa: BLE001 - as above
        _LOG.warning("the roll-up %s stays behind its facts: %s", rollup.name, error)


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


@dataclass(frozen=True, slots=True)
class _Due:
    """A roll-up to be brought up to the newest facts.

    Parameters
    ----------
    base : Snapshot or None
        Its own table as it is; None where there is none yet.
    earlier : Snapshot or None
        The facts from which its rows come, where the newest ones can be told from them.
    """

    rollup: Rollup
    base: Snapshot | None
    earlier: Snapshot | None


def _refresh(shelf: Shelf, rollups: Sequence[Rollup], now: datetime, *, anew: bool, told: Told) -> None:
    left = rollups
    for _ in range(ATTEMPTS):
        readings: dict[tuple[object, ...], list[_Due]] = {}
        for due in (found for rollup in left if (found := _due(shelf, rollup, anew=anew))):
            key = (due.rollup.source, *((due.rollup.cell, due.earlier.version) if due.earlier else ()))
            readings.setdefault(key, []).append(due)
        left = [late for reading in readings.values() for late in _Reading(shelf, reading, now, told).run()]
        if not left:
            return
    names = ", ".join(rollup.name for rollup in left)
    raise Conflict(f"{ATTEMPTS} times in a row another process wrote these roll-ups first: {names}. Try again.")


def _due(shelf: Shelf, rollup: Rollup, *, anew: bool) -> _Due | None:
    base = shelf.store.snapshot(rollup.name)
    kept = shelf.at(rollup.name, base.version) if base else None
    facts = shelf.facts.version(rollup.table)
    earlier = None if anew else _stood_for(shelf, rollup, kept)
    if facts is None or (earlier and earlier.version == facts):
        return None
    return _Due(rollup, base, earlier)


def _stood_for(shelf: Shelf, rollup: Rollup, kept: Kept | None) -> Snapshot | None:
    if kept is None or kept.stands_for is None or kept.rollup != rollup:
        return None
    try:
        return shelf.facts.snapshot(rollup.table, kept.stands_for)
    except NotFound:
        return None


class _Reading:
    """Roll-ups of one source that are brought from the same version of the facts to the newest one, in one reading."""

    def __init__(self, shelf: Shelf, due: Sequence[_Due], now: datetime, told: Told) -> None:
        self._shelf = shelf
        self._due = due
        self._now = now
        self._told = told
        self._rollups = [item.rollup for item in due]
        self._first = due[0].rollup

    def run(self) -> list[Rollup]:
        """Write them; give those that another process wrote first."""
        facts, overtaken, full = self._shelf.facts.snapshot(self._first.table), [], []
        if facts is None:
            return []
        with open_bench(self._shelf.store.root) as bench:
            changed = self._add_up(bench, facts)
            for due in self._due:
                added, removed = _Writing(bench, due, self._rollups).run() if changed else ([], ())
                named = self._countries(bench, due, is_fresh=changed)
                try:
                    version = self._commit(
                        bench, due, added, removed, {**named, STANDS_FOR: {due.rollup.table: facts.version}}
                    )
                except OvertakenError:
                    overtaken.append(due.rollup)
                    continue
                full += [due.rollup.name] if version % TIDIED_EVERY == TIDIED_EVERY - 1 else []
        for name in full:
            vacuum(self._shelf.store, name)
        return overtaken

    def _add_up(self, bench: Bench, facts: Snapshot) -> bool:
        """Add up the facts, or those in cells that changed; tell whether there are any."""
        contract, earlier, where = TABLES.get(self._first.table), self._due[0].earlier, ""
        if earlier is not None:
            versions, columns = (earlier, facts), _read_by(self._rollups)
            if not find_changed(bench, contract, versions=versions, cell=self._first.cell, columns=columns):
                return False
            where = f"WHERE {_in_cells(bench, self._first)}"
        add_up(bench, self._rollups, select_of(facts, contract), where, self._told)
        return True

    def _countries(self, bench: Bench, due: _Due, *, is_fresh: bool) -> dict[str, Any]:
        """Note at least all countries that the rows name; nothing where those of rows that stay are not known."""
        if COUNTRY not in due.rollup.columns:
            return {}
        select = f"SELECT DISTINCT {COUNTRY} FROM fresh WHERE {COUNTRY} IS NOT NULL LIMIT {MOST_COUNTRIES + 1}"
        found = {country for (country,) in bench.run(select)} if is_fresh else set()
        if due.base is not None and due.earlier is not None:
            kept = self._shelf.at(due.rollup.name, due.base.version)
            if kept is None or kept.countries is None:
                return {}
            found |= kept.countries
        return {COUNTRIES: sorted(found)} if len(found) <= MOST_COUNTRIES else {}

    def _commit(
        self, bench: Bench, due: _Due, added: list[WrittenFile], removed: Sequence[DataFile], told: Mapping[str, Any]
    ) -> int:
        rollup, base = due.rollup, due.base
        location = self._shelf.store.location(rollup.name)
        dropped = {file.name for file in removed}
        rows = sum(file.rows or 0 for file in (base.files if base else ()) if file.name not in dropped)
        rows += sum(file.rows for file in added)
        note = _note(rollup, "rollup", self._now) | {**told, ROWS: rows}
        schema = base.schema if base else _schema(bench)
        published = bench.publish(added, location)
        try:
            return log.extend(location, base, schema=schema, added=published, removed=removed, note=note)
        except BaseException:
            bench.take_back(added, location)
            raise


class _Writing:
    """The files of one roll-up, from what was added up and from its present rows in cells that did not change."""

    def __init__(self, bench: Bench, due: _Due, together: Sequence[Rollup]) -> None:
        self._bench = bench
        self._rollup = due.rollup
        self._base = due.base
        self._is_partial = due.earlier is not None
        self._together = together

    def run(self) -> tuple[list[WrittenFile], Sequence[DataFile]]:
        """Give new files, and those that they replace."""
        rows, base = rows_of(self._rollup, self._together), self._base
        replaced: Sequence[DataFile] = base.files if base else ()
        if base is not None and self._is_partial:
            replaced = self._touched(base)
            rows = self._with_old(rows, base, replaced) if replaced else rows
        self._bench.run(f"CREATE OR REPLACE TEMP TABLE fresh AS {rows}")
        return self._laid_down(), replaced

    def _with_old(self, rows: str, base: Snapshot, touched: Sequence[DataFile]) -> str:
        cell = self._rollup.cell
        same = " AND ".join(f"old.{quoted(name)} IS NOT DISTINCT FROM {CELLS}.{quoted(name)}" for name in cell)
        old = f"SELECT {', '.join(map(quoted, base.schema.names))} FROM {scan_files(base, touched)}"
        return f"{rows} UNION ALL BY NAME SELECT * FROM ({old}) AS old ANTI JOIN {CELLS} ON {same}"

    def _months(self) -> list[str]:
        """Split a roll-up of many rows by month; its condition for each file."""
        (rows,) = self._bench.run("SELECT count(*) FROM fresh")[0]
        if rows <= FEW_ROWS:
            return ["true"]
        month = f"date_trunc('month', {quoted(self._rollup.cell[-1])})"
        found = self._bench.run(f"SELECT DISTINCT CAST({month} AS VARCHAR) FROM fresh ORDER BY 1")
        return [f"CAST({month} AS VARCHAR) = '{value}'" if value else f"{month} IS NULL" for (value,) in found]

    def _laid_down(self) -> list[WrittenFile]:
        schema = self._base.schema if self._base else _schema(self._bench)
        order = ", ".join(map(quoted, (*reversed(self._rollup.cell), *self._rollup.columns)))
        columns = ", ".join(typed(schema, schema.names))
        written: list[WrittenFile] = []
        for month in self._months():
            written += self._bench.write(f"SELECT {columns} FROM fresh WHERE {month} ORDER BY {order}")
        return written

    def _touched(self, base: Snapshot) -> Sequence[DataFile]:
        """Tell which files hold rows of the months in which something changed."""
        if not base.files or (base.rows or 0) <= FEW_ROWS:
            return base.files
        day = quoted(self._rollup.cell[-1])
        months = f"SELECT DISTINCT date_trunc('month', {day}) FROM {CELLS}"
        found = self._bench.run(
            f"SELECT DISTINCT file_index FROM {scan_files(base, base.files, numbered=True)} "
            f"WHERE date_trunc('month', {day}) IN ({months}) OR ({day} IS NULL AND EXISTS (FROM {CELLS} WHERE {day} "
            "IS NULL))"
        )
        return [base.files[index] for (index,) in sorted(found)]


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


def _read_by(rollups: Sequence[Rollup]) -> tuple[str, ...]:
    """Name the columns of the facts on which roll-ups depend."""
    found = dict.fromkeys(name for rollup in rollups for name in rollup.columns)
    for sql in dict.fromkeys(state.sql for rollup in rollups for state in rollup.states):
        tree = sqlglot.parse_one(sql, read="duckdb")
        found.update(dict.fromkeys(column.name for column in tree.find_all(exp.Column)))
    return tuple(found)


def _note(rollup: Rollup, operation: str, now: datetime) -> dict[str, Any]:
    return {
        "at": now.astimezone(UTC).isoformat(),
        "operation": operation,
        "source": rollup.table,
        ROLLUP: as_plain(rollup),
    }
