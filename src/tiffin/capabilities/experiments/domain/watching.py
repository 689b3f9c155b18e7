"""A switchback that still runs: what its windows say so far, with an interval that holds at all looks together."""

import numpy as np

from tiffin.capabilities.experiments.domain.sums import Sums
from tiffin.capabilities.experiments.domain.trial import Trial
from tiffin.engines.experiments.estimate import Caution, DesignRefused, Estimate
from tiffin.engines.experiments.sequential.grids import Grid
from tiffin.engines.experiments.sequential.watching import LEAST_WINDOWS, Plan, estimate_after, watch

DAYS_BEFORE_A_STOP = 7
"""A week, so that each weekday was seen once."""


def watched(trial: Trial, sums: Sums) -> Estimate:
    """Tell the effect after the last whole pair of days.

    Raises
    ------
    DesignRefused
        The trial is planned too short to be watched, or nothing can be compared yet.
    """
    grid = grid_of(sums)
    # What a day brings is counted in windows in which something was ordered: the night has none.
    a_day = _compared(grid) / grid.arm.shape[1] / _days_over(trial, sums)
    whole, earliest = round(trial.days * a_day), max(round(DAYS_BEFORE_A_STOP * a_day), LEAST_WINDOWS)
    if earliest >= whole:
        raise DesignRefused(Caution("trial_too_short", {"windows": whole, "least": earliest + 1}))
    plan = Plan(windows=whole, earliest=earliest, level=trial.level)
    return estimate_after(watch(grid, plan), grid.arm.shape[0] - 1, grid=grid, plan=plan)


def _compared(grid: Grid) -> int:
    """Count the cells whose stratum has both arms."""
    size = np.bincount(grid.stratum.ravel())
    treated = np.bincount(grid.stratum.ravel(), weights=grid.arm.ravel())
    return int(size[(treated > 0) & (treated < size)].sum())


def _days_over(trial: Trial, sums: Sums) -> int:
    """Count the days of whole pairs that are over."""
    last = 0 if sums.window is None else int(sums.window.max()) // trial.schedule().per_day + 1
    return max(last - last % 2, 2)


def grid_of(sums: Sums) -> Grid:
    """Lay the windows of a switchback out, (n_windows, n_areas); nothing was ordered where there is none."""
    if sums.window is None or not len(sums.window):
        raise DesignRefused(Caution("one_arm", {"units": 0}))
    areas = sorted(set(sums.names))
    column = np.searchsorted(areas, sums.names)
    shape = (int(sums.window.max()) + 1, len(areas))
    numerator, denominator = np.zeros(shape), np.zeros(shape)
    arm = np.zeros(shape, dtype=np.int64)
    # Cells without orders stand in strata of their own: they tell nothing, and so does the other day of their pair.
    stratum = int(sums.stratum.max()) + 1 + np.arange(shape[0] * shape[1], dtype=np.int64).reshape(shape)
    place = (sums.window, column)
    numerator[place], denominator[place] = sums.numerator, sums.denominator
    arm[place], stratum[place] = sums.arm, sums.stratum
    return Grid(numerator, denominator, arm, np.unique(stratum, return_inverse=True)[1].reshape(shape))
