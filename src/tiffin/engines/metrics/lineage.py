"""What a metric is made of: columns of tables, aggregates, other metrics."""

from dataclasses import dataclass

from tiffin.engines.metrics.definitions import Derived, Formula, Measure, Ratio
from tiffin.engines.metrics.model import AGGREGATE, BASE, Aggregate, Expression, Model
from tiffin.engines.metrics.vocabulary import columns_of, parse


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
    columns: set[tuple[str, str]] = set()
    formula = resolved.tree.sql("duckdb")
    for number in resolved.aggregates:
        aggregate = model.aggregates[number]
        columns |= _columns(aggregate, model)
        formula = formula.replace(AGGREGATE.format(number), _described(aggregate))
    return Lineage(formula, tuple(sorted(columns)), _named(model.metrics[name].formula))


def _columns(aggregate: Aggregate, model: Model) -> set[tuple[str, str]]:
    source = model.sources[aggregate.source]
    found: set[tuple[str, str]] = set()
    for part in (*aggregate.of, *((aggregate.where,) if aggregate.where else ())):
        for column in columns_of(part.tree):
            table = source.source.table if column.table == BASE else source.joins[column.table].join.table
            found.add((table, column.name))
    return found or {(source.source.table, column) for column in source.source.key}


def _described(aggregate: Aggregate) -> str:
    of = ", ".join(_text(part) for part in aggregate.of)
    share = f" at {aggregate.quantile}" if aggregate.quantile is not None else ""
    where = f" where {_text(aggregate.where)}" if aggregate.where else ""
    return f"{aggregate.aggregation}({of}{share}{' ' if of else ''}of {aggregate.source}{where})"


def _text(expression: Expression) -> str:
    tree = expression.tree.copy()
    for column in columns_of(tree):
        if column.table == BASE:
            column.set("table", None)
    return str(tree.sql("duckdb"))


def _named(formula: Formula) -> tuple[str, ...]:
    if isinstance(formula, Measure):
        return ()
    if isinstance(formula, Ratio):
        return tuple(dict.fromkeys(part for part in (formula.numerator, formula.denominator) if isinstance(part, str)))
    return _derived(formula)


def _derived(formula: Derived) -> tuple[str, ...]:
    return tuple(sorted({column.name for column in columns_of(parse(formula.expression))}))
