"""Our definitions as an Open Semantic Interchange model.

What the format can say is said in its own words: datasets with keys and fields, relationships, metrics as expressions
of standard SQL. What it has no word for travels beside it, as extensions of the vendor TIFFIN, from which
`tiffin.capabilities.metrics.domain.interchange.osi_reading` gets the definitions back as they were.

References
----------
Apache Ossie (incubating), Core Metadata Specification, version 0.2.0.dev0.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlglot import exp, parse_one

from tiffin.capabilities.metrics.domain.codec import encode
from tiffin.capabilities.metrics.domain.interchange.found import CannotCarryError, Fate, Plain, Remark
from tiffin.engines.metrics.definitions import ColumnType, Tables
from tiffin.engines.metrics.parsing import columns_of, parse

VERSION = "0.2.0.dev0"
VENDOR = "TIFFIN"
DIALECT = "ANSI_SQL"
DATATYPES = {
    ColumnType.TEXT: "String",
    ColumnType.INTEGER: "Integer",
    ColumnType.DOUBLE: "Float",
    ColumnType.BOOLEAN: "Boolean",
    ColumnType.DATE: "Date",
    ColumnType.INSTANT: "DateTimeTz",
}
TIMES = (ColumnType.DATE, ColumnType.INSTANT)
_MINUTES = "EXTRACT(EPOCH FROM (finish - start)) / 60"
_PLAIN = {"sum": exp.Sum, "mean": exp.Avg, "minimum": exp.Min, "maximum": exp.Max}


@dataclass(slots=True)
class _Dataset:
    name: str
    table: str
    key: tuple[str, ...]
    fields: dict[str, dict[str, Any]] = field(default_factory=dict)
    source: Plain | None = None


def osi_model(name: str, definitions: Plain, tables: Tables) -> tuple[dict[str, Any], tuple[Remark, ...]]:
    """Write definitions (the sections of our files, defaults applied) as a document of the format.

    Returns
    -------
    tuple
        The document as plain values, and remarks on what only the extension carries.
    """
    writer = _Writer(definitions, tables)
    return writer.document(name), tuple(writer.remarks)


def metric_sql(name: str, definitions: Plain) -> str:
    """Write a metric as one expression of standard SQL over datasets.

    Raises
    ------
    CannotCarryError
        Standard SQL cannot say it in one expression over rows: windows, periods compared, snapshots, nested metrics.
    """
    return _tree(definitions["metrics"][name], definitions, ()).sql()


class _Writer:
    def __init__(self, definitions: Plain, tables: Tables) -> None:
        self._definitions = definitions
        self._tables = tables
        self._datasets: dict[str, _Dataset] = {}
        self.remarks: list[Remark] = []

    def document(self, name: str) -> dict[str, Any]:
        sources = self._definitions["sources"]
        for source, plain in sources.items():
            self._datasets[source] = _Dataset(source, plain["table"], tuple(plain.get("key", ())), source=plain)
        relationships = [item for source, plain in sources.items() for item in self._relationships(source, plain)]
        for source, plain in sources.items():
            self._add_dimensions(source, plain)
        metrics = [item for metric in self._definitions["metrics"] for item in self._metric(metric)]
        model = {
            "name": name,
            "description": "Metrics of a delivery marketplace, as Tiffin defines them.",
            "datasets": [self._dataset(item) for item in self._datasets.values()],
            "relationships": relationships,
            "metrics": metrics,
            "custom_extensions": [_extension(self._kept(metrics))],
        }
        return {"version": VERSION, "semantic_model": [model]}

    def _kept(self, metrics: list[dict[str, Any]]) -> Plain:
        """Give what only the model's own extension carries: dimensions for all sources, metrics without expression."""
        told = {item["name"] for item in metrics}
        rest = {name: plain for name, plain in self._definitions["metrics"].items() if name not in told}
        return {"dimensions": self._definitions["dimensions"], "metrics": rest}

    def _relationships(self, source: str, plain: Plain) -> Iterable[dict[str, Any]]:
        for join, how in plain.get("joins", {}).items():
            target = self._joined(how["table"])
            try:
                start, columns = self._left(source, plain, how["keys"].values())
            except CannotCarryError as error:
                self.remarks.append(Remark(Fate.CHANGED, f"join {join} of {source}", f"only in the extension: {error}"))
                continue
            if "valid" in how:
                why = "rows of that table hold for a time, which only the extension says."
                self.remarks.append(Remark(Fate.CHANGED, f"join {join} of {source}", why))
            for column in (*how["keys"],):
                self._add_column(target, column)
            yield {
                "name": f"{source}_to_{join}",
                "from": start,
                "to": target.name,
                "from_columns": columns,
                "to_columns": list(how["keys"]),
            }

    def _left(self, source: str, plain: Plain, lefts: Iterable[str]) -> tuple[str, list[str]]:
        found: list[str] = []
        starts = set()
        for text in lefts:
            tree = parse(text)
            if not isinstance(tree, exp.Column):
                raise CannotCarryError(f"a relationship joins columns, and {text!r} is none.")
            starts.add(_dataset_of(tree, source, plain))
            found.append(tree.name)
        if len(starts) != 1:
            raise CannotCarryError("a relationship begins at one dataset.")
        start = starts.pop()
        for column in found:
            self._add_column(self._datasets[start], column)
        return start, found

    def _joined(self, table: str) -> _Dataset:
        if table not in self._datasets:
            self._datasets[table] = _Dataset(table, table, self._tables[table].key)
        return self._datasets[table]

    def _add_column(self, dataset: _Dataset, column: str) -> None:
        kind = self._tables[dataset.table].columns[column]
        dataset.fields.setdefault(column, _field(column, column, kind))

    def _add_dimensions(self, source: str, plain: Plain) -> None:
        for name, text in plain["dimensions"].items():
            tree = parse(text)
            if any(column.table and column.table != "base" for column in columns_of(tree)):
                self._add_columns(tree, source, plain)
                continue
            declared = self._definitions["dimensions"][name]
            kind = ColumnType(declared["type"])
            told = _field(name, tree.sql(), kind, label=declared["label"]["en"])
            told["dimension"] = {"is_time": kind in TIMES}
            self._datasets[source].fields[name] = told

    def _add_columns(self, tree: exp.Expr, source: str, plain: Plain) -> None:
        for column in columns_of(tree):
            self._add_column(self._datasets[_dataset_of(column, source, plain)], column.name)

    def _metric(self, name: str) -> Iterable[dict[str, Any]]:
        plain = self._definitions["metrics"][name]
        try:
            tree = _tree(plain, self._definitions, ())
        except CannotCarryError as error:
            self.remarks.append(Remark(Fate.CHANGED, f"metric {name}", f"only in the extension: {error}"))
            return
        for column in columns_of(tree):
            dataset = self._datasets[column.table]
            if column.name not in dataset.fields:
                self._add_column(dataset, column.name)
        texts = [text for locale, text in plain["label"].items() if locale != "en"]
        yield {
            "name": name,
            "description": plain["meaning"]["en"],
            "expression": {"dialects": [{"dialect": DIALECT, "expression": tree.sql()}]},
            "ai_context": {"synonyms": list(dict.fromkeys([plain["label"]["en"], *texts]))},
            "custom_extensions": [_extension(plain)],
        }

    def _dataset(self, item: _Dataset) -> dict[str, Any]:
        told: dict[str, Any] = {"name": item.name, "source": item.table}
        if item.key:
            told["primary_key"] = list(item.key)
        told["fields"] = list(item.fields.values())
        if item.source is not None:
            told["custom_extensions"] = [_extension(item.source)]
        return told


