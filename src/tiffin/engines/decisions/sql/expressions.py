"""FEEL's expressions over the facts of a case as SQL, each only where SQL says exactly what FEEL says."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import reduce
from typing import Any

from sqlglot import exp

from tiffin.engines.decisions.dmn import plain
from tiffin.engines.decisions.dmn.plain import NotPlain, PlainCell, Relation, Within, plain_cell
from tiffin.engines.decisions.feel.tree import (
    Arithmetic,
    Between,
    Bound,
    Call,
    Comparison,
    If,
    In,
    ListOf,
    Logic,
    Name,
    Negation,
    Node,
    Path,
    RangeOf,
    Test,
    Tests,
)
from tiffin.engines.decisions.feel.values import Value
from tiffin.engines.decisions.sql.arithmetic import absolute, computed, divided, negated
from tiffin.engines.decisions.sql.cells import is_null
from tiffin.engines.decisions.sql.columns import BOOLEAN, Dialect, NotPushed, Pushed
from tiffin.engines.decisions.sql.comparing import compared, tested
from tiffin.engines.decisions.sql.functions import extreme, member, text_function
from tiffin.engines.decisions.sql.rounding import ROUNDINGS, rounded
from tiffin.engines.decisions.sql.values import brought_to, common_type, pushed

_FLIPPED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_TESTED = "?"


class Writing:
    """Writes expressions over named facts.

    Parameters
    ----------
    facts : Mapping
        What each name of a case is in SQL.
    parameters : Mapping
        Values of the other names.
    """

    def __init__(self, facts: Mapping[str, Pushed], parameters: Mapping[str, Value], dialect: Dialect) -> None:
        self.facts, self.parameters, self.dialect = facts, parameters, dialect

    def write(self, node: Node) -> Pushed | None:
        """Write an expression; None where it is null.

        Raises
        ------
        NotPushed
            When SQL would not say exactly what FEEL says.
        """
        if isinstance(node, Name) and node.name in self.facts:
            return self.facts[node.name]
        if self.is_constant(node):
            return pushed(self.constant(node))
        if isinstance(node, Name):
            raise NotPushed(f"There is no column {node.name} of the cases, and no parameter of that name.")
        if type(node) not in _WRITERS:
            raise NotPushed(f"What is written as {type(node).__name__} in FEEL is left to the single decision.")
        found = _WRITERS[type(node)](self, node)
        return None if found is None else Pushed(_wrapped(found.sql), found.type)

    def known(self, node: Node) -> Pushed:
        """Write an expression that is not null itself.

        Raises
        ------
        NotPushed
            When it is.
        """
        found = self.write(node)
        if found is None:
            raise NotPushed("Computing with null comes to null; write null instead.")
        return found

    def boolean(self, node: Node) -> exp.Expr:
        """Write a condition."""
        found = self.write(node)
        if found is not None and found.type != BOOLEAN:
            raise NotPushed(f"A condition was expected; found a {found.type.shape}.")
        return exp.null() if found is None else _wrapped(found.sql.copy())

    def cell(self, tests: Tests, value: Pushed) -> exp.Expr:
        """Write whether a value passes tests that look at other facts or call functions; null where FEEL says null."""
        inner = Writing({**self.facts, _TESTED: value}, self.parameters, self.dialect)
        parts = [_wrapped(_one_test(inner, one, value)) for one in tests.tests]
        passed = reduce(lambda one, other: exp.Or(this=one, expression=other), parts)
        return exp.not_(exp.Paren(this=passed)) if tests.negated else exp.Paren(this=passed)

    def arithmetic(self, node: Arithmetic) -> Pushed:
        """Write a number or duration that is computed."""
        if node.operator == "/":
            if not self.is_constant(node.right):
                raise NotPushed("A quotient by a fact of the case may be rounded; it is left to the single decision.")
            return divided(self.known(node.left), self.constant(node.right))
        if node.operator == "**":
            raise NotPushed("Powers are left to the single decision.")
        return computed(node.operator, self.known(node.left), self.known(node.right), self.dialect)

    def comparison(self, operator: str, left: Node, right: Node) -> Pushed:
        """Write a comparison; with a constant as a cell would."""
        if self.is_constant(right):
            return self._with_constant(operator, self.known(left), self.constant(right))
        if self.is_constant(left):
            return self._with_constant(_FLIPPED[operator], self.known(right), self.constant(left))
        return compared(operator, self.known(left), self.known(right), self.dialect)

    def call(self, node: Call) -> Pushed | None:
        """Write a function."""
        name = node.function.name if isinstance(node.function, Name) else ""
        if node.names or not name or name in self.facts or name in self.parameters:
            raise NotPushed("A function is pushed when it is built in and its arguments are given by position.")
        if name in ROUNDINGS and len(node.arguments) in (1, 2):
            scale = self._scale(node)
            return rounded(name, self.known(node.arguments[0]), scale, self.dialect)
        arguments = _listed(node) if name in ("min", "max") else node.arguments
        if name == "not" and len(arguments) == 1:
            return Pushed(exp.not_(exp.Paren(this=self.boolean(arguments[0]))), BOOLEAN)
        values = [self.known(one) for one in arguments]
        if name == "abs" and len(values) == 1:
            return absolute(values[0])
        if name in ("min", "max"):
            return extreme(name, values)
        found = text_function(name, values)
        if found is None:
            raise NotPushed(f"The function `{name}` of these arguments is left to the single decision.")
        return found

    def _scale(self, node: Call) -> object:
        if len(node.arguments) == 1:
            name = node.function.name if isinstance(node.function, Name) else ""
            return Decimal(0) if name in ("floor", "ceiling") else None
        return self.constant(node.arguments[1]) if self.is_constant(node.arguments[1]) else None

    def _with_constant(self, operator: str, value: Pushed, constant_value: Value) -> Pushed:
        if constant_value is None and operator not in ("=", "!="):
            raise NotPushed("A relation to null is null; write null instead.")
        return tested(value, PlainCell((Relation(operator, constant_value),)))

    def is_constant(self, node: Node) -> bool:
        """Tell whether an expression rests on parameters alone."""
        return plain.is_constant(node, {one: None for one in self.parameters if one not in self.facts})

    def constant(self, node: Node) -> Value:
        """Compute an expression that rests on parameters alone."""
        try:
            return plain.constant(node, self.parameters)
        except NotPlain as fault:
            raise NotPushed(str(fault)) from None


def _one_test(writing: Writing, test: Bound | Test, value: Pushed) -> exp.Expr:
    if isinstance(test, Bound):
        return writing.comparison(test.operator, Name(_TESTED), test.endpoint).sql
    if test.asks:
        return writing.boolean(test.value)
    if isinstance(test.value, RangeOf):
        return _within(writing, test.value, value)
    found = writing.known(test.value)
    if found.type == BOOLEAN and value.type != BOOLEAN and not writing.is_constant(test.value):
        unknown = exp.Is(this=_wrapped(found.sql.copy()), expression=exp.null())
        return exp.Case(default=found.sql.copy()).when(unknown, is_null(value))
    return writing.comparison("=", Name(_TESTED), test.value).sql


def _within(writing: Writing, node: RangeOf, value: Pushed) -> exp.Expr:
    """Write that the tested value lies in a range; one that ends before it starts is null, which null equals."""
    low = writing.comparison(">=" if node.low_included else ">", Name(_TESTED), node.low).sql
    high = writing.comparison("<=" if node.high_included else "<", Name(_TESTED), node.high).sql
    inside = exp.And(this=_wrapped(low), expression=_wrapped(high))
    runs, turns = (writing.comparison(relation, node.low, node.high).sql for relation in ("<=", ">"))
    return exp.Case(default=exp.null()).when(runs, inside).when(turns, is_null(value))


def _listed(node: Call) -> tuple[Node, ...]:
    only = node.arguments[0] if len(node.arguments) == 1 else None
    return only.items if isinstance(only, ListOf) else node.arguments


def _if(writing: Writing, node: If) -> Pushed | None:
    then, otherwise = writing.write(node.then), writing.write(node.otherwise)
    kind = common_type((one.type for one in (then, otherwise) if one is not None), "What `if` gives")
    condition = writing.boolean(node.condition)
    if kind is None:
        return None
    return Pushed(exp.Case(default=brought_to(otherwise, kind)).when(condition, brought_to(then, kind)), kind)


def _logic(writing: Writing, node: Logic) -> Pushed:
    kind = exp.And if node.operator == "and" else exp.Or
    left, right = writing.boolean(node.left), writing.boolean(node.right)
    return Pushed(exp.Paren(this=kind(this=left, expression=right)), BOOLEAN)


def _between(writing: Writing, node: Between) -> Pushed:
    low, high = (writing.constant(one) for one in (node.low, node.high))
    if low is None or high is None:
        raise NotPushed("A range to null is null; write null instead.")
    return tested(writing.known(node.value), PlainCell((Within(low, True, high, True),)))


def _in(writing: Writing, node: In) -> Pushed:
    try:
        cell = plain_cell(Tests(node.tests), writing.parameters)
    except NotPlain as fault:
        raise NotPushed(str(fault)) from None
    return tested(writing.known(node.value), cell)


def _wrapped(one: exp.Expr) -> exp.Expr:
    """Put an expression into parentheses unless it holds together by itself."""
    return one if isinstance(one, _WHOLE) else exp.Paren(this=one)


_WHOLE = (exp.Column, exp.Literal, exp.Paren, exp.Boolean, exp.Null, exp.Case, exp.Cast, exp.Anonymous)
_WRITERS: Mapping[type[Node], Callable[[Writing, Any], Pushed | None]] = {
    Arithmetic: Writing.arithmetic,
    Negation: lambda writing, node: negated(writing.known(node.value)),
    Comparison: lambda writing, node: writing.comparison(node.operator, node.left, node.right),
    Call: Writing.call,
    If: _if,
    Logic: _logic,
    Between: _between,
    In: _in,
    Path: lambda writing, node: member(writing.known(node.source), node.member),
}
