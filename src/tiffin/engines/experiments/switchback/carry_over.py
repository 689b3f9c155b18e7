"""What the window before leaves behind: how much, how long it shows, and how much of it may be left unseen.

The coin of the window before is as random as the window's own, so the difference between windows that came after the
other arm and windows that came after their own is an effect like any other. It has nothing to do with the noise of the
difference between the arms: the two contrasts are orthogonal, so choosing a burn-in by one leaves the other as it was.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from tiffin.engines.experiments.switchback.windows import KINDS, Buckets, Floats

HALF_LIVES = 40
SHORTEST_HALF_LIFE = 0.25
"""In buckets: gone within one bucket, whatever comes after."""
LONGEST_FITTED = 1.0
"""In windows: so slow that hardly anything goes within one."""
SHORT_FITS_WITHIN = 0.5
"""By how much worse than the best a decay that windows hold may fit, before slower ones are thought possible too."""
FIT_WITHIN = 2.71
"""By how much worse than the best a decay may fit and stay possible: 90 % of chi-squared with one degree."""
SURELY = 1.28
"""Standard errors by which what was left at the beginning may be more than found."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What carries over, by bucket of a window.

    Parameters
    ----------
    left : (n_buckets,)
        By how much a difference between arms is too small in a bucket, since half of the windows came after the other
        arm; in the metric's unit.
    covariance : (n_buckets, n_buckets)
    df : int
    """

    left: Floats
    covariance: Floats
    df: int

    @property
    def se(self) -> Floats:
        """Give the standard error of each bucket."""
        found: Floats = np.sqrt(np.diagonal(self.covariance))
        return found


def profile_of(buckets: Buckets) -> Profile:
    """Find what carries over into each bucket, from windows that kept their arm against windows that changed it."""
    n = buckets.n_buckets
    left, covariance = np.zeros(n), np.zeros((n, n))
    spread = {arm: np.zeros((n, n)) for arm in (0, 1)}
    members = [buckets.kind == kind for kind in range(len(KINDS))]
    for (arm, before), of_kind in zip(KINDS, members, strict=True):
        means, residuals = ratios(buckets.totals[of_kind], buckets.counts[of_kind])
        left += 0.5 * (1 if arm == before else -1) * (1 if arm else -1) * means
        spread[arm] += residuals.T @ residuals
    for (arm, _), of_kind in zip(KINDS, members, strict=True):
        # Windows of one arm share their variance: kinds are small, and what came before moves means and not noise.
        df = sum(int(m.sum()) - 1 for (a, _), m in zip(KINDS, members, strict=True) if a == arm)
        covariance += 0.25 * spread[arm] / df / int(of_kind.sum())
    return Profile(left, covariance, int(sum(m.sum() for m in members)) - len(KINDS))


def ratios(totals: Floats, counts: Floats) -> tuple[Floats, Floats]:
    """Give the mean by bucket over some windows, and each window's residual from it on the scale of the mean."""
    orders = np.maximum(counts.sum(axis=0), np.finfo(float).tiny)
    means = totals.sum(axis=0) / orders
    return means, (totals - means * counts) * (len(totals) / orders)


def seen_until(profile: Profile, *, chance: float) -> int:
    """Give the first bucket from which on nothing that carries over is seen, in one bucket or in all that follow.

    Parameters
    ----------
    chance : float
        Of seeing anything where there is nothing.
    """
    buckets = len(profile.left)
    critical = float(special.stdtrit(profile.df, 1 - chance / (4 * buckets)))
    tails, errors = np.array([_mean(profile.left, profile.covariance, b) for b in range(buckets)]).T
    floor = np.finfo(float).tiny
    seen = (np.abs(profile.left) > critical * np.maximum(profile.se, floor)) | (
        np.abs(tails) > critical * np.maximum(errors, floor)
    )
    return int(np.flatnonzero(seen)[-1]) + 1 if seen.any() else 0


def _mean(left: Floats, covariance: Floats, first: int) -> tuple[float, float]:
    return float(left[first:].mean()), math.sqrt(max(float(covariance[first:, first:].mean()), 0.0))


def left_unseen(profile: Profile, seen: int, longest_half_life: float) -> Floats:
    """Bound how far carry-over may still move the mean of a window from each bucket on: (n_buckets,), nought or more.

    Parameters
    ----------
    seen : int
        Bucket until which carry-over is seen; the decay is fitted from half of that, where it is a decay already.
    longest_half_life : float
        In buckets: what a window is meant to hold.

    Notes
    -----
    What is left halves every so many buckets. Each half-life that fits about as well as the best one stays possible,
    with an amplitude somewhat larger than found, and the bound is the worst of them. Half-lives that a window is not
    meant to hold count only where shorter ones fit worse: else windows without any carry-over would be read as if it
    might last for ever.
    """
    first, places = seen // 2, np.arange(len(profile.left))
    halves = np.geomspace(SHORTEST_HALF_LIFE, LONGEST_FITTED * len(places), HALF_LIVES)
    decay = 0.5 ** ((places - first) / halves[:, None])
    weights = np.where(places >= first, 1 / np.maximum(profile.se, np.finfo(float).tiny) ** 2, 0.0)
    pulls = decay * weights
    information = (decay * pulls).sum(axis=1)
    amplitude = pulls @ profile.left / information
    error = np.sqrt(np.einsum("hi,ij,hj->h", pulls, profile.covariance, pulls)) / information
    misfit = ((profile.left - amplitude[:, None] * decay) ** 2 * weights).sum(axis=1)
    held = halves <= longest_half_life
    if misfit[held].min() <= misfit.min() + SHORT_FITS_WITHIN:
        misfit = np.where(held, misfit, np.inf)
    possible = misfit <= misfit.min() + FIT_WITHIN
    tails = np.cumsum(decay[:, ::-1], axis=1)[:, ::-1] / (len(places) - places)
    found: Floats = ((np.abs(amplitude) + SURELY * error)[:, None] * tails)[possible].max(axis=0)
    return found
