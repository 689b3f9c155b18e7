"""A reading tells more than an effect: where, when and what carried over, and of people nothing but sums over many."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from tests.experiments.conftest import LARGER, NOW, WORSE, ZONES, Entering, a_split, a_switchback, a_trial_of_customers

from tiffin.capabilities.experiments.domain.dissecting import by_day, by_segment
from tiffin.capabilities.experiments.domain.sums import Sums
from tiffin.capabilities.experiments.service.assigning import assign
from tiffin.capabilities.experiments.service.reading import last_readout, read
from tiffin.capabilities.experiments.service.records import record_of
from tiffin.capabilities.experiments.service.telling import plain_readout
from tiffin.capabilities.experiments.service.trials import act, propose
from tiffin.engines.experiments.estimate import Estimate
from tiffin.kernel.errors import WrongUse
from tiffin.runtime.actor import Role
from tiffin.runtime.workspace import Workspace

Running = Callable[..., str]


@pytest.fixture
def running(entering: Entering) -> Running:
    """Bring a trial so far that it runs."""

    def run(plain: dict[str, Any], now: datetime = NOW) -> str:
        with entering(now=now) as context:
            propose(context, plain)
            act(context, plain["name"], "submit_trial")
        with entering("omar", Role.CITY_MANAGER, now=now) as context:
            act(context, plain["name"], "approve_trial")
            act(context, plain["name"], "start_trial")
        return str(plain["name"])

    return run


def test_a_switchback_tells_zones_days_and_what_carries_over(entering: Entering, running: Running) -> None:
    name = running(a_switchback(others=["orders", "basket_value_mean"], guardrails=[]))
    with entering() as context:
        found = read(context, name)
    with entering() as context:
        kept = last_readout(context, record_of(context, name))
    assert kept is not None
    assert plain_readout(kept) == plain_readout(found)
    deciding, *others = found.arms
    told = deciding.findings
    assert told is not None
    segments = {one.dimension: one for one in told.segments}
    assert set(segments["zone_id"].segments) == {f"riyadh/{zone}" for zone in ZONES}
    assert segments["zone_id"].mean == pytest.approx(WORSE, abs=0.05)
    assert [one.after for one in told.days] == list(range(0, 14, 2))
    carried = told.carry_over
    assert carried is not None
    assert carried.step_min == 60  # orders come at ten past, so that half of the slots are empty
    assert len(carried.left) == 2
    assert carried.effect is not None
    assert carried.effect.low < WORSE < carried.effect.high
    assert all(one.findings is None for one in others)
    assert all(one.corrected_p is None or one.corrected_p >= one.estimate.p for one in others if one.estimate)


def test_metrics_read_besides_are_corrected_for_being_many(entering: Entering, running: Running) -> None:
    name = running(a_split(others=["orders", "basket_value_mean"]))
    with entering(now=datetime(2026, 3, 3, 9, tzinfo=UTC)) as context:
        act(context, name, "stop_trial", {"reason": "over"})
    with entering() as context:
        deciding, *others = read(context, name).arms
    assert deciding.estimate is not None
    assert deciding.corrected_p == deciding.estimate.p
    p = sorted(one.estimate.p for one in others if one.estimate)
    assert min(one.corrected_p for one in others if one.corrected_p is not None) == pytest.approx(min(1, 2 * p[0]))


def test_a_split_over_customers_is_read_from_the_warehouse_and_names_nobody(
    entering: Entering, running: Running, workspace: Workspace
) -> None:
    name = running(a_trial_of_customers())
    with entering(now=datetime(2026, 2, 20, 9, tzinfo=UTC)) as context:
        assign(context, name, [f"c-{number}" for number in range(40)])
    with entering() as context:
        found = read(context, name)
    (deciding,) = found.arms
    assert deciding.estimate is not None
    assert "CUPED" in deciding.estimate.method
    assert deciding.estimate.low < LARGER < deciding.estimate.high
    assert deciding.estimate.p < 0.05
    assert deciding.findings is not None
    assert deciding.findings.sample_ratio is not None
    assert sum(deciding.findings.sample_ratio.counts) > 400
    assert '"c-' not in json.dumps(plain_readout(found))
    with closing(sqlite3.connect(workspace.state / "tiffin.db")) as database:
        kept = [str(row) for table in ("trial_readings", "audit_entries") for row in database.execute(
            f"SELECT * FROM {table}"  # noqa: S608 - names of this file
        )]  # fmt: skip
    assert not any("c-1" in row for row in kept)


def test_a_metric_that_names_no_customer_is_refused_when_it_is_proposed(entering: Entering) -> None:
    with pytest.raises(WrongUse, match="customer"), entering() as context:
        propose(context, a_trial_of_customers(metric="team_hours"))


def _split(effects: dict[str, float], *, treated_share: dict[str, float] | None = None) -> dict[str, Sums]:
    chance = np.random.default_rng(3)
    found = {}
    for name, effect in effects.items():
        share = (treated_share or {}).get(name, 0.5)
        arm = (chance.random(400) < share).astype(np.int64)
        orders = chance.poisson(20, 400).astype(float) + 1
        level = 0.5 if name == "evening" else 0.1
        late = chance.binomial(orders.astype(int), level + effect * arm).astype(float)
        found[name] = Sums(tuple(map(str, range(400))), arm, late, orders, np.zeros(400, dtype=np.int64))
    return found


def test_segments_that_say_the_opposite_of_the_whole_are_told() -> None:
    parts = _split({"evening": -0.05, "noon": -0.05}, treated_share={"evening": 0.9, "noon": 0.1})
    whole = Estimate(0.25, 0.01, 0.23, 0.27, 0.0, 800, "difference of ratios")
    found = by_segment("day_part", parts, 1, whole=whole, level=0.95)
    assert found is not None
    assert [one.key for one in found.cautions] == ["simpson"]


def test_an_effect_that_wears_off_is_told() -> None:
    days = _split({str(day): 0.2 - 0.02 * day for day in range(10)})
    found, warned = by_day({int(day): sums for day, sums in days.items()}, 1, level=0.95)
    assert len(found) == 10
    assert [one.key for one in warned] == ["novelty"]
