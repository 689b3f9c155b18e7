"""The normal form of plain cells: what every back end makes its own tests of.

A plain cell compares its input with values that are known beforehand. Whatever looks at other inputs or calls functions
of the case is left to the interpreter.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from tiffin.engines.decisions.feel.evaluating import evaluate_in
from tiffin.engines.decisions.feel.run import Run
from tiffin.engines.decisions.feel.tree import Bound, Call, ListOf, Name, Node, RangeOf, Test, Tests, all_of
from tiffin.engines.decisions.feel.values import KIND_OF, Range, Scope, Value, described
from tiffin.kernel.messages import Message


class NotPlain(Exception):
    """A table holds more than plain tests of plain values; the message says what."""


class Relation(NamedTuple):
    """The input stands in one of ``= != < <= > >=`` to a value; null only with the first two.

    Null equals null and nothing else, and is not before or after anything.
    """

    operator: str
    value: Value

    @property
    def is_ordered(self) -> bool:
        """Whether null passes neither it nor its opposite."""
        return self.operator not in ("=", "!=")


class Within(NamedTuple):
    """The input lies between two values, none of them null; null does not."""

    low: Value
    low_included: bool
    high: Value
    high_included: bool

    @property
    def is_ordered(self) -> bool:
        """Whether null passes neither it nor its opposite."""
        return True


class PlainCell(NamedTuple):
    """Tests of which one has to be passed, or, negated, none. Without any test everything passes, null too.

    Null passes no negated cell of which a test is ordered.
    """

    tests: tuple[Relation | Within, ...]
    negated: bool = False

    @property
    def is_ordered(self) -> bool:
        """Whether any of its tests is."""
        return any(one.is_ordered for one in self.tests)


def plain_cell(tests: Tests, parameters: Mapping[str, Value]) -> PlainCell:
    """Bring the tests of a cell to their normal form.

    Parameters
    ----------
    parameters : Mapping
        Values of the names that the cell may use.

    Raises
    ------
    NotPlain
        When it holds more; the message says what.
    """
    return PlainCell(tuple(one for test in tests.tests for one in _plain(test, parameters)), tests.negated)


def constant(node: Node, parameters: Mapping[str, Value]) -> Value:
    """Compute an expression that rests on parameters alone.

    Raises
    ------
    NotPlain
        When it rests on more, or cannot be computed.
    """
    if not is_constant(node, parameters):
        raise NotPlain(Message("A cell that calls functions or looks at other inputs is left to the interpreter."))
    run = Run()
    found = evaluate_in(run, node, Scope(parameters))
    if run.notes:
        raise NotPlain(Message("A cell is left to the interpreter: {why}", why=run.notes[0].said))
    return found


def is_constant(node: Node, parameters: Mapping[str, Value]) -> bool:
    """Tell whether an expression rests on nothing but parameters."""
    nodes = list(all_of(node))
    called = [one.function for one in nodes if isinstance(one, Call)]
    steady = all(isinstance(one, Name) and one.name in _STEADY for one in called)
    names = [one for one in nodes if isinstance(one, Name) and not any(one is function for function in called)]
    return steady and all(one.name in parameters for one in names)


_STEADY = ("date", "time", "date and time", "duration", "years and months duration")
"""Functions whose results depend on nothing but their arguments, as cells use them."""


def _plain(test: Bound | Test, parameters: Mapping[str, Value]) -> Iterable[Relation | Within]:
    if isinstance(test, Bound):
        value = constant(test.endpoint, parameters)
        ordered = test.operator not in ("=", "!=")
        return (Relation(test.operator, _present(value) if ordered else _compared(value)),)
    found = constant(test.value, parameters)
    if isinstance(test.value, RangeOf) and isinstance(found, Range):
        low, high = _present(found.low), _present(found.high)
        return (Within(low, found.low_included, high, found.high_included),)
    if isinstance(test.value, ListOf) and isinstance(found, list):
        if not found:
            raise NotPlain(Message("An empty list is left to the interpreter."))
        return tuple(Relation("=", _compared(one)) for one in found)
    return (Relation("=", _compared(found)),)


def _present(value: Value) -> Value:
    if value is None:
        raise NotPlain(Message("A relation to null is left to the interpreter."))
    return _compared(value)


def _compared(value: Value) -> Value:
    if value is not None and type(value) not in KIND_OF:
        raise NotPlain(Message("A {kind} is left to the interpreter.", kind=described(value)))
    return value
