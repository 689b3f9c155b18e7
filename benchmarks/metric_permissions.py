"""Prove that metrics tell each asker what his grants allow and nothing else, and measure what that costs.

Proof: random sets of grants (countries, cities, rows, classes of columns, least sizes, ends), each with random requests
over small random facts. Every answer is given twice, over the facts and with roll-ups offered for them, and each is
compared with plain Python, which first takes the rows that the grants open and then adds up: the compiler has no part
in it. Where groups are small, whoever knows every total must not be able to tell a withheld group, by exact
elimination. Then the grants that end are taken away, and the same process is asked again. All answers of a run come
from one model and one cache of SQL, as in a server.

Cost: the same ten metrics by day and country over generated orders, asked by somebody who may see everything, by
somebody with a row filter that opens every country, by somebody with a least size of ten rows, and by somebody with
both; each in turn, in random order, from the facts and from roll-ups. The ratio is that of medians of CPU time.

Run: ``nice .venv/bin/python benchmarks/metric_permissions.py [POLICIES] [--orders ORDERS] [--runs RUNS]
[--jobs JOBS] [--minutes MINUTES] [--json]``
"""

import argparse
import json
import math
import random
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field, fields, replace
from functools import cache, partial
from itertools import count
from multiprocessing import get_context
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from permission_world import (
    COLUMNS,
    FRAMED,
    GUARDED,
    READS,
    D,
    Expected,
    Held,
    Key,
    N,
    T,
    definitions,
    expected,
    leaks,
    meets,
    opened,
    random_facts,
    random_grant,
    random_request,
)
from same_values import same, same_row

from tiffin.capabilities.metrics.service.offering import merging_of
from tiffin.engines.metrics.building import build_model
from tiffin.engines.metrics.compiling.compiler import Compiled, compile_request
from tiffin.engines.metrics.compiling.fragments import Fragments
from tiffin.engines.metrics.definitions import Table
from tiffin.engines.metrics.protection.guarding import Guard
from tiffin.engines.metrics.protection.permissions import Permit, permit, without_masked
from tiffin.engines.metrics.request import MetricRequest, Order
from tiffin.engines.metrics.rollups import Merging, Offer, Standing
from tiffin.engines.metrics.sensitivity import Sensitivity
from tiffin.kernel.errors import Forbidden

ALLOWED_RATIO = 1.10
BATCH, PART = 250, 1_000
"""Policies that share a set of facts; policies between two words of how far the proof is."""

# The proof.


SPLITS = ((), ("zone_id",), ("merchant_id", "zone_id"), ("rider_id",))
"""Columns by which each source is rolled up beyond its city and business date."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What somebody was told.

    Parameters
    ----------
    told : MetricRequest
        What of the request is told.
    """

    permit: Permit
    told: MetricRequest
    rows: Sequence[tuple[Any, ...]]
    withheld: frozenset[tuple[int, int]]
    is_from_rollups: bool


