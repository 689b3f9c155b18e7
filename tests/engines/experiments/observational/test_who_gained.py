import numpy as np
import pytest
from tests.engines.experiments.observational.causal_worlds import a_panel, a_sample

from tiffin.engines.experiments.observational.arms import compare_arms
from tiffin.engines.experiments.observational.augmented import choose_penalty, mix
from tiffin.engines.experiments.observational.conformal import Reordering, conformal_p
from tiffin.engines.experiments.observational.geo import geo_test
from tiffin.engines.experiments.observational.geo_markets import candidate_sets, rank_markets, rehearse_market
from tiffin.engines.experiments.observational.qini import qini
from tiffin.engines.experiments.observational.uplift import honest_segments, two_regressions
from tiffin.engines.experiments.observational.weighting import Sample


def a_gain_for_some(seed: int, n: int = 4000) -> Sample:
    draw = np.random.default_rng(seed)
    covariates = draw.uniform(size=(n, 3))
    treated = draw.random(n) < 0.5
    outcomes = covariates[:, 1] + treated * np.where(covariates[:, 0] > 0.5, 1.0, 0.0) + draw.normal(size=n)
    return Sample(outcomes, treated, covariates, ("a", "b", "c"))


def test_a_segment_that_gains_is_found_by_its_bound() -> None:
    found = honest_segments(a_gain_for_some(1), depth=1)

    best, rest = found.segments
    assert best.bounds[0].name == "a"
    assert best.bounds[0].low == pytest.approx(0.5, abs=0.08)
    assert best.estimate.low < 1 < best.estimate.high
    assert rest.estimate.low < 0.1
    assert found.differ_p < 1e-6


def test_everybody_is_one_segment_where_there_are_too_few() -> None:
    found = honest_segments(a_gain_for_some(2, n=200), least=100)

    assert [one.bounds for one in found.segments] == [()]
    assert found.differ_p == 1


def test_a_score_of_who_gains_beats_chance_and_a_score_of_nothing_does_not() -> None:
    sample = a_gain_for_some(3)

    told = qini(two_regressions(sample), sample.outcomes, sample.treated, shuffles=99)
    blind = qini(np.random.default_rng(5).random(4000), sample.outcomes, sample.treated, shuffles=99)

    assert told.p == pytest.approx(0.01)
    assert told.coefficient > 0.03
    assert blind.p > 0.05
    assert told.curve[-1] == pytest.approx(blind.curve[-1])
    assert told.of_best < 1


def test_the_end_of_the_curve_is_the_effect_of_treating_all() -> None:
    sample = a_gain_for_some(4)

    found = qini(np.zeros(4000), sample.outcomes, sample.treated, shuffles=1)

    effect = sample.outcomes[sample.treated].mean() - sample.outcomes[~sample.treated].mean()
    assert found.curve[-1] == pytest.approx(effect)


def test_an_arm_that_lost_units_is_told() -> None:
    sample = a_sample(1)
    arms = np.where(np.arange(600) < 380, "a", "b")

    found = compare_arms(sample.outcomes, arms, without="a")

    assert found.placebos[0].p < 0.001
    assert "sample_ratio" in {one.key for one in found.estimates["b"].cautions}


def test_chances_of_error_of_several_arms_are_raised_together() -> None:
    draw = np.random.default_rng(1)
    arms = draw.choice(["none", "x", "y", "z"], size=4000)
    alarms = 0
    for seed in range(200):
        outcomes = np.random.default_rng(seed).normal(size=4000)
        found = compare_arms(outcomes, arms, without="none")
        alarms += min(one.p for one in found.estimates.values()) < 0.05

    assert alarms <= 22


def test_a_covariate_that_differs_between_arms_fails_its_placebo() -> None:
    draw = np.random.default_rng(2)
    arms = np.array(["a", "b"] * 300)
    before = draw.normal(size=600) + 0.5 * (arms == "b")

    found = compare_arms(draw.normal(size=600), arms, without="a", covariates={"before": before, "flat": np.ones(600)})

    assert {one.name: one.passed for one in found.placebos} == {"sample_ratio": True, "before": False, "flat": True}


def test_reordering_singly_agrees_with_shifts_where_days_are_independent() -> None:
    gaps = np.random.default_rng(7).normal(size=400)
    gaps[-5:] += 0.7

    shifts, singly = (conformal_p(gaps, 5, reordering=one) for one in Reordering)

    assert shifts == pytest.approx(singly, abs=0.05)


def test_a_ridge_correction_matches_more_closely_and_says_that_it_extrapolates() -> None:
    panel = a_panel(3, units=8, treated=1, factors=2.0, effect=5.0)

    plain, ridge = geo_test(panel), geo_test(panel, ridge=True)

    assert ridge.scaled_miss <= plain.scaled_miss + 1e-12
    assert sum(ridge.weights.values()) == pytest.approx(1)


def test_a_smaller_penalty_leaves_a_smaller_miss() -> None:
    panel = a_panel(5, units=10, treated=1, factors=2.0)
    controls, target = panel.outcomes[1:], panel.outcomes[0]

    misses = [mix(controls, target, before=20, penalty=one).scaled_miss for one in (0.1, 1.0, 100.0, np.inf)]

    assert misses == sorted(misses)
    assert 0 < choose_penalty(controls, target, before=20) < np.inf


def test_a_set_of_cities_is_one_with_those_most_like_it() -> None:
    wave = np.sin(np.arange(40.0))
    history = np.array([wave, wave + 0.01 * np.arange(40), -wave, -wave + 0.01 * np.arange(40)])

    assert candidate_sets(history, [2]) == ((0, 1), (2, 3))


def test_a_large_effect_is_found_in_rehearsal_and_none_is_found_where_there_is_none() -> None:
    history = a_panel(2, units=14, times=80, treated=1, factors=0.5).outcomes
    names = [f"city {one}" for one in range(14)]

    found = rehearse_market(history, names, [3], duration=8, effects=[0.02, 0.3], lookback=10)

    assert found.power[0.3] == 1
    assert found.power[0.3] >= found.power[0.02] >= found.false_alarms
    assert found.false_alarms <= 0.3
    assert found.smallest_effect in {0.02, 0.3}


def test_cities_come_best_first() -> None:
    history = a_panel(2, units=10, times=60, treated=1, factors=0.5).outcomes
    names = [f"city {one}" for one in range(10)]

    found = rank_markets(history, names, sizes=[1], duration=8, effects=[0.05, 0.2], lookback=3)

    assert len(found) == 10
    assert found[0].smallest_effect <= found[-1].smallest_effect or np.isnan(found[-1].smallest_effect)
    assert sum(one.share for one in found) == pytest.approx(1)
