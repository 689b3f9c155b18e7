"""The filter language of requests: ``city_id = 'x' and local_hour >= 18 and business_date in ('2026-02-01')``.

Only comparisons of declared dimensions with plain values, joined by ``and``. What is read becomes typed conditions;
text never reaches a statement.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from tiffin.engines.metrics.definitions import ColumnType, Dimension
from tiffin.engines.metrics.refusals import no_dimension
from tiffin.engines.metrics.request import Condition, Operator, Value
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.messages import Message

_COMPARISONS: Mapping[type[exp.Expr], Operator] = {
    exp.EQ: Operator.EQ,
    exp.NEQ: Operator.NE,
    exp.LT: Operator.LT,
    exp.LTE: Operator.LE,
    exp.GT: Operator.GT,
    exp.GTE: Operator.GE,
}
_EXAMPLE = "city_id = 'riyadh' and local_hour >= 18"


def parse_where(text: str, dimensions: Mapping[str, Dimension]) -> tuple[Condition, ...]:
    """Read a filter.

    Raises
    ------
    WrongUse
        It is not a filter of this language, or a value does not fit its dimension.
    NotFound
        It names a dimension that is not declared.
    """
    try:
        tree = sqlglot.parse_one(text, read="duckdb")
    except SqlglotError as error:
        reason = str(error).splitlines()[0]
        raise WrongUse(
            Message(
                "`{text}` is not a filter such as `{example}`: {reason}", text=text, example=_EXAMPLE, reason=reason
            )
        ) from error
    return tuple(_condition(part, dimensions) for part in _conjuncts(tree))


def _conjuncts(tree: exp.Expr) -> list[exp.Expr]:
    if isinstance(tree, exp.Paren):
        return _conjuncts(tree.this)
    if isinstance(tree, exp.And):
        return [*_conjuncts(tree.this), *_conjuncts(tree.expression)]
    return [tree]


def _condition(tree: exp.Expr, dimensions: Mapping[str, Dimension]) -> Condition:
    is_negated = isinstance(tree, exp.Not)
    inner = tree.this if is_negated else tree
    if isinstance(inner, exp.Paren):
        inner = inner.this
    dimension = _dimension(inner, dimensions)
    operator, values = _operator(inner, is_negated=is_negated)
    return Condition(dimension.name, operator, tuple(_value(value, dimension) for value in values))


def _dimension(tree: exp.Expr, dimensions: Mapping[str, Dimension]) -> Dimension:
    column = tree.this if isinstance(tree, (*_COMPARISONS, exp.In, exp.Between, exp.Is)) else None
    if not isinstance(column, exp.Column) or column.table:
        raise WrongUse(
            Message(
                "`{text}` does not compare a dimension with values, as in `{example}`.",
                text=tree.sql("duckdb"),
                example=_EXAMPLE,
            )
        )
    if column.name not in dimensions:
        raise no_dimension(column.name, dimensions)
    return dimensions[column.name]


def _operator(tree: exp.Expr, *, is_negated: bool) -> tuple[Operator, list[exp.Expr]]:
    if isinstance(tree, exp.In) and tree.expressions:
        return (Operator.NOT_IN if is_negated else Operator.IN), tree.expressions
    if isinstance(tree, exp.Is) and isinstance(tree.expression, exp.Null):
        return (Operator.IS_NOT_NULL if is_negated else Operator.IS_NULL), []
    if not is_negated and isinstance(tree, exp.Between):
        return Operator.BETWEEN, [tree.args["low"], tree.args["high"]]
    if not is_negated and type(tree) in _COMPARISONS:
        return _COMPARISONS[type(tree)], [tree.expression]
    raise WrongUse(
        Message(
            "`{text}` uses a comparison that filters do not have: {known}.",
            text=tree.sql("duckdb"),
            known=", ".join(Operator),
        )
    )


def _value(tree: exp.Expr, dimension: Dimension) -> Value:
    plain = _plain(tree)
    try:
        return _READERS[dimension.type](plain)
    except ValueError as error:
        values = {"dimension": dimension.name, "type": dimension.type, "found": tree.sql("duckdb")}
        raise WrongUse(Message("{dimension} takes values of type {type}; found {found}.", **values)) from error


def _plain(tree: exp.Expr) -> str:
    if isinstance(tree, exp.Cast):
        return _plain(tree.this)
    if isinstance(tree, exp.Neg):
        return f"-{_plain(tree.this)}"
    if isinstance(tree, (exp.Literal, exp.Boolean)):
        return tree.sql() if isinstance(tree, exp.Boolean) else tree.name
    raise WrongUse(
        Message(
            "`{text}` is not a plain value; write texts, dates and instants in single quotes.", text=tree.sql("duckdb")
        )
    )


def _boolean(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError(text)
    return text.lower() == "true"


def _instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


_READERS: Mapping[ColumnType, Callable[[str], Value]] = {
    ColumnType.TEXT: str,
    ColumnType.INTEGER: int,
    ColumnType.DOUBLE: float,
    ColumnType.BOOLEAN: _boolean,
    ColumnType.DATE: date.fromisoformat,
    ColumnType.INSTANT: _instant,
}
