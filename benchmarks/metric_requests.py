"""Measure what a metric request costs above the same SQL written by hand, on five million orders.

Compile: 400 distinct requests, each compiled once, by a model whose definitions are loaded (no plan is ever kept).
Request: from the request to Python rows through the service, warm, against the same question as a person would write it
in SQL, through the same warehouse, in the same process, one run of each in turn. Wall times are the fastest of the
runs, so that other work on the machine weighs on neither side; CPU is the median over all threads. The figure to hold:
whole request at most 1.15 times the hand-written SQL plus 2 ms. No roll-up is used; `metrics.py` measures those.

Run: ``nice .venv/bin/python benchmarks/metric_requests.py [ORDERS] [--engine duckdb|spark] [--json]``
"""

import argparse
import json
import random
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np
from asking import asking, workspace_over
from make_orders import make_orders

from tiffin.capabilities.metrics import service
from tiffin.capabilities.metrics.service.library import library_of
from tiffin.engines.metrics.compiling.compiler import compile_request
from tiffin.engines.metrics.compiling.fragments import Fragments
from tiffin.engines.metrics.model import Model
from tiffin.engines.metrics.request import Condition, MetricRequest, Operator
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.time import Days
from tiffin.runtime.context import Context

RUNS = 60
MIN_RUNS = 7
BUDGET_S = 15.0
FRAMED_SHARE = 0.4
"""Of the compiled requests, so many are given a metric over other days than its own; some are refused."""

ALLOWED_RATIO, ALLOWED_EXTRA_MS = 1.15, 2.0
YEAR = Days(date(2025, 11, 1), date(2026, 10, 31))
MONTH = Days(date(2026, 3, 1), date(2026, 3, 31))
DAY = Days(date(2026, 3, 14), date(2026, 3, 14))
CITY = (Condition("city_id", Operator.EQ, ("city-007",)),)


@dataclass(frozen=True, slots=True)
class Case:
    """One question, as a request and as SQL by hand."""

    name: str
    request: MetricRequest
    sql: str


TEN = (
    "orders",
    "delivered_orders",
    "completion_rate",
    "cancellation_rate",
    "lost_orders",
    "click_to_door_mean",
    "promise_mean",
    "late_share",
    "on_time_share",
    "pickup_to_door_mean",
)
_MINUTES = "(epoch_us({}) - epoch_us({})) / 60000000.0"
_TEN_SQL = f"""
    count(*), count(*) FILTER (WHERE status = 'delivered'),
    count(*) FILTER (WHERE status = 'delivered') / nullif(count(*) FILTER (WHERE status <> 'placed'), 0),
    count(*) FILTER (WHERE status = 'cancelled') / nullif(count(*) FILTER (WHERE status <> 'placed'), 0),
    count(*) FILTER (WHERE status = 'cancelled' AND cancel_reason = 'no_rider'),
    avg({_MINUTES.format("delivered_at", "placed_at")}) FILTER (WHERE status = 'delivered'),
    avg({_MINUTES.format("promised_at", "placed_at")}) FILTER (WHERE status = 'delivered'),
    count(*) FILTER (WHERE status = 'delivered' AND delivered_at > promised_at)
        / nullif(count(*) FILTER (WHERE status = 'delivered' AND promised_at IS NOT NULL), 0),
    count(*) FILTER (WHERE status = 'delivered' AND delivered_at <= promised_at)
        / nullif(count(*) FILTER (WHERE status = 'delivered' AND promised_at IS NOT NULL), 0),
    avg({_MINUTES.format("delivered_at", "picked_up_at")}) FILTER (WHERE status = 'delivered')
"""
_MARCH = "business_date BETWEEN DATE '2026-03-01' AND DATE '2026-03-31'"
_DAY = "business_date = DATE '2026-03-14'"

