"""Tell what the checks of a table cost, how often they call somebody for nothing, and what they find.

Cost: all checks that the contract of ``orders`` promises, over 5 million orders, beside hand-written statements that
compute the same (one scan for all rules of rows and the key; one for the rows of each city's day; one for each
reference), and beside one that only reads the table once (rows, and least and greatest value of every column); medians
of alternating runs in CPU seconds and wall clock, with the parts.

False alarms: clean years. Volume on the synthetic countries of ``fault_world.py`` (Ramadan, Golden Week, carnival,
campaigns that are known); distribution on cities whose shares differ from day to day more than draws from one urn
would, and drift with the season. Only the years after the first count. Power: the same years with one day changed.

Run: ``nice .venv/bin/python benchmarks/quality_checks.py [--orders 5000000] [--runs 5] [--cities 60] [--seed 1001]``.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent))

from data_faults import marks_of
from fault_world import Country, make_world
from make_orders import make_orders

from tiffin.capabilities.quality import service
from tiffin.capabilities.quality.domain.checks import CheckKind, Origin, Result, Status, TableCheck
from tiffin.capabilities.quality.service.check_days import VOLUME, ground_of
from tiffin.capabilities.quality.service.check_rules import retained
from tiffin.capabilities.quality.service.check_running import look
from tiffin.engines.anomalies.checks import Watched, unexpected
from tiffin.engines.anomalies.drift import DriftSettings, drifts
from tiffin.engines.anomalies.festivals import weights_of
from tiffin.engines.anomalies.forecast import Nature, Series
from tiffin.kernel.facts.registry import TABLES
from tiffin.kernel.row_rules import row_rules
from tiffin.runtime.actor import Actor, Grant, Role
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_unit
from tiffin.runtime.workspace import Workspace, open_workspace

Floats = NDArray[np.float64]
YEAR = 365
EVERYTHING = (Grant(Role.STEWARD, ("*",), ("*",)),)
VOLUMES = (0.5, 0.75, 1.25, 2.0)
MOVES = (0.05, 0.10, 0.20)
SHAPES = ((2, 200), (4, 1000), (4, 20_000), (8, 1000), (20, 5000))
"""Values of a column, and rows of a day."""

BY_HAND, PLAIN = "the same by hand", "one plain scan"
MADE = ("cities", "merchants", "zones")
"""Tables besides orders that the benchmark has; a reference to any other cannot be judged."""

ALIKE = (300.0, 2000.0)
"""How alike days are: the concentration of the shares that each day draws."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orders", type=int, default=5_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--cities", type=int, default=60, help="city-years of each shape of a distribution")
    parser.add_argument("--copies", type=int, default=3, help="synthetic countries of each kind")
    parser.add_argument("--seed", type=int, default=1001)
    asked = parser.parse_args()
    if asked.orders:
        cost(asked.orders, asked.runs)
    volume(asked.seed, asked.copies)
    distribution(asked.seed, asked.cities)


def cost(orders: int, runs: int) -> None:
    """Print what the contract's checks cost beside a plain scan."""
    now = datetime(2026, 3, 1, tzinfo=UTC)
    with (
        tempfile.TemporaryDirectory(prefix="tiffin-checks-") as folder,
        open_unit(
            _over(make_orders(orders), Path(folder)), lambda _: Actor("benchmark", EVERYTHING), now=now
        ) as context,
    ):
        checks = [one for one in service.table_checks(context)["orders"] if one.origin is Origin.CONTRACT]
        plain, same = _plain(), _by_hand()
        parts: dict[str, list[tuple[float, float]]] = {}
        for _ in range(runs + 1):
            parts.setdefault(BY_HAND, []).append(_timed(lambda: [context.warehouse.query_text(one) for one in same]))
            parts.setdefault(PLAIN, []).append(_timed(lambda: context.warehouse.query_text(plain)))
            parts.setdefault("all checks", []).append(_timed(lambda: _look(context, checks)))
            for kind in CheckKind:
                of_kind = [one for one in checks if one.kind is kind]
                if of_kind:
                    name = f"  {kind.value} ({len(of_kind)})"
                    parts.setdefault(name, []).append(_timed(partial(_look, context, of_kind)))
        found = _look(context, checks)
    scan_cpu, scan_wall = _medians(parts[BY_HAND])
    print(
        f"\n{orders:,} orders, {len(checks)} checks, {sum(one.status is Status.FAILED for one in found)} results fail"
    )
    print(f"{'':<28}{'CPU s':>8}{'ratio':>8}{'wall s':>8}{'ratio':>8}")
    for name, times in parts.items():
        cpu, wall = _medians(times)
        print(f"{name:<28}{cpu:>8.2f}{cpu / scan_cpu:>8.2f}{wall:>8.2f}{wall / scan_wall:>8.2f}")


