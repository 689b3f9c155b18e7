"""What can be rehearsed: the days of simulated cities, and scenarios by name; and who may rehearse it."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

from tiffin.capabilities.rehearsals.domain.city_run import DISPATCHER
from tiffin.capabilities.rehearsals.domain.demo import DEMO_CITIES, DEMO_DAYS, DEMO_SEED
from tiffin.capabilities.rehearsals.domain.rehearsal import Plan
from tiffin.capabilities.rehearsals.domain.rehearsing import Stage
from tiffin.capabilities.rehearsals.domain.scenario import Planted, Scenario, undisturbed
from tiffin.capabilities.rehearsals.domain.scenario_file import ScenarioFile
from tiffin.capabilities.rehearsals.service.definitions import (
    FOLDER,
    calendar_days,
    read_parameters,
    read_profiles,
    read_scenario,
    with_drawn,
)
from tiffin.capabilities.rehearsals.service.scenario_files import read_scenario_file, scenario_paths
from tiffin.engines.simulation.streams import Stream
from tiffin.kernel.errors import Forbidden, NotFound, WrongUse
from tiffin.kernel.messages import Message
from tiffin.kernel.time import Days
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context

RUNNERS = (Role.ANALYST, Role.CITY_MANAGER, Role.STEWARD, Role.ADMIN)
"""Who may rehearse a city that his grant opens as a whole; whoever may see such a city may read the rehearsal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A day that can be rehearsed, and how it is run where nobody says otherwise.

    Parameters
    ----------
    is_file : bool
        Whether a scenario's file says all that is planted; in a plain day of a city more is drawn by its seed.
    """

    scenario: Scenario
    day: date
    policy: str
    riders: str
    seed: int
    is_file: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A day that the actor may rehearse.

    Parameters
    ----------
    name : str
        What `find_setting` takes.
    title : str
        A scenario's own; empty for a plain day of a city.
    """

    name: str
    title: str
    city_id: str
    city: str
    country: str
    day: date
    planted: tuple[Planted, ...]


def may_rehearse(context: Context, *, country: str, city_id: str) -> bool:
    """Tell whether the actor may rehearse a city."""
    return any(
        grant.role in RUNNERS and not grant.is_narrow and grant.covers(country=country, city_id=city_id)
        for grant in context.actor.grants
    )


def require_runner(context: Context, *, country: str, city_id: str) -> None:
    """Refuse whoever may not rehearse a city.

    Raises
    ------
    Forbidden
        No grant of his lets him.
    """
    if not may_rehearse(context, country=country, city_id=city_id):
        raise Forbidden(
            Message(
                "To rehearse {city}, a grant over the whole city as analyst, city manager, data steward or "
                "administrator is needed; {name} has none. Ask for it on the page of your access.",
                city=city_id,
                name=context.actor.name,
            )
        )


def choices(context: Context) -> tuple[Choice, ...]:
    """List the days that the actor may rehearse: scenarios first, then the days of each city."""
    root = context.workspace.root
    files = (read_scenario_file(name, workspace=root) for name in sorted(scenario_paths(root)))
    told = [(one.name, one.title, one.scenario, one.days) for one in files]
    told += [(city_id, "", _city(city_id, root), DEMO_DAYS) for city_id in DEMO_CITIES]
    return tuple(
        _choice(name, title, scenario, day)
        for name, title, scenario, days in told
        if may_rehearse(context, country=scenario.city.country, city_id=scenario.city.city_id)
        for day in (days.first + timedelta(days=number) for number in range(len(days)))
    )


def _choice(name: str, title: str, scenario: Scenario, day: date) -> Choice:
    return Choice(
        name=f"{name}/{day.isoformat()}",
        title=title,
        city_id=scenario.city.city_id,
        city=scenario.city.name,
        country=scenario.city.country,
        day=day,
        planted=tuple(one for one in scenario.planted if one.day == day),
    )


