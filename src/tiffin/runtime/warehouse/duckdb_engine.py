"""The embedded engine: DuckDB over the files of Delta snapshots."""

import atexit
import threading
import warnings
from collections import Counter, OrderedDict, deque
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from tiffin.kernel.contract import TableContract
from tiffin.kernel.errors import InvalidData, InvalidDefinition, TiffinError, Unavailable
from tiffin.runtime.as_of import AsOf
from tiffin.runtime.warehouse.answers import Columns, NumpyColumn, columns_of
from tiffin.runtime.warehouse.columns import BATCH_ROWS, canonical, canonical_batches, literal, quoted
from tiffin.runtime.warehouse.pins import Pins
from tiffin.runtime.warehouse.reasons import reason
from tiffin.runtime.warehouse.rollup_names import place_of, version_read
from tiffin.runtime.warehouse.shapes import shaped
from tiffin.runtime.warehouse.snapshot import Snapshot
from tiffin.runtime.warehouse.store import DeltaStore
from tiffin.runtime.warehouse.views import select_of

if TYPE_CHECKING:
    from sqlglot import exp

KEPT_VIEWS = 512
"""Views of (table, version) that a process keeps; the least recently used one goes first."""

KEPT_CURSORS = 16
"""Idle cursors that a process keeps, each with its search path; setting one up costs a tenth of a quick query."""

KEPT_STATEMENTS = 256
"""Parsed statements that a process keeps; to parse one takes a fifth of a quick query."""

HELD_VALUES = 2**26
"""Values of roll-ups that a process holds in memory, of eight bytes or less each; the least recently used go first."""

READ_IN_PLACE = 5
"""So often a roll-up's few columns that a query needs are read from its files before all of it is held in memory.

One answer of a new process reads it up to three times: for what it asks, where its facts are, and how far they reach.
"""

DAY = "business_date"

# A relation would plan every query twice to save one copy of a small result.
warnings.filterwarnings("ignore", message="Arrow output on a DB-API result", category=UserWarning)


class DuckdbWarehouse:
    """Fact tables at one moment through DuckDB in this process.

    All warehouses of one folder of tables share one in-memory DuckDB, in which each version of a table is a view; a
    query's search path says which versions it sees. Opening one therefore costs next to nothing, and any number of
    threads may query at once.
    """

    dialect = "duckdb"

    def __init__(self, store: DeltaStore, contracts: Mapping[str, TableContract], *, as_of: AsOf = None) -> None:
        self._views = _shared_views(store)
        self._contracts = contracts
        self._pins = Pins(store, contracts, as_of)

    def query(self, statement: "exp.Query") -> pa.Table:
        """Run a query and return its rows in the canonical types.

        Raises
        ------
        InvalidDefinition
            The query names a column or function that there is not.
        """
        return self._run(statement.sql(dialect="duckdb"), (), self._pins.named_in(statement))

    def query_text(self, sql: str, parameters: Sequence[object] = ()) -> pa.Table:
        """Run a compiler's SQL; values stand as ``?``."""
        return self._run(sql, parameters, self._pins.named_in_text(sql))

    def answer_text(self, sql: str) -> Columns:
        """Run a compiler's SQL and give its columns; a text that differs from an earlier one in days is not parsed."""
        shape, days = shaped(sql)
        path, cursor = self._cursor(self._pins.named_in_text(shape))
        try:
            statement = self._views.statement(shape) or cursor.extract_statements(shape)[0]
            found = _columns(cursor.execute(statement, days))
        except duckdb.Error as error:
            cursor.close()
            raise _told(error) from error
        self._views.give_back(path, cursor, shape, statement)
        return found

    def stream_text(self, sql: str, parameters: Sequence[object] = ()) -> pa.RecordBatchReader:
        """Run a compiler's SQL and hand its rows over as they are taken; the first batch is made at once."""
        _, cursor = self._cursor(self._pins.named_in_text(sql))
        try:
            found = cursor.sql(sql, params=list(parameters)).to_arrow_reader(BATCH_ROWS)
        except duckdb.Error as error:
            cursor.close()
            raise _told(error) from error
        schema, batches = canonical_batches(found)
        return pa.RecordBatchReader.from_batches(schema, _read_on(cursor, batches))

    def versions(self) -> Mapping[str, int]:
        """Give the Delta version of each loaded table."""
        return self._pins.loaded()

    def close(self) -> None:
        """Do nothing: the shared DuckDB ends with the process."""

    def _run(self, sql: str, parameters: Sequence[object], tables: frozenset[str]) -> pa.Table:
        path, cursor = self._cursor(tables)
        try:
            found = canonical(cursor.execute(sql, list(parameters)).to_arrow_table())
        except duckdb.Error as error:
            cursor.close()
            raise _told(error) from error
        self._views.give_back(path, cursor)
        return found

    def _cursor(self, tables: frozenset[str]) -> tuple[str, duckdb.DuckDBPyConnection]:
        """Take a cursor that sees the pinned versions of some tables under their bare names, and its search path."""
        path = self._views.search_path(self._pins.take(tables), self._contracts)
        idle = self._views.idle(path)
        if idle is not None:
            return path, idle
        cursor = self._views.cursor()
        try:
            return path, cursor.execute(f"SET search_path = {literal(path)}")
        except duckdb.Error as error:
            cursor.close()
            raise _told(error) from error


