# ruff: noqa: S608 - the SQL here is made of quoted names and literals of our own
"""Checked rows brought into the fact tables, with the calendar of their cities."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import h3
import pyarrow as pa

from tiffin.capabilities.facts.domain.report import RuleCount, TableReport
from tiffin.capabilities.facts.service.checking import Checked, check_rows
from tiffin.capabilities.facts.service.sealing import put_sealed
from tiffin.kernel.facts.personal_values import PERSONAL_VALUES
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.places import City
from tiffin.kernel.time import Days
from tiffin.runtime.calendar import CALENDAR_SOURCE, city_days
from tiffin.runtime.markets import UNKNOWN, Market
from tiffin.runtime.warehouse.snapshot import Upsert
from tiffin.runtime.warehouse.staging import Bench, scan
from tiffin.runtime.warehouse.store import DeltaStore

CITY_DAYS = "city_days"
ZONES = "zones"
CELL_SOURCE = "h3"
"""What stands in ``source`` of zones that are H3 cells and come from no feed."""


@dataclass(slots=True)
class Writing:
    """The writing end of one load."""

    store: DeltaStore
    now: datetime
    source: str
    markets: Mapping[str, Market]
    spans: dict[str, tuple[date, date]] = field(default_factory=dict)

    def put(self, checked: Checked) -> Upsert:
        """Upsert one table's good rows."""
        self.note_spans(checked)
        self._seal(checked)
        return self.store.upsert(checked.contract, checked.reader(), now=self.now, source=self.source)

    def _seal(self, checked: Checked) -> None:
        if not checked.contract.sealed_columns:
            return
        if checked.keys or (checked.keys is not None and self.store.has(PERSONAL_VALUES.name)):
            put_sealed(self.store, checked, now=self.now, source=self.source)

    def note_spans(self, checked: Checked) -> None:
        """Note from which to which business date the rows speak of each city."""
        for city_id, first, last in checked.spans():
            self.note_span(city_id, first, last)

    def note_span(self, city_id: str, first: date, last: date) -> None:
        """Note that a city has rows from one business date to another."""
        known = self.spans.get(city_id, (first, last))
        self.spans[city_id] = (min(known[0], first), max(known[1], last))

    def put_calendar(self, bench: Bench, cities: Mapping[str, City]) -> None:
        """Upsert the business days of every city that this load speaks of."""
        tables = [
            city_days(cities[city_id], Days(first, last), self._market(cities[city_id]))
            for city_id, (first, last) in sorted(self.spans.items())
        ]
        if tables:
            rows = numbered(pa.concat_tables(tables).to_reader())
            self.put(check_rows(bench, TABLES[CITY_DAYS], rows, cities=cities, source=CALENDAR_SOURCE))

    def _market(self, city: City) -> Market | None:
        return None if city.country == UNKNOWN else self.markets.get(city.country)

    def put_zones(self, bench: Bench, cells: set[tuple[str, str]], cities: Mapping[str, City]) -> None:
        """Upsert the H3 cells that rows name as zones and that nobody has described, each with its city."""
        fresh = sorted(cells - self._known_zones(bench))
        if fresh:
            rows = numbered(pa.Table.from_pylist([_zone_row(city_id, cell) for city_id, cell in fresh]).to_reader())
            self.put(check_rows(bench, TABLES[ZONES], rows, cities=cities, source=CELL_SOURCE))

    def _known_zones(self, bench: Bench) -> set[tuple[str, str]]:
        snapshot = self.store.snapshot(ZONES)
        if snapshot is None or not snapshot.files:
            return set()
        return set(bench.run(f"SELECT city_id, zone_id FROM {scan(snapshot.paths)}"))


def cells_of(tables: Iterable[Checked]) -> set[tuple[str, str]]:
    """List the H3 cells that rows of several tables name as zones."""
    return {(cell[0], cell[1]) for checked in tables if checked.contract.name != ZONES for cell in checked.cells()}


def _zone_row(city_id: str, cell: str) -> dict[str, object]:
    latitude, longitude = h3.cell_to_latlng(cell)
    return {"city_id": city_id, "zone_id": cell, "h3_cell": cell, "latitude": latitude, "longitude": longitude}


def numbered(rows: pa.RecordBatchReader) -> pa.RecordBatchReader:
    """Give rows that come from no file numbers, so that they can be checked as those of a file are."""
    schema = pa.schema(
        [
            *rows.schema,
            pa.field("_file", pa.int64()),
            pa.field("_line", pa.int64()),
            pa.field("_lines", pa.int64()),
            pa.field("_removed", pa.string()),
        ]
    )

    def batches() -> Iterable[pa.RecordBatch]:
        line = 1
        for batch in rows:
            count = batch.num_rows
            added = [
                pa.repeat(pa.scalar(0, pa.int64()), count),
                pa.array(range(line, line + count), pa.int64()),
                pa.repeat(pa.scalar(1, pa.int64()), count),
                pa.nulls(count, pa.string()),
            ]
            yield pa.RecordBatch.from_arrays([*batch.columns, *added], schema=schema)
            line += count

    return pa.RecordBatchReader.from_batches(schema, batches())


def report_of(
    checked: Checked, upsert: Upsert, *, read: int, left_out: tuple[RuleCount, ...], removed: tuple[RuleCount, ...]
) -> TableReport:
    """Tell what became of one table's rows."""
    return TableReport(
        table=checked.contract.name,
        read=read,
        loaded=checked.loaded,
        collapsed=checked.collapsed,
        quarantined=(*left_out, *checked.quarantined),
        removed=removed,
        inserted=upsert.inserted,
        updated=upsert.updated,
        unchanged=not upsert.changed,
        version=upsert.version,
    )
