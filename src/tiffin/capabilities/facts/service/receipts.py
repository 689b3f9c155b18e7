"""Batches over HTTP: read as rows, taken once under the client's key."""

import hashlib
import json
from dataclasses import asdict
from typing import Any

import pyarrow as pa

from tiffin.capabilities.facts.domain.report import TableReport
from tiffin.capabilities.facts.models import FactReceipt
from tiffin.capabilities.facts.service.handing_in import contract_of
from tiffin.kernel.errors import Conflict, InvalidData
from tiffin.runtime.context import Context
from tiffin.runtime.warehouse.columns import arrow_schema

MAX_ROWS = 200_000


def known_receipt(context: Context, table: str, body: bytes, *, key: str) -> dict[str, Any] | None:
    """Find the receipt of a batch that was taken before.

    Raises
    ------
    Conflict
        The key stands for another batch.
    """
    kept = context.session.get(FactReceipt, (key, context.actor.name))
    if kept is None:
        return None
    if (kept.fact_table, kept.body_sha256) != (table, _digest(body)):
        raise Conflict(
            f"The idempotency key {key!r} was used on {kept.received_at:%Y-%m-%d %H:%M} UTC for another batch (of "
            f"{kept.fact_table}). "
            "A new batch needs a new key."
        )
    return dict(kept.receipt)


def keep_receipt(context: Context, table: str, body: bytes, report: TableReport, *, key: str) -> dict[str, Any]:
    """Write the receipt of a batch."""
    counts = {name: value for name, value in asdict(report).items() if name not in ("removed", "inserted", "updated")}
    receipt = {"receipt_id": hashlib.sha256(f"{context.actor.name}\0{key}".encode()).hexdigest()[:24], **counts}
    context.session.add(
        FactReceipt(
            idempotency_key=key,
            actor=context.actor.name,
            fact_table=table,
            body_sha256=_digest(body),
            received_at=context.now,
            receipt=receipt,
            note=None,
        )
    )
    return receipt


def rows_of(table: str, body: bytes) -> pa.RecordBatchReader:
    """Read a batch as rows of a fact table.

    Raises
    ------
    NotFound
        There is no such table.
    InvalidData
        The body is no batch of rows, or a value does not fit its column.
    """
    contract = contract_of(table)
    rows = _objects(body)
    names = [name for name in contract.column_names if any(name in row for row in rows)]
    unknown = sorted({name for row in rows for name in row} - set(contract.column_names))
    if unknown:
        raise InvalidData(
            f"The table {table} has no column {unknown[0]!r}. It has: {', '.join(contract.column_names)}."
        )
    schema = pa.schema([arrow_schema(contract).field(name) for name in names])
    arrays = [_column(rows, schema.field(name)) for name in names]
    return pa.Table.from_arrays(arrays, schema=schema).to_reader()


def _column(rows: list[dict[str, Any]], field: pa.Field) -> pa.Array:
    values = [row.get(field.name) for row in rows]
    try:
        if pa.types.is_timestamp(field.type) or pa.types.is_date(field.type):
            return pa.array(values, pa.string()).cast(field.type)
        return pa.array(values, field.type)
    except (pa.ArrowInvalid, pa.ArrowTypeError, TypeError, OverflowError) as error:
        raise InvalidData(
            f"The column {field.name} takes values of type {field.type}; {str(error).splitlines()[0][:200]}. "
            "Instants are written as 2026-02-20T10:00:00Z, days as 2026-02-20. Nothing of the batch was taken."
        ) from error


def _objects(body: bytes) -> list[dict[str, Any]]:
    rows = _parsed(body)
    if isinstance(rows, dict) and isinstance(rows.get("rows"), list):
        rows = rows["rows"]
    elif isinstance(rows, dict):
        rows = [rows]
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise InvalidData(
            "A batch is JSON lines, a JSON array of objects, or an object with the key `rows`; at least one row. "
            "Send it so."
        )
    if len(rows) > MAX_ROWS:
        raise InvalidData(
            f"A batch may have {MAX_ROWS:,} rows; {len(rows):,} were sent. Send it in parts, each under its own key."
        )
    return rows


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        pass
    try:
        return [json.loads(line) for line in body.splitlines() if line.strip()]
    except (ValueError, RecursionError) as error:
        raise InvalidData(
            f"The batch is neither JSON nor JSON lines ({str(error)[:120]}). Send objects, one a line."
        ) from error


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
