"""What a column of cases has to be, so that SQL decides it exactly as FEEL does."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from sqlglot import exp

from tiffin.engines.decisions.feel.numbers import DIGITS
from tiffin.engines.decisions.feel.types import Kind
from tiffin.kernel.errors import InvalidDefinition

BIGINT_DIGITS = 19

Dialect = Literal["duckdb", "spark"]
"""The SQLGlot dialect of an engine."""


class NotPushed(InvalidDefinition):
    """SQL would not say exactly what FEEL says; the message tells of what."""


class Shape(StrEnum):
    """How a value of FEEL lies in a column.

    ``TIME`` is a bigint of microseconds since midnight on a clock of no known offset, ``SPAN`` one of microseconds,
    ``MONTHS`` one of months, since not every engine has a type of its own for them.
    """

    WHOLE = "bigint"
    DECIMAL = "decimal"
    DOUBLE = "double"
    TEXT = "varchar"
    BOOLEAN = "boolean"
    DATE = "date"
    INSTANT = "timestamp"
    TIME = "time"
    SPAN = "duration"
    MONTHS = "months"


KINDS: Mapping[Shape, Kind] = {
    Shape.WHOLE: Kind.NUMBER,
    Shape.DECIMAL: Kind.NUMBER,
    Shape.DOUBLE: Kind.NUMBER,
    Shape.TEXT: Kind.STRING,
    Shape.BOOLEAN: Kind.BOOLEAN,
    Shape.DATE: Kind.DATE,
    Shape.INSTANT: Kind.DATE_TIME,
    Shape.TIME: Kind.TIME,
    Shape.SPAN: Kind.DAYS,
    Shape.MONTHS: Kind.YEARS,
}
COUNTED = (Shape.WHOLE, Shape.TIME, Shape.SPAN, Shape.MONTHS)
"""Shapes that lie in a bigint."""


@dataclass(frozen=True, slots=True)
class ColumnType:
    """The type of a column or of an expression over columns.

    Parameters
    ----------
    digits : int
        Digits that a number may have before its point; 0 for what is no number.
    scale : int
        Digits behind the point of a decimal.
    """

    shape: Shape
    digits: int = 0
    scale: int = 0

    @property
    def kind(self) -> Kind:
        """Its type in FEEL."""
        return KINDS[self.shape]

    @property
    def sql(self) -> exp.DataType:
        """Its type in SQL."""
        if self.shape is Shape.DECIMAL:
            return exp.DataType.build(f"DECIMAL({max(self.digits + self.scale, 1)}, {self.scale})")
        return exp.DataType.build(_SQL.get(self.shape, "BIGINT"))


_SQL = {
    Shape.DOUBLE: "DOUBLE",
    Shape.TEXT: "TEXT",
    Shape.BOOLEAN: "BOOLEAN",
    Shape.DATE: "DATE",
    Shape.INSTANT: "TIMESTAMPTZ",
}

WHOLE = ColumnType(Shape.WHOLE, BIGINT_DIGITS)
DOUBLE = ColumnType(Shape.DOUBLE)
TEXT = ColumnType(Shape.TEXT)
BOOLEAN = ColumnType(Shape.BOOLEAN)
DATE = ColumnType(Shape.DATE)
INSTANT = ColumnType(Shape.INSTANT)
TIME = ColumnType(Shape.TIME)
SPAN = ColumnType(Shape.SPAN)
MONTHS = ColumnType(Shape.MONTHS)


def decimal_type(precision: int, scale: int) -> ColumnType:
    """Give the type of a column ``DECIMAL(precision, scale)``.

    Raises
    ------
    NotPushed
        When it may hold more digits than FEEL's numbers have.
    """
    if precision > DIGITS:
        raise NotPushed(
            f"A decimal of {precision} digits may be rounded by FEEL, whose numbers have {DIGITS}; "
            f"make the column a decimal of {DIGITS} digits at most."
        )
    return ColumnType(Shape.DECIMAL, precision - scale, scale)


@dataclass(frozen=True, slots=True)
class Pushed:
    """A value of FEEL as an expression of SQL."""

    sql: exp.Expr
    type: ColumnType


def cast(one: exp.Expr, kind: exp.DataType | str) -> exp.Expr:
    """Write a value as one of a type.

    SQLGlot's own function leaves a cast to another precision out, as if decimals were all of one type.
    """
    return exp.Cast(this=one, to=kind if isinstance(kind, exp.DataType) else exp.DataType.build(kind))


def column(name: str, kind: ColumnType) -> Pushed:
    """Name a column of the cases."""
    return Pushed(exp.column(name, quoted=True), kind)
