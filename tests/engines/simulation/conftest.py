"""What the simulator's tests share: small cities, and the event loop as plain Python."""

import importlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from types import ModuleType
from typing import Any

import numba
import numpy as np
import pytest

from tiffin.engines.simulation.city import City, Layout, make_city
from tiffin.engines.simulation.city_day import DayPlan, SimulatedDay, simulate
from tiffin.engines.simulation.dispatchers import NEAREST
from tiffin.engines.simulation.disruptions import Disruption
from tiffin.engines.simulation.instances.instance import Instance
from tiffin.engines.simulation.parameters import Parameters
from tiffin.engines.simulation.streams import Stream
from tiffin.engines.simulation.tables import SLOTS

PACKAGE = "tiffin.engines.simulation"

PARAMETERS = Parameters(
    accept_median_s=180,
    accept_spread=0.4,
    prep_median_s=720,
    prep_spread=0.3,
    prep_merchant_spread=0.2,
    prep_rush_capacity_min=3,
    kitchen_slowdown=0.25,
    refusal_share=0.01,
    speed_m_min=320,
    motorcycle_speed_m_min=320,
    bicycle_speed_m_min=215,
    car_traffic_share=1.0,
    motorcycle_traffic_share=0.8,
    bicycle_traffic_share=0.3,
    car_weather_share=1.0,
    motorcycle_weather_share=1.1,
    bicycle_weather_share=1.3,
    detour_factor=1.3,
    ride_spread=0.1,
    pickup_service_s=240,
    dropoff_service_s=240,
    service_spread=0.2,
    drop_distance_m=1500,
    home_after_s=180,
    dispatch_lead_s=420,
    dispatch_radius_m=3500,
    waiting_order_age_m_s=1.5,
    give_up_median_s=1200,
    give_up_spread=0.3,
    offer_answer_mean_s=12,
    offer_expires_s=45,
    decline_share=0.05,
    decline_per_km=0.35,
    decline_bicycle_per_km=0.15,
    decline_per_pay=1.0,
    offer_usual_way_m=3000,
    rider_pay_base=0.7,
    rider_pay_km=0.15,
    batch_s=30,
    batch_ahead_s=180,
    bundle_wait_s=180,
    bundle_detour_s=480,
    promise_buffer_s=240,
    promise_approach_s=493,
    promise_step_s=60,
    promise_load_s=240,
    promise_usual_load=1.2,
    surroundings_m=3000,
    visit_mean_s=240,
    conversion_share=0.8,
    conversion_per_min=0.04,
    absent_share=0.02,
    absent_wait_s=480,
    absent_found_share=0.5,
    absent_left_share=0.2,
    wrong_address_share=0.01,
    wrong_address_call_s=150,
    wrong_address_m=900,
    wrong_address_return_share=0.2,
    return_service_s=120,
    regret_share=0.01,
    patience_median_s=1500,
    patience_spread=0.5,
    rain_demand_share=0.05,
    day_noise=0.03,
    zone_noise=0.05,
    cycle_s=1500,
    target_utilisation=0.88,
    no_show_share=0.04,
    early_leave_share=0.05,
    early_leave_s=2400,
    session_hours_min=2.5,
    session_hours_max=6,
    contact_share=0.02,
    contact_late_share=0.12,
    contact_very_late_share=0.3,
    contact_lost_share=0.45,
    contact_failed_share=0.55,
    issue_share=0.05,
    issue_refund_share=0.3,
    late_refund_share=0.2,
    partial_refund_share=0.4,
    return_refund_share=0.35,
    rating_share=0.3,
    first_order_share=0.08,
    tip_share=0.12,
    discount_share=0.16,
    basket_spread=0.5,
    items_mean=2.7,
)


