"""A simulated city-day from beginning to end: demand and roster drawn, disruptions planted, the day run."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.simulation.city import City
from tiffin.engines.simulation.day import run_day
from tiffin.engines.simulation.demand import draw_orders
from tiffin.engines.simulation.disruptions import Disruption, extra_demand, factors_under, sessions_under
from tiffin.engines.simulation.parameters import Parameters
from tiffin.engines.simulation.roster import Shift, draw_sessions, plan_shifts
from tiffin.engines.simulation.streams import Stream
from tiffin.engines.simulation.tables import SLOT_S, Floats, Happened, Records, Rules

STRAIGHT_M_MIN_TO_M_S = 60.0
WHOLE_DAY_S = 86_400
"""Whoever took an order carries it out, however late."""


@dataclass(frozen=True, slots=True)
class DayPlan:
    """What a city expects of a day, and what is planted in it.

    Parameters
    ----------
    orders : float
        Orders expected; the roster is made for them.
    profile : (n_slots,), share of the orders in each half hour since the business day began; adds up to one
    travel : (n_slots,), factor of the hour on riding times; 1 is free traffic
    bicycle_share : float
        Share of riders on bicycles.
    shifts : tuple of Shift or None
        The roster; None has one made for the orders expected. A shift without length is ridden by nobody, and those
        after it keep their chances.
    """

    orders: float
    profile: Floats
    travel: Floats
    bicycle_share: float
    disruptions: tuple[Disruption, ...] = ()
    shifts: tuple[Shift, ...] | None = None


@dataclass(frozen=True, slots=True)
class SimulatedDay:
    """What was drawn and what happened.

    Parameters
    ----------
    bicycles : (n_shifts,), which planned shifts are ridden on a bicycle
    """

    orders: Records
    sessions: Records
    shifts: tuple[Shift, ...]
    bicycles: NDArray[np.bool_]
    factors: Records
    happened: Happened


def simulate(city: City, plan: DayPlan, parameters: Parameters, stream: Stream) -> SimulatedDay:
    """Simulate a day of a city; the same arguments give the same bytes.

    Notes
    -----
    Demand, roster and chance have streams of their own: taking a disruption out changes nothing but what it caused.
    """
    expected = plan.orders * city.weight[:, None] * plan.profile[None, :]
    ordinary = expected * _noise(city, parameters, stream.child("noise"))
    extras = [extra_demand(d, ordinary, parameters) for d in plan.disruptions]
    orders = draw_orders(city, parameters, ordinary=ordinary, extras=extras, stream=stream.child("orders"))
    shifts = planned_shifts(city, plan, parameters, stream) if plan.shifts is None else plan.shifts
    bicycles = stream.child("bicycle").uniform(np.arange(len(shifts))) < plan.bicycle_share
    sessions = draw_sessions(shifts, city, parameters, bicycles=bicycles, stream=stream.child("sessions"))
    sessions = _present(sessions_under(plan.disruptions, sessions, stream.child("disruption")))
    usual = np.repeat(plan.travel[None, :], city.zones, axis=0)
    factors = factors_under(plan.disruptions, usual)
    happened = run_day(
        orders=orders,
        merchants=city.merchants,
        sessions=sessions,
        factors=factors,
        near=city.near,
        rules=rules_of(parameters),
    )
    return SimulatedDay(orders, sessions, shifts, bicycles, factors, happened)


def planned_shifts(city: City, plan: DayPlan, parameters: Parameters, stream: Stream) -> tuple[Shift, ...]:
    """Give the roster that the city makes for the orders it expects of a day."""
    expected = plan.orders * city.weight[:, None] * plan.profile[None, :]
    return plan_shifts(expected, parameters, stream.child("roster"))


def rules_of(parameters: Parameters) -> Rules:
    """Write the platform's rules in the units of the event loop."""
    p = parameters
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
        round_s=1,
        grace_s=WHOLE_DAY_S,
        goes_home=True,
    )


def _noise(city: City, parameters: Parameters, stream: Stream) -> Floats:
    day = np.exp(parameters.day_noise * stream.child("day").normal(np.zeros(1, dtype=np.int64)))
    zones = np.exp(parameters.zone_noise * stream.child("zone").normal(np.arange(city.zones, dtype=np.int64)))
    return (day * zones)[:, None]


def _present(sessions: Records) -> Records:
    # A session that a shortage left with less than half an hour did not take place.
    return sessions[sessions.off_s - sessions.on_s >= SLOT_S]
