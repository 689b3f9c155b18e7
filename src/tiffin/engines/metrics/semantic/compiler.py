"""From a request over an imported semantic layer to one SQL statement.

Each metric becomes a relation with key columns and a value; relations are stacked and merged by their keys (a full
outer join in which empty keys meet too), so that rows of one never multiply those of another.
"""

# ruff: noqa: S608 - laying SQL together is what a compiler does; every piece is SQLGlot's or a name that was checked

from dataclasses import dataclass, replace

import sqlglot
from sqlglot import exp

from tiffin.engines.metrics.semantic.conversion import conversions
from tiffin.engines.metrics.semantic.listing import list_values
from tiffin.engines.metrics.semantic.manifest import GRAINS, Input, Kind, Manifest, SemanticMetric
from tiffin.engines.metrics.semantic.measures import MeasureSql, Wanted, grouped, keys_of, with_filters
from tiffin.engines.metrics.semantic.naming import DIALECT, Filter, MetricRef, Ref, all_grains, filter_of
from tiffin.engines.metrics.semantic.scope import quoted, route_to
from tiffin.engines.metrics.semantic.times import Between, Offset
from tiffin.kernel.errors import NotFound, WrongUse


@dataclass(frozen=True, slots=True)
class SemanticRequest:
    """Metrics split by names, over what meets all conditions; without metrics, the values that the names take.

    Parameters
    ----------
    order_by : tuple of (str, bool)
        Columns and whether they fall.
    is_range : bool
        Give the least and greatest value of each name only.
    is_distinct : bool
        Give each combination once.
    """

    metrics: tuple[str, ...] = ()
    by: tuple[Ref, ...] = ()
    where: tuple[str, ...] = ()
    between: Between | None = None
    order_by: tuple[tuple[str, bool], ...] = ()
    limit: int | None = None
    is_range: bool = False
    is_distinct: bool = True


Part = tuple[str, float | None]
"""SQL of a relation, and what an empty value becomes."""


def compile_semantic(request: SemanticRequest, manifest: Manifest) -> str:
    """Compile a request into SQL of DuckDB's dialect.

    Raises
    ------
    NotFound
        A metric does not exist.
    WrongUse
        A metric cannot be asked so.
    """
    return _Statement(request, manifest).written()


