"""A simulated city over several days: who rides, which days there are, what each of them gave."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from tiffin.capabilities.rehearsals.domain.purchases import Purchases, draw_purchases
from tiffin.capabilities.rehearsals.domain.scenario import (
    CalendarDay,
    Profiles,
    Scenario,
    demand_shape,
    expected_orders,
    traffic_shape,
)
from tiffin.engines.simulation.aftermath import Aftermath, follow_up
from tiffin.engines.simulation.city import City, Layout, make_city
from tiffin.engines.simulation.city_day import DayPlan, SimulatedDay, simulate
from tiffin.engines.simulation.parameters import Parameters
from tiffin.engines.simulation.streams import Stream
from tiffin.engines.simulation.tables import VEHICLES

EARTH_M_PER_DEGREE = 111_195.0
"""Metres in a degree of latitude on a sphere of 6,371 km."""

RIDDEN_LIKE = {"van": "car", "scooter": "motorcycle"}
"""What a vehicle that the engine does not know rides like."""
DISPATCHER = "bundling"
"""How the cities of the marketplace send their riders, where nobody says otherwise."""
POOL_MARGIN = 1.3
"""Riders per session of the busiest day: the rest have the day off."""


@dataclass(frozen=True, slots=True)
class RunDay:
    """One day of a run.

    Parameters
    ----------
    rider : (n_sessions,), number of the rider behind each session
    """

    calendar: CalendarDay
    simulated: SimulatedDay
    aftermath: Aftermath
    purchases: Purchases
    rider: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class CityRun:
    """A city simulated over several days.

    Parameters
    ----------
    rider_zone : (n_riders,), home zone of each rider
    rider_vehicle : vehicle of each rider
    """

    scenario: Scenario
    city: City
    days: tuple[RunDay, ...]
    rider_zone: NDArray[np.int64]
    rider_vehicle: tuple[str, ...]


def run_city(
    scenario: Scenario, days: Sequence[CalendarDay], *, profiles: Profiles, parameters: Parameters, stream: Stream
) -> CityRun:
    """Simulate a city over days; the same arguments give the same run."""
    city = made_city(scenario, parameters, stream)
    simulated = [
        simulated_day(scenario, city, day, profiles=profiles, parameters=parameters, stream=stream) for day in days
    ]
    return gathered_run(scenario, city, days, simulated, parameters=parameters, stream=stream)


def made_city(scenario: Scenario, parameters: Parameters, stream: Stream) -> City:
    """Build the city of a scenario."""
    return make_city(layout_of(scenario), parameters, stream.child("city"))


def simulated_day(
    scenario: Scenario,
    city: City,
    day: CalendarDay,
    *,
    profiles: Profiles,
    parameters: Parameters,
    stream: Stream,
) -> SimulatedDay:
    """Simulate one day of a scenario; it is the same alone or among others."""
    return simulate(city, day_plan(scenario, day, profiles), parameters, stream.child("day", day.day.isoformat()))


def gathered_run(
    scenario: Scenario,
    city: City,
    days: Sequence[CalendarDay],
    simulated: Sequence[SimulatedDay],
    *,
    parameters: Parameters,
    stream: Stream,
) -> CityRun:
    """Make a run of days that were simulated one by one: who rode, what was bought, what followed."""
    pools = _pools(simulated)
    vehicles = _vehicles(scenario, pools, stream.child("vehicle"))
    runs = []
    for day, result in zip(days, simulated, strict=True):
        of_day = stream.child("day", day.day.isoformat())
        aftermath = follow_up(result.orders, result.happened.track, parameters, of_day.child("aftermath"))
        purchases = draw_purchases(scenario, result.orders, parameters, of_day.child("purchases"))
        riders = _riders(result, pools, of_day.child("riders"))
        runs.append(RunDay(day, result, aftermath, purchases, riders))
    zone = np.concatenate([np.full(size, zone, dtype=np.int64) for (zone, _), (_, size) in pools.items()])
    return CityRun(scenario, city, tuple(runs), zone, vehicles)


def layout_of(scenario: Scenario) -> Layout:
    """Lay the zones of a scenario out in metres around the city's centre."""
    latitude = np.array([zone.latitude for zone in scenario.zones])
    longitude = np.array([zone.longitude for zone in scenario.zones])
    return Layout(
        x_m=(longitude - scenario.longitude) * metres_per_longitude(scenario.latitude),
        y_m=(latitude - scenario.latitude) * EARTH_M_PER_DEGREE,
        weight=np.array([zone.weight for zone in scenario.zones]),
        district=np.array([zone.district for zone in scenario.zones], dtype=np.int64),
        merchants=scenario.merchants,
    )