def _columns(result: duckdb.DuckDBPyConnection) -> Columns:
    """Take the columns of a result: as arrays where nothing is lost by it."""
    if all(str(kind) in _PLAIN for _, kind, *_ in result.description or ()):
        return tuple(NumpyColumn(column) for column in result.fetchnumpy().values())
    return columns_of(canonical(result.to_arrow_table()))


_PLAIN = frozenset({"BIGINT", "INTEGER", "DOUBLE", "VARCHAR", "DATE", "BOOLEAN"})


def _read_on(cursor: duckdb.DuckDBPyConnection, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    try:
        yield from batches
    except (duckdb.Error, pa.ArrowException, OSError) as error:  # Arrow wraps what the engine says in mid-stream
        raise InvalidData(f"The warehouse stopped in the middle of an answer: {reason(error)}.") from error
    finally:
        cursor.close()


class _Views:
    """One in-memory DuckDB with a schema for each table's version, holding one view under the table's bare name.

    A roll-up that is asked for again is held in memory, in a schema of its own.
    """

    def __init__(self, store: DeltaStore) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._made: OrderedDict[str, int] = OrderedDict()
        self._held: OrderedDict[str, int] = OrderedDict()
        self._uses: Counter[str] = Counter()
        self._idle: deque[tuple[str, duckdb.DuckDBPyConnection]] = deque()
        self._statements: OrderedDict[str, duckdb.Statement] = OrderedDict()
        self._connection = duckdb.connect(":memory:")
        folder = f"{store.root}/"
        self._connection.execute(
            "SET GLOBAL TimeZone = 'UTC'; SET parquet_metadata_cache = true; "
            f"SET allowed_directories = [{literal(folder)}]; SET enable_external_access = false"
        )

    def cursor(self) -> duckdb.DuckDBPyConnection:
        with self._lock:
            return self._connection.cursor()

    def idle(self, path: str) -> duckdb.DuckDBPyConnection | None:
        """Take an idle cursor with this search path; None where there is none."""
        with self._lock:
            found = next((pair for pair in self._idle if pair[0] == path), None)
            if found is None:
                return None
            self._idle.remove(found)
            return found[1]

    def statement(self, text: str) -> duckdb.Statement | None:
        """Take a statement that was parsed before, so that nobody else runs it meanwhile; None where there is none."""
        with self._lock:
            return self._statements.pop(text, None)

    def give_back(
        self, path: str, cursor: duckdb.DuckDBPyConnection, text: str = "", statement: duckdb.Statement | None = None
    ) -> None:
        """Keep a cursor for the next query with this search path, and a parsed statement for the next with its text.

        What was used longest ago goes first.
        """
        with self._lock:
            if statement is not None:
                self._statements[text] = statement
                if len(self._statements) > KEPT_STATEMENTS:
                    self._statements.popitem(last=False)
            self._idle.appendleft((path, cursor))
            if len(self._idle) > KEPT_CURSORS:
                self._idle.pop()[1].close()

    def close(self) -> None:
        with self._lock:
            while self._idle:
                self._idle.pop()[1].close()
            self._connection.close()

    def search_path(self, pinned: Mapping[str, int | None], contracts: Mapping[str, TableContract]) -> str:
        with self._lock:
            schemas = [self._schema(table, version, contracts.get(table)) for table, version in pinned.items()]
            while len(self._made) > max(KEPT_VIEWS, len(schemas)):
                self._drop(self._made.popitem(last=False)[0])
            while sum(self._held.values()) > HELD_VALUES and len(self._held) > len(schemas):
                self._drop(self._held.popitem(last=False)[0])
        return ",".join(map(quoted, schemas)) or "main"

    def _schema(self, table: str, version: int | None, contract: TableContract | None) -> str:
        schema = f"{table}@{'none' if version is None else version}"
        held = f"{schema} held"
        if held in self._held:
            self._held.move_to_end(held)
            return held
        if schema not in self._made:
            snapshot = None if version is None else self._store.snapshot(place_of(table), version)
            self._make(schema, table, "VIEW", select_of(snapshot, contract))
            self._made[schema] = _values(snapshot) if snapshot and version_read(table) is not None else 0
        elif 0 < self._made[schema] <= HELD_VALUES and self._uses[schema] >= READ_IN_PLACE:
            self._make(held, table, "TABLE", f"FROM {quoted(schema)}.{quoted(table)}{self._by_day(table, version)}")
            self._held[held] = self._made[schema]
            return held
        self._uses[schema] += 1
        self._made.move_to_end(schema)
        return schema

    def _by_day(self, table: str, version: int | None) -> str:
        """Write the order in which the rows of a few days lie together."""
        snapshot = self._store.snapshot(place_of(table), version)
        return f" ORDER BY {DAY}" if snapshot and DAY in snapshot.schema.names else ""

    def _make(self, schema: str, table: str, kind: str, select: str) -> None:
        try:
            self._connection.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted(schema)}")
            self._connection.execute(f"CREATE OR REPLACE {kind} {quoted(schema)}.{quoted(table)} AS {select}")
        except duckdb.Error as error:
            raise _told(error) from error

    def _drop(self, schema: str) -> None:
        self._uses.pop(schema, None)
        self._connection.execute(f"DROP SCHEMA {quoted(schema)} CASCADE")


