"""What the market around an order is told to be: crowds that last, and slow rides that keep riders away for longer."""

from dataclasses import replace

import numpy as np
import pytest
from liability_truth import NO_FILE
from liability_truth_worlds import FIRST, Setting, made

from tiffin.capabilities.liability.domain.attribution_expected import Expected, expect
from tiffin.capabilities.liability.domain.attribution_facts import SLOT_S, CityFacts, gather
from tiffin.capabilities.liability.domain.attribution_market import BEFORE, Market, look_around
from tiffin.capabilities.liability.service.attribution_parameters import parameters_of

HISTORY = 14
PARAMETERS = parameters_of(NO_FILE, FIRST)


@pytest.fixture(scope="module")
def facts() -> CityFacts:
    tables = made(Setting("doha", 7, 1, history=HISTORY, scale=0.4, lucks=1, most_lucks=1)).facts
    return gather(
        tables["orders"],
        offers=tables["dispatch_offers"],
        slots=tables["marketplace_slots"],
        weather=tables["weather"],
        area_m=PARAMETERS.area_m,
    )


def is_past(facts: CityFacts) -> np.ndarray:
    return facts.day < np.datetime64(FIRST).astype(np.int64) + HISTORY


@pytest.fixture(scope="module")
def expected(facts: CityFacts) -> Expected:
    return expect(facts, is_past(facts), PARAMETERS)


def around(facts: CityFacts, expected: Expected) -> Market:
    return look_around(facts, is_past(facts), expected, PARAMETERS)


def crowded(facts: CityFacts, first: int, last: int, factor: float) -> CityFacts:
    demand = facts.demand.copy()
    demand[:, first:last] = np.round(np.maximum(demand[:, first:last], 3.0) * factor)
    return replace(facts, demand=demand)


def test_orders_in_a_crowd_that_lasts_lie_further_above_the_usual_than_in_one_of_a_half_hour(
    facts: CityFacts, expected: Expected
) -> None:
    judged = ~is_past(facts)
    busiest = int(np.bincount(facts.slot[judged]).argmax())
    inside = judged & (facts.times.ready_s // SLOT_S == busiest)
    quiet = around(facts, expected).crowd_spreads[inside]
    short = around(crowded(facts, busiest, busiest + 1, 2.0), expected).crowd_spreads[inside]
    long = around(crowded(facts, busiest - 4, busiest + 2, 2.0), expected).crowd_spreads[inside]
    assert inside.sum() >= 5
    assert (long > short).all()
    assert (short > quiet).all()
    assert (long >= PARAMETERS.crowd_spreads).mean() > 0.9


def test_usual_days_are_rarely_a_crowd(facts: CityFacts, expected: Expected) -> None:
    spreads = around(facts, expected).crowd_spreads[is_past(facts)]
    assert np.isfinite(spreads).all()
    assert (spreads >= PARAMETERS.crowd_spreads).mean() < 0.1


def test_slow_rides_explain_waiting_for_a_while_after_they_are_over(facts: CityFacts, expected: Expected) -> None:
    times, judged = facts.times, ~is_past(facts)
    begun = np.nan_to_num(times.picked_up_s, nan=-1.0) // SLOT_S
    slow = int(np.bincount(begun[judged & (begun > 0)].astype(np.int64)).argmax())
    doubled = times.at_customer_s + np.where(begun == slow, times.at_customer_s - times.picked_up_s, 0.0)
    after = around(replace(facts, times=replace(times, at_customer_s=doubled)), expected)
    before = around(facts, expected)
    for later in range(BEFORE + 1):
        ready = judged & (times.ready_s // SLOT_S == slow + later)
        assert (after.earlier_ride_factor[ready] > 1.2).all()
    others = judged & (times.ready_s // SLOT_S > slow + BEFORE)
    assert others.any()
    np.testing.assert_allclose(after.earlier_ride_factor[others], before.earlier_ride_factor[others])
