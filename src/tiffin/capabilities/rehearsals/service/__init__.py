"""Rehearsals: the demo marketplace and simulated days of its cities."""

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from pathlib import Path

import pyarrow as pa

from tiffin.capabilities.rehearsals.domain.city_facts import city_facts
from tiffin.capabilities.rehearsals.domain.city_run import run_city
from tiffin.capabilities.rehearsals.domain.demo import DEMO_CITIES, DEMO_SEED, DemoReport, Marketplace
from tiffin.capabilities.rehearsals.domain.figures import DayFigures, day_figures
from tiffin.capabilities.rehearsals.domain.scenario import Scenario, undisturbed
from tiffin.capabilities.rehearsals.service.city_days import code_digest
from tiffin.capabilities.rehearsals.service.definitions import (
    calendar_days,
    read_parameters,
    read_profiles,
    read_scenario,
    with_drawn,
)
from tiffin.capabilities.rehearsals.service.marketplace import Progress, Simulator, enough_processes, fill_tables
from tiffin.capabilities.rehearsals.service.rows import rows_of
from tiffin.engines.simulation.streams import Stream
from tiffin.kernel.errors import Conflict
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.time import Days
from tiffin.runtime.context import Context
from tiffin.runtime.warehouse.opening import open_store

STAMP_FILE = "demo.json"
UNFINISHED_FILE = "demo.unfinished"


def load_demo(
    context: Context,
    *,
    seed: int = DEMO_SEED,
    cities: tuple[str, ...] = DEMO_CITIES,
    progress: Progress | None = None,
) -> DemoReport:
    """Load the demo marketplace as it comes: six cities, two weeks, disruptions planted; see `load_marketplace`."""
    return load_marketplace(context, Marketplace(seed=seed, cities=cities), progress=progress)


def load_marketplace(
    context: Context,
    wanted: Marketplace,
    *,
    processes: int | None = None,
    simulator: Simulator | None = None,
    progress: Progress | None = None,
) -> DemoReport:
    """Load a demo marketplace; a second load of the same one changes nothing.

    Parameters
    ----------
    processes : int or None
        How many processes work at once; None for one a core, or for this one alone where there is little to do.
    simulator : Callable or None
        Where the city-days are simulated, such as `simulate_on_spark`; None for the processes of this machine.
    progress : Callable or None
        Told the share of the work done since the last call.

    Raises
    ------
    Forbidden
        The actor may not load facts.
    Conflict
        The workspace holds a demo of another seed, size or span, of which some rows would stay.
    Unavailable
        A process died; the next load begins again.
    """
    stamp = _stamp(wanted)
    known = _known_report(context, stamp)
    if known is not None:
        return known
    _refuse_another(context, wanted)
    # Should the process die half-way, this file tells the next one to begin again.
    unfinished = context.workspace.state / UNFINISHED_FILE
    unfinished.parent.mkdir(parents=True, exist_ok=True)
    unfinished.touch()
    counts = fill_tables(
        context,
        wanted,
        processes=processes or enough_processes(wanted),
        simulator=simulator,
        progress=progress or (lambda _share: None),
    )
    report = DemoReport(
        seed=wanted.seed,
        scale=wanted.scale,
        cities=wanted.cities,
        first_day=wanted.days.first,
        last_day=wanted.days.last,
        orders=counts["orders"],
        disruptions=counts.get("disruptions", 0),
        unchanged=False,
    )
    _remember(context, stamp, report)
    unfinished.unlink()
    return report


def simulated_tables(scenario: Scenario, days: Days, *, seed: int) -> Mapping[str, pa.Table]:
    """Simulate a city over days and give its facts by table; the same seed gives the same bytes."""
    parameters, profiles = read_parameters(days.first), read_profiles()
    stream = Stream.of_seed(seed).child(scenario.city.city_id)
    calendar = calendar_days(scenario, days)
    run = run_city(scenario, calendar, profiles=profiles, parameters=parameters, stream=stream)
    facts = city_facts(run, parameters, stream)
    return {name: rows_of(TABLES[name], scenario, columns) for name, columns in facts.items()}


def simulate_day(
    city_id: str, day: date, *, seed: int = DEMO_SEED, disturbed: bool, workspace: Path | None = None
) -> DayFigures:
    """Simulate one day of a demo city and measure it.

    Parameters
    ----------
    disturbed : bool
        Whether what is planted that day happens; without it, every other chance of the day stays the same.
    workspace : Path or None
        Workspace whose own markets replace the shipped ones; its facts are neither read nor written.

    Raises
    ------
    NotFound
        There is no such demo city.
    """
    started = time.process_time()
    parameters, profiles = read_parameters(day), read_profiles()
    overlay = workspace / "markets" if workspace else None
    stream, days = Stream.of_seed(seed).child(city_id), Days(day, day)
    scenario = read_scenario(city_id, profiles=profiles, overlay=overlay)
    scenario = with_drawn(scenario, days, profiles=profiles, stream=stream) if disturbed else undisturbed(scenario)
    calendar = calendar_days(scenario, days)
    run = run_city(scenario, calendar, profiles=profiles, parameters=parameters, stream=stream)
    return day_figures(run, seed=seed, cpu_s=time.process_time() - started)


def _stamp(wanted: Marketplace) -> str:
    """Name a demo by everything that it is made from: what is wanted, definitions, and the code that reads them."""
    return hashlib.sha256(f"{wanted!r} {code_digest()}".encode()).hexdigest()


def _refuse_another(context: Context, wanted: Marketplace) -> None:
    """Refuse to mix two demos: the orders of a smaller one would stand between those of a larger one."""
    path = context.workspace.state / STAMP_FILE
    if not path.is_file() or not open_store(context.workspace).has("orders"):
        return
    known = json.loads(path.read_text(encoding="utf-8"))
    stated = (wanted.seed, wanted.scale, str(wanted.days.first), str(wanted.days.last))
    found = (known["seed"], known.get("scale", 1.0), known["first_day"], known["last_day"])
    if stated != found:
        raise Conflict(
            f"A workspace without a demo was expected, or one with seed {stated[0]}, scale {stated[1]} and the days "
            f"from {stated[2]} to {stated[3]}. This one has a demo with seed {found[0]}, scale {found[1]} and the days "
            f"from {found[2]} to {found[3]}. Load the other one into a workspace of its own: `tiffin init FOLDER`."
        )


def _known_report(context: Context, stamp: str) -> DemoReport | None:
    path = context.workspace.state / STAMP_FILE
    if not path.is_file() or not open_store(context.workspace).has("disruptions"):
        return None
    known = json.loads(path.read_text(encoding="utf-8"))
    if known.pop("stamp", None) != stamp:
        return None
    days = {name: date.fromisoformat(known[name]) for name in ("first_day", "last_day")}
    return DemoReport(**{**known, **days, "cities": tuple(known["cities"]), "unchanged": True})


def _remember(context: Context, stamp: str, report: DemoReport) -> None:
    content = {field.name: getattr(report, field.name) for field in fields(report) if field.name != "unchanged"}
    path = context.workspace.state / STAMP_FILE
    path.write_text(json.dumps({"stamp": stamp, **content}, default=str), encoding="utf-8")
