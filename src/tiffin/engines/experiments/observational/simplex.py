"""Weights that are not negative and sum to one: by the published descent, and exactly."""

import numpy as np
from scipy import optimize

from tiffin.engines.experiments.observational.panels import Floats
from tiffin.engines.simulation.compiled import entry

SPARSER_BELOW = 4
"""Weights under the largest by this factor are set to zero between the two descents, as published."""
FIRST_STEPS = 100
STEPS = 10_000


def exact_weights(donors: Floats, target: Floats, *, ridge: float = 0.0) -> Floats:
    """Give the weights whose mixture of the donors comes nearest to the target, to machine precision.

    Parameters
    ----------
    donors : (n_rows, n_donors)
    target : (n_rows,)
    ridge : float
        Weight of the sum of squared weights.

    Returns
    -------
    (n_donors,)
        Not negative, sum one; with few exceptions at most ``n_rows + 1`` are above zero.

    Notes
    -----
    With P the donors less the target, the non-negative u that minimises ``|P u|^2 + (1'u - 1)^2`` is a multiple of the
    wanted weights: for fixed proportions x the best size leaves ``r / (1 + r)`` with ``r = |P x|^2``, which grows with
    r. So an active-set solver without the sum does it exactly, and no penalty has to be chosen.

    References
    ----------
    Lawson and Hanson (1974), Solving Least Squares Problems, chapter 23.
    """
    gaps = donors - target[:, None]
    if ridge > 0:
        gaps = np.vstack([gaps, np.sqrt(ridge) * np.eye(donors.shape[1])])
    size = float(np.linalg.norm(gaps)) / np.sqrt(donors.shape[1])
    if size == 0:
        return np.full(donors.shape[1], 1 / donors.shape[1])
    system = np.vstack([gaps / size, np.ones(donors.shape[1])])
    found, _ = optimize.nnls(system, np.append(np.zeros(len(gaps)), 1.0), maxiter=30 * donors.shape[1])
    weights: Floats = found / found.sum()
    return weights


def published_weights(donors: Floats, target: Floats, *, ridge: float, least: float, start: Floats) -> Floats:
    """Give the weights at which the descent of the published program rests, small ones set to zero on the way.

    Parameters
    ----------
    donors : (n_rows, n_donors)
    target : (n_rows,)
    ridge : float
        Weight of the sum of squared weights in the mean squared error: zeta squared.
    least : float
        The descent rests when a step takes less than the square of this off the mean squared error.
    start : (n_donors,)

    Notes
    -----
    A Frank-Wolfe descent nears the exact weights slowly where donors are alike, and is cut off at 10,000 steps: where
    that bites, its digits are those of the stop and not of the optimum. `exact_weights` has no such stop.

    References
    ----------
    Arkhangelsky, Athey, Hirshberg, Imbens and Wager (2021), American Economic Review 111(12), algorithm 1 and appendix.
    """
    gram, linear = donors.T @ donors, donors.T @ target
    weights, image = start.copy(), gram @ start
    rows = len(target)
    descend(gram, linear, weights, image, rows * ridge, rows * least**2, FIRST_STEPS)
    weights[weights <= weights.max() / SPARSER_BELOW] = 0.0
    weights /= weights.sum()
    image = gram @ weights
    descend(gram, linear, weights, image, rows * ridge, rows * least**2, STEPS)
    return weights


@entry
def descend(
    gram: Floats, linear: Floats, weights: Floats, image: Floats, ridge: float, least: float, steps: int
) -> int:
    """Walk down ``x'Gx - 2 q'x + ridge x'x`` over the simplex by Frank-Wolfe steps of exact length, in place.

    Parameters
    ----------
    gram, linear : (n, n), (n,)
        G and q.
    weights, image : (n,)
        x and G x; both are changed. Keeping G x makes a step cost n and not n squared.
    ridge, least : float
        A step that wins no more than `least` is the last, from the second on.
    steps : int

    Returns
    -------
    int
        Steps taken.
    """
    n = weights.shape[0]
    for step in range(steps):
        best, lowest, along, whole, squares = 0, np.inf, 0.0, 0.0, 0.0
        for i in range(n):
            slope = image[i] - linear[i] + ridge * weights[i]
            along += slope * weights[i]
            whole += weights[i] * image[i]
            squares += weights[i] * weights[i]
            if slope < lowest:
                best, lowest = i, slope
        fall = along - lowest
        away = squares - 2 * weights[best] + 1
        bend = gram[best, best] - 2 * image[best] + whole + ridge * away
        if away <= 0.0 or bend <= 0.0:
            return step
        length = min(1.0, max(0.0, fall / bend))
        for i in range(n):
            image[i] += length * (gram[best, i] - image[i])
            weights[i] *= 1.0 - length
        weights[best] += length
        if step >= 1 and not 2 * length * fall - length * length * bend > least:
            return step + 1
    return steps
