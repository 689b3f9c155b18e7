"""Plain cells as conditions of SQL that are true exactly where the cell is passed.

Where a cell is not passed its condition is false or null: it stands where only what is true counts.
"""

from collections.abc import Sequence
from functools import reduce

from sqlglot import exp

from tiffin.engines.decisions.dmn.plain import PlainCell, Relation, Within
from tiffin.engines.decisions.feel.values import Value
from tiffin.engines.decisions.sql.columns import NotPushed, Pushed, Shape
from tiffin.engines.decisions.sql.literals import Compared, compared, greatest_double, integer

COMPARISONS: dict[str, type[exp.Binary]] = {
    "=": exp.EQ,
    "!=": exp.NEQ,
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
}
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def condition(value: Pushed, cell: PlainCell) -> exp.Expr | None:
    """Write the condition of a cell; None where everything passes.

    Raises
    ------
    NotPushed
        When a constant of the cell does not fit the column.
    """
    if not cell.tests:
        return None
    equal = [one.value for one in cell.tests if isinstance(one, Relation) and one.operator == "="]
    others = [one for one in cell.tests if isinstance(one, Within) or one.operator != "="]
    if cell.negated:
        parts = [_no_equal(value, equal)] if equal else []
        return every([*parts, *(_failed(value, one) for one in others), *_required(value, cell)])
    parts = [_equal(value, equal)] if equal else []
    return either([*parts, *(_passed(value, one) for one in others)])


def outside(value: Pushed, allowed: PlainCell) -> exp.Expr | None:
    """Write that a value, which is not null, is not among the allowed ones; None where every one is."""
    if not allowed.tests:
        return None
    inside = condition(value, allowed)
    return every([is_there(value), exp.not_(_wrapped(inside))]) if inside is not None else None


def is_null(value: Pushed) -> exp.Expr:
    """Write that a value is null for FEEL, which knows no infinite numbers."""
    none = exp.Is(this=value.sql.copy(), expression=exp.null())
    if value.type.shape is not Shape.DOUBLE:
        return none
    above = exp.GT(this=value.sql.copy(), expression=greatest_double())
    return either([none, above, exp.LT(this=value.sql.copy(), expression=greatest_double(-1))])


def is_there(value: Pushed) -> exp.Expr:
    """Write that a value is not null for FEEL."""
    if value.type.shape is not Shape.DOUBLE:
        return exp.not_(exp.Is(this=value.sql.copy(), expression=exp.null()))
    return exp.Between(this=value.sql.copy(), low=greatest_double(-1), high=greatest_double())


def is_in(value: exp.Expr, numbers: Sequence[int]) -> exp.Expr:
    """Write that a number is one of some."""
    if len(numbers) == 1:
        return exp.EQ(this=value.copy(), expression=integer(numbers[0]))
    return exp.In(this=value.copy(), expressions=[integer(one) for one in numbers])


def every(parts: list[exp.Expr]) -> exp.Expr:
    """Join conditions that all have to hold."""
    return _joined(parts, exp.And)


def either(parts: list[exp.Expr]) -> exp.Expr:
    """Join conditions of which one has to hold."""
    return _joined(parts, exp.Or)


def _joined(parts: list[exp.Expr], kind: type[exp.Connector]) -> exp.Expr:
    if len(parts) == 1:
        return parts[0]
    wrapped = [exp.Paren(this=one) if isinstance(one, exp.Connector | exp.Not) else one for one in parts]
    return reduce(lambda one, other: kind(this=one, expression=other), wrapped)


def _passed(value: Pushed, test: Relation | Within) -> exp.Expr:
    if isinstance(test, Within):
        low = _ordered(value, ">=" if test.low_included else ">", test.low)
        return every([low, _ordered(value, "<=" if test.high_included else "<", test.high)])
    if test.operator == "!=":
        return _no_equal(value, [test.value])
    return _ordered(value, test.operator, test.value)


def _failed(value: Pushed, test: Relation | Within) -> exp.Expr:
    if isinstance(test, Within):
        low = _ordered(value, "<" if test.low_included else "<=", test.low)
        return either([low, _ordered(value, ">" if test.high_included else ">=", test.high)])
    if test.operator == "!=":
        return _equal(value, [test.value])
    return _ordered(value, _OPPOSITE[test.operator], test.value)


def _required(value: Pushed, cell: PlainCell) -> list[exp.Expr]:
    """Write that null passes no negated cell of which a test is ordered; such a test says it by itself."""
    all_equal = not any(one.is_ordered for one in cell.tests)
    return [] if all_equal else [is_there(value)]


def _ordered(value: Pushed, operator: str, constant: Value) -> exp.Expr:
    if value.type.shape is Shape.BOOLEAN:
        raise NotPushed("Booleans have no order; compare with true or false.")
    parts = [_edge(value, one) for one in compared(operator, value.type, constant)]
    if value.type.shape is Shape.DOUBLE:
        bound = greatest_double(1 if operator[0] == ">" else -1)
        relation = exp.LTE if operator[0] == ">" else exp.GTE
        parts.append(relation(this=value.sql.copy(), expression=bound))
    return every(parts)


def _equal(value: Pushed, constants: list[Value]) -> exp.Expr:
    parts = [is_null(value)] if None in constants else []
    present = [one for one in constants if one is not None]
    if value.type.shape is Shape.BOOLEAN:
        return either([*parts, *(_edge(value, one) for each in present for one in compared("=", value.type, each))])
    found = [every([_edge(value, one) for one in compared("=", value.type, each)]) for each in present]
    listed = [one.expression for one in found if isinstance(one, exp.EQ)]
    if len(listed) > 1:
        found = [one for one in found if not isinstance(one, exp.EQ)]
        found.append(exp.In(this=value.sql.copy(), expressions=listed))
    return either([*parts, *found])


def _no_equal(value: Pushed, constants: list[Value]) -> exp.Expr:
    """Write that a value equals none of some; null passes unless it is one of them."""
    if None in constants and len(constants) == 1:
        return is_there(value)
    present = [one for one in constants if one is not None]
    unequal = exp.not_(_wrapped(_equal(value, present)))
    if None in constants:
        return every([is_there(value), unequal])
    return either([is_null(value), unequal])


def _wrapped(one: exp.Expr) -> exp.Expr:
    return exp.Paren(this=one) if isinstance(one, exp.Binary | exp.Connector | exp.Not) else one


def _edge(value: Pushed, one: Compared) -> exp.Expr:
    if isinstance(one, bool):
        return is_there(value) if one else exp.false()
    if value.type.shape is Shape.BOOLEAN:
        return value.sql.copy() if one.value == exp.true() else exp.not_(value.sql.copy())
    return COMPARISONS[one.operator](this=value.sql.copy(), expression=one.value)
