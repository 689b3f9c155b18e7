"""Days under policies and rosters: what is shared between those that are compared, and what is told of them."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiffin.capabilities.rehearsals.domain.city_run import DISPATCHER
from tiffin.capabilities.rehearsals.domain.comparison import figures_of
from tiffin.capabilities.rehearsals.domain.outcomes import MEASURES
from tiffin.capabilities.rehearsals.domain.playback import playback_of
from tiffin.capabilities.rehearsals.domain.rehearsal import Plan
from tiffin.capabilities.rehearsals.domain.rehearsing import Stage, city_of, outcomes, simulated
from tiffin.capabilities.rehearsals.domain.rosters import (
    OWN_ROSTER,
    Roster,
    changed_riders,
    given_roster,
    shifts_of,
)
from tiffin.capabilities.rehearsals.service import simulate_day
from tiffin.capabilities.rehearsals.service.run_scenarios import find_setting, stage_of
from tiffin.capabilities.rehearsals.service.run_words import differences_told, undecided
from tiffin.engines.simulation.roster import Shift
from tiffin.engines.simulation.streams import Stream
from tiffin.kernel.errors import InvalidData, NotFound, WrongUse

DAY = date(2026, 2, 24)
PLAN = Plan(
    scenario="kuwait-city/2026-02-24",
    city_id="kuwait-city",
    day=DAY,
    policies=(DISPATCHER,),
    roster=Roster(riders_factor=1.2),
    is_undisturbed=False,
    replications=4,
    seed=7,
)


@pytest.fixture(scope="module")
def stage() -> Stage:
    return stage_of(PLAN, workspace=None)


def test_the_first_replication_is_the_day_itself_and_the_same_seed_gives_the_same_days(stage: Stage) -> None:
    first = outcomes(stage, 1)
    known = simulate_day("kuwait-city", DAY, seed=7, disturbed=True)

    assert (first[0].orders, first[0].delivered) == (known.orders, known.delivered)
    assert outcomes(stage, 1) == first
    assert outcomes(stage, 2) != first


def test_every_order_ends_in_one_way_and_hours_and_zones_add_up_to_the_day(stage: Stage) -> None:
    for one in outcomes(stage, 1):
        lost = one.cancelled_by_customer + one.cancelled_by_merchant + one.cancelled_by_platform + one.returned
        assert one.delivered + lost == one.orders
        for parts in (one.by_hour, one.by_zone):
            assert sum(parts["orders"]) == one.orders
            assert sum(parts["lateness_min"]) == pytest.approx(one.lateness_min)
        assert sum(one.by_hour["busy_min"]) <= one.busy_min <= one.online_min


def test_riders_whom_both_rosters_have_come_and_live_alike_under_both(stage: Stage) -> None:
    city = city_of(stage)
    own, more = (simulated(stage, city, arm, 1) for arm in stage.arms)
    count = len(own.shifts)

    assert more.shifts[:count] == own.shifts
    assert len(more.shifts) == pytest.approx(1.2 * count, rel=0.1)
    known = more.sessions[more.sessions["shift"] < count]
    for column in ("shift", "on_s", "off_s", "zone", "x", "y"):
        assert np.array_equal(known[column], own.sessions[column])


@given(st.floats(0.1, 3.0), st.integers(0, 2**31))
def test_a_changed_roster_keeps_every_shift_in_its_place(factor: float, seed: int) -> None:
    own = tuple(Shift(zone, 3600 * zone, 3600 * zone + 7200) for zone in range(40))
    changed = shifts_of(Roster(riders_factor=factor), own, Stream.of_seed(seed))

    assert len(changed) >= len(own)
    assert all(
        one in (shift, Shift(shift.zone, shift.on_s, shift.on_s)) for one, shift in zip(changed, own, strict=False)
    )
    assert set(changed[len(own) :]) <= set(own)
    if factor >= 1.0:
        assert int(factor) * len(own) <= len(changed) <= (int(factor) + 1) * len(own)


def test_a_difference_is_paired_by_replication_and_told_in_words(stage: Stage) -> None:
    days = [outcomes(stage, number) for number in range(1, 5)]
    figures = figures_of(["a", "b"], days)
    measure = MEASURES["click_to_door_min"]
    apart = np.array([measure(b) - measure(a) for a, b in days])
    found = figures.differences["click_to_door_min"]
    sentences = dict(differences_told(PLAN, figures, "en"))

    assert found.mean == pytest.approx(apart.mean())
    # Student's t for four days, at 97.5 %.
    assert found.high - found.mean == pytest.approx(3.182446 * apart.std(ddof=1) / 2, rel=1e-5)
    assert found.is_told == any("sooner" in said or "later" in said for said in sentences)
    assert len(sentences) + len(undecided(figures, "en")) == len(MEASURES)
    busy = next(said for said in sentences if "busy" in said)
    assert busy.startswith("With 20% more riders than the city's own roster, riders are busy")
    assert sentences[busy] == ""


def test_one_replication_tells_no_interval(stage: Stage) -> None:
    figures = figures_of(["a", "b"], [outcomes(stage, 1)])

    assert {one.low for one in figures.differences.values()} == {None}
    assert not list(differences_told(PLAN, figures, "en"))


def test_a_playback_tells_the_same_day_as_the_figures(stage: Stage) -> None:
    counted = outcomes(stage, 2)
    played = playback_of(stage, 2)
    for arm, outcome in zip(played.arms, counted, strict=True):
        last = arm.moments[-1]
        delivered = sum(status == 1 for status in arm.orders["status"])
        assert len(arm.orders["placed"]) == outcome.orders
        assert delivered == outcome.delivered
        assert last.delivered <= delivered
        assert last.lost <= outcome.cancelled_by_platform
        assert len(arm.waiting) == len(arm.idle) == (played.to_s - played.from_s) // 60 + 1
        # The curves are the areas under what the orders and riders themselves say.
        waited = [
            (max(0, until - ready), until)
            for ready, picked, ended in zip(arm.orders["ready"], arm.orders["picked"], arm.orders["ended"], strict=True)
            for until in [picked if picked >= 0 else ended]
            if ready >= 0
        ]
        assert sum(arm.waiting) == pytest.approx(sum(span for span, _ in waited) / 60, rel=0.05)
        assert sum(arm.idle) == pytest.approx(outcome.online_min - outcome.busy_min, rel=0.05)


def test_a_leg_ends_where_the_next_one_of_its_rider_begins(stage: Stage) -> None:
    legs = playback_of(stage, 1).arms[0].legs
    session, end, start = (np.array(legs[name]) for name in ("session", "end", "start"))
    same = session[1:] == session[:-1]

    assert (end[:-1][same] == start[1:][same]).all()
    for to, begun in (("tx", "fx"), ("ty", "fy")):
        assert (np.array(legs[to])[:-1][same] == np.array(legs[begun])[1:][same]).all()


ZONES = {"sharq": 0, "Sharq": 0, "salmiya": 1}


def test_a_given_roster_is_read_by_the_city_s_clock_past_midnight_too() -> None:
    found = given_roster("zone,on,off\nSharq,18:00,01:30\nsalmiya,04:00,04:00\n".replace("04:00,04:00", "10:00,04:00"),
                         name="mine.csv", zones=ZONES, cutoff_min=240)  # fmt: skip

    assert found.given == ((0, 840, 1290), (1, 360, 1440))
    assert found.label == "mine.csv"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "first line must be zone,on,off"),
        ("zone,from,to\nsharq,10:00,12:00\n", "first line must be zone,on,off"),
        ("zone,on,off\n", "between 1 and"),
        ("zone,on,off\nsharq,10:00\n", "mine.csv, line 2: zone, on and off"),
        ("zone,on,off\nsharq,10:00,12:00\n\nnowhere,10:00,12:00\n", r"line 4: 'nowhere' is no zone .*salmiya"),
        ("zone,on,off\nsharq,10:00,25:00\n", "line 2: a time such as 18:30"),
        ("zone,on,off\nsharq,10:00,10:15\n", "line 2: a shift must last half an hour"),
        ("zone,on,off\nsharq,03:00,05:00\n", "line 2: a shift must last half an hour"),
    ],
)
def test_a_broken_roster_is_refused_with_its_line(text: str, complaint: str) -> None:
    with pytest.raises(InvalidData, match=complaint):
        given_roster(text, name="mine.csv", zones=ZONES, cutoff_min=240)


@pytest.mark.parametrize("text", ["10", "10%", "+ten%", "-95%", "+900%", ""])
def test_a_change_of_riders_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(WrongUse, match="expected"):
        changed_riders(text)


def test_a_change_of_riders_is_a_factor() -> None:
    assert changed_riders("+10%").riders_factor == 1.1
    assert changed_riders("-5 %").riders_factor == 0.95
    assert changed_riders("+10%").label == "own +10%"


def test_two_policies_meet_the_same_roster_and_one_policy_compares_rosters() -> None:
    two = replace(PLAN, policies=("nearest", "batched"))
    alone = replace(PLAN, roster=OWN_ROSTER)

    assert [(arm.policy, arm.roster) for arm in two.arms] == [("nearest", PLAN.roster), ("batched", PLAN.roster)]
    assert [arm.roster for arm in PLAN.arms] == [OWN_ROSTER, PLAN.roster]
    assert [arm.key for arm in alone.arms] == ["a"]


def test_a_scenario_is_found_by_name_or_by_city_and_day() -> None:
    named = find_setting("football-in-the-rain", workspace=None)

    assert find_setting(f"football-in-the-rain/{named.day}", workspace=None) == named
    assert named.scenario.planted
    with pytest.raises(NotFound, match="has the days"):
        find_setting("football-in-the-rain/2020-01-01", workspace=None)
    with pytest.raises(NotFound, match="no scenario"):
        find_setting("atlantis/2026-02-24", workspace=None)
    with pytest.raises(WrongUse, match="A city and a day"):
        find_setting("riyadh/yesterday", workspace=None)
