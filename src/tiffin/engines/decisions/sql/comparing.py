"""Comparisons of two values, and cells, as booleans that are null exactly where FEEL's are."""

from collections.abc import Mapping

from sqlglot import exp

from tiffin.engines.decisions.dmn.plain import PlainCell
from tiffin.engines.decisions.feel.types import Kind
from tiffin.engines.decisions.sql.cells import COMPARISONS, condition, is_null
from tiffin.engines.decisions.sql.columns import BOOLEAN, Dialect, NotPushed, Pushed, Shape
from tiffin.engines.decisions.sql.literals import MICROS, integer
from tiffin.engines.decisions.sql.values import brought_to, common_type


def tested(value: Pushed, cell: PlainCell) -> Pushed:
    """Write whether a value passes a cell; null where an ordered test meets null."""
    passed = condition(value, cell)
    if passed is None:
        return Pushed(exp.true(), BOOLEAN)
    case = exp.Case(default=exp.false()).when(passed, exp.true())
    return Pushed(case.when(is_null(value), exp.null()) if cell.is_ordered else case, BOOLEAN)


def compared(operator: str, left: Pushed, right: Pushed, dialect: Dialect) -> Pushed:
    """Compare two values that are known with the case alone.

    Raises
    ------
    NotPushed
        When they are of different types, or not compared exactly.
    """
    if left.type.kind is not right.type.kind or Shape.DOUBLE in (left.type.shape, right.type.shape):
        raise NotPushed(
            f"A {left.type.shape} and a {right.type.shape} are not compared exactly by SQL; "
            "bring both columns to decimals, or to one type."
        )
    one, other = _alike(left, right, dialect)
    if operator in ("=", "!="):
        same: exp.Expr = exp.NullSafeEQ(this=one, expression=other)
        return Pushed(same if operator == "=" else exp.not_(exp.Paren(this=same)), BOOLEAN)
    if left.type.kind is Kind.BOOLEAN:
        raise NotPushed("Booleans have no order.")
    return Pushed(COMPARISONS[operator](this=one, expression=other), BOOLEAN)


def micros(instant: exp.Expr, dialect: Dialect) -> exp.Expr:
    """Write an instant as microseconds since 1970."""
    return exp.Anonymous(this=_MICROS[dialect], expressions=[instant.copy()])


_MICROS: Mapping[Dialect, str] = {"duckdb": "EPOCH_US", "spark": "UNIX_MICROS"}


def _alike(left: Pushed, right: Pushed, dialect: Dialect) -> tuple[exp.Expr, exp.Expr]:
    """Bring two values to what is compared: numbers to one type, times to whole seconds."""
    if left.type.shape in (Shape.INSTANT, Shape.TIME):
        return _second(left, dialect), _second(right, dialect)
    kind = common_type((left.type, right.type), "A comparison") or left.type
    return _wrapped(brought_to(left, kind)), _wrapped(brought_to(right, kind))


def _second(value: Pushed, dialect: Dialect) -> exp.Expr:
    """Cut the fraction of a second off, before 1970 too."""
    count = micros(value.sql, dialect) if value.type.shape is Shape.INSTANT else value.sql.copy()
    rest = exp.Mod(this=exp.Paren(this=count), expression=integer(MICROS))
    positive = exp.Mod(this=exp.Paren(this=exp.Add(this=rest, expression=integer(MICROS))), expression=integer(MICROS))
    return exp.Paren(this=exp.Sub(this=count.copy(), expression=exp.Paren(this=positive)))


def _wrapped(one: exp.Expr) -> exp.Expr:
    return exp.Paren(this=one) if isinstance(one, exp.Binary | exp.Connector | exp.Not) else one
