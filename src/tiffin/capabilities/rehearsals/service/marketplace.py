"""The demo marketplace made and brought into a workspace: city-days simulated, cities written down, tables filled."""

import os
from collections.abc import Callable, Generator, Iterable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pyarrow as pa

from tiffin.capabilities.facts.service import write_facts
from tiffin.capabilities.facts.service.landing import (
    LandedRows,
    Landing,
    LandingPlace,
    landing_place,
    publish_rows,
)
from tiffin.capabilities.rehearsals.domain.city_facts import CITIES, city_facts
from tiffin.capabilities.rehearsals.domain.city_run import gathered_run
from tiffin.capabilities.rehearsals.domain.day_file import day_of
from tiffin.capabilities.rehearsals.domain.demo import DEMO_SOURCE, Marketplace
from tiffin.capabilities.rehearsals.domain.place_facts import city_columns
from tiffin.capabilities.rehearsals.service.city_days import CityDay, city_days, day_file, lay_down, setting_of
from tiffin.capabilities.rehearsals.service.definitions import read_profiles, read_scenario
from tiffin.capabilities.rehearsals.service.many import simulate_many
from tiffin.capabilities.rehearsals.service.rows import rows_of
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.places import City
from tiffin.runtime.context import Context
from tiffin.runtime.markets import load_markets

Progress = Callable[[float], None]
Simulator = Callable[[Iterable[CityDay], Path], Generator[None]]
"""What simulates city-days, lays each down in a folder (`day_file`), and says so, one after the other."""

SIMULATING, LANDING, PUBLISHING = 0.24, 0.70, 0.06
"""Shares of the time, as measured on a marketplace of two million orders."""


FEW_ORDERS = 400_000
"""A marketplace with fewer orders is made in one process: starting others would take as long as they save."""


@dataclass(frozen=True, slots=True)
class CityTask:
    """A city whose days are simulated, to be written down.

    Parameters
    ----------
    landing : Path
        Where its rows go.
    """

    marketplace: Marketplace
    city_id: str
    city: City
    markets: str
    landing: Path


def fill_tables(
    context: Context, wanted: Marketplace, *, processes: int, simulator: Simulator | None, progress: Progress
) -> dict[str, int]:
    """Make a marketplace and bring it into the tables, which change only once everything is simulated and checked.

    Parameters
    ----------
    simulator : Callable or None
        Where the city-days are simulated; None for the processes of this machine.
    progress : Callable
        Told the share of the work done since the last call.

    Returns
    -------
    dict
        How many rows each table got.

    Raises
    ------
    Forbidden
        The actor may not load facts.
    Unavailable
        A process died; the tables hold what they held before.
    """
    markets = context.workspace.overlay("markets")
    _write_cities(context, wanted, markets)
    with landing_place(context) as place:
        _simulate(simulator or partial(_side_by_side, processes), wanted, markets, place.bench.folder, progress)
        landed: list[LandedRows] = []
        tasks = [
            CityTask(wanted, city_id, place.cities[city_id], str(markets), place.bench.folder)
            for city_id in wanted.cities
        ]
        with closing(simulate_many(land_city, tasks, processes=processes)) as cities:
            for of_city in cities:
                landed += of_city
                progress(LANDING / len(tasks))
        return _published(context, place, landed, progress)


def enough_processes(wanted: Marketplace) -> int:
    """Tell how many processes of this machine a marketplace is worth."""
    profiles = read_profiles()
    a_day = sum(read_scenario(city_id, profiles=profiles).orders_per_day for city_id in wanted.cities)
    return 1 if a_day * wanted.scale * len(wanted.days) < FEW_ORDERS else len(os.sched_getaffinity(0))


def land_city(task: CityTask) -> tuple[LandedRows, ...]:
    """Write down everything that the days of a city left behind."""
    setting = setting_of(task.marketplace, task.city_id, task.markets)
    days = [day_of(day_file(task.landing, task.city_id, one.day).read_bytes()) for one in setting.calendar]
    run = gathered_run(
        setting.scenario, setting.city, setting.calendar, days, parameters=setting.parameters, stream=setting.stream
    )
    facts = dict(city_facts(run, setting.parameters, setting.stream))
    del facts[CITIES]
    landed = []
    cities, markets = {task.city_id: task.city}, load_markets(Path(task.markets))
    with Landing(task.landing, cities, markets, DEMO_SOURCE) as landing:
        # The large tables would not fit side by side in a small machine's memory: each is let go of in turn.
        for table in tuple(facts):
            rows = rows_of(TABLES[table], setting.scenario, facts.pop(table))
            if rows.num_rows:
                landed.append(landing.land(table, rows))
    return tuple(landed)


def _write_cities(context: Context, wanted: Marketplace, markets: Path) -> None:
    settings = [setting_of(wanted, city_id, str(markets)) for city_id in wanted.cities]
    rows = [rows_of(TABLES[CITIES], one.scenario, city_columns(one.scenario)) for one in settings]
    write_facts(context, CITIES, pa.concat_tables(rows).to_reader(), DEMO_SOURCE)


def _simulate(simulator: Simulator, wanted: Marketplace, markets: Path, folder: Path, progress: Progress) -> None:
    tasks = list(city_days(wanted, markets))
    for city_id in wanted.cities:
        day_file(folder, city_id, wanted.days.first).parent.mkdir(parents=True)
    with closing(simulator(tasks, folder)) as days:
        for _ in days:
            progress(SIMULATING / len(tasks))


def _side_by_side(processes: int, tasks: Iterable[CityDay], folder: Path) -> Generator[None]:
    return simulate_many(partial(lay_down, folder), tasks, processes=processes)


def _published(context: Context, place: LandingPlace, landed: list[LandedRows], progress: Progress) -> dict[str, int]:
    total = sum(rows.rows for rows in landed)
    counts: dict[str, int] = {}
    for report in publish_rows(context, place, landed, DEMO_SOURCE):
        counts[report.table] = report.loaded
        progress(PUBLISHING * report.loaded / total)
    return counts
