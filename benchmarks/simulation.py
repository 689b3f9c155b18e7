"""Speed of the simulator on public instances, beside plain Python in the same run, and what replications cost.

Usage: ``python benchmarks/simulation.py FOLDER``, the folder of the instances' folders. Times are seconds of CPU.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from plain_day import plain_nearest_first
from simulation_reading import read_all, told

from tiffin.engines.simulation.instances.dispatchers import DISPATCHERS
from tiffin.engines.simulation.instances.instance import Instance
from tiffin.engines.simulation.instances.nearest import nearest_first, prepared, run
from tiffin.engines.simulation.instances.replications import interval, replicate

LONE = "0o100t100s1p100"
LARGE_ORDERS = 2700
ROUNDS = 200
REPLICATIONS = 1000
MILLION = 1e6


def main(folder: Path) -> None:
    """Print each figure beside its target."""
    instances = read_all(folder)
    nearest_first(instances[LONE])
    _print_events(instances[LONE])
    _print_days({name: i for name, i in instances.items() if len(i.order_ids) >= LARGE_ORDERS})
    for policy in ("rolling", "bundling", "two-stage", "planning"):
        DISPATCHERS[policy](instances[LONE])
        spent = cpu_s(lambda policy=policy: [DISPATCHERS[policy](instance) for instance in instances.values()])
        told(f"{policy}, {len(instances)} instances, CPU", spent, "s", most=5.0 if policy == "bundling" else None)
    _print_replications(instances[LONE])


def cpu_s(work: Callable[[], object]) -> float:
    """Measure one run."""
    started = time.process_time()
    work()
    return time.process_time() - started


def _loop_s(instance: Instance) -> list[float]:
    """Time the event loop alone, and set each day up before."""
    found = []
    for _ in range(ROUNDS):
        day, waiting = prepared(instance)
        found.append(cpu_s(lambda day=day, waiting=waiting: run(day, waiting)))
    return found


def _print_events(instance: Instance) -> None:
    events, loop_s = nearest_first(instance).events, _loop_s(instance)
    told(f"nearest, {LONE}, median", events / median(loop_s) / MILLION, "million events a second", least=5.0)
    told(f"nearest, {LONE}, fastest of {ROUNDS}", events / min(loop_s) / MILLION, "million events a second", least=5.0)
    plain = plain_nearest_first(instance)
    plain_s = min(cpu_s(lambda: plain_nearest_first(instance)) for _ in range(3))
    if plain != nearest_first(instance).dropoff_min.tolist():
        raise SystemExit("Plain Python and the engine differ.")
    told("as fast as plain Python", plain_s / median(loop_s), "times")


def _print_days(large: dict[str, Instance]) -> None:
    typical = [median(_loop_s(instance)) for instance in large.values()]
    told(f"nearest, {len(large)} largest instances, slowest", 1 / max(typical), "days a second", least=300.0)
    told(f"nearest, {len(large)} largest instances, all", len(typical) / sum(typical), "days a second", least=300.0)


def _print_replications(instance: Instance) -> None:
    def compare() -> None:
        measured = replicate(instance, [nearest_first, nearest_first], replications=REPLICATIONS, seed=1)
        if any(interval(rows[1] - rows[0]).mean for rows in measured.values()):
            raise SystemExit("A policy differs from itself on the same days.")

    what = f"{REPLICATIONS} replications, {len(instance.order_ids)} orders, nearest twice, paired intervals, CPU"
    told(what, cpu_s(compare), "s", most=5.0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
