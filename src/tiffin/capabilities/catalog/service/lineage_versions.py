"""The metrics as they are defined on a day: versions that begin later are not in force yet."""

from datetime import date

from tiffin.capabilities.metrics.service.library import unchecked_library
from tiffin.capabilities.metrics.service.rebuilding import library_from
from tiffin.engines.metrics.model import Model
from tiffin.engines.metrics.versions import definitions_for, version_in_force
from tiffin.runtime.workspace import Workspace


def model_in_force(workspace: Workspace, day: date) -> Model:
    """Give the sound metrics of a workspace, each under the version that holds on a day."""
    library = unchecked_library(workspace)
    model = library.model
    metrics = [metric for metric in model.metrics.values() if metric.earlier]
    chosen = {metric.name: version_in_force(metric, day).number for metric in metrics}
    later = {name: number for name, number in chosen.items() if number != model.metrics[name].version.number}
    if not later:
        return model
    kept = library.derived.get(("in force", tuple(later.items())))
    if kept is None:
        wanted = definitions_for(model, tuple(model.resolved), lambda metric: version_in_force(metric, day))
        kept = library.derived["in force", tuple(later.items())] = library_from(wanted).model
    return kept
