"""Reading the columns of a policy, and what it says about them: totals, directions, laws, worked cases."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from tiffin.capabilities.policies.domain.faults import PolicyFault, Spot, unknown
from tiffin.capabilities.policies.domain.parts import Parts, shown
from tiffin.capabilities.policies.domain.policy import (
    CITY,
    MARKET,
    Direction,
    Input,
    Law,
    Monotone,
    Output,
    Total,
    WorkedCase,
)
from tiffin.engines.decisions.feel.from_python import feel_value
from tiffin.engines.decisions.feel.temporal_reading import read_at_literal
from tiffin.engines.decisions.feel.types import Kind
from tiffin.engines.decisions.feel.values import KIND_OF, Value
from tiffin.kernel.messages import Message

KINDS: Mapping[str, Kind] = {one.value: one for one in Kind if one is not Kind.ANY}
RESERVED = (MARKET, CITY)
"""Every table has these as its first inputs."""

COUNTRY = re.compile(r"[A-Z]{2}")

_INPUT = ("name", "label", "type", "values", "feel", "whole", "required", "unit")
_OUTPUT = ("name", "label", "type", "values", "default", "unit")
_LAW = ("output", "market", "reference", "at_least", "at_most", "when")
_CASE = ("title", "market", "city", "given", "expect")
_TEMPORAL = (Kind.DATE, Kind.TIME, Kind.DATE_TIME, Kind.DAYS, Kind.YEARS)


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns that the rows of a policy may use.

    Parameters
    ----------
    inputs, outputs : Mapping
        By name; None where an overlay is read without its base.
    """

    inputs: Mapping[str, Kind] | None = None
    outputs: Mapping[str, Kind] | None = None

    @classmethod
    def of(cls, inputs: tuple[Input, ...], outputs: tuple[Output, ...]) -> "Columns":
        """Give the columns of a table."""
        return cls({one.name: one.kind for one in inputs}, {one.name: one.kind for one in outputs})


def read_input(raw: Any, spot: Spot) -> Input:
    """Read a column that is tested."""
    parts = Parts(raw, spot, _INPUT)
    name = parts.name("name")
    if name in RESERVED:
        raise parts.fault(
            Message("every policy has the inputs {names} by itself; name this one otherwise.", names="market, city"),
            "name",
        )
    return Input(
        name,
        parts.words("label"),
        parts.choice("type", KINDS),
        parts.tested("values") if "values" in parts.raw else None,
        parts.given("feel") if "feel" in parts.raw else None,
        whole=parts.flag("whole"),
        required=parts.flag("required"),
        unit=parts.text("unit", default=""),
    )


def read_output(raw: Any, spot: Spot) -> Output:
    """Read a column that is given."""
    parts = Parts(raw, spot, _OUTPUT)
    return Output(
        parts.name("name"),
        parts.words("label"),
        parts.choice("type", KINDS),
        parts.tested("values") if "values" in parts.raw else None,
        parts.given("default") if "default" in parts.raw else None,
        unit=parts.text("unit", default=""),
    )


def read_total(raw: Any, spot: Spot, columns: Columns) -> Total:
    """Read which outputs add up to what."""
    parts = Parts(raw, spot, ("outputs", "total"))
    outputs = parts.names("outputs")
    for one in outputs:
        check_known(one, columns.outputs, parts, "outputs")
    return Total(outputs, _number(parts, "total"))


def read_monotone(raw: Any, spot: Spot, columns: Columns) -> Monotone:
    """Read which output never goes the other way while an input grows."""
    parts = Parts(raw, spot, ("input", "output", "direction"))
    tested, given = parts.text("input"), parts.text("output")
    check_known(tested, columns.inputs, parts, "input")
    check_known(given, columns.outputs, parts, "output")
    return Monotone(tested, given, parts.choice("direction", {one.value: one for one in Direction}))


