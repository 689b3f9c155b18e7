"""A market set up like the one a real file comes from, and its simulated days."""

from dataclasses import dataclass

import numpy as np

from tiffin.engines.simulation.aftermath import Aftermath, follow_up
from tiffin.engines.simulation.city import City, Layout, make_city
from tiffin.engines.simulation.city_day import DayPlan, SimulatedDay, simulate
from tiffin.engines.simulation.disruptions import Disruption
from tiffin.engines.simulation.parameters import Parameters
from tiffin.engines.simulation.streams import Stream
from tiffin.engines.simulation.tables import SLOTS, Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """A market like a source's, as far as the source tells.

    Parameters
    ----------
    orders : (n_days,), orders expected of each simulated day
    profile : (n_slots,), share of a day's orders in each half hour; adds up to one
    travel : (n_slots,), factor of the hour on riding times
    vehicles : tuple of float
        Share of riders on each of `VEHICLES`; no file tells, so all drive cars.
    """

    layout: Layout
    orders: Floats
    profile: Floats
    travel: Floats
    vehicles: tuple[float, float, float] = (1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class MarketDay:
    """One simulated day of a market, with what followed its orders, and how long before readiness a rider is sought."""

    city: City
    simulated: SimulatedDay
    aftermath: Aftermath
    lead_s: int


def simulate_market(
    market: Market, parameters: Parameters, stream: Stream, *, disruptions: tuple[Disruption, ...] = ()
) -> tuple[MarketDay, ...]:
    """Simulate the days of a market; the same arguments give the same days."""
    city = make_city(market.layout, parameters, stream.child("city"))
    days = []
    for number, orders in enumerate(market.orders):
        of_day = stream.child("day", number)
        plan = DayPlan(
            orders=float(orders),
            profile=market.profile,
            travel=market.travel,
            vehicles=market.vehicles,
            disruptions=disruptions,
        )
        simulated = simulate(city, plan, parameters, of_day)
        aftermath = follow_up(simulated.orders, simulated.happened.track, parameters, of_day.child("aftermath"))
        days.append(MarketDay(city, simulated, aftermath, int(parameters.dispatch_lead_s)))
    return tuple(days)


def round_town(*, zones: int, apart_m: float, merchants: int) -> Layout:
    """Lay out a town of which nothing is known but its size: zones around a middle, which weighs most.

    Notes
    -----
    Zones stand on a spiral of equal areas (Vogel, 1979), ``apart_m`` from each other, weighing half as much at
    ``2 * apart_m * sqrt(zones) / 3`` from the middle.
    """
    number = np.arange(zones)
    radius = apart_m * np.sqrt(number / np.pi) * 1.1
    angle = number * np.pi * (3.0 - np.sqrt(5.0))
    fall = 2.0 * apart_m * np.sqrt(zones) / 3.0
    return Layout(
        x_m=radius * np.cos(angle),
        y_m=radius * np.sin(angle),
        weight=0.5 ** (radius / fall),
        district=np.zeros(zones, dtype=np.int64),
        merchants=merchants,
    )


def flat_traffic() -> Floats:
    """Give free traffic in every half hour."""
    return np.ones(SLOTS)
