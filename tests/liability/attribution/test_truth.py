"""The attribution of a small simulated city-day against its known truth, and what holds of every attribution."""

from dataclasses import replace

import numpy as np
import pytest
from liability_truth import NO_FILE, Scored, scored
from liability_truth_outcomes import Outcome, a_context
from liability_truth_worlds import FIRST, Setting, World, made

from tiffin.capabilities.liability.domain.attribution import Circumstance
from tiffin.capabilities.liability.domain.attribution_confidence import Told, clearness
from tiffin.capabilities.liability.domain.attribution_facts import CityFacts, gather
from tiffin.capabilities.liability.domain.attribution_parts import MERCHANT, PARTIES, PLATFORM, RIDER
from tiffin.capabilities.liability.domain.attribution_telling import Teller
from tiffin.capabilities.liability.domain.attribution_working import Worked, work_out
from tiffin.capabilities.liability.domain.parties import WHOLE
from tiffin.capabilities.liability.service.attribution_parameters import fits_of, parameters_of

HISTORY = 14
PARAMETERS, FITS = parameters_of(NO_FILE, FIRST), fits_of(NO_FILE, FIRST)


@pytest.fixture(scope="module")
def world() -> World:
    return made(Setting("doha", 7, 1, history=HISTORY, scale=0.4, lucks=6, most_lucks=24))


@pytest.fixture(scope="module")
def facts(world: World) -> CityFacts:
    tables = world.facts
    return gather(
        tables["orders"],
        offers=tables["dispatch_offers"],
        slots=tables["marketplace_slots"],
        weather=tables["weather"],
        area_m=PARAMETERS.area_m,
    )


def worked_out(facts: CityFacts) -> Worked:
    past = facts.day < np.datetime64(FIRST).astype(np.int64) + HISTORY
    return work_out(facts, past, parameters=PARAMETERS, fits=FITS)


@pytest.fixture(scope="module")
def judged(world: World) -> tuple[Scored, list[Outcome]]:
    with a_context() as context:
        return scored(context, world, PARAMETERS, FITS)


def test_the_first_party_is_mostly_right_and_no_rider_is_blamed_alone(judged: tuple[Scored, list[Outcome]]) -> None:
    cases, _ = judged
    assert len(cases.top) > 50
    assert cases.is_right[cases.is_decisive].mean() >= 0.9
    blamed = (cases.top == RIDER) & cases.is_alone
    assert not (blamed & (cases.true[:, RIDER] < 0.5)).any()


def test_most_cases_need_no_person_and_the_others_say_what_is_open(judged: tuple[Scored, list[Outcome]]) -> None:
    cases, goods = judged
    assert cases.is_alone.mean() >= 0.7
    assert cases.is_wrong[cases.is_alone].mean() <= 0.03
    assert all((not question) == alone for question, alone in zip(cases.question, cases.is_alone, strict=True))
    assert all((not one.question) == one.is_alone for one in goods)


def test_only_a_claim_that_was_planted_as_false_is_the_customers_own(judged: tuple[Scored, list[Outcome]]) -> None:
    _, goods = judged
    assert {one.is_false for one in goods} == {True, False}
    assert not any(one.is_unjust for one in goods)
    assert all(one.is_wrong for one in goods if one.is_false and one.is_alone)


def test_a_judge_never_sees_the_truth(world: World) -> None:
    assert set(world.facts) == {"orders", "dispatch_offers", "marketplace_slots", "weather", "refunds", "contacts"}


def told_of(top: int, *, over: float = 9.0, market_s: float = 0.0, is_together: bool = False) -> Told:
    return Told(
        is_failed=np.array([False]),
        is_together=np.array([is_together]),
        top=np.array([top]),
        market_s=np.array([market_s]),
        merchant_over=np.array([over]),
        rider_over=np.array([-9.0]),
    )


def clear(seconds: list[float], told: Told) -> float:
    return float(clearness(np.array([seconds]), told, PARAMETERS)[0])


