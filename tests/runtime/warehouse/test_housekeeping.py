"""Tidying never changes an answer, and never takes what a reader may still need."""

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tiffin.kernel.contract import TableContract
from tiffin.kernel.errors import Unavailable, WrongUse
from tiffin.runtime.warehouse import housekeeping
from tiffin.runtime.warehouse.duckdb_engine import DuckdbWarehouse
from tiffin.runtime.warehouse.housekeeping import compact, vacuum
from tiffin.runtime.warehouse.keeping import keep_versions, missing_files
from tiffin.runtime.warehouse.store import DeltaStore

Build = Callable[..., Any]
EVERYTHING = "SELECT * FROM orders ORDER BY city_id, order_id"


def answer(store: DeltaStore, orders: TableContract, as_of: int | None = None) -> list[dict[str, Any]]:
    return DuckdbWarehouse(store, {"orders": orders}, as_of=as_of).query_text(EVERYTHING).to_pylist()


@pytest.fixture
def scattered(load: Build, an_order: Build) -> int:
    """Load several cities' days in several loads, some without a day."""
    for part in range(4):
        load(
            *(
                an_order(
                    number,
                    city_id=f"city-{number % 3}",
                    business_date=None if number % 7 == 0 else datetime(2026, 3, 1 + part, tzinfo=UTC).date(),
                )
                for number in range(part * 30, part * 30 + 30)
            )
        )
    return 120


def age(store: DeltaStore, days: int) -> None:
    then = time.time() - days * 86_400
    for file in (store.root / "orders").glob("*.parquet"):
        os.utime(file, (then, then))


def test_compacting_changes_no_row(
    store: DeltaStore, orders: TableContract, scattered: int, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(housekeeping, "PIECE_ROWS", 40)
    before = answer(store, orders)

    version = compact(store, orders, now=now)

    assert len(before) == scattered
    assert answer(store, orders) == before
    assert answer(store, orders, as_of=3) == before
    assert store.history("orders")[0].operation == "compact"
    assert version == 4
    assert len(store.snapshot("orders").files) == 4  # type: ignore[union-attr] - loaded


def test_a_table_of_one_file_is_left_alone(
    store: DeltaStore, orders: TableContract, load: Build, an_order: Build, now: datetime
) -> None:
    assert compact(store, orders, now=now) is None
    load(an_order(1))
    assert compact(store, orders, now=now) is None


def test_a_load_that_comes_first_wins_over_compacting(
    store: DeltaStore, orders: TableContract, scattered: int, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = answer(store, orders)
    older = store.snapshot("orders", 2)
    monkeypatch.setattr(store, "snapshot", lambda _: older)

    assert compact(store, orders, now=now) is None
    monkeypatch.undo()
    assert len(answer(store, orders)) == scattered
    assert answer(store, orders) == before


def test_loads_go_on_after_compacting(
    store: DeltaStore, orders: TableContract, scattered: int, load: Build, an_order: Build, now: datetime
) -> None:
    compact(store, orders, now=now)

    found = load(an_order(1, city_id="city-1", basket_minor=1), an_order(scattered, city_id="city-0"))

    assert (found.updated, found.inserted) == (1, 1)


def test_vacuum_leaves_every_recent_version(store: DeltaStore, orders: TableContract, scattered: int) -> None:
    before = answer(store, orders)

    assert vacuum(store, "orders") == ()
    assert answer(store, orders) == before
    assert len(answer(store, orders, as_of=0)) == scattered // 4


def test_vacuum_takes_what_dead_processes_left_once_it_is_old(
    store: DeltaStore, orders: TableContract, scattered: int
) -> None:
    left = store.root / "orders" / "part-left.parquet"
    left.write_bytes(b"half a file")
    assert vacuum(store, "orders") == ()
    age(store, days=40)

    removed = vacuum(store, "orders")

    assert [name for name in removed if "part-left" in name]
    assert not left.exists()
    assert len(answer(store, orders)) == scattered


def test_vacuum_leaves_the_files_of_versions_that_are_kept_for_good(
    store: DeltaStore, orders: TableContract, scattered: int, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = answer(store, orders, as_of=0)
    compact(store, orders, now=now)
    keep_versions(store, {"orders": 0, "refunds": None}, reason="PN-2026-00001")
    monkeypatch.setattr(housekeeping, "LEAST_KEPT", timedelta(0))

    removed = vacuum(store, "orders", kept=timedelta(0))

    assert removed
    assert answer(store, orders, as_of=0) == first
    assert len(answer(store, orders)) == scattered
    assert missing_files(store, {"orders": 0, "refunds": None}) == ()
    assert missing_files(store, {"orders": 1})
    assert missing_files(store, {"orders": 99, "refunds": 3}) == ("orders, version 99", "refunds, version 3")


def test_a_span_under_a_day_is_refused(store: DeltaStore) -> None:
    with pytest.raises(WrongUse, match="day or more"):
        vacuum(store, "orders", kept=timedelta(hours=1))


def test_a_table_that_was_never_loaded_has_nothing_to_remove(store: DeltaStore) -> None:
    assert vacuum(store, "orders") == ()


def test_a_version_whose_files_are_gone_is_told(
    store: DeltaStore, orders: TableContract, load: Build, an_order: Build
) -> None:
    load(an_order(1))
    load(an_order(1, basket_minor=2))
    (old,) = store.snapshot("orders", 0).paths  # type: ignore[union-attr] - loaded
    os.unlink(old)  # noqa: PTH108 - a plain path

    with pytest.raises(Unavailable, match="cleaned away"):
        answer(store, orders, as_of=0)