class _Statement:
    def __init__(self, request: SemanticRequest, manifest: Manifest) -> None:
        self._request = request
        self._manifest = manifest
        self._grains = all_grains(tuple(manifest.custom_grains))

    def written(self) -> str:
        request = self._request
        filters = self._filters(request.where)
        refs = tuple(self._grained(ref) for ref in request.by)
        if len({*refs, *request.metrics}) < len(refs) + len(request.metrics):
            raise WrongUse("A request names each metric and each dimension once.")
        filters = tuple(self._grained_filter(item) for item in filters)
        if request.metrics:
            wanted = Wanted(refs, filters, (), self._widened(refs))
            parts = [self._part(self._found(name), wanted) for name in request.metrics]
            values = [f"a{index} AS {quoted(name)}" for index, name in enumerate(request.metrics)]
            relation = self._merged(parts, len(refs))
        else:
            relation = list_values(
                self._manifest, refs, filters, request.between, self._relation, is_distinct=request.is_distinct
            )
            values = []
        return self._laid(relation, refs, values)

    def _laid(self, relation: str, refs: tuple[Ref, ...], values: list[str]) -> str:
        request = self._request
        keys = keys_of(len(refs))
        if request.is_range:
            columns = [
                f"{how}({key}) AS {quoted(f'{ref.column}__{how.lower()}')}"
                for key, ref in zip(keys, refs, strict=True)
                for how in ("MIN", "MAX")
            ]
        else:
            columns = [f"{key} AS {quoted(ref.column)}" for key, ref in zip(keys, refs, strict=True)]
        sql = f"SELECT {', '.join([*columns, *values])} FROM ({relation}) AS merged"
        known = {ref.column: ref.column for ref in refs} | {name: name for name in request.metrics}
        known |= {written.column: ref.column for written, ref in zip(request.by, refs, strict=True)}
        ordering = []
        for name, is_falling in request.order_by:
            if name not in known:
                raise WrongUse(f"The result has no column {name} to sort by; it has {', '.join(known)}.")
            ordering.append(f"{quoted(known[name])}{' DESC' if is_falling else ''}")
        limit = f" LIMIT {int(request.limit)}" if request.limit is not None else ""
        return f"{sql}{' ORDER BY ' + ', '.join(ordering) if ordering else ''}{limit}"

    def _filters(self, texts: tuple[str, ...]) -> tuple[Filter, ...]:
        return tuple(self._grained_filter(filter_of(text, self._grains)) for text in texts)

    def _grained_filter(self, found: Filter) -> Filter:
        return replace(
            found, named=tuple(self._grained(item) if isinstance(item, Ref) else item for item in found.named)
        )

    def _grained(self, ref: Ref) -> Ref:
        """Say the grain of a time that was asked for without one."""
        if ref.grain or ref.part:
            return ref
        if ref.is_metric_time:
            grains = [self._default_grain(self._found(name)) for name in self._request.metrics]
            return replace(ref, grain=max(grains, key=GRAINS.index) if grains else "day")
        for model in self._manifest.models.values():
            route = route_to(self._manifest, model, ref)
            grain = getattr(route.target, "grain", None) if route else None
            if grain:
                return replace(ref, grain=grain)
        return ref

    def _default_grain(self, metric: SemanticMetric) -> str:
        return metric.grain or max(("day", *self._own_grains(metric)), key=GRAINS.index)

    def _own_grains(self, metric: SemanticMetric) -> list[str]:
        uses = [metric.measure] if metric.measure else []
        uses += [metric.conversion.base] if metric.conversion else []
        found = [MeasureSql(self._manifest, self._relation, use).grain for use in uses]
        for item in metric.inputs:
            found += self._own_grains(self._found(item.name))
        return found

    def _widened(self, refs: tuple[Ref, ...]) -> Between | None:
        """Widen the asked days to whole periods of the finest grain that is asked for."""
        grains = [ref.grain for ref in refs if ref.is_metric_time and ref.grain in GRAINS]
        finest = min(grains, key=GRAINS.index, default=None)
        return self._request.between.widened(finest) if self._request.between else None

    def _found(self, name: str) -> SemanticMetric:
        if name not in self._manifest.metrics:
            raise NotFound(f"There is no metric {name} in the imported semantic layer.")
        return self._manifest.metrics[name]

    def _relation(self, named: MetricRef) -> str:
        """Write a metric by the entities of a filter that compares it."""
        return self._value(self._found(named.metric), Wanted(named.by))

    def _part(self, metric: SemanticMetric, wanted: Wanted) -> Part:
        fill = metric.measure.fill if metric.measure else None
        return self._value(metric, wanted), fill

    def _value(self, metric: SemanticMetric, wanted: Wanted) -> str:
        wanted = with_filters(wanted, self._filters(metric.filters))
        if metric.measure:
            wanted = with_filters(wanted, self._filters(metric.measure.filters))
            return MeasureSql(self._manifest, self._relation, metric.measure).written(wanted, metric.window)
        if metric.conversion:
            return self._converted(metric, wanted)
        parts = [self._input(item, wanted) for item in metric.inputs]
        keys = keys_of(len(wanted.refs))
        merged = self._merged(parts, len(keys))
        return f"SELECT {', '.join([*keys, f'{self._formula(metric)} AS v'])} FROM ({merged}) AS inputs"

    def _input(self, item: Input, wanted: Wanted) -> Part:
        wanted = with_filters(wanted, self._filters(item.filters))
        if item.offset_window or item.offset_to_grain:
            offset = Offset(item.offset_window, item.offset_to_grain)
            wanted = replace(wanted, offsets=(*wanted.offsets, offset))
        return self._part(self._found(item.name), wanted)

    def _formula(self, metric: SemanticMetric) -> str:
        if metric.kind is Kind.RATIO:
            return "CAST(a0 AS DOUBLE) / NULLIF(CAST(a1 AS DOUBLE), 0)"
        names = {item.alias: f"a{index}" for index, item in enumerate(metric.inputs)}
        tree = sqlglot.parse_one(str(metric.expr), dialect=DIALECT)
        for column in list(tree.find_all(exp.Column)):
            if column.name not in names:
                raise WrongUse(f"The formula of {metric.name} names {column.name}, which is none of its inputs.")
            column.set("this", exp.to_identifier(names[column.name]))
        return tree.sql(DIALECT)

    def _converted(self, metric: SemanticMetric, wanted: Wanted) -> str:
        conversion = metric.conversion
        if conversion is None:
            raise WrongUse(f"{metric.name} is no conversion.")
        base = MeasureSql(self._manifest, self._relation, conversion.base)
        converted = MeasureSql(self._manifest, self._relation, conversion.conversion)
        wanted = with_filters(wanted, self._filters(conversion.base.filters))
        found = conversions(base, converted, conversion, wanted)
        keys = keys_of(len(wanted.refs))
        parts = [(base.written(wanted), conversion.base.fill), (found, conversion.conversion.fill)]
        value = "CAST(a1 AS DOUBLE) / NULLIF(CAST(a0 AS DOUBLE), 0)" if conversion.is_rate else "a1"
        merged = self._merged(parts, len(keys))
        return f"SELECT {', '.join([*keys, f'{value} AS v'])} FROM ({merged}) AS inputs"

    def _merged(self, parts: list[Part], count: int) -> str:
        """Merge relations by their keys; the values become ``a0``, ``a1`` …; equal relations are read once."""
        keys = keys_of(count)
        distinct = list(dict.fromkeys(sql for sql, _ in parts))
        places = [distinct.index(sql) for sql, _ in parts]
        if len(distinct) == 1:
            columns = [_filled("v", fill, index) for index, (_, fill) in enumerate(parts)]
            return f"SELECT {', '.join([*keys, *columns])} FROM ({distinct[0]}) AS part0"
        stacked = []
        for number, sql in enumerate(distinct):
            columns = [f"{'v' if number == other else 'NULL'} AS b{other}" for other in range(len(distinct))]
            stacked.append(f"SELECT {', '.join([*keys, *columns])} FROM ({sql}) AS part{number}")
        values = [_filled(f"MAX(b{place})", parts[index][1], index) for index, place in enumerate(places)]
        return f"SELECT {', '.join([*keys, *values])} FROM ({' UNION ALL '.join(stacked)}) AS stacked{grouped(keys)}"


def _filled(sql: str, fill: float | None, index: int) -> str:
    return f"{sql if fill is None else f'COALESCE({sql}, {float(fill):g})'} AS a{index}"
