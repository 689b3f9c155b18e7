"""The mixture behind a geo test: matched on moves and not on levels, with or without a ridge correction."""

from dataclasses import dataclass

import numpy as np

from tiffin.engines.experiments.observational.panels import Floats
from tiffin.engines.experiments.observational.simplex import exact_weights

PENALTIES = 20
SMALLEST_PENALTY = 1e-8
"""The grid of penalties falls from the largest squared singular value by this factor."""


@dataclass(frozen=True, slots=True, eq=False)
class Mixture:
    """A treated series and what donors make of it.

    Parameters
    ----------
    weights : (n_donors,)
        Sum one; below zero only with a ridge correction.
    gaps : (n_times,)
        Treated less mixture, both less their own average over the matched times.
    scaled_miss : float
        Miss over the matched times as a share of an even mixture's.
    penalty : float
        Of the ridge correction; infinite without.
    """

    weights: Floats
    gaps: Floats
    scaled_miss: float
    penalty: float


def mix(controls: Floats, target: Floats, *, before: int, penalty: float = np.inf) -> Mixture:
    """Match the target's moves over the first `before` times.

    Parameters
    ----------
    controls : (n_donors, n_times)
    target : (n_times,)
    before : int
    penalty : float
        Infinite for weights on the simplex alone.

    References
    ----------
    Ben-Michael, Feller and Rothstein (2021), Journal of the American Statistical Association 116(536), equations 6-8,
    and section 5.1 for the averages taken out.
    """
    moved = controls - controls[:, :before].mean(axis=1, keepdims=True)
    wanted = target - target[:before].mean()
    weights = _weights(moved[:, :before], wanted[:before], penalty)
    gaps = wanted - weights @ moved
    even = float(np.linalg.norm(wanted[:before] - moved[:, :before].mean(axis=0)))
    scaled = float(np.linalg.norm(gaps[:before])) / even if even > 0 else 0.0
    return Mixture(weights, gaps, scaled, penalty)


def choose_penalty(controls: Floats, target: Floats, *, before: int) -> float:
    """Give the largest penalty whose error at times left out is within one standard error of the least."""
    moved = controls[:, :before] - controls[:, :before].mean(axis=1, keepdims=True)
    wanted = target[:before] - target[:before].mean()
    top = float(np.linalg.norm(moved - moved.mean(axis=0), ord=2)) ** 2
    if top == 0:
        return np.inf
    grid = top * SMALLEST_PENALTY ** (np.arange(PENALTIES + 1) / PENALTIES)
    errors = np.array([_left_out(moved, wanted, grid, time) for time in range(before)])
    means = errors.mean(axis=0)
    least = int(means.argmin())
    room = means[least] + errors[:, least].std(ddof=1) / np.sqrt(before)
    return float(grid[means <= room].max())


def _weights(past: Floats, wanted: Floats, penalty: float) -> Floats:
    simplex = exact_weights(past.T, wanted)
    if not np.isfinite(penalty):
        return simplex
    weights: Floats = simplex + _corrections(past, wanted, simplex, np.array([penalty]))[0]
    return weights


def _corrections(past: Floats, wanted: Floats, simplex: Floats, penalties: Floats) -> Floats:
    """Give what a ridge regression on donors adds to the weights, (n_penalties, n_donors)."""
    center = past.mean(axis=0)
    left, values, right = np.linalg.svd(past - center, full_matrices=False)
    missed = right @ (wanted - center - simplex @ (past - center))
    added: Floats = (missed * values / (values**2 + penalties[:, None])) @ left.T
    return added


def _left_out(moved: Floats, wanted: Floats, penalties: Floats, time: int) -> Floats:
    past, rest = np.delete(moved, time, axis=1), np.delete(wanted, time)
    simplex = exact_weights(past.T, rest)
    weights = simplex + _corrections(past, rest, simplex, penalties)
    squared: Floats = (wanted[time] - weights @ moved[:, time]) ** 2
    return squared
