"""Which unit is turned on in which window: drawn from a seed, balanced over hours, or at the best moments."""

from dataclasses import dataclass

import numpy as np

from tiffin.engines.experiments.estimate import Caution, DesignRefused
from tiffin.engines.experiments.switchback.windows import Flags, Integers

LEAST_EPOCHS = 4
"""Lengths of carry-over that a trial has at least, so that the best moments of switching are known."""
WINDOWS_PER_CARRY_OVER = 1 / 0.75
"""A window is at least so many times as long as what carries over into it, so that a quarter is left to read."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A switchback as it is going to run.

    Parameters
    ----------
    treated : (n_units, n_windows)
    window_min : int
        Length of a window, minutes.
    washout_min : int
        Beginning of each window that is not read, minutes.
    """

    treated: Flags
    window_min: int
    washout_min: int


def balanced_plan(
    n_units: int, n_days: int, *, window_min: int, washout_min: int, carry_over_min: int, seed: int
) -> Plan:
    """Draw the arms of zones by windows: each zone has each hour of the day treated on half of the days.

    Parameters
    ----------
    window_min : int
        Divides a day.
    carry_over_min : int
        How long what a window leaves behind is known to last; 0 where nothing is known.
    seed : int
        The same seed draws the same plan.

    Raises
    ------
    DesignRefused
        Where windows cannot hold the carry-over or the wash-out, or there are fewer than two days.

    Notes
    -----
    Of an odd number of days, the extra one falls to either arm by a coin of its own.
    """
    windows_a_day = _windows_a_day(window_min)
    held = window_min / WINDOWS_PER_CARRY_OVER
    if max(carry_over_min, washout_min) > held:
        needed = int(np.ceil(max(carry_over_min, washout_min) * WINDOWS_PER_CARRY_OVER))
        raise DesignRefused(
            Caution("carry_over_outlasts_windows", {"window_min": window_min, "needed_min": needed, "held_min": held})
        )
    if n_days < 2:  # noqa: PLR2004 -- one of each arm
        raise DesignRefused(Caution("too_few_days", {"days": n_days, "least": 2}))
    draws = np.random.default_rng(seed)
    # The rank of a day among all days of its zone and hour: the lower half is treated.
    ranks = draws.random((n_units, n_days, windows_a_day)).argsort(axis=1).argsort(axis=1)
    half = (n_days + draws.integers(0, 2, (n_units, 1, windows_a_day))) // 2
    return Plan((ranks < half).reshape(n_units, -1), window_min, max(washout_min, carry_over_min))


def _windows_a_day(window_min: int) -> int:
    if window_min <= 0 or 24 * 60 % window_min:
        raise ValueError(
            f"A window divides a day, so that each hour of the day is compared with itself; {window_min} minutes do "
            f"not. Take 30, 60, 90, 120, 180 or 240."
        )
    return 24 * 60 // window_min


def optimal_switches(n_windows: int) -> Integers:
    """Give the windows before which a coin is thrown, where windows are as long as what carries over.

    Raises
    ------
    DesignRefused
        Where the trial is shorter than four times the carry-over.

    References
    ----------
    Bojinov, Simchi-Levi & Zhao (2023), Design and analysis of switchback experiments, theorem 2: at the beginning, then
    from the third window on before each but the last, so that the first and the last epoch are twice as long.

    Examples
    --------
    >>> optimal_switches(6).tolist()
    [0, 2, 3, 4]
    """
    if n_windows < LEAST_EPOCHS:
        raise DesignRefused(Caution("trial_too_short", {"windows": n_windows, "least": LEAST_EPOCHS}))
    return np.array([0, *range(2, n_windows - 1)], dtype=np.int64)


def optimal_plan(n_units: int, n_minutes: int, *, carry_over_min: int, seed: int) -> Plan:
    """Draw a plan with windows as long as the carry-over and coins at the best moments; read it by `effect_of_stays`.

    Parameters
    ----------
    n_minutes : int
        Length of the trial; what is left after the last whole window is not used.
    """
    if carry_over_min <= 0:
        raise ValueError("The best moments to switch follow from how long it carries over: give more than 0 minutes.")
    n_windows = n_minutes // carry_over_min
    switches = optimal_switches(n_windows)
    coins = np.random.default_rng(seed).integers(0, 2, (n_units, len(switches))).astype(bool)
    epoch = np.searchsorted(switches, np.arange(n_windows), side="right") - 1
    return Plan(coins[:, epoch], carry_over_min, 0)
