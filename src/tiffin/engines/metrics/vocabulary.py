"""The small language of expressions in definitions, and how each dialect writes it.

Definitions are written in plain SQL, cut down to what every engine computes alike: columns, literals, comparisons,
arithmetic, ``case``, ``coalesce``, ``least``, ``greatest``, ``abs`` and ``minutes_between(from, to)``. Division is
always of doubles and gives an empty value where the divisor is nought.
"""

import difflib
from collections.abc import Callable, Iterable
from functools import reduce

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from tiffin.engines.metrics.definitions import ColumnType, Grain
from tiffin.engines.metrics.formulas import Aggregation
from tiffin.kernel.errors import InvalidDefinition
from tiffin.kernel.messages import Message

DIALECTS = ("duckdb", "spark")

Lookup = Callable[[exp.Column], ColumnType]
"""Gives the type of a column, or raises `InvalidDefinition`."""

_NUMBERS = (ColumnType.INTEGER, ColumnType.DOUBLE)
_COMPARISONS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.In, exp.Between, exp.Is)
_LOGIC = (exp.And, exp.Or, exp.Not)
_ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Neg, exp.Abs)
_CHOICES = (exp.Coalesce, exp.Least, exp.Greatest, exp.Case)
_ALLOWED = (
    exp.Column,
    exp.Identifier,
    exp.Literal,
    exp.Boolean,
    exp.Null,
    exp.Paren,
    exp.If,
    exp.Div,
    *_COMPARISONS,
    *_LOGIC,
    *_ARITHMETIC,
    *_CHOICES,
)
_FUNCTIONS = ("minutes_between",)
WORDS = (*_FUNCTIONS, "abs", "case", "coalesce", "least", "greatest")


def near(name: str, known: Iterable[str]) -> str:
    """Say which known names are near a wrong one, as a sentence; empty when none is."""
    matches = difflib.get_close_matches(name, sorted(known), n=3, cutoff=0.55)
    if not matches:
        return ""
    *others, last = matches
    names = Message("{names} or {last}", names=", ".join(others), last=last) if others else last
    return Message(" Did you mean {names}?", names=names)


def _near(error: SqlglotError) -> str:
    """Tell where an expression ceases to be one, without the words of the library that reads it."""
    places = getattr(error, "errors", None) or [{}]
    found = places[0].get("highlight")
    return f": it breaks off or goes wrong at {found!r}" if found else ""


def parse(text: str) -> exp.Expr:
    """Read one expression of the vocabulary.

    Raises
    ------
    InvalidDefinition
        It is not an expression, or uses a word that is not in the vocabulary.
    """
    try:
        tree = sqlglot.parse_one(str(text), read="duckdb")
    except SqlglotError as error:
        raise InvalidDefinition(f"{text!r} is not an expression{_near(error)}.") from error
    for node in tree.walk():
        _refuse_strangers(node, text)
    return tree


def _refuse_strangers(node: exp.Expr, text: str) -> None:
    if isinstance(node, exp.Anonymous):
        name = node.name.lower()
        if name in _FUNCTIONS and len(node.expressions) == 2:  # noqa: PLR2004 - from and to
            return
        raise InvalidDefinition(
            f"{text!r} calls {name}(), which is not in the vocabulary of {', '.join(WORDS)}.{near(name, WORDS)}"
        )
    if not isinstance(node, _ALLOWED):
        raise InvalidDefinition(
            f"{text!r} uses {type(node).__name__.lower()}, which is not in the vocabulary: "
            f"comparisons, arithmetic and {', '.join(WORDS)}."
        )


def columns_of(tree: exp.Expr) -> tuple[exp.Column, ...]:
    """List the columns that an expression reads."""
    return tuple(tree.find_all(exp.Column))


