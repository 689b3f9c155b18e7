"""The incident of a case, and the verdict that holds on it."""

from sqlalchemy import select

from tiffin.capabilities.liability.domain.verdict import Verdict
from tiffin.capabilities.liability.models.verdicts import IncidentRecord, VerdictRecord
from tiffin.capabilities.liability.service.verdicts import verdict_from
from tiffin.kernel.errors import NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context


def incident_by_case(context: Context, case_id: int) -> IncidentRecord:
    """Find an incident by its case.

    Raises
    ------
    NotFound
        There is none.
    """
    found = context.session.scalar(select(IncidentRecord).where(IncidentRecord.case_id == case_id))
    if found is None:
        raise _no_incident(case_id)
    return found


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
    joined = select(IncidentRecord, VerdictRecord).outerjoin(
        VerdictRecord, VerdictRecord.incident_key == IncidentRecord.incident_key
    )
    wanted = joined.where(IncidentRecord.case_id == case_id).order_by(VerdictRecord.number.desc()).limit(1)
    row = context.session.execute(wanted).first()
    if row is None:
        raise _no_incident(case_id)
    incident, held = row
    return (verdict_from(held, incident) if held is not None else None), incident.is_waiting


def _no_incident(case_id: int) -> NotFound:
    return NotFound(Message("There is no incident {key} that you may see.", key=str(case_id)))
