"""Certainty: how often the same combination comes first when the leaves are drawn anew."""

import numpy as np

from tiffin.engines.attribution.localisation.cuboids import cuboids_of
from tiffin.engines.attribution.localisation.evidence import Evidence
from tiffin.engines.attribution.localisation.leaves import Combination, FloatArray
from tiffin.engines.attribution.localisation.search import Found, candidates_beside, members_of

DRAWS = 200


def certainties(
    evidence: Evidence, causes: tuple[Found, ...], *, seed: int, draws: int = DRAWS
) -> dict[Combination, float]:
    """Give for each cause the share of draws in which it stays ahead of every other candidate.

    Each draw counts every leaf as often as a Poisson number of mean 1 says (Poisson bootstrap): what rests on one leaf
    alone is gone in a third of them.

    References
    ----------
    Hanley and MacGibbon (2006), Creating non-parametric bootstrap samples using Poisson frequencies.
    """
    times = np.random.default_rng(seed).poisson(1.0, (draws, evidence.actual.size)).astype(float)
    cuboids = cuboids_of(evidence.leaves)
    covered = np.zeros(evidence.actual.size, dtype=bool)
    found: dict[Combination, float] = {}
    for cause in causes:
        rivals = candidates_beside(evidence, cuboids, covered)
        own = _drawn(times, evidence.of(cause.direction) * (members_of(evidence, cause.combination) & ~covered))
        best = np.zeros(draws)
        for combination, which, nats in rivals:
            if combination != cause.combination:
                best = np.maximum(best, _drawn(times[:, which], nats))
        found[cause.combination] = float(np.mean(own > best))
        covered |= members_of(evidence, cause.combination)
    return found


def _drawn(times: FloatArray, nats: FloatArray) -> FloatArray:
    return np.asarray(times @ nats)
