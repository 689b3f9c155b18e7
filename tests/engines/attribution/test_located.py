"""Quantiles of subjects that differ in pace: what few cases say counts little, and each has its own middle."""

import numpy as np
import pytest

from tiffin.engines.attribution.stages.located import learn_located

SPREAD, APART = 0.35, 0.25


def drawn(counts: list[int], *, apart: float, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw times of subjects with as many cases each; give them, whose they are, and each one's own median."""
    random = np.random.default_rng(seed)
    median = 700.0 * np.exp(apart * random.standard_normal(len(counts)))
    subject = np.repeat(np.arange(len(counts)), counts)
    return median[subject] * np.exp(SPREAD * random.standard_normal(len(subject))), subject, median


def test_a_subjects_quantiles_are_found_within_their_own_error() -> None:
    values, subject, median = drawn([30, 100, 400] * 60, apart=APART)
    found = learn_located(values, subject, probabilities=(0.5, 0.8))
    each = np.arange(len(median))
    slow = median * np.exp(SPREAD * 0.8416)
    for number, truth in enumerate((median, slow)):
        off = (np.log(found.at(each)[number]) - np.log(truth)) / np.hypot(found.error_at(each), 0.005)
        assert abs(off.mean()) < 0.3
        assert off.std() == pytest.approx(1.0, abs=0.2)


def test_many_cases_leave_less_error_than_few() -> None:
    values, subject, _ = drawn([5, 50, 500] * 40, apart=APART)
    error = learn_located(values, subject, probabilities=(0.5,)).error_at(np.arange(3))
    assert error[0] > 2 * error[1] > 4 * error[2] * 0.9


def test_subjects_that_do_not_differ_have_one_middle() -> None:
    values, subject, _ = drawn([40] * 50, apart=0.0, seed=4)
    middles = learn_located(values, subject, probabilities=(0.5,)).at(np.arange(50))[0]
    assert middles.max() / middles.min() < 1.06


def test_a_subject_that_nothing_is_known_of_has_the_middle_of_all() -> None:
    values, subject, _ = drawn([60] * 40, apart=APART)
    found = learn_located(values, subject, probabilities=(0.5, 0.8))
    unknown = found.at(np.array([-1, 999]))
    assert unknown[0] == pytest.approx(np.exp(found.overall) * np.exp(found.shape[0]))
    assert found.error_at(np.array([999]))[0] == pytest.approx(APART, rel=0.4)


def test_where_nothing_is_known_nothing_is_said() -> None:
    found = learn_located(np.full(3, np.nan), np.array([0, 1, -1]), probabilities=(0.5, 0.8))
    assert found.at(np.array([0, 1])).shape == (2, 2)
