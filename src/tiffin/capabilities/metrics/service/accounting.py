"""Numbers that leave Tiffin are accounted for: who took which, by which door."""

from collections.abc import Iterable, Iterator
from enum import StrEnum

from tiffin.capabilities.metrics.domain.published import Published
from tiffin.engines.metrics.request import MetricRequest, Operator
from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.runtime.context import Context
from tiffin.runtime.reading import PLACES
from tiffin.runtime.uses import note_uses


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
    # Answers that nobody takes away do without the trail, whose tables are mapped at its import.
    from tiffin.runtime import audit  # noqa: PLC0415 - for the reason above

    context.unit.reading.is_accounted = True
    note_uses(context, _assets(request))
    audit.record_read(context, action="numbers_taken", subject=", ".join(request.metrics), details=details)


def note_read(context: Context, request: MetricRequest) -> None:
    """Note in the unit of work which metrics it reads, and where and over which days as far as the request says."""
    days = request.days
    places = (
        str(value)
        for one in request.where
        if one.dimension in PLACES and one.operator in (Operator.EQ, Operator.IN)
        for value in one.values
    )
    context.unit.reading.add(
        (asset.text for asset in _assets(request)),
        first=days.first if days else None,
        last=days.last if days else None,
        places=places,
    )


def note_published(context: Context, entries: Iterable[Published]) -> None:
    """Note in the unit of work that it shows published numbers, whatever is computed beside them."""
    for entry in entries:
        context.unit.reading.add((AssetId(AssetKind.PUBLISHED, entry.reference).text,))
        note_read(context, entry.request)


def _assets(request: MetricRequest) -> Iterator[AssetId]:
    for name in request.metrics:
        yield AssetId(AssetKind.METRIC, name.partition("@")[0])
