"""Values of one type from values of several, and constants looked up by the number of a row."""

from collections.abc import Iterable, Mapping, Sequence

from sqlglot import exp

from tiffin.engines.decisions.feel.types import Kind
from tiffin.engines.decisions.feel.values import Value
from tiffin.engines.decisions.sql.columns import BIGINT_DIGITS, ColumnType, Dialect, NotPushed, Pushed, Shape, cast
from tiffin.engines.decisions.sql.literals import constant, integer

MAX_DIGITS = 38
"""Digits of the widest decimal of both engines."""
_NUMBERS = (Shape.WHOLE, Shape.DECIMAL)


def pushed(value: Value) -> Pushed | None:
    """Write a constant; None for null, which has no type of its own."""
    return None if value is None else Pushed(*constant(value))


def common_type(types: Iterable[ColumnType], what: str) -> ColumnType | None:
    """Give the type that holds values of all these types exactly; None where there are none.

    Raises
    ------
    NotPushed
        When there is no such type.
    """
    found = list(types)
    if not found:
        return None
    if all(one.shape in _NUMBERS for one in found):
        return _common_number(found, what)
    if len({one.shape for one in found}) > 1:
        names = ", ".join(sorted({one.shape.value for one in found}))
        raise NotPushed(f"{what} would be of several types ({names}); a column has one.")
    return found[0]


def brought_to(one: Pushed | None, kind: ColumnType) -> exp.Expr:
    """Write a value as one of a type that holds it; None is null."""
    if one is None:
        return exp.null()
    return one.sql.copy() if one.type == kind or kind.shape not in _NUMBERS else cast(one.sql.copy(), kind.sql)


def numbers_type(digits: int, scale: int, what: str) -> ColumnType:
    """Give the type of numbers with so many digits before and behind the point."""
    if scale == 0 and digits < BIGINT_DIGITS:
        return ColumnType(Shape.WHOLE, digits)
    if digits + scale > MAX_DIGITS:
        raise NotPushed(f"{what} may have {digits + scale} digits; a decimal column has {MAX_DIGITS} at most.")
    return ColumnType(Shape.DECIMAL, digits, scale)


def looked_up(values: Sequence[exp.Expr], number: exp.Expr, kind: ColumnType, dialect: Dialect) -> exp.Expr:
    """Write one of several constants of a type, by its number from 1."""
    if len(set(values)) == 1:
        return cast(values[0].copy(), kind.sql) if isinstance(values[0], exp.Null) else values[0].copy()
    listed = exp.Array(expressions=[one.copy() for one in values])
    return exp.Anonymous(this=_ITEM[dialect], expressions=[listed, number])


_ITEM: Mapping[Dialect, str] = {"duckdb": "LIST_EXTRACT", "spark": "ELEMENT_AT"}


def plus(one: exp.Expr, number: int) -> exp.Expr:
    """Add a whole number."""
    return exp.Add(this=one, expression=integer(number))


def is_number(kind: ColumnType) -> bool:
    """Tell whether values of a type are numbers that SQL can compute with exactly."""
    return kind.kind is Kind.NUMBER and kind.shape is not Shape.DOUBLE


def _common_number(types: Sequence[ColumnType], what: str) -> ColumnType:
    digits, scale = max(one.digits for one in types), max(one.scale for one in types)
    if all(one.shape is Shape.WHOLE for one in types):
        return ColumnType(Shape.WHOLE, digits)
    return numbers_type(digits, scale, what) if scale else ColumnType(Shape.DECIMAL, digits, 0)
