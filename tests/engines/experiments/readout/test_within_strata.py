"""The quick difference within strata is the regression with a mean for each stratum."""

import numpy as np
import pytest

from tiffin.engines.experiments.estimate import DesignRefused
from tiffin.engines.experiments.readout.cells import Cells
from tiffin.engines.experiments.readout.within_strata import difference_within


def test_it_is_weighted_least_squares_with_strata_and_robust_errors() -> None:
    chance = np.random.default_rng(1)
    stratum = np.repeat(np.arange(20), 4)
    arm = np.tile([0, 1, 0, 1], 20)
    orders = chance.poisson(30, 80) + 1.0
    ratio = 0.1 * stratum + 0.5 * arm + chance.standard_normal(80)
    found = difference_within(Cells(ratio * orders, orders, arm), stratum)

    design = np.column_stack([arm, np.eye(20)[stratum]]) * np.sqrt(orders)[:, None]
    outcome = ratio * np.sqrt(orders)
    bread = np.linalg.inv(design.T @ design)
    fitted = bread @ design.T @ outcome
    meat = design.T @ (design * ((outcome - design @ fitted) ** 2)[:, None])
    error = np.sqrt((bread @ meat @ bread)[0, 0] * 80 / (80 - 21))
    assert found.effect == pytest.approx(fitted[0])
    assert found.se == pytest.approx(error)


def test_its_intervals_hold_the_truth_as_often_as_promised() -> None:
    chance = np.random.default_rng(2)
    stratum = np.repeat(np.arange(30), 2)
    held = 0
    for _ in range(1000):
        first = chance.random(30) < 0.5
        arm = np.column_stack([first, ~first]).ravel().astype(np.int64)
        orders = chance.poisson(20, 60) + 1.0
        above = orders * (np.repeat(chance.standard_normal(30), 2) + 0.3 * arm + 0.5 * chance.standard_normal(60))
        found = difference_within(Cells(above, orders, arm), stratum)
        held += found.low <= 0.3 <= found.high
    assert 930 <= held <= 970


def test_strata_of_one_arm_tell_nothing() -> None:
    ones = np.ones(6)
    with pytest.raises(DesignRefused):
        difference_within(Cells(ones, ones, np.array([0, 0, 1, 1, 1, 1])), np.array([0, 0, 1, 1, 2, 2]))
