"""What a day under levers is made from: the scenario that simulates it, else the twin that its facts give."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from tiffin.capabilities.rehearsals import queries
from tiffin.capabilities.rehearsals.domain.city_run import DISPATCHER
from tiffin.capabilities.rehearsals.domain.demo import DEMO_CITIES, DEMO_DAYS, DEMO_SEED, Marketplace
from tiffin.capabilities.rehearsals.domain.lever_days import Source, counted
from tiffin.capabilities.rehearsals.domain.rehearsal import FIRST, Arm, Plan
from tiffin.capabilities.rehearsals.domain.rehearsing import Stage
from tiffin.capabilities.rehearsals.domain.rosters import OWN_ROSTER, changed_riders
from tiffin.capabilities.rehearsals.domain.scenario_file import ScenarioFile
from tiffin.capabilities.rehearsals.domain.twin_days import Twin, make_twin, ready_twin
from tiffin.capabilities.rehearsals.domain.twin_facts import TwinFacts, facts_counted
from tiffin.capabilities.rehearsals.domain.twin_fit import FIT_REPLICATIONS, TwinFit, fit_of
from tiffin.capabilities.rehearsals.service.city_days import setting_of
from tiffin.capabilities.rehearsals.service.definitions import read_parameters
from tiffin.capabilities.rehearsals.service.fact_cities import FactCity, find_fact_city
from tiffin.capabilities.rehearsals.service.run_scenarios import find_setting, require_runner, stage_of
from tiffin.capabilities.rehearsals.service.scenario_files import read_scenario_file, scenario_paths
from tiffin.capabilities.rehearsals.service.truth import loaded_demo
from tiffin.capabilities.rehearsals.service.twin_facts import read_twin_facts
from tiffin.engines.simulation.city_day import lived
from tiffin.kernel.errors import FailedCheck, NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.warehouse.opening import open_store

FEWEST_ORDERS, FEWEST_SESSIONS = 100, 10
KNOWN_SHARE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class LeverSource:
    """A day that levers can be rehearsed on.

    Parameters
    ----------
    zones : tuple of (identifier, name)
        In the order of their numbers.
    made : Stage or Twin
        What its days are made from.
    fit : TwinFit or None
        Of a twin.
    """

    city_id: str
    country: str
    cutoff_min: int
    zones: tuple[tuple[str, str], ...]
    made: Source
    fit: TwinFit | None


def lever_source(context: Context, city_id: str, day: date) -> LeverSource:
    """Gather what a day is made from.

    A day of the loaded demo, or of a scenario with facts of its own, is made by what simulates it; any other day of a
    city with facts is a twin; a demo city without facts is simulated as the demo would have it.

    Raises
    ------
    NotFound
        There is no such city or day, or its facts hold too little.
    Forbidden
        The actor may not rehearse that city.
    FailedCheck
        The twin does not come near enough to the facts.
    """
    demo = loaded_demo(context)
    if demo is not None and city_id in demo.cities and day in demo.days:
        return _of_stage(context, city_id, of_demo(demo, city_id, day, str(context.workspace.overlay("markets"))))
    file = _own_file(context, city_id)
    if file is not None and day in file.days:
        return _of_stage(context, city_id, _of_setting(context, city_id, f"{file.name}/{day}"))
    if city_id in DEMO_CITIES and not _has_facts(context, city_id):
        return _of_stage(context, city_id, _of_setting(context, city_id, f"{city_id}/{day}"))
    return _of_facts(context, find_fact_city(context, city_id), day)


def of_demo(demo: Marketplace, city_id: str, day: date, markets: str) -> Stage:
    """Gather what a day of a marketplace is made from."""
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


def twin_of(facts: TwinFacts, day: date) -> tuple[Twin, TwinFit]:
    """Make the twin of a day and set it against its facts."""
    twin = make_twin(facts, read_parameters(max(day, DEMO_DAYS.first)), seed=DEMO_SEED)
    days = []
    for replication in range(1, FIT_REPLICATIONS + 1):
        ready = ready_twin(twin, replication)
        days.append(counted(lived(ready.drawn, ready.city, ready.rules)))
    return twin, fit_of(facts, facts_counted(facts), days)


def _of_stage(context: Context, city_id: str, stage: Stage) -> LeverSource:
    city = stage.scenario.city
    require_runner(context, country=city.country, city_id=city_id)
    zones = tuple((zone.zone_id, zone.name) for zone in stage.scenario.zones)
    return LeverSource(
        city_id=city_id, country=city.country, cutoff_min=city.cutoff_min, zones=zones, made=stage, fit=None
    )


def _own_file(context: Context, city_id: str) -> ScenarioFile | None:
    root = context.workspace.root
    files = (read_scenario_file(name, workspace=root) for name in sorted(scenario_paths(root)) if name in city_id)
    return next((file for file in files if file.city_id == city_id), None)


def _of_setting(context: Context, city_id: str, name: str) -> Stage:
    root = context.workspace.root
    setting = find_setting(name, workspace=root)
    plan = Plan(
        scenario=name,
        city_id=city_id,
        day=setting.day,
        policies=(setting.policy,),
        roster=OWN_ROSTER,
        is_undisturbed=False,
        replications=1,
        seed=setting.seed,
    )
    roster = changed_riders(setting.riders) if setting.riders else OWN_ROSTER
    return replace(stage_of(plan, workspace=root), arms=(Arm(FIRST, setting.policy, roster),))


def _has_facts(context: Context, city_id: str) -> bool:
    store = open_store(context.workspace)
    return store.has("cities") and context.warehouse.query(queries.city(city_id)).num_rows > 0


def _of_facts(context: Context, city: FactCity, day: date) -> LeverSource:
    require_runner(context, country=city.country, city_id=city.city_id)
    facts = read_twin_facts(context, city, day)
    _require_enough(facts, city, day)
    twin, fit = twin_of(facts, day)
    if not fit.is_near:
        raise FailedCheck(
            Message("Levers can be rehearsed on {city} on {day} only where its simulated twin comes near to the facts. "
                    "Late orders: {late} in the facts, {twin_late} in the twin; lost orders: {lost} and {twin_lost}; "
                    "minutes of lateness a delivery: {minutes} and {twin_minutes}. Choose a day whose facts tell more.",
                    city=city.city_id, day=day,
                    late=f"{fit.late_share[0]:.1%}", twin_late=f"{fit.late_share[1]:.1%}",
                    lost=f"{fit.lost_share[0]:.1%}", twin_lost=f"{fit.lost_share[1]:.1%}",
                    minutes=f"{fit.lateness_min[0]:.1f}", twin_minutes=f"{fit.lateness_min[1]:.1f}")
        )  # fmt: skip
    names = _zone_names(context, city.city_id)
    zones = tuple((zone, names.get(zone, zone)) for zone in twin.made.zone_of)
    return LeverSource(
        city_id=city.city_id, country=city.country, cutoff_min=city.cutoff_min, zones=zones, made=twin, fit=fit
    )


def _require_enough(facts: TwinFacts, city: FactCity, day: date) -> None:
    orders, sessions = len(facts.delivered), len(facts.sessions["on_at"])
    places = ~(np.isnan(facts.at("pickup_latitude")) & np.isnan(facts.at("pickup_x_m")))
    placed, promised = int(places.sum()), int((~np.isnan(facts.at("promised_at"))).sum())
    if orders < FEWEST_ORDERS or sessions < FEWEST_SESSIONS or min(placed, promised) < KNOWN_SHARE * orders:
        raise NotFound(
            Message("To rehearse levers on {city} on {day}, a twin of the day is made from its facts. At least "
                    "{fewest} orders, every second of them with a place of pickup and a promise, and {shifts} riders' "
                    "sessions were expected; found {orders} orders, {placed} places, {promised} promises and "
                    "{sessions} sessions. Load them first.",
                    city=city.city_id, day=day, fewest=FEWEST_ORDERS, shifts=FEWEST_SESSIONS, orders=orders,
                    placed=placed, promised=promised, sessions=sessions)
        )  # fmt: skip


def _zone_names(context: Context, city_id: str) -> Mapping[str, str]:
    if not open_store(context.workspace).has("zones"):
        return {}
    rows = context.warehouse.query(queries.zone_names()).to_pylist()
    return {row["zone_id"]: row["name"] or row["zone_id"] for row in rows if row["city_id"] == city_id}
