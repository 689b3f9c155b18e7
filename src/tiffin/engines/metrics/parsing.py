"""The small language of expressions in definitions: read, typed, and written in each dialect.

Definitions are written in plain SQL, cut down to what every engine computes alike: columns, literals, comparisons,
arithmetic, ``case``, ``coalesce``, ``least``, ``greatest``, ``abs`` and ``minutes_between(from, to)``. Division is
always of doubles and gives an empty value where the divisor is nought, or a sum or difference of which rounding alone
is left.
"""

from collections.abc import Callable
from functools import reduce

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from tiffin.engines.metrics.definitions import ColumnType
from tiffin.engines.metrics.parsed import KEPT_IN, Column, Told
from tiffin.engines.metrics.vocabulary import FUNCTIONS, MICROSECONDS, WORDS, near
from tiffin.kernel.errors import InvalidDefinition

Lookup = Callable[[exp.Column], ColumnType]
"""Gives the type of a column, or raises `InvalidDefinition`."""

_NUMBERS = (ColumnType.INTEGER, ColumnType.DOUBLE)
_COMPARISONS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.In, exp.Between, exp.Is)
_LOGIC = (exp.And, exp.Or, exp.Not)
_ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Neg, exp.Abs)
_SIZED = (exp.Mul, exp.Neg, exp.Abs, exp.Paren)
ROUNDING = "1e-12"
"""Share of two numbers' size up to which their difference is put down to rounding."""
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
        if name in FUNCTIONS and len(node.expressions) == 2:  # noqa: PLR2004 - from and to
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


def told_of(tree: exp.Expr) -> Told:
    """Tell what of an expression is kept beside its tree."""
    columns = tuple(Column(column.table, column.name) for column in columns_of(tree))
    return Told(tree.sql("duckdb"), text_of(tree, KEPT_IN), columns, isinstance(tree, exp.Column), _conditional(tree))


def _conditional(tree: exp.Expr) -> tuple[Told, Told] | None:
    if not isinstance(tree, exp.Case) or tree.this or tree.args.get("default") or len(tree.args["ifs"]) > 1:
        return None
    (found,) = tree.args["ifs"]
    return told_of(found.this), told_of(found.args["true"])


def text_of(tree: exp.Expr, dialect: str) -> str:
    """Write an expression of the vocabulary in a dialect."""
    return str(write(tree, dialect).sql(dialect))


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
    return exp.Div(this=_double(above.copy()), expression=_divisor(_in_brackets(below)), typed=False, safe=False)


def _divisor(tree: exp.Expr) -> exp.Expr:
    """Write a divisor that is empty where it is nought.

    Notes
    -----
    The difference of two equal means is nought, but computed from doubles a few of their last bits may be left: 1e-16
    where the means were 3. What agrees to twelve digits is therefore equal here.
    """
    if isinstance(tree, exp.Literal) and float(tree.this):
        return tree.copy()
    if not _may_cancel(tree):
        return exp.Nullif(this=tree.copy(), expression=exp.Literal.number(0))
    least = exp.Mul(this=exp.Literal.number(ROUNDING), expression=_size(tree))
    is_more = exp.GT(this=exp.Abs(this=tree.copy()), expression=least)
    return exp.Case(ifs=[exp.If(this=is_more, true=tree.copy())])


def _may_cancel(tree: exp.Expr) -> bool:
    if isinstance(tree, (exp.Add, exp.Sub)):
        return True
    return isinstance(tree, _SIZED) and any(_may_cancel(part) for part in (tree.this, tree.expression) if part)


def _size(tree: exp.Expr) -> exp.Expr:
    """Write how large the numbers were of which a divisor was made."""
    if isinstance(tree, (exp.Add, exp.Sub)):
        return exp.Greatest(this=_size(tree.this), expressions=[_size(tree.expression)])
    if isinstance(tree, exp.Mul):
        return exp.Mul(this=_size(tree.this), expression=_size(tree.expression))
    if isinstance(tree, _SIZED):
        return _size(tree.this)
    return exp.Abs(this=_double(tree.copy()))


def _in_brackets(tree: exp.Expr) -> exp.Expr:
    return tree.this if isinstance(tree, exp.Paren) else tree


def _double(tree: exp.Expr) -> exp.Expr:
    return exp.Cast(this=_in_brackets(tree), to=exp.DataType.build("double"))


def _minutes_between(start: exp.Expr, end: exp.Expr, *, dialect: str) -> exp.Expr:
    name = MICROSECONDS[dialect]
    span = exp.Sub(
        this=exp.Anonymous(this=name, expressions=[end.copy()]),
        expression=exp.Anonymous(this=name, expressions=[start.copy()]),
    )
    return exp.Div(this=_double(span), expression=exp.Literal.number(60_000_000), typed=False, safe=False)