CASES = (
    Case(
        "orders by day and country, a month",
        MetricRequest(("orders",), ("business_date", "country"), days=MONTH),
        f"SELECT business_date, country, count(*) FROM orders WHERE {_MARCH} GROUP BY 1, 2 ORDER BY 1, 2",  # noqa: S608 - own text
    ),
    Case(
        "ten metrics by day and country, a month",
        MetricRequest(TEN, ("business_date", "country"), days=MONTH),
        f"SELECT business_date, country, {_TEN_SQL} FROM orders WHERE {_MARCH} GROUP BY 1, 2 ORDER BY 1, 2",  # noqa: S608 - own text
    ),
    Case(
        "ten metrics by day and country, a year",
        MetricRequest(TEN, ("business_date", "country")),
        f"SELECT business_date, country, {_TEN_SQL} FROM orders GROUP BY 1, 2 ORDER BY 1, 2",  # noqa: S608 - own text
    ),
    Case(
        "three metrics, one city, one day",
        MetricRequest(("orders", "late_share", "click_to_door_mean"), where=CITY, days=DAY),
        f"""SELECT count(*), count(*) FILTER (WHERE status = 'delivered' AND delivered_at > promised_at)
            / nullif(count(*) FILTER (WHERE status = 'delivered' AND promised_at IS NOT NULL), 0),
            avg({_MINUTES.format("delivered_at", "placed_at")}) FILTER (WHERE status = 'delivered')
            FROM orders WHERE city_id = 'city-007' AND {_DAY}""",  # noqa: S608 - own text
    ),
    Case(
        "three metrics, one city, one day, by half hour",
        MetricRequest(("orders", "late_share", "click_to_door_mean"), ("slot_at",), where=CITY, days=DAY),
        f"""SELECT slot_at, count(*), count(*) FILTER (WHERE status = 'delivered' AND delivered_at > promised_at)
            / nullif(count(*) FILTER (WHERE status = 'delivered' AND promised_at IS NOT NULL), 0),
            avg({_MINUTES.format("delivered_at", "placed_at")}) FILTER (WHERE status = 'delivered')
            FROM orders WHERE city_id = 'city-007' AND {_DAY} GROUP BY 1 ORDER BY 1""",  # noqa: S608 - own text
    ),
    Case(
        "on-time share by city, a year",
        MetricRequest(("on_time_share",), ("city_id",), days=YEAR),
        """SELECT city_id, count(*) FILTER (WHERE status = 'delivered' AND delivered_at <= promised_at)
           / nullif(count(*) FILTER (WHERE status = 'delivered' AND promised_at IS NOT NULL), 0)
           FROM orders WHERE business_date BETWEEN DATE '2025-11-01' AND DATE '2026-10-31' GROUP BY 1 ORDER BY 1""",
    ),
    Case(
        "mean basket by month and country",
        MetricRequest(("basket_value_mean",), ("month", "country")),
        """SELECT date_trunc('month', business_date)::DATE, country,
                  avg(basket_minor) FILTER (WHERE status = 'delivered')
           FROM orders GROUP BY 1, 2 ORDER BY 1, 2""",
    ),
    Case(
        "refund share by city and week (two sources)",
        MetricRequest(("refund_share",), ("city_id", "week")),
        """SELECT coalesce(o.city_id, r.city_id) AS c, coalesce(o.week, r.week) AS w,
                  coalesce(refunded, 0) / nullif(orders, 0)
           FROM (SELECT city_id, date_trunc('week', business_date)::DATE AS week, count(*) AS orders
                 FROM orders GROUP BY 1, 2) AS o
           FULL JOIN (SELECT city_id, date_trunc('week', business_date)::DATE AS week,
                      count(DISTINCT order_id) AS refunded FROM refunds GROUP BY 1, 2) AS r
           ON o.city_id = r.city_id AND o.week = r.week ORDER BY c, w""",
    ),
    Case(
        "90th percentile of click to door by country",
        MetricRequest(("click_to_door_p90",), ("country",)),
        f"""SELECT country, quantile_cont({_MINUTES.format("delivered_at", "placed_at")}, 0.9)
            FILTER (WHERE status = 'delivered') FROM orders GROUP BY 1 ORDER BY 1""",  # noqa: S608 - own text
    ),
    Case(
        "different customers by week",
        MetricRequest(("unique_customers",), ("week",)),
        """SELECT date_trunc('week', business_date)::DATE, count(DISTINCT (city_id, customer_id)) FROM orders
           GROUP BY 1 ORDER BY 1""",
    ),
    Case(
        "rider load and utilisation by city, a month",
        MetricRequest(("rider_load", "rider_utilisation"), ("city_id",), days=MONTH),
        f"""SELECT city_id, sum(outstanding_orders) FILTER (WHERE riders_on_shift IS NOT NULL)
                / nullif(sum(riders_on_shift) FILTER (WHERE outstanding_orders IS NOT NULL), 0),
                sum(busy_min) FILTER (WHERE online_min IS NOT NULL)
                / nullif(sum(online_min) FILTER (WHERE busy_min IS NOT NULL), 0)
            FROM marketplace_slots WHERE {_MARCH} GROUP BY 1 ORDER BY 1""",  # noqa: S608 - own text
    ),
)


