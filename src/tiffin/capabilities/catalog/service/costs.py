"""What assets cost: room on disk, the time of answers, the time of loads."""

from collections.abc import Iterable, Mapping
from statistics import mean

import pyarrow.parquet as pq

from tiffin.capabilities.catalog.domain.assets import Asset
from tiffin.capabilities.catalog.domain.standing import Cost
from tiffin.capabilities.catalog.service.usage import Count
from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.runtime.warehouse.opening import open_store
from tiffin.runtime.warehouse.snapshot import Snapshot
from tiffin.runtime.workspace import Workspace

_LOOKED_AT = 8
"""So many files of a table tell how its bytes lie over its columns."""

_KEPT = 512
_SHARES: dict[tuple[str, str, int], Mapping[str, float]] = {}
"""Shares of columns in a version of a table, which never change."""

SHOWS_METRICS = (AssetKind.TILE, AssetKind.DASHBOARD, AssetKind.REPORT, AssetKind.TREE, AssetKind.ALERT)


def answer_cost(asset: Asset, uses: Mapping[AssetId, Count]) -> Cost:
    """Tell how long answers took: those of the asset, else of the metrics that it shows, all of them together."""
    own = _answer_ms(uses.get(asset.id))
    if own is None and asset.kind in SHOWS_METRICS:
        shown = (_answer_ms(uses.get(AssetId(AssetKind.METRIC, name))) for name in asset.metrics)
        known = [one for one in shown if one is not None]
        own = sum(known) if known else None
    return Cost(answer_ms=own)


def load_costs(loads: Iterable[tuple[str, float]]) -> Mapping[str, float]:
    """Give the mean seconds of the loads of each feed."""
    taken: dict[str, list[float]] = {}
    for feed, seconds in loads:
        taken.setdefault(feed, []).append(seconds)
    return {feed: mean(listed) for feed, listed in taken.items()}


def column_share(workspace: Workspace, table: str, version: int, column: str) -> float | None:
    """Tell which part of a table's bytes a column takes, by the footers of some of its files; None without facts."""
    key = (str(workspace.tables), table, version)
    if key not in _SHARES:
        if len(_SHARES) >= _KEPT:
            _SHARES.clear()
        snapshot = open_store(workspace).snapshot(table, version)
        _SHARES[key] = _shares(snapshot) if snapshot else {}
    return _SHARES[key].get(column)


def _shares(snapshot: Snapshot) -> Mapping[str, float]:
    taken: dict[str, int] = {}
    step = max(1, len(snapshot.files) // _LOOKED_AT)
    for file in snapshot.files[::step][:_LOOKED_AT]:
        footer = pq.read_metadata(file.path)
        for group in (footer.row_group(number) for number in range(footer.num_row_groups)):
            for chunk in (group.column(number) for number in range(group.num_columns)):
                name = chunk.path_in_schema.partition(".")[0]
                taken[name] = taken.get(name, 0) + chunk.total_compressed_size
    whole = sum(taken.values())
    return {name: size / whole for name, size in taken.items()} if whole else {}


def _answer_ms(count: Count | None) -> float | None:
    return count.milliseconds / count.uses if count is not None and count.milliseconds > 0 else None
