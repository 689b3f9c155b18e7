"""A simulated city-day from beginning to end: demand and roster drawn, disruptions planted, the day run."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit

from tiffin.engines.simulation.city import City
from tiffin.engines.simulation.day import NO_LEVERS, Levers, run_day
from tiffin.engines.simulation.demand import draw_orders
from tiffin.engines.simulation.dispatchers import CITY_DISPATCHERS, NEAREST
from tiffin.engines.simulation.disruptions import Disruption, extra_demand, factors_under
from tiffin.engines.simulation.parameters import Parameters
from tiffin.engines.simulation.roster import Shift, draw_sessions, plan_shifts
from tiffin.engines.simulation.streams import Stream
from tiffin.engines.simulation.struck_orders import orders_under
from tiffin.engines.simulation.struck_riders import sessions_under
from tiffin.engines.simulation.tables import (
    NEVER,
    NOT_ORDERED,
    SLOT_S,
    VEHICLES,
    VISITS,
    Floats,
    Happened,
    Records,
    Rules,
    records,
)
from tiffin.kernel.errors import NotFound

STRAIGHT_M_MIN_TO_M_S = 60.0
ALMOST_NEVER = 1e-9
"""Shares of nothing and all have no odds; this is near enough."""


@dataclass(frozen=True, slots=True)
class DayPlan:
    """What a city expects of a day, how it goes about it, and what is planted in it.

    Parameters
    ----------
    orders : float
        Orders expected at the usual promises; the roster is made for them.
    profile : (n_slots,), share of the orders in each half hour since the business day began; adds up to one
    travel : (n_slots,), factor of the hour on riding times; 1 is free traffic
    vehicles : tuple of float
        Share of riders on each of `VEHICLES`.
    policy : str
        A name of `CITY_DISPATCHERS`.
    shifts : tuple of Shift or None
        A roster from outside; None for the simple one that the expected demand gives.
    """

    orders: float
    profile: Floats
    travel: Floats
    vehicles: tuple[float, float, float]
    disruptions: tuple[Disruption, ...] = ()
    policy: str = NEAREST
    shifts: tuple[Shift, ...] | None = None


@dataclass(frozen=True, slots=True)
class SimulatedDay:
    """What was drawn and what happened.

    Parameters
    ----------
    vehicles : (n_shifts,), numbers of `VEHICLES`, of those who did not come too
    visits : records of VISITS
    """

    orders: Records
    sessions: Records
    shifts: tuple[Shift, ...]
    vehicles: NDArray[np.int64]
    factors: Records
    happened: Happened
    visits: Records


@dataclass(frozen=True, slots=True)
class DrawnDay:
    """All that is settled about a day before it begins.

    Parameters
    ----------
    visits : records of ORDERS, in order of placing
    sessions : records of SESSIONS, of those who come
    """

    visits: Records
    shifts: tuple[Shift, ...]
    vehicles: NDArray[np.int64]
    sessions: Records
    factors: Records
    levers: Levers = NO_LEVERS


def simulate(city: City, plan: DayPlan, parameters: Parameters, stream: Stream) -> SimulatedDay:
    """Simulate a day of a city; the same arguments give the same bytes."""
    return lived(draw_day(city, plan, parameters, stream), city, rules_of(parameters, plan.policy))


def draw_day(city: City, plan: DayPlan, parameters: Parameters, stream: Stream) -> DrawnDay:
    """Draw the demand and the roster of a day, and plant what is planted in it.

    Notes
    -----
    Demand, roster and chance have streams of their own: taking a disruption out, or another dispatcher or roster,
    changes nothing but what follows from it.
    """
    expected = plan.orders * city.weight[:, None] * plan.profile[None, :]
    ordinary = expected / parameters.conversion_share * _noise(city, parameters, stream.child("noise"))
    extras = [extra_demand(d, ordinary, parameters) for d in plan.disruptions]
    visits = draw_orders(city, parameters, ordinary=ordinary, extras=extras, stream=stream.child("orders"))
    visits = orders_under(plan.disruptions, visits, city, stream.child("disruption"))
    shifts = plan_shifts(expected, parameters, stream.child("roster")) if plan.shifts is None else plan.shifts
    vehicles = drawn_vehicles(len(shifts), plan.vehicles, stream.child("vehicle"))
    sessions = draw_sessions(shifts, city, parameters, vehicles=vehicles, stream=stream.child("sessions"))
    sessions = present(sessions_under(plan.disruptions, sessions, city, stream.child("disruption")))
    usual = np.repeat(plan.travel[None, :], city.zones, axis=0)
    return DrawnDay(visits, shifts, vehicles, sessions, factors_under(plan.disruptions, usual))


def lived(drawn: DrawnDay, city: City, rules: Rules) -> SimulatedDay:
    """Let a drawn day happen.

    Notes
    -----
    The sessions are told as they were drawn: where a rider was sent in between stands in the levers.
    """
    happened = run_day(
        orders=drawn.visits,
        merchants=city.merchants,
        sessions=drawn.sessions,
        factors=drawn.factors,
        near=city.near,
        rules=rules,
        levers=drawn.levers,
    )
    shown, orders, happened = _told_apart(drawn.visits, happened)
    return SimulatedDay(orders, drawn.sessions, drawn.shifts, drawn.vehicles, drawn.factors, happened, shown)


def _told_apart(visits: Records, happened: Happened) -> tuple[Records, Records, Happened]:
    """Tell orders from visits without one; orders get numbers of their own."""
    ordered = happened.track.status != NOT_ORDERED
    number = np.where(ordered, np.cumsum(ordered) - 1, NEVER)
    names = ("counter", "placed_s", "merchant", "drop_zone")
    columns = {name: visits[name] for name in names}
    shown = records(VISITS, **columns, promised_s=happened.track.promised_s, order=number)
    track, offers = happened.track[ordered], happened.offers.copy()
    offers.order = number[offers.order]
    return shown, visits[ordered], happened._replace(track=track, offers=offers)


def drawn_vehicles(shifts: int, shares: Sequence[float], stream: Stream) -> NDArray[np.int64]:
    """Draw what the rider of each shift rides: numbers of `VEHICLES`."""
    borders = np.cumsum(shares) / np.sum(shares)
    drawn = np.searchsorted(borders, stream.uniform(np.arange(shifts)))
    return np.minimum(drawn, len(VEHICLES) - 1).astype(np.int64)


def rules_of(parameters: Parameters, policy: str = NEAREST) -> Rules:
    """Write the platform's rules in the units of the event loop.

    Raises
    ------
    NotFound
        There is no such policy.
    """
    if policy not in CITY_DISPATCHERS:
        raise NotFound(f"No dispatcher of city days is called {policy!r}. There are: {', '.join(CITY_DISPATCHERS)}.")
    p, manner = parameters, CITY_DISPATCHERS[policy]
    # The types are fixed: the compiled event loop is made for them, and would be compiled again for others.
    return Rules(
        lead_s=int(p.dispatch_lead_s),
        radius_m=float(p.dispatch_radius_m),
        home_s=int(p.home_after_s),
        slowdown=float(p.kitchen_slowdown),
        promise_buffer_s=int(p.promise_buffer_s),
        promise_load_s=float(p.promise_load_s),
        usual_load=float(p.promise_usual_load),
        promise_step_s=int(p.promise_step_s),
        usual_speed_m_s=p.speed_m_min / STRAIGHT_M_MIN_TO_M_S,
        usual_approach_s=int(p.promise_approach_s),
        age_m_s=float(p.waiting_order_age_m_s),
        wish=_log_odds(p.conversion_share),
        wish_min=float(p.conversion_per_min),
        answer_mean_s=float(p.offer_answer_mean_s),
        answer_most_s=int(p.offer_expires_s),
        decline=_log_odds(p.decline_share),
        decline_km=float(p.decline_per_km),
        decline_bicycle_km=float(p.decline_bicycle_per_km),
        decline_pay=float(p.decline_per_pay),
        usual_way_m=float(p.offer_usual_way_m),
        pay_base=float(p.rider_pay_base),
        pay_km=float(p.rider_pay_km),
        return_service_s=int(p.return_service_s),
        batch_s=int(p.batch_s) if manner.batch else 0,
        batch_ahead_s=int(p.batch_ahead_s),
        bundle_most=manner.bundle_most,
        bundle_wait_s=int(p.bundle_wait_s),
        bundle_detour_s=float(p.bundle_detour_s),
        traffic=(float(p.car_traffic_share), float(p.motorcycle_traffic_share), float(p.bicycle_traffic_share)),
        weather=(float(p.car_weather_share), float(p.motorcycle_weather_share), float(p.bicycle_weather_share)),
    )


def _log_odds(share: float) -> float:
    return float(logit(min(max(share, ALMOST_NEVER), 1.0 - ALMOST_NEVER)))


def _noise(city: City, parameters: Parameters, stream: Stream) -> Floats:
    day = np.exp(parameters.day_noise * stream.child("day").normal(np.zeros(1, dtype=np.int64)))
    zones = np.exp(parameters.zone_noise * stream.child("zone").normal(np.arange(city.zones, dtype=np.int64)))
    return (day * zones)[:, None]


def present(sessions: Records) -> Records:
    """Leave out sessions of less than half an hour: what a shortage left of them did not take place."""
    return sessions[sessions.off_s - sessions.on_s >= SLOT_S]
