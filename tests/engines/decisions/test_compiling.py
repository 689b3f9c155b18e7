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
from tiffin.engines.decisions.feel.calendar import Date, DateTime, Time

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
    "c": ("-", '@"10:00:00"', '< @"10:00:00"', 'not(> @"10:00:00")', "null", '[@"09:59:59"..@"10:00:01")'),
    "m": ("-", '@"2021-01-01T00:00:00Z"', '<= @"2021-01-01T01:00:00+01:00"', 'not(< @"2021-01-01T00:00:00Z")'),
}
VALUES = {
    "n": (None, 1, 2, 3, 4, Decimal("2.5"), Decimal(3), "a", True),
    "s": (None, "a", "b", "c", 3),
    "b": (None, True, False, 1),
    "d": (None, Date(2020, 12, 31), Date(2021, 1, 1), "a"),
    "c": (None, Time(9, 59, 59), Time(10, 0, 0, 5), Time(10, 0, 1), Time(10, 0, 0, 0, 0), 10),
    "m": (
        *(None, Date(2021, 1, 1), DateTime(Date(2021, 1, 1), Time(0, 0, 0, 0, 0)), "a"),
        *(DateTime(Date(2021, 1, 1), Time(0, 0, 0, 7, 60)), DateTime(Date(2021, 1, 1), Time(0, 0, 0))),
        DateTime(Date(2021, 1, 1), Time(3, 0, 0, 0, None, "Asia/Riyadh")),
    ),
}
EVERY = ("-",) * len(CELLS)
NOTHING = (None, None, None)
NAMES = tuple(CELLS)


def document(
    rows: Sequence[Sequence[str]],
    policy: str = "UNIQUE",
    allowed: str = "",
    results: Sequence[str] = (),
    values: str = "",
) -> str:
    """Write a table over the inputs of `CELLS`; each row says its own number unless results are given.

    A policy of two words names the aggregation too.
    """
    policy, _, aggregation = policy.partition("/")
    aggregation = f'aggregation="{aggregation}"' if aggregation else ""
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
        said = escape(results[number - 1]) if results else f"{number} * 10"
        result = f"<outputEntry><text>{said}</text></outputEntry>"
        rules += f"<rule>{cells}{result}<annotationEntry><text>reason {number}</text></annotationEntry></rule>"
    output = f'<output name="o">{values}</output>'
    table = f'<decisionTable hitPolicy="{policy}" {aggregation}>{columns}{output}{rules}</decisionTable>'
    return f'{inputs}<decision id="t" name="t">{needs}{table}</decision>'


def whole(inner: str) -> Graph:
    opening = '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="m" namespace="urn:m">'
    return compile_model(read_model(f"{opening}{inner}</definitions>".encode()))


def compiled(graph: Graph, **parameters: Any) -> CompiledTable:
    tree = next(one.tree for one in graph.elements.values() if isinstance(one, Decided))
    assert isinstance(tree, TableOf)
    return CompiledTable(tree, parameters)


SEVERAL = (
    *("ANY", "PRIORITY", "COLLECT", "RULE ORDER", "OUTPUT ORDER"),
    *(f"COLLECT/{one}" for one in ("SUM", "MIN", "MAX", "COUNT")),
)
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


@settings(max_examples=60, deadline=None)
@given(ROWS, CASES, st.sampled_from(SEVERAL), st.lists(st.sampled_from(["1", "2", "null"]), min_size=6, max_size=6))
def test_a_compiled_table_of_several_rows_decides_as_the_interpreter_does(
    rows: Any, cases: Any, policy: str, results: list[str]
) -> None:
    values = "<outputValues><text>2, 1</text></outputValues>" if policy in ("PRIORITY", "OUTPUT ORDER") else ""
    results = [one.replace("null", "2") if values else one for one in results[: len(rows)]]
    graph = whole(document(rows, policy, results=results, values=values))
    table = compiled(graph)

    for case in cases:
        facts = dict(zip(NAMES, case, strict=True))
        ruling = table.decide(case, NAMES)
        holds = tuple(number for number, failed in enumerate(table.trace(case, NAMES).failed, 1) if failed == -1)
        assert ruling.value == decide(graph, "t", facts).value
        assert set(ruling.rows) <= set(holds) if policy == "PRIORITY" else ruling.rows == holds
        assert bool(ruling.rows) == bool(holds)


