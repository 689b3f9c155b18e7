"""Assets that are read: dimensions, metrics, trees, dashboards and their tiles, alerts, reports, assistants' tools."""

from collections.abc import Iterable, Iterator, Mapping

from tiffin.capabilities.catalog.domain.assets import Asset, LifeCycle, Tier
from tiffin.capabilities.catalog.domain.tools import TOOLS as OF_CATALOG
from tiffin.capabilities.metrics.domain.tools import TOOLS as OF_METRICS
from tiffin.capabilities.policies.domain.tools import TOOLS as OF_POLICIES
from tiffin.capabilities.scorecards.domain.alerts import AlertRule
from tiffin.capabilities.scorecards.domain.dashboards import Dashboard
from tiffin.engines.metrics.decomposition.trees import Tree
from tiffin.engines.metrics.definitions import Metric
from tiffin.engines.metrics.definitions import Tier as Standing
from tiffin.engines.metrics.model import Leaf, Model, NestedAggregate
from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.kernel.contract import LOCALES, Classification
from tiffin.runtime.i18n import mark, translate

REPORTS = {
    "daybook": (
        mark("Day-book"),
        mark("One business day of a city: what happened, where supply missed demand and why, what it cost."),
        "/daybooks",
    ),
    "morning_sheet": (
        mark("Morning sheet"),
        mark("What a city's people read in the morning: yesterday against the days it is compared with, on one sheet."),
        "/morning",
    ),
}
"""Reports that are written for people: label, meaning, address."""


def dimension_assets(model: Model) -> Iterator[Asset]:
    """Give what numbers are split by."""
    for dimension in model.dimensions.values():
        yield Asset(
            id=AssetId(AssetKind.DIMENSION, dimension.name),
            label=dimension.label.texts,
            classification=Classification.INTERNAL,
            domain="places",
            traits={"type": dimension.type.value},
        )


def metric_assets(model: Model) -> Iterator[Asset]:
    """Give the governed numbers."""
    for metric in model.metrics.values():
        yield _metric(metric, tables_of(metric.name, model))


def tables_of(metric: str, model: Model) -> tuple[str, ...]:
    """Name the fact tables whose rows a metric counts."""
    found = (
        table for number in model.resolved[metric].aggregates for table in _tables(model.aggregates[number], model)
    )
    return tuple(dict.fromkeys(found))


def tree_assets(trees: Iterable[Tree]) -> Iterator[Asset]:
    """Give the metric trees."""
    for tree in trees:
        yield Asset(
            id=AssetId(AssetKind.TREE, tree.name),
            label=tree.label.texts,
            meaning=tree.meaning.texts,
            classification=Classification.INTERNAL,
            address=f"/metrics/trees/{tree.name}",
            metrics=tuple(tree.metrics()),
        )


def dashboard_assets(dashboards: Iterable[Dashboard], model: Model) -> Iterator[Asset]:
    """Give dashboards and their tiles."""
    for dashboard in dashboards:
        named = AssetId(AssetKind.DASHBOARD, dashboard.name)
        file = dashboard.place.file if dashboard.place else ""
        yield Asset(
            id=named,
            label=dashboard.title.texts,
            meaning=dashboard.purpose.texts,
            classification=Classification.INTERNAL,
            address=f"/dashboards/{dashboard.name}",
            file=file,
            metrics=dashboard.metrics,
            traits={"level": dashboard.level.value},
        )
        for tile, name in zip(dashboard.tiles, dashboard.tile_names, strict=True):
            metric = model.metrics[tile.metrics[0]]
            yield Asset(
                id=AssetId(AssetKind.TILE, f"{dashboard.name}/{name}"),
                label=(tile.title or metric.label).texts,
                meaning=metric.meaning.texts,
                owner=metric.owner,
                classification=Classification.INTERNAL,
                part_of=named,
                address=f"/dashboards/{dashboard.name}",
                file=file,
                metrics=tile.metrics,
                traits={"form": tile.form.value},
            )


def alert_assets(rules: Iterable[AlertRule], model: Model) -> Iterator[Asset]:
    """Give the alerts."""
    for rule in rules:
        metric = model.metrics.get(rule.metric)
        yield Asset(
            id=AssetId(AssetKind.ALERT, rule.name),
            label={"en": rule.name},
            meaning=metric.meaning.texts if metric else {},
            owner=metric.owner if metric else "",
            classification=Classification.INTERNAL,
            address="/alerts",
            metrics=(rule.metric,),
        )


def report_assets(figures: Mapping[str, tuple[str, ...]]) -> Iterator[Asset]:
    """Give the reports, with the metrics that each shows."""
    for name, (label, meaning, address) in REPORTS.items():
        yield Asset(
            id=AssetId(AssetKind.REPORT, name),
            label={locale: translate(locale, label) for locale in LOCALES},
            meaning={locale: translate(locale, meaning) for locale in LOCALES},
            owner="city_operations",
            classification=Classification.INTERNAL,
            address=address,
            metrics=figures.get(name, ()),
        )


def tool_assets() -> Iterator[Asset]:
    """Give what assistants may ask."""
    for name, meaning in (*OF_METRICS.items(), *OF_CATALOG.items(), *OF_POLICIES.items()):
        yield Asset(
            id=AssetId(AssetKind.TOOL, name),
            label={"en": name},
            meaning={locale: translate(locale, meaning) for locale in LOCALES},
            owner="data_stewards",
            classification=Classification.INTERNAL,
            domain="platform",
        )


def _metric(metric: Metric, tables: tuple[str, ...]) -> Asset:
    is_gone = metric.tier is Standing.DEPRECATED
    tiers = {Standing.CERTIFIED: Tier.CRITICAL, Standing.DRAFT: Tier.LOCAL}
    return Asset(
        id=AssetId(AssetKind.METRIC, metric.name),
        label=metric.label.texts,
        meaning=metric.meaning.texts,
        owner=metric.owner,
        tier=tiers.get(metric.tier, Tier.STANDARD),
        classification=Classification.INTERNAL,
        life_cycle=LifeCycle.DEPRECATED if is_gone else LifeCycle.ACTIVE,
        successor=AssetId(AssetKind.METRIC, metric.successor) if metric.successor else None,
        contract=f"{metric.version.number}",
        address=f"/metrics/{metric.name}",
        file=metric.place.file if metric.place else "",
        tables=tables,
        metrics=(metric.name,),
        traits={
            "unit": metric.unit.value,
            "certified": metric.tier is Standing.CERTIFIED,
            "tests": len(metric.examples),
            "level": metric.level.value,
        },
    )


def _tables(leaf: Leaf, model: Model) -> Iterator[str]:
    if isinstance(leaf, NestedAggregate):
        for number in leaf.metric.aggregates:
            yield from _tables(model.aggregates[number], model)
        return
    yield model.sources[leaf.source].source.table
