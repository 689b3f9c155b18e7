"""Where facts exist: which city has rows of which source, and which money it counts in.

An absent fact is not a nought. A city whose feed brings no refunds has an unknown refund share; without this knowledge
the compiler would call it zero.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tiffin.engines.metrics.request import Condition, Operator, RowScope


@dataclass(frozen=True, slots=True)
class CityFacts:
    """What the compiler must know of a city; None where it is unknown."""

    country: str | None
    currency: str | None


@dataclass(frozen=True, slots=True)
class Footprint:
    """All cities, and for each source those with at least one row.

    Parameters
    ----------
    held : mapping of str to frozenset of str
        City ids by source; a source that is not named is held everywhere.
    """

    cities: Mapping[str, CityFacts]
    held: Mapping[str, frozenset[str]]

    def is_everywhere(self, source: str) -> bool:
        """Tell whether every city has rows of a source."""
        return source not in self.held or len(self.held[source]) >= len(self.cities)

    def cities_in(self, where: tuple[Condition, ...], scope: RowScope) -> frozenset[str]:
        """Give the cities that a request can touch at all."""
        found = {city for city, facts in self.cities.items() if _may_see(scope, city, facts)}
        for condition in where:
            found = {city for city in found if _meets(condition, city, self.cities[city])}
        return frozenset(found)

    def currencies(self, cities: frozenset[str]) -> frozenset[str | None]:
        """Give the moneys that some cities count in."""
        return frozenset(self.cities[city].currency for city in cities)


def _may_see(scope: RowScope, city: str, facts: CityFacts) -> bool:
    return scope.is_everything or city in (scope.cities or ()) or facts.country in (scope.countries or ())


def _meets(condition: Condition, city: str, facts: CityFacts) -> bool:
    own = {"city_id": city, "country": facts.country, "currency": facts.currency}
    if condition.dimension not in own or condition.operator not in (Operator.EQ, Operator.IN):
        return True
    return own[condition.dimension] in condition.values
