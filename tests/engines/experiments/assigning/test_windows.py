"""Arms of windows: balanced by design, drawn by the seed."""

import numpy as np
import pytest

from tiffin.engines.experiments.assigning.windows import Schedule, is_treated, placed, table_of

AREAS = [f"zone-{number}" for number in range(12)]


def test_of_two_days_a_window_is_treated_on_one() -> None:
    table = np.array(table_of(Schedule("seed", ("today", "new"), 120), AREAS, 14))
    assert table.shape == (12, 14, 12)
    assert (table[:, 0::2] ^ table[:, 1::2]).all()


def test_which_day_comes_first_is_a_fair_coin() -> None:
    table = np.array(table_of(Schedule("seed", ("today", "new"), 30), AREAS, 28))
    firsts = table[:, 0::2]
    assert abs(firsts.mean() - 0.5) < 4 * 0.5 / firsts.size**0.5
    assert abs(np.corrcoef(firsts[0].ravel(), firsts[1].ravel())[0, 1]) < 0.15


def test_all_areas_have_the_same_arm_when_synchronised() -> None:
    table = np.array(table_of(Schedule("seed", ("today", "new"), 240, is_synchronised=True), AREAS, 10))
    assert (table == table[0]).all()


def test_a_moment_falls_into_its_window() -> None:
    schedule = Schedule("seed", ("today", "new"), 120, washout_min=30)
    early, late = placed(schedule, "zone-1", 3, 245), placed(schedule, "zone-1", 3, 359)
    assert (early.window, early.until_min, early.is_washed_out) == (2, 360, True)
    assert (late.window, late.until_min, late.is_washed_out) == (2, 360, False)
    assert early.arm == late.arm == ("today", "new")[is_treated(schedule, "zone-1", 3, 2)]


@pytest.mark.parametrize(("window", "washout"), [(0, 0), (7, 0), (60, 60), (60, -1)])
def test_windows_that_divide_no_day_are_refused(window: int, washout: int) -> None:
    with pytest.raises(ValueError, match="window"):
        Schedule("seed", ("today", "new"), window, washout)
