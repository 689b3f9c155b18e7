"""Compiled tables say what the interpreter says, of every case."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiffin.engines.decisions.dmn.compiling import CompiledTable, Ruling
from tiffin.engines.decisions.dmn.graph import Decided, Graph, compile_model
from tiffin.engines.decisions.dmn.plain import NotPlain
from tiffin.engines.decisions.dmn.reading import read_model
from tiffin.engines.decisions.dmn.running import decide
from tiffin.engines.decisions.dmn.tables import TableOf
from tiffin.engines.decisions.feel.calendar import Date

Model = Callable[[str], Graph]

CELLS = {
    "n": (
        "-",
        "3",
        "not(3)",
        "> 2",
        "<= 2",
        "(1..3]",
        "not(> 2)",
        "1, 4",
        "[1, 4]",
        "null",
        "not(null)",
        "!= 3",
        "2.5",
        "< 2.5",
    ),
    "s": ("-", '"a"', '"a", "b"', 'not("a")', '> "a"', '["a".."b")', "null", '= "c"'),
    "b": ("-", "true", "false", "not(true)", "null"),
    "d": ("-", '@"2021-01-01"', '>= date("2021-01-01")', 'not(< @"2021-01-01")'),
}
VALUES = {
    "n": (None, 1, 2, 3, 4, Decimal("2.5"), Decimal(3), "a", True),
    "s": (None, "a", "b", "c", 3),
    "b": (None, True, False, 1),
    "d": (None, Date(2020, 12, 31), Date(2021, 1, 1), "a"),
}
NAMES = tuple(CELLS)


def document(rows: Sequence[Sequence[str]], policy: str = "UNIQUE", allowed: str = "") -> str:
    """Write a table over the inputs of `CELLS`; each row says its own number."""
    columns = "".join(
        f"<input><inputExpression><text>{name}</text></inputExpression>{allowed}</input>" for name in NAMES
    )
    inputs = "".join(f'<inputData id="{name}" name="{name}"/>' for name in NAMES)
    needs = "".join(
        f'<informationRequirement><requiredInput href="#{name}"/></informationRequirement>' for name in NAMES
    )
    rules = ""
    for number, row in enumerate(rows, 1):
        cells = "".join(f"<inputEntry><text>{escape(cell)}</text></inputEntry>" for cell in row)
        result = f"<outputEntry><text>{number} * 10</text></outputEntry>"
        rules += f"<rule>{cells}{result}<annotationEntry><text>reason {number}</text></annotationEntry></rule>"
    table = f'<decisionTable hitPolicy="{policy}">{columns}<output name="o"/>{rules}</decisionTable>'
    return f'{inputs}<decision id="t" name="t">{needs}{table}</decision>'


def whole(inner: str) -> Graph:
    opening = '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="m" namespace="urn:m">'
    return compile_model(read_model(f"{opening}{inner}</definitions>".encode()))


def compiled(graph: Graph, **parameters: Any) -> CompiledTable:
    tree = next(one.tree for one in graph.elements.values() if isinstance(one, Decided))
    assert isinstance(tree, TableOf)
    return CompiledTable(tree, parameters)


ROWS = st.lists(st.tuples(*(st.sampled_from(CELLS[name]) for name in NAMES)), min_size=1, max_size=6)
CASES = st.lists(st.tuples(*(st.sampled_from(VALUES[name]) for name in NAMES)), min_size=1, max_size=8)


@settings(max_examples=80, deadline=None)
@given(ROWS, CASES, st.sampled_from(["UNIQUE", "FIRST"]))
def test_a_compiled_table_decides_as_the_interpreter_does(rows: Any, cases: Any, policy: str) -> None:
    graph = whole(document(rows, policy))
    table = compiled(graph)

    for case in cases:
        facts = dict(zip(NAMES, case, strict=True))
        expected = decide(graph, "t", facts)
        ruling = table.decide(case, NAMES)
        traced = table.trace(case, NAMES)
        holds = [number for number, failed in enumerate(traced.failed, 1) if failed == -1]
        assert ruling.value == expected.value
        assert traced.ruling == ruling
        assert ruling.rows == tuple(holds[:1] if policy == "FIRST" else holds)


def test_a_ruling_tells_row_reason_and_the_evidence_of_what_was_tested() -> None:
    table = compiled(whole(document([("> 2", "-", "true", "-"), ("<= 2", "-", "-", "-")])))
    evidence = ("order/1", "order/2", "photo/3", None)

    assert table.decide((3, "a", True, None), evidence) == Ruling((1,), Decimal(10), "reason 1", ("order/1", "photo/3"))
    assert table.decide((3, "a", False, None), evidence) == Ruling((), None, "", ())
    assert table.trace((1, "a", True, None), evidence).failed == (0, -1)


def test_rows_that_contradict_each_other_are_told() -> None:
    table = compiled(whole(document([("> 2", "-", "-", "-"), ("> 3", "-", "-", "-")])))

    assert table.decide((4, None, None, None), NAMES) == Ruling((1, 2), None, "", ())


def test_a_value_that_its_input_may_not_have_is_decided_by_no_row() -> None:
    graph = whole(document([("-", "-", "-", "-")], allowed="<inputValues><text>1, 2</text></inputValues>"))
    table = compiled(graph)

    assert table.decide((1, None, 2, 2), NAMES).rows == (1,)
    assert table.decide((3, None, 2, 2), NAMES) == Ruling((), None, "", ())
    assert decide(graph, "t", {"n": 3}).value is None


def test_cells_may_rest_on_parameters() -> None:
    graph = whole(document([("> limit", "-", "-", "-")]))

    assert compiled(graph, limit=Decimal(5)).decide((6, None, None, None), NAMES).rows == (1,)
    assert compiled(graph, limit=Decimal(7)).decide((6, None, None, None), NAMES).rows == ()


@pytest.mark.parametrize(
    "cell", ["odd(?)", "> s", "? > 2", '3, "a"', "> null", "[null..3]", '@"10:00:00"', "now()", "> > 1"]
)
def test_what_is_more_than_plain_tests_is_left_to_the_interpreter(cell: str) -> None:
    with pytest.raises(NotPlain, match="left to the interpreter"):
        compiled(whole(document([(cell, "-", "-", "-")])))


def test_a_table_that_gives_several_rows_is_left_to_the_interpreter() -> None:
    with pytest.raises(NotPlain, match="COLLECT"):
        compiled(whole(document([("-", "-", "-", "-")], "COLLECT")))


def test_a_text_of_a_model_never_becomes_a_program() -> None:
    hostile = "\"__import__('os').system('false')\""
    table = compiled(whole(document([("-", hostile, "-", "-")])))

    assert table.decide((1, hostile[1:-1], None, None), NAMES).rows == (1,)
    assert table.find.__globals__ == {"__builtins__": {}}
