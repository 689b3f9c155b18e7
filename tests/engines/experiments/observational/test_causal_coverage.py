"""How often intervals hold the truth and effects are found where there are none, in drawn worlds.

The bounded forms draw few worlds and allow for the chance in that; the full ones draw many.
"""

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats
from tests.engines.experiments.observational.causal_worlds import a_panel, a_sample, a_staggered_panel

from tiffin.engines.experiments.estimate import Estimate
from tiffin.engines.experiments.observational.conformal import Reordering
from tiffin.engines.experiments.observational.differences import difference_in_differences
from tiffin.engines.experiments.observational.geo import geo_test
from tiffin.engines.experiments.observational.staggered import staggered_differences
from tiffin.engines.experiments.observational.synthetic_control import synthetic_control
from tiffin.engines.experiments.observational.synthetic_did import Errors, synthetic_did
from tiffin.engines.experiments.observational.uplift import honest_segments
from tiffin.engines.experiments.observational.weighting import Adjustment, weighted_comparison

World = Callable[[int, float], Estimate]
TRUTH = 2.0
MEAN_TIMES = (15 + 6) / 8
"""Times treated so far, on average over the treated units and times of the staggered world: 1 to 5, and 1 to 3."""
WORLDS: dict[str, tuple[World, float]] = {
    "differences": (lambda seed, effect: difference_in_differences(a_panel(seed, effect=effect)).estimate, 0.93),
    "differences, one treated": (
        lambda seed, effect: difference_in_differences(a_panel(seed, treated=1, effect=effect)).estimate,
        0.93,
    ),
    "staggered": (lambda seed, effect: staggered_differences(a_staggered_panel(seed, effect=effect)).estimate, 0.92),
    "staggered, one unit a start": (
        lambda seed, effect: staggered_differences(a_staggered_panel(seed, starting=1, effect=effect)).estimate,
        0.93,
    ),
    "synthetic control": (
        lambda seed, effect: synthetic_control(a_panel(seed, treated=1, factors=0.3, effect=effect)).estimate,
        0.93,
    ),
    "synthetic differences": (
        lambda seed, effect: synthetic_did(a_panel(seed, factors=0.3, effect=effect), replications=30).estimate,
        0.91,
    ),
    "synthetic differences, jackknife": (
        lambda seed, effect: (
            synthetic_did(
                a_panel(seed, treated=8, factors=0.3, effect=effect), errors=Errors.JACKKNIFE, replications=2
            ).estimate
        ),
        0.88,
    ),
    "geo": (
        lambda seed, effect: (
            geo_test(a_panel(seed, units=24, times=70, before=60, treated=2, factors=0.3, effect=effect)).estimate
        ),
        0.90,
    ),
    "propensity": (
        lambda seed, effect: weighted_comparison(a_sample(seed, effect=effect), Adjustment.PROPENSITY).estimate,
        0.91,
    ),
    "entropy": (
        lambda seed, effect: weighted_comparison(a_sample(seed, effect=effect), Adjustment.ENTROPY).estimate,
        0.92,
    ),
    "doubly robust": (
        lambda seed, effect: weighted_comparison(a_sample(seed, effect=effect), Adjustment.DOUBLY_ROBUST).estimate,
        0.92,
    ),
}
"""How each is drawn and read, and the least share of intervals that holds the truth (0.95 is asked of each).

Those below 0.93 rest on a normal law of few units or few stretches; their figure is what they really reach.
"""


def _held(name: str, worlds: int) -> tuple[float, float]:
    read, _ = WORLDS[name]
    truth = TRUTH * MEAN_TIMES if name.startswith("staggered") else TRUTH
    found = [read(seed, TRUTH) for seed in range(worlds)]
    placebo = [read(seed, 0.0) for seed in range(worlds, 2 * worlds)]
    covered = float(np.mean([one.low <= truth <= one.high for one in found]))
    return covered, float(np.mean([one.p < 0.05 for one in placebo]))


@pytest.mark.parametrize("name", sorted(WORLDS))
def test_intervals_hold_the_truth_and_nothing_is_found_where_nothing_is(name: str) -> None:
    covered, alarms = _held(name, 30)

    least = stats.binom.ppf(0.001, 30, WORLDS[name][1]) / 30
    assert covered >= least
    assert alarms <= stats.binom.ppf(0.999, 30, 1 - WORLDS[name][1]) / 30


@pytest.mark.full
@pytest.mark.parametrize("name", sorted(WORLDS))
def test_intervals_hold_the_truth_in_many_worlds(name: str) -> None:
    covered, alarms = _held(name, 600)

    room = 2.5 * np.sqrt(0.05 * 0.95 / 600)
    assert covered >= WORLDS[name][1] - room
    assert alarms <= 1 - WORLDS[name][1] + room


def test_a_naive_comparison_is_fooled_where_a_weighted_one_is_not() -> None:
    naive = [weighted_comparison(a_sample(seed), Adjustment.NONE).estimate for seed in range(20)]
    weighted = [weighted_comparison(a_sample(seed), Adjustment.ENTROPY).estimate for seed in range(20)]

    assert min(one.effect for one in naive) > 0.8
    assert abs(np.mean([one.effect for one in weighted])) < 0.1


def test_whole_shifts_of_time_raise_no_more_alarms_than_they_may() -> None:
    found = [
        geo_test(
            a_panel(seed, units=16, times=60, before=50, treated=1, likeness=0.6), reordering=Reordering.BLOCKS
        ).any_effect_p
        for seed in range(100)
    ]

    assert np.mean([p <= 0.05 for p in found]) <= stats.binom.ppf(0.999, 100, 0.05) / 100


def test_segments_of_a_treatment_that_does_nothing_differ_no_more_often_than_they_may() -> None:
    found = [honest_segments(a_sample(seed, chosen=0.0), least=20).differ_p for seed in range(60)]

    assert np.mean([p < 0.05 for p in found]) <= stats.binom.ppf(0.999, 60, 0.05) / 60