def type_of(tree: exp.Expr, lookup: Lookup) -> ColumnType:  # noqa: C901, PLR0911 - one line a kind of node
    """Tell what an expression gives.

    Raises
    ------
    InvalidDefinition
        A column is unknown, or a number was needed where there is none.
    """
    if isinstance(tree, exp.Column):
        return lookup(tree)
    if isinstance(tree, exp.Literal):
        return _type_of_literal(tree)
    if isinstance(tree, (exp.Boolean, *_COMPARISONS, *_LOGIC)):
        for column in columns_of(tree):
            lookup(column)
        return ColumnType.BOOLEAN
    if isinstance(tree, exp.Paren):
        return type_of(tree.this, lookup)
    if isinstance(tree, exp.Div):
        _need_numbers([tree.this, tree.expression], lookup, tree)
        return ColumnType.DOUBLE
    if isinstance(tree, _ARITHMETIC):
        return _need_numbers([part for part in (tree.this, tree.args.get("expression")) if part], lookup, tree)
    if isinstance(tree, exp.Anonymous):
        _need(tree.expressions, lookup, (ColumnType.INSTANT,), tree)
        return ColumnType.DOUBLE
    return _type_of_choice(tree, lookup)


def _type_of_literal(tree: exp.Literal) -> ColumnType:
    if tree.is_string:
        return ColumnType.TEXT
    return ColumnType.INTEGER if tree.is_int else ColumnType.DOUBLE


def _type_of_choice(tree: exp.Expr, lookup: Lookup) -> ColumnType:
    if isinstance(tree, exp.Case):
        for branch in tree.args["ifs"]:
            type_of(branch.this, lookup)
        parts = [branch.args["true"] for branch in tree.args["ifs"]] + [tree.args.get("default")]
    else:
        parts = [tree.this, *tree.expressions]
    types = [type_of(part, lookup) for part in parts if part is not None and not isinstance(part, exp.Null)]
    return reduce(_wider, types) if types else ColumnType.TEXT


def _wider(left: ColumnType, right: ColumnType) -> ColumnType:
    if left in _NUMBERS and right in _NUMBERS and left != right:
        return ColumnType.DOUBLE
    return left


def _need_numbers(parts: list[exp.Expr], lookup: Lookup, whole: exp.Expr) -> ColumnType:
    _need(parts, lookup, _NUMBERS, whole)
    return reduce(_wider, [type_of(part, lookup) for part in parts])


def _need(parts: list[exp.Expr], lookup: Lookup, wanted: tuple[ColumnType, ...], whole: exp.Expr) -> None:
    for part in parts:
        found = type_of(part, lookup)
        if found not in wanted:
            raise InvalidDefinition(
                f"In {whole.sql('duckdb')!r}, {part.sql('duckdb')!r} is {found}; {' or '.join(wanted)} was expected."
            )


def write(tree: exp.Expr, dialect: str) -> exp.Expr:
    """Turn an expression of the vocabulary into one of a dialect."""
    root = tree.copy()
    for node in reversed(list(root.walk())):
        written = _written(node, dialect)
        if node is root:
            root = written
        elif written is not node:
            node.replace(written)
    return root


def _written(node: exp.Expr, dialect: str) -> exp.Expr:
    if isinstance(node, exp.Div):
        return _divided(node.this, node.expression)
    if isinstance(node, exp.Literal) and not node.is_string and not node.is_int:
        return _double(node.copy())
    if isinstance(node, exp.Anonymous):
        return exp.paren(_minutes_between(*node.expressions, dialect=dialect), copy=False)
    return node


def _divided(above: exp.Expr, below: exp.Expr) -> exp.Expr:
    divisor = (
        below.copy()
        if isinstance(below, exp.Literal) and float(below.this)
        else exp.Nullif(this=_in_brackets(below).copy(), expression=exp.Literal.number(0))
    )
    return exp.Div(this=_double(above.copy()), expression=divisor, typed=False, safe=False)


def _in_brackets(tree: exp.Expr) -> exp.Expr:
    return tree.this if isinstance(tree, exp.Paren) else tree


def _double(tree: exp.Expr) -> exp.Expr:
    return exp.Cast(this=_in_brackets(tree), to=exp.DataType.build("double"))


_MICROSECONDS = {"duckdb": "EPOCH_US", "spark": "UNIX_MICROS"}


def micros_sql(sql: str, dialect: str) -> str:
    """Write an instant as microseconds since 1970."""
    return f"{_MICROSECONDS[dialect]}({sql})"


def _minutes_between(start: exp.Expr, end: exp.Expr, *, dialect: str) -> exp.Expr:
    name = _MICROSECONDS[dialect]
    span = exp.Sub(
        this=exp.Anonymous(this=name, expressions=[end.copy()]),
        expression=exp.Anonymous(this=name, expressions=[start.copy()]),
    )
    return exp.Div(this=_double(span), expression=exp.Literal.number(60_000_000), typed=False, safe=False)


