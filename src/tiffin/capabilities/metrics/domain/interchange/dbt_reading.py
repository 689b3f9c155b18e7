"""A dbt semantic manifest as definitions of ours.

Models become sources with their dimensions, entities become joins, measures and metrics become metrics. Where a
metric rests on something for which there is no word here, it is left out with the reason.

References
----------
dbt semantic layer: semantic models, metrics (MetricFlow's specification).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlglot import exp

from tiffin.capabilities.metrics.domain.interchange.expressions import parsed, vocabulary_text
from tiffin.capabilities.metrics.domain.interchange.found import CannotCarryError, Found, clean, words_of
from tiffin.engines.metrics.definitions import ColumnType
from tiffin.engines.metrics.parsing import columns_of
from tiffin.engines.metrics.semantic.manifest import (
    Input,
    Kind,
    Manifest,
    Measure,
    MeasureUse,
    SemanticMetric,
    SemanticModel,
)
from tiffin.kernel.errors import InvalidDefinition

DAY = "business_date"
_AGGREGATES = {
    "sum": "sum",
    "sum_boolean": "sum",
    "average": "mean",
    "min": "minimum",
    "max": "maximum",
    "count": "count",
    "count_distinct": "count_distinct",
    "median": "percentile",
    "percentile": "percentile",
}
_JINJA = re.compile(r"\{\{\s*(?P<kind>\w+)\(\s*'(?P<name>[^']+)'[^}]*\)\s*\}\}")
_JOINING = ("primary", "unique")


def read_dbt(manifest: Manifest, found: Found) -> None:
    """Read a manifest into what was found."""
    _Layer(manifest, found).read()


class _Layer:
    def __init__(self, manifest: Manifest, found: Found) -> None:
        self._manifest = manifest
        self._found = found
        self._tables: dict[str, str] = {}
        self._dimensions: dict[str, dict[str, str]] = {}

    def read(self) -> None:
        for model in self._manifest.models.values():
            self._guarded(f"semantic model {model.name}", self._table, model)
        for name in self._tables:
            self._guarded(f"semantic model {name}", self._source, self._manifest.models[name])
        for metric in self._manifest.metrics.values():
            self._guarded(f"metric {metric.name}", self._metric, metric)
        if self._manifest.custom_grains:
            self._found.leave_out(f"grains {', '.join(self._manifest.custom_grains)}", "calendars are those of cities.")

    def _guarded(self, what: str, step: Any, *arguments: Any) -> None:
        try:
            step(*arguments)
        except InvalidDefinition as error:
            self._found.leave_out(what, error)

    def _table(self, model: SemanticModel) -> None:
        self._tables[model.name] = self._found.table_of(model.table)

    def _source(self, model: SemanticModel) -> None:
        table = self._tables[model.name]
        if not model.measures:
            return
        joins: dict[str, Any] = {}
        dimensions: dict[str, str] = {}
        for reached, entity in self._reached(model):
            what = f"entity {entity} of {model.name}"
            self._guarded(what, self._join, what, model, reached, entity, joins)
        for holder, prefix in ((model, ""), *((reached, clean(reached.name)) for reached, _ in self._reached(model))):
            if not prefix or prefix in joins:
                self._add_dimensions(holder, prefix, dimensions)
        dimensions[DAY] = self._day(model)
        self._dimensions[model.name] = dimensions
        self._found.sources[clean(model.name)] = {
            "table": table,
            "key": list(self._found.tables[table].key),
            "time": DAY,
            **({"joins": joins} if joins else {}),
            "dimensions": dimensions,
            "imported": self._found.origin,
        }

    def _reached(self, model: SemanticModel) -> Iterable[tuple[SemanticModel, str]]:
        """Give the models that an entity of this one leads to, each once."""
        seen = {model.name}
        for entity in model.entities.values():
            for other in self._manifest.models.values():
                held = other.entities.get(entity.name)
                if held and held.type in _JOINING and other.name in self._tables and other.name not in seen:
                    seen.add(other.name)
                    yield other, entity.name

    def _join(
        self, what: str, model: SemanticModel, reached: SemanticModel, entity: str, joins: dict[str, Any]
    ) -> None:
        if reached.validity:
            raise CannotCarryError("its rows hold for a time; state `valid` by hand.")
        start, end = self._tables[model.name], self._tables[reached.name]
        keys = {reached.entities[entity].expr: model.entities[entity].expr}
        if any(column not in self._found.tables[end].columns for column in keys):
            raise CannotCarryError(f"its key {next(iter(keys))!r} is no column of {end}.")
        whole = self._found.join_keys(what, start, end, keys)
        joins[clean(reached.name)] = {"table": end, "keys": whole, "cardinality": "many_to_one"}

    def _add_dimensions(self, model: SemanticModel, prefix: str, taken: dict[str, str]) -> None:
        columns = self._found.tables[self._tables[model.name]].columns
        named = [(item.name, item.expr) for item in model.dimensions.values()]
        if not prefix:
            named += [(item.name, item.expr) for item in model.entities.values()]
        for name, expr in named:
            what = f"dimension {name} of {model.name}"
            try:
                tree = parsed(expr, None)
                kind = _type(tree, columns)
                text = _told(tree, prefix)
            except InvalidDefinition as error:
                self._found.leave_out(what, error)
                continue
            own = self._named(clean(name), kind, clean(model.name), taken)
            self._found.add_dimension(own, kind.value, words_of(name))
            taken[own] = text

    def _named(self, name: str, kind: ColumnType, model: str, taken: Mapping[str, str]) -> str:
        """Give a name under which a dimension means the same everywhere: its own, or with its model before it."""
        known = self._found.dimensions.get(name)
        clashes = name in taken or name == DAY or (known is not None and known["type"] != kind.value)
        return f"{model}_{name}" if clashes else name

    def _day(self, model: SemanticModel) -> str:
        columns = self._found.tables[self._tables[model.name]].columns
        times = {measure.time for measure in model.measures.values() if measure.time}
        for time in sorted(times):
            expr = model.dimensions[time].expr if time in model.dimensions else time
            if columns.get(expr) is ColumnType.DATE:
                return expr
        if columns.get(DAY) is not ColumnType.DATE:
            raise CannotCarryError(
                f"neither {', '.join(sorted(times)) or 'its time'} nor {DAY} is a date of its table."
            )
        self._found.note(f"semantic model {model.name}", f"its time is {DAY}: the city's own day, not UTC's.")
        return DAY

    def _metric(self, metric: SemanticMetric) -> None:
        readers = {
            Kind.SIMPLE: self._simple,
            Kind.RATIO: self._ratio,
            Kind.DERIVED: self._derived,
            Kind.CUMULATIVE: self._cumulative,
            Kind.CONVERSION: self._conversion,
        }
        formula = readers[metric.kind](metric)
        label = words_of(metric.name)
        self._found.add_metric(clean(metric.name), formula, label=label, meaning=f"{label}, as dbt defines it.")
        use = metric.measure
        if use is not None and (use.fill is not None or use.is_on_spine):
            self._found.note(f"metric {metric.name}", "empty periods are shown where a request asks for them (fill).")

    def _simple(self, metric: SemanticMetric) -> dict[str, Any]:
        if metric.measure is None:
            raise CannotCarryError("it names no measure.")
        measure = self._measure(metric.measure, metric.filters)
        if measure.get("aggregate") == "percentile":
            return {"kind": "percentile", **{key: value for key, value in measure.items() if key != "aggregate"}}
        return {"kind": "snapshot" if "take" in measure else "simple", **measure}

    def _measure(self, use: MeasureUse, filters: Sequence[str] = ()) -> dict[str, Any]:
        model = self._model_of(use.name)
        measure = model.measures[use.name]
        aggregate = _AGGREGATES.get(measure.agg)
        if aggregate is None:
            raise CannotCarryError(f"its measure aggregates by {measure.agg}, for which there is no word here.")
        found: dict[str, Any] = {"source": clean(model.name), "aggregate": aggregate}
        if aggregate == "percentile":
            found["quantile"] = measure.percentile if measure.percentile is not None else 0.5
            if measure.is_discrete or measure.is_approximate:
                raise CannotCarryError("percentiles are exact and interpolated here.")
        if (of := self._of(measure)) is not None:
            found["of"] = of
        conditions = [self._condition(text, model) for text in (*use.filters, *filters)]
        if conditions:
            found["where"] = " AND ".join(f"({text})" for text in conditions) if conditions[1:] else conditions[0]
        if measure.semi_additive:
            edge = measure.semi_additive
            found |= {"take": "first" if edge.choice.lower() == "min" else "last", "per": [*map(clean, edge.groupings)]}
        return found

    def _of(self, measure: Measure) -> str | None:
        tree = parsed(measure.expr, None)
        if isinstance(tree, exp.Literal) and measure.agg in ("sum", "count"):
            if measure.agg == "sum" and tree.name != "1":
                raise CannotCarryError(f"it adds up the constant {tree.name}.")
            return None
        text = vocabulary_text(tree)
        return f"case when {text} then 1 else 0 end" if measure.agg == "sum_boolean" else text

    def _model_of(self, measure: str) -> SemanticModel:
        owner = self._manifest.owners.get(measure)
        if owner is None or owner not in self._dimensions:
            raise CannotCarryError(f"its measure {measure} is in no semantic model that was carried over.")
        return self._manifest.models[owner]

    def _condition(self, text: str, model: SemanticModel) -> str:
        def spelled(match: re.Match[str]) -> str:
            if match["kind"] not in ("Dimension", "TimeDimension", "Entity"):
                raise CannotCarryError(f"its filter asks for {match[0]}, and filters look at rows only.")
            name = clean(match["name"].rsplit("__", 1)[-1])
            dimensions = self._dimensions[model.name]
            own = next((found for found in (name, f"{clean(model.name)}_{name}") if found in dimensions), None)
            if own is None:
                raise CannotCarryError(f"its filter names {match['name']}, which {model.name} does not have.")
            return f"({dimensions[own]})"

        return vocabulary_text(parsed(_JINJA.sub(spelled, text), None))

    def _ratio(self, metric: SemanticMetric) -> dict[str, Any]:
        above, below = metric.inputs
        return {
            "kind": "ratio",
            "numerator": self._input(above, metric.filters),
            "denominator": self._input(below, metric.filters),
        }

    def _input(self, given: Input, filters: Sequence[str] = ()) -> Any:
        """Give a metric as another takes it: its name, or where that filters it, its measure with the filter."""
        every = (*given.filters, *filters)
        held = self._manifest.metrics.get(given.name)
        if held is None:
            raise CannotCarryError(f"there is no metric {given.name}.")
        if not every:
            return clean(given.name)
        if held.kind is not Kind.SIMPLE or held.measure is None:
            raise CannotCarryError(f"it filters {given.name}, which is no simple metric.")
        return self._measure(held.measure, (*held.filters, *every))

    def _derived(self, metric: SemanticMetric) -> dict[str, Any]:
        root = exp.paren(parsed(metric.expr or "", None), copy=False)
        names = {given.alias: self._part(metric, given) for given in metric.inputs}
        for column in columns_of(root):
            column.set("this", exp.to_identifier(names.get(column.name, clean(column.name))))
        return {"kind": "derived", "formula": vocabulary_text(root.this)}

    def _part(self, metric: SemanticMetric, given: Input) -> str:
        """Name an input of a derived metric; one that is filtered or moved back becomes a metric of its own."""
        if given.offset_to_grain:
            raise CannotCarryError(f"it takes {given.name} at the beginning of its {given.offset_to_grain}.")
        taken = self._input(given, metric.filters)
        if isinstance(taken, str) and not given.offset_window:
            return taken
        name = f"{clean(metric.name)}_{clean(given.alias)}"
        moved = {"kind": "period_over_period", "metric": taken, "offset": given.offset_window, "gives": "value"}
        kept = moved if given.offset_window else {"kind": "simple", **taken}
        label = f"{words_of(given.name)} ({words_of(metric.name)})"
        self._found.add_metric(name, kept, label=label, meaning=f"{label}, as dbt defines it.")
        return name

    def _cumulative(self, metric: SemanticMetric) -> dict[str, Any]:
        if metric.measure is None or metric.window is None:
            raise CannotCarryError("it names no measure.")
        if metric.window.period != "first":
            self._found.note(f"metric {metric.name}", "coarser periods take the value of their last day here.")
        how = (
            {"to_date": metric.window.to_grain} if metric.window.to_grain else {"window": metric.window.length or "all"}
        )
        return {"kind": "cumulative", "metric": self._measure(metric.measure, metric.filters), **how}

    def _conversion(self, metric: SemanticMetric) -> dict[str, Any]:
        told = metric.conversion
        if told is None or told.window is None or told.constants:
            raise CannotCarryError("conversions have a window and no constant properties here.")
        return {
            "kind": "conversion",
            "base": self._event(told.base, told.entity),
            "conversion": self._event(told.conversion, told.entity),
            "within": told.window,
            "calculation": "rate" if told.is_rate else "count",
        }

    def _event(self, use: MeasureUse, entity: str) -> dict[str, Any]:
        model = self._model_of(use.name)
        measure = model.measures[use.name]
        time = model.dimensions.get(measure.time or "")
        if time is None or entity not in model.entities:
            raise CannotCarryError(f"{model.name} has no time or no entity {entity}.")
        found = {"source": clean(model.name), "at": time.expr, "entity": model.entities[entity].expr}
        conditions = [self._condition(text, model) for text in use.filters]
        return found | ({"where": " AND ".join(f"({text})" for text in conditions)} if conditions else {})


def _type(tree: exp.Expr, columns: Mapping[str, ColumnType]) -> ColumnType:
    if isinstance(tree, exp.Column):
        if tree.name not in columns:
            raise CannotCarryError(f"its table has no column {tree.name}.")
        return columns[tree.name]
    if isinstance(tree, exp.Case):
        return ColumnType.TEXT
    return ColumnType.BOOLEAN if isinstance(tree, exp.Predicate | exp.Connector | exp.Not) else ColumnType.DOUBLE


def _told(tree: exp.Expr, prefix: str) -> str:
    for column in columns_of(tree):
        column.set("table", exp.to_identifier(prefix) if prefix else None)
    return vocabulary_text(tree)
