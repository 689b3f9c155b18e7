"""Audit trail, ledgers and log of cases without an erased person: texts that name him go, chains and numbers stay."""

from collections.abc import Mapping
from typing import Any

from tiffin.capabilities.access.domain.people_traces import Sought
from tiffin.capabilities.access.service.people_walk import may_hold
from tiffin.capabilities.cases.service.removing import project_anew, remove_from_cases
from tiffin.capabilities.liability.service.ledger_removing import remove_from_penalties
from tiffin.capabilities.metrics.service.ledger_removing import remove_from_ledger
from tiffin.runtime import audit
from tiffin.runtime.audit_marks import REMOVAL, mark_of
from tiffin.runtime.audit_removing import forget_actors, mentions, remove_texts, remove_unsalted, told_in_parts
from tiffin.runtime.context import Context


def clear_evidence(context: Context, erasure_id: int, sought: Sought) -> Mapping[str, int]:
    """Remove every text of the trail and the ledgers that names the person, and the name under which he acted.

    What was removed is itself told on the trail, by entry and piece and without the text.

    Returns
    -------
    mapping of str to int
        How many rows of which table lost a text.

    Raises
    ------
    Conflict
        The trail or a ledger is not as it was written.
    """
    mark = mark_of(erasure_id)

    def names(value: Any) -> bool:
        return bool(sought.without_in(value, dict.fromkeys(sought.words, mark)) != value)

    found = context.unit.execute(mentions(lambda column: may_hold(column, sought))).scalars().all()
    texts = remove_texts(context.unit, found, names, mark)
    ledger = remove_from_ledger(context, names, mark)
    penalties = remove_from_penalties(context, names, mark)
    cases = remove_from_cases(context, lambda column: may_hold(column, sought), names, mark)
    actors = forget_actors(context.unit, names, mark)
    project_anew(context, cases, actors)
    if not (texts or ledger or penalties or cases or actors):
        return {}
    texts += remove_unsalted(context.unit, mark)
    more: dict[str, Any] = {"ledger": ledger, "cases": cases, "actors": actors, **penalties}
    for part in [*told_in_parts(texts)] or [[]]:
        details = {"request": erasure_id, "texts": part, **more}
        audit.record(context, action=REMOVAL, subject=f"request {erasure_id}", details=details)
        more = {}
    counts = {"audit_entries": len(texts), "published_numbers": len(ledger), "actor_codes": len(actors)}
    counts |= {"ledger_events": len(penalties.get("penalties", ()))}
    counts |= {"case_events": len(cases)}
    counts |= {"ledger_parties": len(penalties.get("penalty_parties", ()))}
    return {table: count for table, count in counts.items() if count}
