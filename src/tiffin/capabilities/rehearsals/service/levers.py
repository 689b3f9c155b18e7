"""Levers rehearsed on a day that can be simulated: without them and under each candidate, by the same chance."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from tiffin.capabilities.rehearsals.domain.city_run import DISPATCHER
from tiffin.capabilities.rehearsals.domain.demo import Marketplace
from tiffin.capabilities.rehearsals.domain.lever_days import LeverDay, LeverStage, estimated, lever_day, outcomes_of
from tiffin.capabilities.rehearsals.domain.levers import LeverRehearsal
from tiffin.capabilities.rehearsals.domain.rehearsal import FIRST, MOST_REPLICATIONS, Arm, Plan
from tiffin.capabilities.rehearsals.domain.rehearsing import Stage
from tiffin.capabilities.rehearsals.domain.rosters import OWN_ROSTER, changed_riders
from tiffin.capabilities.rehearsals.service.city_days import code_digest, setting_of
from tiffin.capabilities.rehearsals.service.definitions import read_lever_parameters
from tiffin.capabilities.rehearsals.service.many import simulate_many
from tiffin.capabilities.rehearsals.service.run_scenarios import find_setting, require_runner, stage_of
from tiffin.capabilities.rehearsals.service.scenario_files import read_scenario_file, scenario_paths
from tiffin.capabilities.rehearsals.service.truth import loaded_demo
from tiffin.engines.simulation.levers import Pull
from tiffin.engines.simulation.levers_pulled import require_pulls
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context

ALONE = 100
"""So few days are simulated in this very process: beginning others takes longer."""


def rehearse_levers(
    context: Context,
    city_id: str,
    day: date,
    candidates: Sequence[tuple[Pull, ...]],
    *,
    replications: int,
    progress: Callable[[float], object] | None = None,
) -> LeverRehearsal:
    """Rehearse levers on a day of a city: what each candidate avoids and takes, with paired 95 % intervals.

    Parameters
    ----------
    candidates : sequence of tuple of Pull
        The levers of one candidate are pulled together. Zones go by the number that `lever_zones` gives them.
    replications : int
        The first is the day itself, the others are the same day by other chances, what is planted in it kept.
    progress : callable or None
        Called with 1 for each replication that is done.

    Raises
    ------
    Forbidden
        The actor may not rehearse that city.
    NotFound
        There is no such city or day.
    WrongUse
        A lever cannot be pulled so, or there are too many or too few replications.
    """
    source = lever_source(context, city_id, day)
    city = source.scenario.city
    require_runner(context, country=city.country, city_id=city.city_id)
    if not 1 <= replications <= MOST_REPLICATIONS:
        raise WrongUse(
            Message("Between 1 and {most} replications were expected; found {found}.",
                    most=MOST_REPLICATIONS, found=replications)
        )  # fmt: skip
    for pulls in candidates:
        require_pulls(pulls, len(source.scenario.zones))
    stage = LeverStage(source=source, levers=read_lever_parameters(day), candidates=tuple(candidates))
    days = _lived(stage, replications, progress)
    return LeverRehearsal(
        city_id=city_id,
        day=day,
        replications=replications,
        without={name: estimated([one.without[name] for one in days]) for name in days[0].without},
        outcomes=outcomes_of(stage.candidates, days),
        fit=None,
        made_from=code_digest()[:16],
    )


def lever_zones(context: Context, city_id: str, day: date) -> tuple[str, ...]:
    """Give the zones of a city in the order of their numbers.

    Raises
    ------
    NotFound
        There is no such city or day.
    """
    return tuple(zone.zone_id for zone in lever_source(context, city_id, day).scenario.zones)


def lever_source(context: Context, city_id: str, day: date) -> Stage:
    """Gather what a day is made from: of the loaded demo, of a scenario with facts of its own, of a demo city.

    Raises
    ------
    NotFound
        There is no such city or day.
    """
    demo = loaded_demo(context)
    if demo is not None and city_id in demo.cities and day in demo.days:
        return _of_demo(demo, city_id, day, str(context.workspace.overlay("markets")))
    root = context.workspace.root
    names = (name for name in sorted(scenario_paths(root)) if city_id.endswith(f"-{name}"))
    own = next((name for name in names if read_scenario_file(name, workspace=root).city_id == city_id), city_id)
    name = f"{own}/{day.isoformat()}"
    setting = find_setting(name, workspace=root)
    plan = Plan(
        scenario=name,
        city_id=city_id,
        day=day,
        policies=(setting.policy,),
        roster=OWN_ROSTER,
        is_undisturbed=False,
        replications=1,
        seed=setting.seed,
    )
    roster = changed_riders(setting.riders) if setting.riders else OWN_ROSTER
    return replace(stage_of(plan, workspace=root), arms=(Arm(FIRST, setting.policy, roster),))


def _of_demo(demo: Marketplace, city_id: str, day: date, markets: str) -> Stage:
    made = setting_of(demo, city_id, markets)
    (calendar,) = (one for one in made.calendar if one.day == day)
    return Stage(
        scenario=made.scenario,
        calendar=calendar,
        profiles=made.profiles,
        parameters=made.parameters,
        seed=demo.seed,
        arms=(Arm(FIRST, DISPATCHER, OWN_ROSTER),),
    )


def _lived(stage: LeverStage, replications: int, progress: Callable[[float], object] | None) -> Sequence[LeverDay]:
    alone = replications * (1 + len(stage.candidates)) <= ALONE
    days: list[LeverDay] = []
    for one in simulate_many(partial(lever_day, stage), range(1, replications + 1), processes=1 if alone else None):
        days.append(one)
        if progress is not None:
            progress(1.0)
    return days
