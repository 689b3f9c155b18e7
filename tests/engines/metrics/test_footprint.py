"""Where facts are: which cities an asker reaches, and which places lie next to each other."""

import pytest

from tiffin.engines.metrics.footprint import CityFacts, Footprint
from tiffin.engines.metrics.request import EVERYTHING, Condition, Operator, RowLimit, RowScope

COUNTRIES = {"dubai": "AE", "doha": "QA", "riyadh": "SA", "jeddah": "SA", "atlantis": None}
PLACES = Footprint({city: CityFacts(country, None) for city, country in COUNTRIES.items()}, {})


@pytest.mark.parametrize(
    ("scope", "cities"),
    [
        (EVERYTHING, set(COUNTRIES)),
        (RowScope(("SA",), ()), {"riyadh", "jeddah"}),
        (RowScope(("SA",), ("doha", "elsewhere")), {"riyadh", "jeddah", "doha"}),
        (RowScope((), ()), set()),
        (RowScope((), (), (RowLimit(("AE",), None, (("zone_id", ("z",)),)),)), {"dubai"}),
        (RowScope((), (), (RowLimit(None, None, (("zone_id", ("z",)),)),)), set(COUNTRIES)),
    ],
)
def test_a_request_touches_the_cities_that_any_limit_opens(scope: RowScope, cities: set[str]) -> None:
    assert PLACES.cities_in((), scope) == cities


def test_a_request_touches_only_cities_that_are_both_asked_and_open() -> None:
    asked = (Condition("country", Operator.IN, ("SA", "QA")),)
    assert PLACES.cities_in(asked, RowScope(("QA", "AE"), ("jeddah",))) == {"doha", "jeddah"}


def test_neighbors_are_places_with_none_between_them_that_is_left_out() -> None:
    assert PLACES.is_run("country", ("QA", "SA"))
    assert PLACES.is_run("country", ("SA", "HK", "QA"))  # one more that has no city
    assert not PLACES.is_run("country", ("AE", "SA"))
    assert not PLACES.is_run("zone_id", ("a", "b"))
