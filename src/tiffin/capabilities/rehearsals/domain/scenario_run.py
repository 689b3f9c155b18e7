"""The days of a scenario, simulated as its file says: with its disruptions, its policy and its riders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tiffin.capabilities.rehearsals.domain.city_run import DISPATCHER, CityRun, day_plan, gathered_run, made_city
from tiffin.capabilities.rehearsals.domain.rosters import OWN_ROSTER, Roster, shifts_of
from tiffin.capabilities.rehearsals.domain.scenario import CalendarDay, Profiles, Scenario
from tiffin.engines.simulation.city_day import DayPlan, simulate
from tiffin.engines.simulation.parameters import Parameters
from tiffin.engines.simulation.roster import plan_shifts
from tiffin.engines.simulation.streams import Stream


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioDays:
    """A scenario that was simulated.

    Parameters
    ----------
    plans : the plan of each day
    stream : the city's
    """

    run: CityRun
    plans: Mapping[date, DayPlan]
    parameters: Parameters
    stream: Stream


def run_scenario(
    scenario: Scenario,
    days: Sequence[CalendarDay],
    *,
    profiles: Profiles,
    parameters: Parameters,
    stream: Stream,
    policy: str = DISPATCHER,
    roster: Roster = OWN_ROSTER,
) -> ScenarioDays:
    """Simulate the days of a scenario; the same arguments give the same days."""
    city = made_city(scenario, parameters, stream)
    plans: dict[date, DayPlan] = {}
    simulated = []
    for day in days:
        of_day = stream.child("day", day.day.isoformat())
        plan = replace(day_plan(scenario, day, profiles), policy=policy)
        if roster != OWN_ROSTER:
            expected = plan.orders * city.weight[:, None] * plan.profile[None, :]
            own = plan_shifts(expected, parameters, of_day.child("roster"))
            plan = replace(plan, shifts=shifts_of(roster, own, of_day.child("roster-change")))
        plans[day.day] = plan
        simulated.append(simulate(city, plan, parameters, of_day))
    run = gathered_run(scenario, city, days, simulated, parameters=parameters, stream=stream)
    return ScenarioDays(run=run, plans=plans, parameters=parameters, stream=stream)
