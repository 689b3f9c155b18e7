"""What other processes do to a table in the tests: their own module, so that a server of processes can load it once."""

import resource
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa

from tiffin.kernel.errors import TiffinError
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.warehouse.columns import arrow_schema
from tiffin.runtime.warehouse.snapshot import Upsert
from tiffin.runtime.warehouse.store import DeltaStore

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ORDERS = TABLES["orders"]

pa.array([0])  # imports pandas where it is installed: once, before processes are forked


def orders(count: int, *, basket: int, prefix: str = "order") -> pa.RecordBatchReader:
    """Orders that all have one basket value, so that a half-written table shows."""
    whole = arrow_schema(ORDERS)
    names = ("city_id", "order_id", "placed_at", "basket_minor", "business_date")
    schema = pa.schema([whole.field(name) for name in names])

    def batches() -> Iterator[pa.RecordBatch]:
        for start in range(0, count, 1000):
            numbers = range(start, min(start + 1000, count))
            columns = [
                [f"city-{number % 5}" for number in numbers],
                [f"{prefix}-{number}" for number in numbers],
                [NOW + timedelta(seconds=number) for number in numbers],
                [basket for _ in numbers],
                [date(2026, 3, 1) for _ in numbers],
            ]
            yield pa.record_batch([pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)], schema=schema)

    return pa.RecordBatchReader.from_batches(schema, batches())


def load(root: Path, count: int, basket: int, prefix: str = "order") -> Upsert:
    """Restate all orders with a basket value."""
    return DeltaStore(root).upsert(ORDERS, orders(count, basket=basket, prefix=prefix), now=NOW, source="test")


def load_often(root: Path, count: int, baskets: range, prefix: str) -> None:
    """Restate all orders once for each basket value."""
    for basket in baskets:
        load(root, count, basket, prefix)


def load_on_a_full_disk(root: Path, count: int, file_bytes: int, told: Path) -> None:
    """Load where no file may grow over a size, and write down what was told."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
    try:
        load(root, count, 99)
    except TiffinError as error:
        message = f"{type(error).__name__}: {error}"
        told.write_text(message[: file_bytes - 1])
