"""An Open Semantic Interchange model as definitions of ours.

What we wrote ourselves comes back as it was (from the extensions of the vendor TIFFIN, unless somebody has changed the
expression since). What others wrote is read as far as its words mean the same here, and all else is remarked on.

References
----------
Apache Ossie (incubating), Core Metadata Specification, versions 0.1 to 0.2.0.dev0.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlglot import exp

from tiffin.capabilities.metrics.domain.interchange.expressions import parsed, read_expression, vocabulary_text
from tiffin.capabilities.metrics.domain.interchange.found import CannotCarryError, Found, Plain, clean, words_of
from tiffin.capabilities.metrics.domain.interchange.osi_writing import DATATYPES, TIMES, VENDOR, metric_sql
from tiffin.engines.metrics.definitions import ColumnType
from tiffin.engines.metrics.parsing import columns_of
from tiffin.kernel.errors import InvalidDefinition

DIALECTS = {"ANSI_SQL": None, "SNOWFLAKE": "snowflake", "DATABRICKS": "databricks", "BIGQUERY": "bigquery"}
"""Dialects that are read, the best first, with the names that SQLGlot gives them."""

DAY = "business_date"
_TYPES = {told: kind for kind, told in DATATYPES.items()} | {
    "Decimal": ColumnType.DOUBLE,
    "DateTime": ColumnType.INSTANT,
}
_CARRIED = {
    "dataset": {"name", "source", "primary_key", "fields", "custom_extensions", "description"},
    "metric": {"name", "expression", "description", "datatype", "ai_context", "custom_extensions"},
}


def read_osi(document: Any, found: Found) -> None:
    """Read every model of a document into what was found.

    Raises
    ------
    InvalidDefinition
        It is no such document.
    """
    models = document.get("semantic_model") if isinstance(document, Mapping) else None
    if isinstance(models, Mapping):
        models = [models]
    if not isinstance(models, list) or not all(isinstance(model, Mapping) and "datasets" in model for model in models):
        raise InvalidDefinition(
            "An Open Semantic Interchange document was expected: `semantic_model` with a list of models, each with "
            "`name` and `datasets`."
        )
    for model in models:
        _Model(model, found).read()


class _Model:
    def __init__(self, model: Plain, found: Found) -> None:
        self._model = model
        self._found = found
        self._datasets = {str(item["name"]): item for item in model["datasets"]}
        self._tables: dict[str, str] = {}
        self._own = _extension(model) or {}

    def read(self) -> None:
        for name, plain in self._own.get("dimensions", {}).items():
            self._found.dimensions[name] = dict(plain)
        for name, dataset in self._datasets.items():
            self._guarded(f"dataset {name}", self._table, name, dataset)
        facts = self._facts()
        for name in (name for name in self._datasets if name in self._tables):
            kept = _extension(self._datasets[name])
            if kept is not None:
                self._found.sources[name] = dict(kept)
            elif name in facts:
                self._guarded(f"dataset {name}", self._source, name)
        for metric in self._model.get("metrics") or ():
            self._guarded(f"metric {metric['name']}", self._metric, metric)
        for name, plain in self._own.get("metrics", {}).items():
            self._found.metrics[name] = dict(plain)
        self._remark_on_the_rest()

    def _guarded(self, what: str, step: Any, *arguments: Any) -> None:
        try:
            step(*arguments)
        except InvalidDefinition as error:
            self._found.leave_out(what, error)

    def _table(self, name: str, dataset: Plain) -> None:
        self._tables[name] = self._found.table_of(str(dataset["source"]))

    def _facts(self) -> set[str]:
        """Name the datasets from which a relationship starts or which a metric reads alone: those with rows to add."""
        starts = {str(item["from"]) for item in self._relationships()}
        ends = {str(item["to"]) for item in self._relationships()}
        return starts | (set(self._datasets) - ends)

    def _relationships(self) -> Iterable[Plain]:
        found: Iterable[Plain] = self._model.get("relationships") or ()
        return found

    def _source(self, name: str) -> None:
        table = self._tables[name]
        columns = self._found.tables[table].columns
        joins = dict(self._joins(name))
        dimensions: dict[str, str] = {}
        for dataset, prefix in ((name, ""), *((end, f"{join}.") for join, end, _ in self._reached(name))):
            for item in self._datasets[dataset].get("fields") or ():
                self._guarded(f"field {dataset}.{item['name']}", self._dimension, dataset, item, prefix, dimensions)
        if DAY not in dimensions:
            if columns.get(DAY) is not ColumnType.DATE:
                raise CannotCarryError(f"its table {table} has no column {DAY}, by which days are asked for.")
            dimensions[DAY] = DAY
            self._found.note(f"dataset {name}", f"{DAY} of its table is its time.")
        self._found.sources[name] = {
            "table": table,
            "key": list(self._found.tables[table].key),
            "time": DAY,
            **({"joins": joins} if joins else {}),
            "dimensions": dimensions,
            "imported": self._found.origin,
        }

    def _reached(self, name: str) -> Iterable[tuple[str, str, Plain]]:
        """Give the relationships that begin at a dataset: the join's name, the dataset it ends at, itself."""
        for item in self._relationships():
            if item["from"] == name and str(item["to"]) in self._tables:
                yield clean(str(item["to"])), str(item["to"]), item

    def _joins(self, name: str) -> Iterable[tuple[str, Plain]]:
        for join, end, item in self._reached(name):
            what, table = f"relationship {item['name']}", self._tables[end]
            keys = dict(zip(item["to_columns"], item["from_columns"], strict=True))
            try:
                whole = self._found.join_keys(what, self._tables[name], table, keys)
            except CannotCarryError as error:
                self._found.leave_out(what, error)
                continue
            yield join, {"table": table, "keys": whole, "cardinality": "many_to_one"}

    def _dimension(self, dataset: str, item: Plain, prefix: str, taken: dict[str, str]) -> None:
        if "dimension" not in item:
            return
        tree, _ = _best(item["expression"])
        for column in columns_of(tree):
            column.set("table", exp.to_identifier(prefix[:-1]) if prefix else None)
        text = vocabulary_text(tree)
        kind = self._type(item, tree, self._tables[dataset])
        name = clean(str(item["name"]))
        name = f"{clean(dataset)}_{name}" if name in taken else name
        if name == DAY and kind not in TIMES:
            raise CannotCarryError(f"{DAY} is a date here, and that field is {kind}.")
        self._found.add_dimension(name, kind.value, str(item.get("label") or words_of(str(item["name"]))))
        taken[name] = text

    def _type(self, item: Plain, tree: exp.Expr, table: str) -> ColumnType:
        columns = self._found.tables[table].columns
        if isinstance(tree, exp.Column) and tree.name in columns:
            return columns[tree.name]
        if item.get("datatype") in _TYPES:
            return _TYPES[item["datatype"]]
        raise CannotCarryError("it states no datatype that is known here.")

    @cached_property
    def _kept(self) -> Mapping[str, Plain]:
        """Metrics as our extensions hold them, by name."""
        items = self._model.get("metrics") or ()
        return {str(item["name"]): extension for item in items if (extension := _extension(item))}

    def _metric(self, metric: Plain) -> None:
        name = clean(str(metric["name"]))
        tree, dialect = _best(metric["expression"])
        kept = self._kept.get(str(metric["name"]))
        if kept is not None and self._is_as_written(name, kept, tree):
            self._found.metrics[name] = dict(kept)
            return
        read = read_expression(tree.sql(dialect), dialect, name, self._source_of)
        label = words_of(str(metric["name"]))
        meaning = str(metric.get("description") or label)
        for part, formula in read.parts.items():
            self._found.add_metric(part, formula, label=f"{label}: {words_of(part)}", meaning=f"A part of: {meaning}")
        self._found.add_metric(name, read.formula, label=label, meaning=meaning)
        if kept is not None:
            self._found.metrics[name] |= {"label": kept["label"], "meaning": kept["meaning"]}
            self._found.note(f"metric {name}", "its expression was changed elsewhere, so it comes as a draft.")

    def _is_as_written(self, name: str, kept: Plain, tree: exp.Expr) -> bool:
        metrics = {**self._kept, **self._own.get("metrics", {}), name: kept}
        try:
            return metric_sql(name, {"sources": self._found.sources, "metrics": metrics}) == tree.sql()
        except (InvalidDefinition, KeyError):
            return False

    def _source_of(self, columns: list[exp.Column]) -> str:
        """Find the source from which every column can be reached, and write the columns as that source sees them."""
        named = {self._dataset_of(column) for column in columns}
        for source in self._found.sources:
            if source not in self._datasets:
                continue
            reach = {source: "", **{end: join for join, end, _ in self._reached(source)}}
            if named <= set(reach) and (named or len(self._found.sources) == 1):
                for column in columns:
                    self._rewrite(column, reach[self._dataset_of(column)])
                return source
        read = ", ".join(sorted(named)) or "no dataset by name"
        raise CannotCarryError(f"it reads {read}: no dataset with a business date is related to all of them.")

    def _dataset_of(self, column: exp.Column) -> str:
        if column.table:
            if column.table not in self._datasets:
                raise CannotCarryError(f"it reads {column.sql()}, and there is no dataset {column.table}.")
            return str(column.table)
        having = [name for name in self._datasets if column.name in self._fields(name)]
        if len(having) != 1:
            raise CannotCarryError(f"it reads {column.name}, which {len(having)} datasets have.")
        return having[0]

    def _fields(self, dataset: str) -> Mapping[str, Plain]:
        return {str(item["name"]): item for item in self._datasets[dataset].get("fields") or ()}

    def _rewrite(self, column: exp.Column, join: str) -> None:
        dataset = self._dataset_of(column)
        item = self._fields(dataset).get(column.name)
        tree = _best(item["expression"])[0] if item else exp.column(column.name)
        for part in columns_of(tree):
            part.set("table", exp.to_identifier(join) if join else None)
        column.replace(tree if isinstance(tree, exp.Column) else exp.paren(tree))

    def _remark_on_the_rest(self) -> None:
        for kind, items in (("dataset", self._model["datasets"]), ("metric", self._model.get("metrics") or ())):
            for item in items:
                if rest := set(item) - _CARRIED[kind]:
                    self._found.note(f"{kind} {item['name']}", f"not carried over: {', '.join(sorted(rest))}.")
                for extension in item.get("custom_extensions") or ():
                    if extension.get("vendor_name") != VENDOR:
                        vendor = extension.get("vendor_name")
                        self._found.note(f"{kind} {item['name']}", f"the extension of {vendor} is not carried over.")