def a_city(*, seed: int = 1, merchants: int = 90, zones: int = 9, parameters: Parameters = PARAMETERS) -> City:
    """Give a city of square blocks, 2.2 km apart."""
    number = np.arange(zones)
    layout = Layout(
        x_m=(number % 3) * 2200.0,
        y_m=(number // 3) * 2200.0,
        weight=1.0 + number % 2,
        district=np.zeros(zones, dtype=np.int64),
        merchants=merchants,
    )
    return make_city(layout, parameters, Stream.of_seed(seed).child("city"))


def a_plan(*, orders: float = 900, disruptions: tuple[Disruption, ...] = ()) -> DayPlan:
    """Give a plan with a lunch and a dinner peak and quiet nights."""
    slot = np.arange(SLOTS)
    profile = np.exp(-(((slot - 16) / 4.0) ** 2)) + 1.5 * np.exp(-(((slot - 32) / 5.0) ** 2)) + 0.05
    profile[44:] = 0.0
    return DayPlan(
        orders=orders,
        profile=profile / profile.sum(),
        travel=np.ones(SLOTS),
        vehicles=(0.4, 0.5, 0.1),
        disruptions=disruptions,
    )


def a_day(
    *disruptions: Disruption, seed: int = 1, orders: float = 900, policy: str = NEAREST, **changes: float
) -> SimulatedDay:
    """Give a simulated day of the small city."""
    parameters = replace(PARAMETERS, **changes)
    plan = replace(a_plan(orders=orders, disruptions=disruptions), policy=policy)
    return simulate(a_city(parameters=parameters), plan, parameters, Stream.of_seed(seed).child("day"))


@pytest.fixture(scope="session")
def parameters() -> Parameters:
    """The numbers that the small city is made of."""
    return PARAMETERS


@pytest.fixture(scope="session")
def city() -> City:
    """The small city."""
    return a_city()


@pytest.fixture(scope="session")
def day_of() -> Callable[..., SimulatedDay]:
    """Simulate a day of the small city with disruptions, a seed, or other parameters."""
    return a_day


@pytest.fixture(scope="session")
def plan_of() -> Callable[..., DayPlan]:
    """Plan a day of the small city with disruptions and a number of orders."""
    return a_plan


SMALL = Instance(
    order_ids=("o1", "o2"),
    order_x=np.array([1000.0, 0.0]),
    order_y=np.array([0.0, 640.0]),
    placed_min=np.array([10, 12]),
    ready_min=np.array([25, 30]),
    restaurant=np.array([0, 0]),
    courier_ids=("c1",),
    courier_x=np.array([0.0]),
    courier_y=np.array([320.0]),
    on_min=np.array([0]),
    off_min=np.array([60]),
    restaurant_ids=("r1",),
    restaurant_x=np.array([0.0]),
    restaurant_y=np.array([0.0]),
    metres_per_minute=320.0,
    pickup_min=4,
    dropoff_min=4,
    target_min=40,
    maximum_min=90,
    pay_per_order=10.0,
    guarantee_per_hour=15.0,
)


def a_random_instance(seed: int, *, orders: int, couriers: int, restaurants: int) -> Instance:
    """Give a short day in a small town, all of it by chance."""
    rng: Any = np.random.default_rng(seed)
    placed = rng.integers(0, 300, orders)
    on = rng.integers(0, 200, couriers)
    places = {
        f"{who}_{axis}": rng.uniform(0, 8000, count).round()
        for who, count in (("order", orders), ("courier", couriers), ("restaurant", restaurants))
        for axis in "xy"
    }
    return replace(
        SMALL,
        **places,
        order_ids=tuple(f"o{n}" for n in range(orders)),
        placed_min=placed,
        ready_min=placed + rng.integers(0, 40, orders),
        restaurant=rng.integers(0, restaurants, orders),
        courier_ids=tuple(f"c{n}" for n in range(couriers)),
        on_min=on,
        off_min=on + rng.integers(30, 240, couriers),
        restaurant_ids=tuple(f"r{n}" for n in range(restaurants)),
    )


@pytest.fixture(scope="session")
def small_instance() -> Instance:
    """One restaurant, one courier, two orders."""
    return SMALL


@pytest.fixture(scope="session")
def instance_of() -> Callable[..., Instance]:
    """Make an instance by chance from a seed and its numbers of orders, couriers and restaurants."""
    return a_random_instance


@pytest.fixture
def interpreted() -> Iterator[Callable[[str], ModuleType]]:
    """Import a module of the simulator afresh with its compiled functions as plain Python."""
    kept = {name: module for name, module in sys.modules.items() if name.startswith(PACKAGE)}
    compiled = numba.config.DISABLE_JIT
    numba.config.DISABLE_JIT = True
    for name in kept:
        del sys.modules[name]
    try:
        yield lambda name: importlib.import_module(f"{PACKAGE}.{name}")
    finally:
        numba.config.DISABLE_JIT = compiled
        for name in [name for name in sys.modules if name.startswith(PACKAGE)]:
            del sys.modules[name]
        sys.modules.update(kept)
