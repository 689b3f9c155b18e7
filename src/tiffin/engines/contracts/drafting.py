"""From somebody else's contract to a draft of one that facts can be loaded under; what had to be changed is told."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tiffin.engines.contracts.domains import enum_of
from tiffin.engines.contracts.standard import API_VERSION, Contract, Property, SchemaObject
from tiffin.kernel.contract import LOCALES, Classification, LogicalType
from tiffin.kernel.messages import Message

Told = tuple[tuple[str, Message], ...]

_CLASSES = {one.value: one.value for one in Classification} | {"restricted": "confidential"}
_KEPT = ("maxLength", "pattern", "minimum", "maximum")
_MONTHS = {"d": 12 / 365.2425, "day": 12 / 365.2425, "days": 12 / 365.2425, "month": 1, "months": 1}
_YEARS = dict.fromkeys(("y", "yr", "year", "years"), 12)
DEFAULT_MONTHS = 84
"""How long rows are kept where the other contract does not say: as long as our own longest."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft of one table's contract.

    Parameters
    ----------
    document : dict
        As our own contracts are written.
    told : tuple of (str, Message)
        Where something could not be taken over as it stood, and what was done instead.
    """

    table: str
    document: dict[str, Any]
    told: Told


@dataclass(slots=True)
class _Telling:
    told: list[tuple[str, Message]] = field(default_factory=list)

    def tell(self, path: str, why: Message) -> None:
        self.told.append((path, why))


def drafts_of(contract: Contract) -> tuple[Draft, ...]:
    """Draft a contract for each table of somebody else's that has columns."""
    return tuple(_draft(contract, table) for table in contract.schema or () if table.properties)


def _draft(contract: Contract, table: SchemaObject) -> Draft:
    telling = _Telling()
    name = _named(str(table.name), str(table.name), telling)
    columns = list(_columns(table.properties or (), "", str(table.name), telling))
    _number_keys(columns, name, telling)
    for rule in table.quality or ():
        telling.tell(
            name, Message("The rule {rule} is not taken over; write it in our language of rules.", rule=_label(rule))
        )
    owner = contract.team.name if contract.team and contract.team.name else None
    if owner is None:
        telling.tell(name, Message("No team answers for it; name one."))
    grain = table.data_granularity_description
    if grain is None:
        telling.tell(name, Message("It does not say what one row stands for; say it."))
    one_row = grain or f"one row of {name}"
    meaning = table.description or (contract.description.purpose if contract.description else None) or name
    document = {
        "apiVersion": API_VERSION,
        "kind": "DataContract",
        "id": f"draft.{name}",
        "name": name,
        "version": "0.1.0",
        "status": "draft",
        "description": {"purpose": meaning, "customProperties": _texts("meaning", meaning)},
        "team": {"name": owner or "unowned"},
        "slaProperties": [{"property": "retention", "value": _months(contract, name, telling), "unit": "month"}],
        "schema": [
            {
                "name": name,
                "logicalType": "object",
                "physicalType": "table",
                "dataGranularityDescription": one_row,
                "customProperties": _texts("grain", one_row),
                "properties": columns,
            }
        ],
    }
    telling.tell(name, Message("Meanings stand in English in every language; translate them."))
    return Draft(name, document, tuple(telling.told))


def _columns(found: tuple[Property, ...], before: str, path: str, telling: _Telling) -> Iterator[dict[str, Any]]:
    for one in found:
        here = f"{path}.{one.name}"
        name = before + _named(str(one.name), here, telling)
        if one.properties:
            telling.tell(here, Message("Its fields become columns of their own, named after it."))
            yield from _columns(one.properties, f"{name}_", here, telling)
        else:
            yield _column(one, name, _type(one, here, telling), here, telling)


def _type(one: Property, path: str, telling: _Telling) -> LogicalType:
    kind = one.logical_type
    if kind in set(LogicalType):
        return LogicalType(kind)
    telling.tell(path, Message("The type {kind} is read as text.", kind=str(kind or one.physical_type)))
    return LogicalType.STRING


