"""Measure how fast and in how much memory orders go into the warehouse.

Every figure comes from a process of its own. The same rows are also written by a plain DuckDB ``COPY`` from the same
stream, in the same run: the ratio, of processor time, says what atomic, idempotent upserts cost above it.

Run: ``nice .venv/bin/python benchmarks/load_store.py [ROWS ...]`` (1, 5 and 10 million rows unless given).
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tiffin.kernel.contract import Column, LogicalType, TableContract
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.warehouse.columns import arrow_schema
from tiffin.runtime.warehouse.store import DeltaStore

ORDERS: TableContract = TABLES["orders"]
NOW = datetime(2026, 3, 1, tzinfo=UTC)
BATCH_ROWS = 65_536


def main() -> None:
    """Print one line a phase and size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="*", type=int, default=[1_000_000, 5_000_000, 10_000_000])
    parser.add_argument("--phase", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    stated = parser.parse_args()
    if stated.phase:
        sys.stdout.write(json.dumps(PHASES[stated.phase](stated.folder, stated.rows[0])))
        return
    print(f"{'phase':<12}{'rows':>12}{'seconds':>10}{'rows/s':>12}{'cpu s':>8}{'x plain':>9}{'peak MiB':>10}  outcome")
    for rows in stated.rows:
        _measure(rows)


def _measure(rows: int) -> None:
    with tempfile.TemporaryDirectory(prefix="tiffin-load-") as folder:
        _phase("generate", rows, folder)
        plain = _phase("plain copy", rows, folder)
        _tell("plain copy", rows, plain, plain)
        for phase in ("first load", "same again", "restate 1 %", "restate all"):
            _tell(phase, rows, _phase(phase, rows, folder), plain)


def _phase(phase: str, rows: int, folder: str) -> dict[str, Any]:
    command = [sys.executable, __file__, str(rows), "--phase", phase, "--folder", folder]
    found = subprocess.run(command, check=True, stdout=subprocess.PIPE)  # noqa: S603 - this very file
    return dict(json.loads(found.stdout))


def _tell(phase: str, rows: int, found: dict[str, Any], plain: dict[str, Any]) -> None:
    seconds, cpu = found["seconds"], found["cpu"]
    print(
        f"{phase:<12}{rows:>12,}{seconds:>10.1f}{rows / seconds:>12,.0f}{cpu:>8.1f}{cpu / plain['cpu']:>9.2f}"
        f"{found['peak_mib']:>10}  {found['outcome']}",
        flush=True,
    )


def _timed(work: Callable[[], object]) -> dict[str, Any]:
    start, used = time.perf_counter(), time.process_time()
    outcome = work()
    seconds, cpu = time.perf_counter() - start, time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {"seconds": seconds, "cpu": cpu, "peak_mib": peak, "outcome": str(outcome)}


def _generate(folder: Path, rows: int) -> dict[str, Any]:
    def work() -> None:
        with duckdb.connect() as connection:
            connection.execute("SET memory_limit = '1GB'; SET TimeZone = 'UTC'")
            columns = ", ".join(f"{_expression(column)} AS {column.name}" for column in ORDERS.columns)
            connection.execute(
                f"COPY (SELECT {columns} FROM (SELECT range AS i, (hash(range) // 4)::BIGINT AS h, "  # noqa: S608 - made of the contract
                "TIMESTAMPTZ '2026-01-01 00:00:00+00' + to_seconds(range // 4) AS instant "
                f"FROM range({rows}))) TO '{folder}/orders.parquet' (FORMAT parquet)"
            )

    return _timed(work)


def _expression(column: Column) -> str:
    if column.name in _STATED:
        return _STATED[column.name]
    seed = len(column.name) * 31 + ord(column.name[0])
    return {
        LogicalType.STRING: f"'{column.name[:4]}' || ((h + {seed}) % 5000)",
        LogicalType.INTEGER: f"((h // {seed}) % 5000)::BIGINT",
        LogicalType.NUMBER: f"((h // {seed}) % 100000) / 1000.0",
        LogicalType.BOOLEAN: f"(h // {seed}) % 2 = 0",
        LogicalType.DATE: "instant::DATE",
        LogicalType.TIMESTAMP: f"instant + to_seconds(((h // {seed}) % 3600)::BIGINT)",
    }[column.type]


_STATED = {
    "city_id": "'city-' || (i % 200)",
    "order_id": "'order-' || i",
    "customer_id": "'customer-' || (h % 3000000)",
    "placed_at": "instant",
    "source": "'benchmark'",
}


def _batches(folder: Path, *, tip_from: int | None = None) -> pa.RecordBatchReader:
    schema = arrow_schema(ORDERS)

    def stream() -> Iterator[pa.RecordBatch]:
        done = 0
        for batch in pq.ParquetFile(folder / "orders.parquet", pre_buffer=False).iter_batches(BATCH_ROWS):
            fresh = batch.cast(schema)
            if tip_from is not None and done + batch.num_rows > tip_from:
                tips = pa.array([1_000_000 if row >= tip_from else None for row in range(done, done + batch.num_rows)])
                tips = pc.coalesce(tips, fresh.column("tip_minor"))
                fresh = fresh.set_column(schema.names.index("tip_minor"), "tip_minor", tips)
            done += batch.num_rows
            yield fresh

    return pa.RecordBatchReader.from_batches(schema, stream())


def _plain_copy(folder: Path, _rows: int) -> dict[str, Any]:
    def work() -> str:
        with duckdb.connect() as connection:
            connection.register("incoming", _batches(folder))
            connection.execute(f"COPY incoming TO '{folder}/plain.parquet' (FORMAT parquet, COMPRESSION zstd)")
        return f"{(folder / 'plain.parquet').stat().st_size >> 20} MiB"

    return _timed(work)


def _upsert(folder: Path, *, tip_from: int | None = None) -> dict[str, Any]:
    store = DeltaStore(folder / "tables")
    reader = _batches(folder, tip_from=tip_from)
    return _timed(lambda: store.upsert(ORDERS, reader, now=NOW, source="benchmark"))


PHASES: dict[str, Callable[[Path, int], dict[str, Any]]] = {
    "generate": _generate,
    "plain copy": _plain_copy,
    "first load": lambda folder, _: _upsert(folder),
    "same again": lambda folder, _: _upsert(folder),
    "restate 1 %": lambda folder, rows: _upsert(folder, tip_from=rows - rows // 100),
    "restate all": lambda folder, _: _upsert(folder, tip_from=0),
}

if __name__ == "__main__":
    main()
