"""Simulated cities with an incident on some of their days, and the truth of each incident, kept on disk when asked.

The truth is each order's time beside the same order's in the same day without the incident, on the same random
numbers. It never goes into the facts.
"""

import pickle
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from planted_kinds import INCIDENTS, Place

from tiffin.capabilities.facts.service import write_facts
from tiffin.capabilities.rehearsals.domain.city_facts import city_facts
from tiffin.capabilities.rehearsals.domain.city_run import day_plan, gathered_run, made_city
from tiffin.capabilities.rehearsals.domain.demo import ALL_CITIES, DEMO_SOURCE, scaled
from tiffin.capabilities.rehearsals.domain.scenario import Scenario, undisturbed
from tiffin.capabilities.rehearsals.service.definitions import (
    calendar_days,
    read_parameters,
    read_profiles,
    read_scenario,
)
from tiffin.capabilities.rehearsals.service.rows import rows_of
from tiffin.engines.simulation.city_day import DayPlan, SimulatedDay, simulate
from tiffin.engines.simulation.disruptions import Disruption
from tiffin.engines.simulation.streams import Stream
from tiffin.engines.simulation.tables import SLOT_S, SLOTS, Status
from tiffin.engines.simulation.truth.worlds import LOST, STAGES, Worlds, measure
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.time import Days
from tiffin.runtime.context import Context

FIRST, WEEKS, CALM_WEEKS = date(2026, 4, 6), 8, 4
READ = ("cities", "zones", "orders", "marketplace_slots", "rider_sessions", "weather", "refunds")
"""Tables that a diagnosis reads."""
LOST_MIN = 60.0
COUNTED = (Status.NO_RIDER, Status.MERCHANT_CANCELLED, Status.CUSTOMER_CANCELLED)
ORDERS_A_DAY = 1600.0
MINUTE_S = 60.0

Cells = Mapping[tuple[str, int], float]
"""Minutes by zone and local hour."""


@dataclass(frozen=True, slots=True)
class Struck:
    """An incident of a day with its truth by zone and local hour.

    Parameters
    ----------
    minutes : mapping of (zone, hour) to float
        Minutes that it took of the orders placed there, lost ones weighed in.
    expected : mapping of (zone, hour) to float
        The same on the mean over other lucks of the day; empty where none was simulated.
    """

    city_id: str
    day: date
    kind: str
    cells: frozenset[tuple[str, int]]
    minutes: Cells
    expected: Cells


@dataclass(frozen=True, slots=True)
class Stretch:
    """What became of a city's eight weeks: the days with an incident, and the quiet ones to judge."""

    struck: tuple[Struck, ...]
    quiet: tuple[date, ...]


