"""Calibration of confidence: bins, errors, and a confidence that is put right."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import isotonic_regression

from tiffin.engines.agreement.calibration import (
    brier_score,
    calibration_error,
    recalibrated,
    reliability,
    share_interval,
)

LEVELS = np.array([0.5, 0.6, 0.7, 0.8, 0.9])
SEEDS = st.integers(0, 2**32 - 1)


def test_a_confidence_that_means_what_it_says_has_almost_no_error() -> None:
    chance = np.random.default_rng(3)
    confidence = chance.uniform(0.5, 1.0, 40_000)
    right = chance.random(40_000) < confidence

    assert calibration_error(reliability(confidence, right, bins=10, level=0.95)) < 0.02


def test_an_overconfident_judge_is_told_by_how_much() -> None:
    confidence = np.full(1000, 0.9)
    right = np.arange(1000) < 700
    found = reliability(confidence, right, bins=10, level=0.95)

    assert [(one.count, one.share) for one in found] == [(1000, 0.7)]
    assert found[0].low < 0.7 < found[0].high < 0.9
    assert calibration_error(found) == pytest.approx(0.2)
    assert brier_score(confidence, right) == pytest.approx(0.7 * 0.01 + 0.3 * 0.81)


@given(SEEDS)
def test_every_judgement_is_in_one_bin_and_none_of_one_confidence_is_torn_apart(seed: int) -> None:
    chance = np.random.default_rng(seed)
    confidence = chance.choice(LEVELS, size=57)
    found = reliability(confidence, chance.random(57) < 0.7, bins=4, level=0.95)

    assert sum(one.count for one in found) == 57
    assert len(found) <= 4 + 1
    means = [one.confidence for one in found]
    assert means == sorted(means)


@given(SEEDS)
def test_recalibration_is_the_closest_that_never_falls(seed: int) -> None:
    chance = np.random.default_rng(seed)
    confidence = chance.choice(LEVELS, size=40)
    right = chance.random(40) < 0.6
    at, counts = np.unique(confidence, return_counts=True)
    shares = np.array([right[confidence == one].mean() for one in at])

    found = recalibrated(confidence, right)

    assert found.at == tuple(at)
    assert found.share == pytest.approx(isotonic_regression(shares, weights=counts.astype(float)).x)


@given(SEEDS)
def test_recalibration_makes_nothing_worse_where_it_was_learned(seed: int) -> None:
    chance = np.random.default_rng(seed)
    confidence = chance.uniform(size=60)
    right = chance.random(60) < confidence**2

    assert brier_score(recalibrated(confidence, right).of(confidence), right) <= brier_score(confidence, right) + 1e-12


def test_nothing_can_be_learned_from_nothing() -> None:
    with pytest.raises(ValueError, match="found none"):
        recalibrated(np.empty(0), np.empty(0, dtype=bool))


def test_the_interval_of_a_share_holds_it_as_often_as_it_says() -> None:
    chance = np.random.default_rng(5)
    drawn = chance.binomial(25, 0.85, size=4000)
    held = np.mean([low <= 0.85 <= high for low, high in (share_interval(int(one), 25, 0.95) for one in drawn)])

    assert 0.93 < held < 0.99
    assert share_interval(0, 0, 0.95) == (0.0, 1.0)
