"""What a table of facts promises to those who load it."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from deltalake import DeltaTable, write_deltalake

from tiffin.kernel.contract import TableContract
from tiffin.kernel.errors import InvalidData, InvalidDefinition, NotFound, WrongUse
from tiffin.runtime.warehouse import split
from tiffin.runtime.warehouse.columns import arrow_schema, row_digest
from tiffin.runtime.warehouse.duckdb_engine import DuckdbWarehouse
from tiffin.runtime.warehouse.log import WrittenFile
from tiffin.runtime.warehouse.staging import FOLDER, Bench
from tiffin.runtime.warehouse.store import DeltaStore

Load = Callable[..., Any]
Build = Callable[..., Any]


def held(store: DeltaStore, columns: str = "order_id, basket_minor", table: str = "orders") -> list[tuple[Any, ...]]:
    paths = store.snapshot(table).paths  # type: ignore[union-attr] - the table is there in these tests
    with duckdb.connect() as connection:
        return connection.from_parquet(list(paths)).project(columns).order("ALL").fetchall()


def test_a_first_load_inserts_every_row(load: Load, store: DeltaStore, an_order: Build) -> None:
    found = load(an_order(1), an_order(2))

    assert (found.inserted, found.updated, found.identical, found.version, found.changed) == (2, 0, 0, 0, True)
    assert held(store) == [("order-1", 1001), ("order-2", 1002)]


def test_a_second_load_changes_nothing(load: Load, store: DeltaStore, an_order: Build) -> None:
    load(an_order(1), an_order(2))

    found = load(an_order(2), an_order(1))

    assert (found.inserted, found.updated, found.identical, found.version, found.changed) == (0, 0, 2, 0, False)
    assert store.version("orders") == 0


def test_a_newer_load_restates_inserts_and_leaves_alone(load: Load, store: DeltaStore, an_order: Build) -> None:
    load(an_order(1), an_order(2), an_order(3))

    found = load(an_order(2, basket_minor=5), an_order(3), an_order(4))

    assert (found.inserted, found.updated, found.identical, found.version) == (1, 1, 1, 1)
    assert held(store) == [("order-1", 1001), ("order-2", 5), ("order-3", 1003), ("order-4", 1004)]


def test_an_insert_leaves_known_keys_as_they_stand_also_those_of_a_rival(
    load: Load,
    store: DeltaStore,
    orders: TableContract,
    an_order: Build,
    reader: Build,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    load(an_order(1))
    publish, rivals = Bench.publish, [an_order(2, basket_minor=7)]

    def overtaken(bench: Bench, files: Sequence[WrittenFile], location: Path) -> list[WrittenFile]:
        if rivals:
            load(rivals.pop())
        return publish(bench, files, location)

    monkeypatch.setattr(Bench, "publish", overtaken)
    rows = reader([an_order(number, basket_minor=5) for number in (1, 2, 3)])
    found = store.insert(orders, rows, now=now, source="test")

    assert (found.inserted, found.updated, found.identical, found.version) == (1, 0, 2, 2)
    assert held(store) == [("order-1", 1001), ("order-2", 7), ("order-3", 5)]


def test_a_value_that_becomes_unknown_is_a_restatement(load: Load, store: DeltaStore, an_order: Build) -> None:
    load(an_order(1))

    assert load(an_order(1, basket_minor=None)).updated == 1
    assert held(store) == [("order-1", None)]


def test_a_text_that_only_looks_alike_is_a_restatement(load: Load, store: DeltaStore, an_order: Build) -> None:
    one, other = "hong-kong-20260302-01002", "hong-kong-20260402-01009"
    assert duckdb.execute("SELECT hash(?) = hash(?)", [one, other]).fetchone() == (True,), "a weak hash of texts"
    load(an_order(1, merchant_id=one))

    assert load(an_order(1, merchant_id=other)).updated == 1
    assert held(store, "merchant_id") == [(other,)]


def test_a_digest_tells_rows_apart_wherever_they_differ() -> None:
    schema = pa.schema([("text", pa.string()), ("other", pa.string()), ("number", pa.int64())])
    texts = [f"hong-kong-2026{month:02}02-{number:05d}" for month in (3, 4) for number in range(1000, 1200)]
    rows = [(text, None, 1) for text in texts]
    rows += [(None, None, 1), ("", None, 1), (None, "", 1), ("", "", 1), ("", "", None), ("a", "b", 1), ("b", "a", 1)]
    table = pa.Table.from_pylist([dict(zip(schema.names, row, strict=True)) for row in rows], schema=schema)
    with duckdb.connect() as connection:
        connection.register("rows", table)
        digests = connection.table("rows").project(row_digest(schema.names, schema)).fetchall()

    assert len(set(digests)) == len(rows)


def test_another_source_restates_the_row(load: Load, store: DeltaStore, an_order: Build) -> None:
    load(an_order(1), source="first")

    assert load(an_order(1), source="second").updated == 1
    assert held(store, "source") == [("second",)]


def test_a_source_in_the_rows_wins_over_the_load_s(load: Load, store: DeltaStore, an_order: Build) -> None:
    load(an_order(1, source="simulated:rain"), source="feed")

    assert held(store, "source") == [("simulated:rain",)]


def test_only_files_with_restated_rows_are_rewritten(load: Load, store: DeltaStore, an_order: Build) -> None:
    load(an_order(1))
    load(an_order(2))
    before = set(store.snapshot("orders").paths)  # type: ignore[union-attr] - loaded

    load(an_order(2, basket_minor=7))

    assert len(before & set(store.snapshot("orders").paths)) == 1  # type: ignore[union-attr] - loaded


def test_many_small_files_are_merged_by_the_next_load(
    load: Load, store: DeltaStore, an_order: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(split, "SMALL_FILES", 4)
    for number in range(6):
        load(an_order(number))

    assert len(store.snapshot("orders").files) < 4  # type: ignore[union-attr] - loaded
    assert held(store, "count(*)") == [(6,)]


def test_two_rows_of_one_load_under_one_key_are_refused(load: Load, store: DeltaStore, an_order: Build) -> None:
    with pytest.raises(InvalidData, match="city_id = riyadh, order_id = order-1"):
        load(an_order(1), an_order(1, basket_minor=9))

    assert store.version("orders") is None


def test_a_row_without_its_key_is_refused(load: Load, an_order: Build) -> None:
    with pytest.raises(InvalidData, match="1 rows lack"):
        load(an_order(1, order_id=None))


def test_an_unknown_column_is_refused(store: DeltaStore, orders: TableContract, now: datetime) -> None:
    with pytest.raises(InvalidData, match="colour"):
        store.upsert(orders, pa.table({"order_id": ["1"], "colour": ["red"]}).to_reader(), now=now, source="feed")


def test_a_value_of_another_type_is_refused(store: DeltaStore, orders: TableContract, now: datetime) -> None:
    batches = pa.table({"city_id": ["a"], "order_id": ["1"], "basket_minor": ["much"]}).to_reader()

    with pytest.raises(InvalidData, match="much"):
        store.upsert(orders, batches, now=now, source="feed")


def test_no_rows_make_no_version(load: Load, store: DeltaStore) -> None:
    assert load().changed is False
    assert store.version("orders") is None
    assert store.history("orders") == ()
    assert store.tables() == ()


def test_what_the_stream_raises_comes_through_and_nothing_is_written(
    store: DeltaStore, orders: TableContract, now: datetime, an_order: Build, reader: Build
) -> None:
    first = reader([an_order(1)])

    def broken() -> Iterator[pa.RecordBatch]:
        yield from first
        raise InvalidData("line 3 is no order")

    with pytest.raises(InvalidData, match="line 3 is no order"):
        store.upsert(orders, pa.RecordBatchReader.from_batches(first.schema, broken()), now=now, source="feed")

    assert store.version("orders") is None
    assert not any((store.root / FOLDER).iterdir())


def test_history_says_when_from_where_and_how_many(
    load: Load, store: DeltaStore, an_order: Build, now: datetime
) -> None:
    load(an_order(1), source="first")
    load(an_order(1), an_order(2), source="first", at=now + timedelta(days=1))

    newest, oldest = store.history("orders")

    assert (newest.version, newest.at, newest.source) == (1, now + timedelta(days=1), "first")
    assert newest.counts == {"inserted": 1, "updated": 0, "identical": 1}
    assert (oldest.operation, oldest.at) == ("upsert", now)


def test_a_contract_s_new_column_is_null_in_older_rows(
    store: DeltaStore, orders: TableContract, an_order: Build, load: Load
) -> None:
    narrow = arrow_schema(orders).remove(arrow_schema(orders).names.index("tip_minor"))
    write_deltalake(str(store.root / "orders"), pa.Table.from_pylist([an_order(1)], schema=narrow))

    load(an_order(2, tip_minor=300))

    warehouse = DuckdbWarehouse(store, {"orders": orders})
    found = warehouse.query_text("SELECT order_id, tip_minor FROM orders ORDER BY 1").to_pydict()
    assert found == {"order_id": ["order-1", "order-2"], "tip_minor": [None, 300]}


def test_a_column_keeps_its_type(store: DeltaStore, load: Load, an_order: Build) -> None:
    write_deltalake(str(store.root / "orders"), pa.table({"order_id": [1]}))

    with pytest.raises(InvalidDefinition, match=r"order_id .* stored as int64"):
        load(an_order(1))


def test_appended_rows_pile_up_and_may_bring_columns(store: DeltaStore, now: datetime) -> None:
    first = pa.table({"rule": ["key"], "line": pa.array([3], pa.int32())})
    second = pa.table({"rule": ["key"], "line": pa.array([4], pa.int32()), "reason": ["empty"]})

    assert store.append("quarantine_orders", first.to_reader(), now=now, source="feed") == 0
    store.append("quarantine_orders", second.to_reader(), now=now, source="feed")
    before = store.version("quarantine_orders")
    assert store.append("quarantine_orders", first.slice(0, 0).to_reader(), now=now, source="feed") == before

    warehouse = DuckdbWarehouse(store, {})
    found = warehouse.query_text("SELECT line, reason FROM quarantine_orders ORDER BY line").to_pylist()
    assert found == [{"line": 3, "reason": None}, {"line": 4, "reason": "empty"}]


def test_a_load_writes_large_files_in_the_order_of_city_and_day(load: Load, store: DeltaStore, an_order: Build) -> None:
    load(*(an_order(number, city_id=f"city-{number % 3}") for number in range(300)))

    (file,) = store.snapshot("orders").files  # type: ignore[union-attr] - loaded
    with duckdb.connect() as connection:
        cities = [row[0] for row in connection.execute("SELECT city_id FROM read_parquet(?)", [file.path]).fetchall()]
    assert cities == sorted(cities)
    assert file.rows == 300


def test_other_tools_read_the_table(load: Load, store: DeltaStore, an_order: Build) -> None:
    load(an_order(1))
    load(an_order(1, basket_minor=2), an_order(2))

    assert sorted(DeltaTable(str(store.root / "orders")).to_pyarrow_table()["basket_minor"].to_pylist()) == [2, 1002]


class TestTimeTravel:
    """Tables as they were."""

    def test_a_version_is_read_as_it_was(self, load: Load, store: DeltaStore, an_order: Build) -> None:
        load(an_order(1))
        load(an_order(2))

        assert store.snapshot("orders", 0).rows == 1  # type: ignore[union-attr] - loaded
        assert store.snapshot("orders").rows == 2  # type: ignore[union-attr] - loaded

    def test_an_instant_means_what_was_known_then(
        self, load: Load, store: DeltaStore, an_order: Build, now: datetime
    ) -> None:
        load(an_order(1), at=now)
        load(an_order(2), at=now + timedelta(days=2))

        assert store.snapshot("orders", now + timedelta(days=1)).version == 0  # type: ignore[union-attr] - loaded
        assert store.snapshot("orders", now - timedelta(days=1)) is None

    def test_an_unknown_version_is_told(self, load: Load, store: DeltaStore, an_order: Build) -> None:
        load(an_order(1))

        with pytest.raises(NotFound, match="Version 7"):
            store.snapshot("orders", 7)

    def test_an_instant_needs_a_zone(self, load: Load, store: DeltaStore, an_order: Build) -> None:
        load(an_order(1))

        with pytest.raises(WrongUse, match="time zone"):
            store.snapshot("orders", datetime(2026, 3, 1))  # noqa: DTZ001 - the mistake that is tested

    def test_another_tool_s_commit_counts_by_its_own_clock(self, store: DeltaStore) -> None:
        write_deltalake(str(store.root / "orders"), pa.table({"order_id": ["1"]}))

        (commit,) = store.history("orders")
        assert abs(commit.at - datetime.now(UTC)) < timedelta(minutes=5)


@pytest.mark.parametrize("had_claimed", [True, False])
def test_a_dead_process_s_folder_is_swept_by_the_next_load(
    load: Load, store: DeltaStore, an_order: Build, *, had_claimed: bool
) -> None:
    left: Path = store.root / FOLDER / "left-by-a-dead-process"
    left.mkdir(parents=True)
    if had_claimed:
        (left / "owner").touch()

    load(an_order(1))

    assert not left.exists()


def test_files_that_a_load_writes_are_known_to_hold_every_column(
    load: Load, store: DeltaStore, an_order: Build
) -> None:
    load(an_order(1))

    assert not any(file.lacks for file in store.snapshot("orders").files)  # type: ignore[union-attr] - loaded


def test_a_table_that_was_deleted_begins_anew(load: Load, store: DeltaStore, an_order: Build) -> None:
    load(an_order(1))
    load(an_order(2))
    assert store.version("orders") == 1
    shutil.rmtree(store.root / "orders")

    assert store.version("orders") is None
    load(an_order(3))
    assert store.version("orders") == 0
