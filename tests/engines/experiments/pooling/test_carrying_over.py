"""What trials in some cities tell of all of them, and of the next."""

from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiffin.engines.experiments.estimate import DesignRefused
from tiffin.engines.experiments.pooling.average import average_effect
from tiffin.engines.experiments.pooling.prediction import of_new, of_tried, predicted, shrunk
from tiffin.engines.experiments.pooling.random_effects import fit
from tiffin.engines.experiments.pooling.trials import Trials


def some_trials(
    *, cities: int = 20, beyond: float = 1.0, features: int = 1, seed: int = 0, mean: float = 3.0
) -> tuple[np.ndarray, Trials]:
    """True effects and what trials found of them."""
    rng = np.random.default_rng(seed)
    z = rng.standard_normal((cities, features))
    truth = mean + z.sum(axis=1) + beyond * rng.standard_normal(cities)
    errors = np.exp(0.4 * rng.standard_normal(cities))
    return truth, Trials(truth + errors * rng.standard_normal(cities), errors, z)


def test_prediction_intervals_hold_cities_that_were_left_out(carrying_over: ModuleType) -> None:
    found = carrying_over.run(carrying_over.World(), 12)

    assert np.mean(found.covered) == pytest.approx(0.9, abs=0.035)
    assert carrying_over.regret(found, "left out") <= 0.06


@pytest.mark.full
def test_prediction_intervals_hold_as_often_as_they_say(carrying_over: ModuleType) -> None:
    found = carrying_over.run(carrying_over.World(), 1000)

    assert 0.88 <= np.mean(found.covered) <= 0.92
    assert carrying_over.regret(found, "left out") <= 0.05


@pytest.mark.full
@pytest.mark.parametrize(("cities", "used"), [(5, 0), (8, 0), (12, 1)])
def test_with_few_cities_intervals_hold_no_less_often_than_they_say(
    carrying_over: ModuleType, cities: int, used: int
) -> None:
    found = carrying_over.run(carrying_over.World(cities=cities, used=used), 600)

    assert np.mean(found.covered) >= 0.88


@pytest.mark.parametrize(("cities", "beyond"), [(6, 0.0), (6, 1.0), (15, 1.0)])
def test_the_average_of_cities_is_held_as_often_as_its_interval_says(cities: int, beyond: float) -> None:
    held = []
    for seed in range(300):
        estimate = average_effect(some_trials(cities=cities, beyond=beyond, features=0, seed=seed)[1], level=0.9)
        held.append(estimate.low <= 3.0 <= estimate.high)

    assert np.mean(held) >= 0.9 - 0.05


def test_the_average_without_differences_is_the_one_weighted_by_precision() -> None:
    trials = Trials(np.array([1.0, 1.0, 1.0, 1.0]), np.array([0.1, 1.0, 2.0, 3.0]), np.empty((4, 0)))

    found = average_effect(trials, level=0.9)

    assert found.effect == pytest.approx(1.0)
    assert found.se == pytest.approx((1 / 0.01 + 1 + 1 / 4 + 1 / 9) ** -0.5)
    assert not found.cautions


def test_differences_between_cities_are_told_with_the_average() -> None:
    found = average_effect(some_trials(cities=30, beyond=4.0, features=0)[1], level=0.9)

    caution = found.cautions[0]
    assert caution.key == "cities_differ"
    assert caution.values["spread"] == pytest.approx(4.0, abs=1.5)
    assert caution.values["share"] > 0.7


def test_the_best_trials_are_drawn_back_to_what_they_are() -> None:
    raw, drawn = [], []
    for seed in range(200):
        truth, trials = some_trials(cities=30, beyond=0.7, seed=seed)
        best = np.argsort(trials.effects)[-3:]
        raw.append((trials.effects - truth)[best].mean())
        drawn.append((of_tried(fit(trials)).expected - truth)[best].mean())

    assert np.mean(raw) > 0.8
    assert abs(np.mean(drawn)) < 0.2


def test_intervals_of_tried_cities_hold_them() -> None:
    held = []
    for seed in range(60):
        truth, trials = some_trials(seed=seed)
        held += [e.low <= t <= e.high for e, t in zip(shrunk(fit(trials), level=0.9), truth, strict=True)]

    assert np.mean(held) == pytest.approx(0.9, abs=0.03)