def volume(seed: int, copies: int) -> None:
    """Print false alarms and power of the checks of volume."""
    world = make_world(seed, copies=copies)
    dice = np.random.default_rng(seed)
    clean = [one for country in world for one in _cities(country)]
    alarms, days = 0, 0
    for one in _by_length(clean):
        found = unexpected(one, VOLUME)
        judged = len(one) * (len(one[0].series.days) - YEAR)
        alarms += sum(hit.day >= one[0].series.days[YEAR] for hit in found)
        days += judged
    print(f"\nvolume: {alarms} false alarms in {days:,} city-days, {1000 * alarms / days:.2f} in 1,000")
    for size in VOLUMES:
        hit = 0
        for one in _by_length(clean):
            places = [int(dice.integers(YEAR, len(series.series.days))) for series in one]
            changed = [_resized(series, place, size) for series, place in zip(one, places, strict=True)]
            found_at = {(found.city_id, found.day) for found in unexpected(changed, VOLUME)}
            pairs = zip(changed, places, strict=True)
            hit += sum((series.city_id, series.series.days[place]) in found_at for series, place in pairs)
        print(f"  a day of {size:.2f} of its rows is found in {hit / len(clean):.2f} of {len(clean)} cities")


def distribution(seed: int, cities: int) -> None:
    """Print false alarms and power of the checks of distribution."""
    settings = DriftSettings()
    print(f"\ndistribution: stated rate {1000 * settings.rate:.2f} in 1,000; least distance {settings.least_effect}")
    print(f"{'values':>7}{'rows':>8}{'alike':>7}{'city-days':>11}{'alarms':>8}" + "".join(f"{m:>9.0%}" for m in MOVES))
    total, judged_days = 0, 0
    for values, rows in SHAPES:
        for alike in ALIKE:
            dice = np.random.default_rng([seed, values, rows, int(alike)])
            drawn = [_city(dice, values, rows, alike) for _ in range(cities)]
            judged = [drifts(counts, sorts, settings) for counts, sorts in drawn]
            days, alarms = sum(map(len, judged)), sum(one.is_drifted for found in judged for one in found)
            power = [_power(dice, drawn, move, settings) for move in MOVES]
            total, judged_days = total + alarms, judged_days + days
            print(f"{values:>7}{rows:>8}{alike:>7.0f}{days:>11,}{alarms:>8}" + "".join(f"{one:>9.2f}" for one in power))
    print(f"in all {total} false alarms in {judged_days:,} city-days, {1000 * total / judged_days:.3f} in 1,000")


def _over(made: Path, folder: Path) -> Workspace:
    """Open a workspace of its own over the tables that were made."""
    (folder / ".tiffin").mkdir()
    (folder / ".tiffin" / "tables").symlink_to(made / ".tiffin" / "tables")
    (folder / "tiffin.toml").write_text((made / "tiffin.toml").read_text(encoding="utf-8"), encoding="utf-8")
    return open_workspace(folder)


def _look(context: Context, checks: Sequence[TableCheck]) -> tuple[Result, ...]:
    return look(ground_of(context), "orders", checks)


def _plain() -> str:
    names = TABLES["orders"].column_names
    return f"SELECT count(*), {', '.join(f'min({name}), max({name})' for name in names)} FROM orders"  # noqa: S608 - names of ours


