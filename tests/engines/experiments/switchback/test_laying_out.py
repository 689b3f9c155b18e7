"""Orders laid out in windows, and a whole switchback of a city's zones read from them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiffin.engines.experiments.assigning.windows import Schedule, table_of
from tiffin.engines.experiments.switchback.burn_in import effect_after_burn_in
from tiffin.engines.experiments.switchback.laying_out import Happened, windows_from
from tiffin.engines.experiments.switchback.plans import balanced_plan

NOTHING_KNOWN = np.zeros((3, 12))


def some_orders(n: int, seed: int, *, days: int = 4) -> Happened:
    rng = np.random.default_rng(seed)
    return Happened(
        rng.integers(0, 3, n), rng.integers(0, days, n), rng.integers(0, 1440, n), rng.normal(30, 8, n), np.ones(n)
    )


def arms(days: int, seed: int = 0) -> np.ndarray:
    plan = balanced_plan(3, days, window_min=120, washout_min=0, carry_over_min=0, seed=seed)
    return plan.treated.reshape(3, days, 12)


@settings(max_examples=30)
@given(st.integers(0, 500), st.integers(0, 1000), st.sampled_from([5, 10, 15, 60]))
def test_each_order_is_in_one_step(n: int, seed: int, step: int) -> None:
    orders = some_orders(n, seed)

    windows = windows_from(orders, arms(4), step_min=step, expected=NOTHING_KNOWN)

    assert windows.totals.shape == (3, 48, 120 // step)
    assert windows.counts.sum() == n
    assert windows.totals.sum() == pytest.approx(orders.numerator.sum())
    of_area = [orders.numerator[orders.area == a].sum() for a in range(3)]
    assert windows.totals.sum(axis=(1, 2)) == pytest.approx(np.array(of_area))


def test_an_order_stands_in_its_zone_day_window_and_step() -> None:
    one = Happened(*(np.array([v]) for v in (2, 3, 5 * 120 + 47)), np.array([31.0]), np.array([1.0]))

    windows = windows_from(one, arms(4), step_min=10, expected=NOTHING_KNOWN)

    assert windows.totals[2, 3 * 12 + 5, 4] == 31.0


def test_the_extra_hour_of_a_day_stands_in_no_window() -> None:
    late = Happened(*(np.array([v]) for v in (0, 0, 1445)), np.array([31.0]), np.array([1.0]))

    assert windows_from(late, arms(4), step_min=10, expected=NOTHING_KNOWN).counts.sum() == 0


@pytest.mark.parametrize(("step", "days", "word"), [(7, 4, "steps fill a window"), (0, 4, "steps"), (10, 2, "2 days")])
def test_steps_or_orders_outside_of_the_plan_are_told(step: int, days: int, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        windows_from(some_orders(50, 1), arms(days), step_min=step, expected=NOTHING_KNOWN)


def test_a_schedule_of_paired_days_holds_the_effect_and_history_makes_it_sharper() -> None:
    """Zones whose hours differ by far more than the effect, with carry-over of some 20 minutes."""
    held, widths, plain = [], [], []
    rush = 6 * np.sin(np.arange(12) / 2) * np.array([1.0, 0.5, 1.5])[:, None]
    for seed in range(60):
        treated = np.array(table_of(Schedule(f"trial {seed}", ("today", "tried"), 120), ["a", "b", "c"], 14))
        rng, n = np.random.default_rng(seed), 30_000
        area, day, minute = rng.integers(0, 3, n), rng.integers(0, 14, n), rng.integers(0, 1440, n)
        flat = treated.reshape(3, -1)
        place = day * 12 + minute // 120
        own, before = flat[area, place], flat[area, np.maximum(place - 1, 0)]
        reached = own + (before.astype(float) - own) * 0.5 ** ((minute % 120) / 8)
        minutes = 30 + rush[area, minute // 120] + 2 * reached + rng.normal(0, 8, n)
        orders = Happened(area, day, minute, minutes, np.ones(n))
        for expected, into in ((30 + rush, widths), (np.zeros((3, 12)), plain)):
            windows = windows_from(orders, treated, step_min=5, expected=expected)
            found = effect_after_burn_in(windows, washout_steps=0, level=0.9)
            into.append(found.high - found.low)
            held.append(found.low <= 2 <= found.high)

    assert np.mean(held) >= 0.86
    assert np.mean(widths) < 0.7 * np.mean(plain)
