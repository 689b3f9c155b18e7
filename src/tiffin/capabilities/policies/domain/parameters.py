"""Dated parameters of a policy: which value a name has on a day, everywhere and where it is another one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tiffin.capabilities.policies.domain.columns import read_market
from tiffin.capabilities.policies.domain.faults import Spot
from tiffin.capabilities.policies.domain.parts import Parts, shown
from tiffin.capabilities.policies.domain.policy import Parameter
from tiffin.engines.decisions.feel.from_python import feel_value
from tiffin.engines.decisions.feel.values import Value
from tiffin.kernel.errors import Place
from tiffin.kernel.messages import Message

MAX_PARAMETERS = 5000
_KEYS = ("name", "from", "value", "unit", "source", "law", "market", "city")


@dataclass(frozen=True, slots=True)
class Placed:
    """The entries of a parameter that hold on a day: everywhere, by market, and by city.

    An entry of a city may tell the city's market too; then what holds in the market holds in the city unless it has a
    value of its own.
    """

    general: Parameter | None = None
    markets: Mapping[str, Parameter] = field(default_factory=dict)
    cities: Mapping[str, Parameter] = field(default_factory=dict)

    @property
    def entries(self) -> tuple[Parameter, ...]:
        """All of them."""
        general = () if self.general is None else (self.general,)
        return (*general, *self.markets.values(), *self.cities.values())

    def at(self, market: str | None, city: str | None) -> Parameter | None:
        """Give the entry that holds in a place; None stands for any that no entry names."""
        found = self.cities.get(city) if city is not None else None
        found = found or (self.markets.get(market) if market is not None else None)
        return found or self.general


def read_parameters(raw: Any, file: str) -> tuple[Parameter, ...]:
    """Read a file of dated parameters: a list under ``parameters``.

    Raises
    ------
    PolicyFault
        Something in it is not what it should be.
    """
    parts = Parts(raw, Spot(Place(file)), ("parameters",))
    return parts.each("parameters", MAX_PARAMETERS, _parameter)


def in_force(parameters: Iterable[Parameter], on: date) -> Mapping[str, Placed]:
    """Give for each name what has the latest day that has come; of one day and place the one that stands later."""
    chosen: dict[tuple[str, str, str], Parameter] = {}
    for one in parameters:
        key = (one.name, "" if one.city else one.market, one.city)
        if one.since <= on and (key not in chosen or one.since >= chosen[key].since):
            chosen[key] = one
    names = dict.fromkeys(name for name, _, _ in chosen)
    return {name: _placed([one for one in chosen.values() if one.name == name]) for name in names}


def _placed(entries: list[Parameter]) -> Placed:
    general = next((one for one in entries if not one.market and not one.city), None)
    markets = {one.market: one for one in entries if one.market and not one.city}
    return Placed(general, markets, {one.city: one for one in entries if one.city})


def _parameter(raw: Any, spot: Spot) -> Parameter:
    parts = Parts(raw, spot, _KEYS)
    since = parts.need("from")
    if type(since) is not date:
        raise parts.fault(
            Message("`{key}` is a day like 2026-03-31; found {found}.", key="from", found=shown(since)), "from"
        )
    return Parameter(
        parts.name("name"),
        since,
        _value(parts),
        parts.text("unit"),
        parts.text("source"),
        parts.text("law", default=""),
        read_market(parts) if "market" in parts.raw else "",
        parts.text("city", default=""),
        parts.at("value").place,
    )


def _value(parts: Parts) -> Value:
    found = parts.need("value")
    if not isinstance(found, str | bool | int | float | date):
        raise parts.fault(
            Message("a value is a number, a text, a day, true or false; found {found}.", found=shown(found))
        )
    return feel_value(found)
