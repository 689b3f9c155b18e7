"""The checks' queries give one answer on every engine."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from tiffin.capabilities.quality import queries
from tiffin.capabilities.quality.domain import Side
from tiffin.capabilities.quality.service.watching import CONTENT
from tiffin.runtime.warehouse.opening import open_warehouse

DAY = date(2026, 2, 10)


def test_both_engines_count_compare_and_shape_alike(marketplace: Any, morning: Callable[..., datetime]) -> None:
    for city in ("riyadh", "kuwait"):
        marketplace.orders(city, DAY, numbers=range(20), at=morning(DAY))
        marketplace.stages(city, DAY, numbers=range(18), at=morning(DAY))
    asked = (
        queries.rows_by_day("orders", DAY, DAY),
        queries.side_by_day(Side("orders", "basket_minor", "status = 'delivered'"), DAY, DAY),
        queries.side_by_day(Side("order_stages", where="stage = 'placed'", known_in="orders"), DAY, DAY),
        queries.half_hours("orders", DAY, DAY),
        queries.contents("orders", CONTENT, DAY, DAY),
    )
    answers = []
    for engine in ("duckdb", "spark"):
        warehouse = open_warehouse(marketplace.workspace, engine=engine)
        found = [sorted(tuple(row.values()) for row in warehouse.query(query).to_pylist()) for query in asked]
        warehouse.close()
        answers.append(found)

    assert answers[0] == answers[1]
    assert [row[-1] for rows in answers[0][:3] for row in rows] == [20, 20, 20_000, 20_000, 18, 18]
