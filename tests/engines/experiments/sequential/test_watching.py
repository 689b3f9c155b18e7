"""Trials under watch: boundaries, laws of what is followed, and how often it stops for nothing."""

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from tiffin.engines.experiments.estimate import DesignRefused
from tiffin.engines.experiments.sequential.boundaries import crossing, endless_boundary, horizon_boundary
from tiffin.engines.experiments.sequential.grids import Grid
from tiffin.engines.experiments.sequential.watching import Plan, Watched, estimate_after, watch

PLAN = Plan(windows=168, earliest=48)
SWITCHED = st.sampled_from(["areas", "days"])


def a_grid(seed: int, *, effect: float = 0.0, switched: str = "areas") -> Grid:
    """Windows of which half of the zones are treated, or all zones in one of each two days."""
    rng, zones, trials = np.random.default_rng(seed), 6, 1
    window, _ = np.indices((168, zones))
    if switched == "days":
        stratum = window // 48 * 24 + window % 24
        first = rng.random(stratum.max() + 1) < 0.5
        arm = (first[stratum] ^ (window // 24 % 2 == 1)).astype(np.int64)
    else:
        stratum, arm = window, (rng.random((168, zones)).argsort(axis=1) < zones // 2).astype(np.int64)
    orders = rng.poisson(15, (168, zones)).astype(float)
    level = np.cumsum(rng.normal(0, 0.1, (trials, 168, zones)), axis=1)
    late = orders * (level + effect * arm) + np.sqrt(orders) * rng.standard_normal((trials, 168, zones))
    return Grid(late, orders, arm, stratum)


@pytest.mark.parametrize("shape", [0.0, 0.5])
def test_the_boundary_is_left_as_often_as_is_asked(shape: float) -> None:
    walks = np.cumsum(np.random.default_rng(5).standard_normal((20_000, 60)), axis=1) / np.sqrt(60)
    fraction = np.arange(1, 61) / 60
    bound = horizon_boundary(fraction, looks=60, first=10, alpha=0.05, shape=shape) * np.sqrt(fraction)

    left = (np.abs(walks) > bound)[:, 9:].any(axis=1).mean()

    assert left == pytest.approx(0.05, abs=0.005)


def test_two_looks_have_pococks_and_obriens_constants() -> None:
    for shape, published in ((0.5, 2.178), (0.0, 1.977)):
        found = horizon_boundary(np.array([1.0]), looks=2, first=1, alpha=0.05, shape=shape)
        assert found[0] == pytest.approx(published, abs=0.003)
    assert crossing(float(norm.ppf(0.975)), looks=5, first=5, shape=0.5) == pytest.approx(0.05, abs=1e-3)


def test_an_endless_boundary_is_nearest_where_it_was_asked_and_wider_than_one_with_an_end() -> None:
    fraction = np.linspace(0.3, 4, 200)
    endless = endless_boundary(fraction, alpha=0.05, best=1.5)

    assert fraction[endless.argmin()] == pytest.approx(1.5, abs=0.15)
    within = fraction <= 1
    assert (endless[within] > horizon_boundary(fraction[within], looks=672, first=168, alpha=0.05)).all()


@settings(deadline=None, max_examples=20)
@given(seed=st.integers(0, 2**32 - 1), shift=st.floats(-0.1, 0.1), switched=SWITCHED)
def test_an_effect_that_all_treated_orders_share_moves_what_is_followed(seed: int, shift: float, switched: str) -> None:
    grid = a_grid(seed, switched=switched)
    moved = replace(grid, numerator=grid.numerator + shift * grid.arm * grid.denominator)

    plain, found = watch(grid, PLAN), watch(moved, PLAN)

    error = np.nanmax(np.abs(found.effect - plain.effect - shift)[:, 100:])
    assert error <= 0.2 * plain.se[:, 100:].max()


@settings(deadline=None, max_examples=20)
@given(seed=st.integers(0, 2**32 - 1), factor=st.floats(0.05, 50))
def test_a_metric_in_another_unit_stops_at_the_same_window(seed: int, factor: float) -> None:
    grid = a_grid(seed, effect=0.3)

    plain, found = watch(grid, PLAN), watch(replace(grid, numerator=factor * grid.numerator), PLAN)

    assert found.effect[:, -1] == pytest.approx(factor * plain.effect[:, -1], rel=1e-6)
    assert (found.stopped == plain.stopped).all()


@settings(deadline=None, max_examples=20)
@given(seed=st.integers(0, 2**32 - 1))
def test_the_order_of_areas_changes_nothing(seed: int) -> None:
    grid = a_grid(seed)
    order = np.random.default_rng(seed).permutation(grid.arm.shape[1])
    turned = Grid(grid.numerator[..., order], grid.denominator[:, order], grid.arm[:, order], grid.stratum[:, order])

    assert watch(turned, PLAN).effect[:, 60:] == pytest.approx(watch(grid, PLAN).effect[:, 60:], rel=1e-6, abs=1e-9)


@settings(deadline=None, max_examples=10)
@given(seed=st.integers(0, 2**32 - 1), seen=st.integers(60, 167))
def test_what_was_said_after_a_window_knows_nothing_of_later_ones(seed: int, seen: int) -> None:
    grid = a_grid(seed, effect=0.2)
    sofar = Grid(grid.numerator[:, :seen], grid.denominator[:seen], grid.arm[:seen], grid.stratum[:seen])

    now, later = watch(sofar, PLAN), watch(grid, PLAN)

    assert now.effect[:, -1] == pytest.approx(later.effect[:, seen - 1])
    assert now.radius[:, -1] == pytest.approx(later.radius[:, seen - 1])


@pytest.mark.parametrize("switched", ["areas", "days"])
def test_a_trial_with_an_effect_stops_early_and_tells_it(switched: str) -> None:
    effect = 3.0 if switched == "days" else 0.6
    grid = a_grid(3, effect=effect, switched=switched)
    watched = watch(grid, PLAN)
    parts = {name: getattr(watched, name)[0] for name in ("effect", "se", "radius", "stopped")}
    one = Watched(**parts)

    found = estimate_after(one, int(one.stopped), grid=grid, plan=PLAN)

    assert PLAN.earliest - 2 <= one.stopped < PLAN.windows - 1
    assert found.low < effect < found.high
    assert found.low > 0
    assert found.cautions[0].key == "stopped"
    assert np.isnan(found.p)


def test_before_the_earliest_window_and_beyond_a_planned_end_nothing_is_said() -> None:
    grid = a_grid(4, effect=5.0)
    short = Plan(windows=100, earliest=48)

    assert np.isinf(watch(grid, PLAN).radius[:, : PLAN.earliest - 1]).all()
    assert np.isinf(watch(grid, short).radius[:, 100:]).all()
    assert np.isfinite(watch(grid, replace(short, is_endless=True)).radius[:, 100:]).all()


def test_a_trial_whose_strata_have_one_arm_is_refused() -> None:
    grid = a_grid(4)

    with pytest.raises(DesignRefused, match="one_arm_only"):
        watch(replace(grid, arm=np.zeros_like(grid.arm)), PLAN)


def test_a_stop_before_there_are_enough_windows_is_refused() -> None:
    with pytest.raises(DesignRefused, match="too_early"):
        watch(a_grid(4), Plan(windows=168, earliest=10))


@pytest.fixture(scope="module")
def benchmark(project_root: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("experiment_looks", project_root / "benchmarks/experiment_looks.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["experiment_looks"] = module  # dataclasses look their own module up
    sys.path.insert(0, str(project_root / "benchmarks"))  # as a script it finds those beside it
    spec.loader.exec_module(module)
    sys.path.pop(0)
    return module


@pytest.mark.parametrize("number", [0, 1])
def test_daily_looks_at_splits_find_nothing_no_more_often_than_is_said(benchmark: ModuleType, number: int) -> None:
    size, divided = benchmark.false_looks(benchmark.SPLITS[number], 400, np.random.default_rng(number))

    assert divided <= size <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 400)


@pytest.mark.parametrize("number", [0, 2])
def test_hourly_looks_stop_for_nothing_no_more_often_than_is_said(benchmark: ModuleType, number: int) -> None:
    rng = np.random.default_rng(number)
    grids = [benchmark.drawn(benchmark.REGIMES[number], rng) for _ in range(8)]

    stopped = np.concatenate([watch(grid, benchmark.PLAN).stopped >= 0 for grid in grids])

    assert stopped.mean() <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / len(stopped))


@pytest.mark.full
@pytest.mark.parametrize("number", range(6))
def test_hourly_looks_keep_their_promises_in_every_regime(benchmark: ModuleType, number: int) -> None:
    assert benchmark.told(benchmark.REGIMES[number], 20_000, seed=number)
