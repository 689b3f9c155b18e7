"""Every name that a model's logic may use for a field of a context: FEEL needs them to see where a name ends."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from tiffin.engines.decisions.dmn import model
from tiffin.engines.decisions.dmn.types import component_names
from tiffin.engines.decisions.feel.evaluating_members import MEMBERS


def field_names(definitions: model.Definitions) -> frozenset[str]:
    """Name every field that a model's types, boxes and elements bring."""
    found = set(MEMBERS) | set(component_names(definitions.items))
    for elements in (definitions.inputs, definitions.decisions, definitions.knowledge, definitions.services):
        found |= {one.name for one in elements if one.name}
    for logic in definitions.decisions:
        found |= set(_inside(logic.logic))
    for knowledge in definitions.knowledge:
        found |= set(_inside(knowledge.function))
    return frozenset(found)


def _inside(one: Any) -> Iterator[str]:
    if isinstance(one, model.Output | model.Variable) and one.name:
        yield one.name
    if isinstance(one, tuple):
        for part in one:
            yield from _inside(part)
    elif is_dataclass(one) and isinstance(one, model.Part):
        for kind in fields(one):
            yield from _inside(getattr(one, kind.name))
