"""Arithmetic of numbers and durations where it is exact, within the digits of FEEL's numbers and of decimals."""

from decimal import Decimal

from sqlglot import exp

from tiffin.engines.decisions.feel.numbers import CONTEXT, DIGITS
from tiffin.engines.decisions.sql.columns import SPAN, ColumnType, Dialect, NotPushed, Pushed, Shape, cast
from tiffin.engines.decisions.sql.comparing import micros
from tiffin.engines.decisions.sql.literals import MICROS, constant, integer
from tiffin.engines.decisions.sql.values import brought_to, is_number, numbers_type

_DAY_MICROS = 86_400 * MICROS
_WIDEST = 37
"""Digits of both factors together: one fewer than the widest decimal, as Spark counts."""
_DURATIONS = (Shape.SPAN, Shape.MONTHS)


def computed(operator: str, left: Pushed, right: Pushed, dialect: Dialect) -> Pushed:
    """Write one of ``+ - *`` of two values.

    Raises
    ------
    NotPushed
        When the result may have more digits than are exact, or is no number and no duration.
    """
    if is_number(left.type) and is_number(right.type):
        return _product(left, right) if operator == "*" else _sum(operator, left, right)
    if operator in "+-" and left.type.shape in _DURATIONS and left.type == right.type:
        return Pushed(_joined(operator, left.sql, right.sql), left.type)
    if operator == "-" and left.type == right.type and left.type.shape in (Shape.DATE, Shape.INSTANT, Shape.TIME):
        return _difference(left, right, dialect)
    raise NotPushed(
        f"{left.type.shape} {operator} {right.type.shape} is left to the single decision; numbers that are computed "
        "with have to be whole or decimals, and of dates and times only differences are computed."
    )


def divided(value: Pushed, by: object) -> Pushed:
    """Divide a number by a constant whose reciprocal is exact, such as 100.

    Raises
    ------
    NotPushed
        When the quotient may be rounded.
    """
    if isinstance(by, Decimal) and by != 0 and is_number(value.type):
        reciprocal = CONTEXT.divide(Decimal(1), by)
        if CONTEXT.multiply(reciprocal, by) == 1 and len(reciprocal.as_tuple().digits) < DIGITS:
            return _product(value, Pushed(*constant(reciprocal)))
    raise NotPushed(
        "A quotient is exact only by a constant such as 2, 10 or 100; others are left to the single decision."
    )


def negated(value: Pushed) -> Pushed:
    """Write minus a number or duration."""
    if not is_number(value.type) and value.type.shape not in _DURATIONS:
        raise NotPushed(f"Minus a {value.type.shape} is left to the single decision.")
    return Pushed(exp.Paren(this=exp.Neg(this=exp.Paren(this=value.sql.copy()))), value.type)


def absolute(value: Pushed) -> Pushed:
    """Write a number or duration without its sign."""
    if not is_number(value.type) and value.type.shape not in _DURATIONS:
        raise NotPushed(f"The absolute value of a {value.type.shape} is left to the single decision.")
    return Pushed(exp.func("ABS", value.sql.copy()), value.type)


def exact_type(digits: int, scale: int) -> ColumnType:
    """Give the type of a number that is computed.

    Raises
    ------
    NotPushed
        When FEEL might round it.
    """
    if digits + scale > DIGITS:
        raise NotPushed(
            f"A result may have {digits + scale} digits, of which FEEL keeps {DIGITS}; state how many digits the "
            "columns that it is computed of have at most."
        )
    return numbers_type(digits, scale, "A result")


def _sum(operator: str, left: Pushed, right: Pushed) -> Pushed:
    digits, scale = max(left.type.digits, right.type.digits) + 1, max(left.type.scale, right.type.scale)
    kind = exact_type(digits, scale)
    found = _joined(operator, brought_to(left, kind), brought_to(right, kind))
    return Pushed(cast(found, kind.sql), kind)


def _product(left: Pushed, right: Pushed) -> Pushed:
    kind = exact_type(left.type.digits + right.type.digits, left.type.scale + right.type.scale)
    if kind.shape is Shape.WHOLE:
        return Pushed(_joined("*", left.sql, right.sql), kind)
    narrow = max(right.type.digits + right.type.scale, 1)
    # A wide factor: DuckDB keeps a product of two narrow decimals within 18 digits, whatever it needs.
    wide = exp.DataType.build(f"DECIMAL({_WIDEST - narrow}, {left.type.scale})")
    other = cast(right.sql.copy(), exp.DataType.build(f"DECIMAL({narrow}, {right.type.scale})"))
    return Pushed(cast(_joined("*", cast(left.sql.copy(), wide), other), kind.sql), kind)


def _difference(left: Pushed, right: Pushed, dialect: Dialect) -> Pushed:
    if left.type.shape is Shape.DATE:
        days = cast(exp.DateDiff(this=left.sql.copy(), expression=right.sql.copy(), unit=exp.var("DAY")), "bigint")
        return Pushed(exp.Paren(this=exp.Mul(this=days, expression=integer(_DAY_MICROS))), SPAN)
    one, other = (micros(each.sql, dialect) if each.type.shape is Shape.INSTANT else each.sql for each in (left, right))
    return Pushed(_joined("-", one, other), SPAN)


def _joined(operator: str, left: exp.Expr, right: exp.Expr) -> exp.Expr:
    kind = {"+": exp.Add, "-": exp.Sub, "*": exp.Mul}[operator]
    one, other = (
        exp.Paren(this=each.copy()) if isinstance(each, exp.Binary) else each.copy() for each in (left, right)
    )
    return exp.Paren(this=kind(this=one, expression=other))
