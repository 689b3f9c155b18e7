"""Speed of simulated city days, beside the same loop as plain Python over plain objects in the same run.

Usage: ``python benchmarks/city_days.py``. Times are seconds of CPU; a day has about 3,000 orders.
"""

import importlib
import sys
import time
from collections.abc import Callable
from datetime import date
from statistics import median
from types import ModuleType, SimpleNamespace
from typing import Any

import numba
import numpy as np
from simulation_reading import told

from tiffin.capabilities.rehearsals.domain.city_run import day_plan, made_city
from tiffin.capabilities.rehearsals.service.definitions import (
    calendar_days,
    read_parameters,
    read_profiles,
    read_scenario,
)
from tiffin.engines.simulation.city_day import DayPlan, SimulatedDay, rules_of, simulate
from tiffin.engines.simulation.day import morning, until_evening
from tiffin.engines.simulation.dispatchers import CITY_DISPATCHERS
from tiffin.engines.simulation.streams import Stream
from tiffin.engines.simulation.world import EVENTS, World
from tiffin.kernel.time import Days

PACKAGE = "tiffin.engines.simulation"
CITY, DAY = "riyadh", date(2026, 2, 24)
ORDERS = 3000.0
ROUNDS = 30
LOOP_MS = 10.0
MILLION = 1e6


def main() -> None:
    """Print each figure beside its target."""
    city, plan, parameters, stream = _a_city_day()
    for policy in CITY_DISPATCHERS:
        chosen = DayPlan(**{name: getattr(plan, name) for name in plan.__slots__} | {"policy": policy})
        day = simulate(city, chosen, parameters, stream)

        def begun(day: SimulatedDay = day, policy: str = policy) -> World:
            return morning(
                orders=day.orders,
                merchants=city.merchants,
                sessions=day.sessions,
                factors=day.factors,
                near=city.near,
                rules=rules_of(parameters, policy),
            )

        loop_s = [_cpu_s(until_evening, begun()) for _ in range(ROUNDS)]
        whole_s = [_cpu_s(simulate, city, chosen, parameters, stream) for _ in range(ROUNDS)]
        events = until_evening(begun()).events
        plain_s, plain_events = _plainly(begun())
        if plain_events != events:
            raise SystemExit(f"{policy}: plain Python handled {plain_events} events, compiled code {events}.")
        print(f"{policy}: {len(day.orders)} orders, {len(day.sessions)} riders, {events} events")
        told(f"{policy}, loop, median", 1e3 * median(loop_s), "ms a day", most=LOOP_MS)
        told(f"{policy}, loop, median", events / median(loop_s) / MILLION, "million events a second")
        told(f"{policy}, loop against plain Python", plain_s / median(loop_s), "times as fast")
        told(f"{policy}, drawn and run, median", 1.0 / median(whole_s), "days a second")


def _a_city_day() -> tuple[Any, DayPlan, Any, Stream]:
    profiles, parameters = read_profiles(), read_parameters(DAY)
    scenario = read_scenario(CITY, profiles=profiles)
    stream = Stream.of_seed(7)
    (calendar,) = calendar_days(scenario, Days(DAY, DAY))
    plan = day_plan(scenario, calendar, profiles)
    scaled = DayPlan(**{name: getattr(plan, name) for name in plan.__slots__} | {"orders": ORDERS})
    return made_city(scenario, parameters, stream), scaled, parameters, stream


def _cpu_s(work: Callable[..., object], *arguments: object) -> float:
    started = time.process_time()
    work(*arguments)
    return time.process_time() - started


def _plainly(world: World) -> tuple[float, int]:
    """Run the loop's own source as plain Python, records as objects with attributes; tell its time and events."""
    plain = World(**{name: _objects(part) for name, part in world._asdict().items()})
    kept = {name: sys.modules.pop(name) for name in list(sys.modules) if name.startswith(PACKAGE)}
    compiled, numba.config.DISABLE_JIT = numba.config.DISABLE_JIT, True
    try:
        loop: ModuleType = importlib.import_module(f"{PACKAGE}.day")
        return _cpu_s(loop.run_until, plain, loop.END_OF_TIME), int(plain.counts[EVENTS])
    finally:
        numba.config.DISABLE_JIT = compiled
        for name in [name for name in sys.modules if name.startswith(PACKAGE)]:
            del sys.modules[name]
        sys.modules.update(kept)


def _objects(part: Any) -> Any:
    """Make lists of plain numbers and objects of arrays with one axis; tables with two stay what they are."""
    if not isinstance(part, np.ndarray) or part.ndim != 1:
        return part
    if part.dtype.names is None:
        return part.tolist()
    return [SimpleNamespace(**dict(zip(part.dtype.names, row, strict=True))) for row in part.tolist()]


if __name__ == "__main__":
    main()
