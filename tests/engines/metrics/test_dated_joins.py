"""A fact meets at most one row of a slowly changing dimension: the one that holds at its own moment."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tiffin.engines.metrics.building import build_model
from tiffin.engines.metrics.compiling.compiler import compile_request
from tiffin.engines.metrics.compiling.fragments import Fragments
from tiffin.engines.metrics.definitions import (
    Cardinality,
    ColumnType,
    Definitions,
    Dimension,
    Join,
    Table,
    Tables,
    Validity,
    Wording,
)
from tiffin.engines.metrics.request import MetricRequest

SPANS = Table(
    {"merchant_id": ColumnType.TEXT, "since": ColumnType.DATE, "until": ColumnType.DATE, "plan": ColumnType.TEXT},
    ("merchant_id", "since"),
)
DATED = Join(
    "plans",
    "plans",
    (("merchant_id", "merchant_id"),),
    Cardinality.MANY_TO_ONE,
    Validity("since", "until", "business_date"),
)
ORDERS = [
    {"merchant_id": "m", "business_date": date(2026, 1, day), "order_id": f"o{day}", "item_count": 1}
    for day in range(1, 9)
]


@pytest.fixture
def by_plan(definitions: Definitions, tables: Tables, asking: Callable[..., Any]) -> Callable[..., dict[Any, int]]:
    def asked(*spans: tuple[date, date | None, str]) -> dict[Any, int]:
        model, problems = build_model(with_join(definitions, DATED), {**tables, "plans": SPANS})
        assert not problems
        facts = asking(orders=ORDERS)
        facts.connection.execute("CREATE TABLE plans (merchant_id TEXT, since DATE, until DATE, plan TEXT)")
        facts.connection.executemany("INSERT INTO plans VALUES ('m', ?, ?, ?)", [list(span) for span in spans])
        request = MetricRequest(("orders",), ("plan",))
        return dict(facts.run(compile_request(request, Fragments(model, "duckdb")).sql))

    return asked


def test_each_fact_meets_the_row_of_its_own_day(by_plan: Callable[..., dict[Any, int]]) -> None:
    found = by_plan((date(2026, 1, 2), date(2026, 1, 5), "basic"), (date(2026, 1, 5), None, "plus"))
    assert found == {None: 1, "basic": 3, "plus": 4}


def test_spans_that_overlap_do_not_inflate(by_plan: Callable[..., dict[Any, int]]) -> None:
    found = by_plan((date(2026, 1, 1), None, "basic"), (date(2026, 1, 5), date(2026, 1, 7), "plus"))
    assert found == {"basic": 4, "plus": 2, None: 2}
    assert sum(found.values()) == len(ORDERS)


def test_a_join_that_says_no_moment_is_refused(definitions: Definitions, tables: Tables) -> None:
    undated = replace(DATED, valid=None)
    _, problems = build_model(with_join(definitions, undated), {**tables, "plans": SPANS})
    assert any("leaves out since of the key" in str(problem) for problem in problems)


def test_a_moment_of_another_type_than_the_spans_is_refused(definitions: Definitions, tables: Tables) -> None:
    wrong = replace(DATED, valid=Validity("since", "until", "placed_at"))
    _, problems = build_model(with_join(definitions, wrong), {**tables, "plans": SPANS})
    assert any("Both must be dates, or both instants" in str(problem) for problem in problems)


def with_join(definitions: Definitions, join: Join) -> Definitions:
    plan = Dimension("plan", ColumnType.TEXT, Wording({"en": "Plan"}))
    sources = tuple(
        replace(source, joins=(*source.joins, join), dimensions={**source.dimensions, "plan": "plans.plan"})
        if source.name == "orders"
        else source
        for source in definitions.sources
    )
    return replace(definitions, dimensions=(*definitions.dimensions, plan), sources=sources)
