"""Tell whether faults of data are found, and how often somebody is called for nothing.

Synthetic years of countries with Ramadan, Golden Week and carnival, into which faults are planted: a late feed, a
partition loaded twice, a currency slip, a silent edit of a settled day, a zone that is half an hour off. Prints recall
by kind and false alarms per 1,000 metric-country-days, beside a plain seasonal z-score on the same numbers whose
threshold was chosen on other worlds to give one false alarm per 1,000.

A fault is found if a check names its country (and, where the check names a city, its city) on its day. Every finding on
another day is a false alarm. Nothing was tuned on the worlds of the figure: the seeds under 100 were for that.

Run: ``nice .venv/bin/python benchmarks/data_faults.py [--copies 4] [--each 80] [--seeds 1001 1002]``.
"""

# ruff: noqa: PLR2004 - months and shares of the worlds stand where they are used

import argparse
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))

from fault_world import COUNTS, KINDS, LEARNING_YEARS, METRICS, PLACES, Country, Planted, make_world, metrics_of, plant

from tiffin.engines.anomalies.checks import (
    Check,
    CheckSettings,
    Contents,
    Finding,
    Profile,
    Settled,
    Watched,
    moved,
    out_of_shape,
    repeated_contents,
    unexpected,
)
from tiffin.engines.anomalies.festivals import DayMarks, weights_of
from tiffin.engines.anomalies.forecast import Nature, Series

ALLOWED = 0.005
TUNING_SEED = 7
CITY_METRICS = ("orders", "basket_mean")


@dataclass(frozen=True, slots=True)
class Figure:
    """What some checks found in some worlds."""

    recall: dict[str, float]
    overall: float
    false_alarms: int
    metric_country_days: int
    by_check: Counter[str]
    seconds: float

    @property
    def per_thousand(self) -> float:
        """False alarms per 1,000 metric-country-days."""
        return 1000 * self.false_alarms / self.metric_country_days


def find_faults(world: Sequence[Country], settings: CheckSettings | None = None) -> list[Finding]:
    """Run every check over every day of a world."""
    stated = settings or CheckSettings()
    watched: list[Watched] = []
    profiles: list[Profile] = []
    contents: list[Contents] = []
    settled: list[Settled] = []
    for country in world:
        marks = marks_of(country)
        watched += _watched(country, marks)
        sorts = [3 if m.hijri and m.hijri[0] == 9 else int(m.is_weekend) for m in marks]
        for city in country.cities:
            profiles.append(Profile("orders", country.name, city.city_id, country.days, city.bins, sorts))
            rows = city.bins.sum(axis=1)
            contents.append(Contents("orders", country.name, city.city_id, country.days, rows, city.distinct))
        settled += _settled(country)
    return [
        *unexpected(watched, stated),
        *out_of_shape(profiles, stated),
        *repeated_contents(contents, stated),
        *moved(settled),
    ]


def marks_of(country: Country) -> list[DayMarks]:
    """Give the calendar of a country, as the platform knows it."""
    keeps, carnival = PLACES[country.place][2:]
    calendar = country.calendar
    return [
        DayMarks(
            day,
            is_weekend=bool(calendar["is_weekend"][row]),
            holiday=calendar["holiday"][row],  # type: ignore[arg-type] # a column of texts
            hijri=_month_day(str(calendar["hijri_date"][row])) if keeps else None,
            carnival=carnival,
            known=("campaign",) if country.announced[row] else (),
        )
        for row, day in enumerate(country.days)
    ]


def score(world: Sequence[Country], planted: Sequence[Planted], findings: Iterable[Finding], seconds: float) -> Figure:
    """Compare what was found with what was planted."""
    first = world[0].days[LEARNING_YEARS * 365]
    by_day: dict[tuple[str, date], list[Finding]] = defaultdict(list)
    for one in findings:
        if one.day >= first:
            by_day[one.country, one.day].append(one)
    hits: dict[str, list[bool]] = {kind: [] for kind in KINDS}
    for fault in planted:
        named = by_day[fault.country, fault.day]
        hits[fault.kind].append(any(fault.city_id in (None, f.city_id) or f.city_id is None for f in named))
    faulty = {(fault.country, fault.day) for fault in planted}
    false = {
        (f.metric, f.country, f.day, f.check.value) for k, listed in by_day.items() if k not in faulty for f in listed
    }
    alarms = {(metric, country, day) for metric, country, day, _ in false}
    days = sum(len(country.days) - LEARNING_YEARS * 365 for country in world)
    return Figure(
        {kind: float(np.mean(found)) for kind, found in hits.items()},
        float(np.mean([one for found in hits.values() for one in found])),
        len(alarms),
        days * len(METRICS),
        Counter(check for *_, check in false),
        seconds,
    )


