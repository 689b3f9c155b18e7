"""Where supply falls short over many days: what real files are known for, and what sums show that means hide."""

import importlib.util
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tiffin.capabilities.balance.domain.cause import Cause
from tiffin.capabilities.balance.domain.grid import HOURS, Grid
from tiffin.capabilities.balance.domain.shortfall import (
    Lacking,
    Served,
    every_hour,
    load_steps,
    served_in,
    short_hours,
    standing_shortages,
    week_of,
)
from tiffin.capabilities.balance.service.shortfalls import shortfalls
from tiffin.kernel.errors import Forbidden, NotFound
from tiffin.runtime.actor import Grant, Role
from tiffin.runtime.workspace import Workspace

MONDAY = date(2026, 2, 2)


def a_period(*days: dict[int, tuple[float, float, float]], riders: float | None = None) -> Served:
    """Days of one zone a week apart: by hour what was wanted, what found nobody, what riders cancelled."""
    shape = (len(days), 1, HOURS)
    sums = {name: np.zeros(shape) for name in ("wanted", "lost", "rider_cancelled", "finished", "busy_min")}
    for number, hours in enumerate(days):
        for hour, amounts in hours.items():
            for name, amount in zip(("wanted", "lost", "rider_cancelled"), amounts, strict=True):
                sums[name][number, 0, hour] = amount
    on_shift = None if riders is None else np.full(shape, riders)
    dates = tuple(MONDAY + timedelta(weeks=week) for week in range(len(days)))
    grid = Grid(dates, ("centre",), 0, sums, on_shift, np.zeros((1, 1), dtype=bool))
    return served_in(grid, hours=range(HOURS), floor=0.85)


def test_real_files_are_told_as_they_are_known(real: Workspace, project_root: Path) -> None:
    spec = importlib.util.spec_from_file_location("real_days", project_root / "benchmarks" / "real_days.py")
    assert spec is not None
    assert spec.loader is not None
    benchmark = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(benchmark)

    assert [row for row in benchmark.judge(real.root) if row[1] != row[2]] == []


def test_the_evening_of_a_real_marketplace_is_short_because_more_is_asked(real: Workspace, entering: Any) -> None:
    with entering(real) as context:
        (city,), _ = shortfalls(context, ["bolt-unnamed-city"], first=None, last=None, hours=(18, 18))

    leading = [hour.causes[0].cause for hour in city.short]
    assert leading.count(Cause.MORE_DEMAND) > 0.9 * len(leading)


def test_a_mean_of_weeks_hides_a_busy_week_that_was_served_badly() -> None:
    calm, busy = {9: (10.0, 0.0, 0.0)}, {9: (100.0, 25.0, 0.0)}

    week = week_of(a_period(calm, calm, busy))

    assert (week.slots, week.by_sums, week.by_means, week.busier_is_worse) == (1, 1, 0, 1)


def test_an_hour_is_below_the_floor_when_the_percent_that_people_read_is() -> None:
    served = a_period({9: (1000.0, 154.0, 0.0), 10: (1000.0, 156.0, 0.0)})

    assert [hour.hour for hour in short_hours(served)] == [10]


def test_what_is_lacking_follows_the_larger_number_and_parts_hours() -> None:
    served = a_period({7: (20.0, 2.0, 9.0), 8: (20.0, 1.0, 9.0), 9: (20.0, 9.0, 1.0), 12: (20.0, 0.0, 0.0)})

    found = standing_shortages(served)

    assert [(one.hours, one.lacking) for one in found] == [
        ((7, 8), Lacking.CANCELLATION),
        ((9,), Lacking.SUPPLY),
    ]


def test_causes_of_an_hour_add_up_to_those_not_served() -> None:
    ordinary = {hour: (10.0 + hour, max(0.0, hour - 16.0), 0.0) for hour in range(HOURS)}

    for one in short_hours(a_period(ordinary, ordinary, ordinary, riders=4.0)):
        assert sum(cause.weighed_min for cause in one.causes) == pytest.approx(one.no_rider + one.cancelled)
        assert one.causes[0].cause is Cause.MORE_DEMAND


def test_without_riders_no_cause_is_claimed() -> None:
    (one,) = short_hours(a_period({9: (20.0, 9.0, 1.0)}))

    assert {cause.cause for cause in one.causes} == {Cause.MORE_RIDER_CANCELLATIONS, Cause.UNEXPLAINED}


def test_hours_reach_past_midnight() -> None:
    assert every_hour((22, 1)) == (22, 23, 0, 1)
    assert every_hour(None) == tuple(range(24))


def test_load_is_told_in_steps_that_have_orders() -> None:
    steps = load_steps(np.array([0.2, 0.5, 3.0]), np.array([100.0, 300.0, 900.0]))

    assert [(step.above, step.up_to, step.orders, step.median_s) for step in steps] == [
        (None, 0.5, 2, 200.0),
        (2.0, None, 1, 900.0),
    ]


def test_only_cities_of_a_grant_are_told(real: Workspace, entering: Any) -> None:
    elsewhere = (Grant(Role.CITY_MANAGER, ("QA",), ("doha",)),)
    with entering(real, grants=elsewhere) as context, pytest.raises(Forbidden):
        shortfalls(context, ["bolt-unnamed-city"], first=None, last=None, hours=None)


def test_days_without_facts_are_not_found(real: Workspace, entering: Any) -> None:
    with entering(real) as context, pytest.raises(NotFound, match="on these days"):
        shortfalls(context, ["bolt-unnamed-city"], first=date(2030, 1, 1), last=None, hours=None)
