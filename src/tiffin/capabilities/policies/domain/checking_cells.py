"""Whether cells are what every back end can decide: plain tests of plain values of the column's type."""

from collections.abc import Mapping

from tiffin.capabilities.policies.domain.faults import PolicyFault, Spot
from tiffin.engines.decisions.dmn.plain import NotPlain, Within, constant, plain_cell
from tiffin.engines.decisions.feel import evaluating  # noqa: F401 - it declares what expressions mean
from tiffin.engines.decisions.feel.faults import Exhausted
from tiffin.engines.decisions.feel.run import Run
from tiffin.engines.decisions.feel.tree import Node, Tests
from tiffin.engines.decisions.feel.types import Kind
from tiffin.engines.decisions.feel.values import KIND_OF, Scope, Value
from tiffin.engines.decisions.feel.writing import literal_of
from tiffin.kernel.messages import Message

_UNORDERED = (Kind.STRING, Kind.BOOLEAN)


def check_tests(tests: Tests, kind: Kind, parameters: Mapping[str, Value], spot: Spot) -> None:
    """Refuse the cell of a condition that not every back end can decide.

    Raises
    ------
    PolicyFault
        It looks at other inputs, calls functions, compares with another type, or orders what has no order.
    """
    try:
        cell = plain_cell(tests, parameters)
    except (NotPlain, Exhausted) as error:
        raise PolicyFault(_not_plain(error), spot) from None
    for test in cell.tests:
        for value in (test.low, test.high) if isinstance(test, Within) else (test.value,):
            _check_kind(value, kind, spot)
        if test.is_ordered and kind in _UNORDERED:
            raise PolicyFault(
                Message("values of type {type} have no order; this cell compares by one.", type=kind.value),
                spot,
            )


def check_result(node: Node, kind: Kind, allowed: Tests | None, parameters: Mapping[str, Value], spot: Spot) -> None:
    """Refuse the cell of a result that is no value, or none that the output may have.

    Raises
    ------
    PolicyFault
        With what was expected and found.
    """
    value = value_of(node, parameters, spot)
    _check_kind(value, kind, spot)
    if value is None or allowed is None:
        return
    if Run().evaluate(allowed, Scope(parameters).with_values({"?": value})) is not True:
        raise PolicyFault(
            Message("{value} is not among the values of the output.", value=literal_of(value)[:60]),
            spot,
        )


def value_of(node: Node, parameters: Mapping[str, Value], spot: Spot) -> Value:
    """Compute what rests on parameters alone.

    Raises
    ------
    PolicyFault
        It rests on more.
    """
    try:
        return constant(node, parameters)
    except (NotPlain, Exhausted) as error:
        raise PolicyFault(_not_plain(error), spot) from None


def _check_kind(value: Value, kind: Kind, spot: Spot) -> None:
    if value is None:
        return
    found = KIND_OF.get(type(value))
    if found is not kind:
        raise PolicyFault(
            Message(
                "a value of type {type} was expected; found {value} of type {found}.",
                type=kind.value,
                value=literal_of(value)[:60],
                found=found.value if found else "-",
            ),
            spot,
        )


def _not_plain(error: Exception) -> str:
    return Message(
        "cells of a policy hold values, ranges and parameters alone, so that every engine decides alike. {reason}",
        reason=error.args[0],
    )