def test_a_city_unlike_all_tried_ones_is_told() -> None:
    model = fit(some_trials()[1])

    inside, outside = predicted(model, np.array([[0.0], [9.0]]), level=0.9)

    assert "unlike_the_tried_cities" not in [c.key for c in inside.cautions]
    assert "unlike_the_tried_cities" in [c.key for c in outside.cautions]
    assert outside.high - outside.low > inside.high - inside.low


def test_few_cities_are_told() -> None:
    found = predicted(fit(some_trials(cities=6)[1]), np.zeros((1, 1)), level=0.9)[0]

    assert [c.key for c in found.cautions] == ["few_cities"]


@settings(max_examples=40)
@given(st.integers(0, 1000), st.floats(0.1, 50), st.floats(0.1, 10), st.floats(-5, 5))
def test_units_of_effects_and_features_and_the_order_of_cities_change_nothing(
    seed: int, scale: float, stretch: float, moved: float
) -> None:
    _, trials = some_trials(seed=seed)
    places = np.random.default_rng(seed).permutation(20)
    changed = Trials(
        scale * trials.effects[places], scale * trials.errors[places], stretch * trials.features[places] + moved
    )
    new = np.array([[0.3], [-1.0]])

    found = predicted(fit(trials), new, level=0.9)
    again = predicted(fit(changed), stretch * new + moved, level=0.9)

    for one, other in zip(found, again, strict=True):
        assert np.array([other.effect, other.se, other.low, other.high]) == pytest.approx(
            scale * np.array([one.effect, one.se, one.low, one.high]), rel=1e-5, abs=1e-6 * scale
        )


@settings(max_examples=40)
@given(st.integers(0, 1000), st.integers(5, 25))
def test_a_tried_city_lies_between_its_trial_and_what_cities_like_it_show(seed: int, cities: int) -> None:
    _, trials = some_trials(seed=seed, cities=cities, features=0)
    model = fit(trials)

    drawn, others = of_tried(model).means, of_new(model, trials.features).means

    low, high = np.minimum(trials.effects[:, None], others), np.maximum(trials.effects[:, None], others)
    assert ((low - 1e-9 <= drawn) & (drawn <= high + 1e-9)).all()


@settings(max_examples=40)
@given(st.integers(0, 1000), st.floats(0.05, 0.45))
def test_what_is_believed_agrees_with_itself(seed: int, share: float) -> None:
    belief = of_new(fit(some_trials(seed=seed)[1]), np.array([[0.0], [2.0]]))

    assert belief.below(belief.quantile(share)) == pytest.approx(np.full(2, share), abs=1e-6)
    assert (belief.quantile(share) < belief.quantile(1 - share)).all()
    # what is gained above a cost less what is lost below it is what is expected above it
    costs = belief.expected + 0.5
    gained = belief.expected - costs + belief.shortfall(costs)
    assert (gained >= -1e-9).all()
    assert (belief.shortfall(costs) >= np.maximum(costs - belief.expected, 0) - 1e-9).all()


@pytest.mark.parametrize(
    ("effects", "errors", "features", "word"),
    [
        (np.ones(5), np.ones(4), np.empty((5, 0)), "Each city"),
        (np.ones(5), np.ones(5), np.empty((4, 0)), "Each city"),
        (np.ones(5), np.ones(5), np.full((5, 1), np.nan), "finite"),
        (np.ones(5), np.zeros(5), np.empty((5, 0)), "above nought"),
        (np.ones(3), np.ones(3), np.empty((3, 0)), "too_few_cities"),
        (np.ones(9), np.ones(9), np.ones((9, 1)), "features_tell_the_same"),
    ],
)
def test_what_cannot_be_brought_together_is_told_in_one_paragraph(
    effects: np.ndarray, errors: np.ndarray, features: np.ndarray, word: str
) -> None:
    with pytest.raises(ValueError, match=word) as told:
        Trials(effects, errors, features)

    assert "\n" not in str(told.value)


def test_as_many_features_as_cities_are_refused() -> None:
    with pytest.raises(DesignRefused) as refused:
        some_trials(cities=6, features=3)

    assert refused.value.caution.values["least"] == 7
