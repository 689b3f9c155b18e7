"""Simulated cities with an incident on some of their days, and the truth of each incident, kept on disk when asked.

The truth is each order's time beside the same order's in the same day without the incident, on the same random
numbers. It never goes into the facts.
"""

import pickle
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
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
WITHDRAWN_S = 600
"""A customer who cancels sooner has waited for nothing; later cancellations are in no miss, and so not in the truth."""
ORDERS_A_DAY = 1600.0
MINUTE_S = 60.0

Cells = Mapping[tuple[str, int], float]
"""Minutes by zone and local hour."""


@dataclass(frozen=True, slots=True)
class Took:
    """What an incident took of the orders placed in each zone and hour, in weighed minutes, as a miss counts it.

    Parameters
    ----------
    delay : mapping
        Of delivered orders, and by which their promises were shorter.
    lost : mapping
        Of orders that found no rider.
    turned_away : mapping
        Of orders that merchants refused and customers withdrew at once.
    """

    delay: Cells
    lost: Cells
    turned_away: Cells

    def inside(self, cells: Iterable[tuple[str, int]], *, counts_turned_away: bool) -> float:
        """Add up what it took in some zones and hours; what came sooner for it is no miss, nor was it in the miss.

        Orders turned away count where the miss counts them: it leaves them out where chance explains their number.
        """
        chosen = tuple(cells)
        kinds = (self.delay, self.lost, self.turned_away)
        delay, lost, turned_away = (sum(one.get(cell, 0.0) for cell in chosen) for one in kinds)
        return max(delay, 0.0) + lost + (turned_away if counts_turned_away else 0.0)


@dataclass(frozen=True, slots=True)
class Struck:
    """An incident of a day with its truth.

    Parameters
    ----------
    took : Took
        What it took.
    expected : Took or None
        The same on the mean over other lucks of the day; None where none was simulated.
    """

    city_id: str
    day: date
    kind: str
    cells: frozenset[tuple[str, int]]
    took: Took
    expected: Took | None


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
    orders : float
        Orders a day; merchants and riders with them.
    """

    def __init__(self, number: int, *, seed: int, lucks: int, orders: float = ORDERS_A_DAY) -> None:
        name = ALL_CITIES[number % len(ALL_CITIES)]
        read = undisturbed(read_scenario(name, profiles=read_profiles()))
        sized = scaled(read, orders / read.orders_per_day)
        self.scenario: Scenario = replace(sized, city=replace(sized.city, city_id=f"planted-{number:02}-{name}"))
        self.days = Days(FIRST, FIRST + timedelta(weeks=WEEKS) - timedelta(days=1))
        self.lucks = lucks
        self.size = orders / ORDERS_A_DAY
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
                planted = INCIDENTS[chosen[number]].plant(Place(self.city, cutoff_h, self.rng, self.size))
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
        others = []
        for luck in range(self.lucks):
            other = of_day.child("other", luck)
            again = simulate(self.city, plan, self.parameters, other)
            others.append(self._took(plan, again, other))
        (planted,) = plan.disruptions
        cells = frozenset(self._cells(planted))
        expected = _mean(others) if others else None
        return Struck(self.city_id, day, kind, cells, self._took(plan, result, of_day), expected)

    def _took(self, plan: DayPlan, result: SimulatedDay, of_day: Stream) -> Took:
        orders, track = result.orders, result.happened.track
        more = measure(orders, track) - Worlds(self.city, plan, self.parameters, of_day).measured(result, ())
        zones = self.city.merchants.zone[orders.merchant]
        slots = np.clip(orders.placed_s // SLOT_S, 0, SLOTS - 1)
        took_min = more[STAGES].sum(axis=0) / MINUTE_S - result.factors.promise_s[zones, slots] / MINUTE_S
        at_once = (track.status == Status.CUSTOMER_CANCELLED) & (track.cancelled_s - orders.placed_s < WITHDRAWN_S)
        lost_min = LOST_MIN * more[LOST]
        places = list(zip(map(self._zone, zones.tolist()), map(self._hour, orders.placed_s.tolist()), strict=True))
        return Took(
            _by_place(places, np.where(track.status == Status.DELIVERED, took_min, 0.0)),
            _by_place(places, np.where(track.status == Status.NO_RIDER, lost_min, 0.0)),
            _by_place(places, np.where((track.status == Status.MERCHANT_CANCELLED) | at_once, lost_min, 0.0)),
        )

    def _cells(self, planted: Disruption) -> Iterator[tuple[str, int]]:
        for zone in planted.zones:
            for at_s in range(planted.start_s, planted.end_s, SLOT_S):
                yield self._zone(zone), self._hour(at_s)

    def _zone(self, number: int) -> str:
        return self.scenario.zones[number].zone_id

    def _hour(self, at_s: int) -> int:
        return int((at_s // 60 + self.scenario.city.cutoff_min) // 60 % 24)


def _by_place(places: Sequence[tuple[str, int]], minutes: NDArray[np.float64]) -> Cells:
    added: dict[tuple[str, int], float] = defaultdict(float)
    for place, part in zip(places, minutes.tolist(), strict=True):
        added[place] += part
    return dict(added)


def _mean(many: Sequence[Took]) -> Took:
    """Give the mean of what an incident took over several lucks of a day."""

    def mean(of: Sequence[Cells]) -> Cells:
        return {cell: sum(one.get(cell, 0.0) for one in of) / len(of) for one in of for cell in one}

    return Took(*(mean(kind) for kind in zip(*((one.delay, one.lost, one.turned_away) for one in many), strict=True)))


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
