"""What rehearsals come to, as facts: rows of ``rehearsal_outcomes``, governed as every other table is."""

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from tiffin.capabilities.rehearsals import queries
from tiffin.capabilities.rehearsals.domain.outcomes import ADDED, Outcome
from tiffin.capabilities.rehearsals.domain.rehearsal import Plan
from tiffin.capabilities.rehearsals.models import Rehearsal
from tiffin.kernel.facts.rehearsal_outcomes import REHEARSAL_OUTCOMES
from tiffin.runtime.context import Context
from tiffin.runtime.warehouse.columns import arrow_schema
from tiffin.runtime.warehouse.opening import open_store


def put_outcomes(context: Context, row: Rehearsal, plan: Plan, days: Sequence[Sequence[Outcome]]) -> None:
    """Bring the outcomes of a rehearsal into the fact table; the same ones again change nothing but their time."""
    _write(context, list(_rows(context, row, plan, days)))


def withdraw_outcomes(context: Context, rehearsal_id: int) -> None:
    """Take the outcomes of a deleted rehearsal out of all metrics; the rows stay and say so."""
    rows = outcome_rows(context, rehearsal_id)
    if rows:
        _write(context, [{**row, "is_deleted": True} for row in rows])


def outcome_rows(context: Context, rehearsal_id: int) -> list[dict[str, Any]]:
    """Give the outcomes of a rehearsal as they stand in the facts, one row a policy and replication."""
    if not open_store(context.workspace).has(REHEARSAL_OUTCOMES.name):
        return []
    found: list[dict[str, Any]] = context.warehouse.query(queries.outcomes(str(rehearsal_id))).to_pylist()
    return found


def _write(context: Context, rows: list[dict[str, Any]]) -> None:
    found = pa.Table.from_pylist(rows, schema=arrow_schema(REHEARSAL_OUTCOMES))
    source = str(rows[0]["source"])
    open_store(context.workspace).upsert(REHEARSAL_OUTCOMES, found.to_reader(), now=context.now, source=source)


def _rows(context: Context, row: Rehearsal, plan: Plan, days: Sequence[Sequence[Outcome]]) -> Iterator[dict[str, Any]]:
    for replication, outcomes in enumerate(days, start=1):
        for arm, outcome in zip(plan.arms, outcomes, strict=True):
            yield {
                "rehearsal_id": str(row.rehearsal_id),
                "variant": arm.key,
                "replication": replication,
                "country": row.country,
                "city_id": row.city_id,
                "scenario": plan.scenario,
                "policy": arm.policy,
                "roster": arm.roster.label,
                "is_undisturbed": plan.is_undisturbed,
                **{name: getattr(outcome, name) for name in ADDED},
                "is_deleted": False,
                "rehearsed_at": context.now,
                "business_date": plan.day,
                "source": f"simulated:{plan.scenario}",
            }
