"""One load from files to facts: everything is read, mapped and checked before the first row is written."""

import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

from tiffin.capabilities.facts.domain.feed import Feed, FileKind, TableMap
from tiffin.capabilities.facts.domain.report import FileReport, LoadReport, TableReport
from tiffin.capabilities.facts.service.bulk import Bulk
from tiffin.capabilities.facts.service.bulk_reports import fingerprint, load_of, note_of, whole_report, written_as
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
from tiffin.capabilities.facts.service.naming import naming_of
from tiffin.capabilities.facts.service.plain_files import PlainFiles, digested, plain_files
from tiffin.capabilities.facts.service.quarantine import LeavingOut, keep_rows
from tiffin.capabilities.facts.service.restating import named, restate_days
from tiffin.capabilities.facts.service.staging import Reading, Staged
from tiffin.capabilities.facts.service.writing import Writing, cells_of, numbered, report_of
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.places import City
from tiffin.runtime import people
from tiffin.runtime.context import Context
from tiffin.runtime.contracts.effect import need_in_force
from tiffin.runtime.intake.sources import SourceFile
from tiffin.runtime.markets import load_markets
from tiffin.runtime.warehouse.opening import open_store
from tiffin.runtime.warehouse.staging import Bench, open_bench


def run_load(
    context: Context, feed: Feed, assigned: Sequence[tuple[FileKind, SourceFile]], progress: Progress
) -> LoadReport:
    """Load files through a feed; the tables change only after every row of every file was read and checked."""
    started = time.perf_counter()
    need_in_force(context, [table.table for table in feed.tables])
    with ExitStack() as stack:
        reading_bench, checking_bench = (stack.enter_context(open_bench(context.workspace.tables)) for _ in range(2))
        reading = Reading(feed, reading_bench)
        reading.check()
        load = _Load.of(context, reading, checking_bench)
        plain = plain_files(feed, assigned, progress)
        tables = load.run_plain(plain, progress) if plain else None
        if tables is None:
            load.take(lay_down(feed, assigned, reading_bench.folder, progress))
            tables = load.run()
    return load.report(tables, time.perf_counter() - started)


