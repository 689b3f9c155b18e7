"""A metric under an earlier version of its own, for comparing one with another."""

from dataclasses import replace

from tiffin.capabilities.metrics.service.library import Library
from tiffin.capabilities.metrics.service.rebuilding import library_from
from tiffin.engines.metrics.definitions import Definitions
from tiffin.engines.metrics.vocabulary import near
from tiffin.kernel.errors import NotFound

EARLIER = "{}__version_{}"


def library_with_version(library: Library, name: str) -> tuple[str, Library]:
    """Give the name under which ``metric`` or ``metric@2`` can be asked, and the definitions in which it can.

    Raises
    ------
    NotFound
        There is no such metric, or it has no such version.
    """
    metric_name, _, number = name.partition("@")
    model = library.model
    if metric_name not in model.metrics:
        raise NotFound(f"There is no metric {metric_name}.{near(metric_name, model.metrics)}")
    metric = model.metrics[metric_name]
    if not number or number == str(metric.version.number):
        return metric_name, library
    version = next((one for one in metric.earlier if str(one.number) == number), None)
    if version is None:
        known = ", ".join(str(one.number) for one in (*metric.earlier, metric.version))
        raise NotFound(f"{metric_name} has no version {number}; it has {known}.")
    earlier = replace(metric, name=EARLIER.format(metric_name, number), version=version, earlier=())
    sources = tuple(prepared.source for prepared in model.sources.values())
    metrics = (*model.metrics.values(), earlier)
    return earlier.name, library_from(Definitions(tuple(model.dimensions.values()), sources, metrics))