def _best(expression: Any) -> tuple[exp.Expr, str | None]:
    """Parse the expression in the best dialect that is read here."""
    if isinstance(expression, str):
        return parsed(expression, None), None
    told = {str(item["dialect"]): str(item["expression"]) for item in expression["dialects"]}
    for dialect, name in DIALECTS.items():
        if dialect in told:
            return parsed(told[dialect], name), name
    raise CannotCarryError(f"it is written in {', '.join(told)} only; read are {', '.join(DIALECTS)}.")


def _extension(item: Plain) -> Mapping[str, Any] | None:
    """Give what we wrote beside an item, if we wrote it."""
    for extension in item.get("custom_extensions") or ():
        if extension.get("vendor_name") == VENDOR:
            try:
                found = _restored(json.loads(extension["data"]))
            except (ValueError, TypeError) as error:
                raise CannotCarryError(f"its extension {VENDOR} is no JSON: {error}") from error
            return found if isinstance(found, Mapping) else None
    return None


def _restored(value: Any) -> Any:
    """Turn dates back into dates."""
    if isinstance(value, dict):
        if set(value) == {"date"} and isinstance(value["date"], str):
            return date.fromisoformat(value["date"])
        if set(value) == {"instant"} and isinstance(value["instant"], str):
            return datetime.fromisoformat(value["instant"])
        return {key: _restored(item) for key, item in value.items()}
    return [_restored(item) for item in value] if isinstance(value, list) else value
