"""How waiting grows with load, learned from a city's own history: never falling, straight between its knots."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import isotonic_regression

from tiffin.engines.attribution.shapley import FloatArray

MAX_KNOTS = 24
MIN_CELLS = 8
"""With fewer cells of history there is no curve to speak of."""


@dataclass(frozen=True, slots=True)
class CongestionCurve:
    """Waiting as a never falling function of load.

    Parameters
    ----------
    load, wait : tuple of float
        Knots in rising order of load; waiting in the unit in which it was fitted (minutes, or a share lost).
    slope : float
        Rise beyond the last knot, a unit of load; below the first knot waiting is level.
    """

    load: tuple[float, ...]
    wait: tuple[float, ...]
    slope: float

    def at(self, load: FloatArray) -> FloatArray:
        """Give the waiting at each load."""
        load = np.asarray(load, dtype=float)
        beyond = np.maximum(load - self.load[-1], 0.0) * self.slope
        return np.asarray(np.interp(load, self.load, self.wait) + beyond, dtype=float)


def fit_congestion(
    load: FloatArray, wait: FloatArray, *, weight: FloatArray, most_knots: int = MAX_KNOTS
) -> CongestionCurve | None:
    """Fit waiting against load by weighted isotonic regression on bins of equal weight.

    Parameters
    ----------
    load, wait, weight : (n_cells,)
        One entry for a zone and slot of history; the weight is its number of orders. Cells that are not finite or
        have no weight are left out.
    most_knots : int
        Bins at most; many show what happens at rare loads.

    Returns
    -------
    CongestionCurve or None
        None when fewer than eight cells are usable or the load never differs: nothing can be learned from that.

    References
    ----------
    Barlow et al. (1972), Statistical inference under order restrictions, ch. 1 (pool adjacent violators).
    """
    usable = np.isfinite(load) & np.isfinite(wait) & (weight > 0)
    if usable.sum() < MIN_CELLS or np.ptp(load[usable]) <= 0:
        return None
    # By the waiting where loads are alike, so that the curve does not depend on how cells are listed.
    order = np.lexsort((wait[usable], load[usable]))
    x, y, w = load[usable][order], wait[usable][order], weight[usable][order]
    knots = _binned(x, y, w, most_knots)
    level = isotonic_regression(knots[1], weights=knots[2]).x
    return CongestionCurve(tuple(knots[0].tolist()), tuple(level.tolist()), _last_rise(knots[0], level))


def _binned(x: FloatArray, y: FloatArray, w: FloatArray, most: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Join cells of like load into at most so many bins of like weight."""
    share = (np.cumsum(w) - w / 2) / w.sum()
    bins = np.unique(np.floor(share * min(most, max(2, x.size // 4))).astype(int), return_inverse=True)[1]
    weight = np.bincount(bins, weights=w).astype(float)
    return np.bincount(bins, weights=x * w) / weight, np.bincount(bins, weights=y * w) / weight, weight


def _last_rise(x: FloatArray, level: FloatArray) -> float:
    """Give the slope from the middle of the knots to the last one: steadier than that of the last piece alone."""
    middle = x.size // 2
    run = x[-1] - x[middle]
    return float((level[-1] - level[middle]) / run) if run > 0 else 0.0
