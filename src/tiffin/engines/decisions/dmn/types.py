"""The types that a model defines."""

from collections.abc import Iterator, Mapping

from tiffin.engines.decisions.dmn.model import Definitions, Item
from tiffin.engines.decisions.feel.cursor import Cursor
from tiffin.engines.decisions.feel.faults import NotFeel
from tiffin.engines.decisions.feel.names import Names
from tiffin.engines.decisions.feel.parsing import parse_tests
from tiffin.engines.decisions.feel.parsing_types import read_type
from tiffin.engines.decisions.feel.types import (
    ANY,
    BUILT_IN,
    Constrained,
    ContextType,
    FunctionType,
    ListType,
    Named,
    Type,
)


def defined_types(definitions: Definitions, names: Names) -> Mapping[str, Type]:
    """Give every type that a model defines, by name."""
    return {one.name: _item_type(one, names) for one in definitions.items if one.name}


def type_named(text: str | None) -> Type:
    """Give the type that a reference means; none means any."""
    if not text or not text.strip():
        return ANY
    plain = text.strip()
    plain = plain if plain.partition(":")[1] == "" else plain.rpartition(":")[2]
    if plain in BUILT_IN or "<" not in plain:
        return BUILT_IN.get(plain, Named(plain))
    try:
        return read_type(Cursor(plain, Names()))
    except NotFeel:
        return Named(plain)


def component_names(items: tuple[Item, ...]) -> Iterator[str]:
    """Name every component of types, however deep."""
    for one in items:
        for component in one.components:
            if component.name:
                yield component.name
        yield from component_names(one.components)


def _item_type(item: Item, names: Names) -> Type:
    base = _base(item, names)
    base = ListType(base) if item.is_collection == "true" else base
    if item.constraint is None:
        return base
    return _constrained(base, item.constraint.text, names)


def _base(item: Item, names: Names) -> Type:
    if item.function is not None:
        parameters = tuple(type_named(one.type_ref) for one in item.function.parameters)
        return FunctionType(parameters, type_named(item.function.result))
    if item.components:
        return ContextType(tuple((one.name or "", _item_type(one, names)) for one in item.components))
    base = type_named(item.type_ref)
    return base if item.allowed is None else _constrained(base, item.allowed.text, names)


def _constrained(base: Type, text: str | None, names: Names) -> Type:
    if not text or not text.strip():
        return base
    return Constrained(base, parse_tests(text, names))
