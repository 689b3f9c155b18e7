"""What forms of experiments let people choose among."""

from tiffin.capabilities.metrics.service import list_metrics
from tiffin.capabilities.metrics.service.parts import has_parts
from tiffin.runtime.context import Context


def weighed_metrics(context: Context) -> list[tuple[str, str]]:
    """List the metrics of which groups can be weighed, by label."""
    known = [
        (one.name, one.label.text(context.locale)) for one in list_metrics(context) if has_parts(context, one.name)
    ]
    return sorted(known, key=lambda one: one[1])
