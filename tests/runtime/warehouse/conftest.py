"""Small tables of orders, and the warehouses over them."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tiffin.kernel.contract import TableContract
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.warehouse.columns import arrow_schema
from tiffin.runtime.warehouse.store import DeltaStore

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
Row = dict[str, Any]


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def orders() -> TableContract:
    return TABLES["orders"]


@pytest.fixture
def store(tmp_path: Path) -> DeltaStore:
    return DeltaStore(tmp_path / "tables")


@pytest.fixture(scope="session")
def an_order() -> Callable[..., Row]:
    def build(number: int = 1, **changes: object) -> Row:
        placed = NOW + timedelta(minutes=number)
        return {
            "city_id": "riyadh",
            "order_id": f"order-{number}",
            "country": "SA",
            "status": "delivered",
            "placed_at": placed,
            "basket_minor": 1000 + number,
            "business_date": date(2026, 3, 1),
            "is_asap": True,
            **changes,
        }

    return build


@pytest.fixture(scope="session")
def reader() -> Callable[[Iterable[Row]], pa.RecordBatchReader]:
    """Rows as a stream of batches with only the columns that they name."""

    def build(rows: Iterable[Mapping[str, object]], contract: TableContract = TABLES["orders"]) -> pa.RecordBatchReader:
        listed = [dict(row) for row in rows]
        whole = arrow_schema(contract)
        schema = pa.schema([whole.field(name) for name in whole.names if any(name in row for row in listed)])
        return pa.Table.from_pylist(listed, schema=schema).to_reader(max_chunksize=1000)

    return build


@pytest.fixture
def load(store: DeltaStore, orders: TableContract, reader: Callable[..., pa.RecordBatchReader]) -> Callable[..., Any]:
    """Upsert some orders and give what happened."""

    def run(*rows: Row, at: datetime = NOW, source: str = "feed") -> Any:
        return store.upsert(orders, reader(rows), now=at, source=source)

    return run
