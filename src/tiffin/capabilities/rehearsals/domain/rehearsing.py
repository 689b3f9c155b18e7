"""One replication of a rehearsal: the same drawn day under each of the ways that are compared."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tiffin.capabilities.rehearsals.domain.city_run import day_plan, layout_of
from tiffin.capabilities.rehearsals.domain.outcomes import Outcome, outcome_of
from tiffin.capabilities.rehearsals.domain.rehearsal import Arm
from tiffin.capabilities.rehearsals.domain.rosters import shifts_of
from tiffin.capabilities.rehearsals.domain.scenario import CalendarDay, Profiles, Scenario
from tiffin.engines.simulation.city import City, make_city
from tiffin.engines.simulation.city_day import DayPlan, SimulatedDay, simulate
from tiffin.engines.simulation.parameters import Parameters
from tiffin.engines.simulation.roster import Shift, plan_shifts
from tiffin.engines.simulation.streams import Stream


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """All that a rehearsal's days are made from; the same stage gives the same days."""

    scenario: Scenario
    calendar: CalendarDay
    profiles: Profiles
    parameters: Parameters
    seed: int
    arms: Sequence[Arm]


def outcomes(stage: Stage, replication: int) -> tuple[Outcome, ...]:
    """Run one replication under every arm and count what came of it."""
    city = city_of(stage)
    return tuple(outcome_of(simulated(stage, city, arm, replication), city) for arm in stage.arms)


def city_of(stage: Stage) -> City:
    """Build the rehearsed city."""
    return make_city(layout_of(stage.scenario), stage.parameters, _stream(stage).child("city"))


def simulated(stage: Stage, city: City, arm: Arm, replication: int) -> SimulatedDay:
    """Simulate one replication under one arm.

    Notes
    -----
    The first replication is the scenario's own day. All arms share the chance of a replication; the roster is planned
    before any policy is chosen.
    """
    plan, stream = planned(stage, city, arm, replication)
    return simulate(city, plan, stage.parameters, stream)


def planned(stage: Stage, city: City, arm: Arm, replication: int) -> tuple[DayPlan, Stream]:
    """Plan one replication under one arm, and give the chance of its day."""
    stream = _stream(stage).child("day", stage.calendar.day.isoformat())
    if replication > 1:
        stream = stream.child("replication", replication)
    plan = day_plan(stage.scenario, stage.calendar, stage.profiles)
    shifts = shifts_of(arm.roster, _own_shifts(plan, city, stage, stream), stream.child("roster-change"))
    return replace(plan, shifts=shifts, policy=arm.policy), stream


def _own_shifts(plan: DayPlan, city: City, stage: Stage, stream: Stream) -> tuple[Shift, ...]:
    """Give the roster that the city makes for the orders it expects, which is what `simulate` makes by itself."""
    expected = plan.orders * city.weight[:, None] * plan.profile[None, :]
    return plan_shifts(expected, stage.parameters, stream.child("roster"))


def _stream(stage: Stage) -> Stream:
    return Stream.of_seed(stage.seed).child(stage.scenario.city.city_id)
