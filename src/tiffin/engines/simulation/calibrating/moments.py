"""Parameters fitted by the simulated method of moments.

Parameters that no file states are chosen so that moments of simulated days come close to those of the real ones. All
simulations share their random numbers: the moments are then a fixed function of the parameters, and a small step shows
the effect of the parameters alone.

References
----------
McFadden (1989), A method of simulated moments for estimation of discrete response models without numerical integration.
Gourieroux and Monfort (1996), Simulation-based econometric methods, chapter 2: the variance under weights that are not
the best ones, and its factor one plus real over simulated observations.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import least_squares

from tiffin.engines.simulation.calibrating.shares import Z
from tiffin.engines.simulation.streams import Stream
from tiffin.engines.simulation.tables import Floats

STEPS = (0.2, 0.05)
"""Relative steps of the derivative, one search after the other: the first sees over small hollows, the next ends near.

Both are wide enough that single orders that change sides do not make the derivative.
"""
MOST_RUNS = 60


@dataclass(frozen=True, slots=True)
class Unknown:
    """A parameter to be fitted: the bounds between which it is sought, and where the search begins; all positive."""

    name: str
    low: float
    high: float
    start: float


@dataclass(frozen=True, slots=True)
class Moments:
    """Moments of real days, and how sure they are.

    Parameters
    ----------
    values : (n_moments,)
    covariance : (n_moments, n_moments), of these values over redrawn samples
    scale : (n_moments,), the difference that counts as one
    """

    values: Floats
    covariance: Floats
    scale: Floats


@dataclass(frozen=True, slots=True)
class Fitted:
    """A fitted parameter with its interval of 95 %."""

    name: str
    value: float
    low: float
    high: float
    at_bound: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """What a fit gave.

    Parameters
    ----------
    misfit : float
        Root of the mean squared difference of the moments, each in its own scale.
    runs : int
        Simulations that it took.
    """

    parameters: tuple[Fitted, ...]
    misfit: float
    runs: int


def redrawn_moments(
    rows: Floats,
    moments_of: Callable[[Floats], Floats],
    scale_of: Callable[[Floats], Floats],
    stream: Stream,
    *,
    replications: int = 100,
) -> Moments:
    """Measure moments of observations, and their covariance by redrawing whole observations.

    Parameters
    ----------
    rows : (n_observations, n_columns); nan where a column was not observed
    scale_of : Callable
        Gives of each moment the difference that counts as one.

    Notes
    -----
    Observations are redrawn as if independent. Orders of one merchant or one day are not: where those differ much, the
    intervals of what is fitted are too narrow.
    """
    drawn = [
        moments_of(rows[(stream.child(number).uniform(np.arange(len(rows))) * len(rows)).astype(np.int64)])
        for number in range(replications)
    ]
    values = moments_of(rows)
    return Moments(values, np.atleast_2d(np.cov(np.array(drawn), rowvar=False)), scale_of(values))


def fit_moments(
    simulated: Callable[[Mapping[str, float]], Floats],
    real: Moments,
    unknowns: Sequence[Unknown],
    *,
    relative_size: float,
) -> Fit:
    """Fit parameters so that simulated moments come close to real ones.

    Parameters
    ----------
    simulated : Callable
        Gives the moments under parameters; the same parameters must give the same moments.
    relative_size : float
        Real observations over simulated ones: the part of the uncertainty that the simulation adds.

    Notes
    -----
    Differences are weighted by a fixed scale and not by their variances: a simulator is never quite true, and with
    samples of this size weights by variance would give everything to the one moment that is known best (Altonji and
    Segal, 1996, tell of the bias besides). Parameters are sought on a logarithmic scale.
    """
    weight = 1.0 / real.scale

    def residuals(logs: Floats) -> Floats:
        values = dict(zip((one.name for one in unknowns), np.exp(logs), strict=True))
        return (simulated(values) - real.values) * weight

    lows, highs = np.log([one.low for one in unknowns]), np.log([one.high for one in unknowns])
    logs, runs = np.log([one.start for one in unknowns]), 0
    for step in STEPS:
        logs = np.clip(logs, lows + 1e-6, highs - 1e-6)
        relative = step / np.maximum(np.abs(logs), 1.0)
        found = least_squares(residuals, logs, bounds=(lows, highs), diff_step=relative, max_nfev=MOST_RUNS, xtol=1e-4)
        logs, runs = found.x, runs + int(found.nfev + (found.njev or 0) * len(unknowns))
    errors = _errors(found.jac, real.covariance * np.outer(weight, weight), relative_size)
    parameters = tuple(
        Fitted(
            name=one.name,
            value=float(np.exp(log)),
            low=float(np.exp(log - Z * error)),
            high=float(np.exp(log + Z * error)),
            at_bound=bool(min(log - low, high - log) < 1e-3),  # noqa: PLR2004 - a thousandth of the value
        )
        for one, log, error, low, high in zip(unknowns, found.x, errors, lows, highs, strict=True)
    )
    return Fit(parameters=parameters, misfit=float(np.sqrt(np.mean(found.fun**2))), runs=runs)


def _errors(jacobian: Floats, covariance: Floats, relative_size: float) -> Floats:
    """Give standard errors of the logarithms: the sandwich, for weights that are not the best ones."""
    bread = np.linalg.pinv(jacobian.T @ jacobian)
    variance = (1.0 + relative_size) * bread @ jacobian.T @ covariance @ jacobian @ bread
    return np.asarray(np.sqrt(np.maximum(np.diag(variance), 0.0)), dtype=np.float64)
