"""The same synthetic controls and synthetic differences by hand: general optimisers, nothing compiled, nothing kept.

Deliberately simple: one call of SciPy's general constrained optimiser for each set of weights, and the published
descent written as it stands in the paper, a step at a time on whole arrays.
"""

import numpy as np
from scipy import optimize


def simplex_weights(donors: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Match a target (n_rows,) by donors (n_rows, n_donors) with weights that sum to one."""
    n = donors.shape[1]
    found = optimize.minimize(
        lambda weights: float(np.sum((donors @ weights - target) ** 2)),
        np.full(n, 1 / n),
        jac=lambda weights: 2 * donors.T @ (donors @ weights - target),
        bounds=[(0, 1)] * n,
        constraints={"type": "eq", "fun": lambda weights: weights.sum() - 1, "jac": lambda _: np.ones(n)},
        method="SLSQP",
        options={"maxiter": 1000, "ftol": 1e-12},
    )
    return np.asarray(found.x)


def control_placebos(controls: np.ndarray, before: int) -> np.ndarray:
    """Read each control (n_controls, n_times) as if treated; give the misses before the start."""
    misses = np.empty(len(controls))
    for one in range(len(controls)):
        others = np.delete(controls, one, axis=0)
        gaps = controls[one] - simplex_weights(others[:, :before].T, controls[one, :before]) @ others
        misses[one] = np.sqrt(np.mean(gaps[:before] ** 2))
    return misses


def descent(
    donors: np.ndarray, target: np.ndarray, start: np.ndarray, zeta: float, least: float, steps: int
) -> np.ndarray:
    """Walk by Frank-Wolfe steps until one wins less than the square of `least`."""
    weights, eta, values = start.copy(), len(target) * zeta**2, []
    while len(values) < steps and (len(values) <= 1 or values[-2] - values[-1] > least**2):
        half = (donors @ weights - target) @ donors + eta * weights
        best = int(half.argmin())
        direction = -weights
        direction[best] += 1
        moved = donors @ direction
        bend = moved @ moved + eta * direction @ direction
        if bend > 0:
            weights = weights + min(1.0, max(0.0, float(-half @ direction / bend))) * direction
        values.append(zeta**2 * weights @ weights + np.sum((donors @ weights - target) ** 2) / len(target))
    return weights


def sparse_descent(donors: np.ndarray, target: np.ndarray, start: np.ndarray, zeta: float, least: float) -> np.ndarray:
    """Descend, set small weights to zero, and descend again."""
    centered, wanted = donors - donors.mean(axis=0), target - target.mean()
    weights = descent(centered, wanted, start, zeta, least, 100)
    weights = np.where(weights <= weights.max() / 4, 0.0, weights)
    return descent(centered, wanted, weights / weights.sum(), zeta, least, 10_000)


def synthetic_did(
    controls: np.ndarray,
    treated: np.ndarray,
    before: int,
    noise: float,
    start: tuple[np.ndarray, np.ndarray] | None = None,
) -> tuple[float, np.ndarray, np.ndarray]:
    """Give effect, weights of controls (n_controls, n_times) and of times for one treated series (n_times,)."""
    after = controls.shape[1] - before
    units, times = start or (np.full(len(controls), 1 / len(controls)), np.full(before, 1 / before))
    times = sparse_descent(controls[:, :before], controls[:, before:].mean(axis=1), times, 1e-6 * noise, 1e-5 * noise)
    units = sparse_descent(controls[:, :before].T, treated[:before], units, after**0.25 * noise, 1e-5 * noise)
    gaps = treated - units @ controls
    return float(gaps[before:].mean() - times @ gaps[:before]), units, times


def did_placebos(controls: np.ndarray, treated: np.ndarray, before: int, *, replications: int, seed: int) -> float:
    """Give the placebo standard error: the spread of effects on controls drawn as if treated."""
    noise = float(np.diff(controls[:, :before], axis=1).std(ddof=1))
    _, units, times = synthetic_did(controls, treated, before, noise)
    draw = np.random.default_rng(seed)
    found = np.empty(replications)
    for one in range(replications):
        order = draw.permutation(len(controls))
        kept = units[order[:-1]]
        found[one], _, _ = synthetic_did(
            controls[order[:-1]], controls[order[-1]], before, noise, (kept / kept.sum(), times)
        )
    return float(found.std())
