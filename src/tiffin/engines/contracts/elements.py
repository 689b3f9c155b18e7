"""How the tables and columns of two versions differ."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from tiffin.engines.contracts.changes import Change, Kind
from tiffin.engines.contracts.domains import compare_options, compare_types
from tiffin.engines.contracts.pairing import Pairs, Where, customs, pair, rest, rest_of_customs, said
from tiffin.engines.contracts.rules import compare_rules
from tiffin.engines.contracts.standard import Element, Property, Relationship, SchemaObject

CLASSES = ("public", "internal", "confidential", "restricted", "personal", "special")
"""Classifications from the least to the most guarded, in the words that contracts use."""

_UNITS = {
    "unit": Kind.UNIT,
    "currency": Kind.CURRENCY,
    "timezone": Kind.TIME_ZONE,
    "timeZone": Kind.TIME_ZONE,
}
_COLUMN = [
    "name",
    "physical_name",
    "physical_type",
    "logical_type",
    "description",
    "quality",
    "relationships",
    "properties",
    "logical_type_options",
    "primary_key",
    "primary_key_position",
    "required",
    "unique",
    "partitioned",
    "partition_key_position",
    "classification",
    "encrypted_name",
    "transform_source_objects",
    "transform_logic",
    "items",
]
_TABLE = [
    "name",
    "physical_name",
    "physical_type",
    "description",
    "data_granularity_description",
    "quality",
    "relationships",
    "properties",
]


def compare_tables(olds: Sequence[SchemaObject] | None, news: Sequence[SchemaObject] | None) -> Iterator[Change]:
    """Tell how the tables changed."""
    pairs = pair(olds, news, _identifier, _named, lambda one: one.properties or None)
    for gone in pairs.removed:
        yield _table(gone).tell(Kind.TABLE_REMOVED, gone.name)
    for added in pairs.added:
        yield _table(added).tell(Kind.TABLE_ADDED, None, added.name)
    for old, new in pairs.both:
        yield from _compare_table(old, new, _table(old))


def _table(table: SchemaObject) -> Where:
    return Where(str(table.name), table.name)


def _compare_table(old: SchemaObject, new: SchemaObject, where: Where) -> Iterator[Change]:
    if old.name != new.name:
        yield where.tell(Kind.TABLE_RENAMED, old.name, new.name)
    if old.physical_name != new.physical_name:
        yield where.tell(Kind.TABLE_PLACE, old.physical_name, new.physical_name)
    if old.physical_type != new.physical_type:
        yield where.tell(Kind.TABLE_KIND, old.physical_type, new.physical_type)
    grain = Kind.GRAIN
    yield from said(old.data_granularity_description, new.data_granularity_description, where.at("grain"), grain)
    yield from said(old.description, new.description, where)
    days = [customs(one).get("eventAt") for one in (old, new)]
    if days[0] != days[1]:
        yield where.tell(Kind.BUSINESS_DAY, *days)
    yield from compare_rules(old, new, where)
    yield from _compare_references(old, new, where)
    columns = _columns(old.properties, new.properties)
    yield from _compare_keys(old, new, columns, where)
    yield from _compare_columns(columns, where, {one.name: number for number, one in enumerate(new.properties or ())})
    yield from rest(old, new, where, _TABLE)
    yield from rest_of_customs(old, new, where, ("eventAt",))


def _columns(olds: Sequence[Property] | None, news: Sequence[Property] | None) -> Pairs[Property]:
    return pair(olds, news, _identifier, _named, _nameless)


def _nameless(column: Property) -> Property | None:
    """Give a column without its name, by which a renamed one is known; one that says little could be any other."""
    says_enough = column.description or column.business_name or column.physical_name
    return replace(column, name=None, more={}) if says_enough else None


def _compare_columns(columns: Pairs[Property], where: Where, order: Mapping[str | None, int]) -> Iterator[Change]:
    for gone in columns.removed:
        yield _inside(where, gone).tell(Kind.COLUMN_REMOVED, gone.name)
    for added in columns.added:
        is_needed = bool(added.required) and not customs(added).get("derived")
        kind = Kind.REQUIRED_COLUMN_ADDED if is_needed else Kind.COLUMN_ADDED
        yield _inside(where, added).tell(kind, None, added.name)
    kept = sorted(order[new.name] for _, new in columns.both)
    standing = [order[new.name] for _, new in columns.both]
    if not (columns.removed or columns.added) and kept != standing and _is_by_name(columns):
        yield where.tell(Kind.COLUMNS_MOVED)
    for old, new in columns.both:
        yield from _compare_column(old, new, _inside(where, old))


def _is_by_name(columns: Pairs[Property]) -> bool:
    return all(old.name == new.name for old, new in columns.both)


def _inside(where: Where, column: Property) -> Where:
    """Give the place of a column; one inside another is told at the outer one, which is what others read."""
    inner = where.at(column.name or "[]")
    return replace(inner, column=where.column or column.name)


def _compare_column(old: Property, new: Property, where: Where) -> Iterator[Change]:
    if old.name != new.name:
        yield where.tell(Kind.COLUMN_RENAMED, old.name, new.name)
    if old.physical_name != new.physical_name:
        yield where.tell(Kind.COLUMN_PLACE, old.physical_name, new.physical_name)
    yield from compare_types(old, new, where)
    yield from compare_options(old, new, where)
    yield from said(old.description, new.description, where)
    yield from _compare_needs(old, new, where)
    yield from _compare_class(old, new, where)
    yield from _compare_units(old, new, where)
    yield from _compare_making(old, new, where)
    yield from compare_rules(old, new, where)
    yield from _compare_references(old, new, where)
    yield from _compare_inside(old, new, where)
    yield from rest(old, new, where, _COLUMN)
    yield from rest_of_customs(old, new, where, (*_UNITS, "derived"))


def _compare_inside(old: Property, new: Property, where: Where) -> Iterator[Change]:
    order = {one.name: number for number, one in enumerate(new.properties or ())}
    yield from _compare_columns(_columns(old.properties, new.properties), where, order)
    if old.items and new.items:
        yield from _compare_column(old.items, new.items, where.at("[]"))
    elif old.items or new.items:
        yield where.at("[]").tell(Kind.TYPE_NARROWED if new.items else Kind.TYPE_WIDENED)


def _compare_needs(old: Property, new: Property, where: Where) -> Iterator[Change]:
    steps = (
        ("required", Kind.NOW_REQUIRED, Kind.NOW_OPTIONAL),
        ("unique", Kind.NOW_UNIQUE, Kind.NO_LONGER_UNIQUE),
    )
    for name, came, went in steps:
        before, after = getattr(old, name), getattr(new, name)
        if bool(before) != bool(after):
            yield where.tell(came if after else went)
        elif before != after:
            yield where.at(name).tell(Kind.NOTE, before, after)
    derived = [bool(customs(one).get("derived")) for one in (old, new)]
    if derived[0] != derived[1]:
        is_missed = derived[0] and bool(new.required)
        yield where.tell(Kind.NO_LONGER_COMPUTED if is_missed else Kind.NOW_COMPUTED if derived[1] else Kind.TRANSFORM)


def _compare_class(old: Property, new: Property, where: Where) -> Iterator[Change]:
    before, after = old.classification, new.classification
    if before != after:
        ranks = [CLASSES.index(one) if one in CLASSES else None for one in (before, after)]
        kind = Kind.CLASS_CHANGED
        if ranks[0] is not None and ranks[1] is not None:
            kind = Kind.CLASS_RAISED if ranks[1] > ranks[0] else Kind.CLASS_LOWERED
        yield where.tell(kind, before, after)
    if old.encrypted_name != new.encrypted_name:
        yield where.tell(Kind.ENCRYPTION, old.encrypted_name, new.encrypted_name)


def _compare_units(old: Property, new: Property, where: Where) -> Iterator[Change]:
    before, after = customs(old), customs(new)
    for name, kind in _UNITS.items():
        one, other = before.get(name), after.get(name)
        if one != other:
            yield where.tell(kind if one is not None and other is not None else Kind.UNIT_STATED, one, other)


def _compare_making(old: Property, new: Property, where: Where) -> Iterator[Change]:
    for name in ("transform_logic", "transform_source_objects"):
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield where.at(name).tell(Kind.TRANSFORM, before, after)


def _compare_keys(old: Element, new: Element, columns: Pairs[Property], where: Where) -> Iterator[Change]:
    """Tell whether another key names a row, or rows are divided differently; a renamed column stays itself."""
    before_name = {other.name: one.name for one, other in columns.both}
    for flag, place, kind in (
        ("primary_key", "primary_key_position", Kind.KEY),
        ("partitioned", "partition_key_position", Kind.PARTITION),
    ):
        before = _ordered(old, flag, place)
        after = tuple(before_name.get(name, name) for name in _ordered(new, flag, place))
        if before != after:
            yield where.tell(kind, ", ".join(map(str, before)), ", ".join(map(str, after)))
        elif any(
            (getattr(one, flag), getattr(one, place)) != (getattr(other, flag), getattr(other, place))
            for one, other in columns.both
        ):
            yield where.at(flag).tell(Kind.NOTE)


def _ordered(table: Element, flag: str, place: str) -> tuple[str | None, ...]:
    found = [one for one in table.properties or () if getattr(one, flag)]
    return tuple(one.name for one in sorted(found, key=lambda one: getattr(one, place) or 0))


def _compare_references(old: Element, new: Element, where: Where) -> Iterator[Change]:
    pairs = pair(old.relationships, new.relationships, lambda one: repr((one.from_, one.to)), lambda one: one.type)
    pairs = _changed(pairs)
    yield from (where.tell(Kind.REFERENCE_REMOVED, _to(one)) for one in pairs.removed)
    yield from (where.tell(Kind.REFERENCE_ADDED, None, _to(one)) for one in pairs.added)
    for before, after in pairs.both:
        if (before.from_, before.to, before.type) != (after.from_, after.to, after.type):
            yield where.tell(Kind.REFERENCE_CHANGED, _to(before), _to(after))
        yield from rest(before, after, where.at("relationships"), {"from_", "to", "type"})
        yield from rest_of_customs(before, after, where.at("relationships"))


def _changed(pairs: Pairs[Relationship]) -> Pairs[Relationship]:
    """Take the one reference that is gone and the one that came for one that changed."""
    if len(pairs.removed) == 1 and len(pairs.added) == 1:
        return Pairs((*pairs.both, (pairs.removed[0], pairs.added[0])), (), ())
    return pairs


def _to(reference: Relationship) -> str:
    return ", ".join(reference.to) if isinstance(reference.to, list) else str(reference.to)


def _identifier(part: Element) -> str | None:
    return part.id


def _named(part: Element) -> str | None:
    return part.name
