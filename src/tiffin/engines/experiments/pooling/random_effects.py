"""Random effects: cities differ by what their features explain and by more, and how much more is itself not known.

References
----------
DerSimonian & Laird (1986); Higgins, Thompson & Spiegelhalter (2009), A re-evaluation of random-effects meta-analysis:
predictions for a new study, and why the spread between studies has to be integrated out where studies are few.
Viechtbauer (2005), Bias and efficiency of meta-analytic variance estimators: the restricted likelihood of the spread.
Gelman (2006), Prior distributions for variance parameters in hierarchical models: flat on the standard deviation.
"""

from dataclasses import dataclass

import numpy as np

from tiffin.engines.experiments.pooling.trials import Floats, Trials

SPREADS = 80
WIDEST = 4.0
"""Widest spread between cities that is thought possible, in standard deviations of all that was found."""


@dataclass(frozen=True, slots=True)
class RandomEffects:
    """What is believed after the trials: for each possible spread between cities its weight, and all else given it.

    Parameters
    ----------
    spreads : (n_spreads,)
        Standard deviation between cities beyond what features explain, in the metric's unit.
    likelihoods : (n_spreads,)
        Restricted log-likelihood.
    weights : (n_spreads,)
        Add up to 1; every spread is as likely before the trials.
    coefficients : (n_spreads, n_columns)
    covariances : (n_spreads, n_columns, n_columns)
    misfits : (n_spreads,)
        Cochran's Q with the spread counted among the errors.
    """

    trials: Trials
    spreads: Floats
    likelihoods: Floats
    weights: Floats
    coefficients: Floats
    covariances: Floats
    misfits: Floats

    @property
    def spread(self) -> float:
        """Give the spread between cities that is to be expected."""
        return float(self.weights @ self.spreads)


def fit(trials: Trials) -> RandomEffects:
    """Bring trials together."""
    ranks = np.linspace(0, 1, SPREADS)
    # Denser near nought, where the likelihood turns; a weight is what a spread stands for.
    return fit_at(trials, _widest(trials) * ranks**2, ranks)


def _widest(trials: Trials) -> float:
    typical = float(1 / np.sqrt(np.mean(trials.errors**-2.0)))
    return WIDEST * max(float(trials.effects.std(ddof=1)), typical)


def fit_at(trials: Trials, spreads: Floats, steps: Floats) -> RandomEffects:
    """Bring trials together under each of some spreads, which weigh as much as they stand for."""
    design, n = trials.design, len(trials.effects)
    columns = design.shape[1]
    weights = 1 / (trials.errors**2 + spreads[:, None] ** 2)
    products = (design[:, :, None] * design[:, None, :]).reshape(n, -1)
    information = (weights @ products).reshape(-1, columns, columns)
    covariances: Floats = np.linalg.inv(information).astype(np.float64)
    pulls = weights @ (design * trials.effects[:, None])
    coefficients = (covariances @ pulls[:, :, None])[:, :, 0]
    misfits = (weights * (trials.effects - coefficients @ design.T) ** 2).sum(axis=1)
    determinants = np.linalg.slogdet(information)[1]
    likelihoods = 0.5 * (np.log(weights).sum(axis=1) - determinants - misfits)
    believed = np.exp(likelihoods - likelihoods.max()) * np.maximum(steps, steps[1] / 8)
    return RandomEffects(
        trials=trials,
        spreads=spreads,
        likelihoods=likelihoods,
        weights=believed / believed.sum(),
        coefficients=coefficients,
        covariances=covariances,
        misfits=misfits,
    )
