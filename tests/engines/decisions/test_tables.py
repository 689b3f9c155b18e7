"""Decision tables decide by their hit policy."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

import pytest

from tiffin.engines.decisions.dmn.graph import Graph
from tiffin.engines.decisions.dmn.running import Outcome, decide
from tiffin.engines.decisions.feel.writing import literal_of

Model = Callable[[str], Graph]


def table(*rows: str, policy: str = "UNIQUE", outputs: str = '<output name="level"/>', **attributes: str) -> str:
    """Write a table over the input ``n``; each row is its cells, separated by ``|``."""
    named = "".join(f' {name}="{value}"' for name, value in attributes.items())
    rules = ""
    for row in rows:
        test, *results = row.split("|")
        cells = "".join(f"<outputEntry><text>{escape(one)}</text></outputEntry>" for one in results)
        rules += f"<rule><inputEntry><text>{escape(test)}</text></inputEntry>{cells}</rule>"
    return (
        '<inputData id="i" name="n"><variable name="n" typeRef="number"/></inputData><decision id="d" name="d">'
        '<informationRequirement><requiredInput href="#i"/></informationRequirement>'
        f'<decisionTable hitPolicy="{policy}"{named}><input><inputExpression><text>n</text></inputExpression></input>'
        f"{outputs}{rules}</decisionTable></decision>"
    )


def decided(graph: Graph, n: Any) -> Outcome:
    return decide(graph, "d", {"n": None if n is None else Decimal(n)})


PRIORITIES = '<output name="level"><outputValues><text>"high","mid","low"</text></outputValues></output>'
OVERLAPPING = ('> 1|"low"', '> 2|"high"', '> 3|"mid"')


@pytest.mark.parametrize(
    ("policy", "outputs", "n", "expected"),
    [
        ("UNIQUE", '<output name="level"/>', 2, '"low"'),
        ("UNIQUE", '<output name="level"/>', 4, "null"),
        ("UNIQUE", '<output name="level"/>', 0, "null"),
        ("FIRST", '<output name="level"/>', 4, '"low"'),
        ("PRIORITY", PRIORITIES, 4, '"high"'),
        ("ANY", '<output name="level"/>', 4, "null"),
        ("ANY", '<output name="level"/>', 2, '"low"'),
        ("RULE ORDER", '<output name="level"/>', 4, '["low", "high", "mid"]'),
        ("OUTPUT ORDER", PRIORITIES, 4, '["high", "mid", "low"]'),
        ("COLLECT", '<output name="level"/>', 4, '["low", "high", "mid"]'),
        ("COLLECT", '<output name="level"/>', 0, "[]"),
        ("RULE ORDER", '<output name="level"/>', None, "[]"),
    ],
)
def test_each_hit_policy_says_what_holds(model: Model, policy: str, outputs: str, n: Any, expected: str) -> None:
    graph = model(table(*OVERLAPPING, policy=policy, outputs=outputs))

    assert graph.faults == ()
    assert literal_of(decided(graph, n).value) == expected


@pytest.mark.parametrize(("aggregation", "expected"), [("SUM", "9"), ("MIN", "2"), ("MAX", "4"), ("COUNT", "3")])
def test_a_collecting_table_may_aggregate(model: Model, aggregation: str, expected: str) -> None:
    graph = model(table("> 1|2", "> 2|3", "> 3|4", policy="COLLECT", aggregation=aggregation))

    assert literal_of(decided(graph, 9).value) == expected


def test_two_rules_of_a_unique_table_are_named_when_both_hold(model: Model) -> None:
    found = decided(model(table(*OVERLAPPING)), 3)

    assert found.value is None
    assert "rules 1, 2 do" in found.notes[-1].said


def test_several_outputs_are_a_context_and_defaults_hold_in_a_gap(model: Model) -> None:
    default = "<defaultOutputEntry><text>0</text></defaultOutputEntry>"
    outputs = f'<output name="a">{default}</output><output name="b c">{default}</output>'
    graph = model(table("> 1|n|n * 2", outputs=outputs))

    assert literal_of(decided(graph, 2).value) == "{a: 2, b c: 4}"
    assert literal_of(decided(graph, 1).value) == "{a: 0, b c: 0}"


def test_a_value_outside_of_a_columns_values_is_null_and_named(model: Model) -> None:
    outputs = '<output name="level"><outputValues><text>"x"</text></outputValues></output>'

    found = decided(model(table('-|"y"', outputs=outputs)), 1)

    assert found.value is None
    assert "not among the values of the output level" in found.notes[0].said


def test_a_row_with_too_few_cells_is_a_fault_of_the_model(model: Model) -> None:
    graph = model(table("-", policy="FIRST"))

    assert "a cell for each input" in graph.faults[0]
    assert decided(graph, 1).value is None


def test_a_cell_that_cannot_be_read_is_a_fault_with_its_place(model: Model) -> None:
    graph = model(table("> > 1|2", "-|3", policy="FIRST"))

    assert graph.faults[0].startswith("d, row 1, input n: ")
    assert "line 1, column 3" in graph.faults[0]
    assert literal_of(decided(graph, 2).value) == "3"


def test_a_hit_policy_that_there_is_not_is_a_fault(model: Model) -> None:
    assert "no hit policy MOSTLY" in model(table("-|1", policy="MOSTLY")).faults[0]
