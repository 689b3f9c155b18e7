"""One city-day of a demo marketplace: the task of one process, or of one machine among many."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from tiffin.capabilities.rehearsals.domain.city_run import made_city, simulated_day
from tiffin.capabilities.rehearsals.domain.day_file import day_bytes
from tiffin.capabilities.rehearsals.domain.demo import Marketplace, scaled
from tiffin.capabilities.rehearsals.domain.scenario import CalendarDay, Profiles, Scenario
from tiffin.capabilities.rehearsals.service.definitions import (
    FOLDER,
    calendar_days,
    read_parameters,
    read_profiles,
    read_scenario,
    with_drawn,
)
from tiffin.engines.simulation.city import City
from tiffin.engines.simulation.parameters import Parameters
from tiffin.engines.simulation.streams import Stream
from tiffin.kernel.errors import Conflict
from tiffin.runtime.markets import MARKETS_FOLDER

KEPT = 4
"""Cities that a process keeps ready."""


@dataclass(frozen=True, slots=True)
class CityDay:
    """A day of a city of a marketplace.

    Parameters
    ----------
    markets : str
        Folder of the workspace's own markets.
    """

    marketplace: Marketplace
    city_id: str
    day: date
    markets: str


@dataclass(frozen=True, slots=True)
class Setting:
    """A city of a marketplace, ready to be simulated."""

    scenario: Scenario
    city: City
    calendar: tuple[CalendarDay, ...]
    profiles: Profiles
    parameters: Parameters
    stream: Stream


def city_days(marketplace: Marketplace, markets: Path) -> Iterator[CityDay]:
    """List the city-days of a marketplace, city by city."""
    for city_id in marketplace.cities:
        for number in range(len(marketplace.days)):
            yield CityDay(marketplace, city_id, marketplace.days.first + timedelta(days=number), str(markets))


@lru_cache(maxsize=KEPT)
def setting_of(marketplace: Marketplace, city_id: str, markets: str) -> Setting:
    """Make a city of a marketplace ready."""
    days = marketplace.days
    profiles, parameters = read_profiles(), read_parameters(days.first)
    stream = Stream.of_seed(marketplace.seed).child(city_id)
    scenario = scaled(read_scenario(city_id, profiles=profiles, overlay=Path(markets)), marketplace.scale)
    scenario = with_drawn(scenario, days, profiles=profiles, stream=stream)
    city = made_city(scenario, parameters, stream)
    return Setting(scenario, city, calendar_days(scenario, days), profiles, parameters, stream)


def simulate_city_day(task: CityDay) -> bytes:
    """Simulate one city-day, as bytes: the same wherever it is done."""
    setting = setting_of(task.marketplace, task.city_id, task.markets)
    (day,) = (one for one in setting.calendar if one.day == task.day)
    simulated = simulated_day(
        setting.scenario,
        setting.city,
        day,
        profiles=setting.profiles,
        parameters=setting.parameters,
        stream=setting.stream,
    )
    return day_bytes(simulated)


def simulate_numbered(tasks: Sequence[CityDay], code: str, number: int) -> bytes:
    """Simulate one of many city-days, on a machine that has to have the same code.

    Raises
    ------
    Conflict
        The machine would make another day of it.
    """
    if code != code_digest():
        raise Conflict(
            "The same version of Tiffin was expected here and on the workers of the Spark Connect server; theirs is "
            "another one. Install this one there, or leave the simulation to this machine."
        )
    return simulate_city_day(tasks[number])


@lru_cache(maxsize=1)
def code_digest() -> str:
    """Name the definitions and the code that simulated days follow from."""
    digest = hashlib.sha256()
    engine = Path(str(files("tiffin.engines.simulation")))
    definitions = [*FOLDER.glob("*.yaml"), *FOLDER.glob("demo/*.yaml"), *MARKETS_FOLDER.glob("*.yaml")]
    for path in sorted([*definitions, *FOLDER.glob("*/*.py"), *engine.rglob("*.py")]):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def lay_down(folder: Path, task: CityDay) -> None:
    """Simulate one city-day into its file below a folder."""
    day_file(folder, task.city_id, task.day).write_bytes(simulate_city_day(task))


def day_file(folder: Path, city_id: str, day: date) -> Path:
    """Name the file of a city-day."""
    return folder / "days" / city_id / f"{day}.day"