class World:
    """Facts in a DuckDB and the platform's way to answers over them."""

    def __init__(self) -> None:
        tables = {name: Table(columns, ("city_id", list(columns)[1])) for name, columns in COLUMNS.items()}
        model, problems = build_model(definitions(), tables)
        if problems:
            raise ValueError(problems)
        self.fragments = Fragments(model, "duckdb")
        self.guard = Guard(model)
        self.merging = Merging(model)
        self.rollups: tuple[Standing, ...] = ()
        self.sensitivity = Sensitivity(model, GUARDED)
        self.connection = duckdb.connect()
        self.connection.execute("SET TimeZone = 'UTC'; SET threads = 1")

    def load(self, facts: Mapping[str, list[dict[str, Any]]]) -> None:
        """Put other facts, and roll-ups of them, in the place of those before."""
        arrow = {T: pa.string(), N: pa.int64(), D: pa.date32()}
        for name, rows in facts.items():
            schema = pa.schema([(column, arrow[kind]) for column, kind in COLUMNS[name].items()])
            facts_ = pa.Table.from_pylist(rows, schema=schema)  # noqa: F841 - DuckDB finds it by its name
            self.connection.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM facts_")  # noqa: S608 - our names
        self.rollups = tuple(self._rolled_up(name, more) for name in facts for more in SPLITS)

    def _rolled_up(self, source: str, more: tuple[str, ...]) -> Standing:
        rollup = self.merging.rollup(source, more)
        if rollup is None:
            raise ValueError(f"{source} cannot be rolled up by {more}")
        standing = Standing(rollup, 1, len(more))
        named = self.connection.execute(f"SELECT DISTINCT country FROM {rollup.table} WHERE country IS NOT NULL")  # noqa: S608 - our names
        countries = frozenset(country for (country,) in named.fetchall())
        kept = [*rollup.columns, *(f"{state.sql} AS {state.column}" for state in rollup.states)]
        self.connection.execute(
            f"CREATE OR REPLACE TABLE {standing.table} AS SELECT {', '.join(kept)} "  # noqa: S608 - our names
            f"FROM {rollup.table} AS base GROUP BY {', '.join(rollup.columns)}"
        )
        return replace(standing, countries=countries)

    def answer(self, request: MetricRequest, held: Sequence[Held], *, is_rolled_up: bool = False) -> Answered:
        """Answer as the platform does."""
        found = permit(request, tuple(grant.allowance() for grant in held), self.sensitivity)
        told = without_masked(request, found.masked)
        if found.minimum_size == 1:
            compiled = self._compiled(told, self.fragments, found, is_rolled_up=is_rolled_up)
            rows = self.connection.execute(compiled.sql).fetchall()
            return Answered(found, told, rows, frozenset(), bool(compiled.rollups))
        sized = self.guard.with_sizes(told)
        compiled = self._compiled(sized, self.guard.fragments("duckdb"), found, is_rolled_up=is_rolled_up)
        rows, width = self.connection.execute(compiled.sql).fetchall(), len(told.by) + len(told.metrics)
        places = self.guard.sizes_in(told)
        sizes = {name: np.array([row[place] or 0 for row in rows]) for name, place in places.items()}
        guarded = self.guard.guarded(told, [row[:width] for row in rows], sizes, found.minimum_size)
        return Answered(found, told, guarded.rows, guarded.withheld, bool(compiled.rollups))

    def _compiled(self, request: MetricRequest, fragments: Fragments, found: Permit, *, is_rolled_up: bool) -> Compiled:
        offer = Offer(merging_of(fragments.model), self.rollups) if is_rolled_up else None
        return compile_request(request, fragments, scope=found.scope, rollups=offer)


@dataclass
class Tally:
    """What a run of the proof met."""

    policies: int = 0
    answers: int = 0
    from_rollups: int = 0
    refused: int = 0
    masked: int = 0
    withheld_values: int = 0
    with_small_groups: int = 0
    after_an_end: int = 0
    cpu_seconds: float = 0.0
    faults: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Add what another run met."""
        for item in fields(self):
            setattr(self, item.name, getattr(self, item.name) + getattr(other, item.name))


@cache
def the_world() -> World:
    """Give the one of a process, whose model and SQL all its policies share, as in a server."""
    return World()


def prove(policies: int, seed: int, end: float = math.inf) -> Tally:
    """Check so many random policies, or those for which there is time until a moment of the system's clock."""
    tally, world, dice = Tally(), the_world(), random.Random(seed)  # noqa: S311 - not a secret
    facts: dict[str, list[dict[str, Any]]] = {}
    began = time.process_time()
    for number in range(policies):
        if time.monotonic() > end:
            break
        if number % BATCH == 0:
            facts = random_facts(dice)
            world.load(facts)
        held = [random_grant(dice) for _ in range(dice.choice([0, 1, 1, 2, 2, 3, 4]))]
        request = random_request(dice)
        tally.policies += 1
        left = [grant for grant in held if not grant.ends]
        tally.after_an_end += len(left) < len(held)
        for still_held in (held, left) if len(left) < len(held) else (held,):
            for is_rolled_up in (False, True):
                check(world, facts, still_held, request, tally, is_rolled_up=is_rolled_up)
        if dice.randrange(10) == 0:
            check_order(world, held, request, tally)
    tally.cpu_seconds = time.process_time() - began
    return tally