def _by_hand() -> list[str]:
    """Write what computes the same, as somebody would who knows the table."""
    contract = TABLES["orders"]
    rules = [rule.sql for rule in row_rules(contract)]
    rules.append(retained("business_date", "2020-01-01"))
    broken = ", ".join(f"sum(CASE WHEN {rule} THEN 0 ELSE 1 END)" for rule in rules)
    key = ", ".join(contract.key)
    references = []
    for column in contract.columns:
        table, _, name = (column.references or "").partition(".")
        if table in MADE:
            known, on = f"{name} AS ref", f"{column.name} = ref"
            if column.name != "city_id":
                known, on = f"city_id AS home, {known}", f"city_id = home AND {on}"
            references.append(
                f"SELECT count(*) FROM orders LEFT JOIN (SELECT DISTINCT {known} FROM {table}) ON {on} "  # noqa: S608 - ours
                f"WHERE {column.name} IS NOT NULL AND ref IS NULL"
            )
    return [
        f"SELECT count(*), count(DISTINCT hash({key})), {broken} FROM orders",  # noqa: S608 - names of ours
        "SELECT city_id, business_date, count(*) FROM orders GROUP BY ALL",
        *references,
    ]


def _timed(run: Callable[[], object]) -> tuple[float, float]:
    cpu, wall = time.process_time(), time.perf_counter()
    run()
    return time.process_time() - cpu, time.perf_counter() - wall


def _medians(times: Sequence[tuple[float, float]]) -> tuple[float, float]:
    kept = times[1:]  # the first run opens files
    return statistics.median(cpu for cpu, _ in kept), statistics.median(wall for _, wall in kept)


def _cities(country: Country) -> list[Watched]:
    weights = weights_of(marks_of(country))
    return [
        Watched("orders", country.name, city.city_id, Series(Nature.COUNT, country.days, orders, weights))
        for city in country.cities
        for orders in (city.bins.sum(axis=1),)
    ]


def _by_length(listed: Sequence[Watched]) -> list[list[Watched]]:
    """Group series as a run of the checks takes them: those of one marketplace together."""
    found: dict[str, list[Watched]] = {}
    for one in listed:
        found.setdefault(one.country[-1], []).append(one)
    return list(found.values())


def _resized(one: Watched, place: int, size: float) -> Watched:
    values = one.series.values.copy()
    values[place] = np.floor(values[place] * size)
    series = Series(one.series.nature, one.series.days, values, one.series.weights)
    return Watched(one.metric, one.country, one.city_id, series)


def _city(dice: np.random.Generator, values: int, rows: int, alike: float) -> tuple[Floats, list[int]]:
    """Draw two years of a column's values in a city; weekends and seasons have shares of their own."""
    usual, other, holiday = (dice.dirichlet(np.full(values, 1.5)) for _ in range(3))
    counts, sorts = np.zeros((2 * YEAR, values)), []
    for day in range(2 * YEAR):
        weekend = 0.3 * (day % 7 >= 5)  # noqa: PLR2004 - Saturday and Sunday
        season = 0.1 * (0.5 + 0.5 * np.sin(2 * np.pi * day / YEAR))
        shares = (1 - weekend - season) * usual + weekend * other + season * holiday
        counts[day] = dice.multinomial(dice.poisson(rows), dice.dirichlet(shares * alike + 1e-9))
        sorts.append(int(weekend > 0))
    return counts, sorts


def _power(
    dice: np.random.Generator, drawn: Sequence[tuple[Floats, list[int]]], move: float, settings: DriftSettings
) -> float:
    """Tell how often a day is found on which a share of all rows took the value of another."""
    hit = 0
    for counts, sorts in drawn:
        day = int(dice.integers(YEAR, 2 * YEAR))
        changed = counts[day - YEAR // 2 : day + 1].copy()
        taken = np.floor(changed[-1] * move)
        changed[-1] -= taken
        changed[-1, int(np.argmin(changed.sum(axis=0)))] += taken.sum()
        found = {one.day: one.is_drifted for one in drifts(changed, sorts[day - YEAR // 2 : day + 1], settings)}
        hit += found.get(len(changed) - 1, False)
    return hit / len(drawn)


if __name__ == "__main__":
    main()
