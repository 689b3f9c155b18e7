"""Does a confidence of 0.8 mean right four times in five? Reliability by bins, its error, and a confidence put right.

References
----------
Brier (1950), Verification of forecasts expressed in terms of probability.
Murphy (1973), A new vector partition of the probability score: reliability, resolution, uncertainty.
Naeini, Cooper and Hauskrecht (2015), Obtaining well calibrated probabilities: the expected calibration error.
Zadrozny and Elkan (2002), Transforming classifier scores into accurate probability estimates: isotonic recalibration.
Ayer et al. (1955), An empirical distribution function for sampling with incomplete information: pooling violators.
Wilson (1927), Probable inference: the interval of a share.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Bin:
    """Judgements of about the same confidence.

    Parameters
    ----------
    confidence : float
        Mean of it.
    share, low, high : float
        How many were right, with the interval.
    """

    count: int
    confidence: float
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Recalibration:
    """What a confidence really meant, rising with it: levels between which it is told by the straight line.

    Parameters
    ----------
    at, share : tuple of float
        Confidences, ascending, and the share that was right there.
    """

    at: tuple[float, ...]
    share: tuple[float, ...]

    def of(self, confidence: Floats) -> Floats:
        """Give what confidences mean."""
        found: Floats = np.interp(confidence, self.at, self.share)
        return found


def share_interval(right: int, count: int, level: float) -> tuple[float, float]:
    """Bound a share by Wilson's interval.

    Examples
    --------
    >>> tuple(round(one, 3) for one in share_interval(8, 10, 0.95))
    (0.49, 0.943)
    """
    if not count:
        return 0.0, 1.0
    z = float(stats.norm.ppf((1 + level) / 2))
    share = right / count
    middle = share + z * z / (2 * count)
    off = z * np.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    whole = 1 + z * z / count
    return float(max(0.0, (middle - off) / whole)), float(min(1.0, (middle + off) / whole))


def reliability(confidence: Floats, is_right: Truths, *, bins: int, level: float) -> tuple[Bin, ...]:
    """Put judgements into bins with about as many in each, and give how many of each were right.

    Parameters
    ----------
    confidence, is_right : (n_judgements,)
    bins : int
        At most so many; judgements of one confidence are never torn apart.
    """
    if not len(confidence):
        return ()
    order = np.argsort(confidence, kind="stable")
    sorted_ = confidence[order]
    wished = np.linspace(0, len(sorted_), bins + 1)[1:-1].round().astype(int)
    starts = np.unique(np.concatenate([[0], np.searchsorted(sorted_, sorted_[np.clip(wished, 0, len(sorted_) - 1)])]))
    parts = np.split(order, starts[1:])
    return tuple(_bin(confidence[part], is_right[part], level) for part in parts)


def _bin(confidence: Floats, is_right: Truths, level: float) -> Bin:
    right, count = int(is_right.sum()), len(is_right)
    return Bin(count, float(confidence.mean()), right / count, *share_interval(right, count, level))


def calibration_error(bins: tuple[Bin, ...]) -> float:
    """Give the expected calibration error: how far confidence and share lie apart, by the judgements of each bin."""
    total = sum(one.count for one in bins)
    return sum(one.count * abs(one.confidence - one.share) for one in bins) / total if total else float("nan")


def brier_score(confidence: Floats, is_right: Truths) -> float:
    """Give Brier's score: the mean squared difference of confidence and truth; nan without judgements."""
    return float(np.mean((confidence - is_right) ** 2)) if len(confidence) else float("nan")


def recalibrated(confidence: Floats, is_right: Truths) -> Recalibration:
    """Learn what confidences mean from judgements known to be right or wrong: the closest shares that never fall.

    Parameters
    ----------
    confidence, is_right : (n_judgements,)

    Raises
    ------
    ValueError
        There are no judgements to learn from.
    """
    if not len(confidence):
        message = "judgements known to be right or wrong were expected; found none"
        raise ValueError(message)
    at, which = np.unique(confidence, return_inverse=True)
    counts = np.bincount(which).astype(np.float64)
    shares = np.bincount(which, weights=is_right.astype(np.float64)) / counts
    levels = _pooled(shares, counts)
    return Recalibration(tuple(at.tolist()), tuple(levels.tolist()))


def _pooled(shares: Floats, counts: Floats) -> Floats:
    """Pool neighbours that fall until none does."""
    pools: list[tuple[float, float, int]] = []
    for share, count in zip(shares.tolist(), counts.tolist(), strict=True):
        pool = (share, count, 1)
        while pools and pools[-1][0] >= pool[0]:
            before = pools.pop()
            weight = before[1] + pool[1]
            mean = (before[0] * before[1] + pool[0] * pool[1]) / weight
            pool = (mean, weight, before[2] + pool[2])
        pools.append(pool)
    return np.repeat([one[0] for one in pools], [one[2] for one in pools])
