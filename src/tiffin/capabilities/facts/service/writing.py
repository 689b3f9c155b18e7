# ruff: noqa: S608 - the SQL here is made of quoted names and literals of our own
"""Checked rows brought into the fact tables, with the calendar of their cities."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import h3
import pyarrow as pa

from tiffin.capabilities.facts.domain.feed import CityRow
from tiffin.capabilities.facts.domain.report import RuleCount, TableReport
from tiffin.capabilities.facts.service.checking import Checked, check_rows
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.places import City
from tiffin.kernel.time import Days
from tiffin.runtime.calendar import CALENDAR_SOURCE, city_days
from tiffin.runtime.warehouse.snapshot import Upsert
from tiffin.runtime.warehouse.staging import Bench, scan
from tiffin.runtime.warehouse.store import DeltaStore

CITIES = "cities"
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
    spans: dict[str, tuple[date, date]] = field(default_factory=dict)

    def put(self, checked: Checked) -> Upsert:
        """Upsert one table's good rows."""
        self.note_spans(checked)
        return self.store.upsert(checked.contract, checked.reader(), now=self.now, source=self.source)

    def note_spans(self, checked: Checked) -> None:
        """Note from which to which business date the rows speak of each city."""
        for city_id, first, last in checked.spans():
            known = self.spans.get(city_id, (first, last))
            self.spans[city_id] = (min(known[0], first), max(known[1], last))

    def put_calendar(self, bench: Bench, cities: Mapping[str, City]) -> None:
        """Upsert the business days of every city that this load speaks of."""
        tables = [
            city_days(cities[city_id], Days(first, last)) for city_id, (first, last) in sorted(self.spans.items())
        ]
        if tables:
            rows = numbered(pa.concat_tables(tables).to_reader())
            self.put(check_rows(bench, TABLES[CITY_DAYS], rows, cities=cities, source=CALENDAR_SOURCE))

    def put_zones(self, bench: Bench, tables: Iterable[Checked], cities: Mapping[str, City]) -> None:
        """Upsert the H3 cells that rows name as zones and that nobody has described."""
        cells = {cell for checked in tables if checked.contract.name != ZONES for cell in checked.cells()}
        fresh = sorted(cells - self._known_zones(bench))
        if fresh:
            rows = numbered(pa.Table.from_pylist([_zone_row(city_id, cell) for city_id, cell in fresh]).to_reader())
            self.put(check_rows(bench, TABLES[ZONES], rows, cities=cities, source=CELL_SOURCE))

    def _known_zones(self, bench: Bench) -> set[tuple[str, str]]:
        snapshot = self.store.snapshot(ZONES)
        if snapshot is None or not snapshot.files:
            return set()
        return set(bench.run(f"SELECT city_id, zone_id FROM {scan(snapshot.paths)}"))


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


def known_cities(store: DeltaStore, bench: Bench) -> dict[str, City]:
    """Read the cities that the tables know."""
    snapshot = store.snapshot(CITIES)
    if snapshot is None or not snapshot.files:
        return {}
    columns = "city_id, name, country, timezone, cutoff_min, weekend, currency"
    return {row[0]: city_of(*row) for row in bench.run(f"SELECT {columns} FROM {scan(snapshot.paths)}")}


def city_of(city_id: str, name: str, country: str, timezone: str, cutoff_min: int, weekend: str, currency: str) -> City:
    """Make a city from its row."""
    days = tuple(int(day) for day in weekend.split(",") if day)
    return City(city_id, name, country, timezone, cutoff_min, days, currency)


def declared_cities(rows: Iterable[CityRow]) -> pa.Table:
    """Write a feed's cities as rows of the table ``cities``."""
    return pa.Table.from_pylist(
        [
            {
                "city_id": row.city.city_id,
                "name": row.city.name,
                "country": row.city.country,
                "timezone": row.city.timezone,
                "timezone_known": row.timezone_known,
                "cutoff_min": row.city.cutoff_min,
                "weekend": ",".join(map(str, row.city.weekend)),
                "currency": row.city.currency,
                "latitude": row.latitude,
                "longitude": row.longitude,
                "is_simulated": False,
            }
            for row in rows
        ]
    )


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