def test_the_row_of_priority_tells_its_reason_and_several_rows_what_they_tested() -> None:
    wide = [("> 2", "-", "-", *EVERY[3:]), ("-", '"a"', "-", *EVERY[3:])]
    values = "<outputValues><text>2, 1</text></outputValues>"
    case = (3, "a", *(None,) * 4)

    ranked = compiled(whole(document(wide, "PRIORITY", results=("1", "2"), values=values))).decide(case, NAMES)
    added = compiled(whole(document(wide, "COLLECT/SUM", results=("1", "2")))).decide(case, NAMES)

    assert ranked == Ruling((2,), Decimal(2), "reason 2", ("s",))
    assert added == Ruling((1, 2), Decimal(3), "", ("n", "s"))


def test_times_with_and_without_an_offset_in_one_column_are_left_to_the_interpreter() -> None:
    cells = [(*EVERY[:4], '@"10:00:00"', "-"), (*EVERY[:4], '@"10:00:00Z"', "-")]

    with pytest.raises(NotPlain, match="with and without an offset"):
        compiled(whole(document(cells)))


def test_a_ruling_tells_row_reason_and_the_evidence_of_what_was_tested() -> None:
    table = compiled(whole(document([("> 2", "-", "true", *EVERY[3:]), ("<= 2", *EVERY[1:])])))
    evidence = ("order/1", "order/2", "photo/3", *NOTHING)

    assert table.decide((3, "a", True, *NOTHING), evidence) == Ruling(
        (1,), Decimal(10), "reason 1", ("order/1", "photo/3")
    )
    assert table.decide((3, "a", False, *NOTHING), evidence) == Ruling((), None, "", ())
    assert table.trace((1, "a", True, *NOTHING), evidence).failed == (0, -1)


def test_rows_that_contradict_each_other_are_told() -> None:
    table = compiled(whole(document([("> 2", *EVERY[1:]), ("> 3", *EVERY[1:])])))

    assert table.decide((4, None, None, *NOTHING), NAMES) == Ruling((1, 2), None, "", ())


def test_a_value_that_its_input_may_not_have_is_decided_by_no_row() -> None:
    graph = whole(document([EVERY], allowed="<inputValues><text>1, 2</text></inputValues>"))
    table = compiled(graph)

    assert table.decide((1, None, 2, 2, 2, 2), NAMES).rows == (1,)
    assert table.decide((3, None, 2, 2, 2, 2), NAMES) == Ruling((), None, "", ())
    assert decide(graph, "t", {"n": 3}).value is None


def test_cells_may_rest_on_parameters() -> None:
    graph = whole(document([("> limit", *EVERY[1:])]))

    assert compiled(graph, limit=Decimal(5)).decide((6, None, None, *NOTHING), NAMES).rows == (1,)
    assert compiled(graph, limit=Decimal(7)).decide((6, None, None, *NOTHING), NAMES).rows == ()


@pytest.mark.parametrize("cell", ["odd(?)", "> s", "? > 2", '3, "a"', "> null", "[null..3]", "now()", "> > 1"])
def test_what_is_more_than_plain_tests_is_left_to_the_interpreter(cell: str) -> None:
    with pytest.raises(NotPlain, match="left to the interpreter"):
        compiled(whole(document([(cell, *EVERY[1:])])))


def test_a_text_of_a_model_never_becomes_a_program() -> None:
    hostile = "\"__import__('os').system('false')\""
    table = compiled(whole(document([("-", hostile, *EVERY[2:])])))

    assert table.decide((1, hostile[1:-1], None, *NOTHING), NAMES).rows == (1,)
    assert table.find.__globals__ == {"__builtins__": {}}
