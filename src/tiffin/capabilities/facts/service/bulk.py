# ruff: noqa: S608 - the SQL here is made of quoted names and literals of our own
"""Large plain loads: what is good at first sight goes straight into the table's files, the rest the usual way."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from tiffin.capabilities.facts.domain.feed import SourceType
from tiffin.capabilities.facts.domain.functions import identifier, quoted
from tiffin.capabilities.facts.domain.mapping import EVENT, REMOVED, TablePlan, plan_table, typed_name
from tiffin.capabilities.facts.domain.reading import Typed, begins_plainly, native_view
from tiffin.capabilities.facts.domain.report import FileReport
from tiffin.capabilities.facts.service.at_sight import EARLIEST_AT, LATEST_AT, AtSight
from tiffin.capabilities.facts.service.bulk_people import BulkPeople, person_aliases
from tiffin.capabilities.facts.service.checking import CELL, ZONE_COLUMNS, Checked
from tiffin.capabilities.facts.service.deriving import LOCAL, PLACES
from tiffin.capabilities.facts.service.intake import Progress, Raw, carried, raw_schema
from tiffin.capabilities.facts.service.local_table import LocalTable
from tiffin.capabilities.facts.service.plain_files import PlainFiles
from tiffin.capabilities.facts.service.staging import Reading
from tiffin.kernel.contract import LogicalType, TableContract
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.places import City
from tiffin.runtime.clocks import DAY
from tiffin.runtime.database import Unit
from tiffin.runtime.intake.extremes import Extremes, extremes_of
from tiffin.runtime.intake.parquet_rows import as_text
from tiffin.runtime.intake.shape import LINE
from tiffin.runtime.markets import Market
from tiffin.runtime.warehouse.columns import DUCKDB, arrow_schema, literal
from tiffin.runtime.warehouse.keys import Digests, digests_of, key_digest, repeated
from tiffin.runtime.warehouse.log import PARTIAL, WrittenFile
from tiffin.runtime.warehouse.staging import FAST, Bench, scan, typed

MEMORY = "4GB"
"""What the database may hold of a large load before it spills."""

MOST_CAREFUL = 0.05
"""A load with a larger share of rows that need the usual way goes that way as a whole."""

SAMPLE, RARE = 100_000, 0.001
"""So many first rows are looked at; a text column is mostly clean if fewer of them than this share need cleaning."""

MOST_STATED_DAYS = 3_700
"""Where rows lie within more days than that, the days are counted."""


@dataclass(frozen=True, slots=True)
class Landed:
    """The rows of a large load that are good at first sight, in files of the reading bench.

    Parameters
    ----------
    careful : Raw
        The raw text of all other rows, and the account of all files.
    read : int
        Rows that speak of the table.
    """

    files: tuple[WrittenFile, ...]
    digests: Digests
    careful: Raw
    read: int

    @property
    def rows(self) -> int:
        """How many they are."""
        return sum(file.rows for file in self.files)

    def joined(self, bench: Bench, checked: Checked) -> tuple[list[WrittenFile], Digests] | None:
        """Add the rows that proved good on the usual way; None where one may have the key of a row that is here."""
        if not checked.loaded:
            return list(self.files), self.digests
        names = typed(arrow_schema(checked.contract), checked.contract.column_names)
        late = self._alike(bench, bench.land(checked.reader(), f"SELECT {', '.join(names)} FROM incoming"))
        digests = np.concatenate([self.digests, digests_of(bench, checked.contract, late)])
        digests.sort()
        return None if len(repeated(digests)) else ([*self.files, *late], digests)

    def _alike(self, bench: Bench, late: Sequence[WrittenFile]) -> Sequence[WrittenFile]:
        """Leave out the columns that the other files leave out: files that are alike are read with less work."""
        columns = self.files[0].columns if self.files else frozenset()
        if not columns or not all(file.filled <= columns for file in late):
            return late
        source = scan([str(bench.folder / file.name) for file in late])
        return bench.write(f"SELECT {_listed(sorted(columns))} FROM {source}", FAST, PARTIAL)


class Bulk:
    """One large plain load, read by the database.

    Parameters
    ----------
    cities : mapping of str to City
        Every known city.
    """

    def __init__(
        self,
        unit: Unit,
        reading: Reading,
        plain: PlainFiles,
        cities: Mapping[str, City],
        markets: Mapping[str, Market],
    ) -> None:
        self._reading, self._plain, self._bench = reading, plain, reading.bench
        self._table = reading.feed.main
        self._contract: TableContract = TABLES[self._table.table]
        self._days = LocalTable(cities, markets)
        connection = self._bench.connection
        connection.execute(f"SET memory_limit = '{MEMORY}'")
        self._plan: TablePlan = plan_table(reading.feed, self._table, has_nul=False)
        self._countries = {city.country for city in cities.values()}
        self._stated: Mapping[str, Extremes] = plain.stated
        self._mostly_clean: list[str] = []
        self._brought: tuple[str, ...] = ()
        self._look_at(clean=())
        self._mostly_clean = self._sampled()
        texts = {column.alias for column in plain.kind.columns if column.type is SourceType.TEXT}
        if texts & set(plain.present) <= set(self._mostly_clean):
            # None of them begins as a formula does: `native_view` sees to it.
            self._plan = plan_table(replace(reading.feed, keeps_formulas=True), self._table, has_nul=False)
        self._people = BulkPeople(unit, self._bench, self._contract, self._plan, plain)

    def landed(self, files: Sequence[FileReport], progress: Progress) -> Landed | None:
        """Write every row that is good at first sight; None where too many are not, so that all go the usual way."""
        total = sum(self._plain.rows)
        read = int(self._bench.run(self._plan.read)[0][0]) if self._table.where else total
        named = self._people.look_up(clean=self._mostly_clean)
        if not all(self._stated[alias].covers(named[name]) for name, alias in self._person_aliases(named)):
            return None
        written = self._written(total)
        if written is None:
            return None
        left = read - sum(file.rows for file in written)
        digests = digests_of(self._bench, self._contract, written)
        twice = repeated(digests)
        if left + len(twice) > MOST_CAREFUL * total:
            return None
        if len(twice):
            written, digests = self._without(written, twice)
        for source in self._plain.sources:
            progress(source.size)
        careful = self._careful(files, twice) if left or len(twice) else Raw(self._empty(), list(files))
        return Landed(tuple(written), digests, careful, read)

    def _written(self, total: int) -> list[WrittenFile] | None:
        """Write the rows that break no rule, looking only for what the files' own statements leave possible.

        The statements are held against the rows that were written. Where they prove wrong, the database may have
        believed them too, and all rows go the usual way.
        """
        # Before only clean rows are looked at: that takes reading all their texts.
        days = self._days_of()
        self._look_at(clean=self._mostly_clean)
        if not self._days.register(self._bench, days, total):
            return None
        # Left to itself the database may take the rows for fewer than the clocks, and hold them all in memory.
        self._bench.run("SET disabled_optimizers = 'join_order,build_side_probe_side'")
        good = self._good()
        select = f"SELECT {_listed(self._brought)} FROM ({good}) WHERE {self._rules()}"
        written = self._bench.write(select, FAST, PARTIAL)
        self._bench.run("RESET disabled_optimizers")
        known = {name: bounds for name, bounds in self._known().items() if name not in self._people.names}
        found = extremes_of([parquet.ParquetFile(self._bench.folder / file.name) for file in written])
        if not all(known[name].covers(found[name]) for name in known.keys() & found.keys()):
            return None
        untold = {self._plan.taken[name] for name in known.keys() - found.keys()}
        if not untold or not written:
            return written
        self._stated = {alias: bounds for alias, bounds in self._stated.items() if alias not in untold}
        return self._written(total)

    def spans(self, files: Sequence[WrittenFile]) -> list[tuple[Any, ...]]:
        """Tell from which to which business date each city has rows."""
        if not files or "business_date" not in self._brought:
            return []
        select = f"SELECT city_id, min(business_date), max(business_date) FROM {self._scan(files)} GROUP BY city_id"
        return self._bench.run(select)

    def cells(self, files: Sequence[WrittenFile]) -> list[tuple[Any, ...]]:
        """List the H3 cells that the rows name as zones, each with its city."""
        names = [name for name in ZONE_COLUMNS if name in self._brought]
        if not files or not names:
            return []
        each = " UNION ".join(
            f"SELECT city_id, {name} AS cell FROM {self._scan(files)} WHERE strlen({name}) = 15 AND "
            f"regexp_full_match({name}, '{CELL}')"
            for name in names
        )
        return self._bench.run(f"SELECT city_id, cell FROM ({each}) ORDER BY ALL")

    def _scan(self, files: Sequence[WrittenFile]) -> str:
        return scan([str(self._bench.folder / file.name) for file in files])

    def _look_at(self, clean: Sequence[str]) -> None:
        """Have the plan's queries read the files; of the columns named, only rows whose value needs no cleaning."""
        plain = self._plain
        typed_columns = Typed(
            plain.present,
            plain.instants,
            self._plan.handed_on,
            clean,
            {self._plan.taken[name] for name, found in self._known().items() if _begins_plainly(found)},
            set(person_aliases(self._contract, self._plan).values()),
        )
        view = native_view(plain.kind, plain.scan(), self._reading.feed.time_zone, typed_columns)
        self._bench.run(f"CREATE OR REPLACE VIEW {typed_name(plain.kind.name)} AS {view}")

    def _sampled(self) -> list[str]:
        """List the text columns that need no cleaning in the first rows: of them, what does goes the usual way."""
        kind = self._plain.kind
        texts = [c for c in kind.columns if c.type is SourceType.TEXT and c.alias in self._plain.present]
        if not texts:
            return []
        unclean = ", ".join(
            f"avg(({name} <> trim({name}) OR {name} IN ({absent}) OR NOT {begins_plainly(name)})::INTEGER)"
            for name, absent in ((identifier(c.header), ", ".join(map(quoted, {"", *c.missing}))) for c in texts)
        )
        found = self._bench.run(f"SELECT {unclean} FROM (SELECT * FROM {self._plain.scan()} LIMIT {SAMPLE})")[0]
        return [column.alias for column, share in zip(texts, found, strict=True) if (share or 0) < RARE]

    def _good(self) -> str:
        """Write the rows that can be mapped, with every column of the contract in its type, and file and line."""
        people = self._people.names
        values = self._values()
        self._brought = tuple(name for name, value in values.items() if value is not None)
        columns = [f"{value or self._empty_value(name)} AS {identifier(name)}" for name, value in values.items()]
        timed = f"(SELECT *, {self._at()} AS _at FROM ({self._plan.good}) WHERE {REMOVED} IS NULL) AS m"
        named = " AND ".join(("true", *self._people.known("m")))
        pseudonyms = "".join(f", {self._people.value(name)} AS {_pseudonym(name)}" for name in people)
        packed = (
            f"SELECT *{pseudonyms}, {self._days.packed} AS _packed FROM {timed} {self._days.joined('m')} "
            f"{self._people.joined('m')} WHERE {named}"
        )
        return f"SELECT _file, _line, {', '.join(columns)} FROM ({packed})"

    def _known(self) -> dict[str, Extremes]:
        """Tell of columns of the contract between which bounds the files state that their values lie."""
        whole = {column.alias for column in self._plain.kind.columns if column.type is SourceType.INTEGER}
        usable = whole | set(self._plain.instants) | set(self._mostly_clean)
        taken = {name: alias for name, alias in self._plan.taken.items() if alias in usable}
        return {name: self._stated[alias] for name, alias in taken.items() if alias in self._stated}

    def _rules(self) -> str:
        return AtSight(self._contract, self._plan.columns, self._countries, self._known(), self._people.names).sql()

    def _days_of(self) -> Sequence[int]:
        """List the days in UTC on which rows lie, those that no good row can lie on aside."""
        known = self._known()
        events = [known.get(name) for name in self._events()]
        bounds = [int(at) for found in events if found for at in (found.least, found.most)]
        if len(bounds) == 2 * len(events) > 0 and not self._plan.has_event:
            days = range(max(min(bounds), EARLIEST_AT) // DAY, min(max(bounds), LATEST_AT) // DAY + 1)
            if len(days) <= MOST_STATED_DAYS:
                return days
        lies = f"{self._at()} BETWEEN {EARLIEST_AT} AND {LATEST_AT}"
        rows = self._bench.run(f"SELECT DISTINCT {self._at()} // {DAY} AS day FROM ({self._plan.good}) WHERE {lies}")
        return sorted(row[0] for row in rows)

    def _person_aliases(self, named: Mapping[str, Extremes]) -> list[tuple[str, str]]:
        """List the columns that name people and of which the files state bounds, each with its source column."""
        known = self._known()
        return [(name, self._plan.taken[name]) for name in self._people.names if name in known and name in named]

    def _events(self) -> list[str]:
        return [name for name in self._contract.event_at if name in self._plan.columns]

    def _at(self) -> str:
        events = [EVENT] if self._plan.has_event else map(identifier, self._events())
        return f"coalesce({', '.join([*(f'epoch_us({event})' for event in events), 'CAST(NULL AS BIGINT)'])})"

    def _values(self) -> dict[str, str | None]:
        """Write the value of every column of the contract; None where no row can have one."""
        types = {row[0]: str(row[1]) for row in self._bench.run(f"DESCRIBE {self._plan.good}")}
        people, names = self._people.names, self._contract.column_names
        return {name: _pseudonym(name) if name in people else self._value(name, types) for name in names}

    def _empty_value(self, name: str) -> str:
        return f"CAST(NULL AS {DUCKDB[arrow_schema(self._contract).field(name).type]})"

    def _value(self, name: str, types: Mapping[str, str]) -> str | None:
        column = self._contract.column(name)
        kind = DUCKDB[arrow_schema(self._contract).field(name).type]
        if name in types:
            value = identifier(name)
            if column.type is LogicalType.TIMESTAMP and types[name] == "TIMESTAMP":
                return f"make_timestamptz(epoch_us({value}))"
            value = f"coalesce({value}, {literal(self._reading.feed.name)})" if name == "source" else value
            return value if types[name] == kind else f"CAST({value} AS {kind})"
        if name == "source":
            return literal(self._reading.feed.name)
        if column.derived and name in (*LOCAL, "country"):
            return self._days.values[name]
        places = PLACES.get(name, ())
        if column.derived and places and set(places) <= set(types):
            return f"h3_cell({', '.join(f'CAST({place} AS DOUBLE)' for place in places)})"
        return None

    def _without(self, written: Sequence[WrittenFile], twice: Digests) -> tuple[list[WrittenFile], Digests]:
        """Write the files again without the rows of some keys."""
        self._bench.connection.register("twice", pa.table({"digest": twice}))
        select = (
            f"SELECT {_listed(self._brought)} FROM {self._scan(written)} "
            f"WHERE {key_digest(self._contract)} NOT IN (SELECT digest FROM twice)"
        )
        fresh = self._bench.write(select, FAST, PARTIAL)
        return fresh, digests_of(self._bench, self._contract, fresh)

    def _careful(self, files: Sequence[FileReport], twice: Digests) -> Raw:
        """Lay down the raw text of the rows that were not written."""
        self._bench.connection.register("twice", pa.table({"digest": twice}))
        plain = f"SELECT _file, _line FROM ({self._good()}) WHERE {self._rules()}"
        if len(twice):
            plain += f" AND {key_digest(self._contract)} NOT IN (SELECT digest FROM twice)"
        self._bench.run(f"CREATE OR REPLACE TEMP TABLE plain AS {plain}")
        self._look_at(clean=())
        self._bench.run(
            "CREATE OR REPLACE TEMP TABLE careful AS "
            f"SELECT _file, _line FROM ({self._plan.rows}) ANTI JOIN plain USING (_file, _line)"
        )
        raw = Raw(self._empty(), list(files))
        with parquet.ParquetWriter(raw.paths[self._plain.kind.name], raw_schema(self._plain.kind)) as writer:
            for batch in self._raw_rows(writer.schema):
                writer.write_batch(batch)
        return raw

    def _raw_rows(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        headers = {column.alias: column.header for column in self._plain.kind.columns}
        picked = ", ".join(f"p.{identifier(headers[alias])} AS {identifier(alias)}" for alias in self._plain.present)
        select = (
            f"SELECT p._file, p._line, {picked} FROM {self._plain.scan()} AS p JOIN careful USING (_file, _line) "
            "ORDER BY p._file, p._line"
        )
        table = self._bench.connection.sql(select).to_arrow_table()
        for batch in table.to_batches():
            columns = {alias: as_text(batch.column(alias)) for alias in self._plain.present}
            columns[LINE] = batch.column("_line")
            missing = pa.nulls(batch.num_rows, pa.string())
            names = [*headers, LINE]
            rows = pa.RecordBatch.from_pydict({name: columns.get(name, missing) for name in names})
            for number in pc.unique(batch.column("_file")).to_pylist():
                of_file = rows.filter(pc.equal(batch.column("_file"), number))
                yield carried(of_file, number, self._plain.sources[number], schema)

    def _empty(self) -> dict[str, str]:
        path = self._bench.folder / f"raw_{self._plain.kind.name}.parquet"
        parquet.write_table(raw_schema(self._plain.kind).empty_table(), path)
        return {self._plain.kind.name: str(path)}


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(identifier, names))


def _pseudonym(name: str) -> str:
    return identifier(f"pseudonym_{name}")


def _begins_plainly(found: Extremes) -> bool:
    """Tell whether every text between these bounds begins as `begins_plainly` says."""
    least, most = str(found.least), str(found.most)
    return least >= "A" or (least >= "0" and most < ":")
