"""What troubles do to single orders and riders, on the actual day against the same day without them."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from tiffin.engines.simulation.city import City
from tiffin.engines.simulation.city_day import SimulatedDay
from tiffin.engines.simulation.disruptions import Disruption, Kind, Trouble
from tiffin.engines.simulation.tables import MOTORCYCLE, Mishap

Day = Callable[..., SimulatedDay]

ZONES, START_S, END_S = (3, 4, 5), 29 * 1800, 36 * 1800


def planted(kind: Kind | Trouble, strength: float) -> Disruption:
    return Disruption(kind, ZONES, START_S, END_S, strength)


def struck(day: SimulatedDay, city: City) -> NDArray[np.bool_]:
    zone = city.merchants.zone[day.orders.merchant]
    return np.isin(zone, ZONES) & (day.orders.placed_s >= START_S) & (day.orders.placed_s < END_S)


@pytest.mark.parametrize(
    ("trouble", "strength", "column"),
    [
        (Trouble.LATE_CONFIRMATION, 10.0, "accept_s"),
        (Trouble.SLOW_KITCHENS, 1.0, "prep_s"),
        (Trouble.SLOW_DOORS, 5.0, "dropoff_s"),
        (Trouble.SLOW_COUNTERS, 5.0, "pickup_s"),
        (Trouble.REFUSALS, 0.5, "refused"),
        (Trouble.WITHDRAWALS, 0.5, "regret_s"),
        (Trouble.ABSENT_CUSTOMERS, 0.5, "mishap"),
        (Trouble.FAR_CUSTOMERS, 1.0, "drop_x"),
    ],
)
def test_a_trouble_changes_one_thing_of_the_orders_that_it_strikes(
    day_of: Day, city: City, trouble: Trouble, strength: float, column: str
) -> None:
    with_it, without = (day_of(*some, conversion_per_min=0.0) for some in ((planted(trouble, strength),), ()))

    there = struck(without, city)
    assert np.array_equal(with_it.orders.counter, without.orders.counter)
    changed = with_it.orders[column] != without.orders[column]
    assert changed[there].mean() > 0.4
    assert not changed[~there].any()


def test_a_trouble_of_strength_nought_does_nothing(day_of: Day) -> None:
    for trouble in Trouble:
        assert day_of(planted(trouble, 0.0)).happened.track.tobytes() == day_of().happened.track.tobytes()


def test_refused_orders_are_a_share_of_those_struck(day_of: Day, city: City) -> None:
    day = day_of(planted(Trouble.REFUSALS, 0.5))

    assert day.orders.refused[struck(day, city)].mean() == pytest.approx(0.5, abs=0.15)


def test_absent_customers_are_found(day_of: Day, city: City) -> None:
    day = day_of(planted(Trouble.ABSENT_CUSTOMERS, 1.0))

    mishaps = day.orders[struck(day, city)].mishap
    assert (mishaps != Mishap.NONE).all()


def test_far_customers_live_farther_along_the_same_way(day_of: Day, city: City) -> None:
    with_it, without = (day_of(*some, conversion_per_min=0.0) for some in ((planted(Trouble.FAR_CUSTOMERS, 1.0),), ()))

    there = struck(without, city)
    merchant_x = city.merchants.x[without.orders.merchant[there]]
    assert with_it.orders.drop_x[there] - merchant_x == pytest.approx(2 * (without.orders.drop_x[there] - merchant_x))


def test_only_some_merchants_are_struck_where_they_are_named(day_of: Day) -> None:
    busiest = int(np.bincount(day_of().orders.merchant).argmax())
    chosen = Disruption(Trouble.SLOW_KITCHENS, tuple(range(9)), 0, 48 * 1800, 1.0, merchants=(busiest,))

    with_it, without = (day_of(*some, conversion_per_min=0.0) for some in ((chosen,), ()))

    changed = with_it.orders.prep_s != without.orders.prep_s
    assert set(without.orders.merchant[changed].tolist()) == {busiest}


def test_misplaced_riders_are_as_many_and_elsewhere(day_of: Day) -> None:
    with_it, without = day_of(planted(Trouble.MISPLACED_RIDERS, 1.0)), day_of()

    moved = with_it.sessions.zone != without.sessions.zone
    assert len(with_it.sessions) == len(without.sessions)
    assert moved.any()
    assert set(without.sessions.zone[moved].tolist()) <= set(ZONES)
    assert not set(with_it.sessions.zone[moved].tolist()) & set(ZONES)


def test_a_fleet_that_stays_away_is_of_one_vehicle(day_of: Day, city: City) -> None:
    everywhere = tuple(range(city.zones))
    fleet = Disruption(Kind.RIDER_SHORTAGE, everywhere, 0, 48 * 1800, 1.0, vehicle=MOTORCYCLE)

    assert not (day_of(fleet).sessions.vehicle == MOTORCYCLE).any()
