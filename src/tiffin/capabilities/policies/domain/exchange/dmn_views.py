"""What a DMN model says of its decision tables, whoever wrote it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tiffin.capabilities.policies.domain.exchange.flattening import ANYTHING
from tiffin.engines.decisions.dmn import model
from tiffin.engines.decisions.dmn.tables import HitPolicy

BUILT_IN = ("number", "string", "boolean", "date", "time", "date and time")
"""Types that need no definition."""

MAX_ALIASES = 20


@dataclass(frozen=True, slots=True)
class InputView:
    """A column that is tested: ``text`` is the expression that it tests."""

    text: str
    label: str
    type: str
    values: str


@dataclass(frozen=True, slots=True)
class OutputView:
    """A column that is given."""

    name: str
    label: str
    type: str
    values: str
    default: str


@dataclass(frozen=True, slots=True)
class RowView:
    """A row: cells in the order of the columns, annotations by their heading."""

    tests: tuple[str, ...]
    results: tuple[str, ...]
    notes: Mapping[str, str]
    description: str


@dataclass(frozen=True, slots=True)
class TableView:
    """A table with the name of the decision, or of the function, whose logic it is."""

    name: str
    title: str
    question: str
    hit_policy: str
    aggregation: str
    inputs: tuple[InputView, ...]
    outputs: tuple[OutputView, ...]
    rows: tuple[RowView, ...]
    facts: tuple[str, ...]
    """What the model says is given to it."""


def views_of(definitions: model.Definitions) -> Iterator[TableView]:
    """Give the tables of a model: of decisions, and of business knowledge models, whose parameters are their facts."""
    for one in definitions.decisions:
        if isinstance(one.logic, model.Table):
            facts = {fact.name or "": fact.variable.type_ref if fact.variable else None for fact in definitions.inputs}
            yield _view(definitions, one, one.logic, facts)
    for known in definitions.knowledge:
        body = known.function.body if known.function else None
        if known.function and isinstance(body, model.Table):
            yield _view(definitions, known, body, {one.name or "": one.type_ref for one in known.function.parameters})


def _view(
    definitions: model.Definitions,
    holder: model.Decision | model.Knowledge,
    table: model.Table,
    facts: Mapping[str, str | None],
) -> TableView:
    name = holder.name or ""
    kind = table.type_ref or (holder.variable.type_ref if holder.variable else None)
    headings = [note.name or "" for note in table.annotations]
    return TableView(
        name,
        holder.label or name,
        (holder.question or "") if isinstance(holder, model.Decision) else "",
        table.hit_policy or HitPolicy.UNIQUE.value,
        table.aggregation or "",
        tuple(_input(definitions, one, facts) for one in table.inputs),
        tuple(_output(definitions, one, name, kind) for one in table.outputs),
        tuple(_row(one, headings) for one in table.rules),
        tuple(facts),
    )


def _input(definitions: model.Definitions, one: model.Input, facts: Mapping[str, str | None]) -> InputView:
    text = (one.expression.text if one.expression else None) or ""
    named = one.expression.type_ref if one.expression else None
    variable = facts.get(text.strip())
    kind, values = _resolved(definitions, named or variable)
    own = _cell(one.values)
    of_fact = _resolved(definitions, variable)[1]
    return InputView(text.strip(), one.label or "", kind, own or values or of_fact)


def _output(definitions: model.Definitions, one: model.Output, decision: str, whole: str | None) -> OutputView:
    kind, values = _resolved(definitions, one.type_ref or _component(definitions, whole, one.name))
    default = (one.default.text if one.default else None) or ""
    return OutputView(one.name or decision, one.label or "", kind, _cell(one.values) or values, default.strip())


def _row(one: model.Rule, headings: list[str]) -> RowView:
    notes = [note.text or "" for note in one.annotations]
    return RowView(
        tuple((cell.text or "").strip() or ANYTHING for cell in one.tests),
        tuple((cell.text or "").strip() or "null" for cell in one.results),
        dict(zip([*headings, *[""] * len(notes)], notes, strict=False)),
        one.description or "",
    )


def _component(definitions: model.Definitions, whole: str | None, name: str | None) -> str | None:
    """Give the type of a part of a decision's result; the result's own where it has no parts."""
    item = next((one for one in definitions.items if one.name == _local(whole)), None)
    if item is None or not item.components:
        return whole
    return next((one.type_ref for one in item.components if one.name == name), None)


def _resolved(definitions: model.Definitions, name: str | None) -> tuple[str, str]:
    """Follow a type's name to the built-in one; give it with the values that are allowed on the way."""
    values = ""
    for _ in range(MAX_ALIASES):
        name = _local(name)
        item = next((one for one in definitions.items if one.name == name), None)
        if name in BUILT_IN or item is None:
            break
        values = values or _cell(item.constraint) or _cell(item.allowed)
        if item.components or item.is_collection == "true":
            return "Any", ""
        name = item.type_ref
    return _ALIASES.get(name or "", name or "Any"), values


def _cell(cell: model.Cell | None) -> str:
    return ((cell.text if cell else None) or "").strip()


def _local(name: str | None) -> str:
    return (name or "").strip().rpartition(":")[2]


_ALIASES = {
    "integer": "number",
    "double": "number",
    "long": "number",
    "decimal": "number",
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
}
