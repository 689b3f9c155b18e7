"""Models are read, decided and written without loss; hostile ones are refused."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from tiffin.engines.decisions.dmn.graph import Graph, compile_model
from tiffin.engines.decisions.dmn.reading import read_model
from tiffin.engines.decisions.dmn.running import decide
from tiffin.engines.decisions.dmn.writing import write_model
from tiffin.engines.decisions.feel.writing import literal_of
from tiffin.kernel.errors import InvalidDefinition, NotFound

Model = Callable[[str], Graph]

FEE = """
<itemDefinition name="tOrder">
  <itemComponent name="item count"><typeRef>number</typeRef></itemComponent>
  <itemComponent name="kind"><typeRef>string</typeRef>
    <allowedValues><text>"food", "goods"</text></allowedValues></itemComponent>
</itemDefinition>
<inputData id="i" name="Order"><variable name="Order" typeRef="tOrder"/></inputData>
<businessKnowledgeModel id="k" name="Fee of">
  <variable name="Fee of"/>
  <encapsulatedLogic>
    <formalParameter name="count" typeRef="number"/>
    <literalExpression><text>if count &lt;= 1 then 100 else 10 + Fee of(count - 1)</text></literalExpression>
  </encapsulatedLogic>
</businessKnowledgeModel>
<decision id="base" name="Base Fee"><variable name="Base Fee" typeRef="number"/>
  <informationRequirement><requiredInput href="#i"/></informationRequirement>
  <knowledgeRequirement><requiredKnowledge href="#k"/></knowledgeRequirement>
  <invocation><literalExpression><text>Fee of</text></literalExpression>
    <binding><parameter name="count"/><literalExpression><text>Order.item count</text></literalExpression></binding>
  </invocation>
</decision>
<decision id="fee" name="Fee"><variable name="Fee"/>
  <informationRequirement><requiredDecision href="#base"/></informationRequirement>
  <informationRequirement><requiredInput href="#i"/></informationRequirement>
  <context>
    <contextEntry><variable name="is food"/>
      <literalExpression><text>Order.kind = "food"</text></literalExpression></contextEntry>
    <contextEntry><conditional>
      <if><literalExpression><text>is food</text></literalExpression></if>
      <then><literalExpression><text>Base Fee / 2</text></literalExpression></then>
      <else><literalExpression><text>Base Fee</text></literalExpression></else>
    </conditional></contextEntry>
  </context>
</decision>
<decision id="rows" name="Rows">
  <relation><column name="a"/><column name="b c"/>
    <row><literalExpression><text>1</text></literalExpression><literalExpression><text>2</text></literalExpression></row>
    <row><literalExpression><text>3</text></literalExpression><literalExpression><text>4</text></literalExpression></row>
  </relation>
</decision>
<decision id="picked" name="Picked">
  <informationRequirement><requiredDecision href="#rows"/></informationRequirement>
  <context>
    <contextEntry><variable name="kept"/><filter>
      <in><literalExpression><text>Rows</text></literalExpression></in>
      <match><literalExpression><text>b c > 2</text></literalExpression></match></filter></contextEntry>
    <contextEntry><variable name="doubled"/><for iteratorVariable="row">
      <in><literalExpression><text>Rows</text></literalExpression></in>
      <return><literalExpression><text>row.b c * 2</text></literalExpression></return></for></contextEntry>
    <contextEntry><variable name="all"/><every iteratorVariable="row">
      <in><literalExpression><text>Rows</text></literalExpression></in>
      <satisfies><literalExpression><text>row.a > 1</text></literalExpression></satisfies></every></contextEntry>
    <contextEntry><variable name="any"/><some iteratorVariable="row">
      <in><literalExpression><text>Rows</text></literalExpression></in>
      <satisfies><literalExpression><text>row.a > 1</text></literalExpression></satisfies></some></contextEntry>
    <contextEntry><variable name="list"/>
      <list><literalExpression><text>count(Rows)</text></literalExpression></list></contextEntry>
  </context>
</decision>
<decisionService id="s" name="Pricing"><variable name="Pricing"/>
  <outputDecision href="#fee"/><inputDecision href="#base"/><inputData href="#i"/>
</decisionService>
<decision id="served" name="Served">
  <knowledgeRequirement><requiredKnowledge href="#s"/></knowledgeRequirement>
  <literalExpression><text>Pricing({item count: 1, kind: "food"}, 60)</text></literalExpression>
