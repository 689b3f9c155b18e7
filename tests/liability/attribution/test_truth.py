"""The attribution of a small simulated city-day against its known truth, and what holds of every attribution."""

from dataclasses import replace

import numpy as np
import pytest
from liability_truth import NO_FILE, joined, scored
from liability_truth_worlds import FIRST, Setting, World, made

from tiffin.capabilities.liability.domain.attribution import Circumstance
from tiffin.capabilities.liability.domain.attribution_facts import CityFacts, gather
from tiffin.capabilities.liability.domain.attribution_parts import PARTIES, RIDER
from tiffin.capabilities.liability.domain.attribution_telling import Teller
from tiffin.capabilities.liability.domain.attribution_working import Worked, work_out
from tiffin.capabilities.liability.domain.parties import WHOLE
from tiffin.capabilities.liability.service.attribution_parameters import fits_of, parameters_of

HISTORY = 14
PARAMETERS, FITS = parameters_of(NO_FILE, FIRST), fits_of(NO_FILE, FIRST)


@pytest.fixture(scope="module")
def world() -> World:
    return made(Setting("doha", 7, 1, history=HISTORY, scale=0.4))


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


def test_the_first_party_is_mostly_right_and_no_rider_is_blamed_alone(world: World) -> None:
    cases = joined([scored(world, PARAMETERS, FITS)])
    assert len(cases.top) > 50
    assert cases.is_right[cases.is_decisive].mean() >= 0.85
    blamed = (cases.top == RIDER) & (cases.confidence * 100 >= PARAMETERS.certain_percent)
    assert not (blamed & (cases.true[:, RIDER] < 0.5)).any()


def test_a_judge_never_sees_the_truth(world: World) -> None:
    assert set(world.facts) == {"orders", "dispatch_offers", "marketplace_slots", "weather"}


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
