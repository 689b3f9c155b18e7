"""Foreign expressions over datasets, read into measures of ours.

An aggregate of standard SQL becomes one measure: its source, what it takes, and the condition that stands within it
(``CASE WHEN … THEN x END``) or behind it (``FILTER``). A quotient of two becomes a ratio; other arithmetic is derived
from a draft metric for each aggregate.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from tiffin.capabilities.metrics.domain.interchange.found import CannotCarryError
from tiffin.engines.metrics.parsing import columns_of, parse

SourceOf = Callable[[list[exp.Column]], str]
"""Names the source over which an aggregate of some columns is taken, and puts our names into the columns."""

_PLAIN = {exp.Sum: "sum", exp.Avg: "mean", exp.Min: "minimum", exp.Max: "maximum"}
_AGGREGATES = (*_PLAIN, exp.Count, exp.WithinGroup, exp.Filter)


@dataclass(frozen=True, slots=True)
class Read:
    """A foreign metric in our terms.

    Parameters
    ----------
    formula : mapping
        Kind and its keys, as in a definition file.
    parts : mapping
        Metrics of their own that a derived formula needs, by the name that it gives them.
    """

    formula: Mapping[str, Any]
    parts: Mapping[str, Mapping[str, Any]]


def read_expression(text: str, dialect: str | None, name: str, source_of: SourceOf) -> Read:
    """Read the expression of a metric.

    Raises
    ------
    CannotCarryError
        It uses something for which there is no word here.
    """
    root = exp.paren(parsed(text, dialect), copy=False)
    found = [node for node in root.walk(prune=_is_aggregate) if _is_aggregate(node)]
    if not found:
        raise CannotCarryError(f"{text!r} aggregates nothing.")
    measures = [measure_of(node, source_of) for node in found]
    whole = _bare(root.this)
    if whole is found[0]:
        return Read(_simple(measures[0]), {})
    quotient = _quotient(whole, found)
    if quotient is not None:
        return Read({"kind": "ratio", "numerator": measures[0], "denominator": measures[1], **quotient}, {})
    parts = {}
    for number, (node, measure) in enumerate(zip(found, measures, strict=True), start=1):
        parts[f"{name}_part_{number}"] = _simple(measure)
        node.replace(exp.column(f"{name}_part_{number}"))
    for division in root.find_all(exp.Div):
        division.set("expression", _divisor(division.expression))
    return Read({"kind": "derived", "formula": vocabulary_text(_without_casts(root).this)}, parts)


def parsed(text: str, dialect: str | None) -> exp.Expr:
    """Parse one foreign expression.

    Raises
    ------
    CannotCarryError
        It cannot be parsed.
    """
    try:
        return sqlglot.parse_one(text, read=dialect)
    except SqlglotError as error:
        raise CannotCarryError(f"{text!r} cannot be read: {str(error).splitlines()[0]}") from error


def vocabulary_text(tree: exp.Expr) -> str:
    """Write an expression over rows in the words of our definitions.

    Raises
    ------
    InvalidDefinition
        It uses a word that is not among them.
    """
    root = exp.paren(tree.copy(), copy=False)
    for division in list(root.find_all(exp.Div)):
        if (span := _minutes(division)) is not None:
            division.replace(span)
    text: str = root.this.sql("duckdb")
    parse(text)
    return text


def _minutes(division: exp.Div) -> exp.Expr | None:
    """Read ``EXTRACT(EPOCH FROM (finish - start)) / 60`` as our minutes between two instants."""
    inner = _bare(division.this)
    if not isinstance(inner, exp.Extract) or inner.this.name.upper() != "EPOCH":
        return None
    span = _bare(inner.expression)
    if not isinstance(span, exp.Sub) or _divisor(division.expression).name != "60":
        return None
    return exp.Anonymous(this="minutes_between", expressions=[span.expression.copy(), span.this.copy()])


def measure_of(node: exp.Expr, source_of: SourceOf) -> dict[str, Any]:
    """Read one aggregate as a measure.

    Raises
    ------
    CannotCarryError
        It is of a sort that has no word here, or reads several sources.
    """
    where = None
    if isinstance(node, exp.Filter):
        where, node = node.expression.this, node.this
    aggregate, values, more = _aggregate(node)
    conditions = [where] if where is not None else []
    taken = []
    for value in values:
        inner, condition = _unwrapped(value)
        taken += [] if isinstance(inner, exp.Literal | exp.Star) else [inner]
        conditions += [condition] if condition is not None and condition not in conditions else []
    holder = exp.Tuple(expressions=[*taken, *conditions])
    source = source_of(list(columns_of(holder)))
    found: dict[str, Any] = {"source": source, "aggregate": aggregate, **more}
    texts = [vocabulary_text(_without_casts(item)) for item in holder.expressions]
    if taken:
        found["of"] = texts[0] if len(taken) == 1 else texts[: len(taken)]
    if conditions:
        told = texts[len(taken) :]
        found["where"] = told[0] if len(told) == 1 else " AND ".join(f"({text})" for text in told)
    return found


def _aggregate(node: exp.Expr) -> tuple[str, list[exp.Expr], dict[str, Any]]:
    if isinstance(node, exp.Count):
        if isinstance(node.this, exp.Distinct):
            return "count_distinct", list(node.this.expressions), {}
        return "count", [node.this], {}
    if isinstance(node, exp.WithinGroup) and isinstance(node.this, exp.PercentileCont):
        value = node.expression.expressions[0].this
        return "percentile", [value], {"quantile": float(node.this.this.name)}
    for kind, name in _PLAIN.items():
        if isinstance(node, kind):
            return name, [node.this], {}
    raise CannotCarryError(f"{node.sql()!r} is an aggregate that has no word here.")


def _unwrapped(value: exp.Expr) -> tuple[exp.Expr, exp.Expr | None]:
    """Part ``CASE WHEN condition THEN value END`` into value and condition."""
    bare = _bare(value)
    if (
        isinstance(bare, exp.Case)
        and len(bare.args["ifs"]) == 1
        and not bare.this
        and _is_empty(bare.args.get("default"))
    ):
        branch = bare.args["ifs"][0]
        return branch.args["true"], branch.this
    return value, None


def _is_empty(tree: exp.Expr | None) -> bool:
    return tree is None or isinstance(tree, exp.Null)


def _is_aggregate(node: exp.Expr) -> bool:
    return isinstance(node, (*_AGGREGATES, exp.AggFunc))


def _simple(measure: Mapping[str, Any]) -> dict[str, Any]:
    if measure["aggregate"] != "percentile":
        return {"kind": "simple", **measure}
    return {"kind": "percentile", **{key: value for key, value in measure.items() if key != "aggregate"}}


def _quotient(tree: exp.Expr, found: list[exp.Expr]) -> dict[str, Any] | None:
    """Tell whether a tree is the quotient of the two aggregates, perhaps times a constant; give what is besides."""
    if any(isinstance(node, exp.WithinGroup) for node in found):
        return None
    if isinstance(tree, exp.Mul) and isinstance(tree.expression, exp.Literal) and not tree.expression.is_string:
        inner = _quotient(_bare(tree.this), found)
        return None if inner is None else {**inner, "times": float(tree.expression.this)}
    if len(found) != 2 or not isinstance(tree, exp.Div):  # noqa: PLR2004 - above and below
        return None
    return {} if _bare(tree.this) is found[0] and _bare(_divisor(tree.expression)) is found[1] else None


def _divisor(tree: exp.Expr) -> exp.Expr:
    """Give what is divided by: our division is empty where that is nought, as ``NULLIF(x, 0)`` says."""
    bare = _bare(tree)
    return bare.this if isinstance(bare, exp.Nullif) and bare.expression.name == "0" else tree


def _bare(tree: exp.Expr) -> exp.Expr:
    while isinstance(tree, exp.Paren | exp.Cast):
        tree = tree.this
    return tree


def _without_casts(tree: exp.Expr) -> exp.Expr:
    """Drop casts to numbers, which our arithmetic does by itself.

    Raises
    ------
    CannotCarryError
        Another cast stands there.
    """
    root = exp.paren(tree, copy=False) if not isinstance(tree, exp.Paren) else tree
    for cast in list(root.find_all(exp.Cast)):
        if not cast.is_type(*exp.DataType.NUMERIC_TYPES):
            raise CannotCarryError(f"{cast.sql()!r} turns a value into another type, for which there is no word here.")
        cast.replace(cast.this)
    return root if isinstance(tree, exp.Paren) else root.this
