"""Which columns and dimensions a metric reads, and for what: for its value, its filter, its joins or its day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tiffin.engines.lineage.links import How
from tiffin.engines.metrics.definitions import Metric
from tiffin.engines.metrics.model import BASE, Aggregate, Expression, Model, NestedAggregate, PreparedEvent
from tiffin.engines.metrics.versions import inputs_of

ColumnRead = tuple[str, str, How]
"""Table, column, and for what it is read."""

DimensionRead = tuple[str, str, How]
"""Source, dimension, and for what it is read."""


@dataclass(frozen=True, slots=True)
class Reads:
    """What a definition reads itself; what it reads through its dimensions and metrics is theirs.

    Parameters
    ----------
    columns : frozenset of (str, str, How)
        Columns of fact tables.
    dimensions : frozenset of (str, str, How)
        Dimensions as a source has them.
    metrics : tuple of str
        Metrics of which it is made.
    """

    columns: frozenset[ColumnRead] = frozenset()
    dimensions: frozenset[DimensionRead] = frozenset()
    metrics: tuple[str, ...] = ()


def metric_reads(name: str, model: Model) -> Reads:
    """Tell what a metric's own formula reads, beyond what the metrics that it names read for it."""
    inputs = inputs_of(model.metrics[name].formula, model.metrics)
    columns, dimensions = _whole(name, model)
    for other in inputs:
        known = _whole(other, model)
        columns, dimensions = columns - known[0], dimensions - known[1]
    return Reads(columns, dimensions, inputs)


def columns_under(name: str, model: Model) -> frozenset[tuple[str, str]]:
    """List every column that a metric stands on, those of its days and joins included."""
    columns, dimensions = _whole(name, model)
    reads = (dimension_reads(source, dimension, model) for source, dimension, _ in dimensions)
    return frozenset((table, column) for table, column, _ in columns.union(*reads))


def dimension_reads(source: str, dimension: str, model: Model) -> frozenset[ColumnRead]:
    """Tell which columns a dimension of a source is computed from, and by which it is joined."""
    return frozenset(_read((model.sources[source].dimensions[dimension],), source, model, How.COMPUTED_FROM))


def sources_of(metric: Metric, model: Model) -> tuple[str, ...]:
    """Name the sources whose rows a metric counts."""
    return model.resolved[metric.name].sources


def _whole(name: str, model: Model) -> tuple[frozenset[ColumnRead], frozenset[DimensionRead]]:
    resolved = model.resolved[name]
    columns: set[ColumnRead] = set()
    dimensions: set[DimensionRead] = set()
    leaves = [model.aggregates[number] for number in resolved.aggregates]
    for leaf in leaves:  # grows by what is nested
        if isinstance(leaf, NestedAggregate):
            inner = [model.aggregates[number] for number in leaf.metric.aggregates]
            leaves += inner
            dimensions |= {(source, one, How.SPLIT_BY) for source in leaf.metric.sources for one in leaf.per}
        else:
            columns |= set(_of_aggregate(leaf, model))
            dimensions |= set(_days_of(leaf, model))
    return frozenset(columns), frozenset(dimensions)


def _of_aggregate(leaf: Aggregate, model: Model) -> Iterator[ColumnRead]:
    found = [
        *_read(leaf.of, leaf.source, model, How.COMPUTED_FROM),
        *_read((leaf.where,) if leaf.where else (), leaf.source, model, How.FILTERED_BY),
    ]
    if leaf.snapshot:
        found += _read((leaf.snapshot.at,), leaf.source, model, How.DATED_BY)
    if leaf.followed:
        found += _of_event(leaf.followed.base, model)
        found += _of_event(leaf.followed.by, model)
    if not found:
        # Rows are counted as they are: what tells them apart decides how many they are.
        source = model.sources[leaf.source].source
        found = [(source.table, column, How.COMPUTED_FROM) for column in source.key]
    yield from found


def _days_of(leaf: Aggregate, model: Model) -> Iterator[DimensionRead]:
    yield leaf.source, model.sources[leaf.source].source.time, How.DATED_BY
    for name in leaf.snapshot.per if leaf.snapshot else ():
        yield leaf.source, name, How.SPLIT_BY
    if leaf.followed:
        by = leaf.followed.by.source
        yield by, model.sources[by].source.time, How.DATED_BY


def _of_event(event: PreparedEvent, model: Model) -> Iterator[ColumnRead]:
    yield from _read((event.at,), event.source, model, How.DATED_BY)
    yield from _read((*event.entity, *event.key), event.source, model, How.JOINED_BY)
    yield from _read((event.where,) if event.where else (), event.source, model, How.FILTERED_BY)


def _read(parts: Iterable[Expression], source: str, model: Model, how: How) -> Iterator[ColumnRead]:
    prepared = model.sources[source]
    for part in parts:
        for column in part.parsed.columns:
            own = column.table in ("", BASE)
            yield prepared.source.table if own else prepared.joins[column.table].join.table, column.name, how
        for name in part.joins:
            yield from _joined(name, source, model)


def _joined(name: str, source: str, model: Model) -> Iterator[ColumnRead]:
    prepared = model.sources[source].joins[name]
    table = prepared.join.table
    for expression, column in prepared.on:
        yield table, column, How.JOINED_BY
        yield from _read((expression,), source, model, How.JOINED_BY)
    if prepared.at is not None and prepared.join.valid is not None:
        yield table, prepared.join.valid.start, How.JOINED_BY
        yield table, prepared.join.valid.end, How.JOINED_BY
        yield from _read((prepared.at,), source, model, How.JOINED_BY)
