"""Whether the account of a change leaves no remainder, and how long the account of many cities takes.

Two figures: parts add up to the change within 1e-12 of the largest number in it on 10,000 random trees (at every node,
over the leaves, and over places), and the account of 200 cities of 50 zones and 168 hours, the flow of idle riders in
it, takes two seconds at most on two cores. A public solver asked for some of the same slots tells the ratio.

Run: ``nice .venv/bin/python benchmarks/accounting.py [--trees 10000] [--cities 200]``
"""

import argparse
import math
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.attribution.accounting.marketplace import Market, MarketSplit, Reach, split_missed, together
from tiffin.engines.attribution.accounting.nodes import PAIRED, Form, Node
from tiffin.engines.attribution.accounting.relief import relieve, relieve_slot
from tiffin.engines.attribution.accounting.splitting import Split, split_change

Floats = NDArray[np.float64]

MOST_RESIDUAL, MOST_SECONDS = 1e-12, 2.0
ZONES, HOURS, WITHIN_MIN = 50, 168, 12.0
STAGES = ("approach", "waiting_for_food", "taking", "ride", "handing_over")
DEPTH = 4
CASES = 3
EARLY_LEAVES = 0.25
ROUNDING = 1e-9


def draw_tree(rng: np.random.Generator, depth: int, names: list[str]) -> Node:
    """Draw a tree of mixed forms; weights of mixes are leaves of their own."""
    names.append(f"n{len(names)}")
    name = names[-1]
    form = Form(rng.choice([f for f in Form if f is not Form.LEAF]))
    if depth == 0 or (depth < DEPTH and rng.random() < EARLY_LEAVES):
        return Node(name)
    count = int(rng.integers(2, 5))
    if form is Form.RATIO:
        count = PAIRED
    if form is Form.MIX:
        count *= PAIRED
    parts = []
    for number in range(count):
        if form is Form.MIX and number % PAIRED == 0:
            names.append(f"w{len(names)}")
            parts.append(Node(names[-1]))
        else:
            parts.append(draw_tree(rng, depth - 1, names))
    return Node(name, form, tuple(parts))


def draw_values(rng: np.random.Generator, tree: Node) -> dict[str, Floats]:
    """Draw a leaf's values: ordinary, negative, nought, tiny, large."""
    found = {}
    for node in tree.walk():
        if node.form is Form.LEAF:
            sorts = np.stack(
                [
                    rng.normal(0.0, 10.0, CASES),
                    np.zeros(CASES),
                    rng.normal(0.0, 1e-9, CASES),
                    rng.uniform(0.0, 1e3, CASES),
                    rng.lognormal(0.0, 1.0, CASES),
                ]
            )
            drawn = sorts[rng.integers(len(sorts), size=CASES), np.arange(CASES)]
            found[node.name] = np.abs(drawn) if node.name.startswith("w") else drawn
    return found


def residual_of(split: Split) -> float:
    """Give the largest remainder of any node and of all leaves together, by the largest number in it."""
    found = [_relative(list(split.leaves.values()), split.change)]
    found += [
        _relative([split.parts[part.name] for part in node.parts], split.parts[node.name])
        for node in split.tree.walk()
        if node.parts
    ]
    return max(found)


def _relative(parts: list[Floats], whole: Floats) -> float:
    worst = 0.0
    for case in range(CASES):
        told, total = [float(part[case]) for part in parts], float(whole[case])
        size = max(1.0, abs(total), *map(abs, told))
        worst = max(worst, abs(math.fsum(told) - total) / size)
    return worst


def score_trees(trees: int) -> bool:
    """Split the change of random trees and print the largest remainder."""
    rng = np.random.default_rng(7)
    worst, nodes, started = 0.0, 0, time.perf_counter()
    for _ in range(trees):
        names: list[str] = []
        tree = draw_tree(rng, DEPTH, names)
        base, actual = draw_values(rng, tree), draw_values(rng, tree)
        for name in base:
            if rng.random() < 0.2:  # noqa: PLR2004 - what stays as it was must get nothing
                actual[name] = base[name]
        worst = max(worst, residual_of(split_change(tree, base=base, actual=actual)))
        nodes += len(names)
    holds = worst <= MOST_RESIDUAL
    print(
        f"residual on {trees:,} random trees ({nodes / trees:.0f} nodes, {CASES} changes each): "
        f"asked <= {MOST_RESIDUAL:g}, found {worst:.1e}: {_verdict(holds=holds)} "
        f"({time.perf_counter() - started:.0f} s)"
    )
    return holds


