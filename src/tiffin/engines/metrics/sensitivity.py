"""How guarded the columns are that a metric or a dimension reads.

A dimension is as guarded as the columns behind it. A metric is confidential or special where any column that it reads
is. Personal columns are otherwise: a count, a sum or a mean over people is no person's value and is held by the least
size of groups; the least, the greatest and the percentiles are values of single people.
"""

from collections.abc import Iterable, Mapping

from tiffin.engines.metrics.formulas import Aggregation
from tiffin.engines.metrics.model import BASE, Expression, Leaf, Model, NestedAggregate, PreparedSource
from tiffin.engines.metrics.request import MetricRequest
from tiffin.kernel.contract import Classification

Guarded = Mapping[str, Mapping[str, Classification]]
"""By table and column, the classes of the columns that are not open to everybody."""

Classes = frozenset[Classification]

_SINGLE = (Aggregation.MINIMUM, Aggregation.MAXIMUM, Aggregation.PERCENTILE)


class Sensitivity:
    """Classes of columns behind the metrics and dimensions of one model; each is looked up once."""

    def __init__(self, model: Model, guarded: Guarded) -> None:
        self.model = model
        self._guarded = guarded
        self._metrics: dict[str, Classes] = {}
        self._dimensions: dict[str, Classes] = {}

    def of_dimension(self, name: str) -> Classes:
        """Give the guarded classes behind a dimension, in whichever source; none for one that does not exist."""
        if name not in self._dimensions:
            sources = [source for source in self.model.sources.values() if name in source.dimensions]
            read = (self._read(source, (source.dimensions[name],)) for source in sources)
            self._dimensions[name] = frozenset().union(*read)
        return self._dimensions[name]

    def of_dimensions(self, request: MetricRequest) -> Classes:
        """Give the guarded classes behind everything that a request is split and filtered by."""
        if not request.by and not request.where:
            return frozenset()
        names = (*request.by, *(condition.dimension for condition in request.where))
        return frozenset().union(*(self.of_dimension(name) for name in names))

    def of_metric(self, name: str, request: MetricRequest) -> Classes:
        """Give the guarded classes that a metric reads in a request, its dimensions included."""
        if name not in self._metrics:
            resolved = self.model.resolved.get(name)
            self._metrics[name] = self._of_leaves(resolved.aggregates) if resolved else frozenset()
        return self._metrics[name] | self.of_dimensions(request)

    def _of_leaves(self, numbers: Iterable[int]) -> Classes:
        return frozenset().union(*(self._of_leaf(self.model.aggregates[number]) for number in numbers))

    def _of_leaf(self, leaf: Leaf) -> Classes:
        if isinstance(leaf, NestedAggregate):
            return self._of_nested(leaf)
        source = self.model.sources[leaf.source]
        parts = (*leaf.of, *((leaf.where,) if leaf.where else ()))
        # Who follows whom is matched by people, and tells of none.
        events = (leaf.followed.base, leaf.followed.by) if leaf.followed else ()
        wheres = (self._read(self.model.sources[event.source], (event.where,)) for event in events if event.where)
        read = frozenset().union(self._read(source, parts), *wheres)
        if leaf.aggregation in _SINGLE and Classification.PERSONAL in self._read(source, leaf.of):
            return read
        return read - {Classification.PERSONAL}

    def _of_nested(self, leaf: NestedAggregate) -> Classes:
        """Give what a metric of metrics reads; its least, greatest or percentile over people is a person's value."""
        split = frozenset().union(*(self.of_dimension(name) for name in leaf.per))
        inner = self._of_leaves(leaf.metric.aggregates)
        return inner | (split if leaf.aggregation in _SINGLE else split - {Classification.PERSONAL})

    def _read(self, source: PreparedSource, parts: Iterable[Expression]) -> Classes:
        found = set()
        for part in parts:
            for column in part.parsed.columns:
                own = column.table in {BASE, ""}
                table = source.source.table if own else source.joins[column.table].join.table
                found.add(self._guarded.get(table, {}).get(column.name))
        return frozenset(item for item in found if item is not None)
