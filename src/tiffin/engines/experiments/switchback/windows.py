"""The windows of a switchback: what happened in each step of each, which arm it had, and which arm came before it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.experiments.estimate import Caution, DesignRefused

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]

LEAST_WINDOWS = 2
"""Windows of each kind (arm, and arm before it) below which nothing can be said of what carries over."""
KINDS = ((1, 1), (1, 0), (0, 1), (0, 0))
"""Arm of a window and of the window before it."""


@dataclass(frozen=True, slots=True)
class Windows:
    """What happened in the windows of a switchback.

    Parameters
    ----------
    totals : (n_units, n_windows, n_steps)
        Sum of the outcome over the orders of each step, in the metric's unit. Where history tells what an hour of a
        unit is like, hand in totals less what it expects: noise of the day goes, and the effect stays.
    counts : (n_units, n_windows, n_steps)
        Orders of each step, nought or more; ones where a step has one reading.
    treated : (n_units, n_windows)
        Windows follow each other without a gap. A coin of its own decides each, or one that is balanced over days.

    Raises
    ------
    ValueError
        Where shapes differ, numbers are not finite, or a count is negative.
    """

    totals: Floats
    counts: Floats
    treated: Flags

    def __post_init__(self) -> None:
        """Refuse what cannot be windows."""
        if self.totals.ndim != 3 or self.totals.shape != self.counts.shape:  # noqa: PLR2004 -- the axes of a table
            raise ValueError(
                f"Totals and counts are tables of units, windows and steps of the same shape; totals have the shape "
                f"{self.totals.shape} and counts {self.counts.shape}. Give a step without orders a count of 0."
            )
        if self.treated.shape != self.totals.shape[:2]:
            raise ValueError(
                f"Each window of each unit has one arm: {self.totals.shape[:2]} are expected, {self.treated.shape} "
                f"are given. Steps of one window never differ in their arm."
            )
        if not (np.isfinite(self.totals).all() and np.isfinite(self.counts).all()) or (self.counts < 0).any():
            raise ValueError(
                "Totals are finite and counts are finite and nought or more; put 0 in both where nothing happened."
            )

    @property
    def n_steps(self) -> int:
        """Count the steps of a window."""
        return int(self.totals.shape[2])


@dataclass(frozen=True, slots=True)
class Buckets:
    """The windows one below the other, their steps brought together in buckets of equal length.

    Parameters
    ----------
    totals, counts : (n, n_buckets)
    treated : (n,)
    kind : (n,)
        Place in `KINDS`; -1 where no window came before.
    steps : int
        Steps of a bucket.
    """

    totals: Floats
    counts: Floats
    treated: Flags
    kind: Integers
    steps: int

    @property
    def n_buckets(self) -> int:
        """Count the buckets of a window."""
        return int(self.totals.shape[1])


def bucketed(windows: Windows, most_buckets: int) -> Buckets:
    """Bring steps together in at most so many buckets of equal length; steps left over at the end go to the last.

    Raises
    ------
    DesignRefused
        Where too few windows of a kind are there to tell what carries over.
    """
    n_units, n_windows, n_steps = windows.totals.shape
    steps = max(1, -(-n_steps // most_buckets))
    starts = np.arange(max(1, n_steps // steps)) * steps
    rows = (n_units * n_windows, n_steps)
    found = Buckets(
        totals=np.add.reduceat(windows.totals.reshape(rows), starts, axis=1),
        counts=np.add.reduceat(windows.counts.reshape(rows), starts, axis=1),
        treated=windows.treated.reshape(-1),
        kind=kinds(windows.treated).reshape(-1),
        steps=steps,
    )
    fewest = min(int((found.kind == kind).sum()) for kind in range(len(KINDS)))
    if fewest < LEAST_WINDOWS:
        raise DesignRefused(Caution("too_few_windows_of_a_kind", {"windows": fewest, "least": LEAST_WINDOWS}))
    return found


def kinds(treated: Flags) -> Integers:
    """Give each window's place in `KINDS`, -1 for the first of a unit: (n_units, n_windows)."""
    found = np.full(treated.shape, -1, dtype=np.int64)
    found[:, 1:] = 2 * ~treated[:, 1:] + ~treated[:, :-1]
    return found
