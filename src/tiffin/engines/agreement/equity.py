"""Are groups judged alike? Rates of each group beside all others in the same circumstances, and what chance explains.

References
----------
Mantel and Haenszel (1959), Statistical aspects of retrospective studies of disease: one ratio over strata.
Greenland and Robins (1985), Estimation of a common effect parameter from sparse follow-up data: its variance.
Cochran (1954), Some methods for strengthening the common chi-square tests: the test over strata.
Holm (1979), A simple sequentially rejective multiple test procedure.
Benjamini and Hochberg (1995), Controlling the false discovery rate.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class RateRatio:
    """How many times as often something happens in one group as in the others, in the same circumstances.

    Parameters
    ----------
    ratio, low, high : float
        nan where one of them has none of it.
    p : float
        Chance of a difference as large or larger were there none; 1 where nothing can be told.
    """

    ratio: float
    low: float
    high: float
    p: float


def rate_ratio(
    events: Sequence[int] | Counts,
    trials: Sequence[int] | Counts,
    other_events: Sequence[int] | Counts,
    other_trials: Sequence[int] | Counts,
    *,
    level: float,
) -> RateRatio:
    """Compare a group with all others, stratum by stratum.

    Parameters
    ----------
    events, trials : (n_strata,)
        How often it could happen in the group, and did.
    other_events, other_trials : (n_strata,)
        The same of all others.
    level : float
        Share of intervals that hold the true ratio.
    """
    a, n, b, m = (np.asarray(one, dtype=np.float64) for one in (events, trials, other_events, other_trials))
    both = (n > 0) & (m > 0)
    a, n, b, m = a[both], n[both], b[both], m[both]
    total = n + m
    upper, lower = float((a * m / total).sum()), float((b * n / total).sum())
    p = _p_value(a, n, b, m)
    if upper <= 0 or lower <= 0:
        return RateRatio(np.nan, np.nan, np.nan, p)
    spread = float((((a + b) * n * m - a * b * total) / total**2).sum()) / (upper * lower)
    off = float(stats.norm.ppf((1 + level) / 2)) * np.sqrt(max(spread, 0.0))
    ratio = upper / lower
    return RateRatio(ratio, float(ratio * np.exp(-off)), float(ratio * np.exp(off)), p)


def _p_value(a: Floats, n: Floats, b: Floats, m: Floats) -> float:
    """Test over strata whether the group's events are what all events would give it, with half a unit's correction."""
    total = n + m
    more = total > 1
    a, n, b, m, total = a[more], n[more], b[more], m[more], total[more]
    events = a + b
    variance = float((events * (total - events) * n * m / (total**2 * (total - 1))).sum())
    if variance <= 0:
        return 1.0
    off = abs(float((a - events * n / total).sum()))
    return float(stats.chi2.sf(max(off - 0.5, 0.0) ** 2 / variance, 1))


def holm(p: Sequence[float]) -> tuple[float, ...]:
    """Adjust chances so that the chance of calling anything wrongly stays what one is compared with.

    Examples
    --------
    >>> holm((0.01, 0.04, 0.03))
    (0.03, 0.06, 0.06)
    """
    values = np.asarray(p, dtype=np.float64)
    order = np.argsort(values, kind="stable")
    steps = values[order] * np.arange(len(values), 0, -1)
    found = np.empty(len(values))
    found[order] = np.minimum(np.maximum.accumulate(steps), 1.0) if len(values) else steps
    return tuple(found.tolist())


def discoveries(p: Sequence[float]) -> tuple[float, ...]:
    """Adjust chances so that the share of wrong calls among all calls stays what one is compared with.

    Examples
    --------
    >>> discoveries((0.01, 0.04, 0.03))
    (0.03, 0.04, 0.04)
    """
    values = np.asarray(p, dtype=np.float64)
    order = np.argsort(values, kind="stable")
    steps = values[order] * len(values) / np.arange(1, len(values) + 1)
    found = np.empty(len(values))
    found[order] = np.minimum(np.minimum.accumulate(steps[::-1])[::-1], 1.0) if len(values) else steps
    return tuple(found.tolist())
