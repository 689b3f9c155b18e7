"""The form by which somebody describes a case: a typed field for every input."""

from collections.abc import Mapping
from dataclasses import dataclass

from tiffin.capabilities.policies.domain.policy import Effective, Input
from tiffin.capabilities.policies.pages.cells import Teller
from tiffin.capabilities.policies.pages.units import told_unit
from tiffin.capabilities.policies.pages.where import in_words
from tiffin.engines.decisions.dmn.plain import NotPlain, PlainCell, Relation, Within, plain_cell
from tiffin.engines.decisions.feel.types import Kind
from tiffin.engines.decisions.feel.values import Value
from tiffin.engines.decisions.feel.writing import text_of
from tiffin.runtime.i18n import mark, translate

PREFIX = "in."
"""Before the names of the fields, so that none is taken for a market or a day."""

HINTS: Mapping[Kind, str] = {
    Kind.TIME: mark("such as 18:30:00"),
    Kind.DATE_TIME: mark("such as 2026-01-31T18:30:00"),
    Kind.DAYS: mark("such as PT20M"),
    Kind.YEARS: mark("such as P1Y2M"),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form.

    Parameters
    ----------
    choices : tuple of (str, str)
        Value and name; empty where any value may be written.
    low, high : str
        Bounds of a number; empty where there are none.
    """

    name: str
    label: str
    unit: str
    kind: str
    value: str
    choices: tuple[tuple[str, str], ...] = ()
    low: str = ""
    high: str = ""
    step: str = "any"
    hint: str = ""
    required: bool = False


def fields_of(found: Effective, given: Mapping[str, str], locale: str) -> list[Field]:
    """Give the fields of a policy's form with what stands in them."""
    return [_field(one, found, given.get(one.name, ""), locale) for one in found.stated.inputs]


def facts_in(query: Mapping[str, str]) -> dict[str, str]:
    """Give what a form says of a case: the text of each field."""
    return {name.removeprefix(PREFIX): text.strip() for name, text in query.items() if name.startswith(PREFIX)}


def _field(one: Input, found: Effective, value: str, locale: str) -> Field:
    allowed = _allowed(one, found.table.parameters)
    low, high = _bounds(allowed)
    return Field(
        PREFIX + one.name,
        in_words(one.label, locale),
        told_unit(one.unit, locale),
        {Kind.NUMBER: "number", Kind.DATE: "date"}.get(one.kind, "text"),
        value,
        _choices(one, allowed, locale),
        low,
        high,
        "1" if one.whole else "any",
        translate(locale, HINTS[one.kind]) if one.kind in HINTS else "",
        one.required,
    )


def _allowed(one: Input, parameters: Mapping[str, Value]) -> PlainCell | None:
    try:
        return plain_cell(one.values.tests, parameters) if one.values is not None else None
    except NotPlain:
        return None


def _choices(one: Input, allowed: PlainCell | None, locale: str) -> tuple[tuple[str, str], ...]:
    unknown = () if one.required else (("", translate(locale, "unknown")),)
    if one.kind is Kind.BOOLEAN:
        return (*unknown, ("true", translate(locale, "yes")), ("false", translate(locale, "no")))
    if allowed is None or allowed.negated or not all(isinstance(test, Relation) for test in allowed.tests):
        return ()
    named = [test.value for test in allowed.tests if isinstance(test, Relation) and test.operator == "="]
    if not named or len(named) != len(allowed.tests):
        return ()
    teller = Teller(locale, one.whole)
    return (*unknown, *((text_of(value), teller.value(value)) for value in named if value is not None))


def _bounds(allowed: PlainCell | None) -> tuple[str, str]:
    if allowed is None or allowed.negated or len(allowed.tests) != 1:
        return "", ""
    only = allowed.tests[0]
    if isinstance(only, Within):
        return text_of(only.low), text_of(only.high)
    if only.operator == ">=":
        return text_of(only.value), ""
    return ("", text_of(only.value)) if only.operator == "<=" else ("", "")
