"""What can be told of each city at the doors, and in plain Python what grants open of it: the oracle of the doors."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from tiffin.kernel.contract import Classification
from tiffin.runtime.actor import Grant

MONEY, PERSON, SPECIAL = Classification.CONFIDENTIAL, Classification.PERSONAL, Classification.SPECIAL


class City(NamedTuple):
    """A city and its marks."""

    city_id: str
    name: str
    country: str
    basket_minor: int
    orders_a_day: int
    home: float


CITIES = (
    City("zq1", "Zyrmark", "SA", 73519, 4, 24.7193),
    City("qx1", "Quillmont", "SA", 68213, 3, 21.4857),
    City("vw1", "Vexholm", "AE", 91837, 5, 25.2741),
)
Mark = tuple[str, str]
"""A city and what of it is seen: place, money, person, special, row, or what nobody sees."""
CLASSES = (("money", MONEY), ("person", PERSON), ("special", SPECIAL))


class Marks:
    """What is found of each city in what a door gives.

    A person's mark is his pseudonym, as it stands in the files of the facts. What a load was told of him, his name
    there and where he lives, is sealed, and no door shows it to anybody.
    """

    def __init__(self, people: Mapping[str, Collection[str]]) -> None:
        self._looked_for = {
            (city.city_id, kind): re.compile(mark)
            for city in CITIES
            for kind, mark in (
                ("place", city.name),
                ("money", _price(city)),
                ("person", "|".join(people[city.city_id])),
                ("special", f"{city.city_id}diet-"),
                ("row", f"{city.city_id}(order|shop|zone)-"),
                ("nobody", f"{city.city_id}(person|rider)|{city.home:.4f}"),
            )
        }

    def found_in(self, text: str) -> frozenset[Mark]:
        """Find the marks of cities in what a door gave."""
        return frozenset(mark for mark, looked_for in self._looked_for.items() if looked_for.search(text))


def _price(city: City) -> str:
    whole, rest = divmod(city.basket_minor, 100)
    return rf"(?<!\d){whole}\D?{rest:02d}(?!\d)|(?<!\d){city.basket_minor // 1000}\D{city.basket_minor % 1000}"


def opened_by(grants: Sequence[Grant]) -> frozenset[Mark]:
    """Say in plain Python which marks some grants open at most: nothing without one, no class that it does not open."""
    found: set[Mark] = set()
    for grant in grants:
        for city in CITIES:
            if not {city.country, city.city_id, "*"} & {*grant.countries, *grant.cities}:
                continue
            found.add((city.city_id, "place"))
            if all(value.startswith(city.city_id) for _, values in grant.rows for value in values):
                kinds = ["row", *(kind for kind, one in CLASSES if one in grant.opened)]
                found |= {(city.city_id, kind) for kind in kinds}
    return frozenset(found)


def counted(
    orders: Iterable[Mapping[str, Any]], grants: Sequence[Grant], column: str, kind: Classification
) -> dict[str, float]:
    """Count in plain Python the orders by a column, over the rows in which a grant opens its class."""

    def is_open(row: Mapping[str, Any]) -> bool:
        return any(
            kind in one.opened
            and {row["country"], row["city_id"], "*"} & {*one.countries, *one.cities}
            and all(row[name] in values for name, values in one.rows)
            for one in grants
        )

    return dict(Counter(row[column] for row in orders if is_open(row)))
