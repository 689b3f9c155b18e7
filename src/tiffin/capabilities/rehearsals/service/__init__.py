"""Rehearsals: the demo marketplace and simulated days of its cities."""

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from importlib.resources import files
from pathlib import Path

import pyarrow as pa

from tiffin.capabilities.facts.service import write_facts
from tiffin.capabilities.rehearsals.domain.city_facts import city_facts
from tiffin.capabilities.rehearsals.domain.city_run import run_city
from tiffin.capabilities.rehearsals.domain.demo import DEMO_CITIES, DEMO_DAYS, DEMO_SEED, DEMO_SOURCE, DemoReport
from tiffin.capabilities.rehearsals.domain.figures import DayFigures, day_figures
from tiffin.capabilities.rehearsals.domain.scenario import Planted, Scenario, undisturbed
from tiffin.capabilities.rehearsals.service.definitions import (
    FOLDER,
    calendar_days,
    read_parameters,
    read_profiles,
    read_scenario,
)
from tiffin.capabilities.rehearsals.service.rows import rows_of
from tiffin.engines.simulation.streams import Stream
from tiffin.kernel.errors import FailedCheck
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.time import Days
from tiffin.runtime.context import Context
from tiffin.runtime.warehouse.opening import open_store

STAMP_FILE = "demo.json"
UNFINISHED_FILE = "demo.unfinished"
SIMULATING_SHARE = 0.4
Progress = Callable[[float], None]


def load_demo(
    context: Context,
    *,
    seed: int = DEMO_SEED,
    cities: tuple[str, ...] = DEMO_CITIES,
    progress: Progress | None = None,
) -> DemoReport:
    """Load the demo marketplace: six cities, two weeks, disruptions planted; a second load changes nothing.

    Parameters
    ----------
    cities : tuple of str
        Demo cities to load.
    progress : Callable or None
        Told the share of the work done since the last call.

    Raises
    ------
    Forbidden
        The actor may not load facts.
    """
    stamp = _stamp(seed, cities)
    known = _known_report(context, stamp)
    if known is not None:
        return known
    told = progress or (lambda _share: None)
    # Should the process die half-way, this file tells the next one to begin again.
    unfinished = context.workspace.state / UNFINISHED_FILE
    unfinished.parent.mkdir(parents=True, exist_ok=True)
    unfinished.touch()
    gathered = _simulated_cities(context, cities, seed, told)
    for table, rows in gathered.items():
        _write(context, table, rows)
        told((1 - SIMULATING_SHARE) / len(gathered))
    report = DemoReport(
        seed=seed,
        cities=cities,
        first_day=DEMO_DAYS.first,
        last_day=DEMO_DAYS.last,
        orders=gathered["orders"].num_rows,
        disruptions=gathered["disruptions"].num_rows,
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
    scenario = read_scenario(city_id, profiles=profiles, overlay=overlay)
    scenario = scenario if disturbed else undisturbed(scenario)
    stream = Stream.of_seed(seed).child(city_id)
    calendar = calendar_days(scenario, Days(day, day))
    run = run_city(scenario, calendar, profiles=profiles, parameters=parameters, stream=stream)
    return day_figures(run, seed=seed, cpu_s=time.process_time() - started)


def planted_disruptions() -> Mapping[str, tuple[Planted, ...]]:
    """List what is planted in each demo city."""
    profiles = read_profiles()
    return {city_id: read_scenario(city_id, profiles=profiles).planted for city_id in DEMO_CITIES}


def _simulated_cities(context: Context, cities: tuple[str, ...], seed: int, told: Progress) -> Mapping[str, pa.Table]:
    profiles, overlay = read_profiles(), context.workspace.overlay("markets")
    gathered: dict[str, list[pa.Table]] = {}
    for city_id in cities:
        scenario = read_scenario(city_id, profiles=profiles, overlay=overlay)
        for table, rows in simulated_tables(scenario, DEMO_DAYS, seed=seed).items():
            gathered.setdefault(table, []).append(rows)
        told(SIMULATING_SHARE / len(cities))
    return {table: pa.concat_tables(parts) for table, parts in gathered.items()}


def _write(context: Context, table: str, rows: pa.Table) -> None:
    report = write_facts(context, table, rows.to_reader(), DEMO_SOURCE)
    if report.loaded != rows.num_rows:
        raise FailedCheck(
            f"All {rows.num_rows} simulated rows of {table} were expected to keep the contract, {report.loaded} did: "
            f"see quarantine_{table} for the others and mend the simulator."
        )


def _stamp(seed: int, cities: tuple[str, ...]) -> str:
    """Name the demo by everything that it is made from: seed, cities, definitions, and the code that reads them."""
    digest = hashlib.sha256(f"{seed} {cities}".encode())
    engine = Path(str(files("tiffin.engines.simulation")))
    made_from = [*FOLDER.glob("*.yaml"), *FOLDER.glob("demo/*.yaml"), *FOLDER.glob("*/*.py"), *engine.glob("*.py")]
    for path in sorted(made_from):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


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
