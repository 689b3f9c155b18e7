"""Prove that random requests are answered from roll-ups, from the facts and in plain Python alike.

Each marketplace has random facts, random definitions of every kind built upon one another, and roll-ups. Each request
(metrics, dimensions, conditions, days, filled periods, versions, money in one currency, order, limit) of somebody with
random grants is answered by the service from roll-ups, by the service from the facts, and by plain Python written from
``docs/metric-semantics.md`` alone. Whole numbers must be equal, doubles to nine digits, and what the document refuses
must be refused. A share is answered by Spark Connect as well.

Run: ``nice .venv/bin/python benchmarks/random_requests.py [REQUESTS] [--seed SEED] [--jobs JOBS] [--spark SHARE]``
"""

import argparse
import json
import random
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from fractions import Fraction
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import yaml
from plain_metrics import Answer, Plain
from plain_money import UsdRate
from plain_versions import TODAY
from request_definitions import Definer
from request_draws import Drawer, openings_of
from request_facts import Marketplace
from request_outcomes import Outcome, difference, readings_of

from tiffin.capabilities.metrics.service import answering, query, rollups
from tiffin.capabilities.metrics.service.grounds import library_under
from tiffin.capabilities.metrics.service.library import library_of, unchecked_library
from tiffin.engines.metrics import rollup_plan
from tiffin.engines.metrics.compiling.compiler import compile_request
from tiffin.engines.metrics.footprint import CityFacts, Footprint
from tiffin.engines.metrics.request import MetricRequest
from tiffin.kernel.errors import Forbidden, NotFound, TiffinError, WrongUse
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.time import Days
from tiffin.runtime.actor import Actor, Grant, Role
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_unit
from tiffin.runtime.markets import load_markets
from tiffin.runtime.warehouse.columns import arrow_schema
from tiffin.runtime.warehouse.opening import open_store
from tiffin.runtime.workspace import Workspace, create_workspace

NOW = datetime(TODAY.year, TODAY.month, TODAY.day, 10, 0, tzinfo=UTC)
EVERYTHING = (Grant(Role.STEWARD, ("*",), ("*",)),)
BATCH = 125
"""Requests of one marketplace."""
METRICS = 34
ROLLED_UP_VALUES = 200_000
REFUSED = (Forbidden, NotFound, WrongUse)


@dataclass(slots=True)
class Tally:
    """What a run found.

    Parameters
    ----------
    counts : Counter
        Requests, and how many were of a kind, from a roll-up, under a policy, of an engine, refused.
    differences : list of str
        Requests that were not answered alike, with what was found.
    """

    counts: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Take in what another run found."""
        self.counts += other.counts
        self.differences += other.differences


class _Written(yaml.SafeDumper):
    """Writes a value that is used twice twice."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True


class World:
    """One marketplace in a workspace with roll-ups, and the plain reading of it."""

    def __init__(self, folder: Path, seed: int, *, is_stored: bool = True) -> None:
        self.dice = random.Random(seed)  # noqa: S311 - not a secret
        self.market = Marketplace(self.dice)
        workspace = self._stored(folder) if is_stored else Workspace(folder, {})
        shipped = unchecked_library(workspace).model
        dimensions = {name: frozenset(source.dimensions) for name, source in shipped.sources.items()}
        wide = frozenset((*shipped.sources["orders"].dimensions,))
        definer = Definer(self.dice, {**dimensions, "wide_orders": wide & _wide_dimensions()})
        (workspace.root / "metrics").mkdir(exist_ok=True)
        text = yaml.dump(definer.content(METRICS), Dumper=_Written, allow_unicode=True, sort_keys=False)
        (workspace.root / "metrics" / "random.yaml").write_text(text, encoding="utf-8")
        self.rolled = replace(workspace, config={"rollups": {"checked_one_in": 0, "values": ROLLED_UP_VALUES}})
        self.bare = replace(workspace, config={"rollups": {"use": False}})
        self.library = library_of(workspace)
        model = self.library.model
        sources = {name: source.source for name, source in model.sources.items()}
        self.plain = Plain(model.dimensions, sources, model.metrics, self.market.tables, _usd_rates())
        own = [name for name in definer.known if name in model.metrics]
        others = [name for name in sorted(model.metrics) if name not in definer.known]
        self.drawer = Drawer(self.dice, self.market, self.plain, [*own, *self.dice.sample(others, 12)])
        if is_stored:
            self._roll_up()

    def _stored(self, folder: Path) -> Workspace:
        workspace = create_workspace(folder / "workspace")
        store = open_store(workspace)
        for table, rows in self.market.tables.items():
            if rows:
                found = pa.Table.from_pylist(rows, schema=arrow_schema(TABLES[table]))
                store.upsert(TABLES[table], found.to_reader(), now=NOW, source="proof")
        return workspace

    def _roll_up(self) -> None:
        before, rollup_plan.LEAST_SAVING = rollup_plan.LEAST_SAVING, 0
        try:
            with entered(self.rolled, EVERYTHING) as context:
                rollups.build_rollups(context)
        finally:
            rollup_plan.LEAST_SAVING = before

    def kinds(self, request: MetricRequest) -> set[str]:
        """Name the kinds of metrics that a request asks for."""
        metrics = self.plain.under(request).metrics
        return {str(metrics[name].kind) for name in request.metrics if name in metrics}


