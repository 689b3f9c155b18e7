"""What is usual of each leaf, where little was seen of many of them: drawn towards what is usual of all."""

import numpy as np
from scipy.special import gammaln

from tiffin.engines.attribution.localisation.leaves import BoolArray, FloatArray
from tiffin.kernel.errors import InvalidData

STEADINESS = np.array([30.0, 100.0, 300.0, 1000.0, 3000.0])
"""How steady leaves may be from interval to interval, as observations' worth; which holds is learned."""

STRAY = 0.05
"""Share of usual intervals' leaves that were out of the ordinary themselves."""

BORROWED_DAYS = 0.5
"""Intervals' worth that a leaf's usual count borrows from the mean of all leaves."""


def nothing_usual() -> InvalidData:
    """Say that there is nothing to compare with."""
    return InvalidData(
        "Earlier intervals were expected to tell what is usual, and in none did anything happen. Ask for a day with "
        "comparable days before it."
    )


def calm(whole: FloatArray, seen: BoolArray) -> BoolArray:
    """Choose the half of the intervals that are nearest to the middle: one that was struck itself is not usual.

    Parameters
    ----------
    whole : (n_intervals,), the whole's figure.
    seen : (n_intervals,), where there is one at all.
    """
    away = np.abs(whole - np.median(whole[seen]))
    return np.asarray(seen & (away <= np.median(away[seen])))


def log_beta_binomial(k: FloatArray, n: FloatArray, mean: FloatArray, worth: float) -> FloatArray:
    """Give the log-probability of k of n, when shares vary about a mean as a beta of that many observations' worth.

    The number of ways to choose k of n is left out: it is the same whether a leaf is affected or not.
    """
    a, b = mean * worth, (1 - mean) * worth
    return np.asarray(
        gammaln(k + a) + gammaln(n - k + b) - gammaln(n + worth) + gammaln(worth) - gammaln(a) - gammaln(b)
    )


def log_negative_binomial(k: FloatArray, mean: FloatArray, worth: FloatArray | float) -> FloatArray:
    """Give the log-probability of a count whose mean varies as a gamma of that many observations' worth."""
    odds = np.log(mean) - np.log(mean + worth)
    rest = np.log(worth) - np.log(mean + worth)
    return np.asarray(gammaln(k + worth) - gammaln(worth) - gammaln(k + 1) + worth * rest + k * odds)


def steadiest(nats: list[FloatArray], stray: FloatArray) -> float:
    """Choose the steadiness under which the usual intervals are likeliest, some leaves of them being stray."""
    likely = [np.logaddexp(np.log1p(-STRAY) + one, np.log(STRAY) + stray).sum() for one in nats]
    return float(STEADINESS[int(np.argmax(likely))])