def prove_in_parts(policies: int, seed: int, *, jobs: int, minutes: float) -> Tally:
    """Check so many random policies in several processes, telling how far they are."""
    total, began = Tally(), time.monotonic()
    parts = [min(PART, policies - first) for first in range(0, policies, PART)]
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        for tally in pool.map(partial(prove, end=began + minutes * 60), parts, count(seed)):
            total.add(tally)
            far = f"{total.policies} policies in {time.monotonic() - began:.0f} s, {len(total.faults)} faults"
            print(far, file=sys.stderr)
    return total


def check(
    world: World, facts: Any, held: list[Held], request: MetricRequest, tally: Tally, *, is_rolled_up: bool
) -> None:
    """Compare one answer with plain Python."""
    told = tuple(name for name in request.metrics if opened(held, (name,), request))
    used = opened(held, told, request) if told else []
    try:
        found = world.answer(request, held, is_rolled_up=is_rolled_up)
    except Forbidden:
        tally.refused += 1
        if used:
            fault(tally, "refused", held, request)
        return
    tally.answers += 1
    tally.from_rollups += found.is_from_rollups
    tally.masked += len(found.permit.masked)
    tally.withheld_values += len(found.withheld)
    if found.told.metrics != told or not used:
        fault(tally, "masks", held, request)
        return
    seen = {
        name: [row for row in listed if any(grant.opens_row(row) for grant in used)] for name, listed in facts.items()
    }
    if not is_least_size_right(found.permit.minimum_size, seen, used, request):
        fault(tally, "least size", held, request)
    compare(found, expected(seen, found.told), lambda what: fault(tally, what, held, request), tally)


def is_least_size_right(least: int, seen: Any, used: Sequence[Held], request: MetricRequest) -> bool:
    """Tell whether each row that counts is opened by a grant that allows groups of that size."""
    lenient = [grant for grant in used if grant.least <= least]
    rows = (row for listed in seen.values() for row in listed if all(meets(row, c) for c in request.where))
    return least <= max(grant.least for grant in used) and all(any(g.opens_row(row) for g in lenient) for row in rows)


def compare(answered: Answered, wanted: Expected, report: Callable[[str], None], tally: Tally) -> None:
    """Compare groups, values and what is withheld with what plain Python finds."""
    request, withheld, least = answered.told, answered.withheld, answered.permit.minimum_size
    width = len(request.by)
    found = {row[:width]: (index, row[width:]) for index, row in enumerate(answered.rows)}
    if found.keys() != wanted.groups.keys() or len(found) != len(answered.rows):
        report("groups")
        return
    is_small = any(0 < size < least for sizes in wanted.sizes.values() for size in sizes.values())
    tally.with_small_groups += is_small
    for number, metric in enumerate(request.metrics):
        hidden = {key for key, (index, _) in found.items() if (index, width + number) in withheld}
        for key, (_, values) in found.items():
            if key in hidden and values[number] is not None:
                report(f"{metric} is told and marked")
            if key not in hidden and not same(values[number], wanted.groups[key][metric]):
                report(f"{metric} of {key}: {values[number]} for {wanted.groups[key][metric]}")
        compare_sizes(metric, hidden, wanted, least, report)


def compare_sizes(metric: str, hidden: set[Key], wanted: Expected, least: int, report: Callable[[str], None]) -> None:
    """Check that the groups of a metric that are told are large, and that they tell of none that is small."""
    for source in () if metric in FRAMED else READS.get(metric, ("orders",)):
        sizes = wanted.sizes[source]
        if not {key for key, size in sizes.items() if 0 < size < least} <= hidden:
            report(f"{metric} tells of a small group")
        if leaks(sizes, hidden & sizes.keys(), least):
            report(f"{metric} can be told from totals")


