"""What a column may hold, and whether that became less, more or something else."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tiffin.engines.contracts.changes import Change, Kind
from tiffin.engines.contracts.pairing import Where
from tiffin.engines.contracts.standard import Property

_LEAST = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_MOST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_ZONES = ("timezone", "defaultTimezone")
_PHYSICAL = re.compile(r"\s*([a-z_ ]+?)\s*(?:[(\[]\s*(\d+)\s*(?:,\s*(\d+)\s*)?[)\]])?\s*")

_LADDERS = (
    ("tinyint", "smallint", "int", "bigint"),
    ("float", "double"),
    ("char", "varchar", "text"),
    ("decimal",),
)
_SAME = {
    "integer": "int",
    "int4": "int",
    "int8": "bigint",
    "long": "bigint",
    "int2": "smallint",
    "real": "float",
    "float4": "float",
    "float8": "double",
    "double precision": "double",
    "numeric": "decimal",
    "character varying": "varchar",
    "nvarchar": "varchar",
    "character": "char",
    "bpchar": "char",
    "string": "text",
}


def compare_types(old: Property, new: Property, where: Where) -> Iterator[Change]:
    """Tell how the type changed: as the contract means it, else as it is stored."""
    before, after = old.logical_type, new.logical_type
    if before != after:
        steps = {("integer", "number"): Kind.TYPE_WIDENED, ("number", "integer"): Kind.TYPE_NARROWED}
        kind = steps.get((before or "", after or ""), Kind.TYPE_CHANGED)
        kind = Kind.TYPE_NARROWED if before is None else Kind.TYPE_WIDENED if after is None else kind
        yield where.tell(kind, before, after)
    elif old.physical_type != new.physical_type:
        kind = _stored(old.physical_type or "", new.physical_type or "")
        yield where.tell(kind, old.physical_type, new.physical_type)


def compare_options(old: Property, new: Property, where: Where) -> Iterator[Change]:
    """Tell which bounds, patterns and forms of values changed."""
    before, after = old.logical_type_options or {}, new.logical_type_options or {}
    for name in sorted(before.keys() | after.keys()):
        one, other = before.get(name), after.get(name)
        if one != other:
            yield from _option(name, one, other, where)


def _option(name: str, one: Any, other: Any, where: Where) -> Iterator[Change]:
    if name == "required":
        was, now = ([*value] if isinstance(value, list) else [] for value in (one, other))
        yield from (where.at(key).tell(Kind.NOW_REQUIRED) for key in now if key not in was)
        yield from (where.at(key).tell(Kind.NOW_OPTIONAL) for key in was if key not in now)
    elif name in _ZONES:
        yield where.at(name).tell(Kind.TIME_ZONE, one, other)
    elif name == "format":
        yield where.at(name).tell(Kind.FORMAT, one, other)
    else:
        yield where.at(name).tell(_bounds(name, one, other), one, other)


def _bounds(name: str, one: Any, other: Any) -> Kind:
    if name not in (*_LEAST, *_MOST, "pattern", "multipleOf", "uniqueItems"):
        return Kind.UNJUDGED
    if one is None or other is None:
        narrows = bool(other) if name == "uniqueItems" else one is None
        return Kind.VALUES_NARROWED if narrows else Kind.VALUES_WIDENED
    if name == "uniqueItems":
        return Kind.VALUES_NARROWED if other else Kind.VALUES_WIDENED
    if name == "multipleOf" and (other % one == 0 or one % other == 0):
        return Kind.VALUES_NARROWED if other % one == 0 else Kind.VALUES_WIDENED
    if name in (*_LEAST, *_MOST) and isinstance(one, str) == isinstance(other, str):
        return Kind.VALUES_NARROWED if (other > one) == (name in _LEAST) else Kind.VALUES_WIDENED
    return Kind.VALUES_CHANGED


def _stored(before: str, after: str) -> Kind:
    if _folded(before) == _folded(after):
        return Kind.NOTE
    one, other = _read(before), _read(after)
    ladder = next((names for names in _LADDERS if one and other and {one[0], other[0]} <= set(names)), None)
    if one is None or other is None or ladder is None:
        return Kind.STORED_TYPE
    steps = [ladder.index(other[0]) - ladder.index(one[0]), *_sizes(one, other)]
    if all(step >= 0 for step in steps):
        return Kind.TYPE_WIDENED if any(steps) else Kind.NOTE
    return Kind.TYPE_NARROWED


def _sizes(one: tuple[str, float, float], other: tuple[str, float, float]) -> tuple[int, int]:
    if one[0] == "decimal":  # digits before the point, and after it
        return _sign(other[1] - other[2], one[1] - one[2]), _sign(other[2], one[2])
    return _sign(other[1], one[1]), 0


def _sign(after: float, before: float) -> int:
    return (after > before) - (after < before)


def _folded(text: str) -> str:
    return re.sub(r"\s+", "", text.casefold()).replace("[", "(").replace("]", ")")


def _read(text: str) -> tuple[str, float, float] | None:
    """Give the name of a stored type, its size and its digits after the point; a size that is not said is endless."""
    match = _PHYSICAL.fullmatch(text.casefold())
    if match is None:
        return None
    name, size, digits = match.groups()
    return _SAME.get(name, name), float(size or "inf"), float(digits or 0)


def enum_of(arguments: Mapping[str, Any] | None) -> frozenset[str] | None:
    """Give the closed set of values of a rule, as text; None where it has none."""
    values = (arguments or {}).get("validValues")
    return frozenset(map(repr, values)) if isinstance(values, list) else None
