"""Constants of FEEL beside a column: the comparison that SQL can make exactly, and the constant as SQL."""

from collections.abc import Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import NamedTuple

from sqlglot import exp

from tiffin.engines.decisions.feel.calendar import Date, DateTime, Time, from_ordinal, seconds_of
from tiffin.engines.decisions.feel.durations import Days, Years
from tiffin.engines.decisions.feel.values import KIND_OF, Value, described
from tiffin.engines.decisions.sql.columns import ColumnType, NotPushed, Shape, cast

MICROS = 1_000_000
DOUBLE_DIGITS = 15
"""A decimal of so many digits is told exactly by the double nearest to it, and by no other."""
GREATEST_DOUBLE = "1.7976931348623157E308"
_DOUBLE_REACH = 300
_BIGINT = 2**63
_FIRST_DAY, _LAST_DAY = Date(1, 1, 1).ordinal, Date(9999, 12, 31).ordinal
_DAY_S = 86_400


class Edge(NamedTuple):
    """A comparison with a constant that the column can hold."""

    operator: str
    value: exp.Expr


Compared = Edge | bool
"""A comparison, or whether every value passes, or none."""


def compared(operator: str, kind: ColumnType, value: Value) -> tuple[Compared, ...]:
    """Bring ``= < <= > >=`` a constant to comparisons of a column that all have to hold.

    A constant between two values that the column can hold becomes one of them: of whole numbers, ``> 2.5`` is ``>= 3``.

    Raises
    ------
    NotPushed
        When column and constant are of different types, or the constant is not exact in the column's.
    """
    if KIND_OF.get(type(value)) != kind.kind:
        raise NotPushed(f"A column of type {kind.shape} cannot be compared with a {described(value)}.")
    if kind.shape in (Shape.TEXT, Shape.DOUBLE):
        return (Edge(operator, text_literal(value) if kind.shape is Shape.TEXT else _double(value)),)
    if kind.shape is Shape.BOOLEAN:
        return (Edge(operator, exp.convert(value)),)
    if kind.shape in (Shape.INSTANT, Shape.TIME):
        return _second(operator, kind, value)
    return _tightened(operator, kind, _steps(kind, value))


def constant(value: Value) -> tuple[exp.Expr, ColumnType]:
    """Write a constant as SQL, in the narrowest type that holds it.

    Raises
    ------
    NotPushed
        When no type of a column holds it exactly.
    """
    if isinstance(value, Decimal):
        return _number(value)
    shape = _SHAPES.get(type(value))
    if shape is None:
        raise NotPushed(f"A {described(value)} has no column type.")
    kind = ColumnType(shape)
    if shape is Shape.TEXT:
        return text_literal(value), kind
    if shape is Shape.BOOLEAN:
        return exp.convert(value), kind
    count = _count(kind, value)
    if not _in_reach(kind, count):
        raise NotPushed(f"The constant {value} lies beyond what a column of type {shape} can hold.")
    return _written(kind, count), kind


def integer(number: int) -> exp.Expr:
    """Write a whole number."""
    return exp.Literal.number(number) if number >= 0 else exp.Paren(this=exp.Neg(this=exp.Literal.number(-number)))


def greatest_double(sign: int = 1) -> exp.Expr:
    """Write the greatest finite double, or the least."""
    number = exp.Literal.number(GREATEST_DOUBLE)
    return number if sign > 0 else exp.Neg(this=number)


def _number(value: Decimal) -> tuple[exp.Expr, ColumnType]:
    plain = value.normalize() if value else Decimal(0)
    exponent = plain.as_tuple().exponent
    scale = max(-exponent, 0) if isinstance(exponent, int) else 0
    digits = max(plain.adjusted() + 1, 0)
    if digits + scale > _MAX_CONSTANT:
        raise NotPushed(f"The number {value} has more digits than a decimal column holds exactly.")
    if scale == 0 and abs(plain) < _BIGINT:
        return integer(int(plain)), ColumnType(Shape.WHOLE, max(digits, 1))
    kind = ColumnType(Shape.DECIMAL, digits, scale)
    return cast(exp.Literal.string(format(plain, "f")), kind.sql), kind


_MAX_CONSTANT = 34


def text_literal(value: str) -> exp.Expr:
    """Write a text.

    Raises
    ------
    NotPushed
        When it holds signs that engines read differently.
    """
    if any(sign < " " and sign not in "\t\n\r" for sign in value) or "\ufffd" in value:
        raise NotPushed(f"The text {value!r:.60} holds signs that engines read differently.")
    return exp.Literal.string(value)


