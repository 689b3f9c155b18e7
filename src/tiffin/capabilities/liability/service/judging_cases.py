"""The incident of a case, and the verdict that holds on it."""

from sqlalchemy import select

from tiffin.capabilities.liability.domain.verdict import Verdict
from tiffin.capabilities.liability.models.verdicts import IncidentRecord
from tiffin.capabilities.liability.service.verdicts import latest
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
        raise NotFound(Message("There is no incident {key} that you may see.", key=str(case_id)))
    return found


def held_by_case(context: Context, case_id: int) -> Verdict | None:
    """Give the verdict that holds on the incident of a case; None while nobody has decided."""
    return latest(context, incident_by_case(context, case_id).incident_key)
