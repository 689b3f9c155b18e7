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

    Notes
    -----
    One more right and one more wrong are counted in each step: a step without an error is no proof that none comes.

    References
    ----------
    Ayer, Brunk, Ewing, Reid, Silverman (1955), An empirical distribution function for sampling with incomplete
    information: pool adjacent violators. Zadrozny and Elkan (2002), Transforming classifier scores.
    """
    order = np.argsort(scores, kind="stable")
    parts = [part for part in np.array_split(order, steps) if len(part)]
    blocks: list[list[float]] = []
    for part in parts:
        blocks.append([len(part), float(scores[part].mean()), float(outcomes[part].sum())])
        while len(blocks) > 1 and _breaks(blocks[-2], blocks[-1]):
            (n, score, right), (m, later, others) = blocks[-2], blocks[-1]
            blocks[-2:] = [[n + m, (n * score + m * later) / (n + m), right + others]]
    return tuple((score, (right + 1.0) / (n + 2.0)) for n, score, right in blocks)


def _breaks(before: list[float], after: list[float]) -> bool:
    """Tell whether two neighbours do not rise, in score or in chance; one more right and one more wrong in each."""
    rates = [(right + 1.0) / (n + 2.0) for n, _, right in (before, after)]
    return rates[0] >= rates[1] or before[1] >= after[1]


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
