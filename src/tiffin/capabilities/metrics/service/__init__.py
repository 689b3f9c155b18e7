"""What other parts may ask of the metrics: the numbers themselves, what they mean, and how they came about."""

from collections.abc import Mapping
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING

from tiffin.capabilities.metrics.domain.asking import Asked, read_request
from tiffin.capabilities.metrics.service.answering import MetricResult, answer, footprint_for, frame_of
from tiffin.capabilities.metrics.service.footprints import CityRecord, cities_in
from tiffin.capabilities.metrics.service.library import library_of
from tiffin.capabilities.metrics.service.policies import row_scope
from tiffin.capabilities.metrics.service.receipts import Receipt
from tiffin.engines.metrics.definitions import Dimension, Metric
from tiffin.engines.metrics.refusals import no_metric
from tiffin.engines.metrics.request import MetricRequest
from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.runtime.context import Context
from tiffin.runtime.uses import note_uses

if TYPE_CHECKING:
    from tiffin.capabilities.metrics.service.explaining import Explanation
    from tiffin.engines.metrics.lineage import Lineage

__all__ = [
    "CityRecord",
    "MetricResult",
    "Receipt",
    "children_of",
    "cities_with",
    "dimensions_of",
    "explain",
    "find_metric",
    "lineage",
    "list_metrics",
    "query",
    "query_and_keep",
    "request_of",
    "search_metrics",
]


def list_metrics(context: Context) -> tuple[Metric, ...]:
    """List every metric of the workspace by name."""
    return tuple(metric for _, metric in sorted(library_of(context.workspace).model.metrics.items()))


def search_metrics(context: Context, text: str) -> tuple[Metric, ...]:
    """List the metrics whose name, label or meaning in the actor's language contains a text."""
    wanted = text.strip().casefold()
    return tuple(metric for metric in list_metrics(context) if wanted in _searched(metric, context.locale))


def children_of(context: Context, name: str) -> Mapping[str, str]:
    """Give the metrics below one in the metric tree, with how each enters it."""
    return {
        metric.name: parent.combination
        for metric in list_metrics(context)
        for parent in metric.parents
        if parent.metric == name
    }


def find_metric(context: Context, name: str) -> Metric:
    """Find a metric.

    Raises
    ------
    NotFound
        There is none of that name; the message says which are near.
    """
    metrics = library_of(context.workspace).model.metrics
    if name not in metrics:
        raise no_metric(name, metrics)
    return metrics[name]


def dimensions_of(context: Context, *metrics: str) -> tuple[Dimension, ...]:
    """List the dimensions by which all the metrics can be split and filtered; without metrics, all there are."""
    model = library_of(context.workspace).model
    shared = set(model.dimensions)
    for name in metrics:
        find_metric(context, name)
        shared &= model.resolved[name].dimensions
    return tuple(model.dimensions[name] for name in model.dimensions if name in shared)


def request_of(context: Context, asked: Asked) -> MetricRequest:
    """Read a request that was typed.

    Raises
    ------
    WrongUse, NotFound
        It cannot be read, or names a dimension that does not exist.
    """
    return read_request(asked, library_of(context.workspace).model.dimensions)


def lineage(context: Context, name: str) -> "Lineage":
    """Tell what a metric is made of, down to the columns of the fact tables."""
    # Taking formulas apart needs a library that answers do without; its start would double theirs.
    from tiffin.engines.metrics.lineage import lineage_of  # noqa: PLC0415 - for the reason above

    find_metric(context, name)
    return lineage_of(name, library_of(context.workspace).model)


def cities_with(context: Context, name: str) -> tuple[CityRecord, ...]:
    """List the cities, of those that the actor may see, in which all facts that a metric needs are recorded."""
    find_metric(context, name)
    versions = context.warehouse.versions()
    footprint = footprint_for(context, library_of(context.workspace), (name,), versions)
    if footprint is None:
        return ()
    seen = footprint.cities_in((), row_scope(context)).intersection(*footprint.held.values())
    cities = cities_in(context.workspace, context.warehouse, versions)
    return tuple(cities[city] for city in sorted(seen & cities.keys()))


def query(context: Context, request: MetricRequest) -> MetricResult:
    """Answer a request over the rows that the actor may see.

    Raises
    ------
    NotFound, WrongUse
        The request names what does not exist or does not go together.
    Forbidden
        The actor may see no rows at all.
    """
    begun = perf_counter()
    result = answer(context, request)
    _note(context, request, begun)
    return result


def query_and_keep(context: Context, request: MetricRequest) -> MetricResult:
    """Answer a request and keep its receipt whole, so that the answer can be had again by its hash."""
    # The ledger's tables are mapped at their import, and few answers are kept.
    from tiffin.capabilities.metrics.service.ledger import keep_receipt  # noqa: PLC0415 - for the reason above

    begun = perf_counter()
    frame = frame_of(context, request)
    result = answer(context, request, ground=frame.ground)
    _note(context, request, begun)
    return replace(result, receipt=keep_receipt(context, result.receipt, frame))


def explain(context: Context, request: MetricRequest) -> "Explanation":
    """Show how a request is answered on each engine, without answering it."""
    # As in `lineage`.
    from tiffin.capabilities.metrics.service.explaining import explanation  # noqa: PLC0415 - for the reason above

    return explanation(context, request)


def _note(context: Context, request: MetricRequest, begun: float) -> None:
    """Note who used which metrics, and how long the answer took."""
    asked = (AssetId(AssetKind.METRIC, name.partition("@")[0]) for name in request.metrics)
    note_uses(context, asked, milliseconds=(perf_counter() - begun) * 1000)


def _searched(metric: Metric, locale: str) -> str:
    return f"{metric.name} {metric.label.text(locale)} {metric.meaning.text(locale)}".casefold()
