"""What each disruption does, on the actual day against the same day without it: every other chance is the same."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from tiffin.engines.simulation.city import City
from tiffin.engines.simulation.city_day import SimulatedDay
from tiffin.engines.simulation.disruptions import Disruption, Kind, footprint
from tiffin.engines.simulation.ledger import minutes_by_slot
from tiffin.engines.simulation.tables import SLOTS, Status

Day = Callable[..., SimulatedDay]

DINNER = Disruption(kind=Kind.RAIN, zones=(3, 4, 5), start_s=29 * 1800, end_s=36 * 1800, strength=0.6)


def struck(day: SimulatedDay, city: City, disruption: Disruption) -> NDArray[np.bool_]:
    """Mark the orders placed in the struck zones and hours."""
    zone = city.merchants.zone[day.orders.merchant]
    placed = day.orders.placed_s
    return np.isin(zone, disruption.zones) & (placed >= disruption.start_s) & (placed < disruption.end_s)


def ride_min(day: SimulatedDay, which: NDArray[np.bool_]) -> float:
    track = day.happened.track
    done = which & (track.status == Status.DELIVERED)
    return float((track.at_customer_s - track.picked_up_s)[done].mean() / 60)


def wait_min(day: SimulatedDay, which: NDArray[np.bool_]) -> float:
    track = day.happened.track
    done = which & (track.status == Status.DELIVERED)
    return float((track.picked_up_s - track.ready_s)[done].mean() / 60)


def test_rain_makes_rides_longer_and_orders_a_few_more(day_of: Day, city: City) -> None:
    with_it, without = day_of(DINNER), day_of()
    there, before = struck(with_it, city, DINNER), struck(without, city, DINNER)

    assert ride_min(with_it, there) / ride_min(without, before) == pytest.approx(1.6, abs=0.15)
    assert without.orders.placed_s[before].size < there.sum() < 1.3 * before.sum()


def test_a_shortage_takes_riders_away_and_lets_orders_wait(day_of: Day, city: City) -> None:
    shortage = replace(DINNER, kind=Kind.RIDER_SHORTAGE, strength=0.8)
    with_it, without = (day_of(*planted, conversion_per_min=0.0) for planted in ((shortage,), ()))

    assert online_min(with_it, city, shortage) < 0.45 * online_min(without, city, shortage)
    assert wait_min(with_it, struck(with_it, city, shortage)) > 1.5 + wait_min(without, struck(without, city, shortage))
    assert with_it.orders.tobytes() == without.orders.tobytes()


def online_min(day: SimulatedDay, city: City, disruption: Disruption) -> float:
    sessions = day.sessions
    minutes = minutes_by_slot(sessions.on_s, sessions.off_s, sessions.zone, groups=city.zones, slots=SLOTS)
    return float((minutes * footprint(disruption, city.zones)).sum())


def test_an_overload_slows_kitchens_and_nothing_else(day_of: Day, city: City) -> None:
    overload = replace(DINNER, kind=Kind.MERCHANT_OVERLOAD, strength=1.0)
    with_it, without = (day_of(*planted, conversion_per_min=0.0) for planted in ((overload,), ()))
    there = struck(without, city, overload)

    def kitchen_min(day: SimulatedDay) -> float:
        track = day.happened.track
        known = there & (track.ready_s > 0)
        return float((track.ready_s - track.accepted_s)[known].mean() / 60)

    assert kitchen_min(with_it) > 1.8 * kitchen_min(without)
    assert ride_min(with_it, there) == pytest.approx(ride_min(without, there), rel=0.05)
    assert with_it.sessions.tobytes() == without.sessions.tobytes()


def test_a_surge_adds_orders_and_leaves_the_others_as_they_were(day_of: Day, city: City) -> None:
    surge = replace(DINNER, kind=Kind.DEMAND_SURGE, strength=1.0)
    with_it, without = (day_of(*planted, conversion_per_min=0.0) for planted in ((surge,), ()))
    ordinary = with_it.orders[with_it.orders.origin < 0]

    assert ordinary.tobytes() == without.orders.tobytes()
    assert struck(with_it, city, surge).sum() == pytest.approx(2 * struck(without, city, surge).sum(), rel=0.25)
    assert set(with_it.orders.merchant[with_it.orders.origin == 0]) <= set(
        np.flatnonzero(np.isin(city.merchants.zone, surge.zones))
    )


def test_outside_its_zones_and_hours_a_disruption_is_not_planted() -> None:
    mask = footprint(DINNER, 9)

    assert mask[3:6, 29:36].all()
    assert mask.sum() == 3 * 7
