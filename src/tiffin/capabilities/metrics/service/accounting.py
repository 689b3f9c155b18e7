"""Numbers that leave Tiffin are accounted for: who took which, by which door."""

from enum import StrEnum

from tiffin.engines.metrics.request import MetricRequest
from tiffin.runtime import audit
from tiffin.runtime.context import Context


class Door(StrEnum):
    """Where numbers leave."""

    FILE = "file"
    PROGRAM = "program"
    ASSISTANT = "assistant"
    BI_TOOL = "bi_tool"


def note_taken(context: Context, request: MetricRequest, door: Door) -> None:
    """Note on the audit trail which numbers somebody took; conditions without their values, which may be personal."""
    details = {
        "door": door.value,
        "by": list(request.by),
        "where": sorted({condition.dimension for condition in request.where}),
        "days": [request.days.first.isoformat(), request.days.last.isoformat()] if request.days else [],
    }
    audit.record_read(context, action="numbers_taken", subject=", ".join(request.metrics), details=details)
