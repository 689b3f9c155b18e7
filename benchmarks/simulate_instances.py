"""Figures of the simulator on public instances: speed of the event loop, and what each policy comes to.

Usage: ``python benchmarks/simulate_instances.py FOLDER``, the folder of the instances' folders.
"""

import sys
import time
from pathlib import Path
from statistics import fmean

from tiffin.capabilities.rehearsals.domain.instance_files import INSTANCE_FILES, read_instance
from tiffin.engines.simulation.instance import POLICIES, Instance, figures, prepared, solve

ROUNDS = 20
LONE = "0o100t100s1p100"


def main(folder: Path) -> None:
    """Print speed on one instance and the largest, then the mean figures of each policy over all."""
    instances = {path.name: _read(path) for path in sorted(folder.iterdir()) if path.is_dir()}
    largest = max(instances, key=lambda name: len(instances[name].order_ids))
    for policy in POLICIES:
        for name in (LONE, largest):
            _print_speed(name, instances[name], policy)
        started = time.process_time()
        found = [figures(instance, solve(instance, policy)) for instance in instances.values()]
        cpu_s = time.process_time() - started
        print(
            f"{policy}, {len(found)} instances in {cpu_s:.2f} s of CPU: click-to-door "
            f"{fmean(f.click_to_door_min for f in found):.2f} min, ready-to-pickup "
            f"{fmean(f.ready_to_pickup_min for f in found):.2f} min, undelivered "
            f"{100 * fmean(f.undelivered_share for f in found):.2f} %, cost per order "
            f"{fmean(f.cost_per_order for f in found):.2f}"
        )


def _read(folder: Path) -> Instance:
    return read_instance({name: (folder / name).read_text(encoding="utf-8") for name in INSTANCE_FILES})


def _print_speed(name: str, instance: Instance, policy: str) -> None:
    """Time the compiled event loop alone, best of several rounds, then the whole run with its tables."""
    events = solve(instance, policy).events
    loop_s = []
    for _ in range(ROUNDS):
        run = prepared(instance, policy)
        started = time.process_time()
        run()
        loop_s.append(time.process_time() - started)
    started = time.process_time()
    for _ in range(ROUNDS):
        solve(instance, policy)
    whole_s = (time.process_time() - started) / ROUNDS
    print(
        f"{policy}, {name}: {events} events, {events / min(loop_s) / 1e6:.1f} million a second in the loop, "
        f"{1 / whole_s:.0f} days a second with tables"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
