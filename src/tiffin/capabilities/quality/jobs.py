"""What follows from cases of broken data by itself."""

from tiffin.capabilities.cases.service.effects import Effect, Handlers
from tiffin.capabilities.quality import service
from tiffin.runtime.context import Context


def escalate(context: Context, _overdue: Effect) -> None:
    """Escalate whatever is overdue to those who answer for the data; each deadline once."""
    service.escalate(context)


HANDLERS: Handlers = {"broken_data.overdue": escalate, "data_incident.overdue": escalate}
"""By sort of case and effect."""
