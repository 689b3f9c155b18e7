# ruff: noqa: S608 - the SQL here is made of quoted names and literals of our own
"""Facts whose city's calendar was restated: their local days are computed again, before the new calendar stands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from tiffin.capabilities.facts.service.deriving import LOCAL, Deriver
from tiffin.capabilities.facts.service.writing import CITY_DAYS, Writing
from tiffin.kernel.contract import TableContract
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.places import City
from tiffin.runtime.markets import Market
from tiffin.runtime.warehouse.columns import arrow_schema, literal, quoted
from tiffin.runtime.warehouse.staging import Bench, scan_files, typed

BATCH_ROWS = 65_536


def restate_days(
    writing: Writing,
    bench: Bench,
    before: Mapping[str, City],
    after: Mapping[str, City],
    markets: Mapping[str, Market],
) -> dict[str, int]:
    """Compute local days again for the facts of every city whose clock, cut-off, place or history changed.

    Only rows whose stored day is the one that the calendar before gave are touched: a feed may state a row's business
    date itself, or take it from an instant of its own, and that stays. The tables are written before the new calendar
    is: a load that dies in between finds the calendar changed again, and the rows as they should be.

    Returns
    -------
    dict of str to int
        Rows restated, by table.
    """
    changed = sorted(name for name in after if name in before and _clock(before[name]) != _clock(after[name]))
    if not changed:
        return {}
    restated = {}
    for contract in TABLES.values():
        names = tuple(name for name in LOCAL if name in contract.derived_columns and name not in contract.key)
        snapshot = writing.store.snapshot(contract.name)
        if names and contract.event_at and snapshot is not None and snapshot.files:
            rows = _Rows(contract, names, before, after, markets)
            cities = ", ".join(map(literal, changed))
            columns = ", ".join(typed(arrow_schema(contract), snapshot.schema.names))
            select = f"SELECT {columns} FROM ({scan_files(snapshot, snapshot.files)}) WHERE city_id IN ({cities})"
            reader = bench.connection.sql(select).to_arrow_reader(BATCH_ROWS)
            upsert = writing.store.upsert(contract, rows.moved(reader), now=writing.now, source=writing.source)
            if upsert.updated:
                restated[contract.name] = upsert.updated
    _note_days(writing, bench, changed)
    return restated


def _clock(city: City) -> tuple[object, ...]:
    """Tell what a city's local days follow from."""
    rules = tuple((one.since, one.timezone, one.cutoff_min, one.weekend) for one in city.history)
    return (rules or (city.timezone, city.cutoff_min, city.weekend), city.latitude, city.longitude, city.country)


def _note_days(writing: Writing, bench: Bench, changed: list[str]) -> None:
    """Have the days of the changed cities written again, all that there are."""
    snapshot = writing.store.snapshot(CITY_DAYS)
    if snapshot is None or not snapshot.files:
        return
    cities = ", ".join(map(literal, changed))
    rows = bench.run(
        f"SELECT city_id, min(business_date), max(business_date) FROM ({scan_files(snapshot, snapshot.files)}) "
        f"WHERE city_id IN ({cities}) GROUP BY city_id"
    )
    for city_id, first, last in rows:
        writing.note_span(city_id, first, last)


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of one table that lie on another local day, hour, slot or part than they are stored under."""

    contract: TableContract
    names: tuple[str, ...]
    before: Mapping[str, City]
    after: Mapping[str, City]
    markets: Mapping[str, Market]

    def moved(self, reader: pa.RecordBatchReader) -> pa.RecordBatchReader:
        """Give those rows with their new local columns."""
        schema = arrow_schema(self.contract)
        return pa.RecordBatchReader.from_batches(schema, self._stream(reader, schema))

    def _stream(self, reader: pa.RecordBatchReader, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        was, will = (Deriver(self.contract, cities, self.markets) for cities in (self.before, self.after))
        for batch in reader:
            bare = batch.drop_columns(list(self.names))
            old, new = was.derived(bare), will.derived(bare)
            follows = _all_equal(batch, old, self.names)
            stays = _all_equal(batch, new, self.names)
            columns = {name: new.column(name) if name in self.names else batch.column(name) for name in schema.names}
            fresh = pa.RecordBatch.from_pydict(columns, schema=schema)
            yield fresh.filter(pc.and_not(follows, stays))


def _all_equal(stored: pa.RecordBatch, derived: pa.RecordBatch, names: tuple[str, ...]) -> pa.Array:
    """Tell which rows hold what was derived; a part of the day that was never stored is no difference."""
    same = pa.repeat(pa.scalar(True), stored.num_rows)
    for name in names:
        here, there = stored.column(name), derived.column(name)
        equal = pc.fill_null(pc.equal(here, there), False)
        neither = pc.and_(pc.is_null(here), pc.is_null(there))
        unset = pc.is_null(here) if name == "day_part" else neither
        same = pc.and_(same, pc.or_(equal, unset))
    return same


def named(restated: Mapping[str, int]) -> str:
    """Say which tables were restated, for a report's warnings."""
    listed = ", ".join(f"{quoted(table)}: {count}" for table, count in restated.items())
    return f"A city's calendar changed: local days were computed again ({listed})."
