"""How a readable statement becomes an expression of the engine's dialect, with its values as literals."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache

import sqlglot
from sqlglot import exp

Value = str | date | Sequence[date] | Sequence[str] | Sequence[int]

_MICROSECONDS = {"duckdb": "EPOCH_US", "spark": "UNIX_MICROS"}


def statement(text: str, *, dialect: str, values: Mapping[str, Value]) -> exp.Query:
    """Read a statement with ``minutes_between(from, to)`` and ``:named`` values, and write it for a dialect."""
    tree = _parsed(text).copy()
    tree = tree.transform(_written, dialect, {name: _literals(value) for name, value in values.items()}, copy=False)
    assert isinstance(tree, exp.Query)  # noqa: S101 - the texts are this package's own
    return tree


@lru_cache(maxsize=32)
def _parsed(text: str) -> exp.Expr:
    return sqlglot.parse_one(text, read="duckdb")


def _written(node: exp.Expr, dialect: str, values: Mapping[str, list[exp.Expr]]) -> exp.Expr:
    if isinstance(node, exp.Anonymous) and node.name.lower() == "minutes_between":
        start, end = (exp.Anonymous(this=_MICROSECONDS[dialect], expressions=[part]) for part in node.expressions)
        span = exp.paren(exp.Sub(this=end, expression=start), copy=False)
        return exp.paren(
            exp.Div(this=_double(span), expression=exp.Literal.number(60_000_000), typed=False), copy=False
        )
    if isinstance(node, exp.In) and isinstance(node.expressions[0], exp.Placeholder):
        return exp.In(this=node.this, expressions=values[node.expressions[0].name])
    if isinstance(node, exp.Placeholder):
        return values[node.name][0]
    return node


def _literals(value: Value) -> list[exp.Expr]:
    several: Sequence[str | date | int] = (value,) if isinstance(value, str | date) else value
    return [_literal(one) for one in several]


def _literal(value: str | date | int) -> exp.Expr:
    if isinstance(value, date):
        return exp.cast(exp.Literal.string(value.isoformat()), "date")
    return exp.Literal.number(value) if isinstance(value, int) else exp.Literal.string(value)


def _double(tree: exp.Expr) -> exp.Expr:
    return exp.cast(tree, "double")
