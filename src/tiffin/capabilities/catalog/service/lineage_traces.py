"""Whether what people see can be traced to the files that it came from, and what cannot, with its true source."""

from collections.abc import Mapping
from dataclasses import dataclass

from tiffin.capabilities.catalog.service.lineage_feeds import CALENDAR, CHECKS, HTTP, JUDGING, SIMULATION
from tiffin.engines.lineage.graph import Graph
from tiffin.kernel.assets import AssetId, AssetKind

NOT_FILES = (SIMULATION, HTTP, CALENDAR, CHECKS, JUDGING)
"""Sources of facts that are no feed of files."""


@dataclass(frozen=True, slots=True)
class Trace:
    """Where the facts behind an asset come from.

    Parameters
    ----------
    columns : tuple of AssetId
        Columns of files on which it stands.
    feeds : tuple of AssetId
        Feeds of files on which it stands.
    elsewhere : mapping of AssetId to tuple of AssetId
        Columns of fact tables that are read for it and that no feed of files fills, with the sources that do.
    """

    asset: AssetId
    columns: tuple[AssetId, ...]
    feeds: tuple[AssetId, ...]
    elsewhere: Mapping[AssetId, tuple[AssetId, ...]]

    @property
    def is_traced(self) -> bool:
        """Tell whether every column behind it has a source: files, or what the platform writes itself."""
        return bool(self.columns or self.elsewhere) and all(self.elsewhere.values())

    @property
    def is_from_files(self) -> bool:
        """Tell whether every column behind it is filled by some feed of files."""
        return bool(self.columns) and not self.elsewhere


def traces_of(graph: Graph, kind: AssetKind = AssetKind.TILE) -> tuple[Trace, ...]:
    """Trace every asset of a kind to where its facts come from."""
    origins: dict[AssetId, tuple[AssetId, ...]] = {}
    return tuple(_trace(graph, asset, origins) for asset in graph.assets if asset.kind is kind)


def _trace(graph: Graph, asset: AssetId, origins: dict[AssetId, tuple[AssetId, ...]]) -> Trace:
    reached = [one.asset for one in graph.upstream(asset)]
    read = {
        link.earlier
        for later in (asset, *reached)
        if later.kind is not AssetKind.COLUMN
        for link in graph.beside(later)
        if link.later == later and link.earlier.kind is AssetKind.COLUMN
    }
    for column in read:
        if column not in origins:
            origins[column] = tuple(one.asset for one in graph.upstream(column) if one.asset.kind is AssetKind.FEED)
    return Trace(
        asset,
        tuple(sorted(one for one in reached if one.kind is AssetKind.FEED_COLUMN)),
        tuple(sorted(one for one in reached if one.kind is AssetKind.FEED and one not in NOT_FILES)),
        {column: origins[column] for column in sorted(read) if not set(origins[column]) - set(NOT_FILES)},
    )
