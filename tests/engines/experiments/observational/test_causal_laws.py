from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.experiments.observational.causal_worlds import a_panel, a_sample, a_staggered_panel

from tiffin.engines.experiments.estimate import Estimate
from tiffin.engines.experiments.observational.differences import difference_in_differences
from tiffin.engines.experiments.observational.geo import geo_test
from tiffin.engines.experiments.observational.panels import Panel
from tiffin.engines.experiments.observational.staggered import Comparison, Weighing, staggered_differences
from tiffin.engines.experiments.observational.synthetic_control import synthetic_control
from tiffin.engines.experiments.observational.synthetic_did import synthetic_did
from tiffin.engines.experiments.observational.weighting import Adjustment, Sample, weighted_comparison

Read = Callable[[Panel], Estimate]
READERS: dict[str, Read] = {
    "difference_in_differences": lambda panel: difference_in_differences(panel).estimate,
    "staggered": lambda panel: staggered_differences(panel).estimate,
    "synthetic_control": lambda panel: synthetic_control(panel).estimate,
    "synthetic_did": lambda panel: synthetic_did(panel, replications=20).estimate,
    "geo": lambda panel: geo_test(panel).estimate,
}
LEVEL_FREE = sorted(set(READERS) - {"synthetic_control"})
SHOCK_FREE = sorted(set(READERS) - {"synthetic_did"})
"""The published penalty of synthetic differences grows with how much controls jump, shared jumps included."""


@pytest.mark.parametrize("name", sorted(READERS))
@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 1000), factor=st.sampled_from([0.01, 7.0, 1000.0]))
def test_another_unit_of_measure_scales_effect_and_interval_alike(name: str, seed: int, factor: float) -> None:
    panel = a_panel(seed, units=12, treated=2, effect=3.0, factors=0.5)

    one, other = READERS[name](panel), READERS[name](replace(panel, outcomes=panel.outcomes * factor))

    assert other.effect == pytest.approx(one.effect * factor, rel=1e-4)
    if name != "synthetic_did":  # a stop may come a step earlier in one placebo of twenty
        assert (other.low, other.high) == pytest.approx((one.low * factor, one.high * factor), rel=1e-4, nan_ok=True)


@pytest.mark.parametrize("name", SHOCK_FREE)
def test_what_befalls_all_units_at_a_time_changes_nothing(name: str) -> None:
    panel = a_panel(4, units=12, treated=2, effect=3.0, factors=0.5)
    shocks = 5 * np.random.default_rng(1).normal(size=panel.n_times)

    moved = READERS[name](replace(panel, outcomes=panel.outcomes + shocks))

    assert moved.effect == pytest.approx(READERS[name](panel).effect, abs=5e-3)


@pytest.mark.parametrize("name", LEVEL_FREE)
def test_a_units_own_level_changes_nothing(name: str) -> None:
    panel = a_panel(5, units=12, treated=2, effect=3.0, factors=0.5)
    levels = 20 * np.random.default_rng(2).normal(size=(12, 1))

    moved = READERS[name](replace(panel, outcomes=panel.outcomes + levels))

    assert moved.effect == pytest.approx(READERS[name](panel).effect, abs=1e-6)


@pytest.mark.parametrize("name", sorted(READERS))
def test_an_added_effect_is_read_in_full(name: str) -> None:
    panel = a_panel(6, units=12, treated=2, factors=0.5)
    after = panel.treated[:, None] & (np.arange(panel.n_times) >= 20)

    moved = READERS[name](replace(panel, outcomes=panel.outcomes + 7.0 * after))

    assert moved.effect == pytest.approx(READERS[name](panel).effect + 7.0, abs=1e-6)


def test_a_growing_effect_is_told_by_time_since_the_start() -> None:
    panel = a_staggered_panel(1, starting=300, waiting=300, effect=1.0)

    found = staggered_differences(panel, comparison=Comparison.NOT_YET, weighing=Weighing.DYNAMIC)

    events = {event.after: event.estimate.effect for event in found.events}
    assert events[0] == pytest.approx(1, abs=0.3)
    assert events[4] == pytest.approx(5, abs=0.4)
    assert all(abs(effect) < 0.3 for after, effect in events.items() if after < 0)
    assert all(event.low < event.estimate.low and event.high > event.estimate.high for event in found.events)


@pytest.mark.parametrize("adjustment", [Adjustment.PROPENSITY, Adjustment.ENTROPY, Adjustment.DOUBLY_ROBUST])
def test_a_covariates_unit_of_measure_changes_no_weighted_effect(adjustment: Adjustment) -> None:
    sample = a_sample(3, effect=1.0)
    scaled = Sample(sample.outcomes, sample.treated, sample.covariates * [1000, 0.01, 1] + 5, sample.names)

    found, other = weighted_comparison(sample, adjustment), weighted_comparison(scaled, adjustment)

    assert other.estimate.effect == pytest.approx(found.estimate.effect, abs=1e-6)
    assert other.estimate.se == pytest.approx(found.estimate.se, abs=1e-6)


def test_a_drift_before_the_start_is_found_and_told() -> None:
    found = difference_in_differences(a_panel(8, drift=0.3))

    assert not found.placebos[0].passed
    assert {"pre_trend", "placebo_in_time"} <= {one.key for one in found.estimate.cautions}


def test_a_test_too_weak_to_see_a_drift_says_so() -> None:
    found = difference_in_differences(a_panel(9, treated=1, units=6, effect=0.1))

    assert "pre_trend_unseen" in {one.key for one in found.estimate.cautions}


def test_too_few_donors_for_a_level_leave_the_interval_without_ends() -> None:
    found = synthetic_control(a_panel(1, units=8, treated=1, effect=50)).estimate

    assert (found.low, found.high) == (-np.inf, np.inf)
    assert "level_unreachable" in {one.key for one in found.cautions}
