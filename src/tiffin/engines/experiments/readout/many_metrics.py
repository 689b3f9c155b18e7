"""Several metrics at once: which effects stay when so many were looked at, and how wide their intervals are then."""

import dataclasses
import math
from collections.abc import Sequence

import numpy as np
from scipy.optimize import brentq
from scipy.stats import t as student

from tiffin.engines.experiments.estimate import Estimate
from tiffin.engines.experiments.readout.moments import Floats

MANY = 1e7
"""Degrees of freedom from which Student's distribution is the normal one."""


def holm(chances: Sequence[float]) -> Floats:
    """Adjust chances so that any false alarm at all among them has the asked size (Holm 1979)."""
    p = np.asarray(chances, dtype=np.float64)
    order = np.argsort(p, kind="stable")
    steps = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    return _back(np.minimum(steps, 1.0), order)


def benjamini_hochberg(chances: Sequence[float]) -> Floats:
    """Adjust chances so that the share of false ones among alarms has the asked size (Benjamini & Hochberg 1995)."""
    p = np.asarray(chances, dtype=np.float64)
    order = np.argsort(p, kind="stable")
    ranked = p[order] * len(p) / np.arange(1, len(p) + 1)
    return _back(np.minimum(np.minimum.accumulate(ranked[::-1])[::-1], 1.0), order)


def _back(adjusted: Floats, order: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> Floats:
    found = np.empty_like(adjusted)
    found[order] = adjusted
    return found


def selected(estimates: Sequence[Estimate], *, share: float) -> tuple[Estimate | None, ...]:
    """Keep the effects that stand out, each with an interval that allows for having been chosen; None for the others.

    Parameters
    ----------
    share : float
        Of false ones among those kept, and of intervals kept that miss the truth.

    References
    ----------
    Benjamini & Yekutieli (2005), False discovery rate-adjusted multiple confidence intervals for selected parameters.
    """
    stays = benjamini_hochberg([estimate.p for estimate in estimates]) <= share
    level = 1 - share * int(stays.sum()) / max(len(estimates), 1)
    return tuple(at_level(one, level) if is_kept else None for one, is_kept in zip(estimates, stays, strict=True))


def at_level(estimate: Estimate, level: float) -> Estimate:
    """Widen or narrow an interval to another level, keeping its two sides in proportion.

    Notes
    -----
    The degrees of freedom are read from the interval that is there, so Student's intervals stay Student's.
    """
    factor = 1.0
    if estimate.se > 0:
        half = (estimate.high - estimate.low) / 2 / estimate.se
        df = _df(half, estimate.level)
        factor = float(student.ppf((1 + level) / 2, df)) / float(student.ppf((1 + estimate.level) / 2, df))
    below, above = estimate.effect - estimate.low, estimate.high - estimate.effect
    return dataclasses.replace(
        estimate, low=estimate.effect - factor * below, high=estimate.effect + factor * above, level=level
    )


def _df(half: float, level: float) -> float:
    """Find the degrees of freedom whose quantile is this half width in standard errors."""
    share = (1 + level) / 2
    if half <= float(student.ppf(share, MANY)):
        return MANY
    found = brentq(lambda power: float(student.ppf(share, math.exp(power))) - half, 0.0, math.log(MANY), xtol=1e-10)
    return math.exp(float(found))
