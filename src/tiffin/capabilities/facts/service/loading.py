"""One load from files to facts: everything is read, mapped and checked before the first row is written."""

import time
import uuid
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from tiffin.capabilities.facts.domain.feed import Feed, FileKind, TableMap
from tiffin.capabilities.facts.domain.report import LoadReport, TableReport
from tiffin.capabilities.facts.service.checking import Checked, check_rows
from tiffin.capabilities.facts.service.cities import (
    CITIES,
    CITY_CALENDARS,
    city_of,
    declared_calendars,
    declared_cities,
    known_cities,
    merged,
    with_calendars,
)
from tiffin.capabilities.facts.service.intake import Progress, Raw, lay_down, warnings_of
from tiffin.capabilities.facts.service.quarantine import keep_rows
from tiffin.capabilities.facts.service.restating import named, restate_days
from tiffin.capabilities.facts.service.staging import Reading, Staged
from tiffin.capabilities.facts.service.writing import Writing, numbered, report_of
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.places import City
from tiffin.runtime.context import Context
from tiffin.runtime.intake.sources import SourceFile
from tiffin.runtime.markets import load_markets
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
    return _report(feed, load, tables, raw, time.perf_counter() - started)


@dataclass(slots=True)
class _Load:
    """The tables of one load, staged and then written."""

    context: Context
    feed: Feed
    reading: Reading
    checking: Bench
    raw: Raw
    load_id: str = ""
    restated: dict[str, int] = field(default_factory=dict)

    def run(self) -> tuple[TableReport, ...]:
        self.load_id = uuid.uuid4().hex
        workspace = self.context.workspace
        markets = load_markets(workspace.overlay("markets"))
        writing = Writing(open_store(workspace), self.context.now, self.feed.name, markets)
        before = known_cities(writing.store, self.checking)
        cities = merged(before, [row.city for row in self.feed.cities])
        declared = self._declared(cities)
        staged = [self._staged(table, cities, writing) for table in self._cities_first()]
        for table in staged:
            self._keep_left_out(writing, table)
        self.restated = restate_days(writing, self.checking, before, cities, markets)
        for checked in declared:
            writing.put(checked)
        order = sorted(staged, key=lambda table: table.plan.table.is_main)
        reports = [self._put(writing, table) for table in order[:-1]]
        # The calendar stands before the main table, so that a load that dies in between is completed by the next one.
        for table in order[-1:]:
            writing.note_spans(table.checked)
        writing.put_calendar(self.checking, cities)
        writing.put_zones(self.checking, (table.checked for table in staged), cities)
        return (*reports, *(self._put(writing, table) for table in order[-1:]))

    def _cities_first(self) -> list[TableMap]:
        order = (CITIES, CITY_CALENDARS)
        return sorted(
            self.feed.tables,
            key=lambda table: (order.index(table.table) if table.table in order else len(order), table.is_main),
        )

    def _declared(self, cities: dict[str, City]) -> list[Checked]:
        """Check the feed's own cities and their histories, the histories first: cities name only what holds today."""
        if not self.feed.cities:
            return []
        rows = {
            CITY_CALENDARS: declared_calendars(self.feed.cities),
            CITIES: declared_cities(self.feed.cities, self.context.now.date()),
        }
        return [
            check_rows(self.checking, TABLES[name], numbered(table.to_reader()), cities=cities, source=self.feed.name)
            for name, table in rows.items()
            if table.num_rows
        ]

    def _staged(self, table: TableMap, cities: dict[str, City], writing: Writing) -> Staged:
        staged = self.reading.stage(self.reading.plan(table), self.checking, cities, writing.markets)
        if table.table == CITIES:
            rows = staged.checked.reader().read_all().to_pylist()
            cities |= merged(cities, [city_of(row) for row in rows])
        if table.table == CITY_CALENDARS:
            cities |= with_calendars(cities, staged.checked.reader().read_all().to_pylist())
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


def _report(feed: Feed, load: _Load, tables: tuple[TableReport, ...], raw: Raw, seconds: float) -> LoadReport:
    main = tables[-1]
    told = (named(load.restated),) if load.restated else ()
    return LoadReport(
        feed=feed.name,
        load_id=load.load_id,
        table=main.table,
        read=main.read,
        loaded=main.loaded,
        collapsed=main.collapsed,
        quarantined=main.quarantined,
        unchanged=all(table.unchanged for table in tables),
        version=main.version,
        tables=tables,
        files=tuple(raw.files),
        warnings=(*told, *warnings_of(feed, raw.files)),
        seconds=round(seconds, 3),
    )