def _field(name: str, expression: str, kind: ColumnType, *, label: str | None = None) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": name,
        "expression": {"dialects": [{"dialect": DIALECT, "expression": expression}]},
        "datatype": DATATYPES[kind],
    }
    return told | ({"label": label} if label else {})


def _extension(plain: Any) -> dict[str, str]:
    return {"vendor_name": VENDOR, "data": json.dumps(encode(plain), ensure_ascii=False)}


def _dataset_of(column: exp.Column, source: str, plain: Plain) -> str:
    """Name the dataset of a column that an expression of a source reads."""
    if not column.table or column.table == "base":
        return source
    return str(plain["joins"][column.table]["table"])


def _tree(plain: Plain, definitions: Plain, above: tuple[str, ...]) -> exp.Expr:
    kind = plain["kind"]
    if kind in ("simple", "percentile"):
        return _measure(plain, definitions)
    if kind == "ratio":
        return _ratio(plain, definitions, above)
    if kind == "derived":
        return _derived(str(plain["formula"]), definitions, above)
    raise CannotCarryError(f"the format has no expression for metrics of the kind {kind}.")


def _ratio(plain: Plain, definitions: Plain, above: tuple[str, ...]) -> exp.Expr:
    parts = [_operand(plain[key], definitions, above) for key in ("numerator", "denominator")]
    tree: exp.Expr = exp.Div(this=_double(parts[0]), expression=_not_nought(parts[1]))
    times = plain.get("times", 1)
    return tree if times == 1 else exp.Mul(this=tree, expression=exp.Literal.number(times))