def metres_per_longitude(latitude: float) -> float:
    """Tell how many metres a degree of longitude has at a latitude."""
    return EARTH_M_PER_DEGREE * float(np.cos(np.radians(latitude)))


def day_plan(scenario: Scenario, day: CalendarDay, profiles: Profiles) -> DayPlan:
    """Write down what the city expects of a day, and what is planted in it."""
    return DayPlan(
        orders=expected_orders(scenario, day),
        profile=demand_shape(profiles, scenario, day),
        travel=traffic_shape(profiles, scenario, day),
        vehicles=_shares(scenario),
        disruptions=tuple(disruption for _, disruption in scenario.disruptions_on(day.day)),
        policy=DISPATCHER,
    )


def _shares(scenario: Scenario) -> tuple[float, float, float]:
    car, motorcycle, bicycle = (sum(_named_like(scenario, vehicle).values()) for vehicle in VEHICLES)
    return car, motorcycle, bicycle


def _named_like(scenario: Scenario, vehicle: str) -> Mapping[str, float]:
    """Give the shares of the scenario's vehicles that ride like one of the engine's."""
    return {name: share for name, share in scenario.vehicles.items() if RIDDEN_LIKE.get(name, name) == vehicle}


Pool = tuple[int, int]
"""A zone, and what its riders ride: a number of `VEHICLES`."""


def _shifts_by_pool(day: SimulatedDay) -> dict[Pool, list[int]]:
    pools: dict[Pool, list[int]] = defaultdict(list)
    for number, shift in enumerate(day.shifts):
        pools[shift.zone, int(day.vehicles[number])].append(number)
    return pools


def _pools(days: Sequence[SimulatedDay]) -> dict[Pool, tuple[int, int]]:
    """Give each pool its first rider's number and its size, large enough for the busiest day."""
    most: dict[Pool, int] = defaultdict(int)
    for day in days:
        for pool, shifts in _shifts_by_pool(day).items():
            most[pool] = max(most[pool], len(shifts))
    sizes = {pool: int(np.ceil(POOL_MARGIN * count)) for pool, count in sorted(most.items())}
    firsts = accumulate(sizes.values(), initial=0)
    return {pool: (first, size) for (pool, size), first in zip(sizes.items(), firsts, strict=False)}


def _riders(day: SimulatedDay, pools: dict[Pool, tuple[int, int]], stream: Stream) -> NDArray[np.int64]:
    """Draw who of each pool rides which shift of the day; nobody rides two."""
    of_shift = np.zeros(len(day.shifts), dtype=np.int64)
    for pool, shifts in _shifts_by_pool(day).items():
        first, size = pools[pool]
        drawn = np.argsort(stream.child(*pool).uniform(np.arange(size)), kind="stable")
        of_shift[shifts] = first + drawn[: len(shifts)]
    return np.asarray(of_shift[day.sessions.shift], dtype=np.int64)


def _vehicles(scenario: Scenario, pools: dict[Pool, tuple[int, int]], stream: Stream) -> tuple[str, ...]:
    names: list[str] = []
    for (_, vehicle), (first, size) in pools.items():
        shares = _named_like(scenario, VEHICLES[vehicle])
        borders = np.cumsum(list(shares.values())) / sum(shares.values())
        drawn = np.searchsorted(borders, stream.uniform(np.arange(first, first + size)))
        names.extend(list(shares)[number] for number in drawn)
    return tuple(names)
