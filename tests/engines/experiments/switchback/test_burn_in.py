"""A switchback read after a burn-in that the data choose."""

from contextlib import suppress
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiffin.engines.experiments.estimate import DesignRefused
from tiffin.engines.experiments.switchback.burn_in import critical, effect_after_burn_in
from tiffin.engines.experiments.switchback.carry_over import left_unseen, profile_of, seen_until
from tiffin.engines.experiments.switchback.windows import Windows, bucketed

EFFECT = 2.0


def decaying(
    *, left: float, half_life: float, n_windows: int = 120, n_steps: int = 40, noise: float = 1.0, seed: int = 0
) -> Windows:
    """Windows in which what the other arm left behind halves every so many steps."""
    rng = np.random.default_rng(seed)
    treated = rng.integers(0, 2, (2, n_windows)).astype(bool)
    other = treated[:, 1:] != treated[:, :-1]
    outcomes = EFFECT * treated[..., None] + noise * rng.standard_normal((2, n_windows, n_steps))
    carried = left * 0.5 ** (np.arange(n_steps) / half_life)
    outcomes[:, 1:] -= np.where(treated[:, 1:], 1, -1)[..., None] * other[..., None] * carried
    return Windows(outcomes, np.ones_like(outcomes), treated)


@pytest.mark.parametrize("is_slow", [True, False])
def test_intervals_hold_the_truth_under_carry_over_that_no_window_is_free_of(
    carryover: ModuleType, *, is_slow: bool
) -> None:
    tally = carryover.run(is_slow=is_slow, n_steps=20_000, window=200, replications=60)

    assert np.mean(tally.held["chosen by the data"]) >= 0.88
    assert np.mean(tally.held["no burn-in"]) <= (0.02 if is_slow else 1)
    assert tally.refused == 0


@pytest.mark.full
@pytest.mark.parametrize("is_slow", [True, False])
def test_intervals_hold_the_truth_as_often_as_they_say(carryover: ModuleType, *, is_slow: bool) -> None:
    tally = carryover.run(is_slow=is_slow, n_steps=20_000, window=200, replications=2000)

    assert np.mean(tally.held["chosen by the data"]) >= 0.94


@pytest.mark.full
@pytest.mark.parametrize("half_life", [0.5, 2.0, 4.0, 10.0, 20.0])
@pytest.mark.parametrize("left", [0.0, 0.1, 0.2, 0.4])
def test_intervals_hold_the_truth_whatever_the_decay(left: float, half_life: float) -> None:
    held = []
    for seed in range(600):
        # A trial that is refused promises nothing.
        with suppress(DesignRefused):
            found = effect_after_burn_in(
                decaying(left=left, half_life=half_life, seed=seed), washout_steps=0, level=0.9
            )
            held.append(found.low <= EFFECT <= found.high)

    assert np.mean(held) >= 0.9 - 0.025


def test_slow_carry_over_that_no_test_sees_widens_the_interval() -> None:
    quick, slow = (
        [effect_after_burn_in(decaying(left=0.2, half_life=h, seed=s), washout_steps=0, level=0.9) for s in range(40)]
        for h in (2.0, 20.0)
    )

    assert np.mean([f.low <= EFFECT <= f.high for f in slow]) >= 0.85
    assert np.mean([f.high - f.low for f in slow]) > 1.5 * np.mean([f.high - f.low for f in quick])


def test_windows_too_short_for_the_market_are_refused(carryover: ModuleType) -> None:
    tally = carryover.run(is_slow=True, n_steps=20_000, window=25, replications=25)

    assert tally.refused >= 24


def test_what_carries_over_is_told_with_the_burn_in() -> None:
    found = effect_after_burn_in(decaying(left=8.0, half_life=2.0), washout_steps=0, level=0.95)

    told = {c.key: c.values for c in found.cautions}
    assert 4 <= told["carry_over_seen"]["steps"] <= 16
    assert told["burn_in_chosen"]["burn_in_steps"] > told["carry_over_seen"]["steps"]


def test_the_profile_is_what_the_other_arm_left_behind() -> None:
    profile = profile_of(bucketed(decaying(left=8.0, half_life=4.0, n_windows=4000), 20))

    expected = 8.0 * (0.5 ** (np.arange(0, 40, 2) / 4) + 0.5 ** (np.arange(1, 40, 2) / 4)) / 2
    assert np.abs(profile.left - expected / 1).max() < 5 * profile.se.max()


def test_nothing_is_seen_where_nothing_carries_over() -> None:
    seen = [
        seen_until(profile_of(bucketed(decaying(left=0.0, half_life=1.0, seed=s), 20)), chance=0.05) for s in range(200)
    ]

    assert np.mean(np.array(seen) > 0) <= 0.09