def _operand(part: Any, definitions: Plain, above: tuple[str, ...]) -> exp.Expr:
    if isinstance(part, Mapping):
        return _measure(part, definitions)
    if part in above or part not in definitions["metrics"]:
        raise CannotCarryError(f"it reads the metric {part}, which is not there.")
    return _tree(definitions["metrics"][part], definitions, (*above, part))


def _derived(text: str, definitions: Plain, above: tuple[str, ...]) -> exp.Expr:
    root = exp.paren(parse(text), copy=False)
    for column in list(columns_of(root)):
        column.replace(exp.paren(_operand(column.name, definitions, above), copy=False))
    for division in list(root.find_all(exp.Div)):
        division.set("this", _double(division.this))
        if not isinstance(division.expression, exp.Nullif):
            division.set("expression", _not_nought(division.expression))
    whole: exp.Expr = root.this
    return whole


def _double(tree: exp.Expr) -> exp.Expr:
    return tree if isinstance(tree, exp.Cast) else exp.cast(tree.copy(), "double precision")


def _not_nought(tree: exp.Expr) -> exp.Expr:
    return exp.Nullif(this=tree.copy(), expression=exp.Literal.number(0))


def _measure(plain: Plain, definitions: Plain) -> exp.Expr:
    if "take" in plain:
        raise CannotCarryError("the format cannot say that only the last rows of a period count.")
    source = plain["source"]
    of = plain.get("of", ())
    texts = of if isinstance(of, list | tuple) else (of,)
    values = [_qualified(str(text), source, definitions) for text in texts]
    where = _qualified(str(plain["where"]), source, definitions) if "where" in plain else None
    aggregate = "percentile" if plain.get("kind") == "percentile" else plain["aggregate"]
    if aggregate == "count" and not values:
        return _count(where, source, definitions)
    taken = [value if where is None else _where(where, value) for value in values]
    if aggregate == "count":
        return exp.Count(this=taken[0])
    if aggregate == "count_distinct":
        return exp.Count(this=exp.Distinct(expressions=taken))
    if aggregate == "percentile":
        within = exp.Order(expressions=[exp.Ordered(this=taken[0], nulls_first=False)])
        share = exp.PercentileCont(this=exp.Literal.number(plain["quantile"]))
        return exp.WithinGroup(this=share, expression=within)
    return _PLAIN[aggregate](this=taken[0])


def _count(where: exp.Expr | None, source: str, definitions: Plain) -> exp.Expr:
    if where is not None:
        return exp.Count(this=_where(where, exp.Literal.number(1)))
    # A column of the key says of which dataset rows are counted.
    return exp.Count(this=exp.column(definitions["sources"][source]["key"][-1], table=source))


def _where(where: exp.Expr, value: exp.Expr) -> exp.Expr:
    return exp.Case(ifs=[exp.If(this=where.copy(), true=value)])


def _qualified(text: str, source: str, definitions: Plain) -> exp.Expr:
    root = exp.paren(parse(text), copy=False)
    for column in list(columns_of(root)):
        dataset = _dataset_of(column, source, definitions["sources"][source])
        column.set("table", exp.to_identifier(dataset))
    for call in list(root.find_all(exp.Anonymous)):
        start, finish = call.expressions
        spelled = parse_one(_MINUTES, read="postgres")
        for name, value in (("start", start), ("finish", finish)):
            for column in list(spelled.find_all(exp.Column)):
                if column.name == name and not column.table:
                    column.replace(value.copy())
        call.replace(exp.paren(spelled, copy=False))
    whole: exp.Expr = root.this
    return whole
