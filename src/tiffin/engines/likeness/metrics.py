"""Metrics that tell the same number: by the fingerprint of their meaning, copies and figures of speech undone."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, cast

from sqlglot import exp

from tiffin.engines.metrics.comparing.fingerprint import Facts, fingerprint
from tiffin.engines.metrics.definitions import Metric
from tiffin.engines.metrics.formulas import Aggregation, Formula, Measure
from tiffin.engines.metrics.parsing import parse
from tiffin.kernel.errors import InvalidDefinition

_ORDERS = (exp.GT, exp.GTE, exp.LT, exp.LTE, exp.EQ, exp.NEQ)
_MINUTES = "minutes_between"


@dataclass(frozen=True, slots=True)
class Copy:
    """A source over a table that is a copy of another's.

    Parameters
    ----------
    source : str
        Source over the original.
    columns : mapping of str to str
        Column of the copy, to that of the original.
    """

    source: str
    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True, order=True)
class SameMetric:
    """Two metrics that tell the same number in the same unit."""

    metric: str
    other: str


def meanings(metrics: Mapping[str, Metric], facts: Facts, copies: Mapping[str, Copy]) -> Mapping[str, str]:
    """Give the meaning of each metric as a digest; a metric that cannot be read has none.

    Parameters
    ----------
    facts : Facts
        What is known of sources, keys and values; metrics that formulas name are found there.
    copies : mapping of str to Copy
        By source, those whose tables are copies.
    """
    plain = replace(facts, metrics={name: _plain(metric, copies) for name, metric in facts.metrics.items()})
    found = {}
    for name, metric in metrics.items():
        try:
            digest = fingerprint(_plain(metric, copies).version.formula, plain).digest
        except InvalidDefinition:
            continue
        found[name] = f"{metric.unit.value}:{digest}"
    return found


def same_metrics(found: Mapping[str, str]) -> tuple[SameMetric, ...]:
    """List the pairs of metrics whose meanings are the same."""
    alike: dict[str, list[str]] = {}
    for name in sorted(found):
        alike.setdefault(found[name], []).append(name)
    return tuple(
        sorted(
            SameMetric(one, other)
            for names in alike.values()
            for index, one in enumerate(names)
            for other in names[index + 1 :]
        )
    )


def _plain(metric: Metric, copies: Mapping[str, Copy]) -> Metric:
    version = replace(metric.version, formula=_undone(metric.version.formula, copies))
    return replace(metric, version=version)


def _undone(part: Any, copies: Mapping[str, Copy]) -> Formula | Any:
    """Undo copies and figures of speech in every measure of a formula."""
    if isinstance(part, Measure):
        return _measure(part, copies.get(part.source))
    if not is_dataclass(part):
        return part
    inner = {one.name: getattr(part, one.name) for one in fields(part)}
    changed = {name: _undone(value, copies) for name, value in inner.items() if isinstance(value, Measure)}
    return replace(part, **changed) if changed else part  # type: ignore[type-var] # an instance of a dataclass


def _measure(measure: Measure, copy: Copy | None) -> Measure:
    of = tuple(_text(text, copy, is_sum=measure.aggregation is Aggregation.SUM) for text in measure.of)
    where = _text(measure.where, copy) if measure.where else None
    return replace(measure, source=copy.source if copy else measure.source, of=of, where=where)


def _text(text: str, copy: Copy | None, *, is_sum: bool = False) -> str:
    try:
        tree = parse(text)
    except InvalidDefinition:
        return text
    tree = tree.transform(_plainly)
    if is_sum:
        tree = _without_nought(tree)
    if copy is not None:
        tree = tree.transform(_original, copy.columns)
    return str(tree.sql("duckdb"))


def _plainly(node: exp.Expr) -> exp.Expr:
    """Say that minutes between two instants are above nought as that one instant is after the other."""
    if not isinstance(node, _ORDERS) or not _is_nought(node.expression):
        return node
    call = node.this
    if not isinstance(call, exp.Anonymous) or call.name.lower() != _MINUTES:
        return node
    start, end = call.expressions
    return type(node)(this=end.copy(), expression=start.copy())


def _without_nought(tree: exp.Expr) -> exp.Expr:
    """Leave out nought in the place of no value, which adds nothing to a sum."""
    inner = tree.this if isinstance(tree, exp.Paren) else tree
    if isinstance(inner, exp.Coalesce) and len(inner.expressions) == 1 and _is_nought(inner.expressions[0]):
        return cast("exp.Expr", inner.this.copy())
    return tree


def _original(node: exp.Expr, columns: Mapping[str, str]) -> exp.Expr:
    """Give a copy's column its original name; one that the original lacks keeps a name that no original has."""
    if isinstance(node, exp.Column) and not node.table:
        return exp.column(columns.get(node.name) or f"{node.name}__of_the_copy")
    return node


def _is_nought(node: exp.Expr | None) -> bool:
    return isinstance(node, exp.Literal) and not node.is_string and float(node.this) == 0
