"""Unary tests of plain values as syntax nodes of Python; see `compiling`."""

import ast
from collections.abc import Iterable, Mapping
from decimal import Decimal

from tiffin.engines.decisions.feel.calendar import Date
from tiffin.engines.decisions.feel.durations import Days, Years
from tiffin.engines.decisions.feel.run import Run
from tiffin.engines.decisions.feel.tree import Bound, Call, ListOf, Name, Node, RangeOf, Test, Tests, all_of
from tiffin.engines.decisions.feel.values import Range, Scope, Value, described

Kinds = dict[int, tuple[type, ...]]
"""By the number of a column, the types with which its tests compare."""

_NUMBER = (Decimal, int)
_PLAIN: Mapping[type, tuple[type, ...]] = {
    Decimal: _NUMBER,
    str: (str,),
    bool: (bool,),
    Date: (Date,),
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


class NotPlain(Exception):
    """A table holds what is not compiled; the message says what."""


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

    def test(self, column: int, tests: Tests) -> ast.expr | None:
        """Write the tests of a cell; None for a cell that everything passes."""
        if not tests.tests:
            return None
        written = [self._one(column, one) for one in tests.tests]
        ordered = any(needs for _, needs in written)
        passed = _either([one for one, _ in written])
        if tests.negated:
            passed = ast.UnaryOp(ast.Not(), passed)
        return _both(_is_there(column), passed) if ordered and tests.negated else passed

    def outside(self, column: int, allowed: Tests | None) -> ast.expr | None:
        """Write that a value is not among those that an input may have; None where it may have any."""
        inside = None if allowed is None else self.test(column, allowed)
        return None if inside is None else _both(_is_there(column), ast.UnaryOp(ast.Not(), inside))

    def check_results(self, nodes: Iterable[Node]) -> None:
        """Refuse results that rest on more than parameters."""
        if not all(self._is_constant(one) for one in nodes):
            raise NotPlain("Results that call functions or look at inputs are left to the interpreter.")

    def _one(self, column: int, test: Bound | Test) -> tuple[ast.expr, bool]:
        """Write one test; tell whether null passes neither it nor its opposite."""
        if isinstance(test, Bound):
            value = self._constant(test.endpoint)
            if test.operator in ("=", "!="):
                return self._compared(column, test.operator, value), False
            self._refuse_null(value)
            return _both(_is_there(column), self._compared(column, test.operator, value)), True
        found = self._constant(test.value)
        if isinstance(test.value, RangeOf) and isinstance(found, Range):
            self._refuse_null(found.low)
            self._refuse_null(found.high)
            low = self._compared(column, ">=" if found.low_included else ">", found.low)
            high = self._compared(column, "<=" if found.high_included else "<", found.high)
            return _both(_is_there(column), low, high), True
        if isinstance(test.value, ListOf) and isinstance(found, list):
            return _either([self._compared(column, "=", one) for one in found]), False
        return self._compared(column, "=", found), False

    def _compared(self, column: int, operator: str, value: Value) -> ast.expr:
        here = ast.Name(f"v{column}", ast.Load())
        if value is None:
            relation: ast.cmpop = ast.Is() if operator == "=" else ast.IsNot()
            return ast.Compare(here, [relation], [ast.Constant(None)])
        kind = _PLAIN.get(type(value))
        if kind is None or self.kinds.setdefault(column, kind) != kind:
            raise NotPlain(f"A {described(value)} in input {column + 1} is left to the interpreter.")
        return ast.Compare(here, [_RELATIONS[operator]()], [self._written(value)])

    def _written(self, value: Value) -> ast.expr:
        if isinstance(value, Decimal) and value == value.to_integral_value() and abs(value) < 10**15:
            return ast.Constant(int(value))
        if isinstance(value, str | bool):
            return ast.Constant(value)
        name = f"c{len(self.constants)}"
        self.constants[name] = value
        return ast.Name(name, ast.Load())

    def _constant(self, node: Node) -> Value:
        """Compute what a cell compares with, which may rest on parameters alone."""
        if not self._is_constant(node):
            raise NotPlain("A cell that calls functions or looks at other inputs is left to the interpreter.")
        run = Run()
        found = run.evaluate(node, Scope(self.parameters))
        if run.notes:
            raise NotPlain(f"A cell is left to the interpreter: {run.notes[0].said}")
        return found

    def _is_constant(self, node: Node) -> bool:
        nodes = list(all_of(node))
        called = [one.function for one in nodes if isinstance(one, Call)]
        steady = all(isinstance(one, Name) and one.name in _STEADY for one in called)
        names = [one for one in nodes if isinstance(one, Name) and not any(one is function for function in called)]
        return steady and all(one.name in self.parameters for one in names)

    def _refuse_null(self, value: Value) -> None:
        if value is None:
            raise NotPlain("A relation to null is left to the interpreter.")


_STEADY = ("date", "duration", "years and months duration")
"""Functions whose results depend on nothing but their arguments, as cells use them."""


def _is_there(column: int) -> ast.expr:
    return ast.Compare(ast.Name(f"v{column}", ast.Load()), [ast.IsNot()], [ast.Constant(None)])


def _both(*parts: ast.expr) -> ast.expr:
    return ast.BoolOp(ast.And(), list(parts))


def _either(parts: list[ast.expr]) -> ast.expr:
    if not parts:
        return ast.Constant(value=False)
    return parts[0] if len(parts) == 1 else ast.BoolOp(ast.Or(), parts)