def _usd_rates() -> tuple[UsdRate, ...]:
    markets = load_markets().values()
    return tuple(
        UsdRate(market.currency, rate.since, Fraction(repr(rate.units_per_usd)))
        for market in markets
        for rate in market.usd_rates
    )


def _wide_dimensions() -> frozenset[str]:
    from request_definitions import WIDE  # noqa: PLC0415 - beside its only use

    return frozenset((*WIDE["dimensions"], "week", "month", "quarter", "weekday"))  # type: ignore[arg-type]


@contextmanager
def entered(workspace: Workspace, grants: Sequence[Grant], engine: str | None = None) -> Iterator[Context]:
    """Open a unit of work of somebody with these grants."""
    with open_unit(workspace, lambda _: Actor("prover", tuple(grants)), now=NOW, engine=engine) as context:
        yield context


def told(context: Context, request: MetricRequest) -> Outcome:
    """Ask the service."""
    try:
        return query(context, request).rows
    except TiffinError as error:
        return type(error).__name__


def plainly(world: World, request: MetricRequest, grants: Sequence[Grant]) -> Answer | str:
    """Ask the plain reading."""
    try:
        return world.plain.answer(request, openings_of(grants))
    except REFUSED as error:
        return type(error).__name__


@contextmanager
def noting(found: list[bool]) -> Iterator[None]:
    """Note of each answer of the service whether it was read from a roll-up."""
    real = answering.fetch

    def noted(*arguments: Any) -> Any:
        answer = real(*arguments)
        found.append(bool(answer.compiled.rollups))
        return answer

    answering.fetch = noted
    try:
        yield
    finally:
        answering.fetch = real


def prove_one(world: World, request: MetricRequest, grants: Sequence[Grant], *, spark: bool, tally: Tally) -> None:
    """Ask one request in every way, and note what differs."""
    expected = plainly(world, request, grants)
    readings = {} if isinstance(expected, str) else readings_of(world.plain.under(request), request)
    used: list[bool] = []
    ways = {"roll-ups": (world.rolled, None), "facts": (world.bare, None)}
    ways |= {"spark": (world.bare, "spark")} if spark else {}
    for way, (workspace, engine) in ways.items():
        with entered(workspace, grants, engine) as context, noting(used):
            found = told(context, request)
        if why := difference(found, expected, request, readings):
            tally.differences.append(f"{way}: {why}\n  {request}\n  {grants}")
    tally.counts["requests"] += 1
    tally.counts["from roll-ups"] += bool(used and used[0])
    tally.counts["under a policy"] += grants != EVERYTHING
    tally.counts["refused"] += isinstance(expected, str)
    tally.counts["on spark"] += spark
    tally.counts["with days"] += request.days is not None
    tally.counts["filled"] += request.fill
    tally.counts["in one currency"] += request.currency is not None
    tally.counts["approximate"] += request.is_approximate
    tally.counts["under a date or version"] += request.under is not None or "@" in "".join(request.metrics)
    for kind in world.kinds(request):
        tally.counts[f"kind {kind}"] += 1


