"""Rounding numbers to digits behind the point, each way that FEEL has."""

from decimal import Decimal

from sqlglot import exp

from tiffin.engines.decisions.sql.arithmetic import computed, exact_type
from tiffin.engines.decisions.sql.columns import ColumnType, Dialect, NotPushed, Pushed, Shape, cast
from tiffin.engines.decisions.sql.literals import constant, integer
from tiffin.engines.decisions.sql.values import is_number

ROUNDINGS = ("floor", "ceiling", "round up", "round down", "round half up", "round half down", "decimal")
_MOST = 18


def rounded(name: str, value: Pushed, scale: object, dialect: Dialect) -> Pushed:
    """Round a number by one of `ROUNDINGS`.

    Raises
    ------
    NotPushed
        When it is no whole number or decimal, or the scale no constant from 0 to 18.
    """
    digits = int(scale) if isinstance(scale, Decimal) and scale == scale.to_integral_value() else -1
    if not is_number(value.type) or not 0 <= digits <= _MOST:
        raise NotPushed(f"`{name}` is pushed for whole numbers and decimals, to a constant number of digits from 0 on.")
    if value.type.scale <= digits:
        return value
    moved = _moved(value, digits, dialect)
    kind = exact_type(moved.type.digits + 1, 0)
    found = Pushed(cast(_whole(name, moved), kind.sql), kind)
    return found if digits == 0 else _moved(found, -digits, dialect)


def _moved(value: Pushed, digits: int, dialect: Dialect) -> Pushed:
    """Move the point."""
    if digits == 0:
        return value
    found = computed("*", value, Pushed(*constant(Decimal(1).scaleb(digits))), dialect)
    if digits > 0:
        return found
    scale = value.type.scale - digits
    kind = ColumnType(Shape.DECIMAL, max(value.type.digits + digits, 0), scale)
    return Pushed(cast(found.sql, kind.sql), kind)


def _whole(name: str, value: Pushed) -> exp.Expr:
    """Round to a whole number: away from and towards nought by the size, with the sign put back."""
    if name in ("floor", "ceiling"):
        return exp.func("FLOOR" if name == "floor" else "CEIL", value.sql.copy())
    size = exp.func("ABS", value.sql.copy())
    half = cast(exp.Literal.string("0.5"), exp.DataType.build("DECIMAL(1, 1)"))
    above = exp.func("FLOOR", exp.Add(this=size.copy(), expression=half))
    below = exp.func("CEIL", exp.Sub(this=size.copy(), expression=half.copy()))
    found: dict[str, exp.Expr] = {
        "round up": exp.func("CEIL", size),
        "round down": exp.func("FLOOR", size.copy()),
        "round half up": above,
        "round half down": below,
    }
    chosen = found.get(name) or _to_even(above, below)
    negative = exp.LT(this=value.sql.copy(), expression=integer(0))
    return exp.Case(default=chosen).when(negative, exp.Neg(this=exp.Paren(this=chosen.copy())))


def _to_even(above: exp.Expr, below: exp.Expr) -> exp.Expr:
    """Choose of two neighbours that are alike near the even one; elsewhere both are the same."""
    odd = exp.EQ(this=exp.Mod(this=exp.Paren(this=above.copy()), expression=integer(2)), expression=integer(1))
    return exp.Case(default=above.copy()).when(odd, below)