def grain_sql(day_sql: str, grain: Grain, dialect: str) -> str:
    """Write the period in which a business date lies: its first day, or for weekdays ISO's number (Monday 1)."""
    if grain is Grain.WEEKDAY:
        # Not WEEKDAY: Sail 0.7 says -1 on Sundays, where Spark says 6.
        return f"ISODOW({day_sql})" if dialect == "duckdb" else f"((DAYOFWEEK({day_sql}) + 5) % 7 + 1)"
    if dialect == "duckdb":
        return f"CAST(DATE_TRUNC('{grain}', {day_sql}) AS DATE)"
    return f"TRUNC({day_sql}, '{grain.upper()}')"


def aggregate_sql(
    aggregation: Aggregation,
    *,
    of: tuple[str, ...],
    where: str | None,
    quantile: float | None,
    result: ColumnType,
    dialect: str,
    is_approximate: bool = False,
) -> str:
    """Write an aggregate over rows that meet a filter.

    Parameters
    ----------
    is_approximate : bool
        Distinct counts and percentiles are estimated by sketches, each engine by its own.

    Notes
    -----
    Percentiles are exact unless asked otherwise, and interpolate between neighbours (Hyndman and Fan 1996, definition
    7).
    """
    filtered = where
    if aggregation is Aggregation.COUNT and where and not of:
        # A tenth cheaper than FILTER in DuckDB. Not COUNT_IF: DuckDB's gives nothing, not 0, where no row is known.
        return f"COUNT(CASE WHEN {where} THEN 1 END)"
    if aggregation is Aggregation.COUNT:
        body = f"COUNT({of[0]})" if of else "COUNT(*)"
    elif aggregation is Aggregation.COUNT_DISTINCT:
        body, filtered = _distinct(of, where, dialect, is_approximate=is_approximate)
    elif aggregation is Aggregation.PERCENTILE:
        exact, estimate = _PERCENTILES[dialect]
        body = f"{estimate if is_approximate else exact}({of[0]}, {quantile!r})"
    else:
        body = f"{_PLAIN[aggregation]}({of[0]})"
    sql = f"{body} FILTER (WHERE {filtered})" if filtered else body
    return f"CAST({sql} AS BIGINT)" if aggregation is Aggregation.SUM and result is ColumnType.INTEGER else sql


_PLAIN = {
    Aggregation.SUM: "SUM",
    Aggregation.MEAN: "AVG",
    Aggregation.MINIMUM: "MIN",
    Aggregation.MAXIMUM: "MAX",
}


_PERCENTILES = {"duckdb": ("QUANTILE_CONT", "APPROX_QUANTILE"), "spark": ("PERCENTILE", "PERCENTILE_APPROX")}


def _distinct(of: tuple[str, ...], where: str | None, dialect: str, *, is_approximate: bool) -> tuple[str, str | None]:
    if is_approximate:
        whole = of[0] if len(of) == 1 else f"{'ROW' if dialect == 'duckdb' else 'STRUCT'}({', '.join(of)})"
        present = " AND ".join(f"{part} IS NOT NULL" for part in of)
        return f"APPROX_COUNT_DISTINCT({whole})", f"({where}) AND {present}" if where else present
    if len(of) == 1:
        return f"COUNT(DISTINCT {of[0]})", where
    if dialect == "spark":
        return f"COUNT(DISTINCT {', '.join(of)})", where
    present = " AND ".join(f"{part} IS NOT NULL" for part in of)
    return f"COUNT(DISTINCT ({', '.join(of)}))", f"({where}) AND {present}" if where else present


TYPE_SQL = {
    ColumnType.TEXT: {"duckdb": "VARCHAR", "spark": "STRING"},
    ColumnType.INTEGER: {"duckdb": "BIGINT", "spark": "BIGINT"},
    ColumnType.DOUBLE: {"duckdb": "DOUBLE", "spark": "DOUBLE"},
    ColumnType.BOOLEAN: {"duckdb": "BOOLEAN", "spark": "BOOLEAN"},
    ColumnType.DATE: {"duckdb": "DATE", "spark": "DATE"},
    ColumnType.INSTANT: {"duckdb": "TIMESTAMPTZ", "spark": "TIMESTAMP"},
}
