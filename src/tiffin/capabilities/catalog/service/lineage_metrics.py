"""Links from columns to dimensions, metrics, trees and what certified metrics promise."""

from collections.abc import Iterable, Iterator, Mapping

import sqlglot
from sqlglot import exp

from tiffin.capabilities.catalog.service.lineage_names import column_id, dimension_id, metric_id
from tiffin.capabilities.quality.domain import Reconciliation, Side, Target
from tiffin.engines.lineage.links import How, Link
from tiffin.engines.metrics.decomposition.trees import Tree
from tiffin.engines.metrics.definitions import Targets
from tiffin.engines.metrics.model import Model
from tiffin.engines.metrics.reads import dimension_reads, metric_reads
from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.kernel.facts.registry import TABLES


def metric_links(model: Model) -> Iterator[Link]:
    """Link dimensions and metrics to what they read."""
    for source, prepared in model.sources.items():
        for name in prepared.dimensions:
            later = dimension_id(name, source)
            for table, column, how in dimension_reads(source, name, model):
                yield Link(column_id(table, column), later, how)
            yield Link(later, dimension_id(name), How.PART_OF)
    for name in model.resolved:
        later, reads = metric_id(name), metric_reads(name, model)
        for table, column, how in reads.columns:
            yield Link(column_id(table, column), later, how)
        for source, dimension, how in reads.dimensions:
            yield Link(dimension_id(dimension, source), later, how)
        yield from (Link(metric_id(other), later, How.COMPUTED_FROM) for other in reads.metrics)


def tree_links(trees: Iterable[Tree]) -> Iterator[Link]:
    """Link trees to every metric that stands in them."""
    for tree in trees:
        later = AssetId(AssetKind.TREE, tree.name)
        influences = {name for fork in tree.forks.values() for name in fork.influences}
        for name in {*tree.metrics(), *tree.weights.values(), *influences}:
            yield Link(metric_id(name), later, How.SHOWN_IN)


def target_links(model: Model, reconciliations: Iterable[Reconciliation]) -> Iterator[Link]:
    """Link what metrics promise to the metrics, and promises of accuracy to the columns that prove them."""
    promised = {name: tuple(_promises(metric.targets)) for name, metric in model.metrics.items() if metric.targets}
    for name, targets in promised.items():
        yield from (Link(metric_id(name), target_id(name, target), How.SHOWN_IN) for target in targets)
    for one in reconciliations:
        read = {*_side_columns(one.one), *_side_columns(one.other)}
        for name in one.covers:
            if Target.ACCURACY in promised.get(name, ()):
                later = target_id(name, Target.ACCURACY)
                yield from (Link(column, later, How.COMPUTED_FROM) for column in read)


def target_id(metric: str, target: Target) -> AssetId:
    """Name what a metric promises."""
    return AssetId(AssetKind.TARGET, f"{metric}/{target.value}")


def dimensions_read(model: Model, metrics: Iterable[str], dimensions: Iterable[str]) -> Iterator[AssetId]:
    """Name dimensions as the sources of some metrics have them."""
    wanted = tuple(dimensions)
    sources = {source for name in metrics if name in model.resolved for source in model.resolved[name].sources}
    for source in sorted(sources):
        yield from (dimension_id(name, source) for name in wanted if name in model.sources[source].dimensions)


def _promises(targets: Targets) -> Iterator[Target]:
    held: Mapping[Target, object] = {
        Target.TIMELINESS: targets.ready_by,
        Target.ACCURACY: targets.agrees_within,
        Target.STABILITY: targets.settled_within,
    }
    return (target for target, bound in held.items() if bound is not None)


def _side_columns(side: Side) -> Iterator[AssetId]:
    names = {"city_id", "business_date", *((side.of,) if side.of else ())}
    if side.where:
        names |= {column.name for column in sqlglot.parse_one(side.where, read="duckdb").find_all(exp.Column)}
    yield from (column_id(side.table, name) for name in names if TABLES[side.table].has(name))
    if side.known_in:
        yield column_id(side.table, "order_id")
        yield from (column_id(side.known_in, name) for name in ("city_id", "order_id"))
