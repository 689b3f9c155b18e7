"""Where facts exist: which city has rows of which source, and which money it counts in.

An absent fact is not a nought. A city whose feed brings no refunds has an unknown refund share; without this knowledge
the compiler would call it zero.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tiffin.engines.metrics.request import Condition, Operator, RowScope


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
    """

    cities: Mapping[str, CityFacts]
    held: Mapping[str, frozenset[str]]

    def is_everywhere(self, source: str) -> bool:
        """Tell whether every city has rows of a source."""
        return source not in self.held or len(self.held[source]) >= max(1, len(self.cities))

    def cities_in(self, where: tuple[Condition, ...], scope: RowScope) -> frozenset[str]:
        """Give the cities that a request can touch at all."""
        found = set(self.cities)
        narrow = [condition for condition in where if condition.operator in (Operator.EQ, Operator.IN)]
        for condition in narrow:
            if condition.dimension == "city_id":
                found.intersection_update(condition.values)
        for condition in narrow:
            if condition.dimension in ("country", "currency"):
                found = {city for city in found if getattr(self.cities[city], condition.dimension) in condition.values}
        return frozenset(found if scope.is_everything else (city for city in found if self._may_see(scope, city)))

    def _may_see(self, scope: RowScope, city: str) -> bool:
        return scope.reaches(city=city, country=self.cities[city].country)

    def currencies(self, cities: frozenset[str]) -> frozenset[str | None]:
        """Give the moneys that some cities count in."""
        return frozenset(self.cities[city].currency for city in cities)
