"""DMN 1.5's models as they are written: decisions, what they require, and their logic in boxes.

References
----------
OMG, Decision Model and Notation 1.5, §6 (requirements), §7 (logic), §8 (decision tables), §10.2 (boxed expressions).
"""

from dataclasses import dataclass, field

from tiffin.engines.decisions.dmn.mapping import (
    attribute,
    logic,
    logics,
    part,
    parts,
    reference,
    references,
    text,
    wrapped,
)
from tiffin.engines.decisions.dmn.xml import Element

NAMESPACE = "https://www.omg.org/spec/DMN/20230324/MODEL/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Whatever has an identity; what this model does not know of it is kept as it was."""

    id: str | None = field(default=None, metadata=attribute("id"))
    label: str | None = field(default=None, metadata=attribute("label"))
    description: str | None = field(default=None, metadata=text("description"))
    other_attributes: tuple[tuple[str, str], ...] = ()
    other_children: tuple[Element, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Logic(Part):
    """An expression of any kind."""

    type_ref: str | None = field(default=None, metadata=attribute("typeRef"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable(Part):
    """A name with a type."""

    name: str | None = field(default=None, metadata=attribute("name"))
    type_ref: str | None = field(default=None, metadata=attribute("typeRef"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Literal(Logic):
    """FEEL's text."""

    language: str | None = field(default=None, metadata=attribute("expressionLanguage"))
    text: str | None = field(default=None, metadata=text("text"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell(Part):
    """Unary tests."""

    language: str | None = field(default=None, metadata=attribute("expressionLanguage"))
    text: str | None = field(default=None, metadata=text("text"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Input(Part):
    """A column that is tested."""

    expression: Literal | None = field(default=None, metadata=part("inputExpression", "Literal"))
    values: Cell | None = field(default=None, metadata=part("inputValues", "Cell"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Output(Part):
    """A column of results; the order of ``values`` is their priority."""

    name: str | None = field(default=None, metadata=attribute("name"))
    type_ref: str | None = field(default=None, metadata=attribute("typeRef"))
    values: Cell | None = field(default=None, metadata=part("outputValues", "Cell"))
    default: Literal | None = field(default=None, metadata=part("defaultOutputEntry", "Literal"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Part):
    """The heading of a column of annotations, or an annotation."""

    name: str | None = field(default=None, metadata=attribute("name"))
    text: str | None = field(default=None, metadata=text("text"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Part):
    """A row."""

    tests: tuple[Cell, ...] = field(default=(), metadata=parts("inputEntry", "Cell"))
    results: tuple[Literal, ...] = field(default=(), metadata=parts("outputEntry", "Literal"))
    annotations: tuple[Note, ...] = field(default=(), metadata=parts("annotationEntry", "Note"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Logic):
    """A decision table."""

    hit_policy: str | None = field(default=None, metadata=attribute("hitPolicy"))
    aggregation: str | None = field(default=None, metadata=attribute("aggregation"))
    orientation: str | None = field(default=None, metadata=attribute("preferredOrientation"))
    output_label: str | None = field(default=None, metadata=attribute("outputLabel"))
    inputs: tuple[Input, ...] = field(default=(), metadata=parts("input", "Input"))
    outputs: tuple[Output, ...] = field(default=(), metadata=parts("output", "Output"))
    annotations: tuple[Note, ...] = field(default=(), metadata=parts("annotation", "Note"))
    rules: tuple[Rule, ...] = field(default=(), metadata=parts("rule", "Rule"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Part):
    """An entry of a boxed context; the one without a name is the context's result."""

    variable: Variable | None = field(default=None, metadata=part("variable", "Variable"))
    value: Logic | None = field(default=None, metadata=logic())


@dataclass(frozen=True, slots=True, kw_only=True)
class Context(Logic):
    """A boxed context."""

    entries: tuple[Entry, ...] = field(default=(), metadata=parts("contextEntry", "Entry"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ListBox(Logic):
    """A boxed list."""

    items: tuple[Logic, ...] = field(default=(), metadata=logics())


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation(Logic):
    """A boxed relation: a list of contexts as rows under columns."""

    columns: tuple[Variable, ...] = field(default=(), metadata=parts("column", "Variable"))
    rows: tuple[ListBox, ...] = field(default=(), metadata=parts("row", "ListBox"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding(Part):
    """A parameter and what it is bound to."""

    parameter: Variable | None = field(default=None, metadata=part("parameter", "Variable"))
    value: Logic | None = field(default=None, metadata=logic())


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation(Logic):
    """A boxed invocation."""

    function: Logic | None = field(default=None, metadata=logic())
    bindings: tuple[Binding, ...] = field(default=(), metadata=parts("binding", "Binding"))


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionBox(Logic):
    """A boxed function; of kind FEEL, or Java or PMML, which are not run."""

    kind: str | None = field(default=None, metadata=attribute("kind"))
    parameters: tuple[Variable, ...] = field(default=(), metadata=parts("formalParameter", "Variable"))
    body: Logic | None = field(default=None, metadata=logic())


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditional(Logic):
    """A boxed condition."""

    condition: Logic | None = field(default=None, metadata=wrapped("if"))
    then: Logic | None = field(default=None, metadata=wrapped("then"))
    otherwise: Logic | None = field(default=None, metadata=wrapped("else"))


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterBox(Logic):
    """A boxed filter."""

    source: Logic | None = field(default=None, metadata=wrapped("in"))
    condition: Logic | None = field(default=None, metadata=wrapped("match"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ForBox(Logic):
    """A boxed loop."""

    variable: str | None = field(default=None, metadata=attribute("iteratorVariable"))
    source: Logic | None = field(default=None, metadata=wrapped("in"))
    result: Logic | None = field(default=None, metadata=wrapped("return"))


@dataclass(frozen=True, slots=True, kw_only=True)
class EveryBox(Logic):
    """A boxed quantifier: every item satisfies."""

    variable: str | None = field(default=None, metadata=attribute("iteratorVariable"))
    source: Logic | None = field(default=None, metadata=wrapped("in"))
    condition: Logic | None = field(default=None, metadata=wrapped("satisfies"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SomeBox(Logic):
    """A boxed quantifier: some item satisfies."""

    variable: str | None = field(default=None, metadata=attribute("iteratorVariable"))
    source: Logic | None = field(default=None, metadata=wrapped("in"))
    condition: Logic | None = field(default=None, metadata=wrapped("satisfies"))


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionItem(Part):
    """A type of functions."""

    result: str | None = field(default=None, metadata=attribute("outputTypeRef"))
    parameters: tuple[Variable, ...] = field(default=(), metadata=parts("parameters", "Variable"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(Part):
    """A type: an alias with allowed values, components, or a function; perhaps a list of such."""

    name: str | None = field(default=None, metadata=attribute("name"))
    is_collection: str | None = field(default=None, metadata=attribute("isCollection"))
    language: str | None = field(default=None, metadata=attribute("typeLanguage"))
    type_ref: str | None = field(default=None, metadata=text("typeRef"))
    allowed: Cell | None = field(default=None, metadata=part("allowedValues", "Cell"))
    constraint: Cell | None = field(default=None, metadata=part("typeConstraint", "Cell"))
    components: tuple["Item", ...] = field(default=(), metadata=parts("itemComponent", "Item"))
    function: FunctionItem | None = field(default=None, metadata=part("functionItem", "FunctionItem"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Import(Part):
    """Another model whose elements this one uses under a name."""

    name: str | None = field(default=None, metadata=attribute("name"))
    namespace: str | None = field(default=None, metadata=attribute("namespace"))
    kind: str | None = field(default=None, metadata=attribute("importType"))
    location: str | None = field(default=None, metadata=attribute("locationURI"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement(Part):
    """A decision's or knowledge's need of something else."""

    decision: str | None = field(default=None, metadata=reference("requiredDecision"))
    input: str | None = field(default=None, metadata=reference("requiredInput"))
    knowledge: str | None = field(default=None, metadata=reference("requiredKnowledge"))
    authority: str | None = field(default=None, metadata=reference("requiredAuthority"))


@dataclass(frozen=True, slots=True, kw_only=True)
class InputData(Part):
    """A fact that is given."""

    name: str | None = field(default=None, metadata=attribute("name"))
    variable: Variable | None = field(default=None, metadata=part("variable", "Variable"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Part):
    """A decision."""

    name: str | None = field(default=None, metadata=attribute("name"))
    question: str | None = field(default=None, metadata=text("question"))
    allowed_answers: str | None = field(default=None, metadata=text("allowedAnswers"))
    variable: Variable | None = field(default=None, metadata=part("variable", "Variable"))
    information: tuple[Requirement, ...] = field(default=(), metadata=parts("informationRequirement", "Requirement"))
    knowledge: tuple[Requirement, ...] = field(default=(), metadata=parts("knowledgeRequirement", "Requirement"))
    authority: tuple[Requirement, ...] = field(default=(), metadata=parts("authorityRequirement", "Requirement"))
    logic: Logic | None = field(default=None, metadata=logic())


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge(Part):
    """A business knowledge model: logic that decisions call."""

    name: str | None = field(default=None, metadata=attribute("name"))
    variable: Variable | None = field(default=None, metadata=part("variable", "Variable"))
    function: FunctionBox | None = field(default=None, metadata=part("encapsulatedLogic", "FunctionBox"))
    knowledge: tuple[Requirement, ...] = field(default=(), metadata=parts("knowledgeRequirement", "Requirement"))
    authority: tuple[Requirement, ...] = field(default=(), metadata=parts("authorityRequirement", "Requirement"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Service(Part):
    """A decision service: decisions behind one door."""

    name: str | None = field(default=None, metadata=attribute("name"))
    variable: Variable | None = field(default=None, metadata=part("variable", "Variable"))
    outputs: tuple[str, ...] = field(default=(), metadata=references("outputDecision"))
    encapsulated: tuple[str, ...] = field(default=(), metadata=references("encapsulatedDecision"))
    decisions: tuple[str, ...] = field(default=(), metadata=references("inputDecision"))
    inputs: tuple[str, ...] = field(default=(), metadata=references("inputData"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions(Part):
    """A whole model."""

    name: str | None = field(default=None, metadata=attribute("name"))
    namespace: str | None = field(default=None, metadata=attribute("namespace"))
    language: str | None = field(default=None, metadata=attribute("expressionLanguage"))
    type_language: str | None = field(default=None, metadata=attribute("typeLanguage"))
    exporter: str | None = field(default=None, metadata=attribute("exporter"))
    exporter_version: str | None = field(default=None, metadata=attribute("exporterVersion"))
    imports: tuple[Import, ...] = field(default=(), metadata=parts("import", "Import"))
    items: tuple[Item, ...] = field(default=(), metadata=parts("itemDefinition", "Item"))
    inputs: tuple[InputData, ...] = field(default=(), metadata=parts("inputData", "InputData"))
    decisions: tuple[Decision, ...] = field(default=(), metadata=parts("decision", "Decision"))
    knowledge: tuple[Knowledge, ...] = field(default=(), metadata=parts("businessKnowledgeModel", "Knowledge"))
    services: tuple[Service, ...] = field(default=(), metadata=parts("decisionService", "Service"))


LOGIC = {
    "literalExpression": Literal,
    "decisionTable": Table,
    "context": Context,
    "relation": Relation,
    "list": ListBox,
    "invocation": Invocation,
    "functionDefinition": FunctionBox,
    "conditional": Conditional,
    "filter": FilterBox,
    "for": ForBox,
    "every": EveryBox,
    "some": SomeBox,
}
"""Every kind of logic by its element's name."""