@dataclass(slots=True)
class _Load:
    """The tables of one load, staged and then written."""

    context: Context
    reading: Reading
    checking: Bench
    writing: Writing
    before: dict[str, City]
    cities: dict[str, City]
    leaving: LeavingOut
    files: tuple[FileReport, ...] = ()
    restated: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, context: Context, reading: Reading, checking: Bench) -> "_Load":
        markets = load_markets(context.workspace.overlay("markets"))
        writing = Writing(open_store(context.workspace), context.now, reading.feed.name, markets)
        before = known_cities(writing.store, checking)
        cities = merged(before, [row.city for row in reading.feed.cities])
        leaving = LeavingOut(reading.feed.name, context.now, people.forgotten(context.unit))
        return cls(context, reading, checking, writing, before, cities, leaving)

    def take(self, raw: Raw) -> None:
        """Take the raw text of the files."""
        self.reading.take(raw)
        self.files = tuple(raw.files)

    def run(self) -> tuple[TableReport, ...]:
        staged = [self._staged(table) for table in self._cities_first()]
        self._put_cities(staged)
        order = sorted(staged, key=lambda table: table.plan.table.is_main)
        reports = [self._put(table) for table in order[:-1]]
        # The calendar stands before the main table, so that a load that dies in between is completed by the next one.
        for table in order[-1:]:
            self.writing.note_spans(table.checked)
        self.writing.put_calendar(self.checking, self.cities)
        self.writing.put_zones(self.checking, cells_of(table.checked for table in staged), self.cities)
        return (*reports, *(self._put(table) for table in order[-1:]))

    def run_plain(self, plain: PlainFiles, progress: Progress) -> tuple[TableReport, ...] | None:
        """Load large plain files; None, and nothing done, where they have to go the usual way."""
        store, table = self.writing.store, self.reading.feed.main.table
        self.files = digested(plain)
        mark = fingerprint(self.reading, self.files, self.cities, self.writing.markets)
        known = load_of(store, table, mark)
        if known is not None:
            return (known,)
        bulk = Bulk(self.context.unit, self.reading, plain, self.cities, self.writing.markets)
        landed = bulk.landed(self.files, progress)
        if landed is None:
            return None
        self.take(landed.careful)
        staged = self._staged(self.reading.feed.main)
        joined = landed.joined(self.reading.bench, staged.checked)
        if joined is None:
            return None
        self._put_cities([staged])
        self.writing.note_spans(staged.checked)
        for city_id, first, last in bulk.spans(landed.files):
            self.writing.note_span(city_id, first, last)
        self.writing.put_calendar(self.checking, self.cities)
        cells = cells_of([staged.checked]) | set(bulk.cells(landed.files))
        self.writing.put_zones(self.checking, cells, self.cities)
        whole = whole_report(landed, staged)
        upsert = store.upsert_files(
            staged.checked.contract,
            self.reading.bench,
            *joined,
            now=self.writing.now,
            source=self.writing.source,
            more=note_of(mark, whole),
        )
        return (replace(whole, **written_as(upsert)),)

    def _put_cities(self, staged: Sequence[Staged]) -> None:
        """Write what was left out, restate days whose city's calendar changed, and write the feed's own cities."""
        declared = self._declared()
        for table in staged:
            self._keep_left_out(table)
        self.restated = restate_days(self.writing, self.checking, self.before, self.cities, self.writing.markets)
        for checked in declared:
            self.writing.put(checked)

    def _cities_first(self) -> list[TableMap]:
        order = (CITIES, CITY_CALENDARS)
        return sorted(
            self.reading.feed.tables,
            key=lambda table: (order.index(table.table) if table.table in order else len(order), table.is_main),
        )

    def _declared(self) -> list[Checked]:
        """Check the feed's own cities and their histories, the histories first: cities name only what holds today."""
        feed = self.reading.feed
        if not feed.cities:
            return []
        rows = {
            CITY_CALENDARS: declared_calendars(feed.cities),
            CITIES: declared_cities(feed.cities, self.context.now.date()),
        }
        return [
            check_rows(self.checking, TABLES[name], numbered(table.to_reader()), cities=self.cities, source=feed.name)
            for name, table in rows.items()
            if table.num_rows
        ]

    def _staged(self, table: TableMap) -> Staged:
        naming = naming_of(self.context.unit, TABLES[table.table], self.reading.feed.name)
        plan = self.reading.plan(table)
        staged = self.reading.stage(plan, self.checking, self.cities, self.writing.markets, naming)
        if table.table == CITIES:
            rows = staged.checked.reader().read_all().to_pylist()
            self.cities |= merged(self.cities, [city_of(row) for row in rows])
        if table.table == CITY_CALENDARS:
            self.cities |= with_calendars(self.cities, staged.checked.reader().read_all().to_pylist())
        return staged

    def _keep_left_out(self, staged: Staged) -> None:
        selects = self.reading.quarantined(staged, with_malformed=staged.plan.table.is_main)
        name = staged.checked.contract.name
        keep_rows(self.writing.store, self.reading.bench, name, selects, self.leaving)

    def _put(self, staged: Staged) -> TableReport:
        upsert = self.writing.put(staged.checked)
        malformed = self.reading.malformed_counts(staged.plan) if staged.plan.table.is_main else ()
        return report_of(
            staged.checked,
            upsert,
            read=staged.read + sum(rule.count for rule in malformed),
            left_out=(*malformed, *staged.left_out),
            removed=staged.removed,
        )

    def report(self, tables: tuple[TableReport, ...], seconds: float) -> LoadReport:
        """Give the account of the whole load."""
        main, feed = tables[-1], self.reading.feed
        told = (named(self.restated),) if self.restated else ()
        return LoadReport(
            feed=feed.name,
            load_id=self.leaving.load_id,
            table=main.table,
            read=main.read,
            loaded=main.loaded,
            collapsed=main.collapsed,
            quarantined=main.quarantined,
            unchanged=all(table.unchanged for table in tables),
            version=main.version,
            tables=tables,
            files=self.files,
            warnings=(*told, *warnings_of(feed, self.files)),
            seconds=round(seconds, 3),
        )
