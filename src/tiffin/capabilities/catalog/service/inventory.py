"""The inventory: every asset of a workspace, filled from definitions; kept until one of them changes."""

import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from tiffin.capabilities.catalog.domain.assets import Asset, Tier
from tiffin.capabilities.catalog.service.domains import Domains, read_domains
from tiffin.capabilities.catalog.service.feed_texts import feed_texts, own_file
from tiffin.capabilities.catalog.service.own_assets import own_asset_files, own_assets
from tiffin.capabilities.catalog.service.policy_assets import policy_assets
from tiffin.capabilities.catalog.service.readings import (
    alert_assets,
    dashboard_assets,
    dimension_assets,
    metric_assets,
    report_assets,
    tool_assets,
    tree_assets,
)
from tiffin.capabilities.catalog.service.rollup_assets import rollup_assets, rollup_names, rollups_in
from tiffin.capabilities.catalog.service.rulings import own_files, ruling_assets
from tiffin.capabilities.catalog.service.sources import built_in_feeds, feed_assets, table_assets
from tiffin.capabilities.facts.service.gallery import feed_files, read_feeds
from tiffin.capabilities.metrics.service.forest import trees_in
from tiffin.capabilities.metrics.service.library import unchecked_library
from tiffin.capabilities.policies.service.ledger_stated import StatedPolicy, stated_policies
from tiffin.capabilities.scorecards.domain.alerts import AlertRule
from tiffin.capabilities.scorecards.domain.dashboards import Dashboard
from tiffin.capabilities.scorecards.service import read_dashboard
from tiffin.capabilities.scorecards.service.alerting import rules_of
from tiffin.capabilities.scorecards.service.library import dashboards_in
from tiffin.capabilities.scorecards.service.morning import DASHBOARD as MORNING
from tiffin.engines.metrics.definitions import Tier as Standing
from tiffin.engines.metrics.model import Model
from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.context import Context
from tiffin.runtime.workspace import Workspace

_KEPT = 8
Inventory = Mapping[AssetId, Asset]
_State = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _Grounds:
    """What an inventory was made of: while these are the same, so is it."""

    model: Model
    dashboards: tuple[Dashboard, ...]
    alerts: tuple[AlertRule, ...]
    rollups: tuple[str, ...]
    policies: tuple[StatedPolicy, ...]
    files: _State


_LOCK = threading.Lock()
_INVENTORIES: dict[str, tuple[_Grounds, Inventory]] = {}


def inventory_of(context: Context) -> Inventory:
    """Give every asset that definitions declare, by its name; as they say it, without what people added."""
    workspace = context.workspace
    library = unchecked_library(workspace)
    # A faulty metric leaves the others standing here; alerts are read over sound definitions only.
    alerts = () if library.problems else rules_of(context)[0]
    dashboards, policies = dashboards_in(workspace)[0], stated_policies(context)
    grounds = _Grounds(library.model, dashboards, alerts, rollup_names(workspace), policies, _files(workspace))
    key = str(workspace.root)
    with _LOCK:
        kept = _INVENTORIES.get(key)
    if kept is not None and _is_same(kept[0], grounds):
        return kept[1]
    made = _gathered(workspace, grounds)
    with _LOCK:
        if len(_INVENTORIES) >= _KEPT:
            _INVENTORIES.clear()
        _INVENTORIES[key] = (grounds, made)
    return made


def _is_same(one: _Grounds, other: _Grounds) -> bool:
    same = one.model is other.model and one.dashboards is other.dashboards
    small = (one.alerts, one.rollups, one.policies, one.files)
    return same and small == (other.alerts, other.rollups, other.policies, other.files)


def _files(workspace: Workspace) -> _State:
    own = (
        own_file(workspace),
        workspace.overlay("catalog") / "domains.yaml",
        workspace.overlay("dashboards") / "daybook.yaml",
    )
    trees = workspace.overlay("trees")
    paths = [*feed_files(workspace), *own_files(workspace), *own_asset_files(workspace)]
    paths += [path for path in own if path.is_file()]
    paths += sorted(trees.rglob("*.yaml")) if trees.is_dir() else []
    return tuple(_state(path) for path in paths)


def _state(path: Path) -> tuple[str, int, int]:
    found = path.stat()
    return str(path), found.st_mtime_ns, found.st_size


def _gathered(workspace: Workspace, grounds: _Grounds) -> Inventory:
    domains = read_domains(workspace)
    metrics = {asset.name: asset for asset in metric_assets(grounds.model)}
    listed = [*_sources(workspace, grounds.model, metrics), *metrics.values(), *_readings(workspace, grounds)]
    return {asset.id: _placed(asset, metrics, domains) for asset in listed}


def _sources(workspace: Workspace, model: Model, metrics: Mapping[str, Asset]) -> Iterator[Asset]:
    certified = [name for name, metric in model.metrics.items() if metric.tier is Standing.CERTIFIED]
    critical = {table for name in certified for table in metrics[name].tables}
    for contract in TABLES.values():
        yield from table_assets(contract, is_critical=contract.name in critical)
    texts = feed_texts(workspace)
    for feed in read_feeds(workspace):
        yield from feed_assets(feed, texts.get(feed.name, {}))
    yield from built_in_feeds()
    yield from rollup_assets(rollups_in(workspace))


def _readings(workspace: Workspace, grounds: _Grounds) -> Iterator[Asset]:
    model = grounds.model
    yield from dimension_assets(model)
    yield from tree_assets(trees_in(workspace)[0])
    yield from dashboard_assets(grounds.dashboards, model)
    yield from alert_assets(grounds.alerts, model)
    yield from report_assets(_figures(workspace, grounds.dashboards))
    yield from tool_assets()
    yield from ruling_assets(workspace)
    yield from own_assets(workspace)
    yield from policy_assets(grounds.policies)


def _figures(workspace: Workspace, dashboards: Iterable[Dashboard]) -> Mapping[str, tuple[str, ...]]:
    """Name the metrics of each report."""
    morning = (one.metrics for one in dashboards if one.name == MORNING)
    daybook = tuple(dict.fromkeys(rule.metric for rule in read_dashboard(workspace, "daybook")))
    return {"daybook": daybook, "morning_sheet": next(morning, ())}


def _placed(asset: Asset, metrics: Mapping[str, Asset], domains: Domains) -> Asset:
    """Say of an asset what follows from what it is made of: its tables, its area, who answers for it."""
    shown = [metrics[name] for name in asset.metrics if name in metrics]
    tables = asset.tables or tuple(dict.fromkeys(table for one in shown for table in one.tables))
    domain = asset.domain or domains.of(tables) or domains.of_owner(asset.owner)
    is_critical = asset.kind is not AssetKind.METRIC and any(one.tier is Tier.CRITICAL for one in shown)
    return replace(
        asset,
        tables=tables,
        domain=domain,
        owner=asset.owner or domains.owner(domain),
        technical_owner=asset.technical_owner or domains.technical_owner(asset.kind),
        tier=Tier.CRITICAL if is_critical else asset.tier,
    )
