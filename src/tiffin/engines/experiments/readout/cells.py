"""Sums over the orders of each area and window, and what is taken out of them before arms are compared."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tiffin.engines.experiments.estimate import Caution, DesignRefused
from tiffin.engines.experiments.readout.moments import Floats, Integers

ROUNDS = 200
ENOUGH = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """One metric as sums, a row for each unit that had one arm: a window of an area, a merchant, a rider.

    Parameters
    ----------
    numerator, denominator : (n,)
        The metric is the ratio of their sums; for a mean over orders the denominator counts orders.
    arm : (n,)
        1 where treated, 0 where not.
    """

    numerator: Floats
    denominator: Floats
    arm: Integers

    def __post_init__(self) -> None:
        """Refuse arms that are not two, and sums that are no numbers."""
        if not set(np.unique(self.arm)) <= {0, 1}:
            raise ValueError("an arm is 0 or 1")
        if not np.isfinite(self.numerator).all() or not np.isfinite(self.denominator).all():
            raise ValueError("sums are finite")
        if (self.denominator < 0).any():
            raise ValueError("a denominator is nought or more")

    def ratio(self, arm: int) -> float:
        """Give one arm's ratio of sums."""
        chosen = self.arm == arm
        below = float(self.denominator[chosen].sum())
        return float(self.numerator[chosen].sum()) / below if below else float("nan")


def absorb(values: Floats, denominator: Floats, groups: Sequence[Integers]) -> Floats:
    """Take each group's ratio out of its cells, for several ways of grouping at once.

    Parameters
    ----------
    values : (..., n)
        Numerators.
    denominator : (n,)
    groups : sequence of (n,)
        Each numbers the groups of one way, as the days of each zone, or the windows over all zones.

    Returns
    -------
    (..., n)
        What is left; within each group of each way it adds up to nought.

    Notes
    -----
    Alternating projections. What is taken out depends on no arm, so that a randomisation test stays exact.
    """
    left = np.array(values, dtype=np.float64)
    sizes = [np.maximum(np.bincount(group, weights=denominator), np.finfo(float).tiny) for group in groups]
    scale = float(np.abs(left).max(initial=0.0)) or 1.0
    for _ in range(ROUNDS if len(groups) > 1 else 1):
        moved = 0.0
        for group, size in zip(groups, sizes, strict=True):
            ratio = sums_by(left, group, len(size)) / size
            left -= ratio[..., group] * denominator
            moved = max(moved, float(np.abs(ratio).max(initial=0.0)))
        if moved * float(denominator.max(initial=0.0)) < ENOUGH * scale:
            break
    return left


def sums_by(values: Floats, group: Integers, groups: int) -> Floats:
    """Add up the last axis by groups: (..., n) to (..., groups)."""
    rows = values.reshape(-1, values.shape[-1])
    found = np.empty((len(rows), groups))
    for row, into in zip(rows, found, strict=True):
        into[:] = np.bincount(group, weights=row, minlength=groups)
    return found.reshape(*values.shape[:-1], groups)


def refuse_one_armed(arm: Integers) -> None:
    """Refuse a trial all of whose units have the same arm.

    Raises
    ------
    DesignRefused
    """
    treated = int(arm.sum())
    if treated in {0, len(arm)}:
        raise DesignRefused(Caution("one_arm_only", {"treated": treated, "units": len(arm)}))
