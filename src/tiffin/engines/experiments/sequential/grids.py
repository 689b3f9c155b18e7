"""Trials as windows one after the other, and what the windows so far foretell of the next."""

from dataclasses import dataclass

import numpy as np

from tiffin.engines.experiments.estimate import Caution, DesignRefused
from tiffin.engines.experiments.readout.moments import Floats, Integers

TINY = float(np.finfo(float).tiny)


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """One metric as sums of each window and area.

    Parameters
    ----------
    numerator : (..., n_windows, n_areas)
        Of one metric or several trials alike.
    denominator : (n_windows, n_areas)
        0 where nothing was ordered, or was washed out.
    arm : (n_windows, n_areas)
        1 where treated, 0 where not.
    stratum : (n_windows, n_areas)
        Numbers from 0: cells among which the arms were shuffled, as the areas of one window, or the two days of a pair.
    """

    numerator: Floats
    denominator: Floats
    arm: Integers
    stratum: Integers

    def narrowed(self) -> "Grid":
        """Make one area of all, where every window has one arm everywhere: then windows alone were randomised."""
        if (self.arm != self.arm[:, :1]).any() or self.arm.shape[1] == 1:
            return self
        return Grid(
            self.numerator.sum(axis=-1, keepdims=True),
            self.denominator.sum(axis=-1, keepdims=True),
            self.arm[:, :1],
            self.stratum[:, :1],
        )


def surprises(grid: Grid) -> tuple[Floats, Floats]:
    """Give what each cell brought beyond what could be foretold, and what an effect of one makes of that.

    What all areas of a window have in common goes first; then each area's own past, by its mean so far and by how far
    its last window was from it. No arm plays a part, so that chance alone says where a surprise falls.

    Returns
    -------
    (..., n_windows, n_areas), (n_windows, n_areas)
        Surprises, and the same of treated orders less the stratum's share of treated.

    Raises
    ------
    DesignRefused
        Every stratum has one arm.
    """
    share = _by_stratum(grid, grid.arm.astype(np.float64))
    if ((share == 0) | (share == 1)).all():
        raise DesignRefused(Caution("one_arm_only", {"treated": int(grid.arm.sum()), "units": grid.arm.size}))
    added = (grid.arm - share) * grid.denominator
    above, moved = _centred(grid.numerator, grid.denominator), _centred(added, grid.denominator)
    rate = above / np.maximum(grid.denominator, TINY)
    slow = _past_mean(above, grid.denominator)
    last = _lagged(rate - slow)
    lean = _leaning(rate - slow, last, grid.denominator)
    slow_moved = _past_mean(moved, grid.denominator)
    last_moved = _lagged(moved / np.maximum(grid.denominator, TINY) - slow_moved)
    left = above - grid.denominator * (slow + lean * last)
    return left, np.asarray(moved - grid.denominator * (slow_moved + lean * last_moved))


def _by_stratum(grid: Grid, values: Floats) -> Floats:
    """Give each cell the mean of its stratum, (n_windows, n_areas)."""
    size = np.bincount(grid.stratum.ravel())
    total = np.bincount(grid.stratum.ravel(), weights=values.ravel())
    return np.asarray((total / np.maximum(size, 1))[grid.stratum])


def _centred(values: Floats, denominator: Floats) -> Floats:
    """Take out what all areas of a window have in common."""
    if denominator.shape[1] == 1:
        return values
    ratio = values.sum(axis=-1, keepdims=True) / np.maximum(denominator.sum(axis=-1, keepdims=True), TINY)
    return np.asarray(values - ratio * denominator)


def _past_mean(values: Floats, denominator: Floats) -> Floats:
    """Give each area's ratio over all windows before; 0 in the first."""
    above = np.cumsum(values, axis=-2) - values
    return np.asarray(above / np.maximum(np.cumsum(denominator, axis=0) - denominator, 1.0))


def _lagged(values: Floats) -> Floats:
    found = np.zeros_like(values)
    found[..., 1:, :] = values[..., :-1, :]
    return found


def _leaning(deviation: Floats, last: Floats, denominator: Floats) -> Floats:
    """Tell from the windows before how much of a deviation is left a window later, one number for all areas."""
    both = (denominator * deviation * last).sum(axis=-1, keepdims=True)
    own = (denominator * last**2).sum(axis=-1, keepdims=True)
    past = [np.cumsum(part, axis=-2) - part for part in (both, own)]
    return np.asarray(np.clip(past[0] / np.maximum(past[1], TINY), 0.0, 1.0))