def test_the_data_never_ask_for_less_than_the_plan_settled() -> None:
    found = effect_after_burn_in(decaying(left=0.0, half_life=1.0), washout_steps=20, level=0.95)

    assert found.cautions[0].values["burn_in_steps"] >= 20


def test_a_wash_out_as_long_as_the_window_is_refused() -> None:
    with pytest.raises(DesignRefused) as refused:
        effect_after_burn_in(decaying(left=0.0, half_life=1.0), washout_steps=39, level=0.95)

    assert refused.value.caution.key == "carry_over_outlasts_windows"


def test_carry_over_that_lasts_through_windows_is_refused() -> None:
    with pytest.raises(DesignRefused) as refused:
        effect_after_burn_in(decaying(left=8.0, half_life=60.0), washout_steps=0, level=0.95)

    assert refused.value.caution.key == "carry_over_outlasts_windows"


def test_windows_that_always_alternate_are_refused() -> None:
    totals = np.random.default_rng(0).random((1, 40, 20))
    treated = np.tile([True, False], 20)[None]

    with pytest.raises(DesignRefused) as refused:
        effect_after_burn_in(Windows(totals, np.ones_like(totals), treated), washout_steps=0, level=0.95)

    assert refused.value.caution.key == "too_few_windows_of_a_kind"


def test_windows_of_few_steps_are_refused() -> None:
    with pytest.raises(DesignRefused) as refused:
        effect_after_burn_in(decaying(left=0.0, half_life=1.0, n_steps=6), washout_steps=0, level=0.95)

    assert refused.value.caution.key == "too_few_steps_in_a_window"


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.floats(-50, 50), st.floats(0.1, 20))
def test_another_zero_or_unit_of_the_metric_changes_no_conclusion(seed: int, shift: float, scale: float) -> None:
    windows = decaying(left=1.0, half_life=2.0, n_windows=40, seed=seed)
    moved = Windows(scale * windows.totals + shift * windows.counts, windows.counts, windows.treated)

    found = effect_after_burn_in(windows, washout_steps=0, level=0.95)
    again = effect_after_burn_in(moved, washout_steps=0, level=0.95)

    assert again.effect == pytest.approx(scale * found.effect, rel=1e-6, abs=1e-6)
    assert again.high - again.low == pytest.approx(scale * (found.high - found.low), rel=1e-6)
    assert again.p == pytest.approx(found.p, abs=1e-6)


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_calling_the_treatment_the_control_turns_the_effect_around(seed: int) -> None:
    windows = decaying(left=1.0, half_life=2.0, n_windows=40, seed=seed)

    found = effect_after_burn_in(windows, washout_steps=0, level=0.95)
    turned = effect_after_burn_in(
        Windows(windows.totals, windows.counts, ~windows.treated), washout_steps=0, level=0.95
    )

    assert (turned.effect, turned.low, turned.high) == pytest.approx((-found.effect, -found.high, -found.low))


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_less_is_left_unseen_the_later_one_begins_to_read(seed: int) -> None:
    profile = profile_of(bucketed(decaying(left=1.0, half_life=2.0, n_windows=40, seed=seed), 20))

    unseen = left_unseen(profile, seen_until(profile, chance=0.05), 2.5)

    assert (np.diff(unseen) <= 1e-12).all()


@given(st.floats(0, 5), st.floats(2, 500))
def test_an_interval_reaches_further_the_more_bias_there_may_be(bias: float, df: float) -> None:
    none, some, more = critical(np.array([0.0, bias, bias + 0.5]), df, 0.95)

    assert none - 1e-9 <= some < more


@pytest.mark.parametrize(
    ("totals", "counts", "treated", "word"),
    [
        (np.ones((1, 4, 3)), np.ones((1, 4, 2)), np.ones((1, 4), bool), "same shape"),
        (np.ones((1, 4, 3)), np.ones((1, 4, 3)), np.ones((1, 5), bool), "one arm"),
        (np.full((1, 4, 3), np.nan), np.ones((1, 4, 3)), np.ones((1, 4), bool), "finite"),
        (np.ones((1, 4, 3)), -np.ones((1, 4, 3)), np.ones((1, 4), bool), "nought or more"),
    ],
)
def test_what_cannot_be_windows_is_told_in_one_paragraph(
    totals: np.ndarray, counts: np.ndarray, treated: np.ndarray, word: str
) -> None:
    with pytest.raises(ValueError, match=word) as told:
        Windows(totals, counts, treated)

    assert "\n" not in str(told.value)
