"""The definitions of rehearsals, read: parameters in force on a day, shapes of a day, demo cities."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import h3

from tiffin.capabilities.rehearsals.domain.demo import ALL_CITIES, DEMO_DAYS
from tiffin.capabilities.rehearsals.domain.drawn import Habits, KindHabit, drawn_disruptions
from tiffin.capabilities.rehearsals.domain.planting import EVERYWHERE, planted_from
from tiffin.capabilities.rehearsals.domain.scenario import (
    CalendarDay,
    Profiles,
    Scenario,
    ZonePlace,
)
from tiffin.engines.simulation.disruptions import Kind
from tiffin.engines.simulation.levers import LeverParameters
from tiffin.engines.simulation.parameters import Parameters
from tiffin.engines.simulation.streams import Stream
from tiffin.kernel.errors import InvalidDefinition, NotFound
from tiffin.kernel.time import Days
from tiffin.runtime.calendar import city_days
from tiffin.runtime.definitions import read_yaml, without_lines
from tiffin.runtime.markets import DemoCity, Market, find_market

FOLDER = Path(str(files("tiffin.capabilities.rehearsals")))
PARAMETERS_FILE = FOLDER / "parameters.yaml"
LEVERS_FILE = FOLDER / "levers.yaml"
HABITS_FILE = FOLDER / "planting.yaml"
PROFILES_FILE = FOLDER / "profiles.yaml"
DEMO_FOLDER = FOLDER / "demo"


def read_parameters(day: date, path: Path = PARAMETERS_FILE) -> Parameters:
    """Read the simulator's parameters as they hold on a day.

    Raises
    ------
    InvalidDefinition
        A parameter is missing, unknown, or has no value as early as that.
    """
    return Parameters(**_dated(path, {field.name for field in fields(Parameters)}, day))


def read_lever_parameters(day: date, path: Path = LEVERS_FILE) -> LeverParameters:
    """Read what people do when levers are pulled, as it holds on a day.

    Raises
    ------
    InvalidDefinition
        A parameter is missing, unknown, or has no value as early as that.
    """
    return LeverParameters(**_dated(path, {field.name for field in fields(LeverParameters)}, day))


def _dated(path: Path, wanted: set[str], day: date) -> Mapping[str, float]:
    entries: Mapping[str, Sequence[Mapping[str, Any]]] = without_lines(read_yaml(path))
    if set(entries) != wanted:
        odd = ", ".join(sorted(set(entries) ^ wanted))
        raise InvalidDefinition(f"{path} must give every parameter of the simulator and no other; look at: {odd}.")
    return {name: _in_force(path, name, dated, day) for name, dated in entries.items()}


def _in_force(path: Path, name: str, dated: Sequence[Mapping[str, Any]], day: date) -> float:
    known = [entry for entry in dated if entry["since"] <= day]
    if not known:
        raise InvalidDefinition(f"{path}: {name} has no value that holds on {day}. Add one with its date and source.")
    return float(max(known, key=lambda entry: entry["since"])["value"])


def read_profiles() -> Profiles:
    """Read the shapes of a day."""
    document = without_lines(read_yaml(PROFILES_FILE))
    demand, traffic = (
        {name: tuple(float(value) for value in row) for name, row in document[part].items()}
        for part in ("demand", "traffic")
    )
    return Profiles(demand, traffic, document["categories"])


def read_scenario(city_id: str, *, profiles: Profiles, overlay: Path | None = None) -> Scenario:
    """Read a demo city.

    Parameters
    ----------
    overlay : Path or None
        The workspace's own markets.

    Raises
    ------
    NotFound
        There is no such city.
    InvalidDefinition
        Its file contradicts its market, or plants something impossible.
    """
    path = DEMO_FOLDER / f"{city_id}.yaml"
    if city_id not in ALL_CITIES:
        raise NotFound(f"A demo city was expected, {city_id!r} was found. There are: {', '.join(ALL_CITIES)}.")
    entry = without_lines(read_yaml(path))
    market = find_market(entry["country"], overlay)
    return _scenario(path, entry, market, _place(path, entry, market), profiles)


def read_habits() -> Habits:
    """Read what is planted where nobody wrote it down."""
    document = without_lines(read_yaml(HABITS_FILE))
    return Habits(
        share=float(document["share"]),
        half_hours=tuple(document["half_hours"]),
        kinds={
            Kind(name): KindHabit(
                share=float(habit["share"]),
                strength=tuple(habit["strength"]),
                zones=None if habit["zones"] == EVERYWHERE else int(habit["zones"]),
            )
            for name, habit in document["kinds"].items()
        },
    )


def with_drawn(scenario: Scenario, days: Days, *, profiles: Profiles, stream: Stream) -> Scenario:
    """Plant disruptions in the days of which the city's own file says nothing: those outside of the demo's."""
    others = [day for day in calendar_days(scenario, days) if day.day not in DEMO_DAYS]
    drawn = drawn_disruptions(scenario, others, habits=read_habits(), profiles=profiles, stream=stream)
    return replace(scenario, planted=(*scenario.planted, *drawn))


def calendar_days(scenario: Scenario, days: Days) -> tuple[CalendarDay, ...]:
    """Give the business days of a scenario's city as its calendar sees them."""
    return tuple(
        CalendarDay(
            day=row["business_date"],
            is_weekend=row["is_weekend"],
            is_ramadan=row["is_ramadan"],
            is_holiday=row["holiday"] is not None,
        )
        for row in city_days(scenario.city, days).to_pylist()
    )