def _double(value: Decimal) -> exp.Expr:
    plain = value.normalize()
    if len(plain.as_tuple().digits) > DOUBLE_DIGITS or abs(plain.adjusted()) > _DOUBLE_REACH:
        raise NotPushed(
            f"The number {value} has more than {DOUBLE_DIGITS} digits, so that a column of type double may not tell it "
            "from its neighbours; make the column a decimal."
        )
    number = exp.Literal.number(f"{abs(plain):E}" if "E" in f"{abs(plain):E}" else f"{abs(plain)}E0")
    return exp.Paren(this=exp.Neg(this=number)) if plain < 0 else number


def _second(operator: str, kind: ColumnType, value: DateTime | Time) -> tuple[Compared, ...]:
    """Compare by whole seconds, as FEEL does."""
    known, second = seconds_of(value)
    if known != (kind.shape is Shape.INSTANT):
        told = "has to tell its offset" if kind.shape is Shape.INSTANT else "may tell no offset"
        raise NotPushed(f"What a column of type {kind.shape} is compared with {told}; {value} was found.")
    if operator == "=":
        return (*_second(">=", kind, value), *_second("<=", kind, value))
    edge = {"<": ("<", second), "<=": ("<", second + 1), ">": (">=", second + 1), ">=": (">=", second)}
    relation, at = edge[operator]
    return _tightened(relation, kind, Decimal(at * MICROS))


def _tightened(operator: str, kind: ColumnType, steps: Decimal) -> tuple[Compared, ...]:
    """Compare with a number of steps of the column, which need not be whole nor in the column's reach."""
    if operator == "=":
        exact = steps == steps.to_integral_value() and _in_reach(kind, int(steps))
        return (Edge("=", _written(kind, int(steps))) if exact else False,)
    upwards = operator in (">", ">=")
    whole = int(steps.to_integral_value(ROUND_CEILING if upwards else ROUND_FLOOR))
    if not _in_reach(kind, whole):
        return ((whole < 0) == upwards,)
    relation = operator if whole == steps else operator[0] + "="
    return (Edge(relation, _written(kind, whole)),)


def _steps(kind: ColumnType, value: Value) -> Decimal:
    if isinstance(value, Decimal):
        return value.scaleb(kind.scale)
    if isinstance(value, Days):
        return Decimal(value.nanos) / 1000
    return Decimal(_count(kind, value))


def _count(kind: ColumnType, value: Value) -> int:
    """Give the number with which a value stands in a column of this shape."""
    if isinstance(value, Date):
        return value.ordinal
    if isinstance(value, Years):
        return value.months
    if isinstance(value, Days):
        micros, rest = divmod(value.nanos, 1000)
        if rest:
            raise NotPushed(f"The duration {value} is finer than a microsecond.")
        return micros
    known, second = seconds_of(value)
    nanos = value.nano if isinstance(value, Time) else value.time.nano
    if known != (kind.shape is Shape.INSTANT) or nanos % 1000:
        raise NotPushed(f"{value} cannot be a value of a column of type {kind.shape}.")
    return second * MICROS + nanos // 1000


def _in_reach(kind: ColumnType, count: int) -> bool:
    if kind.shape is Shape.DATE:
        return _FIRST_DAY <= count <= _LAST_DAY
    if kind.shape is Shape.INSTANT:
        return _FIRST_DAY * _DAY_S * MICROS <= count < (_LAST_DAY + 1) * _DAY_S * MICROS
    if kind.shape is Shape.DECIMAL:
        return bool(abs(count) < 10 ** (kind.digits + kind.scale))
    return -_BIGINT < count < _BIGINT


def _written(kind: ColumnType, count: int) -> exp.Expr:
    if kind.shape is Shape.DECIMAL:
        return cast(exp.Literal.string(format(Decimal(count).scaleb(-kind.scale), "f")), kind.sql)
    if kind.shape is Shape.DATE:
        return cast(exp.Literal.string(str(from_ordinal(count))), kind.sql)
    if kind.shape is Shape.INSTANT:
        second, micros = divmod(count, MICROS)
        days, of_day = divmod(second, _DAY_S)
        clock = f"{of_day // 3600:02d}:{of_day // 60 % 60:02d}:{of_day % 60:02d}.{micros:06d}"
        return cast(exp.Literal.string(f"{from_ordinal(days)} {clock}+00:00"), kind.sql)
    return integer(count)


_SHAPES: Mapping[type, Shape] = {
    str: Shape.TEXT,
    bool: Shape.BOOLEAN,
    Date: Shape.DATE,
    DateTime: Shape.INSTANT,
    Time: Shape.TIME,
    Days: Shape.SPAN,
    Years: Shape.MONTHS,
}
