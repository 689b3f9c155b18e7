"""A trial under watch: after each window an effect and an interval that hold at all looks together.

Chance is taken over the arms alone. What a window brings beyond the foretold falls to an arm by a coin that nothing
before knows of, so that sums of such contrasts are a martingale whatever the orders' own dependence on time: windows
that resemble each other are no false evidence. Orders are never units.
"""

from dataclasses import dataclass

import numpy as np

from tiffin.engines.experiments.estimate import Caution, DesignRefused, Estimate
from tiffin.engines.experiments.readout.contrasts import LEVEL
from tiffin.engines.experiments.readout.moments import Floats, Integers
from tiffin.engines.experiments.sequential.boundaries import endless_boundary, horizon_boundary
from tiffin.engines.experiments.sequential.grids import Grid, surprises

TINY = float(np.finfo(float).tiny)
LEAST_WINDOWS = 48
"""Windows with both arms below which sums are too few for the normal distribution."""

KEPT_BACK = 0.1
"""Share of the asked chance that is not spent: sums over a few hundred windows are nearly normal, not quite."""


@dataclass(frozen=True, slots=True)
class Plan:
    """When a trial may stop, agreed before it starts.

    Parameters
    ----------
    windows : int
        Until its planned end.
    earliest : int
        The window from which on it may stop: a week, so that each weekday was seen once.
    level : float
        Chance that the intervals of all looks hold the truth.
    is_endless : bool
        It may go on beyond its planned end; the price is wider intervals.
    """

    windows: int
    earliest: int
    level: float = LEVEL
    is_endless: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Watched:
    """What is known after each window.

    Parameters
    ----------
    effect, se, radius : (..., n_windows)
        Effect, its standard error, and half the interval's width; infinite where nothing may be said yet.
    stopped : (...)
        The window after which the trial stops, -1 where it goes on.
    """

    effect: Floats
    se: Floats
    radius: Floats
    stopped: Integers


def watch(grid: Grid, plan: Plan) -> Watched:
    """Follow a trial window by window.

    Parameters
    ----------
    grid : Grid
        The windows so far.

    Raises
    ------
    DesignRefused
        No stratum has both arms, or the trial may stop before there are enough windows.

    References
    ----------
    Ham, Bojinov, Lindon & Tingley (2023), Design-based inference for multi-arm bandits and anytime-valid experiments,
    for the martingale; Neyman's variance of each stratum stands for its own.
    """
    if plan.earliest < LEAST_WINDOWS:
        raise DesignRefused(Caution("too_early", {"windows": plan.earliest, "least": LEAST_WINDOWS}))
    narrow = grid.narrowed()
    sums = _running(narrow)
    above, moved = sums[0], sums[1]
    effect = above / np.where(moved > 0, moved, np.nan)
    variance = np.maximum(sums[2] - 2 * effect * sums[3] + effect**2 * sums[4], 0.0)
    se = np.sqrt(variance) / np.where(moved > 0, moved, np.nan)
    fraction = sums[5] / (plan.windows * narrow.arm.shape[1])
    looks = np.count_nonzero(np.diff(sums[5], prepend=0.0)) / max(float(fraction[-1]), TINY)
    radius = np.where(_may_speak(fraction, plan), se * _boundary(fraction, plan, round(looks)), np.inf)
    is_over = np.abs(effect) > radius
    stopped = np.where(is_over.any(axis=-1), is_over.argmax(axis=-1), -1)
    return Watched(effect, se, np.where(np.isnan(radius), np.inf, radius), stopped)


def estimate_after(watched: Watched, window: int, *, grid: Grid, plan: Plan) -> Estimate:
    """Give what one trial says after a window, with an interval that held all the while."""
    effect, se, radius = (float(part[window]) for part in (watched.effect, watched.se, watched.radius))
    both = grid.narrowed()
    stops = int(watched.stopped)
    cautions = (Caution("stopped", {"window": stops}),) if 0 <= stops <= window else ()
    return Estimate(
        effect=effect,
        se=se,
        low=effect - radius,
        high=effect + radius,
        p=float("nan"),
        n=int((both.denominator[: window + 1] > 0).sum()),
        method="confidence sequence over windows" + (", endless" if plan.is_endless else ", planned end"),
        level=plan.level,
        cautions=cautions,
    )


def _may_speak(fraction: Floats, plan: Plan) -> Floats:
    is_late = fraction >= plan.earliest / plan.windows * (1 - 1e-12)
    return np.asarray(is_late if plan.is_endless else is_late & (fraction <= 1 + 1e-12))


def _boundary(fraction: Floats, plan: Plan, looks: int) -> Floats:
    """Give the boundary at each look; `looks` are those of the whole plan that bring anything new."""
    known, alpha = np.maximum(fraction, 1 / plan.windows), (1 - plan.level) * (1 - KEPT_BACK)
    if plan.is_endless:
        return endless_boundary(known, alpha=alpha)
    first = max(round(looks * plan.earliest / plan.windows), 1)
    return horizon_boundary(known, looks=looks, first=first, alpha=alpha)


def _running(grid: Grid) -> tuple[Floats, Floats, Floats, Floats, Floats, Floats]:
    """Add up finished strata window by window.

    Returns
    -------
    tuple of (..., n_windows)
        Contrasts of the surprises, the same for an effect of one; their variances over the arms and what is between
        them; cells of finished strata.
    """
    surprise, moved = surprises(grid)
    flat = grid.stratum.ravel()
    order = np.argsort(flat, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(flat[order]) > 0])
    size = np.diff(np.r_[starts, len(flat)])
    arm = grid.arm.ravel()[order]
    treated = np.add.reduceat(arm, starts)
    contrast = arm - np.repeat(treated / size, size)
    spread = np.where(size > 1, treated * (size - treated) / np.maximum(size * (size - 1), 1), 0.0)

    def cells(values: Floats) -> Floats:
        return np.asarray(values.reshape(*values.shape[:-2], -1)[..., order])

    def summed(values: Floats) -> Floats:
        return np.asarray(np.add.reduceat(values, starts, axis=-1))

    e, g = cells(surprise), cells(moved)
    se, sg = summed(e), summed(g)
    parts = (
        summed(contrast * e),
        summed(contrast * g),
        spread * (summed(e * e) - se * se / size),
        spread * (summed(e * g) - se * sg / size),
        spread * (summed(g * g) - sg * sg / size),
        np.where((treated > 0) & (treated < size), size, 0).astype(np.float64),
    )
    windows, areas = grid.arm.shape
    finished = np.maximum.reduceat(order // areas, starts)
    return tuple(_by_window(part, finished, windows) for part in parts)  # type: ignore[return-value] # six, as above


def _by_window(values: Floats, finished: Integers, windows: int) -> Floats:
    rows = values.reshape(-1, values.shape[-1])
    found = np.array([np.bincount(finished, weights=row, minlength=windows) for row in rows])
    return np.asarray(np.cumsum(found, axis=-1).reshape(*values.shape[:-1], windows))
