"""Several metrics, segments, shares of arms, warnings and guardrails."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, chisquare, false_discovery_control
from scipy.stats import t as student

from tiffin.engines.experiments.estimate import DesignRefused, Estimate
from tiffin.engines.experiments.readout.cautions import turned_round, wearing_off
from tiffin.engines.experiments.readout.contrasts import student_estimate
from tiffin.engines.experiments.readout.guardrails import Guarded, Guardrail, judge
from tiffin.engines.experiments.readout.many_metrics import at_level, benjamini_hochberg, holm, selected
from tiffin.engines.experiments.readout.sample_ratio import sample_ratio, sample_ratio_cautions
from tiffin.engines.experiments.readout.segments import confirmed, shrunken

CHANCES = st.lists(st.floats(0, 1), min_size=1, max_size=30)


def an_estimate(effect: float, se: float, *, n: int = 100, df: float = 1e6) -> Estimate:
    return student_estimate(effect, se, df=df, n=n, method="made", level=0.95)


@given(CHANCES)
def test_the_share_of_false_alarms_is_adjusted_as_scipy_does(chances: list[float]) -> None:
    assert benjamini_hochberg(chances) == pytest.approx(false_discovery_control(chances))


@given(CHANCES)
def test_holm_is_never_milder_than_the_share_nor_stricter_than_bonferroni(chances: list[float]) -> None:
    strict = holm(chances)

    assert (strict >= benjamini_hochberg(chances) - 1e-12).all()
    assert (strict <= np.minimum(np.array(chances) * len(chances), 1) + 1e-12).all()
    assert (np.diff(strict[np.argsort(chances)]) >= -1e-12).all()


def test_effects_that_were_chosen_have_intervals_that_miss_as_seldom_as_is_said() -> None:
    rng = np.random.default_rng(7)
    shares = []
    for _ in range(150):
        truths = np.where(rng.random(20) < 0.3, rng.normal(0, 3, 20), 0.0)
        kept = selected([an_estimate(truth + rng.normal(), 1.0) for truth in truths], share=0.05)
        missed = [not one.low <= truth <= one.high for one, truth in zip(kept, truths, strict=True) if one]
        shares.append(np.mean(missed) if missed else 0.0)

    assert np.mean([share > 0 for share in shares]) > 0.05
    assert np.mean(shares) <= 0.06


def test_students_intervals_stay_students_at_another_level() -> None:
    wide = at_level(an_estimate(2.0, 0.5, df=6), 0.99)

    assert wide.high == pytest.approx(2 + 0.5 * student.ppf(0.995, 6), rel=1e-6)


def test_counts_are_compared_with_the_shares_exactly_where_they_are_small() -> None:
    assert sample_ratio([3, 11], [1, 1]) == pytest.approx(binomtest(3, 14).pvalue)
    assert sample_ratio([5_000, 5_300], [1, 1]) == pytest.approx(chisquare([5_000, 5_300]).pvalue)
    assert sample_ratio([0, 0], [1, 1]) == 1.0
    assert sample_ratio_cautions([50_000, 51_500], [1, 1])[0].key == "sample_ratio"
    assert not sample_ratio_cautions([50_000, 50_300], [1, 1])


def test_segments_are_drawn_to_the_mean_by_as_much_as_they_are_unsure() -> None:
    rng = np.random.default_rng(3)
    truths = rng.normal(1.0, 0.5, 200)
    errors = rng.uniform(0.2, 1.5, 200)
    found = {str(k): an_estimate(truths[k] + errors[k] * rng.normal(), float(errors[k])) for k in range(200)}

    drawn = shrunken(found)

    raw = [one.effect - truth for one, truth in zip(found.values(), truths, strict=True)]
    kept = [one.effect - truth for one, truth in zip(drawn.segments.values(), truths, strict=True)]
    assert np.mean(np.square(kept)) < 0.6 * np.mean(np.square(raw))
    held = [one.low <= truth <= one.high for one, truth in zip(drawn.segments.values(), truths, strict=True)]
    assert np.mean(held) >= 0.9
    assert drawn.spread == pytest.approx(0.5, abs=0.15)


def test_segments_that_differ_by_chance_alone_all_get_one_effect() -> None:
    found = {str(k): an_estimate(1.0 + 0.1 * (-1) ** k, 1.0) for k in range(6)}

    drawn = shrunken(found)

    assert drawn.spread == 0.0
    assert drawn.p > 0.9
    assert {round(one.effect, 9) for one in drawn.segments.values()} == {1.0}


def test_a_segment_chosen_by_one_half_is_told_by_the_other() -> None:
    first = {"a": an_estimate(5.0, 1.0), "b": an_estimate(0.1, 1.0)}
    second = {"a": an_estimate(2.0, 1.0), "b": an_estimate(0.0, 1.0)}

    assert confirmed(first, second, share=0.05) == {"a": second["a"]}
    with pytest.raises(DesignRefused, match="halves_differ"):
        confirmed(first, {"a": second["a"]}, share=0.05)


def test_a_mix_that_turns_the_effect_round_is_told() -> None:
    segments = {"kitchens": an_estimate(1.0, 0.1), "groceries": an_estimate(0.8, 0.1)}

    assert [one.key for one in turned_round(an_estimate(-0.5, 0.1), segments)] == ["simpson"]
    assert not turned_round(an_estimate(0.9, 0.1), segments)


@pytest.mark.parametrize(
    ("effects", "keys"),
    [
        ([5, 4, 3, 2, 1, 0], ["novelty"]),
        ([0, 1, 2, 3, 4, 5], ["learning"]),
        ([2, 2.1, 1.9, 2, 2.1, 2], []),
        ([5, 0], []),
    ],
)
def test_an_effect_that_wears_off_or_grows_is_told(effects: list[float], keys: list[str]) -> None:
    assert [one.key for one in wearing_off([an_estimate(effect, 0.3) for effect in effects])] == keys


@pytest.mark.parametrize(
    ("effect", "expected"),
    [(-3.0, Guarded.HARMED), (0.0, Guarded.SAFE), (-0.9, Guarded.UNDECIDED), (2.0, Guarded.SAFE)],
)
def test_a_guardrail_is_harmed_safe_or_not_yet_decided(effect: float, expected: Guarded) -> None:
    good, bad = Guardrail(margin=1.0, is_higher_better=True), Guardrail(margin=1.0, is_higher_better=False)

    assert judge(good, an_estimate(effect, 0.3)) is expected
    assert judge(bad, an_estimate(-effect, 0.3)) is expected


def test_an_effect_without_any_variation_is_sure() -> None:
    assert an_estimate(0.0, 0.0).p == 1.0
    assert an_estimate(1.0, 0.0).p == 0.0
    assert not math.isnan(an_estimate(1.0, 0.0).low)
