"""A policy as a DMN model that any modeler opens: one decision table, its inputs with their types, its parameters.

What DMN has a place for stands there; our own files stand beside it, word for word, as extension elements, so that what
comes back unchanged is the same to the byte, and what was changed in a modeler is told from what was not.

References
----------
OMG, Decision Model and Notation 1.5, §6.3.6 (decisions), §7.3.3 (item definitions), §8.3 (decision tables).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from tiffin.capabilities.policies.domain.exchange.dated import ASKS_PLACE, values_on
from tiffin.capabilities.policies.domain.exchange.dmn_drawing import drawing_of
from tiffin.capabilities.policies.domain.exchange.files import PolicyFile, PolicyFiles, cell_text, in_language
from tiffin.capabilities.policies.domain.exchange.flattening import ANYTHING, FlatRow, flat_rows
from tiffin.capabilities.policies.domain.exchange.renaming import names_in
from tiffin.capabilities.policies.domain.policy import CITY, MARKET
from tiffin.engines.decisions.dmn import model
from tiffin.engines.decisions.dmn.tables import HitPolicy
from tiffin.engines.decisions.dmn.writing import write_model
from tiffin.engines.decisions.dmn.xml import Element

EXTENSION = "urn:tiffin:policies:1"
ROW_ID = "row"
"""The heading of the annotations that name each row."""

REASON = re.compile(r"reason \((\w+)\)")
_PLACES: tuple[Mapping[str, Any], ...] = (
    {"name": MARKET, "label": {"en": "Market"}, "type": "string"},
    {"name": CITY, "label": {"en": "City"}, "type": "string"},
)


def dmn_of(files: PolicyFiles, on: date) -> bytes:
    """Write a policy as it is in force on a day."""
    return write_model(model_of(files, on), {EXTENSION: "tiffin"})


def model_of(files: PolicyFiles, on: date) -> model.Definitions:
    """Make the model of a policy; see `dmn_of`."""
    content = files.base.content
    parameters = values_on(files.parameters, on)
    by_place = any(text.startswith(ASKS_PLACE) for text in parameters.values())
    columns = [*(_PLACES if files.overlays else ()), *content.get("inputs", ())]
    facts = [*(_PLACES if files.overlays or by_place else ()), *_facts(content.get("inputs", ()), parameters)]
    needed = [f"input_{_id(one['name'])}" for one in facts]
    dated = [f"parameter_{_id(name)}" for name in parameters]
    decision = model.Decision(
        id=f"decision_{_id(files.policy)}",
        name=files.policy,
        label=in_language(content.get("title")),
        question=in_language(content.get("question")) or None,
        variable=model.Variable(name=files.policy, type_ref=_result_type(content)),
        information=(
            *(model.Requirement(id=f"needs_{one}", input=f"#{one}") for one in needed),
            *(model.Requirement(id=f"needs_{one}", decision=f"#{one}") for one in dated),
        ),
        logic=_table(files, columns),
    )
    decisions = (decision, *(_parameter(name, text) for name, text in parameters.items()))
    inputs = tuple(_input_data(one) for one in facts)
    return model.Definitions(
        id=f"definitions_{_id(files.policy)}",
        name=in_language(content.get("title")) or files.policy,
        namespace=f"urn:tiffin:policy:{files.policy}",
        exporter="Tiffin",
        items=tuple(_items(content, columns)),
        inputs=inputs,
        decisions=decisions,
        other_children=(_extension(files, on), drawing_of(decisions, inputs)),
    )


def row_ids(count: int) -> Iterator[str]:
    """Give ids of rules that are unique within a model."""
    return (f"rule_{number}" for number in range(1, count + 1))


def _facts(inputs: Iterable[Mapping[str, Any]], parameters: Iterable[str]) -> Iterator[Mapping[str, Any]]:
    """Give what a case brings: the inputs, and instead of one that is computed what its expression speaks of."""
    told = {str(one["name"]) for one in inputs} | set(parameters)
    for one in inputs:
        if not one.get("feel"):
            yield one
            continue
        for name in names_in(cell_text(one["feel"])):
            if name not in told:
                told.add(name)
                yield {"name": name, "type": "Any"}


def _table(files: PolicyFiles, columns: list[Mapping[str, Any]]) -> model.Table:
    content = files.base.content
    rows = flat_rows(files)
    outputs = content.get("outputs", ())
    languages = sorted({language for row in rows for language in row.reason}, key=lambda one: (one != "en", one))
    rules = tuple(
        _rule(identity, row, columns, outputs, languages)
        for identity, row in zip(row_ids(len(rows)), rows, strict=True)
    )
    return model.Table(
        id=f"table_{_id(files.policy)}",
        hit_policy=_hit_policy(content, rows),
        aggregation=str(content["aggregation"]).upper() if content.get("aggregation") else None,
        output_label=files.policy,
        inputs=tuple(_input(one) for one in columns),
        outputs=tuple(_output(one, alone=len(outputs) == 1) for one in outputs),
        annotations=(model.Note(name=ROW_ID), *(model.Note(name=f"reason ({one})") for one in languages)),
        rules=rules,
    )


def _hit_policy(content: Mapping[str, Any], rows: tuple[FlatRow, ...]) -> str:
    """Name the hit policy; where tiers stand over one another, as in unique tables, the first row that holds counts."""
    if any(row.tier for row in rows):
        return str(HitPolicy.FIRST.value)
    return str(content.get("hit_policy") or HitPolicy.UNIQUE.value).upper()


def _rule(
    identity: str,
    row: FlatRow,
    columns: list[Mapping[str, Any]],
    outputs: Any,
    languages: list[str],
) -> model.Rule:
    return model.Rule(
        id=identity,
        tests=tuple(model.Cell(text=row.when.get(one["name"], ANYTHING)) for one in columns),
        results=tuple(model.Literal(text=row.then.get(one["name"], "null")) for one in outputs),
        annotations=(
            model.Note(text=row.id),
            *(model.Note(text=str(row.reason.get(one, ""))) for one in languages),
        ),
    )


def _input(one: Mapping[str, Any]) -> model.Input:
    values = cell_text(one.get("values"))
    return model.Input(
        id=f"column_{_id(one['name'])}",
        label=in_language(one.get("label")) or str(one["name"]),
        expression=model.Literal(text=str(one.get("feel") or one["name"]), type_ref=str(one.get("type", "Any"))),
        values=model.Cell(text=values) if values else None,
    )


def _output(one: Mapping[str, Any], *, alone: bool) -> model.Output:
    values, default = cell_text(one.get("values")), cell_text(one.get("default"))
    return model.Output(
        id=f"output_{_id(one['name'])}",
        label=in_language(one.get("label")) or str(one["name"]),
        name=None if alone and not one.get("name") else str(one["name"]),
        type_ref=str(one.get("type", "Any")),
        values=model.Cell(text=values) if values else None,
        default=model.Literal(text=default) if default else None,
    )


def _items(content: Mapping[str, Any], columns: list[Mapping[str, Any]]) -> Iterator[model.Item]:
    for one in columns:
        values = cell_text(one.get("values"))
        if values:
            yield model.Item(name=_type_name(one), type_ref=str(one["type"]), allowed=model.Cell(text=values))
    outputs = content.get("outputs", ())
    if len(outputs) > 1:
        parts = tuple(model.Item(name=str(one["name"]), type_ref=str(one.get("type", "Any"))) for one in outputs)
        yield model.Item(name=f"t_{_id(content['policy'])}", components=parts)


def _result_type(content: Mapping[str, Any]) -> str | None:
    outputs = content.get("outputs", ())
    if len(outputs) > 1:
        return f"t_{_id(content['policy'])}"
    return str(outputs[0].get("type", "Any")) if outputs else None


def _type_name(one: Mapping[str, Any]) -> str:
    return f"t_{_id(one['name'])}"


def _input_data(one: Mapping[str, Any]) -> model.InputData:
    label, unit = in_language(one.get("label")), in_language(one.get("unit"))
    kind = _type_name(one) if one.get("values") else str(one.get("type", "Any"))
    return model.InputData(
        id=f"input_{_id(one['name'])}",
        name=str(one["name"]),
        label=label or None,
        description=f"{label} ({unit})" if unit else None,
        variable=model.Variable(name=str(one["name"]), type_ref=kind),
    )


def _parameter(name: str, text: str) -> model.Decision:
    return model.Decision(
        id=f"parameter_{_id(name)}",
        name=name,
        variable=model.Variable(name=name),
        information=tuple(
            model.Requirement(id=f"{_id(name)}_needs_{one}", input=f"#input_{one}")
            for one in (MARKET, CITY)
            if text.startswith(ASKS_PLACE)
        ),
        logic=model.Literal(id=f"value_{_id(name)}", text=text),
    )


def _extension(files: PolicyFiles, on: date) -> Element:
    held = tuple(_held(one) for one in files.all)
    whole = Element(f"{{{EXTENSION}}}policy", (("name", files.policy), ("on", on.isoformat())), held)
    return Element(f"{{{model.NAMESPACE}}}extensionElements", children=(whole,))


def _held(file: PolicyFile) -> Element:
    since = (("since", file.since.isoformat()),) if file.since else ()
    return Element(f"{{{EXTENSION}}}file", (("place", file.place), *since), text=file.text)


def _id(name: object) -> str:
    """Make of a name what an XML id may hold."""
    return re.sub(r"[^\w.-]", "_", str(name))
