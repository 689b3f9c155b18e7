"""What the tests of decisions share: expressions evaluated with variables, and models of one decision."""

from collections.abc import Callable
from typing import Any

import pytest

from tiffin.engines.decisions.dmn.graph import Graph, compile_model
from tiffin.engines.decisions.dmn.reading import read_model
from tiffin.engines.decisions.feel.calling import BUILT_INS
from tiffin.engines.decisions.feel.evaluating import evaluate_in
from tiffin.engines.decisions.feel.evaluating_members import MEMBERS
from tiffin.engines.decisions.feel.names import Names
from tiffin.engines.decisions.feel.parsing import parse_expression, parse_tests
from tiffin.engines.decisions.feel.run import Run
from tiffin.engines.decisions.feel.values import Scope
from tiffin.engines.decisions.feel.writing import literal_of

Feel = Callable[..., str]


def names_with(variables: Any) -> Names:
    return Names().with_variables((*BUILT_INS, *variables)).with_members(MEMBERS)


@pytest.fixture
def feel() -> Feel:
    """Evaluate an expression with variables; gives the value as FEEL writes it."""

    def evaluated(text: str, **variables: Any) -> str:
        tree = parse_expression(text, names_with(variables))
        return literal_of(evaluate_in(Run(), tree, Scope(variables)))

    return evaluated


@pytest.fixture
def notes() -> Callable[[str], list[str]]:
    """Evaluate an expression; gives each note with the text that it is about."""

    def noted(text: str) -> list[str]:
        run = Run()
        evaluate_in(run, parse_expression(text, names_with(())), Scope({}))
        return [f"{text[one.span.start : one.span.end]}: {one.said}" for one in run.notes]

    return noted


@pytest.fixture
def cell() -> Callable[..., Any]:
    """Tell whether a value passes the unary tests of a cell."""

    def passed(text: str, value: Any, **variables: Any) -> Any:
        tree = parse_tests(text, names_with(variables))
        return evaluate_in(Run(), tree, Scope({"?": value}, Scope(variables)))

    return passed


@pytest.fixture
def model() -> Callable[[str], Graph]:
    """Compile a model from the XML of its elements."""

    def compiled(inner: str) -> Graph:
        opening = '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="m" namespace="urn:m">'
        return compile_model(read_model(f"{opening}{inner}</definitions>".encode()))

    return compiled
