"""Both engines read the same tables at the same moment and give the same answers in the same types."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from deltalake import write_deltalake
from sqlglot import exp, parse_one

from tiffin.kernel.contract import TableContract
from tiffin.kernel.errors import InvalidData, InvalidDefinition, NotFound, Unavailable
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.warehouse import duckdb_engine
from tiffin.runtime.warehouse.columns import arrow_schema
from tiffin.runtime.warehouse.duckdb_engine import DuckdbWarehouse
from tiffin.runtime.warehouse.engine import Warehouse
from tiffin.runtime.warehouse.keys import digests_of
from tiffin.runtime.warehouse.log import PARTIAL
from tiffin.runtime.warehouse.opening import open_store, open_warehouse
from tiffin.runtime.warehouse.spark_sessions import connect
from tiffin.runtime.warehouse.staging import FAST, open_bench
from tiffin.runtime.warehouse.store import DeltaStore
from tiffin.runtime.workspace import Workspace

ENGINES = ("duckdb", "spark", "spark-files")
Build = Callable[..., Any]
Open = Callable[..., Warehouse]


@pytest.fixture
def opened(tmp_path: Path) -> Callable[..., Warehouse]:
    """Open the warehouse over the tables of the fixture ``store``, as tiffin.toml would."""

    def run(engine: str, as_of: int | datetime | None = None, **settings: str) -> Warehouse:
        if engine == "spark-files":
            settings["reading"] = "files"
        config = {"warehouse": {"engine": engine.partition("-")[0], **settings}}
        workspace = Workspace(tmp_path, config)
        (tmp_path / ".tiffin").mkdir(exist_ok=True)
        if not workspace.tables.is_symlink():
            workspace.tables.symlink_to(tmp_path / "tables")
        return open_warehouse(workspace, as_of=as_of)

    return run


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def rows(warehouse: Warehouse, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
    table = warehouse.query_text(sql, parameters)
    return [tuple(row.values()) for row in table.to_pylist()]


def a_query(sql: str) -> exp.Query:
    found = parse_one(sql, read="duckdb")
    assert isinstance(found, exp.Query)
    return found


def test_every_contract_s_table_is_there_before_anything_is_loaded(opened: Open, engine: str) -> None:
    warehouse = opened(engine)
    for name, contract in TABLES.items():
        found = warehouse.query(exp.select("*").from_(name))

        assert found.num_rows == 0
        assert found.schema.equals(arrow_schema(contract))
        if engine != "duckdb":
            break
    assert warehouse.versions() == {}


def test_rows_come_back_in_the_contract_s_types(opened: Open, engine: str, load: Build, an_order: Build) -> None:
    load(an_order(1, pickup_latitude=24.7, is_asap=False))

    found = opened(engine).query(exp.select("*").from_("orders"))

    assert found.schema.equals(arrow_schema(TABLES["orders"]))
    row = found.to_pylist()[0]
    assert row["placed_at"] == datetime(2026, 3, 1, 12, 1, tzinfo=UTC)
    assert (row["business_date"], row["is_asap"], row["pickup_latitude"]) == (date(2026, 3, 1), False, 24.7)


def test_columns_that_files_lack_are_null_in_whatever_they_are_joined_with(
    opened: Open, engine: str, store: DeltaStore, load: Build, an_order: Build
) -> None:
    """Alone, beside files that have other columns, and after a row of theirs was restated."""
    orders = TABLES["orders"]
    brought = (
        "SELECT 'riyadh' AS city_id, 'o' || i AS order_id, 'delivered' AS status, DATE '2026-03-01' AS business_date, "
        "i AS basket_minor FROM range(3) AS t (i)"
    )
    asked = "select order_id, status, basket_minor, tip_minor from orders order by order_id"
    with open_bench(store.root) as bench:
        files = bench.write(brought, FAST, PARTIAL)
        digests = digests_of(bench, orders, files)
        store.upsert_files(orders, bench, files, digests, now=datetime(2026, 3, 2, tzinfo=UTC), source="x", more={})

    snapshot = store.snapshot("orders")
    assert snapshot
    assert [file.lacks >= {"tip_minor", "country"} for file in snapshot.files if file.lacks] == [True]
    whole = opened(engine).query(exp.select("*").from_("orders"))
    assert whole.schema.equals(arrow_schema(orders))
    assert rows(opened(engine), asked) == [(f"o{n}", "delivered", n, None) for n in range(3)]

    load(an_order(1, tip_minor=7))
    load(an_order(2, order_id="o1", basket_minor=50, tip_minor=9))

    restated = [("o0", "delivered", 0, None), ("o1", "delivered", 50, 9), ("o2", "delivered", 2, None)]
    assert rows(opened(engine), asked) == [*restated, ("order-1", "delivered", 1001, 7)]


def test_sums_counts_and_shares_have_the_same_types(opened: Open, engine: str, load: Build, an_order: Build) -> None:
    load(*(an_order(number) for number in range(10)))

    found = opened(engine).query(
        a_query(
            "SELECT count(*) AS n, sum(basket_minor) AS total, avg(basket_minor) AS mean, max(placed_at) AS newest, "
            "sum(basket_minor) / 4 AS quarter, CAST(0.5 AS DOUBLE) AS half, count(DISTINCT city_id) AS cities "
            "FROM orders"
        )
    )

    assert [str(found_type) for found_type in found.schema.types] == [
        "int64", "int64", "double", "timestamp[us, tz=UTC]", "double", "double", "int64",
    ]  # fmt: skip
    assert [*found.to_pylist()[0].values()] == [
        10, 10045, 1004.5, datetime(2026, 3, 1, 12, 9, tzinfo=UTC), 2511.25, 0.5, 1,
    ]  # fmt: skip


def test_values_go_in_as_parameters(opened: Open, engine: str, load: Build, an_order: Build) -> None:
    load(an_order(1), an_order(2, city_id="it's"), an_order(3, business_date=date(2026, 3, 2)))
    warehouse = opened(engine)

    assert rows(warehouse, "SELECT order_id FROM orders WHERE city_id = ?", "it's") == [("order-2",)]
    assert rows(warehouse, "SELECT order_id FROM orders WHERE business_date > ?", date(2026, 3, 1)) == [("order-3",)]
    instant = datetime(2026, 3, 1, 12, 1, tzinfo=UTC)
    assert rows(warehouse, "SELECT order_id FROM orders WHERE placed_at <= ?", instant) == [("order-1",)]


def test_a_version_is_read_and_shorter_histories_stand_at_their_newest(
    opened: Open, engine: str, store: DeltaStore, load: Build, an_order: Build, now: datetime
) -> None:
    for number in range(3):
        load(an_order(number))
    store.append("weather", pa.table({"city_id": ["riyadh"]}).to_reader(), now=now, source="feed")
    older = opened(engine, 1)

    found = older.query(a_query("SELECT count(*) AS n FROM orders JOIN weather USING (city_id)"))

    assert found.to_pydict() == {"n": [2]}
    assert older.versions() == {"orders": 1, "weather": 0}
    with pytest.raises(NotFound, match="Version 9"):
        rows(opened(engine, 9), "SELECT count(*) FROM weather")


def test_an_instant_holds_for_every_table(
    opened: Open, engine: str, load: Build, an_order: Build, now: datetime
) -> None:
    load(an_order(1), at=now)
    load(an_order(2), at=now + timedelta(days=2))
    sql = "SELECT count(*) FROM orders LEFT JOIN cities ON orders.city_id = cities.city_id"

    assert rows(opened(engine, now + timedelta(days=1)), sql) == [(1,)]
    assert rows(opened(engine, now - timedelta(days=1)), sql) == [(0,)]
    assert rows(opened(engine, now + timedelta(days=3)), sql) == [(2,)]


def test_a_warehouse_keeps_the_moment_of_its_first_look(
    opened: Open, engine: str, load: Build, an_order: Build
) -> None:
    load(an_order(1))
    before = opened(engine)
    assert rows(before, "SELECT count(*) FROM orders") == [(1,)]

    load(an_order(2))

    assert rows(before, "SELECT count(*) FROM orders") == [(1,)]
    assert rows(opened(engine), "SELECT count(*) FROM orders") == [(2,)]


def test_a_wrong_name_is_told_as_a_definition_s_fault(opened: Open, engine: str, load: Build, an_order: Build) -> None:
    load(an_order(1))
    warehouse = opened(engine)

    with pytest.raises(InvalidDefinition, match="colour"):
        rows(warehouse, "SELECT colour FROM orders")
    with pytest.raises(InvalidDefinition, match="nowhere"):
        rows(warehouse, "SELECT 1 FROM nowhere")


def test_a_value_that_cannot_be_is_told(opened: Open, engine: str, load: Build, an_order: Build) -> None:
    load(an_order(1))

    with pytest.raises(InvalidData, match="order-1"):
        rows(opened(engine), "SELECT CAST(order_id AS BIGINT) FROM orders")


def test_a_table_that_another_tool_partitioned_is_read(opened: Open, engine: str, store: DeltaStore) -> None:
    whole = pa.table({"city_id": ["a", "b", "b"], "order_id": ["1", "2", "3"], "business_date": [date(2026, 3, 1)] * 3})
    write_deltalake(str(store.root / "orders"), whole, partition_by=["city_id", "business_date"])

    sql = "SELECT city_id, max(business_date), count(*) FROM orders GROUP BY city_id ORDER BY 1"

    if engine == "spark-files":
        with pytest.raises(Unavailable, match="partitioned by another tool"):
            rows(opened(engine), sql)
        return
    found = rows(opened(engine), sql)

    assert found == [("a", date(2026, 3, 1), 1), ("b", date(2026, 3, 1), 2)]


def test_many_threads_query_at_once(opened: Open, engine: str, load: Build, an_order: Build) -> None:
    load(*(an_order(number) for number in range(50)))
    warehouse = opened(engine)
    found: list[list[tuple[Any, ...]]] = []

    def ask() -> None:
        found.append(rows(warehouse, "SELECT count(*), sum(basket_minor) FROM orders"))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert found == [[(50, 51225)]] * 8


def test_an_unknown_engine_is_refused(opened: Open) -> None:
    with pytest.raises(InvalidDefinition, match="oracle"):
        opened("oracle")


class TestDuckdb:
    """The embedded engine alone."""

    def test_opening_costs_milliseconds(self, opened: Open, load: Build, an_order: Build) -> None:
        load(an_order(1))
        rows(opened("duckdb"), "SELECT count(*) FROM orders")

        start = time.thread_time()
        for _ in range(20):
            rows(opened("duckdb"), "SELECT count(*) FROM orders")

        assert (time.thread_time() - start) / 20 < 0.02

    def test_a_query_reads_no_file_outside_the_tables(self, opened: Open, tmp_path: Path) -> None:
        secret = tmp_path / "secret.csv"
        secret.write_text("a\n1\n")

        with pytest.raises(InvalidData, match="Cannot access file"):
            rows(opened("duckdb"), "SELECT * FROM read_csv(?)", str(secret))

    def test_old_views_make_room(
        self, store: DeltaStore, orders: TableContract, load: Build, an_order: Build, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(duckdb_engine, "KEPT_VIEWS", 1)
        first = DuckdbWarehouse(store, {"orders": orders})
        load(an_order(1))
        assert rows(first, "SELECT count(*) FROM orders") == [(1,)]
        load(an_order(2))

        assert rows(DuckdbWarehouse(store, {"orders": orders}), "SELECT count(*) FROM orders") == [(2,)]
        assert rows(first, "SELECT count(*) FROM orders") == [(1,)]

    def test_many_workspaces_in_one_process_make_room(self, tmp_path: Path, orders: TableContract) -> None:
        first = DuckdbWarehouse(DeltaStore(tmp_path / "first"), {"orders": orders})
        for number in range(duckdb_engine.KEPT_STORES):
            DuckdbWarehouse(DeltaStore(tmp_path / str(number)), {"orders": orders})

        assert len(duckdb_engine._SHARED) == duckdb_engine.KEPT_STORES
        assert rows(first, "SELECT count(*) FROM orders") == [(0,)]

    def test_files_that_are_gone_are_told(self, store: DeltaStore, opened: Open, load: Build, an_order: Build) -> None:
        load(an_order(1))
        warehouse = opened("duckdb")
        for file in (store.root / "orders").glob("*.parquet"):
            file.unlink()

        with pytest.raises(Unavailable, match="could not read"):
            rows(warehouse, "SELECT count(*) FROM orders")


class TestSpark:
    """The distributed engine alone."""

    def test_a_server_that_does_not_answer_is_told_at_once(self, opened: Open) -> None:
        warehouse = opened("spark", url="sc://127.0.0.1:1")

        with pytest.raises(Unavailable, match=r"127\.0\.0\.1:1"):
            rows(warehouse, "SELECT 1")

    def test_an_unknown_reading_is_refused(self, opened: Open) -> None:
        with pytest.raises(InvalidDefinition, match="delta or files"):
            opened("spark", reading="guess")

    def test_a_session_that_the_server_dropped_is_replaced(self, opened: Open, load: Build, an_order: Build) -> None:
        load(an_order(1))
        warehouse = opened("spark")
        assert rows(warehouse, "SELECT count(*) FROM orders") == [(1,)]
        session = warehouse._sessions._open[0]  # type: ignore[attr-defined] - looks inside on purpose
        session.spark.catalog.dropTempView("orders")

        assert rows(warehouse, "SELECT count(*) FROM orders") == [(1,)]

    def test_no_answer_hangs_on_a_session_that_somebody_else_began(
        self, opened: Open, load: Build, an_order: Build
    ) -> None:
        load(an_order(1))
        warehouse = opened("spark")
        last = connect(warehouse._sessions._reach.url)  # type: ignore[attr-defined] - looks inside on purpose
        last.client.release_session()

        instant = datetime(2026, 3, 1, 12, 1, tzinfo=UTC)
        assert rows(warehouse, "SELECT order_id FROM orders WHERE placed_at <= ?", instant) == [("order-1",)]

    def test_both_readings_share_one_server(self, opened: Open) -> None:
        first, second = opened("spark"), opened("spark-files")

        assert first._sessions._reach.url == second._sessions._reach.url  # type: ignore[attr-defined] - looks inside

    def test_days_and_instants_are_utc_there(self, opened: Open) -> None:
        sessions = opened("spark")._sessions  # type: ignore[attr-defined] - looks inside on purpose

        assert connect(sessions._reach.url).conf.get("spark.sql.session.timeZone") == "UTC"


def test_the_store_of_a_workspace_is_its_folder_of_tables(tmp_path: Path) -> None:
    assert open_store(Workspace(tmp_path, {})).root == tmp_path / ".tiffin" / "tables"
