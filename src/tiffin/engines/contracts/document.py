"""Turn a contract's document, plain mappings and lists, into values and back without a loss."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import NoneType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from tiffin.engines.contracts.standard import Contract, Section

AnySection = TypeVar("AnySection", bound=Section)


@dataclass(frozen=True, slots=True)
class _Slot:
    """Where a key of the document goes, and what may stand there."""

    field: str
    kinds: tuple[type, ...]
    section: type[Section] | None
    is_many: bool

    def fits(self, value: Any) -> bool:
        if value is None:
            return False
        if self.section is None:
            is_flag = isinstance(value, bool)
            return isinstance(value, self.kinds) and (not is_flag or bool in self.kinds or object in self.kinds)
        if self.is_many:
            return isinstance(value, list) and all(isinstance(item, dict) for item in value)
        return isinstance(value, dict)

    def read(self, value: Any) -> Any:
        if self.section is None:
            return value
        return tuple(_read(self.section, item) for item in value) if self.is_many else _read(self.section, value)


def contract_of(document: Mapping[str, Any]) -> Contract:
    """Read a whole document."""
    return _read(Contract, document)


def document_of(section: Section) -> dict[str, Any]:
    """Write a contract, or a part of one, as it stands in a document."""
    written: dict[str, Any] = {}
    kind: Any = type(section)
    for key, slot in _slots(kind).items():
        value = getattr(section, slot.field)
        if value is not None:
            written[key] = _written(value)
    return written | section.more


def _written(value: Any) -> Any:
    if isinstance(value, Section):
        return document_of(value)
    if isinstance(value, tuple):
        return [document_of(item) for item in value]
    return value


def _read(of: type[AnySection], found: Mapping[str, Any]) -> AnySection:
    kind: Any = of
    slots, values, more = _slots(kind), {}, {}
    for key, value in found.items():
        slot = slots.get(key)
        if slot is not None and slot.fits(value):
            values[slot.field] = slot.read(value)
        else:
            more[key] = value
    return of(**values, more=more)


@cache
def _slots(of: Any) -> dict[str, _Slot]:
    hints = get_type_hints(of)
    del hints["more"]
    return {_key(name): _slot(name, hint) for name, hint in hints.items()}


def _slot(name: str, hint: Any) -> _Slot:
    """Read from a field's type what may stand there: ``Any``, plain kinds, one part or several."""
    if hint is Any:
        return _Slot(name, (object,), None, is_many=False)
    choices = [choice for choice in get_args(hint) if choice is not NoneType]
    kinds = tuple(get_origin(choice) or choice for choice in choices)
    if kinds == (tuple,):
        return _Slot(name, (), get_args(choices[0])[0], is_many=True)
    if issubclass(kinds[0], Section):
        return _Slot(name, (), kinds[0], is_many=False)
    return _Slot(name, (int, float) if kinds == (float,) else kinds, None, is_many=False)


def _key(name: str) -> str:
    head, *rest = name.rstrip("_").split("_")
    return head + "".join(part.title() for part in rest)
