"""Whether an effect differs between segments, without believing the most extreme of many."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2, norm

from tiffin.engines.experiments.estimate import Caution, DesignRefused, Estimate
from tiffin.engines.experiments.readout.contrasts import LEVEL
from tiffin.engines.experiments.readout.many_metrics import benjamini_hochberg
from tiffin.engines.experiments.readout.moments import Floats

ROUNDS = 200


@dataclass(frozen=True, slots=True)
class Differing:
    """How an effect varies over segments.

    Parameters
    ----------
    segments : mapping of str to Estimate
        Each drawn towards the mean of all by as much as it is unsure itself.
    mean : float
        Of the segments' true effects.
    spread : float
        Standard deviation of the segments' true effects; 0 where chance alone explains what is seen.
    p : float
        The chance of segments so different where all have one effect.
    """

    segments: Mapping[str, Estimate]
    mean: float
    spread: float
    p: float


def shrunken(found: Mapping[str, Estimate], *, level: float = LEVEL) -> Differing:
    """Draw each segment's effect towards the mean of all: empirical Bayes over segments.

    Parameters
    ----------
    found : mapping of str to Estimate
        Of segments that have no unit in common; each with a standard error above 0.

    References
    ----------
    Paule & Mandel (1982), Consensus values and weighting factors, for the variance between segments. Morris (1983),
    Parametric empirical Bayes inference: theory and applications, equation 1.17, for intervals that allow for it.
    """
    effects = np.array([one.effect for one in found.values()])
    variances = np.array([one.se**2 for one in found.values()])
    between = _between(effects, variances)
    weights = 1 / (variances + between)
    mean = float((weights * effects).sum() / weights.sum())
    kept = between / (between + variances)
    pulled = kept * effects + (1 - kept) * mean
    # What is unsure: the segment itself, the mean, and how much to draw.
    k = len(effects)
    unsure_kept = 2 / max(k - 3, 1) * (1 - kept) ** 2 * (effects - mean) ** 2
    errors = np.sqrt(kept * variances + (1 - kept) ** 2 / weights.sum() + unsure_kept)
    plain = 1 / variances
    q = float((plain * (effects - (plain * effects).sum() / plain.sum()) ** 2).sum())
    z = float(norm.ppf((1 + level) / 2))
    segments = {
        name: Estimate(
            effect=float(effect),
            se=float(error),
            low=float(effect - z * error),
            high=float(effect + z * error),
            p=float(2 * norm.sf(abs(effect) / error)) if error > 0 else math.nan,
            n=one.n,
            method=f"{one.method}, empirical Bayes over segments",
            level=level,
            cautions=one.cautions,
        )
        for (name, one), effect, error in zip(found.items(), pulled, errors, strict=True)
    }
    return Differing(segments, mean, math.sqrt(between), float(chi2.sf(q, k - 1)) if k > 1 else 1.0)


def _between(effects: Floats, variances: Floats) -> float:
    """Find the variance between segments under which they differ as much as they do (Paule & Mandel)."""

    def excess(between: float) -> float:
        weights = 1 / (variances + between)
        mean = (weights * effects).sum() / weights.sum()
        return float((weights * (effects - mean) ** 2).sum()) - (len(effects) - 1)

    if len(effects) < 2 or excess(0.0) <= 0:  # noqa: PLR2004 - one segment differs from none
        return 0.0
    low, high = 0.0, float(((effects - effects.mean()) ** 2).sum())
    for _ in range(ROUNDS):
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    return (low + high) / 2


def confirmed(first: Mapping[str, Estimate], second: Mapping[str, Estimate], *, share: float) -> Mapping[str, Estimate]:
    """Choose segments by one half of the units and tell their effects from the other half, which knows no choice.

    Parameters
    ----------
    first, second : mapping of str to Estimate
        The segments' effects less that of all, from two halves that have no unit in common.
    share : float
        Of false choices among those chosen.

    Returns
    -------
    mapping of str to Estimate
        From the second half; empty where the first half chose none.

    Raises
    ------
    DesignRefused
        The halves do not have the same segments.

    References
    ----------
    Athey & Imbens (2016), Recursive partitioning for heterogeneous causal effects, on honest estimates.
    """
    if set(first) != set(second):
        raise DesignRefused(Caution("halves_differ", {"segments": len(set(first) ^ set(second))}))
    chosen = benjamini_hochberg([one.p for one in first.values()]) <= share
    return {name: second[name] for name, is_chosen in zip(first, chosen, strict=True) if is_chosen}
