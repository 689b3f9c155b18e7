"""What a metric is made of: columns of tables, aggregates, other metrics."""

from collections.abc import Iterable
from dataclasses import dataclass

from tiffin.engines.metrics.compiling.spans import Span
from tiffin.engines.metrics.formulas import Compared, Cumulative, Derived, Formula, Nested, Ratio
from tiffin.engines.metrics.model import AGGREGATE, BASE, Aggregate, Expression, Leaf, Model, NestedAggregate, Resolved
from tiffin.engines.metrics.parsing import columns_of, parse


@dataclass(frozen=True, slots=True)
class Lineage:
    """Where a metric's value comes from.

    Parameters
    ----------
    formula : str
        The formula in words of aggregates, such as ``count(orders where status = 'delivered')``.
    columns : tuple of (str, str)
        Table and column, in order of the names.
    metrics : tuple of str
        Metrics named in its formula.
    """

    formula: str
    columns: tuple[tuple[str, str], ...]
    metrics: tuple[str, ...]


def lineage_of(name: str, model: Model) -> Lineage:
    """Trace a metric to the columns that it reads."""
    resolved = model.resolved[name]
    columns = set().union(*(_columns(model.aggregates[number], model) for number in resolved.aggregates))
    return Lineage(_formula(resolved, model), tuple(sorted(columns)), _named(model.metrics[name].formula))


def _formula(resolved: Resolved, model: Model) -> str:
    formula = str(resolved.tree.sql("duckdb"))
    for number in resolved.aggregates:
        formula = formula.replace(AGGREGATE.format(number), _described(model.aggregates[number], model))
    return formula


def _columns(leaf: Leaf, model: Model) -> set[tuple[str, str]]:
    if isinstance(leaf, NestedAggregate):
        inner = (model.aggregates[number] for number in leaf.metric.aggregates)
        return set().union(*(_columns(item, model) for item in inner))
    parts = [*leaf.of, *((leaf.where,) if leaf.where else ()), *((leaf.snapshot.at,) if leaf.snapshot else ())]
    found = _read(parts, leaf.source, model)
    for event in (leaf.followed.base, leaf.followed.by) if leaf.followed else ():
        found |= _read([event.at, *event.entity, *((event.where,) if event.where else ())], event.source, model)
    source = model.sources[leaf.source].source
    return found or {(source.table, column) for column in source.key}


def _read(parts: Iterable[Expression], source: str, model: Model) -> set[tuple[str, str]]:
    prepared = model.sources[source]
    return {
        (prepared.source.table if column.table == BASE else prepared.joins[column.table].join.table, column.name)
        for part in parts
        for column in part.parsed.columns
    }


def _described(leaf: Leaf, model: Model) -> str:
    if isinstance(leaf, NestedAggregate):
        having = f" where {leaf.having.tree.sql('duckdb')}" if leaf.having is not None else ""
        inner = _formula(leaf.metric, model)
        return f"{leaf.aggregation}({inner}{_share(leaf.quantile)} per {', '.join(leaf.per)}{having})"
    of = ", ".join(_text(part) for part in leaf.of)
    where = f" where {_text(leaf.where)}" if leaf.where else ""
    return f"{leaf.aggregation}({of}{_share(leaf.quantile)}{' ' if of else ''}of {leaf.source}{where}{_days(leaf)})"


def _days(leaf: Aggregate) -> str:
    """Tell of which rows and days, where not of the period's own."""
    words = []
    if leaf.followed:
        words.append(f"followed by {leaf.followed.by.source} within {leaf.followed.within} s")
    if leaf.snapshot:
        per = f" per {', '.join(leaf.snapshot.per)}" if leaf.snapshot.per else ""
        words.append(f"at the {leaf.snapshot.take} {_text(leaf.snapshot.at)}{per}")
    frame = leaf.frame
    words += [f"{_length(offset)} earlier" for offset in frame.offsets] if frame else []
    if frame and frame.window:
        window = frame.window
        since = f"since its {window.to_date} began" if window.to_date else "since ever"
        words.append(f"over {_length(window.length)}" if window.length else since)
    return f" {', '.join(words)}" if words else ""


def _length(span: Span) -> str:
    return " and ".join(
        f"{count} {unit}{'s' if count > 1 else ''}"
        for count, unit in ((span.months, "month"), (span.days, "day"))
        if count
    )


def _share(quantile: float | None) -> str:
    return f" at {quantile}" if quantile is not None else ""


def _text(expression: Expression) -> str:
    tree = expression.tree.copy()
    for column in columns_of(tree):
        if column.table == BASE:
            column.set("table", None)
    return str(tree.sql("duckdb"))


def _named(formula: Formula) -> tuple[str, ...]:
    match formula:
        case Ratio():
            parts = (formula.numerator, formula.denominator)
            return tuple(dict.fromkeys(part for part in parts if isinstance(part, str)))
        case Derived():
            return tuple(sorted({column.name for column in columns_of(parse(formula.expression))}))
        case Cumulative() | Compared() | Nested():
            return (formula.metric,) if isinstance(formula.metric, str) else ()
        case _:
            return ()