def read_law(raw: Any, spot: Spot, columns: Columns, *, market: str | None = None) -> Law:
    """Read a bound that a market sets.

    Parameters
    ----------
    market : str or None
        The market of the overlay in which it stands, and which alone it binds; in a base file each law names its own.
    """
    parts = Parts(raw, spot, _LAW)
    output = parts.text("output")
    check_known(output, columns.outputs, parts, "output")
    if "at_least" not in parts.raw and "at_most" not in parts.raw:
        raise parts.fault(Message("a law says `at_least` or `at_most`, a number or the name of a parameter."))
    found = read_market(parts, default=market)
    if market not in (None, found):
        raise parts.fault(elsewhere(str(market), found), "market")
    return Law(
        output,
        found,
        parts.text("reference"),
        parts.given("at_least") if "at_least" in parts.raw else None,
        parts.given("at_most") if "at_most" in parts.raw else None,
        read_cells(parts, "when", columns.inputs),
    )


def elsewhere(place: str, found: str) -> Message:
    """Say that something in the file of a place is of another."""
    return Message("what stands in the file of {place} is of {place} alone; found {found}.", place=place, found=found)


def read_cells(parts: Parts, key: str, known: Mapping[str, Kind] | None, row: str = "") -> dict[str, Any]:
    """Read the cells of a condition, by input."""
    inner = Parts(parts.raw.get(key) or {}, parts.at(key, row=row), None)
    for name in inner.listed:
        check_known(name, known, inner, name)
    return {name: inner.tested(name) for name in inner.listed}


def read_market(parts: Parts, *, default: str | None = None) -> str:
    """Read the code of a country."""
    found = parts.text("market", default=default)
    if not COUNTRY.fullmatch(found):
        raise parts.fault(
            Message("a market is a country by ISO 3166, such as KW; found {found}.", found=shown(found)), "market"
        )
    return found


def read_case(raw: Any, spot: Spot, columns: Columns) -> WorkedCase:
    """Read a case that somebody worked out by hand."""
    parts = Parts(raw, spot, _CASE)
    given = Parts(parts.raw.get("given") or {}, parts.at("given"), None)
    expect = Parts(parts.need("expect"), parts.at("expect"), None)
    return WorkedCase(
        parts.words("title"),
        {name: _value(given, name, columns.inputs) for name in given.listed},
        expect.text("row", default=""),
        {name: _value(expect, name, columns.outputs) for name in expect.listed if name != "row"},
        read_market(parts) if "market" in parts.raw else "",
        parts.text("city", default=""),
        parts.at(None).place,
    )


def check_known(name: str, known: Mapping[str, Kind] | None, parts: Parts, key: str) -> None:
    """Refuse the name of a column that is not there."""
    if known is not None and name not in known:
        raise PolicyFault(unknown(name, known), parts.at(key))


def fitted(value: Value, kind: Kind | None) -> Value:
    """Read a date, time or duration that was written as a text; give everything else as it is."""
    return read_at_literal(value) if kind in _TEMPORAL and isinstance(value, str) else value


def _value(parts: Parts, name: str, known: Mapping[str, Kind] | None) -> Value:
    """Read a value of a column; dates and the like may be written as texts."""
    check_known(name, known, parts, name)
    raw = parts.raw[name]
    kind = None if known is None else known[name]
    value = fitted(feel_value(raw), kind)
    plain = raw is None or isinstance(raw, str | bool | int | float | date)
    if not plain or (raw is not None and (type(value) not in KIND_OF or kind not in (None, KIND_OF[type(value)]))):
        raise parts.fault(
            Message(
                "the value of {name} is of type {type}; found {found}.",
                name=name,
                type=kind.value if kind else "-",
                found=shown(raw),
            ),
            name,
        )
    return value


def _number(parts: Parts, key: str) -> Value:
    found = feel_value(parts.need(key))
    if not isinstance(found, Decimal):
        raise parts.fault(Message("`{key}` is a number; found {found}.", key=key, found=shown(parts.raw[key])), key)
    return found
