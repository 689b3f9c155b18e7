"""Rehearsals: the demo marketplace, and simulated days of its cities."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import h3
import numpy as np
import pyarrow as pa

from tiffin.capabilities.facts.service import write_facts
from tiffin.capabilities.rehearsals.domain.city_facts import city_facts
from tiffin.capabilities.rehearsals.domain.city_run import run_city
from tiffin.capabilities.rehearsals.domain.demo import DEMO_CITIES, DEMO_DAYS, DEMO_SEED, DEMO_SOURCE, DemoReport
from tiffin.capabilities.rehearsals.domain.order_facts import Columns
from tiffin.capabilities.rehearsals.domain.scenario import CalendarDay, Profiles, Scenario, ZonePlace, planted_from
from tiffin.engines.simulation.parameters import Parameters
from tiffin.engines.simulation.streams import Stream
from tiffin.kernel.contract import TableContract
from tiffin.kernel.errors import InvalidDefinition, NotFound
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.time import Days
from tiffin.runtime.calendar import city_days, local_columns
from tiffin.runtime.context import Context
from tiffin.runtime.definitions import read_yaml, without_lines
from tiffin.runtime.markets import Market, find_market
from tiffin.runtime.warehouse.columns import arrow_schema
from tiffin.runtime.warehouse.opening import open_store

FOLDER = Path(str(files("tiffin.capabilities.rehearsals")))
CELL_RESOLUTION = 7
STAMP_FILE = "demo.json"
Progress = Callable[[float], None]


def load_demo(context: Context, *, seed: int = DEMO_SEED, progress: Progress | None = None) -> DemoReport:
    """Load the demo marketplace: six cities, two weeks, disruptions planted; a second load changes nothing.

    Parameters
    ----------
    progress : Callable or None
        Told the share of the work done since the last call.
    """
    told = progress or (lambda _share: None)
    stamp = _stamp(seed)
    known = _known_report(context, stamp)
    if known is not None:
        return known
    parameters, profiles = read_parameters(DEMO_DAYS.first), read_profiles()
    gathered: dict[str, list[pa.Table]] = {}
    for city_id in DEMO_CITIES:
        scenario = read_scenario(city_id, overlay=context.workspace.overlay("markets"))
        for table, rows in _simulated(scenario, DEMO_DAYS, profiles, parameters, seed).items():
            gathered.setdefault(table, []).append(rows)
        told(0.4 / len(DEMO_CITIES))
    for table, parts in gathered.items():
        write_facts(context, table, pa.concat_tables(parts).to_reader(), DEMO_SOURCE)
        told(0.6 / len(gathered))
    report = DemoReport(
        seed=seed,
        cities=DEMO_CITIES,
        first_day=DEMO_DAYS.first,
        last_day=DEMO_DAYS.last,
        orders=sum(part.num_rows for part in gathered["orders"]),
        disruptions=sum(part.num_rows for part in gathered["disruptions"]),
        unchanged=False,
    )
    _remember(context, stamp, report)
    return report


def read_parameters(day: date) -> Parameters:
    """Read the simulator's parameters as they hold on a day.

    Raises
    ------
    InvalidDefinition
        A parameter is missing, unknown, or has no value as early as that.
    """
    path = FOLDER / "parameters.yaml"
    entries: Mapping[str, Sequence[Mapping[str, Any]]] = without_lines(read_yaml(path))
    wanted = {field.name for field in fields(Parameters)}
    if set(entries) != wanted:
        odd = ", ".join(sorted(set(entries) ^ wanted))
        raise InvalidDefinition(f"{path} must give every parameter of the simulator and no other; look at: {odd}.")
    return Parameters(**{name: _in_force(path, name, dated, day) for name, dated in entries.items()})


def _in_force(path: Path, name: str, dated: Sequence[Mapping[str, Any]], day: date) -> float:
    known = [entry for entry in dated if entry["since"] <= day]
    if not known:
        raise InvalidDefinition(f"{path}: {name} has no value that holds on {day}. Add one with its date and source.")
    return float(max(known, key=lambda entry: entry["since"])["value"])


def read_profiles() -> Profiles:
    """Read the shapes of a day."""
    document = without_lines(read_yaml(FOLDER / "profiles.yaml"))
    return Profiles(
        *({name: tuple(map(float, row)) for name, row in document[part].items()} for part in ("demand", "traffic"))
    )


def read_scenario(city_id: str, *, overlay: Path | None = None) -> Scenario:
    """Read a demo city.

    Raises
    ------
    NotFound
        There is no such city.
    """
    path = FOLDER / "demo" / f"{city_id}.yaml"
    if not path.is_file():
        raise NotFound(f"A demo city was expected, {city_id!r} was found. There are: {', '.join(DEMO_CITIES)}.")
    entry = without_lines(read_yaml(path))
    market = find_market(entry["country"], overlay)
    if market.demo_city is None or market.demo_city.city_id != city_id:
        raise InvalidDefinition(f"{path}: the market {entry['country']} names another demo city. Mend one of the two.")
    return _scenario(path, entry, market)


def _scenario(path: Path, entry: Mapping[str, Any], market: Market) -> Scenario:
    demo = market.demo_city
    assert demo is not None  # noqa: S101 - the caller looked
    city = market.city(demo.city_id, demo.names["en"], day=DEMO_DAYS.first, timezone=demo.timezone)
    shapes = without_lines(read_yaml(FOLDER / "profiles.yaml"))
    zones = tuple(_zone(zone) for zone in entry["zones"])
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
        categories=shapes["categories"][entry["categories"]],
        median_basket_minor=int(entry["median_basket_minor"]),
        delivery_fee_minor=int(entry["delivery_fee_minor"]),
        price_step_minor=int(entry["price_step_minor"]),
        temperature_mean_c=float(entry["temperature_c"]["mean"]),
        temperature_swing_c=float(entry["temperature_c"]["swing"]),
    )


def _zone(entry: Mapping[str, Any]) -> ZonePlace:
    cell = h3.latlng_to_cell(entry["latitude"], entry["longitude"], CELL_RESOLUTION)
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


def _calendar(scenario: Scenario, days: Days) -> tuple[CalendarDay, ...]:
    return tuple(
        CalendarDay(
            day=row["business_date"],
            is_weekend=row["is_weekend"],
            is_ramadan=row["is_ramadan"],
            is_holiday=row["holiday"] is not None,
        )
        for row in city_days(scenario.city, days).to_pylist()
    )


def _simulated(
    scenario: Scenario, days: Days, profiles: Profiles, parameters: Parameters, seed: int
) -> Mapping[str, pa.Table]:
    stream = Stream.of_seed(seed).child(scenario.city.city_id)
    run = run_city(scenario, _calendar(scenario, days), profiles=profiles, parameters=parameters, stream=stream)
    tables = {
        name: _arrow(TABLES[name], scenario, columns) for name, columns in city_facts(run, parameters, stream).items()
    }
    return tables


def _arrow(contract: TableContract, scenario: Scenario, columns: Columns) -> pa.Table:
    """Make the rows of a table from its columns; what has one value has it on every row."""
    schema = arrow_schema(contract)
    rows = max(len(values) for values in columns.values() if not isinstance(values, str))
    given = {"city_id": scenario.city.city_id, "source": DEMO_SOURCE, **columns}
    made = {name: _column(values, schema.field(name).type, rows) for name, values in given.items()}
    derived = set(contract.derived_columns) - set(made)
    if derived:
        event = next(made[name] for name in contract.event_at if name in made)
        local = local_columns(event, made["city_id"], {scenario.city.city_id: scenario.city})
        made |= {name: local[name] for name in derived if name in local}
    kept = [field for field in schema if field.name in made]
    return pa.table([made[field.name].cast(field.type) for field in kept], schema=pa.schema(kept))


def _column(values: Any, kind: pa.DataType, rows: int) -> pa.Array:
    if isinstance(values, str):
        return pa.repeat(pa.scalar(values, kind), rows)
    if isinstance(values, np.ndarray) and values.dtype.kind == "M":
        return pa.array(values).cast(kind)
    return pa.array(values, kind)


def _stamp(seed: int) -> str:
    """Name the demo by everything that it is made from: the seed, the definitions and the code that reads them."""
    digest = hashlib.sha256(str(seed).encode())
    engine = Path(str(files("tiffin.engines.simulation")))
    for path in sorted([*FOLDER.rglob("*.yaml"), *FOLDER.glob("domain/*.py"), *engine.glob("*.py")]):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def _known_report(context: Context, stamp: str) -> DemoReport | None:
    path = context.workspace.state / STAMP_FILE
    if not path.is_file() or not open_store(context.workspace).has("orders"):
        return None
    known = json.loads(path.read_text(encoding="utf-8"))
    if known.pop("stamp", None) != stamp:
        return None
    return DemoReport(
        **{
            **known,
            "cities": tuple(known["cities"]),
            "first_day": date.fromisoformat(known["first_day"]),
            "last_day": date.fromisoformat(known["last_day"]),
            "unchanged": True,
        }
    )


def _remember(context: Context, stamp: str, report: DemoReport) -> None:
    content = {field.name: getattr(report, field.name) for field in fields(report) if field.name != "unchanged"}
    path = context.workspace.state / STAMP_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"stamp": stamp, **content}, default=str), encoding="utf-8")
