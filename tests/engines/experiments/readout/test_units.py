"""Comparisons of randomised units from sums alone: laws, and answers equal to a regression written by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import ttest_ind

from tiffin.engines.experiments.estimate import DesignRefused
from tiffin.engines.experiments.readout.adjusting import cuped_means, cuped_ratios, lin_adjusted
from tiffin.engines.experiments.readout.contrasts import difference_of_means, difference_of_ratios
from tiffin.engines.experiments.readout.moments import Moments

Floats = NDArray[np.float64]
SEEDS = st.integers(0, 2**32 - 1)


def units(seed: int, n: int = 300, effect: float = 0.0) -> Floats:
    """Late orders, orders, and the same two of the weeks before: units that were busy before are busy again."""
    rng = np.random.default_rng(seed)
    busy = rng.gamma(3.0, 4.0, n)
    slow = rng.normal(0.3, 0.1, n)
    before = rng.poisson(busy) + 1.0
    now = rng.poisson(busy) + 1.0
    return np.column_stack(
        [
            now * (slow + effect) + rng.normal(0, 0.3, n) * np.sqrt(now),
            now,
            before * slow + rng.normal(0, 0.3, n) * np.sqrt(before),
            before,
        ]
    )


def arms(seed: int, effect: float = 0.0) -> tuple[Floats, Floats]:
    return units(seed, effect=effect), units(seed + 2**33, n=260)


READ_OUTS = {
    "means": difference_of_means,
    "ratios": difference_of_ratios,
    "cuped means": lambda t, c: cuped_means(t, c, variable=0, before=[2, 3]),
    "cuped ratios": lambda t, c: cuped_ratios(t, c, now=(0, 1), before=(2, 3)),
    "lin": lambda t, c: lin_adjusted(t, c, variable=0, covariates=[2, 3]),
}


@pytest.mark.parametrize("name", READ_OUTS)
@given(seed=SEEDS, cut=st.integers(1, 259))
def test_sums_of_parts_add_up_to_the_answer_of_the_whole_in_any_order(name: str, seed: int, cut: int) -> None:
    treated, control = arms(seed)
    shuffled = np.random.default_rng(seed).permutation(treated)

    whole = READ_OUTS[name](Moments.of(treated), Moments.of(control))
    parts = READ_OUTS[name](
        Moments.of(shuffled[cut:]) + Moments.of(shuffled[:cut]), Moments.of(control[:cut]) + Moments.of(control[cut:])
    )

    found, expected = ([one.effect, one.se, one.low, one.high, one.p] for one in (parts, whole))
    assert found == pytest.approx(expected, rel=1e-7, abs=1e-12)


@pytest.mark.parametrize("name", READ_OUTS)
@given(seed=SEEDS, factor=st.floats(0.01, 100))
def test_a_metric_in_another_unit_has_its_effect_in_that_unit(name: str, seed: int, factor: float) -> None:
    treated, control = arms(seed)
    scale = np.array([factor, 1.0, 1.0, 1.0])

    plain = READ_OUTS[name](Moments.of(treated), Moments.of(control))
    scaled = READ_OUTS[name](Moments.of(treated * scale), Moments.of(control * scale))

    expected = [plain.effect * factor, plain.se * factor, plain.low * factor, plain.high * factor]
    assert [scaled.effect, scaled.se, scaled.low, scaled.high] == pytest.approx(expected, rel=1e-6, abs=1e-9)
    assert scaled.p == pytest.approx(plain.p, rel=1e-5, abs=1e-12)


@given(seed=SEEDS)
def test_means_are_compared_as_welch_does(seed: int) -> None:
    treated, control = arms(seed, effect=0.05)

    found = difference_of_means(Moments.of(treated), Moments.of(control))
    expected = ttest_ind(treated[:, 0], control[:, 0], equal_var=False)
    interval = expected.confidence_interval(0.95)

    assert found.p == pytest.approx(expected.pvalue, rel=1e-8)
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high))


def test_a_ratio_is_one_of_sums_and_its_error_is_that_of_its_linear_parts() -> None:
    treated, control = arms(1)

    found = difference_of_ratios(Moments.of(treated), Moments.of(control))
    ratios = [arm[:, 0].sum() / arm[:, 1].sum() for arm in (treated, control)]
    parts = [
        np.var((arm[:, 0] - ratio * arm[:, 1]) / arm[:, 1].mean(), ddof=1) / len(arm)
        for arm, ratio in zip((treated, control), ratios, strict=True)
    ]

    assert found.effect == pytest.approx(ratios[0] - ratios[1])
    assert found.se == pytest.approx(np.sqrt(sum(parts)))


def test_lins_regression_is_the_one_written_out() -> None:
    treated, control = arms(2, effect=0.1)
    both = np.vstack([treated, control])
    is_treated = np.r_[np.ones(len(treated)), np.zeros(len(control))]
    past = both[:, 2:] - both[:, 2:].mean(axis=0)
    design = np.column_stack([np.ones(len(both)), is_treated, past, past * is_treated[:, None]])
    bread = np.linalg.inv(design.T @ design)
    slopes = bread @ design.T @ both[:, 0]
    left = both[:, 0] - design @ slopes
    lever = np.einsum("ij,jk,ik->i", design, bread, design)
    meat = (design * (left**2 / (1 - lever))[:, None]).T @ design

    found = lin_adjusted(Moments.of(treated), Moments.of(control), variable=0, covariates=[2, 3])

    assert found.effect == pytest.approx(slopes[1])
    assert found.se == pytest.approx(np.sqrt((bread @ meat @ bread)[1, 1]), rel=0.05)


def test_what_was_before_makes_effects_surer_and_changes_no_mean_of_them() -> None:
    effects = {name: [] for name in READ_OUTS}
    errors = {name: [] for name in READ_OUTS}
    for seed in range(200):
        treated, control = (Moments.of(arm) for arm in arms(10 * seed, effect=0.05))
        for name, read in READ_OUTS.items():
            found = read(treated, control)
            effects[name].append(found.effect)
            errors[name].append(found.se)

    assert np.mean(effects["cuped ratios"]) == pytest.approx(0.05, abs=0.004)
    assert np.mean(effects["cuped means"]) == pytest.approx(np.mean(effects["means"]), abs=0.15)
    assert np.mean(errors["cuped ratios"]) < 0.9 * np.mean(errors["ratios"])
    assert np.mean(errors["lin"]) < 0.9 * np.mean(errors["means"])
    for name in ("ratios", "cuped ratios", "lin", "means"):
        assert np.std(effects[name]) == pytest.approx(np.mean(errors[name]), rel=0.15)


def test_an_arm_of_one_unit_is_refused() -> None:
    with pytest.raises(DesignRefused, match="too_few_units"):
        difference_of_means(Moments.of([[1.0]]), Moments.of([[1.0], [2.0]]))


def test_an_arm_without_orders_has_no_ratio() -> None:
    with pytest.raises(DesignRefused, match="empty_denominator"):
        difference_of_ratios(Moments.of([[0.0, 0.0]] * 3), Moments.of([[1.0, 2.0]] * 3))
