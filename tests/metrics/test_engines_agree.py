"""One answer, whichever engine gives it."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import groupby, islice
from pathlib import Path
from typing import Any

import pytest

from tiffin.capabilities.metrics import service
from tiffin.capabilities.metrics.domain.examples import same
from tiffin.capabilities.metrics.service import checking
from tiffin.capabilities.metrics.service.library import unchecked_library
from tiffin.engines.metrics.request import Condition, MetricRequest, Operator
from tiffin.runtime.context import Context
from tiffin.runtime.workspace import Workspace

SHIPPED = unchecked_library(Workspace(Path("/nowhere"), {})).model


def differences(one: Any, other: Any) -> list[tuple[Any, Any]]:
    """Pair the rows of two answers that do not agree."""
    assert [column.name for column in one.columns] == [column.name for column in other.columns]
    if len(one.rows) != len(other.rows):
        return [(len(one.rows), len(other.rows))]
    left, right = (sorted(found.rows, key=repr) if None in found.rows else found.rows for found in (one, other))
    pairs = zip(left, right, strict=True)
    return [(a, b) for a, b in pairs if not all(same(x, y) for x, y in zip(a, b, strict=True))]


@pytest.fixture(scope="module")
def both(small: Workspace, entering: Any) -> Iterator[tuple[Context, Context]]:
    """The small workspace on either engine."""
    with entering(small, engine="duckdb") as one, entering(small, engine="spark") as other:
        yield one, other


@pytest.mark.parametrize("engine", checking.ENGINES)
def test_every_worked_example_gives_its_value(small: Workspace, entering: Any, engine: str) -> None:
    with entering(small) as context:
        report = checking.check(context, engines=(engine,))
    assert report.problems == ()
    assert [f"{outcome.metric}: {outcome.why}" for outcome in report.failures] == []
    assert len({outcome.metric for outcome in report.outcomes}) == report.metrics >= 40


@pytest.mark.parametrize("grain", ["business_date", "week", "month", "quarter", "weekday", "local_hour", "slot_at"])
def test_time_grains_agree(both: Any, grain: str) -> None:
    request = MetricRequest(("orders", "late_share", "click_to_door_p90"), (grain,))
    assert differences(*(service.query(context, request) for context in both)) == []


def test_odd_texts_survive_filters_on_either_engine(both: Any) -> None:
    for text in ("it's; -- \\", "o'clock\\"):
        where = (Condition("category" if ";" in text else "city_id", Operator.EQ, (text,)),)
        one, other = (service.query(context, MetricRequest(("orders",), where=where)) for context in both)
        assert one.rows == other.rows
        assert one.rows[0][0] > 0


@pytest.mark.parametrize(
    "condition",
    [
        Condition("slot_at", Operator.GE, (datetime(2026, 1, 27, 13, 30, tzinfo=UTC),)),
        Condition("slot_at", Operator.BETWEEN, tuple(datetime(2026, 1, day, 1, 30, tzinfo=UTC) for day in (27, 30))),
        Condition("business_date", Operator.IN, (date(2026, 1, 27), date(2026, 1, 31))),
        Condition("month", Operator.NE, (date(2026, 2, 1),)),
        Condition("weekday", Operator.EQ, (7,)),
        Condition("local_hour", Operator.LT, (9,)),
        Condition("is_simulated", Operator.EQ, (True,)),
        Condition("is_weekend", Operator.EQ, (False,)),
        Condition("zone_id", Operator.IS_NOT_NULL),
    ],
    ids=str,
)
def test_filters_of_every_type_agree(both: Any, condition: Condition) -> None:
    metrics = ("orders",) if condition.dimension == "is_weekend" else ("orders", "slots_with_demand")
    found = [service.query(context, MetricRequest(metrics, where=(condition,))).rows for context in both]
    assert found[0] == found[1]
    assert 0 < found[0][0][0] < 400


@pytest.mark.parametrize("seed", range(4))
def test_random_requests_agree(both: Any, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - not a secret
    for _ in range(12):
        request = random_request(dice)
        request = request if not is_money(request) else replace(request, by=(*request.by, "currency"))
        assert differences(*(service.query(context, request) for context in both)) == [], request


def is_money(request: MetricRequest) -> bool:
    """Tell whether a request adds up money without splitting it by currency."""
    return "currency" not in request.by and any(SHIPPED.resolved[name].is_money for name in request.metrics)


OF_PLACES = sorted(name for name in SHIPPED.metrics if "zone_id" in SHIPPED.resolved[name].dimensions)
OF_CHECKS = sorted(name for name in SHIPPED.metrics if "checked_table" in SHIPPED.resolved[name].dimensions)


def random_request(dice: random.Random) -> MetricRequest:
    metrics = tuple(dice.sample(dice.choice([OF_PLACES, OF_PLACES, OF_CHECKS]), dice.choice([1, 2, 4, 8])))
    shared = sorted(frozenset.intersection(*(SHIPPED.resolved[name].dimensions for name in metrics)))
    by = tuple(dice.sample(shared, min(len(shared), dice.choice([0, 1, 2]))))
    where = dice.choice(
        [
            (),
            (Condition("country", Operator.EQ, ("SA",)),),
            (Condition("city_id", Operator.NOT_IN, ("jeddah",)),),
            *([(Condition("zone_id", Operator.IS_NULL),)] if "zone_id" in shared else []),
        ]
    )
    return MetricRequest(metrics, by, where)


def kind_of(metric: str) -> tuple[tuple[str, ...], bool, bool]:
    resolved = SHIPPED.resolved[metric]
    return resolved.sources, resolved.is_money, resolved.is_framed


def asked_together() -> Iterator[tuple[str, ...]]:
    """Put up to eight metrics together that are read from the same sources, in money or not."""
    for _, alike in groupby(sorted(SHIPPED.metrics, key=kind_of), key=kind_of):
        while names := tuple(islice(alike, 8)):
            yield names


def test_every_shipped_metric_agrees_on_the_real_files(real: Workspace, entering: Any) -> None:
    with entering(real, engine="duckdb") as one, entering(real, engine="spark") as other:
        for names in asked_together():
            for by in (("city_id",), ("city_id", "business_date"), ("country", "week")):
                request = MetricRequest(names, by)
                request = replace(request, by=(*by, "currency")) if is_money(request) else request
                found = differences(service.query(one, request), service.query(other, request))
                assert found == [], (names, by)


@pytest.mark.parametrize(
    ("metric", "city", "expected", "digits"),
    [
        ("late_share", "helsinki", 0.4096, 4),
        ("late_over_10_share", "helsinki", 0.1029, 4),
        ("undersupplied_slots_share", "bolt-unnamed-city", 502 / 839, 9),
    ],
)
def test_headline_figures_are_those_that_the_files_are_known_by(
    real: Workspace, entering: Any, metric: str, city: str, expected: float, digits: int
) -> None:
    with entering(real) as context:
        found = service.query(context, MetricRequest((metric,), where=(Condition("city_id", Operator.EQ, (city,)),)))
    assert round(found.rows[0][0], digits) == round(expected, digits)


def test_refund_share_counts_only_feeds_that_bring_refunds(real: Workspace, entering: Any) -> None:
    with entering(real) as context:
        found = service.query(context, MetricRequest(("refund_share",)))
        by_city = dict(service.query(context, MetricRequest(("refund_share",), ("city_id",))).rows)
    assert round(found.rows[0][0], 4) == 0.0274
    assert by_city["helsinki"] is None
    assert all(city.startswith("doordash-ops") for city in found.receipt.recorded_in["refund_share"])


@pytest.mark.parametrize("engine", checking.ENGINES)
def test_unknown_values_of_several_types_stand_side_by_side(
    empty: Workspace, entering: Any, writing: Any, engine: str
) -> None:
    writing(empty, orders=[{"city_id": "x", "order_id": "a", "business_date": date(2026, 1, 1), "source": "f"}])
    with entering(empty, engine=engine) as context:
        for by, row in (((), (None, None, 1)), (("city_id",), ("x", None, None, 1))):
            found = service.query(context, MetricRequest(("ratings", "rating_mean", "orders"), by))
            assert found.rows == (row,)
