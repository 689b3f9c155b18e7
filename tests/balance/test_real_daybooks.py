"""Day-books of real files: what their facts support, what they lack, and nothing invented."""

from datetime import date
from typing import Any

import pytest

from tiffin.capabilities.balance import service
from tiffin.capabilities.balance.domain.cause import Cause, Detail, Lack
from tiffin.capabilities.balance.domain.daybook import Daybook
from tiffin.capabilities.balance.service.page import render_file
from tiffin.runtime.workspace import Workspace


@pytest.fixture(scope="module")
def book(real: Workspace, entering: Any) -> Any:
    """Make the day-book of a city and day."""

    def made(city_id: str, day: date | None = None) -> Daybook:
        with entering(real) as context:
            chosen = day or service.days_of(context, city_id)[-1].day
            return service.daybook(context, city_id, chosen)

    return made


def figures(made: Daybook) -> dict[str, float | None]:
    return {figure.metric: figure.value for figure in made.headline}


def no_empty_chart(made: Daybook) -> bool:
    page = render_file(made, "en")
    return 'class="chart-empty"' not in page and ">nan" not in page.lower()


@pytest.mark.parametrize("market", range(1, 7))
def test_every_market_of_doordash_eta_has_its_daybook(book: Any, market: int) -> None:
    made = book(f"doordash-eta-{market}", date(2015, 2, 14))

    assert figures(made)["orders"] > 0
    assert "late_orders" not in figures(made)
    assert made.cost.late_orders is None
    assert made.cost.refund_minor is None
    assert {Lack.PROMISES, Lack.STAGES, Lack.REFUNDS} <= set(made.lacks)
    assert no_empty_chart(made)


def test_the_evening_of_a_great_match_is_found(book: Any) -> None:
    made = book("doordash-eta-1", date(2015, 2, 1))

    assert made.episodes
    assert made.episodes[0].door_min > made.episodes[0].usual_door_min + 20


def test_helsinki_is_held_to_its_promises(book: Any) -> None:
    made = book("helsinki", date(2020, 9, 11))

    assert made.cost.late_orders == figures(made)["late_orders"] > 0
    assert Lack.PROMISES not in made.lacks
    assert {Lack.RIDERS, Lack.STAGES} <= set(made.lacks)
    assert no_empty_chart(made)


def test_bolt_tells_people_and_not_orders(book: Any) -> None:
    made = book("bolt-unnamed-city", date(2016, 12, 16))

    assert {Lack.ORDERS, Lack.TIMEZONE} <= set(made.lacks)
    assert made.cost.lost_orders == figures(made)["people_unserved"]
    assert made.episodes[0].first_cause is Cause.MORE_DEMAND
    assert "found nobody" in render_file(made, "en")
    assert no_empty_chart(made)


def test_a_standing_gap_at_the_airport_is_called_standing(book: Any) -> None:
    made = book("uber-unnamed-city", date(2016, 7, 13))

    airport = next(e for e in made.episodes if e.zones == ("airport",))
    city = next(e for e in made.episodes if e.zones == ("city",))
    usual_at_the_airport = next(c for c in airport.causes if c.cause is Cause.AS_USUAL)
    usual_in_the_city = next(c for c in city.causes if c.cause is Cause.AS_USUAL)
    assert usual_at_the_airport.share > 0.8
    assert usual_at_the_airport.details[Detail.NO_RIDER] > 5 * usual_at_the_airport.details[Detail.CANCELLED_BY_RIDER]
    assert usual_in_the_city.details[Detail.CANCELLED_BY_RIDER] > usual_in_the_city.details[Detail.NO_RIDER]
    assert {a.code for a in made.advice} >= {"standing_shortage", "standing_cancellations"}


def test_doordash_ops_tells_legs_and_refunds(book: Any) -> None:
    made = book("doordash-ops-palo-alto", date(2014, 4, 4))

    assert made.cost.refund_minor == figures(made)["refund_value"] > 0
    assert made.episodes[0].first_cause is Cause.SLOWER_CONFIRMATION
    assert [stage.stage for stage in made.episodes[0].stages] == ["confirm_min", "reach_min", "rest_min"]
    assert Lack.STAGES in made.lacks
    assert no_empty_chart(made)


def test_orders_without_region_stay_visible(book: Any) -> None:
    made = book("doordash-ops-unknown")

    assert figures(made)["orders"] >= 1
    assert no_empty_chart(made)


def test_one_day_of_grubhub_claims_nothing(book: Any) -> None:
    made = book("grubhub-0o50t75s1p100")

    assert {Lack.HISTORY, Lack.DELIVERIES, Lack.PROMISES, Lack.STAGES} <= set(made.lacks)
    assert Lack.RIDERS not in made.lacks
    assert made.episodes == ()
    assert made.miss_map is None
    assert made.cost.delay_min is None
    assert all(figure.usual is None for figure in made.headline)
    assert "cannot show where supply missed demand" in render_file(made, "en")
    assert no_empty_chart(made)
