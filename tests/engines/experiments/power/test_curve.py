"""Power and duration told from the history: the promised share of trials finds the effect."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiffin.engines.experiments.assigning.windows import Schedule, table_of
from tiffin.engines.experiments.estimate import DesignRefused
from tiffin.engines.experiments.power.curve import days_needed, power_of
from tiffin.engines.experiments.power.designs import Asked, Design, GeoSplit, Switchback, UnitSplit
from tiffin.engines.experiments.power.history import History
from tiffin.engines.experiments.power.rejection import SimulatedTest, StudentTest, smallest_effect
from tiffin.engines.experiments.power.simulated import compared
from tiffin.engines.experiments.power.splits import clusters_test, design_effect, intraclass_correlation
from tiffin.engines.experiments.readout.assigned import Reading, read_assigned
from tiffin.engines.experiments.readout.cells import Cells
from tiffin.engines.experiments.readout.randomisation import Randomisation

TWO_WEEKS = Asked(durations_days=(14,), simulations=1000)
DRAWN = 600
"""Trials that are drawn anew, on another world: three standard errors of their share are 5 points."""


def a_history(
    *, areas: int = 8, days: int = 28, a_day: int = 24, seed: int = 0, users: int = 500, lasting: float = 0.8
) -> History:
    """Orders with a level for each user, a shock for each area and hour that lasts, and noise."""
    rng = np.random.default_rng(seed)
    hours = days * 24
    shock = rng.standard_normal((areas, hours))
    for hour in range(1, hours):
        shock[:, hour] = lasting * shock[:, hour - 1] + np.sqrt(1 - lasting**2) * shock[:, hour]
    n = areas * days * a_day
    area, day, hour = rng.integers(0, areas, n), rng.integers(0, days, n), rng.integers(0, 24, n)
    unit = np.minimum(rng.geometric(4 / users, n) - 1, users - 1)
    minutes = 30 + 2 * rng.standard_normal(users)[unit] + shock[area, day * 24 + hour] + 4 * rng.standard_normal(n)
    return History(unit, area, day, hour * 60, minutes, np.ones(n))


def promised(design: Design, history: History) -> tuple[float, float]:
    """The smallest effect that two weeks find, and the critical value of the test."""
    point = power_of(design, history, TWO_WEEKS).points[0]
    return point.smallest_effect, point.test.power(0)


def found_share(trial: Callable[[np.random.Generator], tuple[float, float, float]], drawn_anew: int = DRAWN) -> float:
    rng = np.random.default_rng(99)
    drawn = np.array([trial(rng) for _ in range(drawn_anew)])
    return float((np.abs(drawn[:, 0]) > drawn[:, 2] * drawn[:, 1]).mean())


def test_a_trial_of_users_finds_the_effect_as_often_as_promised() -> None:
    history = a_history()
    effect, alarms = promised(UnitSplit(), history)
    late = history.day >= 14

    def trial(rng: np.random.Generator) -> tuple[float, float, float]:
        arm = rng.random(500) < 0.5
        rest = np.bincount(history.unit[late], history.numerator[late] - history.metric, 500)
        orders = np.bincount(history.unit[late], minlength=500).astype(float)
        kept = orders > 0
        rest = rest + effect * orders * arm
        found, se, _ = compared(rest[kept], orders[kept], arm[kept][None].astype(float))
        return float(found[0]), float(se[0]), 1.96

    assert alarms == pytest.approx(0.05, abs=1e-6)
    assert found_share(trial) == pytest.approx(0.8, abs=0.06)


def test_a_switchback_finds_the_effect_as_often_as_promised_in_weeks_that_come_after() -> None:
    effect, alarms = promised(Switchback(window_min=120), a_history())

    def trial(rng: np.random.Generator) -> tuple[float, float, float]:
        world = a_history(days=14, seed=int(rng.integers(2**31)))
        cell = (world.area * 14 + world.day) * 12 + world.minute // 120
        orders = np.bincount(cell, minlength=8 * 14 * 12).astype(float)
        treated = rng.random(len(orders)) < 0.5
        rest = np.bincount(cell, world.numerator - 30, len(orders)) + effect * treated * orders
        kept = orders > 0
        found, se, _ = compared(rest[kept], orders[kept], treated[kept][None].astype(float))
        return float(found[0]), float(se[0]), 1.96

    assert alarms == pytest.approx(0.05, abs=0.025)
    assert found_share(trial, 300) == pytest.approx(0.8, abs=0.08)


def with_a_rush(history: History) -> History:
    """The same orders, longer at some hours of the day than at others."""
    minutes = history.numerator + 8 * np.sin(history.minute / 200)
    return History(history.unit, history.area, history.day, history.minute, minutes, history.denominator)


def paired_share(effect: float, *, trials: int) -> float:
    """How often days in pairs, read out as the platform reads them, find an effect in weeks drawn anew."""
    rng, found = np.random.default_rng(8), 0
    for number in range(trials):
        world = with_a_rush(a_history(areas=4, days=14, seed=1000 + number))
        schedule = Schedule(f"trial {number}", ("today", "tried"), 120)
        arms = np.array(table_of(schedule, [f"area {i}" for i in range(4)], 14))
        cell = (world.area * 14 + world.day) * 12 + world.minute // 120
        orders = np.bincount(cell, minlength=4 * 14 * 12).astype(float)
        arm = arms.reshape(-1).astype(np.int64)
        minutes = np.bincount(cell, world.numerator, len(orders)) + effect * arm * orders
        area, day, window = np.indices(arms.shape).reshape(3, -1)
        stratum = (area * 7 + day // 2) * 12 + window
        both = np.bincount(stratum, orders > 0)[stratum] == 2
        numbers = np.unique(stratum[both], return_inverse=True)[1].astype(np.int64)
        read = read_assigned(
            Cells(minutes[both], orders[both], arm[both]),
            Randomisation(np.arange(both.sum()), numbers),
            out=(numbers,),
            reading=Reading(draws=199, seed=int(rng.integers(2**31))),
        )
        found += read.p <= 0.05
    return found / trials


@pytest.mark.parametrize("trials", [80, pytest.param(600, marks=pytest.mark.full)])
def test_days_in_pairs_find_the_effect_as_often_as_promised_by_the_platforms_own_read_out(trials: int) -> None:
    history = with_a_rush(a_history(areas=4))
    effect, alarms = promised(Switchback(window_min=120, is_paired=True), history)

    assert alarms == pytest.approx(0.05, abs=0.025)
    assert paired_share(effect, trials=trials) == pytest.approx(0.8, abs=0.05 + 2.5 * 0.4 / np.sqrt(trials))


def test_days_in_pairs_find_smaller_effects_where_hours_differ() -> None:
    history = with_a_rush(a_history())

    plain, paired = (promised(Switchback(window_min=120, is_paired=p), history)[0] for p in (False, True))

    assert paired < 0.8 * plain


def test_a_geographic_trial_finds_the_effect_as_often_as_promised() -> None:
    design = GeoSplit(treated_areas=10, before_days=7)
    asked = Asked(durations_days=(7,), simulations=2000)
    point = power_of(design, a_history(areas=20, days=56), asked).points[0]
    other = power_of(design, a_history(areas=20, days=56, seed=5), asked).points[0]

    assert point.test.power(0) == pytest.approx(0.05, abs=0.03)
    assert other.test.power(point.smallest_effect) == pytest.approx(0.8, abs=0.1)


def test_clusters_of_which_only_their_likeness_is_known_find_the_effect_as_often_as_promised() -> None:
    sizes = np.random.default_rng(1).integers(20, 60, 40).astype(float)
    test = clusters_test(5.0, 0.1, sizes, share=0.5, level=0.95)
    effect = smallest_effect(test, 0.8)

    def trial(rng: np.random.Generator) -> tuple[float, float, float]:
        arm = rng.permutation(np.arange(40) < 20)
        means = np.sqrt(0.1 * 25) * rng.standard_normal(40)
        rest = sizes * means + np.sqrt(0.9 * 25 * sizes) * rng.standard_normal(40) + effect * arm * sizes
        found, se, _ = compared(rest, sizes, arm[None].astype(float))
        return float(found[0]), float(se[0]), 2.024

    assert found_share(trial) == pytest.approx(0.8, abs=0.06)


def test_how_alike_orders_of_a_cluster_are_is_found_again() -> None:
    rng = np.random.default_rng(2)
    cluster = rng.integers(0, 400, 20_000)
    values = np.sqrt(0.2) * rng.standard_normal(400)[cluster] + np.sqrt(0.8) * rng.standard_normal(20_000)

    assert intraclass_correlation(values, cluster) == pytest.approx(0.2, abs=0.04)
    assert intraclass_correlation(cluster.astype(float), cluster) == pytest.approx(1.0)


@given(st.floats(0, 1), st.integers(1, 500), st.integers(1, 50))
def test_equal_clusters_multiply_the_variance_by_the_known_formula(icc: float, size: int, n: int) -> None:
    assert design_effect(icc, np.full(n, float(size))) == pytest.approx(1 + (size - 1) * icc)


def test_a_longer_trial_finds_smaller_effects_and_the_shortest_that_is_long_enough_is_told() -> None:
    asked = Asked(durations_days=(7, 14, 28))
    for design in (UnitSplit(), Switchback(window_min=120)):
        curve = power_of(design, a_history(), asked)
        found = [p.smallest_effect for p in curve.points]

        assert found == sorted(found, reverse=True)
        assert days_needed(curve, found[1]) == 14
        assert days_needed(curve, 2 * found[0]) == 7


def test_an_effect_that_no_duration_finds_is_told_with_the_one_that_is_found() -> None:
    curve = power_of(UnitSplit(), a_history(), Asked(durations_days=(7, 14)))

    with pytest.raises(DesignRefused) as refused:
        days_needed(curve, curve.points[-1].smallest_effect / 3)

    assert refused.value.caution.values["smallest_effect"] == curve.points[-1].smallest_effect


def test_durations_that_the_history_cannot_tell_of_are_left_out_and_told() -> None:
    curve = power_of(UnitSplit(), a_history(), Asked(durations_days=(14, 28, 35, 56)))

    assert [p.days for p in curve.points] == [14, 28]
    assert {c.key: c.values for c in curve.cautions}["durations_not_told"]["durations"] == 2


@pytest.mark.parametrize(
    ("design", "days", "durations"),
    [(UnitSplit(), 6, (7,)), (UnitSplit(), 14, (28,)), (GeoSplit(3, 10), 14, (7,))],
)
def test_a_history_too_short_for_the_trial_is_refused(design: Design, days: int, durations: tuple[int, ...]) -> None:
    with pytest.raises(DesignRefused) as refused:
        power_of(design, a_history(days=days), Asked(durations_days=durations))

    assert refused.value.caution.key == "history_too_short"


def test_a_geographic_trial_with_one_area_is_refused() -> None:
    with pytest.raises(DesignRefused):
        power_of(GeoSplit(1, 7), a_history(), Asked(durations_days=(7,)))


@settings(max_examples=20)
@given(st.integers(0, 1000), st.floats(0.01, 100), st.floats(-100, 100))
def test_another_unit_or_zero_of_the_metric_scales_the_effect_alone(seed: int, scale: float, shift: float) -> None:
    history = a_history(days=7, seed=seed)
    moved = History(
        history.unit, history.area, history.day, history.minute,
        scale * history.numerator + shift, history.denominator,
    )  # fmt: skip
    asked = Asked(durations_days=(7,), simulations=50)
    for design in (UnitSplit(), Switchback(window_min=240)):
        found, again = (power_of(design, h, asked).points[0].smallest_effect for h in (history, moved))

        assert again == pytest.approx(scale * found, rel=1e-6)


@given(st.floats(0.01, 10), st.floats(3, 1000), st.floats(0.1, 0.99))
def test_the_smallest_effect_is_found_with_the_promised_chance(se: float, df: float, power: float) -> None:
    test = StudentTest(se, df, 0.95)

    assert test.power(smallest_effect(test, power)) == pytest.approx(power, abs=1e-4)


@given(st.integers(0, 100), st.floats(0.06, 0.95))
def test_no_smaller_effect_is_found_so_often_in_simulated_trials(seed: int, power: float) -> None:
    rng = np.random.default_rng(seed)
    test = SimulatedTest(rng.standard_normal(200), np.ones(200), 1.96)

    effect = smallest_effect(test, power)

    assert test.power(effect) >= power
    assert effect == 0 or test.power(effect * (1 - 1e-6)) <= power + 1e-9 or effect < 1e-6


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (lambda: Asked(durations_days=()), "ascending"),
        (lambda: Asked(durations_days=(14, 7)), "ascending"),
        (lambda: Asked(durations_days=(7,), power=0.01), "power lies"),
        (lambda: Asked(durations_days=(7,), simulations=0), "simulated trial"),
        (lambda: UnitSplit(share=1.0), "between 0 and 1"),
        (lambda: Switchback(window_min=50), "divides a day"),
        (lambda: Switchback(window_min=60, washout_min=60), "carry_over_outlasts_windows"),
        (lambda: GeoSplit(0, 7), "one area"),
        (lambda: History(*(np.zeros(2, int),) * 4, np.zeros(2), np.zeros(2)), "Denominators"),
        (lambda: History(*(np.zeros(2, int),) * 4, np.full(2, np.nan), np.ones(2)), "finite"),
        (lambda: History(*(np.zeros(2, int),) * 4, np.zeros(3), np.ones(2)), "all columns"),
        (lambda: History(*(np.full(2, -1),) * 4, np.zeros(2), np.ones(2)), "numbered from 0"),
    ],
)
def test_what_cannot_be_is_told_in_one_paragraph(make: Callable[[], object], word: str) -> None:
    with pytest.raises(ValueError, match=word) as told:
        make()

    assert "\n" not in str(told.value)
