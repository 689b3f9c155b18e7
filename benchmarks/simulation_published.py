"""What dispatchers reach on public instances, beside published figures, and the effect of a better roster.

Usage: ``python benchmarks/simulation_published.py FOLDER PUBLISHED [POLICY ...]``: the folders of
instances and of the published tables as CSV.
"""

import csv
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import fmean

from simulation_reading import read_all, told

from tiffin.engines.simulation.instances.checking import violations
from tiffin.engines.simulation.instances.dispatchers import BEST, DISPATCHERS
from tiffin.engines.simulation.instances.instance import Instance
from tiffin.engines.simulation.instances.outcome import Figures, figures
from tiffin.engines.simulation.instances.solution import solution_of

TUNED_ON = "0123"
Found = Mapping[str, Figures]


def main(folder: Path, tables: Path, policies: tuple[str, ...]) -> None:
    """Print each figure beside its target."""
    instances = read_all(folder)
    small = {row["instance"]: row for row in _rows(tables / "reyes2018_table4_vs_exact.csv")}
    means = {row["row"]: row for row in _rows(tables / "reyes2018_aggregates.csv")}
    for policy in policies:
        found = _solved(policy, instances)
        _print_line(f"{policy}, all", found)
        _print_line(f"{policy}, seeds 0-3, on which search and prices were chosen", _part(found, TUNED_ON))
        _print_line(f"{policy}, seeds 4-6, on which no price was chosen anew", _part(found, "456"))
        if policy == BEST:
            _print_small({name: found[name] for name in small}, small)
            _print_all(found)
        _print_rosters(policy, found, means)


def _solved(policy: str, instances: Mapping[str, Instance]) -> Found:
    found, broken = {}, 0
    for name, instance in instances.items():
        outcome = DISPATCHERS[policy](instance)
        broken += len(violations(instance, solution_of(instance, outcome)))
        found[name] = figures(instance, outcome)
    told(f"{policy}, broken rules in {len(instances)} solutions", broken, "", most=0)
    return found


def _print_small(found: Found, small: Mapping[str, Mapping[str, str]]) -> None:
    lower = sum(f.click_to_door_min < float(small[name]["reyes_rh_ctd"]) for name, f in found.items())
    told(
        "small: lower click-to-door than the published rolling horizon on", lower, f"of {len(small)}", least=len(small)
    )
    told("small: click-to-door", fmean(f.click_to_door_min for f in found.values()), "min", most=31.0)
    told("small: ready-to-pickup", fmean(f.ready_to_pickup_min for f in found.values()), "min", most=1.2)
    for measure in ("ctd", "rtp"):
        rolling, exact = (
            fmean(float(row[f"{kind}_{measure}"]) for row in small.values()) for kind in ("reyes_rh", "exact")
        )
        print(f"   published {measure}: rolling horizon {rolling:.2f}, exact and knowing all {exact:.2f}")


def _print_all(found: Found) -> None:
    told("all: never dropped off", 100 * fmean(f.undelivered_share for f in found.values()), "%", most=0.10)
    told("all: click-to-door", fmean(f.click_to_door_min for f in found.values()), "min", most=31.8)
    told("all: ready-to-pickup", fmean(f.ready_to_pickup_min for f in found.values()), "min", most=1.6)
    told("all: cost per order", fmean(f.cost_per_order for f in found.values()), "", most=11.42)
    told("all: later than 90 minutes", 100 * fmean(f.too_late / f.orders for f in found.values()), "%")


def _print_rosters(policy: str, found: Found, means: Mapping[str, Mapping[str, str]]) -> None:
    rosters = [{name: f for name, f in found.items() if roster in name} for roster in ("s1", "s2")]
    published = [means[f"reyes2018 T5 {roster}"] for roster in ("s1 historical", "s2 optimized")]
    measures = (
        ("pct_undelivered", lambda f: 100 * f.undelivered_share),
        ("ctd", lambda f: f.click_to_door_min),
        ("overage", lambda f: f.overage_min),
        ("rtp", lambda f: f.ready_to_pickup_min),
        ("cost_per_order", lambda f: f.cost_per_order),
    )
    for name, measure in measures:
        ours = [fmean(measure(f) for f in part.values()) for part in rosters]
        theirs = [float(row[name]) for row in published]
        print(
            f"   {policy}, rosters s1 to s2, {name}: {ours[0]:.2f} to {ours[1]:.2f}, effect "
            f"{ours[1] - ours[0]:+.2f}; published {theirs[0]:.2f} to {theirs[1]:.2f}, {theirs[1] - theirs[0]:+.2f}"
        )


def _print_line(what: str, found: Found) -> None:
    def mean(measure: Callable[[Figures], float]) -> float:
        return fmean(measure(f) for f in found.values())

    print(
        f"{what}, {len(found)} instances: click-to-door {mean(lambda f: f.click_to_door_min):.2f} min, "
        f"ready-to-pickup {mean(lambda f: f.ready_to_pickup_min):.2f} min, "
        f"never dropped off {100 * mean(lambda f: f.undelivered_share):.3f} %, "
        f"cost per order {mean(lambda f: f.cost_per_order):.2f}, "
        f"orders per bundle {mean(lambda f: f.orders_per_bundle):.3f}",
        flush=True,
    )


def _part(found: Found, seeds: str) -> Found:
    return {name: f for name, f in found.items() if name[0] in seeds}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    main(
        Path(sys.argv[1]),
        Path(sys.argv[2]),
        tuple(sys.argv[3:]) or (BEST, "bundling", "two-stage", "rolling", "nearest"),
    )