def find_setting(name: str, *, workspace: Path | None) -> Setting:
    """Find what a name stands for: ``riyadh/2026-02-24``, a scenario such as ``football-in-the-rain``, or a day of one.

    Parameters
    ----------
    workspace : Path or None
        Workspace whose own scenarios and markets come before the shipped ones.

    Raises
    ------
    NotFound
        There is no such city or scenario, or it has no such day.
    WrongUse
        The day is none.
    InvalidDefinition
        The scenario's file breaks the form.
    """
    head, _, tail = name.partition("/")
    if head not in DEMO_CITIES:
        return _from_file(read_scenario_file(head, workspace=workspace), tail, name)
    return Setting(
        scenario=_city(head, workspace),
        day=_day(tail, name),
        policy=DISPATCHER,
        riders="",
        seed=DEMO_SEED,
        is_file=False,
    )


def zone_numbers(scenario: Scenario) -> Mapping[str, int]:
    """Give the number of each zone, by its identifier and by its name."""
    return {name: number for number, zone in enumerate(scenario.zones) for name in (zone.zone_id, zone.name)}


def stage_of(plan: Plan, *, workspace: Path | None) -> Stage:
    """Gather all that the days of a rehearsal are made from.

    Raises
    ------
    NotFound
        What was planned is no more.
    """
    setting = find_setting(plan.scenario, workspace=workspace)
    scenario, day = setting.scenario, setting.day
    if not setting.is_file:
        scenario = _as_in_the_demo(scenario, Days(day, day), plan.seed)
    return Stage(
        scenario=undisturbed(scenario) if plan.is_undisturbed else scenario,
        calendar=calendar_days(scenario, Days(day, day))[0],
        profiles=read_profiles(),
        parameters=read_parameters(day),
        seed=plan.seed,
        arms=plan.arms,
    )


def receipt_of(stage: Stage, plan: Plan) -> Mapping[str, Any]:
    """Write down what the figures can be made from again."""
    return {
        "is_simulated": True,
        "made_from": made_from(),
        "scenario": plan.scenario,
        "seed": plan.seed,
        "replications": plan.replications,
        "arms": [{"key": arm.key, "policy": arm.policy, "roster": arm.roster.label} for arm in plan.arms],
        "parameters": asdict(stage.parameters),
    }


def made_from() -> str:
    """Give a digest of the definitions and the code that simulated days are made from."""
    engine = Path(str(files("tiffin.engines.simulation")))
    digest = hashlib.sha256()
    for path in sorted([*FOLDER.glob("*.yaml"), *FOLDER.glob("demo/*.yaml"), *engine.glob("*.py")]):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _as_in_the_demo(scenario: Scenario, days: Days, seed: int) -> Scenario:
    """Plant in a city's days what the demo marketplace of that seed has in them."""
    stream = Stream.of_seed(seed).child(scenario.city.city_id)
    return with_drawn(scenario, days, profiles=read_profiles(), stream=stream)


def _from_file(found: ScenarioFile, tail: str, name: str) -> Setting:
    day = _day(tail, name) if tail else found.days.first
    if day not in found.days:
        raise NotFound(
            Message(
                "The scenario {name} has the days {first} to {last}; found {day}. Name one of them.",
                name=found.name,
                first=found.days.first,
                last=found.days.last,
                day=day,
            )
        )
    return Setting(
        scenario=found.scenario, day=day, policy=found.policy, riders=found.riders, seed=found.seed, is_file=True
    )


def _day(text: str, name: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise WrongUse(
            Message(
                "A city and a day were expected, such as riyadh/2026-02-24, or the name of a scenario; found {found}.",
                found=repr(name),
            )
        ) from error


def _city(city_id: str, workspace: Path | None) -> Scenario:
    overlay = workspace / "markets" if workspace else None
    return read_scenario(city_id, profiles=read_profiles(), overlay=overlay)
