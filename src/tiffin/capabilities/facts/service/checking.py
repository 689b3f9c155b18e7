# ruff: noqa: S608 - the SQL here is made of quoted names and literals of our own
"""Rows of one table checked against its contract, before any of them is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from tiffin.capabilities.facts.domain.functions import identifier
from tiffin.capabilities.facts.domain.mapping import LINES, REMOVED
from tiffin.capabilities.facts.domain.report import RuleCount
from tiffin.capabilities.facts.service.deriving import CITY_KNOWN, Deriver
from tiffin.capabilities.facts.service.naming import Naming
from tiffin.capabilities.facts.service.stored import stored_columns
from tiffin.kernel.contract import TableContract
from tiffin.kernel.places import City
from tiffin.kernel.row_rules import key_rule, row_rules
from tiffin.runtime.markets import Market
from tiffin.runtime.warehouse.columns import arrow_schema, row_digest
from tiffin.runtime.warehouse.staging import Bench, scan, typed

BATCH_ROWS = 65_536
ZONE_COLUMNS = ("zone_id", "dropoff_zone_id")
CELL = "8[0-9a-f]{14}"
"""How an H3 cell is written; a zone of another name is the feed's own."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as the quarantine table names it."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Checked:
    """One table's rows, derived and checked, in files of a bench.

    Parameters
    ----------
    loaded : int
        Rows that may be written.
    collapsed : int
        Source rows that became part of another.
    quarantined : tuple of RuleCount
        Source rows left out, by rule.
    rules : tuple of Rule
        By number, those that ``faults`` names.
    keys : mapping of str to bytes or None
        Keys of the people, by pseudonym, whose values the rows brought; None where the rows name nobody real, and are
        written as they are.
    """

    contract: TableContract
    bench: Bench
    paths: tuple[str, ...]
    out: str
    loaded: int
    collapsed: int
    quarantined: tuple[RuleCount, ...]
    rules: tuple[Rule, ...]
    keys: Mapping[str, bytes] | None = None

    @property
    def has_faults(self) -> bool:
        """Tell whether `faults` has rows: those that name somebody who was forgotten are counted, and kept nowhere."""
        names = {rule.name for rule in self.rules}
        return any(count.rule in names for count in self.quarantined)

    def reader(self) -> pa.RecordBatchReader:
        """Stream the good rows, as the contract's table has them: what is sealed apart is empty there."""
        if not self.paths:
            return pa.RecordBatchReader.from_batches(arrow_schema(self.contract), [])
        columns = ", ".join(identifier(name) for name in self.contract.column_names)
        stored = columns if self.keys is None else stored_columns(self.contract)
        return self.bench.connection.sql(f"SELECT {stored} FROM ({self.good()})").to_arrow_reader(BATCH_ROWS)

    def good(self) -> str:
        """Write the query of the good rows, with everything that they brought."""
        columns = ", ".join(identifier(name) for name in self.contract.column_names)
        return f"SELECT {columns} FROM {self._staged()} AS s WHERE _fault IS NULL AND {self._kept()}"

    def faults(self) -> str:
        """Write the query of rows left out: ``_file, _line, rule`` (number), and the row itself as JSON."""
        fields = ", ".join(f"{identifier(name)} := s.{identifier(name)}" for name in self.contract.column_names)
        row = f"to_json(struct_pack({fields})) AS row"
        same = "s._file = o._file AND s._line = o._line"
        return (
            f"SELECT _file, _line, _fault AS rule, {row} FROM {self._staged()} AS s WHERE _fault IS NOT NULL "
            f"UNION ALL SELECT s._file, s._line, {len(self.rules) - 1} AS rule, {row} FROM {self._staged()} AS s "
            f"JOIN {self.out} AS o ON {same} WHERE o.differs"
        )

    def removed(self) -> str:
        """Write the query of single values taken out of good rows: ``_file, _line, _removed``."""
        noted = f"{REMOVED} IS NOT NULL AND _fault IS NULL AND {self._kept()}"
        return f"SELECT _file, _line, {REMOVED} FROM {self._staged()} AS s WHERE {noted}"

    def spans(self) -> list[tuple[Any, ...]]:
        """Tell from which to which business date each city has rows."""
        if not self.contract.has("business_date") or not self.loaded:
            return []
        return self.bench.run(
            f"SELECT city_id, min(business_date), max(business_date) FROM {self._staged()} AS s "
            f"WHERE _fault IS NULL AND {self._kept()} GROUP BY city_id"
        )

    def cells(self) -> list[tuple[Any, ...]]:
        """List the H3 cells that the rows name as zones, each with its city."""
        names = [name for name in ZONE_COLUMNS if self.contract.has(name)]
        if not names or not self.loaded or not self.contract.has("city_id"):
            return []
        good = f"FROM {self._staged()} AS s WHERE _fault IS NULL AND {self._kept()}"
        each = " UNION ".join(
            f"SELECT city_id, {name} AS cell {good} AND regexp_full_match({name}, '{CELL}')" for name in names
        )
        return self.bench.run(f"SELECT city_id, cell FROM ({each}) ORDER BY ALL")

    def _staged(self) -> str:
        return scan(self.paths)

    def _kept(self) -> str:
        return f"NOT EXISTS (SELECT 1 FROM {self.out} AS o WHERE o._file = s._file AND o._line = s._line)"


