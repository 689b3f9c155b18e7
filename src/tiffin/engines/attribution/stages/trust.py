"""How far a judgement can be trusted: scores made chances by a monotone fit, and exact bounds of error rates."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta

Floats = NDArray[np.float64]


def monotone_fit(scores: Floats, outcomes: Floats, *, steps: int) -> tuple[tuple[float, float], ...]:
    """Fit the chance of an outcome as a rising function of a score.

    Parameters
    ----------
    scores, outcomes : (n,), outcomes are 0 or 1
    steps : int
        Into how many parts of equal size the scores are cut first.

    Returns
    -------
    pairs of score and chance, both rising; read between them along straight lines

    References
    ----------
    Ayer, Brunk, Ewing, Reid, Silverman (1955), An empirical distribution function for sampling with incomplete
    information: pool adjacent violators. Zadrozny and Elkan (2002), Transforming classifier scores.
    """
    order = np.argsort(scores, kind="stable")
    parts = [part for part in np.array_split(order, steps) if len(part)]
    blocks: list[list[float]] = []
    for part in parts:
        # One more right and one more wrong: a part without an error is not a proof.
        blocks.append([len(part), float(scores[part].mean()), (outcomes[part].sum() + 1.0) / (len(part) + 2.0)])
        while len(blocks) > 1 and blocks[-2][2] >= blocks[-1][2]:
            (n, score, rate), (m, later, other) = blocks[-2], blocks[-1]
            blocks[-2:] = [[n + m, (n * score + m * later) / (n + m), (n * rate + m * other) / (n + m)]]
    return tuple((score, rate) for _, score, rate in blocks)


def chance_at(scores: Floats, fit: Sequence[tuple[float, float]]) -> Floats:
    """Read the chance of scores from a monotone fit."""
    known = np.asarray(fit, dtype=np.float64)
    return np.interp(scores, known[:, 0], known[:, 1])


def upper_bound(errors: int, cases: int, *, confidence: float) -> float:
    """Give the exact one-sided upper bound of an error rate.

    References
    ----------
    Clopper and Pearson (1934), The use of confidence or fiducial limits illustrated in the case of the binomial.
    """
    return 1.0 if errors >= cases else float(beta.ppf(confidence, errors + 1, cases - errors))
