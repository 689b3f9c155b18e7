"""How sure alpha is: its interval, from the units drawn again and again.

References
----------
Hayes and Krippendorff (2007) draw coincidences again; here whole units are drawn, since the judgements of one unit
hang together. Efron (1987), Better bootstrap confidence intervals: correction of the bias and of the skew.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from tiffin.engines.agreement.alpha import Floats, Scale, alphas, counted, unit_coincidences

RESAMPLES = 1999
LEAST_UNITS = 10
"""With fewer units no interval is told: it would say more about the draw than about the judges."""
_AT_ONCE = 4_000_000


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far judges agree.

    Parameters
    ----------
    alpha, low, high : float
        nan where it is not defined, or there are too few units for an interval.
    units, judgements : int
        Units with at least two judgements, and these.
    """

    alpha: float
    low: float
    high: float
    units: int
    judgements: int


def agreement(judgements: Floats, scale: Scale, *, level: float, seed: int) -> Agreement:
    """Give alpha with its interval.

    Parameters
    ----------
    judgements : (n_judges, n_units), nan where a judge said nothing
    level : float
        Share of intervals that hold the true alpha, as 0.95.
    seed : int
        The same judgements and seed give the same interval.
    """
    values, units = counted(judgements)
    judged = int(units.sum())
    if not len(units):
        return Agreement(np.nan, np.nan, np.nan, 0, 0)
    kinds, of_kind = _kinds(units)
    of_kinds = unit_coincidences(kinds)
    found = _alphas_of(of_kind[None].astype(np.float64), of_kinds, values, scale)[0]
    low, high = np.nan, np.nan
    if len(units) >= LEAST_UNITS and np.isfinite(found):
        low, high = _interval(of_kind, of_kinds, values, scale, level=level, seed=seed, found=float(found))
    return Agreement(float(found), low, high, len(units), judged)


def _kinds(units: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """Bring units together that were judged alike: what is drawn again is how many there are of each kind."""
    kinds, counts = np.unique(units, axis=0, return_counts=True)
    return kinds, counts.astype(np.int64)


def _alphas_of(weights: Floats, of_kinds: Floats, values: Floats, scale: Scale) -> Floats:
    """Give alpha of tables that hold each kind of unit so many times: weights (n_tables, n_kinds)."""
    summed = (weights @ of_kinds.reshape(len(of_kinds), -1)).reshape(len(weights), len(values), len(values))
    return alphas(summed, values, scale)


def _interval(
    of_kind: NDArray[np.int64],
    of_kinds: Floats,
    values: Floats,
    scale: Scale,
    *,
    level: float,
    seed: int,
    found: float,
) -> tuple[float, float]:
    total = int(of_kind.sum())
    if np.isclose(found, 1.0):
        # No draw of units that all agree disagrees. What is not sure is how many of those unseen would: the bound of
        # Clopper and Pearson (1934) on a share that was never seen, on the scale of alpha.
        return _perfect(of_kind, of_kinds, level, total), 1.0
    chance = np.random.default_rng(seed)
    drawn = chance.multinomial(total, of_kind / total, size=RESAMPLES).astype(np.float64)
    each = max(1, _AT_ONCE // (len(values) ** 2))
    parts = [_alphas_of(drawn[at : at + each], of_kinds, values, scale) for at in range(0, RESAMPLES, each)]
    sample = np.concatenate(parts)
    sample = sample[np.isfinite(sample)]
    shares = _corrected(sample, found, _without_one(of_kind, of_kinds, values, scale), level)
    low, high = np.quantile(sample, shares)
    return float(low), float(high)


def _perfect(of_kind: NDArray[np.int64], of_kinds: Floats, level: float, total: int) -> float:
    """Bound alpha from below where all agree, by the expected disagreement of what was given."""
    given = (of_kinds.sum(axis=2) * of_kind[:, None]).sum(axis=0)
    expected = 1 - float(((given / given.sum()) ** 2).sum())
    unseen = 1 - ((1 - level) / 2) ** (1 / total)
    return float(max(-1.0, 1 - unseen / expected))


def _without_one(of_kind: NDArray[np.int64], of_kinds: Floats, values: Floats, scale: Scale) -> Floats:
    """Give alpha without one unit of each kind, as often as there are such units."""
    fewer = np.repeat(of_kind[None].astype(np.float64), len(of_kind), axis=0) - np.eye(len(of_kind))
    left = _alphas_of(fewer, of_kinds, values, scale)
    return np.repeat(np.where(np.isfinite(left), left, np.nanmean(left)), of_kind)


def _corrected(sample: Floats, found: float, left: Floats, level: float) -> Floats:
    """Choose which quantiles of the draws bound the interval: corrected for bias and skew (Efron 1987)."""
    below = (np.sum(sample < found) + np.sum(sample == found) / 2) / len(sample)
    bias = stats.norm.ppf(np.clip(below, 1 / len(sample), 1 - 1 / len(sample)))
    off = left.mean() - left
    spread = float((off**2).sum()) ** 1.5
    skew = float((off**3).sum()) / (6 * spread) if spread > 0 else 0.0
    ends = stats.norm.ppf([(1 - level) / 2, (1 + level) / 2])
    moved: Floats = stats.norm.cdf(bias + (bias + ends) / (1 - skew * (bias + ends)))
    return moved