</decision>
<decision id="silent" name="Silent"/>
<decision id="loop" name="Loop"><informationRequirement><requiredDecision href="#loop"/></informationRequirement>
  <literalExpression><text>Loop</text></literalExpression></decision>
"""
ORDER = {"item count": Decimal(3), "kind": "food"}


def decided(graph: Graph, name: str, order: object = None) -> str:
    return literal_of(decide(graph, name, {"Order": order or ORDER}).value)


def test_decisions_rest_on_what_they_require(model: Model) -> None:
    graph = model(FEE)

    assert graph.faults == ()
    assert decided(graph, "Fee") == "60"
    assert decided(graph, "Fee", ORDER | {"kind": "goods"}) == "120"
    assert decided(graph, "Silent") == "null"


def test_boxes_come_to_what_their_texts_would(model: Model) -> None:
    expected = "{kept: [{a: 3, b c: 4}], doubled: [4, 8], all: false, any: true, list: [2]}"

    assert decided(model(FEE), "Picked") == expected


def test_a_service_decides_by_what_is_handed_in(model: Model) -> None:
    graph = model(FEE)

    assert decided(graph, "Served") == "30"
    assert literal_of(decide(graph, "Pricing", {"Order": ORDER, "Base Fee": Decimal(8)}).value) == "4"
    assert decide(graph, "Pricing", {"Order": ORDER}).value is None


def test_a_fact_that_its_type_does_not_allow_counts_as_null_and_is_named(model: Model) -> None:
    graph = model(FEE.replace("if count", "if count = null or count"))

    found = decide(graph, "Fee", {"Order": ORDER | {"kind": "people"}})

    assert literal_of(found.value) == "100"
    assert "not among the values that are allowed" in found.notes[0].said


def test_a_decision_that_requires_itself_is_null_and_named(model: Model) -> None:
    found = decide(model(FEE), "Loop", {})

    assert found.value is None
    assert "requires itself" in found.notes[0].said


def test_a_decision_that_there_is_not_is_not_found(model: Model) -> None:
    with pytest.raises(NotFound):
        decide(model(FEE), "Price", {})


def test_an_import_is_seen_under_its_name() -> None:
    opening = '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="urn:{0}" name="{0}">'
    lower = f"""{opening.format("low")}<itemDefinition name="tN"><typeRef>number</typeRef></itemDefinition>
      <decision id="d" name="The number"><variable typeRef="tN"/>
      <literalExpression><text>7</text></literalExpression></decision>
      </definitions>"""
    upper = f"""{opening.format("up")}<import namespace="urn:low" name="Low" importType="dmn"/>
      <decision id="d" name="Twice"><variable name="Twice" typeRef="Low.tN"/>
      <informationRequirement><requiredDecision href="urn:low#d"/></informationRequirement>
      <literalExpression><text>Low.The number * 2</text></literalExpression></decision></definitions>"""
    graph = compile_model(read_model(upper.encode()), (read_model(lower.encode()),))

    assert graph.faults == ()
    assert literal_of(decide(graph, "Twice", {}).value) == "14"


def test_a_model_is_the_same_after_being_written_and_read_again() -> None:
    opening = (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:t="urn:t" t:own="a&#10;b" name="m">'
    )
    extra = '<extensionElements><t:any key="&lt;">x</t:any></extensionElements>'
    extra += "<textAnnotation><text>n</text></textAnnotation>"
    first = read_model(f"{opening}<description>d &amp; e</description>{extra}{FEE}</definitions>".encode())

    written = write_model(first, {"urn:t": "t"})

    assert read_model(written) == first
    assert write_model(read_model(written), {"urn:t": "t"}) == written
    assert b"DMN/20230324/MODEL/" in written


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]><definitions>&e;</definitions>',
        '<!DOCTYPE d [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><definitions>&b;</definitions>',
        "<definitions>",
        "<definitions/>",
        '<other xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/"/>',
        "<a>" * 200,
        "",
    ],
)
def test_what_is_no_model_is_refused(text: str) -> None:
    with pytest.raises(InvalidDefinition):
        read_model(text.encode())


def test_two_elements_of_one_id_are_refused(model: Model) -> None:
    with pytest.raises(InvalidDefinition, match="there twice"):
        model('<decision id="a" name="x"/><decision id="a" name="y"/>')


def test_what_is_required_and_missing_is_a_fault(model: Model) -> None:
    needs = '<informationRequirement><requiredDecision href="#gone"/></informationRequirement>'

    assert "gone" in model(f'<decision id="a" name="x">{needs}</decision>').faults[0]