def _values(snapshot: Snapshot) -> int:
    return (snapshot.rows or HELD_VALUES) * len(snapshot.schema)


KEPT_STORES = 8
"""Stores whose DuckDB is kept for the next opening; others end with the last warehouse that uses them."""

_SHARED: OrderedDict[str, _Views] = OrderedDict()
_SHARING = threading.Lock()


def _shared_views(store: DeltaStore) -> _Views:
    with _SHARING:
        key = str(store.root)
        if key not in _SHARED:
            _SHARED[key] = _Views(store)
        _SHARED.move_to_end(key)
        while len(_SHARED) > KEPT_STORES:
            _SHARED.popitem(last=False)
        return _SHARED[key]


@atexit.register
def close_all() -> None:
    """Close the process's engines; those that still query fail."""
    with _SHARING:
        while _SHARED:
            _SHARED.popitem()[1].close()


def _told(error: duckdb.Error) -> TiffinError:
    text = reason(error)
    if isinstance(error, (duckdb.CatalogException, duckdb.BinderException, duckdb.ParserException)):
        return InvalidDefinition(f"The warehouse cannot read this query: {text}. Check the names in the definition.")
    if isinstance(error, (duckdb.IOException, duckdb.OutOfMemoryException)):
        return Unavailable(
            f"The warehouse could not read its tables: {text}. Check disk, memory and permissions there; files that "
            "only versions older than a month need may have been cleaned away."
        )
    return InvalidData(f"The warehouse met a value that the query cannot handle: {text}.")
