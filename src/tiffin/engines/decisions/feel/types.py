"""FEEL's types, as written in models and expressions."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """The types without parts."""

    ANY = "Any"
    NUMBER = "number"
    STRING = "string"
    BOOLEAN = "boolean"
    DATE = "date"
    TIME = "time"
    DATE_TIME = "date and time"
    DAYS = "days and time duration"
    YEARS = "years and months duration"


@dataclass(frozen=True, slots=True)
class Simple:
    """A type without parts."""

    kind: Kind


@dataclass(frozen=True, slots=True)
class ListType:
    """A list of one type."""

    item: "Type"


@dataclass(frozen=True, slots=True)
class RangeType:
    """A range over one type."""

    item: "Type"


@dataclass(frozen=True, slots=True)
class ContextType:
    """A context that has at least these fields."""

    fields: tuple[tuple[str, "Type"], ...] = ()


@dataclass(frozen=True, slots=True)
class FunctionType:
    """A function of parameters to a result."""

    parameters: tuple["Type", ...]
    result: "Type"


@dataclass(frozen=True, slots=True)
class Named:
    """A type by the name that a model gave it."""

    name: str


@dataclass(frozen=True, slots=True)
class Constrained:
    """A type of which only some values are allowed; ``tests`` is a tree of unary tests."""

    base: "Type"
    tests: Any


Type = Simple | ListType | RangeType | ContextType | FunctionType | Named | Constrained

ANY = Simple(Kind.ANY)

BUILT_IN: Mapping[str, Type] = {one.value: Simple(one) for one in Kind} | {
    "any": ANY,
    "dateTime": Simple(Kind.DATE_TIME),
    "date time": Simple(Kind.DATE_TIME),
    "dayTimeDuration": Simple(Kind.DAYS),
    "yearMonthDuration": Simple(Kind.YEARS),
    "list": ListType(ANY),
    "context": ContextType(),
}
"""Every type that needs no definition, by all the names that models use for it."""


def conforms(found: Type, wanted: Type) -> bool:
    """Tell whether each value of one type is a value of the other (DMN 1.5, §10.3.2.9.2)."""
    if isinstance(wanted, Constrained):
        return conforms(found, wanted.base)
    if isinstance(found, Constrained):
        return conforms(found.base, wanted)
    if wanted in (ANY, found):
        return True
    if isinstance(found, ListType) and isinstance(wanted, ListType):
        return conforms(found.item, wanted.item)
    if isinstance(found, RangeType) and isinstance(wanted, RangeType):
        return conforms(found.item, wanted.item)
    return _parts_conform(found, wanted)


def _parts_conform(found: Type, wanted: Type) -> bool:
    if isinstance(found, ContextType) and isinstance(wanted, ContextType):
        has = dict(found.fields)
        return all(name in has and conforms(has[name], kind) for name, kind in wanted.fields)
    if isinstance(found, FunctionType) and isinstance(wanted, FunctionType):
        same = len(found.parameters) == len(wanted.parameters)
        takes = all(conforms(w, f) for f, w in zip(found.parameters, wanted.parameters, strict=False))
        return same and takes and conforms(found.result, wanted.result)
    return False
