"""A remedy that was tried is rolled out wave by wave, and where it does harm its cities go back by themselves."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from tests.balance.roll_outs.conftest import (
    BEGUN_AT,
    HARMED,
    HELPED,
    NAME,
    TRIED,
    UNTRIED,
    ZONES,
    Entering,
    a_plan,
    a_trial,
)

from tiffin.capabilities.balance.domain.roll_out import Basis, CityState, Limit
from tiffin.capabilities.balance.models.roll_outs import RollOutRecord
from tiffin.capabilities.balance.service.roll_outs.cities import city_now
from tiffin.capabilities.balance.service.roll_outs.due import gates_due
from tiffin.capabilities.balance.service.roll_outs.looking_after import LookedAfter, look_after
from tiffin.capabilities.balance.service.roll_outs.moving import act
from tiffin.capabilities.balance.service.roll_outs.planning import draft, revise, suggest
from tiffin.capabilities.balance.service.roll_outs.records import RollOutState, find_roll_out, list_roll_outs
from tiffin.capabilities.balance.service.roll_outs.register import Kind, Result, register
from tiffin.capabilities.cases.domain.case import CaseFilter
from tiffin.capabilities.cases.service import list_cases
from tiffin.kernel.errors import Conflict, Forbidden, NotFound, WrongUse
from tiffin.runtime.actor import Role

TRIAL = str(a_trial()["name"])


def begun(entering: Entering, **changes: Any) -> None:
    """Bring the planted roll-out so far that its first wave runs."""
    with entering() as context:
        draft(context, a_plan(**changes).plain())
        act(context, NAME, "submit_roll_out")
    with entering("basil", Role.CITY_MANAGER) as context:
        act(context, NAME, "approve_roll_out")
        act(context, NAME, "start_wave")


def ticked(entering: Entering, days: range) -> tuple[datetime, RollOutState]:
    """Look after roll-outs day by day until something is no longer as it was."""
    with entering() as context:
        before = find_roll_out(context, NAME)
    for number in days:
        now = BEGUN_AT + timedelta(days=number)
        with entering(now=now) as context:
            look_after(context)
            found = find_roll_out(context, NAME)
        if (found.state, found.wave) != (before.state, before.wave):
            return now, found
    raise AssertionError("nothing happened")


def states(found: RollOutState) -> dict[str, CityState]:
    return {one.place.city_id: one.state for one in found.cities}


def test_what_trials_found_in_some_cities_is_foretold_of_others(entering: Entering) -> None:
    with entering() as context:
        suggested = suggest(context, TRIAL, wave_shares=(0.5, 1.0))
        tried = register(context, kind="trial")

    pooled = suggested.evidence.pooled
    assert (suggested.refused, suggested.plan.basis) == (None, Basis.PREDICTED)
    assert {one.city_id for one in pooled.tried} == set(TRIED)
    assert pooled.average is not None
    assert pooled.average.low < sum(TRIED.values()) / len(TRIED) < pooled.average.high
    assert sorted(suggested.plan.cities) == sorted(UNTRIED)
    assert {city: told.low < told.effect < told.high for city, told in suggested.evidence.foretold.items()} == (
        dict.fromkeys(UNTRIED, True)
    )
    assert {(one.city_id, one.judgement, one.reason) for one in tried} == {
        (city, "roll_out", "fewer late") for city in TRIED
    }


def test_a_city_is_told_which_zones_go_without_and_when_its_gate_is_due(entering: Entering) -> None:
    begun(entering)

    with entering() as context:
        assert states(find_roll_out(context, NAME)) == {HELPED: CityState.ON, HARMED: CityState.WAITING}
        assert city_now(context, NAME, HELPED).is_on
        assert not city_now(context, NAME, HARMED).is_on
        assert sum(not city_now(context, NAME, HELPED, zone).is_on for zone in ZONES) == 1
        [due] = gates_due(context, HELPED, date(2026, 2, 20))
        assert (due.wave, due.is_due, due.due_day) == (1, False, date(2026, 3, 17))
        assert gates_due(context, HELPED, date(2026, 3, 17))[0].is_due


def test_what_helps_goes_on_by_its_gate_and_what_harms_goes_back_by_itself(entering: Entering) -> None:
    begun(entering)

    passed_at, passed = ticked(entering, range(2, 30))
    stopped_at, stopped = ticked(entering, range((passed_at - BEGUN_AT).days + 1, 45))

    assert (passed.state, passed.wave) == ("wave_running", 1)
    assert states(passed) == {HELPED: CityState.ON, HARMED: CityState.ON}
    reading = passed.gates[-1].readings[0]
    assert reading["low"] < -UNTRIED[HELPED] < reading["high"] < 0.08
    assert (stopped.state, stopped.gates[-1].because) == ("roll_out_halted", ("late_share", "effect"))
    assert states(stopped) == {HELPED: CityState.ON, HARMED: CityState.BACK}
    with entering(now=stopped_at) as context:
        harmed = city_now(context, NAME, HARMED)
        assert (harmed.is_on, harmed.version) == (False, 3)
        wanted = list_cases(context, CaseFilter(case_type="roll_out_attention"))
        assert [one.city_id for one in wanted] == [HARMED]
        rolled = {(one.city_id, one.remedy, one.result) for one in register(context, kind=Kind.ROLL_OUT)}
        assert rolled == {(HELPED, NAME, Result.BETTER), (HARMED, NAME, Result.WORSE)}
        assert look_after(context) == LookedAfter(0, 0, 0, 0)


def test_a_gate_whose_metric_is_gone_is_told_and_holds_up_nothing(entering: Entering) -> None:
    begun(entering)
    with entering() as context:
        record = context.session.scalars(select(RollOutRecord)).one()
        record.plan = record.plan | {"metric": "taken_away"}
    with entering(now=BEGUN_AT + timedelta(days=3)) as context:
        done = look_after(context)
        assert find_roll_out(context, NAME).state == "wave_running"

    assert (done.looked, list(done.refused)) == (0, [NAME])
    assert "taken_away" in done.refused[NAME]


def test_whoever_asks_for_agreement_does_not_agree(entering: Entering) -> None:
    with entering("basil", Role.CITY_MANAGER) as context:
        draft(context, a_plan().plain())
        act(context, NAME, "submit_roll_out")
    with pytest.raises(Forbidden, match="second person"), entering("basil", Role.CITY_MANAGER) as context:
        act(context, NAME, "approve_roll_out")


def test_a_plan_is_changed_until_somebody_is_asked_to_agree(entering: Entering) -> None:
    with entering() as context:
        before = draft(context, a_plan().plain())
        after = revise(context, NAME, a_plan(waves=((HARMED, HELPED),)).plain(), version=before.version)
        assert after.plan.basis is Basis.BY_HAND
        assert after.plan.waves == ((HARMED, HELPED),)
        act(context, NAME, "submit_roll_out")
    with pytest.raises(Conflict, match="no longer"), entering() as context:
        revise(context, NAME, a_plan().plain())


def test_anybody_who_plans_takes_everything_back_with_one_act(entering: Entering) -> None:
    begun(entering)
    with entering("dana") as context:
        found = act(context, NAME, "take_back", {"reason": "merchants complain"})
        assert found.state == "roll_out_taken_back"
        assert states(found) == {HELPED: CityState.BACK, HARMED: CityState.WAITING}
        assert not city_now(context, NAME, HELPED).is_on


def test_a_manager_of_one_city_holds_it_and_lets_it_go_on_but_none_skips_its_wave(entering: Entering) -> None:
    begun(entering)
    here = {"countries": (), "cities": (HELPED,)}
    with entering("rami", Role.CITY_MANAGER, **here) as context:
        held = act(context, NAME, "change_city", {"city": HELPED, "to": "city_held", "reason": "a festival"})
        assert states(held) == {HELPED: CityState.HELD}
        assert not city_now(context, NAME, HELPED).is_on
        act(context, NAME, "change_city", {"city": HELPED, "to": "city_on", "reason": "it is over"})
        with pytest.raises(Forbidden):
            act(context, NAME, "take_back", {"reason": "not mine alone"})
        with pytest.raises(NotFound):
            act(context, NAME, "change_city", {"city": HARMED, "to": "city_back", "reason": "not mine"})
    with pytest.raises(Conflict, match="begins with its wave"), entering() as context:
        act(context, NAME, "change_city", {"city": HARMED, "to": "city_on", "reason": "impatience"})


def test_a_gate_that_says_nothing_in_time_asks_a_person_and_lets_nothing_go_on(entering: Entering) -> None:
    # It helps, and nobody can tell whether by as much as it costs.
    begun(entering, cost=UNTRIED[HELPED], most_days=14)

    _, found = ticked(entering, range(2, 30))

    assert (found.state, found.wave, found.gates[-1].verdict) == ("gate_overdue", 0, "wait")
    assert states(found) == {HELPED: CityState.ON, HARMED: CityState.WAITING}
    with entering("basil", Role.CITY_MANAGER) as context:
        assert len(list_cases(context, CaseFilter(case_type="roll_out_attention"))) == 1
        act(context, NAME, "let_go_on", {"reason": "worth it for the customers"})
        assert states(act(context, NAME, "start_wave"))[HARMED] == CityState.ON


def test_days_that_nobody_looked_at_are_read_as_far_as_was_planned(entering: Entering) -> None:
    begun(entering, most_days=14)

    _, found = ticked(entering, range(30, 31))

    assert (found.wave, found.gates[-1].through_day) == (1, date(2026, 3, 3))


def test_stopping_takes_the_running_wave_back_and_leaves_the_earlier_ones(entering: Entering) -> None:
    begun(entering)
    ticked(entering, range(2, 30))

    with entering("basil", Role.CITY_MANAGER, now=BEGUN_AT + timedelta(days=16)) as context:
        found = act(context, NAME, "stop_roll_out", {"reason": "no budget"})

    assert states(found) == {HELPED: CityState.ON, HARMED: CityState.BACK}


def test_nothing_is_seen_of_other_cities(entering: Entering) -> None:
    begun(entering)
    with entering("eva", Role.CITY_MANAGER, countries=("HK",), cities=()) as context:
        assert list_roll_outs(context) == ()
        assert register(context) == ()
        with pytest.raises(NotFound):
            city_now(context, NAME, HELPED)
    with entering("rami", Role.CITY_MANAGER, countries=(), cities=(HELPED,)) as context:
        [seen] = list_roll_outs(context)
        assert (states(seen), seen.gates, seen.actions) == ({HELPED: CityState.ON}, (), ())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"waves": ()}, "a wave at least"),
        ({"waves": ((HELPED,), (HELPED,))}, "one wave only"),
        ({"holdout_bp": 0}, "held out"),
        ({"least_days": 30}, "later than that"),
        ({"limits": (Limit("late_share", 0.0),)}, "above nought"),
        ({"window_min": 90}, "whole hours"),
        ({"metric": "click_to_door_p90"}, "no sum, mean or ratio"),
        ({"name": ""}, "has a name"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused_with_what_to_do(
    entering: Entering, changes: dict[str, object], said: str
) -> None:
    with pytest.raises(WrongUse, match=said), entering() as context:
        draft(context, a_plan(**changes).plain())


def test_the_same_remedy_is_not_rolled_out_twice_in_a_city(entering: Entering) -> None:
    begun(entering)
    with pytest.raises(Conflict, match="on in taif already"), entering() as context:
        draft(context, a_plan(name="once more").plain())


def test_too_few_cities_are_told_and_waves_go_by_size(entering: Entering) -> None:
    here = {"countries": (), "cities": ("abha", "dammam", HELPED, HARMED)}
    with entering("rami", Role.CITY_MANAGER, **here, now=datetime(2026, 2, 17, 9, tzinfo=UTC)) as context:
        found = suggest(context, TRIAL)
        assert found.refused is not None
        assert found.refused.key == "too_few_cities"
        assert found.plan.basis is Basis.BY_SIZE
        assert found.evidence.foretold == {}
