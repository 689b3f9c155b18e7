"""Where facts exist: which city has rows of which source, and which money it counts in.

An absent fact is not a nought. A city whose feed brings no refunds has an unknown refund share; without this knowledge
the compiler would call it zero.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tiffin.engines.metrics.request import Condition, Operator, RowScope
from tiffin.kernel.time import Days

PLACES = ("city_id", "country", "currency")
"""Dimensions that every row of a city has in common, unless its own value is empty."""

KEPT = 256
"""Conditions with scopes whose cities a footprint remembers; then it forgets them all."""

_Rows = tuple[tuple[Condition, ...], RowScope]
_Names = frozenset[str]

_TESTS: Mapping[Operator, Callable[[Any, tuple[Any, ...]], bool]] = {
    Operator.EQ: lambda place, values: place in values,
    Operator.IN: lambda place, values: place in values,
    Operator.NE: lambda place, values: place not in values,
    Operator.NOT_IN: lambda place, values: place not in values,
    Operator.LT: lambda place, values: place < values[0],
    Operator.LE: lambda place, values: place <= values[0],
    Operator.GT: lambda place, values: place > values[0],
    Operator.GE: lambda place, values: place >= values[0],
    Operator.BETWEEN: lambda place, values: values[0] <= place <= values[1],
}


@dataclass(frozen=True, slots=True)
class CityFacts:
    """What must be known of a city to compute its metrics; None where it is unknown."""

    country: str | None
    currency: str | None
    is_simulated: bool = False


@dataclass(frozen=True, slots=True)
class Footprint:
    """All cities, and for each source those with at least one row.

    Parameters
    ----------
    held : mapping of str to frozenset of str
        City ids by source; a source that is not named is held everywhere.
    spans : mapping of str to mapping of str to Days
        First and last business date of each source's rows in each city.
    """

    cities: Mapping[str, CityFacts]
    held: Mapping[str, frozenset[str]]
    spans: Mapping[str, Mapping[str, Days]] = field(default_factory=dict)
    _cities_of: dict[str | None, set[str]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _touched: dict[_Rows, frozenset[str]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _countries: dict[_Names, _Names] = field(default_factory=dict, init=False, repr=False, compare=False)
    _simulated: set[str] = field(default_factory=set, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the cities by their country, and those that are simulated."""
        for city, facts in self.cities.items():
            self._cities_of.setdefault(facts.country, set()).add(city)
        self._simulated.update(city for city, facts in self.cities.items() if facts.is_simulated)

    def is_everywhere(self, source: str) -> bool:
        """Tell whether every city has rows of a source."""
        return source not in self.held or len(self.held[source]) >= max(1, len(self.cities))

    def cities_in(self, where: tuple[Condition, ...], scope: RowScope) -> frozenset[str]:
        """Give the cities that a request can touch at all."""
        rows = (where, scope)
        known = self._touched.get(rows)
        if known is None:
            if len(self._touched) >= KEPT:
                self._touched.clear()
            known = self._touched[rows] = self._cities_in(where, scope)
        return known

    def _cities_in(self, where: tuple[Condition, ...], scope: RowScope) -> frozenset[str]:
        found = set(self.cities)
        for condition in where:
            if condition.dimension == "city_id" and condition.operator in (Operator.EQ, Operator.IN):
                found.intersection_update(condition.values)
            elif condition.dimension in PLACES and condition.values:
                test = _TESTS[condition.operator]
                places = ((city, self._place(city, condition.dimension)) for city in found)
                found = {city for city, place in places if place is not None and test(place, condition.values)}
        return frozenset(found if scope.is_everything else self._seen(found, scope))

    def is_run(self, dimension: str, values: Collection[str]) -> bool:
        """Tell whether some cities, countries or currencies are all that there are between the first and the last."""
        if dimension not in PLACES:
            return False
        first, last = min(values), max(values)
        every = {place for city in self.cities if (place := self._place(city, dimension))}
        return all(place in values for place in every if first < place < last)

    def places(self, cities: Iterable[str], names: tuple[str, ...]) -> frozenset[tuple[str | None, ...]]:
        """Give the values of city, country or currency that some cities have together."""
        return frozenset(tuple(self._place(city, name) for name in names) for city in cities)

    def _place(self, city: str, name: str) -> str | None:
        found: str | None = city if name == "city_id" else getattr(self.cities[city], name)
        return found

    def _seen(self, cities: set[str], scope: RowScope) -> set[str]:
        """Leave the cities of which any row may be seen."""
        seen: set[str] = set()
        opened = ((scope.countries, scope.cities), *((limit.countries, limit.cities) for limit in scope.narrower))
        for countries, named in opened:
            if countries is None and named is None:
                return cities
            seen.update(named or (), *(self._cities_of.get(country, ()) for country in countries or ()))
        return seen & cities

    def currencies(self, cities: frozenset[str]) -> frozenset[str | None]:
        """Give the moneys that some cities count in."""
        return frozenset(self.cities[city].currency for city in cities)

    def countries(self, cities: frozenset[str]) -> frozenset[str]:
        """Give the countries that some cities are known to lie in."""
        known = self._countries.get(cities)
        if known is None:
            if len(self._countries) >= KEPT:
                self._countries.clear()
            known = frozenset(country for city in cities if (country := self.cities[city].country))
            self._countries[cities] = known
        return known

    def holds_simulated(self, cities: frozenset[str]) -> bool:
        """Tell whether any of some cities is a simulated one."""
        return not self._simulated.isdisjoint(cities)

    def days(self, sources: Iterable[str], cities: frozenset[str]) -> Days | None:
        """Give the days from the first to the last that any of the sources holds in any of the cities."""
        held = [self.spans.get(source, {}) for source in sources]
        found = [spans[city] for spans in held for city in spans.keys() & cities]
        return Days(min(span.first for span in found), max(span.last for span in found)) if found else None