def prove_compiled(seed: int, count: int, *, most: int = 1000) -> Tally:
    """Prove some requests of somebody who may see everything, compiled and run over tables in memory."""
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="random-requests-") as folder:
        world = World(Path(folder), seed, is_stored=False)
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'; SET threads = 1")
    for name, contract in TABLES.items():
        rows = list(world.market.tables.get(name, ()))
        connection.register(name, pa.Table.from_pylist(rows, schema=arrow_schema(contract)))
    for _ in range(count):
        request = replace(world.drawer.request(), currency=None)
        expected = plainly(world, request, EVERYTHING)
        try:
            library = library_under(world.library, request, TODAY)
            known = footprint_of(world.plain.under(request), request)
            compiled = compile_request(request, library.fragments["duckdb"], footprint=known)
            rows = connection.execute(compiled.sql).to_arrow_table()
            found: Outcome = tuple(zip(*(column.to_pylist() for column in rows.columns), strict=True))
        except REFUSED as error:
            found = type(error).__name__
        tally.counts["requests"] += 1
        if why := difference(found, expected, request, readings_of(world.plain, request)):
            tally.differences.append(f"compiled: {why}\n  {request}")
        if len(tally.differences) >= most:
            break
    return tally


def footprint_of(plain: Plain, request: MetricRequest) -> Footprint:
    """Say where facts are, as the plain reading finds them."""
    formulas = [plain.metrics[name].formula for name in request.metrics]
    sources = tuple(dict.fromkeys(source for formula in formulas for source in plain.sources_of(formula)))
    cities = {city: CityFacts(item.country, item.currency) for city, item in plain.cities(sources).items()}
    spans: dict[str, dict[str, Days]] = {}
    for source in sources:
        days: dict[str, list[Any]] = {}
        for fact in plain.facts(source):
            days.setdefault(fact.city, []).append(fact.day)
        spans[source] = {city: Days(min(found), max(found)) for city, found in days.items()}
    held = {source: plain.recorded((source,)) & cities.keys() for source in sources}
    return Footprint(cities, held, spans)


def prove_batch(seed: int, count: int, spark: float, *, most: int = 1000) -> Tally:
    """Prove some requests over one marketplace; stop when so many differences are known."""
    tally = Tally()
    folder = Path(tempfile.mkdtemp(prefix="random-requests-"))
    try:
        world = World(folder, seed)
        for _ in range(count):
            request, grants = world.drawer.request(), world.drawer.grants()
            prove_one(world, request, grants, spark=world.dice.random() < spark, tally=tally)
            if len(tally.differences) >= most:
                break
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    tally.differences = [f"seed {seed}: {item}" for item in tally.differences]
    return tally


def prove(requests: int, seed: int, *, jobs: int = 1, spark: float = 0.0) -> Tally:
    """Prove so many requests over as many marketplaces as they take."""
    sizes = [min(BATCH, requests - begun) for begun in range(0, requests, BATCH)]
    seeds = [seed * 100_000 + index for index in range(len(sizes))]
    whole = Tally()
    if jobs == 1:
        for one, size in zip(seeds, sizes, strict=True):
            whole.add(prove_batch(one, size, spark))
        return whole
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        for tally in pool.map(prove_batch, seeds, sizes, [spark] * len(sizes)):
            whole.add(tally)
    return whole


def main() -> None:
    """Run the proof and print what it found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("requests", type=int, nargs="?", default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--spark", type=float, default=0.01, help="share of requests asked of Spark Connect as well")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    begun = time.perf_counter()
    tally = prove(asked.requests, asked.seed, jobs=asked.jobs, spark=asked.spark)
    seconds = time.perf_counter() - begun
    if asked.json:
        print(json.dumps({**asdict(tally), "seconds": seconds}))
        return
    for item in tally.differences[:20]:
        print(item)
    for name, count in sorted(tally.counts.items()):
        print(f"{name:30} {count:7} {count / tally.counts['requests']:6.1%}")
    print(f"{len(tally.differences)} differences in {tally.counts['requests']} requests, {seconds:.1f} s")


if __name__ == "__main__":
    main()