def main() -> None:
    """Print every figure and whether it holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("orders", nargs="?", type=int, default=5_000_000)
    parser.add_argument("--engine", choices=("duckdb", "spark"), default="duckdb")
    parser.add_argument("--json", action="store_true")
    stated = parser.parse_args()
    workspace = workspace_over(make_orders(stated.orders) / ".tiffin" / "tables")
    with asking(workspace, engine=stated.engine) as context:
        compiled = _compile_times(context)
        cases = [_measured(context, case) for case in CASES] if stated.engine == "duckdb" else []
    if stated.json:
        print(json.dumps({"compile_ms": compiled, "requests": [asdict(found) for found in cases]}))
        return
    print(f"compile, {compiled['requests']:.0f} distinct requests: ", end="")
    print(", ".join(f"{name} {compiled[name]:.2f} ms" for name in ("median", "p95", "max")), end="; ")
    print(f"{compiled['framed']:.0f} of them over other days: ", end="")
    print(", ".join(f"{name} {compiled[f'framed_{name}']:.2f} ms" for name in ("median", "p95")))
    print(f"\n{'request':<48}{'by hand':>10}{'request':>10}{'ratio':>8}{'CPU ratio':>11}{'allowed':>10}  holds")
    for found in cases:
        line = f"{found.name:<48}{found.hand_ms:>8.1f}ms{found.request_ms:>8.1f}ms{found.ratio:>8.2f}"
        line += f"{found.cpu_ratio:>11.2f}"
        print(f"{line}{found.allowed_ms:>8.1f}ms  {'yes' if found.holds else 'NO'}")


@dataclass(frozen=True, slots=True)
class Figure:
    """What one case took."""

    name: str
    runs: int
    hand_ms: float
    request_ms: float
    ratio: float
    cpu_ratio: float
    allowed_ms: float
    holds: bool


def _compile_times(context: Context, count: int = 400) -> dict[str, float]:
    library = library_of(context.workspace)
    fragments = library.fragments[context.warehouse.dialect]
    for _ in _compiled(fragments, 600, seed=99):
        pass  # definitions are written once per process, not per request
    found = list(_compiled(fragments, count, seed=7))
    framed = [ms for request, ms in found if any(library.model.resolved[name].is_framed for name in request.metrics)]
    times = [ms for _, ms in found]
    told = {"requests": float(count), "max": max(times), "framed": float(len(framed))}
    sides = (("", times), ("framed_", framed))
    told |= {f"{side}{name}": float(np.percentile(ms, at)) for side, ms in sides for name, at in _PERCENTILES}
    return told


_PERCENTILES = (("median", 50), ("p95", 95))


def _compiled(fragments: Fragments, count: int, seed: int) -> Iterator[tuple[MetricRequest, float]]:
    """Compile distinct requests of every kind, and give each with its milliseconds."""
    given: set[MetricRequest] = set()
    for request in _requests(fragments.model, seed):
        if request in given:
            continue
        given.add(request)
        begun = time.perf_counter()
        try:
            compile_request(request, fragments)
        except WrongUse:  # windows and offsets are split by one period at most
            continue
        yield request, (time.perf_counter() - begun) * 1000
        count -= 1
        if not count:
            return


def _requests(model: Model, seed: int) -> Iterator[MetricRequest]:
    dice = random.Random(seed)  # noqa: S311 - not a secret
    framed = sorted(name for name, found in model.resolved.items() if found.is_framed)
    while True:
        metrics = tuple(dice.sample(sorted(model.metrics), dice.choice((1, 1, 2, 3, 5, 10))))
        if dice.random() < FRAMED_SHARE:
            metrics = tuple(dict.fromkeys((*metrics, dice.choice(framed))))
        shared = sorted(frozenset.intersection(*(model.resolved[name].dimensions for name in metrics)))
        by = tuple(dice.sample(shared, min(len(shared), dice.choice((0, 1, 2, 3)))))
        cities = tuple(f"city-{dice.randrange(300):03d}" for _ in range(dice.choice((1, 1, 3))))
        where = (Condition("city_id", Operator.IN, cities),)
        first = date(2026, dice.randint(1, 6), dice.randint(1, 28))
        last = date(2026, dice.randint(7, 10), dice.randint(1, 28))
        yield MetricRequest(metrics, by, where, Days(first, last))


def _measured(context: Context, case: Case) -> Figure:
    def ask() -> list[tuple[Any, ...]]:
        return list(service.query(context, case.request).rows)

    def by_hand() -> list[tuple[Any, ...]]:
        answer = context.warehouse.query_text(case.sql)
        return list(zip(*(column.to_pylist() for column in answer.columns), strict=True))

    same_rows(ask(), by_hand(), case.name)
    hands: list[tuple[float, float]] = []
    requests: list[tuple[float, float]] = []
    begun = time.perf_counter()
    while len(hands) < RUNS and (len(hands) < MIN_RUNS or time.perf_counter() - begun < BUDGET_S):
        hands.append(_timed(by_hand))
        requests.append(_timed(ask))
    hand, request = (min(wall for wall, _ in runs) for runs in (hands, requests))
    cpu = statistics.median(c for _, c in requests) / statistics.median(c for _, c in hands)
    allowed = ALLOWED_RATIO * hand + ALLOWED_EXTRA_MS
    return Figure(case.name, len(hands), hand, request, request / hand, cpu, allowed, request <= allowed)


def _timed(step: Callable[[], object]) -> tuple[float, float]:
    """Give wall and CPU milliseconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    step()
    return (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000


def case_named(name: str) -> Case:
    """Find a case."""
    return next(case for case in CASES if case.name == name)


def same_rows(found: list[tuple[Any, ...]], expected: list[tuple[Any, ...]], name: str) -> None:
    """End the benchmark where two answers differ."""
    if len(found) != len(expected):
        raise SystemExit(f"{name}: {len(found)} rows against {len(expected)} by hand")
    for one, other in zip(found, expected, strict=True):
        for left, right in zip(one, other, strict=True):
            numbers = isinstance(left, (int, float)) and isinstance(right, (int, float))
            if not (np.isclose(left, right, rtol=1e-9) if numbers else left == right):
                raise SystemExit(f"{name}: {one} against {other} by hand")


if __name__ == "__main__":
    main()
