import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tiffin.engines.experiments.observational.simplex import exact_weights, published_weights


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 12), st.integers(2, 20), st.sampled_from([0.0, 0.5]))
def test_no_donor_would_improve_exact_weights(seed: int, rows: int, donors: int, ridge: float) -> None:
    draw = np.random.default_rng(seed)
    matrix, target = draw.normal(size=(rows, donors)) * 100, draw.normal(size=rows) * 100

    weights = exact_weights(matrix, target, ridge=ridge)

    slope = matrix.T @ (matrix @ weights - target) + ridge * weights
    assert weights.min() >= 0
    assert abs(weights.sum() - 1) < 1e-12
    assert weights @ slope - slope.min() < 1e-6


def test_a_donor_that_is_the_target_takes_all_weight() -> None:
    matrix = np.random.default_rng(1).normal(size=(9, 6))

    assert exact_weights(matrix, matrix[:, 2])[2] > 1 - 1e-9


def test_the_published_descent_nears_the_exact_weights_where_it_is_not_cut_off() -> None:
    draw = np.random.default_rng(3)
    matrix, target = draw.normal(size=(40, 5)), draw.normal(size=40)

    near = published_weights(matrix, target, ridge=0.5, least=1e-9, start=np.full(5, 0.2))

    assert np.abs(near - exact_weights(matrix, target, ridge=40 * 0.5)).max() < 1e-3
