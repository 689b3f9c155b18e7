"""Levers rehearsed on days of cities: paired, repeatable, by the command; and twins made from facts alone."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import typer
from typer.testing import CliRunner

from tiffin.capabilities.rehearsals.cli import register
from tiffin.capabilities.rehearsals.domain.lever_days import LeverStage, lever_day
from tiffin.capabilities.rehearsals.domain.levers import QUANTITIES
from tiffin.capabilities.rehearsals.domain.scenario import Scenario, day_start
from tiffin.capabilities.rehearsals.domain.twin_fit import fit_of
from tiffin.capabilities.rehearsals.service import simulated_tables
from tiffin.capabilities.rehearsals.service.definitions import read_lever_parameters
from tiffin.capabilities.rehearsals.service.lever_sources import twin_of
from tiffin.capabilities.rehearsals.service.levers import lever_zones, rehearse_levers
from tiffin.capabilities.rehearsals.service.twin_facts import twin_facts
from tiffin.engines.simulation.levers import Lever, Pull
from tiffin.kernel.errors import NotFound, WrongUse
from tiffin.kernel.time import Days
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import Workspace

DAY = date(2026, 2, 24)
TOP_UP = Pull(Lever.SHIFT_TOP_UP, (0, 1), 15 * 3600, 19 * 3600, 3.0)
PROMISE = Pull(Lever.PROMISE, (0, 1), 15 * 3600, 19 * 3600, 10.0)
NOTHING = replace(PROMISE, strength=0.0)


@pytest.fixture
def workspace(tmp_path: Path, new_workspace: Callable[[Path], Workspace]) -> Workspace:
    return new_workspace(tmp_path / "workspace")


def run(*arguments: str) -> Any:
    app = typer.Typer()
    register(app)
    result = CliRunner().invoke(app, arguments)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_candidates_are_paired_with_the_same_days_and_the_same_question_has_the_same_answer(
    workspace: Workspace,
) -> None:
    told: list[float] = []
    with open_context(workspace.root) as context:
        ask = ((TOP_UP,), (PROMISE,), (NOTHING,), (TOP_UP, PROMISE))
        found = rehearse_levers(context, "kuwait-city", DAY, ask, replications=6, progress=told.append)
        again = rehearse_levers(context, "kuwait-city", DAY, ask, replications=6)

    assert found == again
    assert sum(told) == 6
    top_up, promise, nothing, both = found.outcomes
    assert top_up.extra_rider_hours.mean == pytest.approx(24, rel=0.2)
    assert promise.late_avoided.is_told
    assert promise.late_avoided.low is not None
    assert promise.late_avoided.low > 0
    assert all(getattr(nothing, name).mean == 0 for name in QUANTITIES)
    assert both.pulls == (TOP_UP, PROMISE)
    assert both.extra_rider_hours == top_up.extra_rider_hours
    assert {len(values) for values in promise.draws.values()} == {6}
    assert found.fit is None


def test_what_cannot_be_rehearsed_is_refused(workspace: Workspace) -> None:
    with open_context(workspace.root) as context:
        assert len(lever_zones(context, "kuwait-city", DAY)) == 12
        with pytest.raises(WrongUse, match="Between 1 and"):
            rehearse_levers(context, "kuwait-city", DAY, ((TOP_UP,),), replications=0)
        with pytest.raises(WrongUse, match="Zones from 0 to 11"):
            rehearse_levers(context, "kuwait-city", DAY, ((replace(TOP_UP, zones=(99,)),),), replications=1)
        with pytest.raises(NotFound, match="no city atlantis"):
            rehearse_levers(context, "atlantis", DAY, ((TOP_UP,),), replications=1)


def test_the_command_reads_zones_and_clocks_as_people_write_them(workspace: Workspace) -> None:
    asked = ("rehearsals", "levers", "kuwait-city/2026-02-24", "--zones", "Sharq, Qibla", "--from", "21:00", "--to")
    rest = ("--strength", "0.3", "--replications", "2", "--workspace", str(workspace.root))
    payload = json.loads(run(*asked, "00:30", "--lever", "throttle", *rest, "--json").stdout)
    pull = payload["outcomes"][0]["pulls"][0]

    assert payload["is_simulated"] is True
    assert (pull["end_s"] - pull["start_s"]) == 3.5 * 3600
    assert len(pull["zones"]) == 2
    assert payload["outcomes"][0]["turned_away"]["mean"] > 0
    for changed, complaint in (
        (("00:30", "--lever", "magic"), "There are: move_riders"),
        (("00:10", "--lever", "throttle"), "half hour"),
    ):
        with pytest.raises(WrongUse, match=complaint):
            run(*asked, *changed, *rest)


@pytest.fixture(scope="module")
def begins(kuwait: Scenario) -> datetime:
    return datetime.fromisoformat(str(day_start(kuwait.city, DAY))).replace(tzinfo=UTC)


@pytest.fixture(scope="module")
def day(kuwait: Scenario) -> Mapping[str, pa.Table]:
    """The facts of the day alone."""
    return simulated_tables(kuwait, Days(DAY, DAY), seed=7)


def test_the_twin_of_a_day_comes_near_to_its_facts(day: Mapping[str, pa.Table], begins: datetime) -> None:
    twin, fit = twin_of(twin_facts(day, begins=begins), DAY)

    assert fit.is_near
    assert abs(fit.late_share[0] - fit.late_share[1]) < 0.04
    assert {"promises", "kitchens' times", "riders' shifts"} <= set(fit.from_facts)
    assert "dispatcher" in fit.assumed
    stage = LeverStage(source=twin, levers=read_lever_parameters(DAY), candidates=((PROMISE,), (NOTHING,)))
    lived = lever_day(stage, 1)
    assert lived == lever_day(stage, 1)
    assert lived.outcomes[0]["late_avoided"] > 0
    assert lived.outcomes[1]["late_avoided"] == 0


def test_a_twin_of_half_the_riders_does_not_come_near(day: Mapping[str, pa.Table], begins: datetime) -> None:
    half = day["rider_sessions"].take(np.arange(0, day["rider_sessions"].num_rows, 2))
    _, fit = twin_of(twin_facts({**day, "rider_sessions": half}, begins=begins), DAY)

    assert not fit.is_near


def test_what_the_facts_do_not_tell_is_told_as_assumed(day: Mapping[str, pa.Table], begins: datetime) -> None:
    poor = day["orders"].drop_columns(["ready_at", "riders_on_shift"])
    facts = twin_facts({"orders": poor, "rider_sessions": day["rider_sessions"]}, begins=begins)
    fit = fit_of(facts, {"orders": 1.0, "delivered": 1.0, "late": 0.0, "lost": 0.0, "lateness_min": 0.0}, [
        {"orders": 1.0, "delivered": 1.0, "late": 0.0, "lost": 0.0, "lateness_min": 0.0}
    ])  # fmt: skip

    assert {"kitchens' times", "the promise's load", "customers who went away"} <= set(fit.assumed)
