"""Time to tell what an edit touches, and how it grows with the estate.

Run ``python benchmarks/lineage.py``; ``--assets`` sets how many, more than once for several sizes. Estates are drawn
like the shipped one: columns of files fill columns of tables, metrics read several of these and each other, tiles show
metrics; one column of a file fills them all. In the same run a plain walk over dictionaries of sets does the same, and
must come to the same assets.
"""

import argparse
import random
import statistics
import time
from collections import deque

from tiffin.engines.lineage.graph import Graph
from tiffin.engines.lineage.impact import Standing, impact_of
from tiffin.engines.lineage.links import How, Link
from tiffin.kernel.assets import AssetId, AssetKind

SHARES = {
    AssetKind.FEED_COLUMN: 0.15,
    AssetKind.COLUMN: 0.25,
    AssetKind.METRIC: 0.35,
    AssetKind.TILE: 0.2,
    AssetKind.DASHBOARD: 0.05,
}
"""What an estate is made of, in the direction in which facts flow."""

READS = 4
"""How many assets of the layer before an asset reads, in the mean."""

ROUNDS = 9

HUB = AssetId(AssetKind.FEED_COLUMN, "instant")
"""What decides over every row."""


def drawn(assets: int, seed: int) -> list[Link]:
    """Draw the links of an estate."""
    draw, links, before = random.Random(seed), [], []  # noqa: S311 - no secret
    for kind, share in SHARES.items():
        made = [AssetId(kind, f"{kind.value}_{number}") for number in range(max(1, int(assets * share)))]
        for number, asset in enumerate(made):
            count = draw.randint(1, 2 * READS - 1) if before else 0
            links += [Link(draw.choice(before), asset, How.COMPUTED_FROM) for _ in range(count)]
            if kind is AssetKind.COLUMN:
                links.append(Link(HUB, asset, How.FILTERED_BY))
            if kind is AssetKind.METRIC and number and draw.random() < 1 / 2:
                links.append(Link(made[draw.randrange(number)], asset, How.COMPUTED_FROM))
        before = made
    return links


def plain_walk(later: dict[AssetId, set[AssetId]], start: AssetId) -> dict[AssetKind, set[AssetId]]:
    """Walk over dictionaries, and group what was reached by kind."""
    seen, waiting, groups = {start}, deque([start]), {}
    while waiting:
        for other in later.get(waiting.popleft(), ()):
            if other not in seen:
                seen.add(other)
                groups.setdefault(other.kind, set()).add(other)
                waiting.append(other)
    return groups


def main() -> None:
    """Print the figures of each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assets", type=int, action="append")
    parser.add_argument("--seed", type=int, default=5)
    asked = parser.parse_args()
    for assets in asked.assets or (10_000, 30_000, 100_000):
        measure(assets, asked.seed)


def measure(assets: int, seed: int) -> None:
    """Measure one estate: the edits that touch most of it, and as many drawn by chance."""
    links = drawn(assets, seed)
    started = time.process_time()
    graph = Graph.of(links)
    built_s = time.process_time() - started
    later: dict[AssetId, set[AssetId]] = {}
    for link in links:
        later.setdefault(link.earlier, set()).add(link.later)
    standing = {asset: Standing(number % 3 == 0, (f"team_{number % 20}",)) for number, asset in enumerate(graph.assets)}
    draw = random.Random(seed + 1)  # noqa: S311 - no secret
    sources = [asset for asset in graph.assets if asset.kind is AssetKind.FEED_COLUMN]
    edits = [HUB, HUB, HUB, *draw.sample(sources, ROUNDS)]
    told = []
    for edit in edits:
        wall, cpu = time.perf_counter(), time.process_time()
        found = impact_of(graph, edit, standing)
        spent_ms, cpu_ms = (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000
        cpu = time.process_time()
        plain = plain_walk(later, edit)
        plain_ms = (time.process_time() - cpu) * 1000
        if {kind: {one.asset for one in reached} for kind, reached in found.groups.items()} != plain:
            raise SystemExit(f"The impact of {edit} is not what a plain walk comes to.")
        told.append((spent_ms, cpu_ms, plain_ms, found.count))
    print(f"{len(graph.assets):,} assets, {len(graph.links):,} links, built in {built_s:.2f} s of CPU")
    for what, part in (("an edit under everything", told[:3]), ("an edit drawn by chance", told[3:])):
        wall_ms, cpu_ms, plain_ms, count = (statistics.median(one[index] for one in part) for index in range(4))
        print(
            f"  {what} touches {count:,.0f}: told in {wall_ms:.1f} ms ({cpu_ms:.1f} ms of CPU) with certified metrics "
            f"and people; a plain walk that groups by kind takes {plain_ms:.1f} ms of CPU"
        )


if __name__ == "__main__":
    main()