def draw_city(rng: np.random.Generator, *, spare: float) -> Market:
    """Draw a city with quiet and pressed zones; ``spare`` is the logarithm of riders' minutes to those asked for."""
    shape = (ZONES, HOURS)
    stages = {name: rng.lognormal(math.log(7.0), 0.2, shape) for name in STAGES}
    cycle = sum(stages.values())
    wanted = rng.poisson(12.0 * (1 + 0.8 * np.sin(np.arange(HOURS) * 2 * math.pi / 24)) + 1.0, shape).astype(float)
    present = wanted * cycle * rng.lognormal(spare, 0.3, shape) + 30.0
    cancelled = np.floor(0.02 * wanted)
    busy = np.minimum((wanted - cancelled) * cycle, 0.95 * present)
    return Market(wanted, cancelled, present, present - busy, stages)


def draw_reach(rng: np.random.Generator) -> Reach:
    """Draw zones on a square of twelve kilometres and the minutes between them."""
    at = rng.uniform(0.0, 12.0, (ZONES, 2))
    apart = at[:, None, :] - at[None, :, :]
    return Reach(2.5 * np.hypot(apart[..., 0], apart[..., 1]), WITHIN_MIN)


def score_market(cities: int) -> bool:
    """Account for many cities and print how long it took, how it grows, and against a plain loop."""
    rng = np.random.default_rng(11)
    usual = [draw_city(rng, spare=0.5) for _ in range(cities)]
    actual = [draw_city(rng, spare=0.35) for _ in range(cities)]
    reach = [draw_reach(rng) for _ in range(cities)]
    split_missed(usual[0], actual[0], reach[0])
    for some in sorted({max(1, cities // 4), max(1, cities // 2), cities}):
        started, used = time.perf_counter(), time.process_time()
        with ThreadPoolExecutor(max_workers=2) as pool:
            by_city = list(pool.map(split_missed, usual[:some], actual[:some], reach[:some]))
        of_days = [split.over(0) for split in by_city]
        levels = [*by_city, *of_days, together(of_days), together(of_days).over(0)]
        seconds, cpu = time.perf_counter() - started, time.process_time() - used
        print(f"  {some:4} cities: {seconds:.2f} s on the clock, {cpu:.2f} s of processors")
    residual = max(map(_remainder, levels))
    print(f"  residual at zone and hour, city and hour, country and hour, country: {residual:.1e}")
    agrees = _plain(actual[0], reach[0], cities)
    holds = cpu <= MOST_SECONDS and residual <= MOST_RESIDUAL and agrees
    print(
        f"{cities} cities x {ZONES} zones x {HOURS} hours on two cores: asked <= {MOST_SECONDS:g} s, "
        f"found {cpu:.2f} s of both processors together: {_verdict(holds=holds)}"
    )
    return holds


def _remainder(split: MarketSplit) -> float:
    size = max(1.0, *(float(np.abs(part).max()) for part in split.parts.values()))
    return float(np.abs(sum(split.parts.values()) - split.change).max()) / size


def _plain(market: Market, reach: Reach, cities: int) -> bool:
    """Solve some slots of a city with a public solver, print what all would take, and tell whether it sends as much."""
    cycle = sum(market.stage_min.values())
    missed = market.wanted - market.cancelled - (market.present_min - market.idle_min) / cycle
    short = np.where(missed > ROUNDING, missed * cycle, 0.0)
    idle = np.where(short > 0, 0.0, market.idle_min)
    ours = relieve(idle, short, travel_min=reach.travel_min, within_min=WITHIN_MIN)
    slots, started, same = range(0, HOURS, 4), time.perf_counter(), True
    for slot in slots:
        sent = relieve_slot(idle[:, slot], short[:, slot], travel_min=reach.travel_min, within_min=WITHIN_MIN)
        same = same and math.isclose(sent.sum(), ours.into[:, slot].sum(), rel_tol=1e-9, abs_tol=1e-6)
        same = same and math.isclose((sent * reach.travel_min).sum(), ours.travel[slot], rel_tol=1e-9, abs_tol=1e-6)
    took = (time.perf_counter() - started) / len(slots) * cities * HOURS
    print(f"  the flows of one side by a public solver: {took:.0f} s; as much sent over as much travel: {same}")
    print(f"  {(short > 0).mean():.0%} of zones and hours missed orders")
    return same


def _verdict(*, holds: bool) -> str:
    return "holds" if holds else "MISSED"


def main() -> int:
    """Print both figures; 1 where one is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trees", type=int, default=10_000)
    parser.add_argument("--cities", type=int, default=200)
    asked = parser.parse_args()
    return 0 if all([score_trees(asked.trees), score_market(asked.cities)]) else 1


if __name__ == "__main__":
    sys.exit(main())
