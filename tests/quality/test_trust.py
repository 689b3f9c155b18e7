"""What the checks found is a governed number: failures by severity, clean tables, and how soon it was right again."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tiffin.capabilities.metrics import service as metrics
from tiffin.capabilities.quality import service
from tiffin.capabilities.quality.pages.trend import trend
from tiffin.engines.metrics.request import MetricRequest
from tiffin.runtime.actor import Grant, Role

DAY = date(2026, 2, 10)
NOW = datetime(2026, 2, 11, 8, tzinfo=UTC)


@pytest.fixture
def mended(marketplace: Any, entering: Callable) -> None:
    """Let baskets be below nought for ninety minutes."""
    marketplace.orders("riyadh", DAY, numbers=range(8), at=NOW - timedelta(hours=3))
    for minutes, value in ((0, -5), (90, 1000)):
        at = NOW + timedelta(minutes=minutes)
        marketplace.orders("riyadh", DAY, numbers=range(8), value=value, at=at)
        with entering(at) as context:
            service.check_tables(context, tables=("orders", "cities"))


@pytest.mark.usefixtures("mended")
def test_failures_are_told_by_severity_and_recovery_by_table(entering: Callable) -> None:
    with entering(NOW + timedelta(hours=2)) as context:
        severities = metrics.query(context, MetricRequest(("failed_checks",), ("severity",))).rows
        tables = metrics.query(context, MetricRequest(("recovery_mean", "broken_row_share"), ("checked_table",))).rows
        clean = metrics.query(context, MetricRequest(("clean_tables", "checked_tables"))).rows

    assert {name: value for name, value in severities if value} == {"critical": 1}
    recovery = {table: mean for table, mean, _ in tables}
    broken = {table: share for table, _, share in tables}
    assert recovery == {"cities": None, "orders": 90}
    assert broken["cities"] == 0
    assert 0 < broken["orders"] < 1
    assert clean == ((1, 2),)


@pytest.mark.usefixtures("mended")
def test_what_passes_a_second_time_recovers_once(entering: Callable) -> None:
    with entering(NOW + timedelta(hours=5)) as context:
        service.check_tables(context, tables=("orders",), is_forced=True)
    with entering(NOW + timedelta(hours=6)) as context:
        told = context.warehouse.query_text("SELECT count(recovery_min) AS n FROM check_results").to_pylist()

    assert told == [{"n": 1}]


@pytest.mark.usefixtures("mended")
def test_the_course_is_drawn_for_those_who_may_see_it(entering: Callable) -> None:
    with entering(NOW + timedelta(hours=2)) as context:
        drawn = trend(context)
    with entering(NOW + timedelta(hours=2), grants=()) as context:
        hidden = trend(context)
    with entering(NOW + timedelta(hours=2), grants=(Grant(Role.VIEWER, ("KW",), ()),)) as context:
        elsewhere = trend(context)

    assert "<svg" in drawn
    assert (hidden, elsewhere) == ("", "")


def test_without_any_run_nothing_is_drawn(entering: Callable) -> None:
    with entering(NOW) as context:
        assert trend(context) == ""