def check_rows(
    bench: Bench,
    contract: TableContract,
    rows: pa.RecordBatchReader,
    *,
    cities: Mapping[str, City],
    source: str,
    markets: Mapping[str, Market] | None = None,
    naming: Naming | None = None,
) -> Checked:
    """Derive and check mapped rows.

    Parameters
    ----------
    rows : pyarrow.RecordBatchReader
        Columns of the table, and ``_file``, ``_line``, ``_lines``, ``_removed``.
    source : str
        What stands in ``source`` where the rows bring nothing.
    markets : mapping of str to Market or None
        By country, for the parts of the day; None for the shipped ones.
    naming : Naming or None
        What gives the people whom the rows name their pseudonyms; None where they name nobody real.
    """
    rows = naming.rows(rows) if naming else rows
    derived = Deriver(contract, cities, markets).batches(rows) if contract.has("city_id") else rows
    rules = _rules(contract, derived.schema.names)
    files = bench.land(derived, _checked_select(contract, rules, derived.schema.names, source))
    paths = tuple(str(bench.folder / file.name) for file in files)
    out = f'"out_{contract.name}"'
    bench.run(f"CREATE OR REPLACE TEMP TABLE {out} (_file BIGINT, _line BIGINT, {LINES} BIGINT, differs BOOLEAN)")
    twice = key_rule(contract)
    named = (*(Rule(rule.name, rule.reason) for rule in rules), Rule(twice.name, twice.reason))
    if paths:
        _find_repeats(bench, contract, paths, out)
    checked = _counted(bench, contract, paths, out, named)
    if naming is None:
        return checked
    return replace(checked, quarantined=(*checked.quarantined, *naming.counts()), keys=naming.keys)


@dataclass(frozen=True, slots=True)
class _Sql:
    name: str
    reason: str
    sql: str


def _rules(contract: TableContract, present: Sequence[str]) -> tuple[_Sql, ...]:
    found = [_Sql(rule.name, rule.reason, rule.sql) for rule in row_rules(contract)]
    if CITY_KNOWN in present and contract.name != "cities":
        reason = "The city is not known; declare it under `cities` of the feed, or load it first."
        found.insert(0, _Sql("known:city_id", reason, f"(city_id IS NULL OR {CITY_KNOWN})"))
    return tuple(found)


def _checked_select(contract: TableContract, rules: Sequence[_Sql], present: Sequence[str], source: str) -> str:
    schema = arrow_schema(contract)
    columns = typed(schema, present)
    stated = f"coalesce({identifier('source')}, {_text(source)})" if "source" in present else _text(source)
    columns[schema.names.index("source")] = f"CAST({stated} AS VARCHAR) AS {identifier('source')}"
    known = f", {CITY_KNOWN}" if CITY_KNOWN in present else ""
    inner = f"SELECT _file, _line, {LINES}, {REMOVED}, {', '.join(columns)}{known} FROM incoming"
    cases = " ".join(f"WHEN NOT {rule.sql} THEN {number}" for number, rule in enumerate(rules))
    names = ", ".join(identifier(name) for name in schema.names)
    return f"SELECT _file, _line, {LINES}, {REMOVED}, {names}, CASE {cases} END AS _fault FROM ({inner})"


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _find_repeats(bench: Bench, contract: TableContract, paths: tuple[str, ...], out: str) -> None:
    """Fill ``out``: of rows with one key that are equal, all but the first; of rows that differ, every one."""
    key = ", ".join(identifier(name) for name in contract.key)
    staged = f"(SELECT * FROM {scan(paths)} WHERE _fault IS NULL)"
    bench.run(
        f"CREATE OR REPLACE TEMP TABLE twice AS SELECT hash({key}) AS h FROM {staged} GROUP BY h HAVING count(*) > 1"
    )
    if not bench.run("SELECT count(*) FROM twice")[0][0]:
        return
    whole = row_digest(contract.column_names, arrow_schema(contract))
    bench.run(
        f"INSERT INTO {out} WITH again AS (SELECT _file, _line, {LINES}, {key}, {whole} AS content FROM {staged} "
        f"WHERE hash({key}) IN (SELECT h FROM twice)), "
        f"judged AS (SELECT *, count(*) OVER k AS times, min(content) OVER k <> max(content) OVER k AS differs, "
        f"row_number() OVER (PARTITION BY {key} ORDER BY _file, _line) AS number FROM again WINDOW k AS (PARTITION "
        f"BY {key})) "
        f"SELECT _file, _line, {LINES}, differs FROM judged WHERE times > 1 AND (differs OR number > 1)"
    )


def _counted(
    bench: Bench, contract: TableContract, paths: tuple[str, ...], out: str, rules: tuple[Rule, ...]
) -> Checked:
    if not paths:
        return Checked(contract, bench, paths, out, 0, 0, (), rules)
    rows = bench.run(f"SELECT _fault, count(*), sum({LINES}) FROM {scan(paths)} GROUP BY 1 ORDER BY 1")
    repeats = {
        differs: (count, lines)
        for differs, count, lines in bench.run(f"SELECT differs, count(*), sum({LINES}) FROM {out} GROUP BY 1")
    }
    same, other = repeats.get(False, (0, 0)), repeats.get(True, (0, 0))
    good, lines = next(((count, total) for fault, count, total in rows if fault is None), (0, 0))
    loaded = good - same[0] - other[0]
    broken = [
        RuleCount(rules[fault].name, rules[fault].reason, int(total)) for fault, _, total in rows if fault is not None
    ]
    if other[1]:
        broken.append(RuleCount(rules[-1].name, rules[-1].reason, int(other[1])))
    return Checked(contract, bench, paths, out, int(loaded), int(lines - other[1] - loaded), tuple(broken), rules)
