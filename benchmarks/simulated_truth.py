"""Time the truth about a simulated day: who took how many seconds of each order, by replaying every subset.

A day of Riyadh with three disruptions at once, about 3,000 orders. Prints orders, subsets, the CPU time of the truth
beside that of one plain run, and the largest difference between the shares of an order and its delay, which is 0.
Everything here is simulated. Usage: simulated_truth.py [--chance]
"""

import sys
import time
from collections.abc import Callable
from datetime import date
from typing import TypeVar

import numpy as np

from tiffin.capabilities.rehearsals.domain.city_run import day_plan, made_city
from tiffin.capabilities.rehearsals.service.definitions import calendar_days, read_parameters, read_profiles
from tiffin.capabilities.rehearsals.service.scenario_files import read_scenario_file
from tiffin.engines.simulation.streams import Stream
from tiffin.engines.simulation.truth.delays import DayTruth, day_truth
from tiffin.engines.simulation.truth.stages import ended_s
from tiffin.engines.simulation.truth.worlds import STAGES, Worlds

SCENARIO = "football-in-the-rain"
DAY = date(2026, 3, 1)
PLAIN_RUNS = 10

Result = TypeVar("Result")


def the_worlds() -> tuple[Worlds, Stream]:
    """Make the day ready to be replayed."""
    file = read_scenario_file(SCENARIO)
    parameters, profiles = read_parameters(DAY), read_profiles()
    stream = Stream.of_seed(file.seed).child(file.scenario.city.city_id)
    (calendar,) = [one for one in calendar_days(file.scenario, file.days) if one.day == DAY]
    plan = day_plan(file.scenario, calendar, profiles)
    city = made_city(file.scenario, parameters, stream)
    of_day = stream.child("day", DAY.isoformat())
    return Worlds(city, plan, parameters, of_day), of_day.child("truth")


def timed(work: Callable[[], Result]) -> tuple[Result, float]:
    """Do the work and tell the CPU seconds it took."""
    begun = time.process_time()
    result = work()
    return result, time.process_time() - begun


def left_over(worlds: Worlds, truth: DayTruth) -> tuple[int, int]:
    """Measure by how much the rows of an order miss its time, and its shares its delay, at most; seconds."""
    orders, track = truth.actual.orders, truth.actual.happened.track
    parts = [truth.disruptions] + ([truth.chance] if truth.chance else [])
    rows = truth.ordinary_s.sum(axis=0) + sum(part.delay_s.sum(axis=0) for part in parts)
    undisturbed = worlds.measured(truth.actual, ())[STAGES].sum(axis=0)
    lasted = ended_s(track) - orders.placed_s
    delay = lasted - undisturbed
    return int(np.abs(rows - lasted).max()), int(np.abs(truth.disruptions.delay_s.sum(axis=0) - delay).max())


def main() -> int:
    """Print the figures; 1 where shares do not add up."""
    worlds, stream = the_worlds()
    everything = range(len(worlds.plan.disruptions))
    worlds.day(everything)
    _, plain_s = timed(lambda: [worlds.day(everything) for _ in range(PLAIN_RUNS)])
    truth, truth_s = timed(lambda: day_truth(worlds, stream))
    misses = left_over(worlds, truth)
    alone = sum(int((truth.actual.orders.origin == number).sum()) for number in everything)
    print(f"{SCENARIO}, {DAY}: simulated, nothing here really happened")
    print(f"orders                                  {len(truth.actual.orders):,} ({alone:,} brought by disruptions)")
    print(f"disruptions, subsets replayed           {len(worlds.plan.disruptions)}, {truth.worlds}")
    print(f"one plain run, CPU                      {plain_s / PLAIN_RUNS * 1000:.1f} ms")
    print(f"the truth, CPU                          {truth_s:.2f} s = {truth_s / plain_s * PLAIN_RUNS:.0f} plain runs")
    print(f"max |sum of an order's rows - its time| {misses[0]} s")
    print(f"max |sum of shares - delay|             {misses[1]} s")
    if "--chance" in sys.argv[1:]:
        whole, chance_s = timed(lambda: day_truth(worlds, stream, with_chance=True))
        misses += left_over(worlds, whole)
        print(f"with each party's own chance, CPU       {chance_s:.2f} s, max miss {max(misses[2:])} s")
    return int(any(misses))


if __name__ == "__main__":
    sys.exit(main())
