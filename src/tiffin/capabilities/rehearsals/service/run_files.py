"""Rehearsals as files and payloads; each says that nothing in it really happened."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from tiffin.capabilities.metrics.domain.writing import as_csv
from tiffin.capabilities.rehearsals.service.run_facts import outcome_rows
from tiffin.capabilities.rehearsals.service.run_views import RehearsalView, find_rehearsal, plain_plan
from tiffin.kernel.facts.rehearsal_outcomes import REHEARSAL_OUTCOMES
from tiffin.runtime.context import Context
from tiffin.runtime.json_text import json_text

FORMS = ("csv", "json")


def as_payload(found: RehearsalView) -> dict[str, Any]:
    """Give a rehearsal as programs read it."""
    return {
        "rehearsal": found.rehearsal_id,
        "plan": plain_plan(found.plan),
        "country": found.country,
        "asked_by": found.asked_by,
        "asked_at": found.asked_at,
        "standing": found.standing,
        "done": found.done,
        "begun_at": found.begun_at,
        "ended_at": found.ended_at,
        "failure": found.failure,
        "figures": asdict(found.figures) if found.figures else None,
        "receipt": found.receipt,
        "is_simulated": True,
    }


def written(context: Context, rehearsal_id: int, form: str) -> tuple[int, str]:
    """Write the days of a rehearsal as a text; gives the number of days too.

    Parameters
    ----------
    form : str
        ``csv``, one row a policy and replication, or ``json``, with the figures and the receipt.

    Raises
    ------
    NotFound
        There is none of that number, or the actor may not see its city.
    """
    found = find_rehearsal(context, rehearsal_id)
    rows = outcome_rows(context, rehearsal_id)
    if form == "json":
        return len(rows), json_text({**as_payload(found), "days": rows}) + "\n"
    names = [column.name for column in REHEARSAL_OUTCOMES.columns]
    return len(rows), as_csv(names, [[_plain(row, name) for name in names] for row in rows])


def _plain(row: Mapping[str, Any], name: str) -> Any:
    value: Any = row.get(name)
    return value.isoformat() if isinstance(value, date) else value
