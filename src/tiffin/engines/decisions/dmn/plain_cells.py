"""Plain cells as syntax nodes of Python; see `compiling`."""

import ast
from collections.abc import Iterable, Mapping
from decimal import Decimal

from tiffin.engines.decisions.dmn.plain import NotPlain, Relation, Within, is_constant, plain_cell
from tiffin.engines.decisions.feel.calendar import Date, DateTime, Time, seconds_of
from tiffin.engines.decisions.feel.durations import Days, Years
from tiffin.engines.decisions.feel.tree import Node, Tests
from tiffin.engines.decisions.feel.values import Value, described

Kinds = dict[int, tuple[type, ...]]
"""By the number of a column, the types with which its tests compare."""

_NUMBER = (Decimal, int)
_PLAIN: Mapping[type, tuple[type, ...]] = {
    Decimal: _NUMBER,
    str: (str,),
    bool: (bool,),
    Date: (Date,),
    Time: (Time,),
    DateTime: (DateTime,),
    Days: (Days,),
    Years: (Years,),
}
_RELATIONS: Mapping[str, type[ast.cmpop]] = {
    "=": ast.Eq,
    "!=": ast.NotEq,
    "<": ast.Lt,
    "<=": ast.LtE,
    ">": ast.Gt,
    ">=": ast.GtE,
}


class Cells:
    """Writes tests, and collects the constants and types that they compare with.

    Parameters
    ----------
    parameters : Mapping
        Values of the names that cells may use.
    """

    def __init__(self, parameters: Mapping[str, Value]) -> None:
        self.parameters = parameters
        self.constants: dict[str, Value] = {}
        self.kinds: Kinds = {}
        self.clocks: dict[int, bool] = {}

    def moments(self, otherwise: ast.expr) -> list[ast.stmt]:
        """Write what each time comes to in seconds; where its clock is unlike that of the cells, the end.

        Parameters
        ----------
        otherwise : expr
            What is returned there.
        """
        written: list[ast.stmt] = []
        for column, known in self.clocks.items():
            here, there = ast.Name(f"v{column}", ast.Load()), ast.Name(f"m{column}", ast.Load())
            clock = "known" if known else "local"
            self.constants[clock] = _seconds_since_1970 if known else _seconds_of_clock
            told = ast.IfExp(_is_there(column), ast.Call(ast.Name(clock, ast.Load()), [here], []), ast.Constant(None))
            written.append(ast.Assign([ast.Name(there.id, ast.Store())], told))
            lost = ast.Compare(there, [ast.Is()], [ast.Constant(None)])
            written.append(ast.If(_both(_is_there(column), lost), [ast.Return(otherwise)], []))
        return written

    def test(self, column: int, tests: Tests) -> ast.expr | None:
        """Write the tests of a cell; None for a cell that everything passes."""
        cell = plain_cell(tests, self.parameters)
        if not cell.tests:
            return None
        passed = _either([self._one(column, one) for one in cell.tests])
        if cell.negated:
            passed = ast.UnaryOp(ast.Not(), passed)
        return _both(_is_there(column), passed) if cell.is_ordered and cell.negated else passed

    def outside(self, column: int, allowed: Tests | None) -> ast.expr | None:
        """Write that a value is not among those that an input may have; None where it may have any."""
        inside = None if allowed is None else self.test(column, allowed)
        return None if inside is None else _both(_is_there(column), ast.UnaryOp(ast.Not(), inside))

    def check_results(self, nodes: Iterable[Node]) -> None:
        """Refuse results that rest on more than parameters."""
        if not all(is_constant(one, self.parameters) for one in nodes):
            raise NotPlain("Results that call functions or look at inputs are left to the interpreter.")

    def _one(self, column: int, test: Relation | Within) -> ast.expr:
        if isinstance(test, Within):
            low = self._compared(column, ">=" if test.low_included else ">", test.low)
            high = self._compared(column, "<=" if test.high_included else "<", test.high)
            return _both(_is_there(column), low, high)
        compared = self._compared(column, test.operator, test.value)
        return _both(_is_there(column), compared) if test.is_ordered else compared

    def _compared(self, column: int, operator: str, value: Value) -> ast.expr:
        here = ast.Name(f"v{column}", ast.Load())
        if value is None:
            relation: ast.cmpop = ast.Is() if operator == "=" else ast.IsNot()
            return ast.Compare(here, [relation], [ast.Constant(None)])
        kind = _PLAIN.get(type(value))
        if kind is None or self.kinds.setdefault(column, kind) != kind:
            raise NotPlain(f"A {described(value)} in input {column + 1} is left to the interpreter.")
        if isinstance(value, Time | DateTime):
            here, value = ast.Name(f"m{column}", ast.Load()), self._second(column, value)
        return ast.Compare(here, [_RELATIONS[operator]()], [self._written(value)])

    def _second(self, column: int, value: Time | DateTime) -> Decimal:
        """Give the whole seconds by which times are compared."""
        known, second = seconds_of(value)
        if self.clocks.setdefault(column, known) != known:
            raise NotPlain(f"Times with and without an offset in input {column + 1} are left to the interpreter.")
        return Decimal(second)

    def _written(self, value: Value) -> ast.expr:
        if isinstance(value, Decimal) and value == value.to_integral_value() and abs(value) < 10**15:
            return ast.Constant(int(value))
        if isinstance(value, str | bool):
            return ast.Constant(value)
        name = f"c{len(self.constants)}"
        self.constants[name] = value
        return ast.Name(name, ast.Load())


def _seconds_since_1970(moment: Time | DateTime) -> int | None:
    known, second = seconds_of(moment)
    return second if known else None


def _seconds_of_clock(moment: Time | DateTime) -> int | None:
    known, second = seconds_of(moment)
    return None if known else second


def _is_there(column: int) -> ast.expr:
    return ast.Compare(ast.Name(f"v{column}", ast.Load()), [ast.IsNot()], [ast.Constant(None)])


def _both(*parts: ast.expr) -> ast.expr:
    return ast.BoolOp(ast.And(), list(parts))


def _either(parts: list[ast.expr]) -> ast.expr:
    return parts[0] if len(parts) == 1 else ast.BoolOp(ast.Or(), parts)
