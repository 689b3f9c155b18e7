"""Looks once a day at a trial whose units keep their arm: how sure each day's interval has to be for all to hold."""

import numpy as np
from scipy.stats import norm

from tiffin.engines.experiments.sequential.boundaries import horizon_boundary
from tiffin.engines.experiments.sequential.watching import KEPT_BACK


def level_of_looks(looks: int, level: float) -> float:
    """Give the level at which an interval is taken at each of so many looks, for all of them to hold together.

    Parameters
    ----------
    looks : int
        Until the planned end.
    level : float
        Chance that every interval holds the truth.

    Notes
    -----
    Estimates over data that grow are correlated by the root of their variances' ratio, whatever makes units alike from
    day to day (Scharfstein, Tsiatis & Robins 1997, on efficient statistics). The boundary is that of Pocock, the same
    at all looks, found for equal steps of information. Where units differ for good, information grows by less with
    each day, looks resemble each other more, and the chance of an error is below what is asked, not above. A tenth of
    that chance is kept back, as for windows: ratios of a few hundred unequal units are nearly normal, not quite.

    Examples
    --------
    >>> round(level_of_looks(1, 0.95), 3)
    0.95
    >>> level_of_looks(28, 0.95) < 1 - 0.05 / 28
    True
    """
    if looks <= 1:
        return level
    boundary = horizon_boundary(np.ones(1), looks=looks, first=1, alpha=(1 - level) * (1 - KEPT_BACK))
    return float(1 - 2 * norm.sf(boundary[0]))
