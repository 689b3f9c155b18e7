"""Cases about an order: what was reported, and what still waits for somebody."""

from tiffin.capabilities.cases.domain.case import CaseSummary
from tiffin.capabilities.cases.domain.incident_cases import DELIVERY_INCIDENT
from tiffin.capabilities.cases.service import guided_cases
from tiffin.capabilities.orders.domain.order_file import OrderFile
from tiffin.runtime.context import Context

SUBJECT_MAX = 128


def cases_of_order(context: Context, file: OrderFile) -> tuple[CaseSummary, ...]:
    """List the incidents of an order for whoever works here and is told its file, those that wait first."""
    if not file.is_staff:
        return ()
    subject = f"{file.city.city_id}|{file.order_id}"[:SUBJECT_MAX]
    found = guided_cases(context, DELIVERY_INCIDENT.name, subject=subject, is_closed=None)
    return tuple(sorted((one.summary for one in found), key=lambda one: (one.closed_at is not None, one.case_id)))
