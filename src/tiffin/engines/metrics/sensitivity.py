"""How guarded the columns are that a metric or a dimension reads.

A dimension is as guarded as the columns behind it. A metric is confidential or special where any column that it reads
is. Personal columns are otherwise: a count, a sum or a mean over people is no person's value and is held by the least
size of groups; the least, the greatest and the percentiles are values of single people.
"""

from collections.abc import Iterable, Mapping
from itertools import starmap

from tiffin.engines.metrics.definitions import ColumnType, Source
from tiffin.engines.metrics.formulas import Aggregation
from tiffin.engines.metrics.model import BASE, Expression, Leaf, Model, NestedAggregate, PreparedSource
from tiffin.engines.metrics.request import MetricRequest
from tiffin.kernel.contract import Classification
from tiffin.kernel.masks import Shape

Guarded = Mapping[str, Mapping[str, Classification]]
"""By table and column, the classes of the columns that are not open to everybody."""

Classes = frozenset[Classification]

Columns = frozenset[tuple[str, str]]
"""Columns by table and name."""

PLACES = ("city_id", "country", "currency")
"""Dimensions that say whose rows are whose; they are told as they are, or not at all."""

_SHAPES = {ColumnType.TEXT: Shape.TEXT, ColumnType.DATE: Shape.TIME, ColumnType.INSTANT: Shape.TIME}

_SINGLE = (Aggregation.MINIMUM, Aggregation.MAXIMUM, Aggregation.PERCENTILE)


class Sensitivity:
    """Classes of columns behind the metrics and dimensions of one model; each is looked up once.

    Parameters
    ----------
    coordinates : frozenset of (str, str)
        Columns that hold coordinates: of numbers only these can be masked.
    """

    def __init__(self, model: Model, guarded: Guarded, coordinates: Columns = frozenset()) -> None:
        self.model = model
        self._guarded = guarded
        self._coordinates = coordinates
        self._shapes: dict[str, Shape | None] = {}
        self._columns: dict[str, Columns] = {}
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
        return self.own_of_metric(name) | self.of_dimensions(request)

    def own_of_metric(self, name: str) -> Classes:
        """Give the guarded classes that a metric reads itself, however it is split and filtered."""
        if name not in self._metrics:
            resolved = self.model.resolved.get(name)
            self._metrics[name] = self._of_leaves(resolved.aggregates) if resolved else frozenset()
        return self._metrics[name]

    def shape_of(self, dimension: str) -> Shape | None:
        """Tell what the values of a dimension are for masking; None for what is never masked.

        Neither places nor a source's own days are: rows are limited and counted by them.
        """
        if dimension not in self._shapes:
            self._shapes[dimension] = self._shape(dimension)
        return self._shapes[dimension]

    def columns_of(self, metric: str, request: MetricRequest) -> Columns:
        """Give every column on which a metric and the request's dimensions stand, but for keys, days and places."""
        from tiffin.engines.metrics.reads import columns_under  # noqa: PLC0415 - few are granted single columns

        resolved = self.model.resolved.get(metric)
        if resolved is None:
            return frozenset()
        if metric not in self._columns:
            keys = {(own.table, key) for own in map(self._source, resolved.sources) for key in own.key}
            self._columns[metric] = columns_under(metric, self.model) - keys
        names = {*request.by, *(condition.dimension for condition in request.where)}
        pairs = [(source, name) for source in resolved.sources for name in names]
        free = [(source, name) for source in resolved.sources for name in (*PLACES, self._source(source).time)]
        return self._columns[metric].union(*starmap(self._behind, pairs)).difference(*starmap(self._behind, free))

    def _source(self, name: str) -> Source:
        return self.model.sources[name].source

    def _behind(self, source: str, dimension: str) -> Columns:
        from tiffin.engines.metrics.reads import dimension_reads  # noqa: PLC0415 - as above

        if dimension not in self.model.sources[source].dimensions:
            return frozenset()
        return frozenset((table, name) for table, name, _ in dimension_reads(source, dimension, self.model))

    def _shape(self, name: str) -> Shape | None:
        known = self.model.dimensions.get(name)
        if known is None or known.grain_of is not None or name in PLACES:
            return None
        holders = [source for source in self.model.sources.values() if name in source.dimensions]
        if any(name == source.source.time for source in self.model.sources.values()):
            return None
        if known.type is ColumnType.DOUBLE:
            return Shape.PLACE if all(self._is_coordinate(source, name) for source in holders) else None
        return _SHAPES.get(known.type)

    def _is_coordinate(self, source: PreparedSource, name: str) -> bool:
        column = source.dimensions[name].parsed.column
        if column is None:
            return False
        table = source.source.table if column.table in {BASE, ""} else source.joins[column.table].join.table
        return (table, column.name) in self._coordinates

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
