import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tiffin.engines.attribution.congestion import fit_congestion
from tiffin.engines.attribution.history import usual


@given(st.integers(0, 10_000))
def test_waiting_never_falls_as_load_grows(seed: int) -> None:
    rng = np.random.default_rng(seed)
    load = rng.uniform(0, 2, 60)
    curve = fit_congestion(load, rng.normal(5, 3, 60), weight=rng.integers(1, 30, 60).astype(float))
    assert curve is not None
    assert np.all(np.diff(curve.at(np.linspace(0, 4, 200))) >= -1e-12)


def test_the_curve_finds_a_queue_that_builds_up_near_capacity() -> None:
    rng = np.random.default_rng(1)
    load = rng.uniform(0.1, 0.95, 2000)
    wait = load / (1 - load) + rng.normal(0, 0.5, 2000)
    curve = fit_congestion(load, wait, weight=np.ones(2000))
    assert curve is not None
    at = np.array([0.3, 0.5, 0.8])
    np.testing.assert_allclose(curve.at(at), at / (1 - at), atol=0.6)
    assert curve.at(np.array([1.2]))[0] > curve.at(np.array([0.95]))[0]


def test_a_short_or_level_history_gives_no_curve() -> None:
    assert fit_congestion(np.arange(4.0), np.arange(4.0), weight=np.ones(4)) is None
    assert fit_congestion(np.ones(50), np.arange(50.0), weight=np.ones(50)) is None
    assert fit_congestion(np.full(50, np.nan), np.arange(50.0), weight=np.ones(50)) is None


def test_one_odd_day_does_not_move_what_is_usual() -> None:
    assert usual(np.array([10.0, 11.0, 9.0, 10.0, 500.0])).median == 10.0
    assert usual(np.array([10.0, 11.0, 9.0, 10.0, 500.0])).spread < 3
    assert usual(np.array([1.0, 2.0])).spread is None
    assert usual(np.array([np.nan])) is None
