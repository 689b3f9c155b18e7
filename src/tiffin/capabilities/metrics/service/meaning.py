"""Metrics that mean the same, or nearly: fingerprints of a workspace's definitions, taken once for each state."""

from collections.abc import Mapping
from functools import cache

from tiffin.capabilities.metrics.service.library import Library
from tiffin.engines.metrics.comparing.fingerprint import FILTER, Facts, Fingerprint, Likeness, fingerprint, likenesses
from tiffin.engines.metrics.definitions import Metric
from tiffin.engines.metrics.model import Model
from tiffin.kernel.errors import InvalidDefinition
from tiffin.kernel.facts.registry import TABLES

LEAST_ALIKE = 0.3
"""Filters that agree on less are of different metrics, not near ones."""

_PRINTS: dict[int, tuple[Library, Mapping[str, Fingerprint]]] = {}


def likenesses_in(library: Library, only: tuple[str, ...] = ()) -> tuple[Likeness, ...]:
    """List duplicates and near ones among a library's metrics, duplicates first.

    Parameters
    ----------
    only : tuple of str
        Metrics to look for; empty for all.
    """
    found = likenesses(_prints(library), only)
    return tuple(item for item in found if item.differs_in != FILTER or item.alike >= LEAST_ALIKE)


def likenesses_of(library: Library, metric: Metric) -> tuple[Likeness, ...]:
    """List what a metric that is not among a library's resembles there; its own former self is left out."""
    own = _print(metric, library)
    if own is None:
        return ()
    prints = {name: one for name, one in _prints(library).items() if name != metric.name}
    found = likenesses({**prints, metric.name: own}, (metric.name,))
    return tuple(item for item in found if item.differs_in != FILTER or item.alike >= LEAST_ALIKE)


def _prints(library: Library) -> Mapping[str, Fingerprint]:
    kept = _PRINTS.get(id(library))
    if kept is None or kept[0] is not library:
        if len(_PRINTS) > 8:  # noqa: PLR2004 - as many states of definitions as a library keeps
            _PRINTS.clear()
        taken = {name: _print(metric, library) for name, metric in library.model.metrics.items()}
        kept = (library, {name: one for name, one in taken.items() if one is not None})
        _PRINTS[id(library)] = kept
    return kept[1]


def _print(metric: Metric, library: Library) -> Fingerprint | None:
    try:
        return fingerprint(metric.formula, facts_of(library.model))
    except InvalidDefinition:
        return None


def facts_of(model: Model) -> Facts:
    """Give what must be known to compare the meanings of a model's metrics."""
    sources = {name: prepared.source for name, prepared in model.sources.items()}
    keys, known, domains = _contracted()
    return Facts(sources, model.metrics, keys, known, domains)


@cache
def _contracted() -> tuple[Mapping[str, tuple[str, ...]], frozenset[str], Mapping[str, tuple[str, ...]]]:
    columns = [(f"{name}.{column.name}", column) for name, table in TABLES.items() for column in table.columns]
    return (
        {name: table.key for name, table in TABLES.items()},
        frozenset(name for name, column in columns if column.required),
        {name: column.values for name, column in columns if column.values},
    )
