"""Power where a formula is right: units that are drawn once, from the spread of their own sums in the history.

References
----------
Deng, Knoblich & Lu (2018), Applying the delta method in metric analytics: ratios over units that have many orders.
Donner & Klar (2000), Design and analysis of cluster randomization trials: intra-class correlation and design effect.
"""

import math

import numpy as np

from tiffin.engines.experiments.estimate import Caution, DesignRefused
from tiffin.engines.experiments.power.designs import Asked, UnitSplit
from tiffin.engines.experiments.power.history import Floats, History, Integers, sums_by
from tiffin.engines.experiments.power.rejection import StudentTest

LEAST_UNITS = 4
"""Units in all below which no spread is known."""


def units_test(design: UnitSplit, history: History, days: int, asked: Asked) -> tuple[StudentTest, int]:
    """Give the test that a trial of so many days ends with, and its units.

    The last days of the history stand for those of the trial: units that come back are one unit, not two.

    Raises
    ------
    DesignRefused
        Where the history is shorter than the trial, or an arm would have fewer than two units.
    """
    if days > history.days:
        raise DesignRefused(Caution("history_too_short", {"days": history.days, "least": days}))
    kept = history.day >= history.days - days
    rest, denominator = sums_by(history.unit, int(history.unit.max()) + 1, history, kept)
    seen = denominator > 0
    units = int(seen.sum())
    if units < LEAST_UNITS or min(design.share, 1 - design.share) * units < 2:  # noqa: PLR2004 -- a spread in each arm
        raise DesignRefused(Caution("too_few_units", {"units": units, "least": LEAST_UNITS}))
    se = math.sqrt(spread(rest[seen], denominator[seen]) / (units * design.share * (1 - design.share)))
    return StudentTest(se=se, df=units - 2, level=asked.level), units


def spread(rest: Floats, denominator: Floats) -> float:
    """Give the variance of one unit's pull on a ratio (delta method)."""
    residuals = rest - rest.sum() / denominator.sum() * denominator
    return float((residuals**2).sum()) / (len(rest) - 1) / float(denominator.mean()) ** 2


def intraclass_correlation(values: Floats, cluster: Integers) -> float:
    """Give how alike orders of one cluster are: 0 as any two orders, 1 all the same (analysis of variance).

    Raises
    ------
    DesignRefused
        Where there are fewer than two clusters, or none with two orders.
    """
    sizes = np.bincount(cluster).astype(np.float64)
    sums = np.bincount(cluster, values)
    sizes, sums = sizes[sizes > 0], sums[sizes > 0]
    n, k = float(sizes.sum()), len(sizes)
    if k < 2 or n == k:  # noqa: PLR2004 -- a spread between and one within
        raise DesignRefused(Caution("too_few_units", {"units": k, "least": 2}))
    between = float((sizes * (sums / sizes - values.mean()) ** 2).sum()) / (k - 1)
    within = (float((values**2).sum()) - float((sums**2 / sizes).sum())) / (n - k)
    typical = (n - float((sizes**2).sum()) / n) / (k - 1)
    total = between + (typical - 1) * within
    return 0.0 if total <= 0 else (between - within) / total


def design_effect(correlation: float, sizes: Floats) -> float:
    """Give by how much clusters multiply the variance of a mean over their orders.

    Examples
    --------
    >>> round(design_effect(0.05, np.full(10, 101.0)), 6)
    6.0
    """
    return 1 + (float((sizes**2).sum() / sizes.sum()) - 1) * correlation


def clusters_test(sd: float, correlation: float, sizes: Floats, *, share: float, level: float) -> StudentTest:
    """Give the test of a trial of clusters of which only spread, likeness and sizes are known.

    Parameters
    ----------
    sd : float
        Of one order.
    correlation : float
        Intra-class; from `intraclass_correlation`, or from a trial like this one.
    sizes : (n_clusters,)
        Orders of each cluster during the trial.
    """
    if len(sizes) < LEAST_UNITS:
        raise DesignRefused(Caution("too_few_units", {"units": len(sizes), "least": LEAST_UNITS}))
    variance = sd**2 * max(design_effect(correlation, sizes), 0.0) / (float(sizes.sum()) * share * (1 - share))
    return StudentTest(se=math.sqrt(variance), df=len(sizes) - 2, level=level)
