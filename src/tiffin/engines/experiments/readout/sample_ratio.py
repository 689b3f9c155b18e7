"""Whether the arms have the units that they should have: where they have not, nothing else can be believed."""

from collections.abc import Sequence

import numpy as np
from scipy.stats import binom, chi2

from tiffin.engines.experiments.estimate import Caution

SUSPICIOUS = 0.001
"""Chance below which a difference of counts is no accident; strict, since it is asked of every trial each day."""

LEAST_EXPECTED = 20.0
"""Units expected in each arm above which the chi-squared distribution is close; below, the chance is counted out."""

SAME = 1e-9


def sample_ratio(counts: Sequence[int], shares: Sequence[float]) -> float:
    """Give the chance of counts at least so far from the shares that were meant.

    Parameters
    ----------
    counts : (n_arms,)
        Units that were randomised, found in each arm.
    shares : (n_arms,)
        Meant, in any unit: they are scaled to one.

    Notes
    -----
    Exact for two arms with few units; few units in more arms are told by the chi-squared distribution too.

    References
    ----------
    Fabijan et al. (2019), Diagnosing sample ratio mismatch in online controlled experiments.
    """
    found = np.asarray(counts, dtype=np.float64)
    meant = np.asarray(shares, dtype=np.float64) / float(np.sum(shares))
    total = float(found.sum())
    if total == 0:
        return 1.0
    expected = total * meant
    if expected.min() < LEAST_EXPECTED and len(counts) == 2:  # noqa: PLR2004 - exact for two arms
        chances = binom.pmf(np.arange(int(total) + 1), int(total), meant[0])
        return float(min(chances[chances <= chances[int(found[0])] * (1 + SAME)].sum(), 1.0))
    return float(chi2.sf(((found - expected) ** 2 / expected).sum(), len(counts) - 1))


def sample_ratio_cautions(counts: Sequence[int], shares: Sequence[float]) -> tuple[Caution, ...]:
    """Warn where the arms' counts are no accident."""
    p = sample_ratio(counts, shares)
    if p >= SUSPICIOUS:
        return ()
    return (Caution("sample_ratio", {"p": p, **{f"units_{arm}": count for arm, count in enumerate(counts)}}),)
