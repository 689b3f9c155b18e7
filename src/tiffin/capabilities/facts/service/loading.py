"""One load from files to facts: everything is read, mapped and checked before the first row is written."""

import time
import uuid
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from tiffin.capabilities.facts.domain.feed import Feed, FileKind, TableMap
from tiffin.capabilities.facts.domain.report import LoadReport, TableReport
from tiffin.capabilities.facts.service.checking import Checked, check_rows
from tiffin.capabilities.facts.service.intake import Progress, Raw, lay_down, warnings_of
from tiffin.capabilities.facts.service.quarantine import keep_rows
from tiffin.capabilities.facts.service.staging import Reading, Staged
from tiffin.capabilities.facts.service.writing import (
    CITIES,
    Writing,
    city_of,
    declared_cities,
    known_cities,
    numbered,
    report_of,
)
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.places import City
from tiffin.runtime.context import Context
from tiffin.runtime.intake.sources import SourceFile
from tiffin.runtime.warehouse.opening import open_store
from tiffin.runtime.warehouse.staging import Bench, open_bench


def run_load(
    context: Context, feed: Feed, assigned: Sequence[tuple[FileKind, SourceFile]], progress: Progress
) -> LoadReport:
    """Load files through a feed; the tables change only after every row of every file was read and checked."""
    started = time.perf_counter()
    with ExitStack() as stack:
        reading_bench, checking_bench = (stack.enter_context(open_bench(context.workspace.tables)) for _ in range(2))
        reading = Reading(feed, reading_bench)
        reading.check()
        raw = lay_down(feed, assigned, reading_bench.folder, progress)
        reading.take(raw)
        load = _Load(context, feed, reading, checking_bench, raw)
        tables = load.run()
    return _report(feed, load.load_id, tables, raw, time.perf_counter() - started)


@dataclass(slots=True)
class _Load:
    """The tables of one load, staged and then written."""

    context: Context
    feed: Feed
    reading: Reading
    checking: Bench
    raw: Raw
    load_id: str = ""

    def run(self) -> tuple[TableReport, ...]:
        self.load_id = uuid.uuid4().hex
        writing = Writing(open_store(self.context.workspace), self.context.now, self.feed.name)
        cities, declared = self._cities(writing)
        staged = [self._staged(table, cities) for table in self._cities_first()]
        for table in staged:
            self._keep_left_out(writing, table)
        if declared is not None:
            writing.put(declared)
        order = sorted(staged, key=lambda table: table.plan.table.is_main)
        reports = [self._put(writing, table) for table in order[:-1]]
        # The calendar stands before the main table, so that a load that dies in between is completed by the next one.
        for table in order[-1:]:
            writing.note_spans(table.checked)
        writing.put_calendar(self.checking, cities)
        writing.put_zones(self.checking, (table.checked for table in staged), cities)
        return (*reports, *(self._put(writing, table) for table in order[-1:]))

    def _cities_first(self) -> list[TableMap]:
        return sorted(self.feed.tables, key=lambda table: (table.table != CITIES, table.is_main))

    def _cities(self, writing: Writing) -> tuple[dict[str, City], Checked | None]:
        cities = known_cities(writing.store, self.checking)
        if not self.feed.cities:
            return cities, None
        rows = numbered(declared_cities(self.feed.cities).to_reader())
        checked = check_rows(self.checking, TABLES[CITIES], rows, cities=cities, source=self.feed.name)
        return cities | {row.city.city_id: row.city for row in self.feed.cities}, checked

    def _staged(self, table: TableMap, cities: dict[str, City]) -> Staged:
        staged = self.reading.stage(self.reading.plan(table), self.checking, cities)
        if table.table == CITIES:
            for row in staged.checked.reader().read_all().to_pylist():
                names = ("city_id", "name", "country", "timezone", "cutoff_min", "weekend", "currency")
                cities[row["city_id"]] = city_of(*(row[name] for name in names))
        return staged

    def _keep_left_out(self, writing: Writing, staged: Staged) -> None:
        selects = self.reading.quarantined(staged, with_malformed=staged.plan.table.is_main)
        keep_rows(
            writing.store,
            self.reading.bench,
            staged.checked.contract.name,
            selects,
            feed=self.feed.name,
            load_id=self.load_id,
            now=self.context.now,
        )

    def _put(self, writing: Writing, staged: Staged) -> TableReport:
        upsert = writing.put(staged.checked)
        malformed = self.reading.malformed_counts(staged.plan) if staged.plan.table.is_main else ()
        return report_of(
            staged.checked,
            upsert,
            read=staged.read + sum(rule.count for rule in malformed),
            left_out=(*malformed, *staged.left_out),
            removed=staged.removed,
        )


def _report(feed: Feed, load_id: str, tables: tuple[TableReport, ...], raw: Raw, seconds: float) -> LoadReport:
    main = tables[-1]
    return LoadReport(
        feed=feed.name,
        load_id=load_id,
        table=main.table,
        read=main.read,
        loaded=main.loaded,
        collapsed=main.collapsed,
        quarantined=main.quarantined,
        unchanged=all(table.unchanged for table in tables),
        version=main.version,
        tables=tables,
        files=tuple(raw.files),
        warnings=tuple(warnings_of(feed, raw.files)),
        seconds=round(seconds, 3),
    )
