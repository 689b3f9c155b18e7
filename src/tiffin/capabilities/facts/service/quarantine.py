# ruff: noqa: S608 - the SQL here is made of quoted names and literals of our own
"""Rows left out of a fact table, kept with the rule they broke, the file, the line and the row itself."""

import json
import re
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa

from tiffin.capabilities.facts.service.naming import FORGOTTEN
from tiffin.runtime.warehouse.columns import literal
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


@dataclass(frozen=True, slots=True)
class LeavingOut:
    """On what occasion rows are left out.

    Parameters
    ----------
    forgotten : callable or None
        What tells whether a text is the identifier of somebody who was forgotten: rows that hold one stay without their
        text.
    """

    feed: str
    now: datetime
    forgotten: Callable[[str], bool] | None
    load_id: str = field(default_factory=lambda: uuid.uuid4().hex)


def keep_rows(store: DeltaStore, bench: Bench, table: str, selects: Sequence[str], occasion: LeavingOut) -> int | None:
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
        f"{literal(occasion.feed)} AS feed, {literal(occasion.load_id)} AS load_id, "
        f"TIMESTAMPTZ '{occasion.now.isoformat()}' AS quarantined_at FROM ({found})"
    )
    rows = bench.connection.sql(f"SELECT * FROM ({stamped}) AS f{fresh}").to_arrow_reader(BATCH_ROWS)
    reader = pa.RecordBatchReader.from_batches(SCHEMA, _cast(rows, occasion.forgotten))
    return store.append(name, reader, now=occasion.now, source=occasion.feed)


def _cast(rows: pa.RecordBatchReader, forgotten: Callable[[str], bool] | None) -> Iterator[pa.RecordBatch]:
    for batch in rows:
        (whole,) = pa.Table.from_batches([batch]).cast(SCHEMA).combine_chunks().to_batches()
        yield whole if forgotten is None else _told(whole, forgotten)


def _told(batch: pa.RecordBatch, is_forgotten: Callable[[str], bool]) -> pa.RecordBatch:
    texts = [None if text and names_any(text, is_forgotten) else text for text in batch.column("row").to_pylist()]
    return batch.set_column(batch.schema.get_field_index("row"), SCHEMA.field("row"), pa.array(texts, pa.string()))


def names_any(row: str, is_one: Callable[[str], bool]) -> bool:
    """Tell whether a quarantined row names one of some people: as a value, or within a line that has no columns."""
    found = json.loads(row)
    if isinstance(found, dict):
        texts = [str(value).strip() for value in found.values() if value is not None]
    else:
        texts = [str(found).strip(), *(part.strip() for part in _BETWEEN.split(str(found)))]
    return any(text == FORGOTTEN or is_one(text) for text in texts if text)


_BETWEEN = re.compile(r"[,;|\t\"\n]")
