"""Read-outs by the way in which a trial was assigned: exact sizes, inverted intervals, and what is refused."""

import importlib.util
import math
import sys
from itertools import combinations
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import t as student

from tiffin.engines.experiments.estimate import DesignRefused
from tiffin.engines.experiments.readout.assigned import Reading, read_assigned, read_together
from tiffin.engines.experiments.readout.cells import Cells, absorb
from tiffin.engines.experiments.readout.clusters import cr2, effective_df
from tiffin.engines.experiments.readout.randomisation import Randomisation

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
QUICK = Reading(draws=199)


def a_switchback(
    seed: int, *, effect: float = 0.0, zones: int = 4, days: int = 8
) -> tuple[Cells, Randomisation, Integers]:
    """Windows of zones, of which one of each two days is treated; the last is each cell's day of a zone."""
    rng, zones, days = np.random.default_rng(seed), 4, 6
    zone, day, window = (part.ravel() for part in np.indices((zones, days, 6)))
    stratum = np.unique((zone * days + day // 2) * 6 + window, return_inverse=True)[1]
    arm = ((rng.random(stratum.max() + 1) < 0.5)[stratum] ^ (day % 2 == 1)).astype(np.int64)
    orders = rng.poisson(30, len(zone)) + 1.0
    level = np.repeat(rng.normal(0, 1, zones * days), 6)
    late = orders * (level + effect * arm + rng.normal(0, 0.3, len(zone)))
    return Cells(late, orders, arm), Randomisation(np.arange(len(zone)), stratum), zone * days + day


def clusters(seed: int, count: int, *, unequal: float = 0.0) -> tuple[Cells, Randomisation]:
    rng = np.random.default_rng(seed)
    arm = np.zeros(count, dtype=np.int64)
    arm[rng.permutation(count)[: count // 2]] = 1
    orders = np.exp(unequal * rng.standard_normal(count)) * 1000
    cells = Cells(orders * rng.standard_normal(count), orders, arm)
    return cells, Randomisation(np.arange(count), np.zeros(count, dtype=np.int64))


def numbers(cells: Cells, design: Randomisation, *out: Integers) -> list[float]:
    found = read_assigned(cells, design, out=out, reading=QUICK)
    return [found.effect, found.se, found.low, found.high]


def test_the_chance_is_the_share_of_all_assignments_that_are_as_extreme() -> None:
    cells, design = clusters(3, 10, unequal=0.3)
    found = read_assigned(cells, design)
    extreme = []
    for chosen in combinations(range(10), 5):
        arm = np.isin(np.arange(10), chosen)
        parts = []
        for part in (arm, ~arm):
            n, d = cells.numerator[part], cells.denominator[part]
            left = n - n.sum() / d.sum() * d
            parts.append((n.sum() / d.sum(), (left**2).sum() * 5 / 4 / d.sum() ** 2))
        extreme.append((parts[0][0] - parts[1][0]) ** 2 / (parts[0][1] + parts[1][1]))
    came = (found.effect / found.se) ** 2

    assert found.p == pytest.approx(np.mean(np.array(extreme) >= came * (1 - 1e-9)))
    assert found.method.startswith("randomisation test")


@settings(deadline=None, max_examples=6)
@given(seed=st.integers(0, 2**32 - 1), factor=st.floats(0.05, 50))
def test_a_metric_in_another_unit_has_its_effect_in_that_unit(seed: int, factor: float) -> None:
    cells, design, day = a_switchback(seed, effect=0.2)
    scaled = Cells(cells.numerator * factor, cells.denominator, cells.arm)

    expected = [factor * one for one in numbers(cells, design, day)]

    assert numbers(scaled, design, day) == pytest.approx(expected, rel=1e-6, abs=1e-9)


@settings(deadline=None, max_examples=6)
@given(seed=st.integers(0, 2**32 - 1), shift=st.floats(-3, 3))
def test_an_effect_that_all_treated_orders_share_moves_the_interval_and_nothing_else(seed: int, shift: float) -> None:
    cells, design, day = a_switchback(seed)
    moved = Cells(cells.numerator + shift * cells.arm * cells.denominator, cells.denominator, cells.arm)

    plain, found = numbers(cells, design, day), numbers(moved, design, day)

    assert found == pytest.approx([plain[0] + shift, plain[1], plain[2] + shift, plain[3] + shift], abs=1e-7)


@settings(deadline=None, max_examples=6)
@given(seed=st.integers(0, 2**32 - 1))
def test_the_order_of_cells_changes_no_exact_answer_and_cells_of_one_unit_may_be_split(seed: int) -> None:
    cells, design = clusters(seed, 10)
    order = np.random.default_rng(seed).permutation(20)
    unit = np.tile(np.arange(10), 2)[order]
    part = np.r_[np.full(10, 0.25), np.full(10, 0.75)][order]
    halves = Cells(cells.numerator[unit] * part, cells.denominator[unit] * part, cells.arm[unit])

    assert numbers(halves, Randomisation(unit, design.stratum)) == pytest.approx(numbers(cells, design), rel=1e-8)


def test_the_interval_holds_the_effects_that_are_not_rejected() -> None:
    cells, design, day = a_switchback(5, effect=0.3)
    found = read_assigned(cells, design, out=[day], reading=QUICK)
    tested = read_together(cells, cells.numerator, design, out=[day], reading=QUICK)
    step = 1e-6 * found.se

    assert found.low < 0.3 < found.high
    assert tested.p(found.low + step) > 0.05 >= tested.p(found.low - step)
    assert tested.p(found.high - step) > 0.05 >= tested.p(found.high + step)
    assert found.p == tested.p(0.0) <= 0.05


def test_taking_out_days_of_zones_makes_the_effect_surer() -> None:
    cells, design, day = a_switchback(6, effect=0.3)

    plain, found = (read_assigned(cells, design, out=out, reading=QUICK) for out in ([], [day]))

    assert found.se < 0.5 * plain.se


def test_what_is_taken_out_leaves_nothing_in_any_group() -> None:
    rng = np.random.default_rng(4)
    orders, groups = rng.poisson(20, 600) + 1.0, [rng.integers(0, 12, 600), rng.integers(0, 30, 600)]

    left = absorb(orders * rng.standard_normal(600), orders, groups)

    for group in groups:
        assert np.bincount(group, weights=left) == pytest.approx(0, abs=1e-8)


def test_equal_clusters_have_the_degrees_of_freedom_of_student() -> None:
    cells, design = clusters(1, 8)
    found = cr2(cells.numerator, cells.denominator, cells.arm, design.stratum)
    rate = cells.numerator / cells.denominator
    errors = [rate[cells.arm == arm].var(ddof=1) / 4 for arm in (0, 1)]

    assert found.df == pytest.approx(6)
    assert effective_df(cells.denominator, cells.arm) == pytest.approx(6)
    assert found.se == pytest.approx(math.sqrt(sum(errors)))
    drawn = np.quantile(found.reference(draws=200_000, seed=1), 0.95)
    assert math.sqrt(drawn) == pytest.approx(student.ppf(0.975, 6), rel=0.01)


def test_eight_clusters_are_read_by_their_own_reference_distribution() -> None:
    cells, design = clusters(2, 8, unequal=0.4)

    found = read_assigned(cells, design)

    assert found.method.startswith("cluster-robust CR2")
    assert "few_assignments" in {caution.key for caution in found.cautions}
    assert (found.p <= 0.05) == (not found.low <= 0 <= found.high)


@pytest.mark.parametrize(
    ("sizes", "treated", "reason"),
    [
        ([700, *[100] * 7], 4, "one_unit_dominates"),
        ([5400, *[100] * 27], 14, "one_unit_dominates"),
        ([100] * 4, 2, "too_few_units"),
        ([100] * 8, 1, "too_few_units"),
        ([100] * 8, 0, "one_arm_only"),
    ],
)
def test_a_design_that_cannot_hold_its_size_is_refused_with_the_reason(
    sizes: list[float], treated: int, reason: str
) -> None:
    arm = (np.arange(len(sizes)) < treated).astype(np.int64)
    design = Randomisation(np.arange(len(sizes)), np.zeros(len(sizes), dtype=np.int64))

    with pytest.raises(DesignRefused) as refused:
        read_assigned(Cells(np.arange(len(sizes)) * 1.0, np.array(sizes, dtype=float), arm), design)

    assert refused.value.caution.key == reason


def test_taking_out_what_the_arms_are_is_refused() -> None:
    cells, design = clusters(2, 12)

    with pytest.raises(DesignRefused, match="arms_taken_out"):
        read_assigned(cells, design, out=[np.arange(12)])


def test_cells_of_one_unit_with_two_arms_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="one arm"):
        Randomisation(np.array([0, 0]), np.array([0])).arms(np.array([0, 1]))


def test_a_treatment_that_brings_orders_is_told_beside_the_ratio() -> None:
    cells, design, _ = a_switchback(8)
    more = Cells(cells.numerator, cells.denominator * (1 + cells.arm), cells.arm)

    assert "denominator_moved" in {one.key for one in read_assigned(more, design, reading=QUICK).cautions}
    assert not read_assigned(cells, design, reading=QUICK).cautions


def test_ways_to_assign_are_counted_and_their_sizes_told() -> None:
    whole = Randomisation(np.arange(8), np.zeros(8, dtype=np.int64))
    arm = np.array([1, 0] * 4)

    assert whole.ways(arm) == 70
    assert whole.attainable(arm, 0.05) == pytest.approx(2 / 70)
    assert len(np.unique(whole.redraw(arm, draws=1, seed=1), axis=0)) == 70


@pytest.mark.parametrize("per_stratum", [2, 3])
def test_drawn_assignments_keep_each_stratums_count_and_treat_each_unit_as_often(per_stratum: int) -> None:
    stratum = np.random.default_rng(1).permutation(np.repeat(np.arange(20), per_stratum))
    arm = np.zeros(len(stratum), dtype=np.int64)
    arm[np.unique(stratum, return_index=True)[1]] = 1
    design = Randomisation(np.arange(len(stratum)), stratum)

    drawn = design.redraw(arm, draws=4000, seed=2)

    assert (drawn[0] == arm).all()
    for row in drawn[:50]:
        assert (np.bincount(stratum, weights=row) == 1).all()
    assert drawn[1:].mean(axis=0) == pytest.approx(1 / per_stratum, abs=0.05)


@pytest.fixture(scope="module")
def benchmark(project_root: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("experiment_size", project_root / "benchmarks/experiment_size.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["experiment_size"] = module  # dataclasses look their own module up
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("number", [3, 6, 8, 9])
def test_trials_without_effect_are_called_effects_as_often_as_is_said(benchmark: ModuleType, number: int) -> None:
    found = benchmark.measure(benchmark.REGIMES[number], 500, seed=number)

    assert 0.025 <= found.size <= 0.075
    assert 0.925 <= found.coverage <= 0.975
    assert found.agreeing == 1.0


@pytest.mark.full
@pytest.mark.parametrize("number", range(12))
def test_the_size_lies_within_half_a_percent_in_every_regime(benchmark: ModuleType, number: int) -> None:
    assert benchmark.measure(benchmark.REGIMES[number], 20_000, seed=number).holds
