"""Equity: ratios of rates over strata, their intervals, and how often chance alone is called a difference."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tiffin.engines.agreement.equity import discoveries, holm, rate_ratio

CHANCES = st.lists(st.floats(0, 1), min_size=1, max_size=12)


def test_one_stratum_gives_the_plain_ratio_and_its_textbook_interval() -> None:
    found = rate_ratio([30], [100], [40], [200], level=0.95)
    off = 1.959964 * np.sqrt(1 / 30 - 1 / 100 + 1 / 40 - 1 / 200)

    assert found.ratio == pytest.approx(1.5)
    assert (found.low, found.high) == pytest.approx((1.5 * np.exp(-off), 1.5 * np.exp(off)))


def test_a_difference_that_circumstances_explain_is_none() -> None:
    # Cyclists ride where it rains, and there everybody is late: in each circumstance all are late alike.
    mixed = rate_ratio([9 + 80], [90 + 160], [40 + 10], [400 + 20], level=0.95)
    apart = rate_ratio([9, 80], [90, 160], [40, 10], [400, 20], level=0.95)

    assert mixed.low > 1.5
    assert apart.ratio == pytest.approx(1.0)
    assert apart.p > 0.9


def test_nothing_is_told_where_one_of_them_has_none() -> None:
    assert np.isnan(rate_ratio([0], [50], [4], [80], level=0.95).ratio)
    assert rate_ratio([0], [50], [0], [80], level=0.95).p == 1.0
    assert rate_ratio([3], [50], [0], [0], level=0.95).p == 1.0


def test_the_interval_holds_the_true_ratio_as_often_as_it_says() -> None:
    chance = np.random.default_rng(11)
    base, trials, others = np.array([0.05, 0.15, 0.3]), np.array([120, 60, 30]), np.array([900, 500, 200])
    held = 0
    for _ in range(600):
        found = rate_ratio(
            chance.binomial(trials, 1.4 * base), trials, chance.binomial(others, base), others, level=0.95
        )
        held += found.low <= 1.4 <= found.high

    assert 0.92 < held / 600 < 0.985


@pytest.mark.parametrize("groups", [2, 8])
def test_chance_alone_calls_any_group_no_more_often_than_one_time_in_twenty(groups: int) -> None:
    chance = np.random.default_rng(13)
    base = np.array([0.05, 0.15, 0.3])
    trials = chance.integers(20, 200, size=(groups, 3))
    called = 0
    times = 400
    for _ in range(times):
        events = chance.binomial(trials, base)
        p = [
            rate_ratio(events[one], trials[one], events.sum(0) - events[one], trials.sum(0) - trials[one], level=0.95).p
            for one in range(groups)
        ]
        called += min(holm(p)) < 0.05

    assert stats.binomtest(called, times, 0.05, alternative="greater").pvalue > 0.01


@given(CHANCES)
def test_adjusted_chances_are_never_less_and_keep_their_order(p: list[float]) -> None:
    order = np.argsort(p, kind="stable")
    for adjusted in (holm(p), discoveries(p)):
        assert all(after >= before - 1e-12 for before, after in zip(p, adjusted, strict=True))
        assert max(adjusted) <= 1
        assert list(np.array(adjusted)[order]) == sorted(adjusted)


@given(CHANCES)
def test_discoveries_are_adjusted_as_a_library_does(p: list[float]) -> None:
    assert discoveries(p) == pytest.approx(tuple(stats.false_discovery_control(p)))