def check_order(world: World, held: list[Held], request: MetricRequest, tally: Tally) -> None:
    """Compare a sorted and cut answer with the whole one: withheld values must not decide which rows come first."""
    order = (Order(request.metrics[0], is_descending=True),)
    try:
        found = world.answer(request, held)
        rows = world.answer(replace(request, order_by=order, limit=2), held, is_rolled_up=True).rows
    except Forbidden:
        return
    asked, whole = found.told, found.rows
    column = len(asked.by) + asked.metrics.index(request.metrics[0]) if request.metrics[0] in asked.metrics else None
    if column is not None:
        if any(whole[row][place] is not None for row, place in found.withheld):
            fault(tally, "marked and told", held, request)
        whole = sorted(whole, key=lambda row: (row[column] is None, -(row[column] or 0)))
    if not all(map(same_row, rows, whole[:2])) or len(rows) != len(whole[:2]):
        fault(tally, "order", held, request)


def fault(tally: Tally, what: str, held: Sequence[Held], request: MetricRequest) -> None:
    """Note what went wrong."""
    tally.faults.append(f"{what}: {request} with {list(held)}")


# What it costs.


def measure_cost(orders: int, runs: int) -> dict[str, float]:
    """Ask the same question under several policies, in turn and in random order, from the facts and from roll-ups.

    Returns
    -------
    dict of str to float
        Medians of CPU time in milliseconds, and their ratios to the one without a policy.
    """
    from asking import asking, workspace_over  # noqa: PLC0415 - the proof needs no workspace, and none of these
    from make_orders import make_orders  # noqa: PLC0415 - as above
    from metric_requests import TEN, YEAR  # noqa: PLC0415 - as above

    from tiffin.capabilities.metrics import service  # noqa: PLC0415 - as above
    from tiffin.runtime.actor import Actor, Grant, Role  # noqa: PLC0415 - as above

    request = MetricRequest(TEN, ("business_date", "country"), days=YEAR)
    workspace = workspace_over(make_orders(orders) / ".tiffin" / "tables")
    told: dict[str, float] = {}
    for kind, rounds in (("facts", runs), ("rollups", runs * 5)):
        with asking(workspace, rollups=kind == "rollups") as free:
            found = free.warehouse.query_text("SELECT DISTINCT country FROM orders ORDER BY 1")
            countries = tuple(row["country"] for row in found.to_pylist())
            grants = {
                "row filter": Grant(Role.ANALYST, countries, ()),
                "least size": Grant(Role.ANALYST, ("*",), ("*",), minimum_size=10),
                "both": Grant(Role.ANALYST, countries, (), minimum_size=10),
            }
            contexts = {name: replace(free, actor=Actor(name, (grant,))) for name, grant in grants.items()}
            asked = {name: partial(service.query, item, request) for name, item in {"free": free, **contexts}.items()}
            medians = in_turn(asked, rounds)
        for name, value in medians.items():
            told[f"{kind}, {name}: cpu_ms"] = value
            if name != "free":
                told[f"{kind}, {name}: ratio"] = value / medians["free"]
    return told


def in_turn(asked: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Give the median CPU time of some calls, in milliseconds; the first two rounds warm up."""
    taken: dict[str, list[float]] = {name: [] for name in asked}
    names, dice = list(asked), random.Random(1)  # noqa: S311 - not a secret
    for number in range(rounds + 2):
        dice.shuffle(names)
        for name in names:
            began = time.process_time()
            asked[name]()
            if number > 1:
                taken[name].append(time.process_time() - began)
    return {name: statistics.median(times) * 1000 for name, times in taken.items()}


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("policies", nargs="?", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--orders", type=int, default=5_000_000)
    parser.add_argument("--runs", type=int, default=41)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=math.inf, help="stop the proof after so long; it says how far")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    began = time.perf_counter()
    total = prove_in_parts(asked.policies, asked.seed, jobs=asked.jobs, minutes=asked.minutes)
    told = asdict(total) | {"faults": len(total.faults), "seconds": round(time.perf_counter() - began, 1)}
    told["cpu_ms_a_policy"] = round(1000 * total.cpu_seconds / total.policies, 2)
    if asked.orders:
        told |= {name: round(value, 3) for name, value in measure_cost(asked.orders, asked.runs).items()}
        told["allowed_ratio"] = ALLOWED_RATIO
    print(json.dumps(told) if asked.json else "\n".join(f"{name}: {value}" for name, value in told.items()))
    for text in total.faults[:5]:
        print(text)


if __name__ == "__main__":
    main()
