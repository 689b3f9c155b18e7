"""FEEL's values in Python, and of which type each is.

Numbers are `Decimal`, texts `str`, booleans `bool`, null `None`, lists `list`, contexts `dict`; none is ever changed
once it is made. Dates, durations, ranges and functions have classes of their own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tiffin.engines.decisions.feel.calendar import Date, DateTime, Time
from tiffin.engines.decisions.feel.durations import Days, Years
from tiffin.engines.decisions.feel.tree import Node, Parameter
from tiffin.engines.decisions.feel.types import ANY, Kind, Type

Value = Any
"""Any value of FEEL."""


@dataclass(frozen=True, slots=True)
class Range:
    """All values between two endpoints, or in one relation to one (``operator``); None stands for an open end."""

    low: Value
    high: Value
    low_included: bool
    high_included: bool
    operator: str | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """What names mean in a place; a name that is not here may be further out."""

    values: Mapping[str, Value]
    outer: "Scope | None" = None

    def with_values(self, values: Mapping[str, Value]) -> "Scope":
        """Put names before these."""
        return Scope(values, self)


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function of the model: parameters, a body, and what its names mean where it was written."""

    parameters: tuple[Parameter, ...]
    body: Node
    scope: Scope
    result: Type = ANY
    external: bool = False


KIND_OF: Mapping[type, Kind] = {
    Decimal: Kind.NUMBER,
    str: Kind.STRING,
    bool: Kind.BOOLEAN,
    Date: Kind.DATE,
    Time: Kind.TIME,
    DateTime: Kind.DATE_TIME,
    Days: Kind.DAYS,
    Years: Kind.YEARS,
}


def described(value: Value) -> str:
    """Name the sort of a value in messages."""
    if value is None:
        return "null"
    others = {list: "list", dict: "context", Range: "range"}
    return KIND_OF[type(value)].value if type(value) in KIND_OF else others.get(type(value), "function")