def _place(path: Path, entry: Mapping[str, Any], market: Market) -> DemoCity:
    """Tell where a city lies: as its file says, or as its market does."""
    stated = entry.get("place")
    if stated is not None:
        others = {name: value for name, value in stated.items() if name != "name"}
        return DemoCity(city_id=path.stem, names={"en": stated["name"]}, **others)
    if market.demo_city is None or market.demo_city.city_id != path.stem:
        raise InvalidDefinition(f"{path}: the market {market.country} names another demo city. Mend one of the two.")
    return market.demo_city


def _scenario(path: Path, entry: Mapping[str, Any], market: Market, demo: DemoCity, profiles: Profiles) -> Scenario:
    city = market.city(demo.city_id, demo.names["en"], day=DEMO_DAYS.first, timezone=demo.timezone)
    zones = tuple(_zone(zone, demo.h3_resolution) for zone in entry["zones"])
    by_name = {zone.name: zone.zone_id for zone in zones}
    return Scenario(
        city=city,
        latitude=demo.latitude,
        longitude=demo.longitude,
        zones=zones,
        planted=tuple(
            planted_from(one, zone_ids=by_name, cutoff_min=city.cutoff_min, where=str(path))
            for one in entry["disruptions"]
        ),
        orders_per_day=float(entry["orders_per_day"]),
        merchants=int(entry["merchants"]),
        week=entry["week"],
        traffic=entry["traffic"],
        ramadan_factor=float(entry["ramadan_factor"]),
        weekend_factor=float(entry["weekend_factor"]),
        holiday_factor=float(entry["holiday_factor"]),
        vehicles=entry["vehicles"],
        categories=profiles.categories[entry["categories"]],
        median_basket_minor=int(entry["median_basket_minor"]),
        delivery_fee_minor=int(entry["delivery_fee_minor"]),
        price_step_minor=int(entry["price_step_minor"]),
        temperature_mean_c=float(entry["temperature_c"]["mean"]),
        temperature_swing_c=float(entry["temperature_c"]["swing"]),
    )


def _zone(entry: Mapping[str, Any], resolution: int) -> ZonePlace:
    cell = h3.latlng_to_cell(entry["latitude"], entry["longitude"], resolution)
    latitude, longitude = h3.cell_to_latlng(cell)
    ring = [[round(lng, 6), round(lat, 6)] for lat, lng in h3.cell_to_boundary(cell)]
    return ZonePlace(
        zone_id=_slug(entry["name"]),
        name=entry["name"],
        latitude=round(latitude, 6),
        longitude=round(longitude, 6),
        cell=cell,
        polygon=json.dumps({"type": "Polygon", "coordinates": [[*ring, ring[0]]]}),
        weight=float(entry["weight"]),
        district=int(entry.get("district", 0)),
    )


def _slug(name: str) -> str:
    plain = name.lower().translate(str.maketrans("ãâáàçéêíóôõú", "aaaaceeiooou"))
    return plain.replace(" ", "-")
