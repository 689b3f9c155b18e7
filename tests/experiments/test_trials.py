"""Trials are proposed, agreed to by a second person, assigned, read out and stopped."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import astuple
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import text
from tests.experiments.conftest import LATE, NOW, WORSE, ZONES, Entering, a_split, a_switchback

from tiffin.capabilities.experiments.service.assigning import assign
from tiffin.capabilities.experiments.service.looking_after import look_after
from tiffin.capabilities.experiments.service.reading import course, last_readout, read
from tiffin.capabilities.experiments.service.records import record_of
from tiffin.capabilities.experiments.service.trials import (
    act,
    find_trial,
    list_trials,
    move_by_calendar,
    propose,
    revise,
)
from tiffin.kernel.errors import Conflict, Forbidden, NotFound, WrongUse
from tiffin.runtime.actor import Role
from tiffin.runtime.workspace import Workspace

DURING = datetime(2026, 2, 20, 9, tzinfo=UTC)
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


def test_whoever_submits_does_not_approve(entering: Entering) -> None:
    with entering("omar", Role.CITY_MANAGER) as context:
        propose(context, a_switchback())
        act(context, "further riders", "submit_trial")
    with pytest.raises(Forbidden, match="second person"), entering("omar", Role.CITY_MANAGER) as context:
        act(context, "further riders", "approve_trial")
    with entering("lena", Role.CITY_MANAGER) as context:
        assert act(context, "further riders", "approve_trial").state == "trial_approved"


def test_whoever_sees_one_city_of_two_sees_the_trial_and_cannot_act(entering: Entering) -> None:
    with entering() as context:
        propose(context, a_switchback(cities=["riyadh", "dubai"]))
    here = {"countries": (), "cities": ("riyadh",)}
    with entering("sam", Role.CITY_MANAGER, **here) as context:
        assert [one.trial.name for one in list_trials(context)] == ["further riders"]
        assert find_trial(context, "further riders").actions == ()
    with pytest.raises(Forbidden), entering("sam", Role.CITY_MANAGER, **here) as context:
        act(context, "further riders", "submit_trial")
    with pytest.raises(NotFound), entering("eva", Role.CITY_MANAGER, countries=("HK",), cities=()) as context:
        find_trial(context, "further riders")


def test_a_viewer_designs_nothing(entering: Entering) -> None:
    with pytest.raises(Forbidden), entering("vi", Role.VIEWER) as context:
        propose(context, a_switchback())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "has a name"),
        ({"window_min": 50}, "do not divide"),
        ({"window_min": 90}, "whole hours"),
        ({"washout_min": 120}, "shorter than the window"),
        ({"unit": "rider"}, "zones or cities"),
        ({"arms": [{"name": "a", "share_bp": 10000}]}, "two arms"),
        ({"last": "2026-01-01"}, "after the first"),
        ({"smallest_effect": 0}, "above nought"),
        ({"metric": "click_to_door_p90"}, "no sum, mean or ratio"),
        ({"design": "magic"}, "magic"),
        ({"colour": "red"}, "colour"),
        ({"zones": ["moon"]}, "moon"),
        ({"guardrails": [{"metric": "late_share", "most_worse": -1}]}, "above nought"),
    ],
)
def test_a_design_that_makes_no_sense_is_refused_with_what_to_do(
    entering: Entering, changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(WrongUse, match=said), entering() as context:
        propose(context, a_switchback(**changes))


def test_a_metric_or_city_that_is_not_there_is_not_found(entering: Entering) -> None:
    with pytest.raises(NotFound), entering() as context:
        propose(context, a_switchback(metric="luck"))
    with pytest.raises(NotFound), entering() as context:
        propose(context, a_switchback(cities=["atlantis"]))


def test_a_design_is_changed_until_approval_is_asked(entering: Entering) -> None:
    with entering() as context:
        before = propose(context, a_switchback())
        changed = revise(context, "further riders", a_switchback(window_min=240), version=before.version)
        assert changed.trial.window_min == 240
    with pytest.raises(Conflict, match="Somebody else"), entering("bo") as context:
        revise(context, "further riders", a_switchback(window_min=60), version=before.version)
    with entering() as context:
        act(context, "further riders", "submit_trial")
    with pytest.raises(Conflict, match="no longer"), entering() as context:
        revise(context, "further riders", a_switchback())


def test_two_trials_of_a_layer_have_no_units_in_common(entering: Entering) -> None:
    with entering() as context:
        propose(context, a_split(layer="fees", slice_bp=[0, 5000]))
        propose(context, a_split(name="other", layer="fees", slice_bp=[5000, 10000]))
    with pytest.raises(Conflict, match="another slice"), entering() as context:
        propose(context, a_split(name="third", layer="fees", slice_bp=[4000, 6000]))


def test_an_arm_given_once_is_kept_whatever_changes(entering: Entering, running: Running) -> None:
    name = running(a_split(), DURING)
    units = [f"m-{number}" for number in range(40)]
    with entering(now=DURING) as context:
        first = [one.arm for one in assign(context, name, units)]
    with entering(now=DURING) as context:
        context.session.execute(text("UPDATE trials SET design = json_set(design, '$.seed', 'another')"))
    with entering(now=DURING) as context:
        assert [one.arm for one in assign(context, name, units)] == first
        others = [f"n-{number}" for number in range(40)]
        assert [one.arm for one in assign(context, name, others)] == [one.arm for one in assign(context, name, others)]
    assert {"today", "further"} == set(first)


def test_no_arm_is_given_before_the_trial_runs(entering: Entering) -> None:
    with entering() as context:
        propose(context, a_split())
    with pytest.raises(Conflict, match="does not run"), entering() as context:
        assign(context, "earlier hand-over", ["m-1"])


def test_a_switchback_tells_until_when(entering: Entering, running: Running) -> None:
    name = running(a_switchback(washout_min=30), DURING)
    with entering(now=DURING) as context:
        (found,) = assign(context, name, ["riyadh/zone-1"])
        assert found.until == datetime(2026, 2, 20, 11, tzinfo=UTC)  # 12:00 there; windows of two hours from 04:00
        assert found.is_washed_out
        assert found.arm in {"today", "further"}
    with pytest.raises(WrongUse, match="no area"), entering(now=DURING) as context:
        assign(context, name, ["dubai/zone-1"])


def test_the_harm_that_was_planted_is_found_and_stops_the_trial(entering: Entering, running: Running) -> None:
    name = running(a_switchback())
    with entering() as context:
        found = read(context, name)
    (deciding,) = found.arms
    assert deciding.estimate is not None
    assert deciding.estimate.low < WORSE < deciding.estimate.high
    assert deciding.today == pytest.approx(LATE, abs=0.03)
    assert found.broken == "late_share"
    with entering() as context:
        state = find_trial(context, name)
        assert state.state == "trial_ended"
        assert state.case.trail[-1].action == "stop_for_harm"


def test_the_good_that_was_planted_is_found_over_merchants(entering: Entering, running: Running) -> None:
    name = running(a_split())
    with entering() as context:
        (found,) = read(context, name).arms
    assert found.estimate is not None
    assert found.estimate.low < -WORSE < found.estimate.high
    assert found.estimate.p < 0.05


def test_what_was_read_is_kept_whole(entering: Entering, running: Running) -> None:
    name = running(a_split(others=["orders"]))
    with entering() as context:
        found = read(context, name)
    with entering() as context:
        record = record_of(context, name)
        assert last_readout(context, record) == found
        assert len(course(context, record)) == 1


def test_nothing_is_read_before_a_day_is_over(entering: Entering, running: Running) -> None:
    begun = datetime(2026, 2, 16, 9, tzinfo=UTC)
    name = running(a_switchback(), begun)
    with pytest.raises(Conflict, match="tomorrow"), entering(now=begun) as context:
        read(context, name)


def test_the_calendar_begins_and_ends_trials(entering: Entering) -> None:
    with entering(now=datetime(2026, 2, 10, tzinfo=UTC)) as context:
        propose(context, a_switchback())
        act(context, "further riders", "submit_trial")
    with entering("omar", Role.CITY_MANAGER, now=datetime(2026, 2, 10, tzinfo=UTC)) as context:
        act(context, "further riders", "approve_trial")
        assert move_by_calendar(context) == (0, 0)
    with entering(now=datetime(2026, 2, 16, 0, 59, tzinfo=UTC)) as context:  # one minute before 04:00 in Riyadh
        assert move_by_calendar(context) == (0, 0)
    with entering(now=datetime(2026, 2, 16, 1, tzinfo=UTC)) as context:
        assert move_by_calendar(context) == (1, 0)
        assert move_by_calendar(context) == (0, 0)
    with entering(now=datetime(2026, 3, 2, 1, tzinfo=UTC)) as context:
        assert move_by_calendar(context) == (0, 1)


def test_a_trial_whose_metric_is_gone_does_not_hold_up_the_others(entering: Entering, running: Running) -> None:
    begun = datetime(2026, 2, 16, 9, tzinfo=UTC)
    lost, other = (running(a_split(name=name, layer=name), begun) for name in ("a lost metric", "another one"))
    with entering() as context:
        record = record_of(context, lost)
        record.design = record.design | {"metric": "taken_away"}
    with entering(now=datetime(2026, 2, 20, 2, tzinfo=UTC)) as context:
        done = look_after(context)
        kept = last_readout(context, record_of(context, other))

    assert (done.read, list(done.refused)) == (1, [lost])
    assert "taken_away" in done.refused[lost]
    assert kept is not None


def test_each_day_of_a_trial_is_read_out_once(entering: Entering, running: Running) -> None:
    name = running(a_split(), datetime(2026, 2, 16, 9, tzinfo=UTC))
    for hour, done in ((2, (0, 1, 0, 0, {})), (3, (0, 0, 0, 0, {}))):
        with entering(now=datetime(2026, 2, 20, hour, tzinfo=UTC)) as context:
            assert astuple(look_after(context)) == done
    with entering() as context:
        assert astuple(look_after(context)) == (0, 1, 0, 1, {})
        assert astuple(look_after(context)) == (0, 0, 0, 0, {})
        found = last_readout(context, record_of(context, name))
    assert found is not None
    assert found.is_final
    assert found.through == date(2026, 3, 1)


def test_only_people_judge_and_they_say_why(entering: Entering, running: Running) -> None:
    name = running(a_split())
    with entering("omar", Role.CITY_MANAGER) as context:
        act(context, name, "stop_trial", {"reason": "enough"})
        with pytest.raises(WrongUse):
            act(context, name, "judge_trial", {"judgement": "roll_out"})
        judged = act(context, name, "judge_trial", {"judgement": "roll_out", "reason": "fewer late orders"})
        assert judged.state == "trial_judged"


def test_every_move_is_in_the_audit_trail(running: Running, workspace: Workspace) -> None:
    running(a_split())
    with closing(sqlite3.connect(workspace.state / "tiffin.db")) as database:
        found = [row[0] for row in database.execute("SELECT action FROM audit_entries ORDER BY rowid")]
    assert [one for one in found if one.startswith("trial_")] == ["trial_proposed", *["trial_moved"] * 3]


def test_zones_are_named_with_their_city(entering: Entering, running: Running) -> None:
    name = running(a_switchback(), DURING)
    with entering(now=DURING) as context:
        arms = {one.unit: one.arm for one in assign(context, name, [f"riyadh/{zone}" for zone in ZONES])}
    assert set(arms) == {f"riyadh/{zone}" for zone in ZONES}
