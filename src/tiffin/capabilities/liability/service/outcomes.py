"""Outcomes as facts: what was decided goes to the fact tables, so that it is governed like every other number.

Rows are brought in under their keys: publishing again what is there changes nothing, and a verdict that a later one
superseded says so from then on.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
from sqlalchemy import or_, select

from tiffin.capabilities.facts.service import require_steward
from tiffin.capabilities.liability.domain.outcomes import OWN_SOURCE, Surroundings, verdict_row
from tiffin.capabilities.liability.domain.verdict import DecidedBy, Verdict
from tiffin.capabilities.liability.models.verdicts import IncidentRecord, VerdictRecord
from tiffin.capabilities.liability.service.outcomes_appeals import appeal_rows
from tiffin.capabilities.liability.service.outcomes_ledger import penalty_rows
from tiffin.capabilities.liability.service.outcomes_places import Places
from tiffin.capabilities.liability.service.verdicts import verdict_from
from tiffin.kernel.contract import TableContract
from tiffin.kernel.facts.appeals import APPEALS
from tiffin.kernel.facts.penalties import PENALTIES
from tiffin.kernel.facts.verdicts import VERDICTS
from tiffin.kernel.people import PersonKind
from tiffin.runtime import audit
from tiffin.runtime.context import Context
from tiffin.runtime.models import Setting
from tiffin.runtime.people import pseudonyms
from tiffin.runtime.warehouse.columns import arrow_schema
from tiffin.runtime.warehouse.opening import open_store

PUBLISHED_UNTIL = "liability_published_until"
"""Setting that says until when outcomes are among the facts."""

OVERLAP = timedelta(hours=1)
"""What was written so long before the last time is looked at again: a transaction may end after a later one."""

AT_ONCE = 20_000
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Published:
    """How many rows of each table were brought in."""

    verdicts: int
    penalties: int
    appeals: int


def publish_outcomes(context: Context, *, everything: bool = False) -> Published:
    """Bring what was decided since the last time among the facts.

    Parameters
    ----------
    everything : bool
        Whether to look at all that was ever decided, as after the facts were lost.

    Raises
    ------
    Forbidden
        The actor may not write facts.
    """
    require_steward(context, "write facts")
    since = _BEGINNING if everything else _published_until(context) - OVERLAP
    places = Places(context)
    counts = [
        _bring(context, VERDICTS, verdict_rows(context, since, places)),
        _bring(context, PENALTIES, penalty_rows(context, since, places)),
        _bring(context, APPEALS, appeal_rows(context, since, places)),
    ]
    context.session.merge(
        Setting(name=PUBLISHED_UNTIL, value=context.now.isoformat(), changed_at=context.now, changed_by="platform")
    )
    done = Published(*counts)
    if any(counts):
        details = {"verdicts": done.verdicts, "penalties": done.penalties, "appeals": done.appeals}
        audit.record(context, action="outcomes_published", subject="liability", details=details)
    return done


def verdict_rows(context: Context, since: datetime, places: Places) -> list[Mapping[str, Any]]:
    """Give the verdicts that were given, or superseded, since a moment, as rows of the facts."""
    later = select(VerdictRecord.supersedes).where(VerdictRecord.decided_at >= since)
    wanted = select(VerdictRecord).where(or_(VerdictRecord.decided_at >= since, VerdictRecord.verdict_id.in_(later)))
    records = context.session.scalars(wanted.order_by(VerdictRecord.verdict_id)).all()
    incidents = _incidents(context, records)
    by_later = _superseding(context, [one.verdict_id for one in records])
    deciders = pseudonyms(context.unit, PersonKind.EMPLOYEE, {one.decider for one in records if one.decider})
    places.learn((one.city_id, incidents[one.incident_key].business_date) for one in records)
    found = []
    for record in records:
        verdict, incident = verdict_from(record, incidents[record.incident_key]), incidents[record.incident_key]
        place = places.of(record.city_id, record.order_id)
        around = Surroundings(
            source=place.source,
            zone_id=place.zone_id,
            decider_id=_decider(verdict, deciders),
            superseded_by=by_later.get(record.verdict_id),
            handling_s=incident.handling_s or None,
        )
        found.append(verdict_row(verdict, around))
    return found


def _decider(verdict: Verdict, deciders: Mapping[str, str | None]) -> str | None:
    if verdict.decided_by is not DecidedBy.PERSON:
        return None
    return deciders.get(verdict.decider or "") or "forgotten"


def _incidents(context: Context, records: Sequence[VerdictRecord]) -> Mapping[str, IncidentRecord]:
    keys = sorted({one.incident_key for one in records})
    return {
        one.incident_key: one
        for one in _in_parts(
            keys,
            lambda part: context.session.scalars(
                select(IncidentRecord).where(IncidentRecord.incident_key.in_(part))
            ).all(),
        )
    }


def _superseding(context: Context, names: Sequence[str]) -> Mapping[str, str]:
    asked = select(VerdictRecord.supersedes, VerdictRecord.verdict_id)
    found = _in_parts(
        names, lambda part: context.session.execute(asked.where(VerdictRecord.supersedes.in_(part))).all()
    )
    return {row[0]: row[1] for row in found}


def _in_parts(keys: Sequence[str], ask: Callable[[Sequence[str]], Iterable[Any]]) -> Iterable[Any]:
    """Ask for many keys, as many at once as a database takes in one statement."""
    step = 500
    for start in range(0, len(keys), step):
        yield from ask(keys[start : start + step])


def _bring(context: Context, contract: TableContract, rows: Sequence[Mapping[str, Any]]) -> int:
    for start in range(0, len(rows), AT_ONCE):
        found = pa.Table.from_pylist([dict(one) for one in rows[start : start + AT_ONCE]], arrow_schema(contract))
        open_store(context.workspace).upsert(contract, found.to_reader(), now=context.now, source=OWN_SOURCE)
    return len(rows)


def _published_until(context: Context) -> datetime:
    known = context.session.get(Setting, PUBLISHED_UNTIL)
    return datetime.fromisoformat(str(known.value)) if known else _BEGINNING + OVERLAP
