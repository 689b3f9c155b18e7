"""What checks found, as facts: rows of ``check_results``, governed as every other table is."""

import hashlib
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from tiffin.capabilities.quality.domain.checks import Result
from tiffin.kernel.facts.check_results import CHECK_RESULTS
from tiffin.runtime.context import Context
from tiffin.runtime.warehouse.columns import arrow_schema
from tiffin.runtime.warehouse.opening import open_store

OWN = CHECK_RESULTS.name
"""The table of results, which the checks write themselves."""

SOURCE = "checks"
"""What stands in ``source`` of results."""


def put(context: Context, results: Sequence[Result]) -> None:
    """Bring results into the fact table; those known already leave it alone, and none is about the table itself."""
    rows = {row["result_id"]: row for one in results if one.table != OWN for row in (_row(context, one),)}
    if rows:
        found = pa.Table.from_pylist(list(rows.values()), schema=arrow_schema(CHECK_RESULTS))
        open_store(context.workspace).upsert(CHECK_RESULTS, found.to_reader(), now=context.now, source=SOURCE)


def _row(context: Context, one: Result) -> dict[str, Any]:
    at = one.at or context.now
    return {
        "result_id": _identifier(one, at.isoformat()),
        "check_name": one.check,
        "table_name": one.table,
        "kind": one.kind.value,
        "status": one.status.value,
        "country": one.country or None,
        "city_id": one.city_id or None,
        "first_day": one.day,
        "last_day": one.until,
        "value": one.value,
        "threshold": one.threshold,
        "rows_checked": one.rows_checked,
        "rows_broken": one.rows_broken,
        "severity": one.severity or None,
        "recovery_min": one.recovery_min,
        "table_version": one.version,
        "checked_at": at,
        "business_date": one.day or at.date(),
        "source": SOURCE,
    }


def _identifier(one: Result, at: str) -> str:
    said = repr((one.check, one.country, one.city_id, one.day and one.day.isoformat(), at))
    return hashlib.sha256(said.encode()).hexdigest()[:32]
