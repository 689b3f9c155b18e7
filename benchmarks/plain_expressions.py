"""Expressions of definitions as plain Python functions of a row, with unknown values as SQL has them."""

import math
import operator
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import sqlglot
from sqlglot import exp

Row = Mapping[str, Any]
Reader = Callable[[Any], Any]
"""Gives the value of an expression for a row: a mapping of joined rows by name, or of values by name."""

_EMPTY: Mapping[str, Any] = {}


def less(one: Any, other: Any) -> Any:
    """Subtract; two numbers that agree to twelve digits are equal, whatever rounding left of them."""
    return 0 if math.isclose(one, other, rel_tol=1e-12, abs_tol=0) else one - other


def more(one: Any, other: Any) -> Any:
    """Add, with the same care where the two cancel."""
    return less(one, -other)


_COMPARED = {
    exp.EQ: operator.eq,
    exp.NEQ: operator.ne,
    exp.LT: operator.lt,
    exp.LTE: operator.le,
    exp.GT: operator.gt,
    exp.GTE: operator.ge,
    exp.Add: more,
    exp.Sub: less,
    exp.Mul: operator.mul,
}


@lru_cache(None)
def over_rows(text: str) -> Reader:
    """Read an expression over a source: columns of its own table and of its joins."""

    def column(node: exp.Column) -> Reader:
        table, name = node.table or "base", node.name
        return lambda row: (row.get(table) or _EMPTY).get(name)

    return _read(sqlglot.parse_one(text, read="duckdb"), column)


@lru_cache(None)
def over_values(text: str) -> tuple[Reader, tuple[str, ...]]:
    """Read an expression over named values, and give the names."""
    tree = sqlglot.parse_one(text, read="duckdb")
    names = tuple(dict.fromkeys(node.name for node in tree.find_all(exp.Column)))
    return _read(tree, lambda node: lambda row, name=node.name: row[name]), names


def divided(above: Any, below: Any) -> float | None:
    """Divide; unknown where anything is unknown or the divisor is nought."""
    return None if above is None or below is None or below == 0 else float(above) / float(below)


def _read(node: exp.Expr, column: Callable[[exp.Column], Reader]) -> Reader:
    if isinstance(node, exp.Column):
        return column(node)
    if isinstance(node, exp.Paren):
        return _read(node.this, column)
    if isinstance(node, (exp.Literal, exp.Boolean, exp.Null)):
        constant = _constant(node)
        return lambda _row: constant
    for kinds, way in _WAYS:
        if isinstance(node, kinds):
            return way(node, lambda part: _read(part, column))
    raise ValueError(f"{node!r} is not in the vocabulary")


def _constant(node: exp.Expr) -> Any:
    if isinstance(node, exp.Literal):
        return node.this if node.is_string else int(node.this) if node.is_int else float(node.this)
    return bool(node.this) if isinstance(node, exp.Boolean) else None


Inner = Callable[[exp.Expr], Reader]


def _pair(node: exp.Expr, inner: Inner) -> Reader:
    left, right, way = inner(node.this), inner(node.expression), _COMPARED[type(node)]

    def read(row: Row) -> Any:
        one, other = left(row), right(row)
        return None if one is None or other is None else way(one, other)

    return read


def _quotient(node: exp.Expr, inner: Inner) -> Reader:
    left, right = inner(node.this), inner(node.expression)
    return lambda row: divided(left(row), right(row))


def _both(node: exp.Expr, inner: Inner) -> Reader:
    left, right = inner(node.this), inner(node.expression)

    def read(row: Row) -> Any:
        found = (left(row), right(row))
        return False if False in found else None if None in found else True

    return read


def _either(node: exp.Expr, inner: Inner) -> Reader:
    left, right = inner(node.this), inner(node.expression)

    def read(row: Row) -> Any:
        found = (left(row), right(row))
        return True if True in found else None if None in found else False

    return read


def _known(way: Callable[[Any], Any]) -> Callable[[exp.Expr, Inner], Reader]:
    def build(node: exp.Expr, inner: Inner) -> Reader:
        part = inner(node.this)

        def read(row: Row) -> Any:
            found = part(row)
            return None if found is None else way(found)

        return read

    return build


def _is(node: exp.Expr, inner: Inner) -> Reader:
    part, wanted = inner(node.this), inner(node.expression)
    return lambda row: part(row) is wanted(row) if wanted(row) is not None else part(row) is None


def _in(node: exp.Expr, inner: Inner) -> Reader:
    part, values = inner(node.this), [inner(value) for value in node.expressions]

    def read(row: Row) -> Any:
        found, among = part(row), [value(row) for value in values]
        if found is None:
            return None
        return True if found in among else None if None in among else False

    return read


def _between(node: exp.Expr, inner: Inner) -> Reader:
    part, low, high = (inner(node.args[name]) for name in ("this", "low", "high"))

    def read(row: Row) -> Any:
        found, least, most = part(row), low(row), high(row)
        return None if None in (found, least, most) else least <= found <= most

    return read


def _first_known(node: exp.Expr, inner: Inner) -> Reader:
    parts = [inner(part) for part in (node.this, *node.expressions)]
    return lambda row: next((value for part in parts if (value := part(row)) is not None), None)


def _extreme(way: Callable[..., Any]) -> Callable[[exp.Expr, Inner], Reader]:
    def build(node: exp.Expr, inner: Inner) -> Reader:
        parts = [inner(part) for part in (node.this, *node.expressions)]
        return lambda row: way((value for part in parts if (value := part(row)) is not None), default=None)

    return build


def _case(node: exp.Expr, inner: Inner) -> Reader:
    branches = [(inner(branch.this), inner(branch.args["true"])) for branch in node.args["ifs"]]
    other = inner(node.args["default"]) if node.args.get("default") is not None else lambda _row: None

    def read(row: Row) -> Any:
        for condition, value in branches:
            if condition(row) is True:
                return value(row)
        return other(row)

    return read


def _minutes(node: exp.Expr, inner: Inner) -> Reader:
    start, end = (inner(part) for part in node.expressions)

    def read(row: Row) -> Any:
        one, other = start(row), end(row)
        return None if one is None or other is None else (other - one).total_seconds() / 60

    return read


_WAYS: tuple[tuple[Any, Callable[[Any, Inner], Reader]], ...] = (
    (tuple(_COMPARED), _pair),
    (exp.Div, _quotient),
    (exp.And, _both),
    (exp.Or, _either),
    (exp.Not, _known(operator.not_)),
    (exp.Neg, _known(operator.neg)),
    (exp.Abs, _known(abs)),
    (exp.Is, _is),
    (exp.In, _in),
    (exp.Between, _between),
    (exp.Coalesce, _first_known),
    (exp.Least, _extreme(min)),
    (exp.Greatest, _extreme(max)),
    (exp.Case, _case),
    (exp.Anonymous, _minutes),
)
