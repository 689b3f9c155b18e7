# ruff: noqa: S608 - the SQL here is made of quoted names of our own
"""Simulated rows in large numbers: any process checks them and lays them down in files, one process brings them in."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Self
from uuid import uuid4

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tiffin.capabilities.facts.domain.report import TableReport
from tiffin.capabilities.facts.service import require_steward
from tiffin.capabilities.facts.service.cities import known_cities
from tiffin.capabilities.facts.service.deriving import CITY_KNOWN, Deriver
from tiffin.capabilities.facts.service.handing_in import contract_of
from tiffin.capabilities.facts.service.writing import Writing
from tiffin.kernel.contract import TableContract
from tiffin.kernel.errors import FailedCheck, InvalidData
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.people import SIMULATED
from tiffin.kernel.places import City
from tiffin.kernel.row_rules import row_rules
from tiffin.runtime import audit
from tiffin.runtime.context import Context
from tiffin.runtime.contracts.effect import need_in_force
from tiffin.runtime.markets import Market, load_markets
from tiffin.runtime.warehouse.columns import arrow_schema, literal, quoted
from tiffin.runtime.warehouse.keys import Digests, key_digest, repeated
from tiffin.runtime.warehouse.log import PARTIAL, WrittenFile
from tiffin.runtime.warehouse.opening import open_store
from tiffin.runtime.warehouse.split import locality
from tiffin.runtime.warehouse.staging import DENSE, FAST, Bench, open_bench, scan, typed

LEAST_FILE = 8 * 2**20
"""Files that together are smaller than this become one, so that a reader of a small table opens a single file."""


@dataclass(frozen=True, slots=True)
class LandedRows:
    """Rows of one table that keep its contract, in files of a landing place.

    Parameters
    ----------
    digests : str
        Name of the file with the digests of their keys, ascending.
    spans : tuple
        Between which business dates each city has rows.
    """

    table: str
    files: tuple[WrittenFile, ...]
    digests: str
    spans: tuple[tuple[str, date, date], ...]

    @property
    def rows(self) -> int:
        """How many they are."""
        return sum(file.rows for file in self.files)


@dataclass(frozen=True, slots=True)
class LandingPlace:
    """A folder beside the tables in which rows may be laid down, and what is needed to check them.

    Parameters
    ----------
    cities : mapping of str to City
        The cities that the tables know.
    """

    bench: Bench
    cities: Mapping[str, City]
    markets: Mapping[str, Market]


@contextmanager
def landing_place(context: Context) -> Iterator[LandingPlace]:
    """Open a landing place; what was not brought in is gone when it closes, or when a later write finds it.

    Raises
    ------
    Forbidden
        The actor may not load facts.
    """
    require_steward(context, "write facts")
    with open_bench(context.workspace.tables) as bench:
        cities = known_cities(open_store(context.workspace), bench)
        yield LandingPlace(bench, cities, load_markets(context.workspace.overlay("markets")))


class Landing:
    """One process's end of a landing place; it needs no database, so that any process can have one.

    Parameters
    ----------
    folder : Path
        Folder of the landing place.
    cities : mapping of str to City
        The cities that the rows speak of.
    source : str
        Begins with ``simulated:``: rows that name real people need pseudonyms, which only a load gives.

    Raises
    ------
    InvalidData
        The rows are not simulated.
    """

    def __init__(self, folder: Path, cities: Mapping[str, City], markets: Mapping[str, Market], source: str) -> None:
        if not source.startswith(SIMULATED):
            raise InvalidData(
                f"A source that begins with {SIMULATED!r} was expected, found {source!r}. Load facts of real people "
                "through a feed: it gives them pseudonyms."
            )
        self._cities, self._markets, self._source = cities, markets, source
        self._bench = Bench(folder)
        # One core, since others land at the same time; and rows keep the order in which they come.
        self._bench.run("SET threads = 1; SET preserve_insertion_order = true")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._bench.connection.close()

    def land(self, table: str, rows: pa.Table) -> LandedRows:
        """Derive and check rows of one table, and lay them down.

        Parameters
        ----------
        rows : pyarrow.Table
            Columns of the table; derived ones and ``source`` may be left out. Texts may be dictionary-encoded.

        Raises
        ------
        FailedCheck
            A row breaks the contract, or a key stands twice; simulated rows never should, so none is laid down.
        InvalidData
            A column is unknown.
        """
        contract, bench = contract_of(table), self._bench
        _refuse_unknown(contract, rows.schema.names)
        derived = _derived(contract, rows, self._cities, self._markets)
        bench.connection.register("incoming", derived)
        try:
            incoming = _typed(contract, derived.schema.names, self._source)
            _refuse_broken(bench, contract, incoming)
            order = "" if _by_day(derived) else f" ORDER BY {locality(contract)}"
            brought = [name for name in contract.column_names if name in derived.schema.names or name == "source"]
            files = bench.write(f"SELECT {', '.join(map(quoted, brought))} FROM ({incoming}){order}", FAST, PARTIAL)
            return LandedRows(table, tuple(files), _digests(bench, contract, incoming), _spans(derived))
        finally:
            bench.connection.unregister("incoming")


def publish_rows(
    context: Context, place: LandingPlace, landed: Collection[LandedRows], source: str
) -> Iterator[TableReport]:
    """Bring landed rows into their tables, one commit a table, and tell of each.

    Their cities stand in the workspace already. Should the process die in between, some tables have their rows and
    others not: whoever lands the same rows again completes them.

    Raises
    ------
    FailedCheck
        Two landings of one table have a key in common.
    Conflict
        A table's contract is not in force here.
    """
    by_table: dict[str, list[LandedRows]] = {}
    for rows in landed:
        by_table.setdefault(rows.table, []).append(rows)
    need_in_force(context, tuple(by_table))
    writing = Writing(open_store(context.workspace), context.now, source, place.markets)
    for city_id, first, last in (span for rows in landed for span in rows.spans):
        writing.note_span(city_id, first, last)
    writing.put_calendar(place.bench, place.cities)
    for parts in by_table.values():
        yield _published(context, writing, place.bench, parts)
    context.warehouse.close()


def _published(context: Context, writing: Writing, bench: Bench, parts: Sequence[LandedRows]) -> TableReport:
    contract = TABLES[parts[0].table]
    digests = _joined_digests(bench, contract, parts)
    files = _files(bench, contract, parts)
    upsert = writing.store.upsert_files(
        contract, bench, files, digests, now=context.now, source=writing.source, more={}
    )
    count = sum(rows.rows for rows in parts)
    details = {"source": writing.source, "read": count, "loaded": count}
    audit.record(context, action="facts_written", subject=contract.name, details=details)
    return TableReport(
        table=contract.name,
        read=count,
        loaded=count,
        collapsed=0,
        quarantined=(),
        inserted=upsert.inserted,
        updated=upsert.updated,
        unchanged=not upsert.changed,
        version=upsert.version,
    )


def _refuse_unknown(contract: TableContract, names: Sequence[str]) -> None:
    unknown = [name for name in names if not contract.has(name)]
    if unknown:
        raise InvalidData(
            f"The columns of {contract.name} were expected; found besides: {', '.join(unknown)}. Leave them out."
        )


def _derived(
    contract: TableContract, rows: pa.Table, cities: Mapping[str, City], markets: Mapping[str, Market]
) -> pa.Table:
    batches = rows.combine_chunks().to_batches() or [pa.RecordBatch.from_pylist([], schema=rows.schema)]
    deriver = Deriver(contract, cities, markets)
    derived = pa.Table.from_batches([deriver.derived(batch) for batch in batches])
    strangers = pc.invert(derived.column(CITY_KNOWN))
    if pc.any(strangers).as_py():
        names = pc.unique(derived.filter(strangers).column("city_id").cast(pa.string())).to_pylist()
        raise FailedCheck(f"Rows of {contract.name} were expected for {', '.join(cities)}; some are for {names[0]}.")
    return derived.drop_columns([CITY_KNOWN])


def _typed(contract: TableContract, present: Sequence[str], source: str) -> str:
    schema = arrow_schema(contract)
    columns = typed(schema, present)
    columns[schema.names.index("source")] = f"CAST({literal(source)} AS VARCHAR) AS {quoted('source')}"
    return f"SELECT {', '.join(columns)} FROM incoming"


def _refuse_broken(bench: Bench, contract: TableContract, incoming: str) -> None:
    rules = row_rules(contract)
    sound = " AND ".join(rule.sql for rule in rules)
    broken = bench.run(f"SELECT count(*) FROM ({incoming}) WHERE NOT ({sound})")[0][0]
    if not broken:
        return
    cases = " ".join(f"WHEN NOT {rule.sql} THEN {number}" for number, rule in enumerate(rules))
    first = bench.run(f"SELECT min(CASE {cases} END) FROM ({incoming})")[0][0]
    raise FailedCheck(
        f"Simulated rows of {contract.name} that keep the contract were expected; {broken} break it, some of them the "
        f"rule {rules[first].name}: {rules[first].reason} Nothing was written. Mend the simulator."
    )


def _by_day(rows: pa.Table) -> bool:
    """Tell whether rows lie in the order of their business dates already."""
    if "business_date" not in rows.schema.names:
        return False
    days = rows.column("business_date").cast(pa.date32()).combine_chunks().cast(pa.int32()).to_numpy()
    return bool((days[1:] >= days[:-1]).all())


def _digests(bench: Bench, contract: TableContract, incoming: str) -> str:
    found = bench.connection.sql(f"SELECT {key_digest(contract)} AS digest FROM ({incoming})").to_arrow_table()
    digests = np.sort(found.column(0).to_numpy())
    _refuse_repeated(bench, contract, digests, incoming)
    name = f"{uuid4().hex}.npy"
    np.save(bench.folder / name, digests)
    return name


def _refuse_repeated(bench: Bench, contract: TableContract, digests: Digests, rows: str) -> None:
    if not len(repeated(digests)):
        return
    # Keys that are alike may share a digest; only those that are equal are at fault.
    keys = ", ".join(map(quoted, contract.key))
    twice = f"SELECT {keys} FROM ({rows}) GROUP BY ALL HAVING count(*) > 1"
    count = bench.run(f"SELECT count(*) FROM ({twice})")[0][0]
    if count:
        raise FailedCheck(
            f"Each key was expected once among the simulated rows of {contract.name}; {count} stand more often. None "
            "was written. Mend the simulator."
        )


def _spans(rows: pa.Table) -> tuple[tuple[str, date, date], ...]:
    if "business_date" not in rows.schema.names or not rows.num_rows:
        return ()
    found = (
        rows.select(["city_id", "business_date"])
        .group_by("city_id")
        .aggregate([("business_date", "min"), ("business_date", "max")])
    )
    return tuple((row["city_id"], row["business_date_min"], row["business_date_max"]) for row in found.to_pylist())


def _joined_digests(bench: Bench, contract: TableContract, parts: Sequence[LandedRows]) -> Digests:
    digests = np.concatenate([np.load(bench.folder / rows.digests) for rows in parts])
    # Each part is in order: merging them takes far less than sorting.
    digests.sort(kind="stable")
    _refuse_repeated(bench, contract, digests, f"SELECT * FROM {_scan(bench, parts)}")
    return digests


def _files(bench: Bench, contract: TableContract, parts: Sequence[LandedRows]) -> list[WrittenFile]:
    files = [file for rows in parts for file in rows.files]
    if len(files) <= 1 or sum(file.size for file in files) >= LEAST_FILE:
        return files
    columns = ", ".join(map(quoted, sorted(set().union(*(file.columns for file in files)))))
    return bench.write(f"SELECT {columns} FROM {_scan(bench, parts)} ORDER BY {locality(contract)}", DENSE, PARTIAL)


def _scan(bench: Bench, parts: Sequence[LandedRows]) -> str:
    paths = scan([str(bench.folder / file.name) for rows in parts for file in rows.files])
    return paths[:-1] + ", union_by_name = true)"