def test_points_are_the_less_clear_the_nearer_he_is_to_a_third() -> None:
    assert clear([0, 300, 0, 300, 300], told_of(MERCHANT)) == pytest.approx(0, abs=1e-6)
    assert clear([0, 800, 0, 100, 0], told_of(MERCHANT)) > clear([0, 500, 0, 400, 0], told_of(MERCHANT)) > 0


def test_what_is_the_platforms_either_way_leaves_nothing_open() -> None:
    assert clear([0, 0, 0, 410, 400], told_of(PLATFORM, over=-9.0)) > clear([0, 400, 0, 410, 0], told_of(PLATFORM)) > 0


def test_a_stage_at_its_blame_time_leaves_open_whether_points_fall() -> None:
    seconds = [0.0, 900.0, 0.0, 0.0, 0.0]
    assert clear(seconds, told_of(MERCHANT, over=0.0)) == 0
    assert clear(seconds, told_of(MERCHANT, over=3.0)) > clear(seconds, told_of(MERCHANT, over=0.2))


def test_a_rider_who_had_other_doors_before_leaves_more_open() -> None:
    seconds = [0.0, 700.0, 0.0, 300.0, 0.0]
    assert clear(seconds, told_of(MERCHANT, is_together=True)) < clear(seconds, told_of(MERCHANT))


def test_what_was_put_down_to_the_market_leaves_more_open() -> None:
    seconds = [0.0, 500.0, 0.0, 400.0, 0.0]
    assert clear(seconds, told_of(MERCHANT, market_s=400.0)) < clear(seconds, told_of(MERCHANT))


def test_what_is_expected_does_not_change_with_the_judged_day(facts: CityFacts) -> None:
    before = worked_out(facts).expected
    judged = facts.day >= np.datetime64(FIRST).astype(np.int64) + HISTORY
    slower = replace(facts.times, ready_s=facts.times.ready_s + np.where(judged, 900.0, 0.0))
    after = worked_out(replace(facts, times=slower)).expected
    assert np.array_equal(before.preparation_s, after.preparation_s, equal_nan=True)
    assert np.array_equal(before.ride_s, after.ride_s, equal_nan=True)


def test_a_kitchen_slower_by_more_gets_no_smaller_share(facts: CityFacts) -> None:
    worked = worked_out(facts)
    row = int(np.flatnonzero(worked.is_late & (facts.drop == 1))[-1])
    late = np.where(np.arange(len(facts.day)) == row, 600.0, 0.0)
    times = facts.times
    slower = replace(
        times,
        **{name: getattr(times, name) + late for name in ("ready_s", "assigned_s", "at_merchant_s", "picked_up_s",
                                                         "at_customer_s", "ended_s")},
    )  # fmt: skip
    after = worked_out(replace(facts, times=slower))
    merchant = [party.value for party in PARTIES].index("merchant")
    assert after.credits_s[row, merchant] > worked.credits_s[row, merchant]
    assert after.shares[row, merchant] >= worked.shares[row, merchant] - 1e-9


def test_every_order_is_told_with_shares_that_add_up_and_stages_that_leave_nothing_out(facts: CityFacts) -> None:
    worked = worked_out(facts)
    teller = Teller(worked, PARAMETERS, city_id="doha", country="QA", severe_mm=1.0)
    for row in np.flatnonzero(worked.is_late | worked.is_failed):
        told = teller.order(int(row), None)
        assert sum(told.shares_bp.values()) == WHOLE
        lasted = facts.times.ended_s[row] - facts.times.placed_s[row]
        assert sum(stage.actual_s for stage in told.stages.values()) == pytest.approx(lasted, abs=4)
        assert all(told.shares_bp[party] == 0 for party, credit in told.credits_s.items() if credit < 0)
        assert told.is_certain == (told.question is None)


def test_an_exemption_that_was_declared_decides_without_a_person(facts: CityFacts) -> None:
    worked = worked_out(facts)
    row = int(np.flatnonzero(worked.is_late)[0])
    teller = Teller(worked, PARAMETERS, city_id="doha", country="QA", severe_mm=1.0)
    told = teller.order(row, Circumstance.ROAD_CLOSED)
    assert told.is_certain
    assert told.question is None
    assert told.exemption is Circumstance.ROAD_CLOSED