def plain_scores(world: Sequence[Country]) -> list[tuple[str, str, date, float]]:
    """Score each number against the median and the spread of the eight same weekdays before: the plain peer."""
    found = []
    for country in world:
        for metric, (values, _) in metrics_of(country.cities).items():
            logs = np.log(np.maximum(values, 1e-6))
            for row in range(LEARNING_YEARS * 365, len(logs)):
                past = logs[row - 56 : row : 7]
                middle = np.median(past)
                spread = max(1.4826 * float(np.median(np.abs(past - middle))), 0.01)
                found.append((metric, country.name, country.days[row], float(abs(logs[row] - middle) / spread)))
    return found


def plain_limit(seed: int, copies: int) -> float:
    """Choose the plain peer's threshold on worlds of their own, for one false alarm per 1,000."""
    return float(np.quantile([z for *_, z in plain_scores(make_world(seed, copies=copies))], 0.999))


def measure(seed: int, *, copies: int, each: int, settings: CheckSettings | None = None) -> Figure:
    """Make a world, plant faults, look for them."""
    world, planted = plant(make_world(seed, copies=copies), seed, each=each)
    begun = time.perf_counter()
    findings = find_faults(world, settings)
    return score(world, planted, findings, time.perf_counter() - begun)


def measure_plain(seed: int, *, copies: int, each: int, limit: float) -> Figure:
    """Look for the same faults with the plain peer, and with the plain peer alone."""
    world, planted = plant(make_world(seed, copies=copies), seed, each=each)
    begun = time.perf_counter()
    passed = [
        Finding(Check.FORECAST, metric, country, None, day, z)
        for metric, country, day, z in plain_scores(world)
        if z > limit
    ]
    return score(world, planted, passed, time.perf_counter() - begun)


def main() -> None:
    """Print the figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--copies", type=int, default=4)
    parser.add_argument("--each", type=int, default=80)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1001, 1002])
    stated = parser.parse_args()
    limit = plain_limit(TUNING_SEED, stated.copies)
    for seed in stated.seeds:
        _tell(f"seed {seed}", measure(seed, copies=stated.copies, each=stated.each))
        _tell("  seasonal z-score", measure_plain(seed, copies=stated.copies, each=stated.each, limit=limit))


def _tell(label: str, figure: Figure) -> None:
    kinds = "  ".join(f"{kind} {share:.3f}" for kind, share in figure.recall.items())
    print(
        f"{label}: recall {figure.overall:.3f}  ({kinds})  false alarms {figure.per_thousand:.2f} per 1,000 "
        f"({figure.false_alarms} in {figure.metric_country_days:,} metric-country-days; "
        f"{dict(figure.by_check)})  {figure.seconds:.1f} s"
    )


def _watched(country: Country, marks: list[DayMarks]) -> list[Watched]:
    weights = weights_of(marks)
    parts = [(None, country.cities, METRICS)]
    if len(country.cities) > 1:
        parts += [(city.city_id, (city,), CITY_METRICS) for city in country.cities]  # type: ignore[arg-type, misc] # a city or none
    found = []
    for city_id, cities, names in parts:
        numbers = metrics_of(cities)
        for name in names:
            values, sizes = numbers[name]
            found.append(
                Watched(name, country.name, city_id, Series(_nature(name), country.days, values, weights, sizes))
            )
    return found


def _nature(metric: str) -> Nature:
    if metric in COUNTS:
        return Nature.COUNT
    return Nature.SHARE if metric.endswith(("_rate", "_share")) else Nature.AMOUNT


def _settled(country: Country) -> list[Settled]:
    return [
        Settled(
            metric, country.name, country.days[row], float(country.settled[metric][row]), float(values[row]), ALLOWED
        )
        for metric, (values, _) in metrics_of(country.cities).items()
        for row in range(LEARNING_YEARS * 365, len(country.days))
    ]


def _month_day(hijri: str) -> tuple[int, int]:
    return int(hijri[5:7]), int(hijri[8:10])


if __name__ == "__main__":
    main()
