"""Plans of switchbacks, and reading them from the windows that kept their arm."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiffin.engines.experiments.estimate import DesignRefused
from tiffin.engines.experiments.switchback.plans import balanced_plan, optimal_plan, optimal_switches
from tiffin.engines.experiments.switchback.stays import effect_of_stays
from tiffin.engines.experiments.switchback.windows import Windows


@given(st.integers(1, 6), st.integers(2, 15), st.sampled_from([60, 120, 240]), st.integers(0, 1000))
def test_each_zone_has_each_hour_treated_on_half_of_the_days(zones: int, days: int, window: int, seed: int) -> None:
    plan = balanced_plan(zones, days, window_min=window, washout_min=0, carry_over_min=0, seed=seed)

    treated = plan.treated.reshape(zones, days, -1).sum(axis=1)
    assert plan.treated.shape == (zones, days * 1440 // window)
    assert ((treated == days // 2) | (treated == (days + 1) // 2)).all()


def test_the_same_seed_draws_the_same_plan() -> None:
    plans = [
        balanced_plan(3, 14, window_min=120, washout_min=30, carry_over_min=0, seed=seed).treated for seed in (1, 1, 2)
    ]

    assert (plans[0] == plans[1]).all()
    assert (plans[0] != plans[2]).any()


def test_the_wash_out_lasts_as_long_as_what_carries_over() -> None:
    plan = balanced_plan(3, 14, window_min=120, washout_min=30, carry_over_min=45, seed=1)

    assert plan.washout_min == 45


def test_windows_that_cannot_hold_the_carry_over_are_refused() -> None:
    with pytest.raises(DesignRefused) as refused:
        balanced_plan(3, 14, window_min=60, washout_min=0, carry_over_min=50, seed=1)

    assert refused.value.caution.key == "carry_over_outlasts_windows"
    assert refused.value.caution.values["needed_min"] == 67


def test_windows_that_do_not_divide_a_day_are_told() -> None:
    with pytest.raises(ValueError, match="divides a day"):
        balanced_plan(3, 14, window_min=50, washout_min=0, carry_over_min=0, seed=1)


@given(st.integers(4, 60))
def test_the_first_and_the_last_epoch_are_twice_as_long(n: int) -> None:
    lengths = np.diff([*optimal_switches(n), n])

    assert lengths[0] == lengths[-1] == 2
    assert (lengths[1:-1] == 1).all()


def test_a_trial_shorter_than_four_times_the_carry_over_is_refused() -> None:
    with pytest.raises(DesignRefused):
        optimal_plan(1, 179, carry_over_min=60, seed=1)


def test_windows_that_kept_their_arm_hold_the_truth_whatever_carries_over() -> None:
    held = []
    for seed in range(300):
        rng = np.random.default_rng(seed)
        treated = optimal_plan(2, 120 * 60, carry_over_min=60, seed=seed).treated
        before = np.c_[treated[:, :1], treated[:, :-1]]
        totals = (2.0 * treated + 3.0 * before + rng.standard_normal(treated.shape))[..., None]
        found = effect_of_stays(Windows(totals, np.ones_like(totals), treated), level=0.9)
        held.append(found.low <= 5.0 <= found.high)

    assert 0.86 <= np.mean(held) <= 0.96


def test_a_plan_without_windows_that_kept_their_arm_is_refused() -> None:
    totals = np.ones((1, 10, 2))

    with pytest.raises(DesignRefused):
        effect_of_stays(Windows(totals, totals, np.tile([True, False], 5)[None]), level=0.9)
