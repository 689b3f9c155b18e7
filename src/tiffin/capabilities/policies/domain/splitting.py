"""Rows that rest on parameters which differ between places, as one row a place."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeVar

from tiffin.capabilities.policies.domain.narrowing import ANYTHING, named
from tiffin.capabilities.policies.domain.parameters import Placed
from tiffin.engines.decisions.feel.tree import Constant, Name, Node, Tests
from tiffin.engines.decisions.feel.values import Value

MAX_PARTS = 20_000

_Tree = TypeVar("_Tree", bound=Node)


@dataclass(frozen=True, slots=True)
class Part:
    """A set of places, and the values that parameters have in all of them.

    Parameters
    ----------
    market, city : Tests
        The cells that its places pass.
    values : Mapping
        By name of a parameter.
    missing : tuple of str
        Parameters without a value there.
    """

    market: Tests
    city: Tests
    values: Mapping[str, Value]
    missing: tuple[str, ...] = ()


class TooManyPlaces(Exception):
    """Cities whose market is not told, together with all markets, make more parts than any table has rows."""


def parts_of(names: Iterable[str], placed: Mapping[str, Placed]) -> tuple[Part, ...]:
    """Cut all places so that in each part the named parameters have one value each; one part where none differs.

    Raises
    ------
    TooManyPlaces
        There are more than `MAX_PARTS`.
    """
    known = {name: placed[name] for name in names if name in placed}
    markets = sorted({market for one in known.values() for market in one.markets})
    cities = sorted({city for one in known.values() for city in one.cities})
    homes = {city: entry.market for one in known.values() for city, entry in one.cities.items() if entry.market}
    at_home = (_part(ANYTHING, named([city]), _values(known, homes[city], city), known) for city in sorted(homes))
    rest = [*(city for city in cities if city not in homes), None]
    if (len(markets) + 1) * len(rest) > MAX_PARTS:
        raise TooManyPlaces
    others = (part for city in rest for part in _by_market(known, markets, city, _class_of(city, cities)))
    return (*at_home, *others)


def filled(tree: _Tree, names: frozenset[str], values: Mapping[str, Value]) -> _Tree:
    """Put values in the place of the names that a tree speaks of."""
    if names.isdisjoint(values):
        return tree
    made: _Tree = _filled(tree, values)
    return made


def _filled(found: Any, values: Mapping[str, Value]) -> Any:
    if isinstance(found, Name) and found.name in values:
        return Constant(values[found.name], span=found.span)
    if isinstance(found, tuple):
        return tuple(_filled(one, values) for one in found)
    if isinstance(found, Node) and is_dataclass(found):
        own = {one.name: getattr(found, one.name) for one in fields(found)}
        return replace(found, **{name: _filled(one, values) for name, one in own.items() if name != "span"})
    return found


def _by_market(known: Mapping[str, Placed], markets: list[str], city: str | None, city_cell: Tests) -> Iterator[Part]:
    """Group the markets of a city, or of all cities without values of their own, by the values that hold there."""
    general = _values(known, None, city)
    others: dict[tuple[tuple[str, Value], ...], list[str]] = {}
    for market in markets:
        values = _values(known, market, city)
        if values != general:
            others.setdefault(tuple(sorted(values.items())), []).append(market)
    own = [market for group in others.values() for market in group]
    yield _part(named(sorted(own), negated=True), city_cell, general, known)
    for shared, group in others.items():
        yield _part(named(group), city_cell, dict(shared), known)


def _part(market: Tests, city: Tests, values: Mapping[str, Value], known: Mapping[str, Placed]) -> Part:
    return Part(market, city, values, tuple(name for name in known if name not in values))


def _values(known: Mapping[str, Placed], market: str | None, city: str | None) -> dict[str, Value]:
    found = {name: one.at(market, city) for name, one in known.items()}
    return {name: entry.value for name, entry in found.items() if entry is not None}


def _class_of(city: str | None, cities: list[str]) -> Tests:
    if city is not None:
        return named([city])
    return named(cities, negated=True) if cities else ANYTHING