class SimulatedCity:
    """A city of the demo under a name of its own, and its days.

    Parameters
    ----------
    lucks : int
        In how many other lucks each incident is simulated as well.
    """

    def __init__(self, number: int, *, seed: int, lucks: int) -> None:
        name = ALL_CITIES[number % len(ALL_CITIES)]
        read = undisturbed(read_scenario(name, profiles=read_profiles()))
        sized = scaled(read, ORDERS_A_DAY / read.orders_per_day)
        self.scenario: Scenario = replace(sized, city=replace(sized.city, city_id=f"planted-{number:02}-{name}"))
        self.days = Days(FIRST, FIRST + timedelta(weeks=WEEKS) - timedelta(days=1))
        self.lucks = lucks
        self.rng = np.random.default_rng([seed, number])
        self.profiles, self.parameters = read_profiles(), read_parameters(FIRST)
        self.stream = Stream.of_seed(seed).child(self.scenario.city.city_id)
        self.city = made_city(self.scenario, self.parameters, self.stream)

    @property
    def city_id(self) -> str:
        """Its identifier."""
        return self.scenario.city.city_id

    def run(self, kinds: Sequence[str]) -> tuple[Stretch, Mapping[str, Any]]:
        """Simulate the days with incidents on some: what to judge, and the facts of all."""
        calendar = calendar_days(self.scenario, self.days)
        later = self.rng.permutation(np.arange(CALM_WEEKS * 7, len(calendar))).tolist()
        chosen = dict(zip(later, kinds, strict=False))
        simulated, struck = [], []
        for number, day in enumerate(calendar):
            of_day = self.stream.child("day", day.day.isoformat())
            plan = day_plan(self.scenario, day, self.profiles)
            if number in chosen:
                cutoff_h = self.scenario.city.cutoff_min / 60.0
                planted = INCIDENTS[chosen[number]].plant(Place(self.city, cutoff_h, self.rng))
                plan = replace(plan, disruptions=(planted,))
            result = simulate(self.city, plan, self.parameters, of_day)
            if plan.disruptions:
                struck.append(self._struck(day.day, chosen[number], plan, result, of_day))
            simulated.append(result)
        run = gathered_run(
            self.scenario, self.city, calendar, simulated, parameters=self.parameters, stream=self.stream
        )
        later_days = enumerate(calendar[CALM_WEEKS * 7 :], CALM_WEEKS * 7)
        quiet = tuple(day.day for number, day in later_days if number not in chosen)
        return Stretch(tuple(struck), quiet), city_facts(run, self.parameters, self.stream)

    def _struck(self, day: date, kind: str, plan: DayPlan, result: SimulatedDay, of_day: Stream) -> Struck:
        expected: dict[tuple[str, int], float] = defaultdict(float)
        for luck in range(self.lucks):
            other = of_day.child("other", luck)
            again = simulate(self.city, plan, self.parameters, other)
            for cell, minutes in self._minutes(plan, again, other).items():
                expected[cell] += minutes / self.lucks
        (planted,) = plan.disruptions
        cells = frozenset(self._cells(planted))
        return Struck(self.city_id, day, kind, cells, self._minutes(plan, result, of_day), dict(expected))

    def _minutes(self, plan: DayPlan, result: SimulatedDay, of_day: Stream) -> Cells:
        without = Worlds(self.city, plan, self.parameters, of_day).measured(result, ())
        track = result.happened.track
        more = measure(result.orders, track) - without
        zones = self.city.merchants.zone[result.orders.merchant]
        slots = np.clip(result.orders.placed_s // SLOT_S, 0, SLOTS - 1)
        shorter_min = -result.factors.promise_s[zones, slots] / MINUTE_S
        took_min = more[STAGES].sum(axis=0) / MINUTE_S + shorter_min
        of_order = np.where(track.status == Status.DELIVERED, took_min, 0.0)
        of_order += np.where(np.isin(track.status, COUNTED), LOST_MIN * more[LOST], 0.0)
        minutes: dict[tuple[str, int], float] = defaultdict(float)
        for zone, at_s, part in zip(zones.tolist(), result.orders.placed_s.tolist(), of_order.tolist(), strict=True):
            minutes[self._zone(zone), self._hour(at_s)] += part
        return dict(minutes)

    def _cells(self, planted: Disruption) -> Iterator[tuple[str, int]]:
        for zone in planted.zones:
            for at_s in range(planted.start_s, planted.end_s, SLOT_S):
                yield self._zone(zone), self._hour(at_s)

    def _zone(self, number: int) -> str:
        return self.scenario.zones[number].zone_id

    def _hour(self, at_s: int) -> int:
        return int((at_s // 60 + self.scenario.city.cutoff_min) // 60 % 24)


def planted(context: Context, folder: Path, city: SimulatedCity, kinds: Sequence[str]) -> Stretch:
    """Give a city's days, simulated into the context's workspace unless a former run left them in the folder."""
    kept = folder / f"{city.city_id}.pickle"
    if kept.exists():
        found: Stretch = pickle.loads(kept.read_bytes())  # noqa: S301 - written by this script, and by nobody else
        return found
    days, facts = city.run(kinds)
    for table in READ:
        rows = rows_of(TABLES[table], city.scenario, facts[table])
        if rows.num_rows:
            write_facts(context, table, rows.to_reader(), DEMO_SOURCE)
    kept.write_bytes(pickle.dumps(days))
    return days
