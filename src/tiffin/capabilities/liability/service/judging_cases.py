"""The incident of a case, and the verdict that holds on it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, select

from tiffin.capabilities.cases.service.records import bringing_case, keep_at_hand
from tiffin.capabilities.liability.domain.verdict import Verdict
from tiffin.capabilities.liability.models.verdicts import IncidentRecord, VerdictRecord
from tiffin.capabilities.liability.service.verdicts import verdict_from
from tiffin.kernel.errors import NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context

_INCIDENT: Any = IncidentRecord.__table__
_VERDICT: Any = VerdictRecord.__table__
# Made once: to make a statement takes longer than to run it.
_WHOLE = bringing_case(
    select(IncidentRecord, VerdictRecord)
    .outerjoin(VerdictRecord, VerdictRecord.incident_key == IncidentRecord.incident_key)
    .where(IncidentRecord.case_id == bindparam("case"))
    .order_by(VerdictRecord.number.desc())
    .limit(1),
    IncidentRecord.case_id,
)
_STANDING = (
    select(_INCIDENT, *(column for column in _VERDICT.c if column.name not in _INCIDENT.c))
    .outerjoin(_VERDICT, _VERDICT.c.incident_key == _INCIDENT.c.incident_key)
    .where(_INCIDENT.c.case_id.in_(bindparam("cases", expanding=True)))
    .order_by(_INCIDENT.c.case_id, _VERDICT.c.number)
)


def incident_by_case(context: Context, case_id: int) -> IncidentRecord:
    """Find an incident by its case.

    Raises
    ------
    NotFound
        There is none.
    """
    return incident_with_verdict(context, case_id)[0]


def incident_with_verdict(context: Context, case_id: int) -> tuple[IncidentRecord, Verdict | None]:
    """Find an incident by its case, with the verdict that holds on it; None while nobody has decided.

    Raises
    ------
    NotFound
        There is none.
    """
    row = context.session.execute(_WHOLE, {"case": case_id}).first()
    if row is None:
        raise _no_incident(case_id)
    record, held, case = row
    keep_at_hand(context, case)
    return record, verdict_from(held, record) if held is not None else None


def held_by_case(context: Context, case_id: int) -> Verdict | None:
    """Give the verdict that holds on the incident of a case; None while nobody has decided."""
    return standing_of_case(context, case_id)[0]


def standing_of_case(context: Context, case_id: int) -> tuple[Verdict | None, bool]:
    """Give the verdict that holds on the incident of a case, and whether a person is asked about it nevertheless.

    Raises
    ------
    NotFound
        There is no such incident.
    """
    return standing_of_cases(context, [case_id])[case_id]


def standing_of_cases(context: Context, case_ids: Sequence[int]) -> Mapping[int, tuple[Verdict | None, bool]]:
    """Give what `standing_of_case` gives for each of some cases.

    Raises
    ------
    NotFound
        One of them has no incident.
    """
    found: dict[int, tuple[Verdict | None, bool]] = {}
    for row in context.unit.execute(_STANDING, {"cases": list(case_ids)}):
        held = verdict_from(row, row) if row.verdict_id is not None else None
        found[row.case_id] = (held, row.is_waiting)  # the last is the one that holds
    for one in case_ids:
        if one not in found:
            raise _no_incident(one)
    return found


def _no_incident(case_id: int) -> NotFound:
    return NotFound(Message("There is no incident {key} that you may see.", key=str(case_id)))