def _column(one: Property, name: str, kind: LogicalType, path: str, telling: _Telling) -> dict[str, Any]:
    meaning = one.description or one.business_name or name
    column: dict[str, Any] = {
        "name": name,
        "logicalType": kind.value,
        "physicalType": kind.value.upper(),
        "classification": _class(one.classification, path, telling),
        "description": meaning,
        "customProperties": _texts("meaning", meaning),
    }
    column |= {"required": True} if one.required else {}
    column |= {"primaryKey": True, "primaryKeyPosition": one.primary_key_position} if one.primary_key else {}
    options = _options(one, kind, path, telling)
    column |= {"logicalTypeOptions": options} if options else {}
    rules = list(_rules(one, kind, path, telling))
    column |= {"quality": rules} if rules else {}
    if one.relationships:
        telling.tell(path, Message("What it refers to is not taken over; name one of our columns."))
    return column


def _options(one: Property, kind: LogicalType, path: str, telling: _Telling) -> dict[str, Any]:
    kept = {}
    for name, value in (one.logical_type_options or {}).items():
        is_fit = name in _KEPT and (isinstance(value, str) == (name == "pattern"))
        if is_fit and (name in ("maxLength", "pattern")) == (kind is LogicalType.STRING):
            kept[name] = value
        else:
            telling.tell(path, Message("The bound {bound} is not taken over.", bound=name))
    return kept


def _rules(one: Property, kind: LogicalType, path: str, telling: _Telling) -> Iterator[dict[str, Any]]:
    for rule in one.quality or ():
        values = (rule.arguments or {}).get("validValues") or []
        is_set = enum_of(rule.arguments) is not None and rule.must_be == 0
        if is_set and kind is LogicalType.STRING and all(isinstance(value, str) and value for value in values):
            arguments = {"validValues": list(values)}
            yield {"type": "library", "metric": "invalidValues", "arguments": arguments, "mustBe": 0}
        else:
            telling.tell(
                path,
                Message("The rule {rule} is not taken over; write it in our language of rules.", rule=_label(rule)),
            )


def _class(found: str | None, path: str, telling: _Telling) -> str:
    if found is None:
        return Classification.INTERNAL.value
    if found not in _CLASSES:
        telling.tell(
            path, Message("The class {found} is not known; it is internal until somebody says otherwise.", found=found)
        )
    return _CLASSES.get(found, Classification.INTERNAL.value)


def _number_keys(columns: list[dict[str, Any]], name: str, telling: _Telling) -> None:
    """Give the key's columns their numbers and make them required; without a key the needed ones are it."""
    keys = sorted((one for one in columns if one.get("primaryKey")), key=lambda one: one["primaryKeyPosition"] or 0)
    if not keys:
        keys = [one for one in columns if one.get("required")] or columns[:1]
        telling.tell(
            name, Message("It has no key; {columns} is taken for one.", columns=", ".join(one["name"] for one in keys))
        )
    for number, one in enumerate(keys, 1):
        if not one.get("required"):
            telling.tell(f"{name}.{one['name']}", Message("It is part of the key, and therefore required."))
        one |= {"primaryKey": True, "primaryKeyPosition": number, "required": True}


def _months(contract: Contract, name: str, telling: _Telling) -> int:
    for promise in contract.sla_properties or ():
        factor = (_MONTHS | _YEARS).get(str(promise.unit).casefold())
        if promise.property == "retention" and factor and isinstance(promise.value, int | float):
            return max(1, round(promise.value * factor))
    telling.tell(
        name, Message("It does not say how long rows are kept; {months} months are taken.", months=DEFAULT_MONTHS)
    )
    return DEFAULT_MONTHS


def _named(found: str, path: str, telling: _Telling) -> str:
    """Write a name as ours are written: small letters, digits and underscores."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", found)
    name = re.sub(r"[^a-z0-9]+", "_", parted.casefold()).strip("_") or "unnamed"
    name = f"c_{name}" if name[0].isdigit() else name
    if name != found:
        telling.tell(path, Message("It is named {name} here.", name=name))
    return name


def _texts(named: str, english: str) -> list[dict[str, str]]:
    return [{"property": f"{named}.{locale}", "value": english} for locale in LOCALES[1:]]


def _label(rule: Any) -> str:
    return str(rule.name or rule.metric or rule.engine or rule.type or rule.description)
