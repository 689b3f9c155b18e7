"""What carries the change of a governed metric, in simulated cities with planted disruptions."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from tiffin.capabilities.balance.cli import register
from tiffin.capabilities.balance.domain.localising import Reading
from tiffin.capabilities.balance.service.localising import localise
from tiffin.capabilities.metrics import service as metrics
from tiffin.engines.metrics.request import Condition, MetricRequest, Operator
from tiffin.kernel.errors import Forbidden, NotFound, WrongUse
from tiffin.kernel.time import Days
from tiffin.runtime.actor import Grant, Role
from tiffin.runtime.workspace import Workspace

RAIN, QUIET, SURGE = date(2026, 3, 1), date(2026, 2, 26), date(2026, 2, 23)
"""Rain over Doha at dinner, a day on which nothing was planted there, and more orders in Kuwait from 20:30 on."""


@pytest.mark.parametrize(("metric", "reading"), [("late_share", Reading.SHARE), ("click_to_door_mean", Reading.MEAN)])
def test_rain_at_dinner_is_told_by_shares_and_by_means(
    simulated: Workspace, entering: Any, metric: str, reading: Reading
) -> None:
    with entering(simulated) as context:
        found = localise(context, metric, "doha", RAIN)

    first = found.carriers[0]
    assert found.reading is reading
    assert dict(first.where) == {"day_part": "dinner"}
    assert first.actual > first.usual
    assert first.effect > 0
    assert 0.3 < first.share <= 1.0
    assert first.confidence > 0.9
    assert [dict(where) for where in found.likeliest[0]] == [dict(carrier.where) for carrier in found.carriers]


@pytest.mark.parametrize("metric", ["orders", "late_share", "click_to_door_mean", "delivered_orders"])
def test_on_a_quiet_day_nothing_is_named(simulated: Workspace, entering: Any, metric: str) -> None:
    with entering(simulated) as context:
        assert localise(context, metric, "doha", QUIET).carriers == ()


def test_a_surge_of_orders_is_told_by_the_hours_in_which_it_came(simulated: Workspace, entering: Any) -> None:
    with entering(simulated) as context:
        found = localise(context, "orders", "kuwait-city", SURGE, ("zone_id", "local_hour"))

    assert found.reading is Reading.COUNT
    assert {carrier.where.get("local_hour") for carrier in found.carriers} == {"21", "22", "23"}
    assert sum(carrier.effect for carrier in found.carriers) > 200


def test_the_numbers_told_are_those_of_the_governed_metric(simulated: Workspace, entering: Any) -> None:
    with entering(simulated) as context:
        found = localise(context, "late_share", "doha", RAIN)
        where = (Condition("city_id", Operator.EQ, ("doha",)),)
        asked = MetricRequest(metrics=("late_share",), by=("day_part",), where=where, days=Days(RAIN, RAIN))
        by_part = {row[0]: row[1] for row in metrics.query(context, asked).rows}
        whole = metrics.query(context, replace(asked, by=())).rows[0][0]

    assert found.carriers[0].actual == pytest.approx(by_part["dinner"])
    assert found.actual == pytest.approx(whole)


def test_only_what_the_actor_may_see_is_looked_at(simulated: Workspace, entering: Any) -> None:
    elsewhere = (Grant(Role.VIEWER, (), ("dubai",)),)
    with entering(simulated, grants=elsewhere) as context, pytest.raises(Forbidden):
        localise(context, "late_share", "doha", RAIN)


def test_questions_without_an_answer_are_refused_in_words(simulated: Workspace, entering: Any) -> None:
    with entering(simulated) as context:
        with pytest.raises(WrongUse, match="late_share cannot be looked along stars"):
            localise(context, "late_share", "doha", RAIN, ("stars",))
        with pytest.raises(NotFound, match="late_shares"):
            localise(context, "late_shares", "doha", RAIN)
        with pytest.raises(NotFound, match="Facts of doha on 2024-01-01"):
            localise(context, "late_share", "doha", date(2024, 1, 1))
        with pytest.raises(WrongUse, match="no sum, mean or ratio"):
            localise(context, "click_to_door_median", "doha", RAIN)


def test_the_command_names_the_combinations(simulated: Workspace) -> None:
    app = typer.Typer()
    register(app)
    words = ["diagnose", "late_share", "--city", "doha", "--day", "last", "--workspace", str(simulated.root)]

    told = CliRunner().invoke(app, words)
    asked = CliRunner().invoke(app, [*words, "--by", "day_part,zone_id", "--json"])

    assert "day_part=dinner" in told.stdout
    found = json.loads(asked.stdout)
    assert found["dimensions"] == ["day_part", "zone_id"]
    assert found["carriers"][0]["where"] == {"day_part": "dinner"}
    assert set(found["carriers"][0]) == {"where", "actual", "usual", "effect", "share", "confidence"}
