# ruff: noqa: S608 - the SQL here is made of quoted names and literals of our own
"""Rows left out of a fact table, kept with the rule they broke, the file, the line and the row itself."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import pyarrow as pa

from tiffin.runtime.warehouse.staging import Bench, scan
from tiffin.runtime.warehouse.store import DeltaStore

SCHEMA = pa.schema(
    [
        ("rule", pa.string()),
        ("reason", pa.string()),
        ("kept", pa.bool_()),
        ("file", pa.string()),
        ("file_sha256", pa.string()),
        ("line", pa.int64()),
        ("row", pa.string()),
        ("feed", pa.string()),
        ("load_id", pa.string()),
        ("quarantined_at", pa.timestamp("us", tz="UTC")),
    ]
)
"""Columns of every quarantine table; ``kept`` says that the row was loaded, only without the value of that rule."""

BATCH_ROWS = 50_000


def quarantine_table(table: str) -> str:
    """Name the quarantine of a fact table."""
    return f"quarantine_{table}"


def keep_rows(
    store: DeltaStore, bench: Bench, table: str, selects: Sequence[str], *, feed: str, load_id: str, now: datetime
) -> int | None:
    """Add rows to a table's quarantine, those left out that are not there yet, and give its version.

    Parameters
    ----------
    selects : sequence of str
        Queries with the columns ``rule, reason, kept, file, file_sha256, line, row`` on the bench.
    """
    name = quarantine_table(table)
    if not selects:
        return store.version(name)
    found = " UNION ALL ".join(f"({select})" for select in selects)
    snapshot = store.snapshot(name)
    fresh = ""
    if snapshot is not None and snapshot.files:
        same = " AND ".join(
            f"k.{column} IS NOT DISTINCT FROM f.{column}" for column in ("rule", "line", "file_sha256", "feed")
        )
        fresh = f" WHERE NOT EXISTS (SELECT 1 FROM {scan(snapshot.paths)} AS k WHERE {same})"
    stamped = (
        "SELECT rule, reason, kept, file, file_sha256, line, CAST(row AS VARCHAR) AS row, "
        f"'{feed.replace(chr(39), chr(39) * 2)}' AS feed, "
        f"'{load_id}' AS load_id, TIMESTAMPTZ '{now.isoformat()}' AS quarantined_at FROM ({found})"
    )
    rows = bench.connection.sql(f"SELECT * FROM ({stamped}) AS f{fresh}").to_arrow_reader(BATCH_ROWS)
    reader = pa.RecordBatchReader.from_batches(SCHEMA, _cast(rows))
    return store.append(name, reader, now=now, source=feed)


def _cast(rows: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    for batch in rows:
        yield from pa.Table.from_batches([batch]).cast(SCHEMA).to_batches()
