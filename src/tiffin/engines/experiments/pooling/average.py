"""The average effect over cities, with what is known of how much they differ.

References
----------
Viechtbauer (2005), Bias and efficiency of meta-analytic variance estimators in the random-effects model: REML.
Hartung & Knapp (2001); Sidik & Jonkman (2002): the variance from what the effects themselves show, and Student's law.
Rover, Knapp & Friede (2015), Hartung-Knapp-Sidik-Jonkman approach and its modification: never below the plain variance.
"""

import math

import numpy as np
from scipy import special

from tiffin.engines.experiments.estimate import Caution, Estimate
from tiffin.engines.experiments.pooling.random_effects import RandomEffects, fit, fit_at
from tiffin.engines.experiments.pooling.trials import Floats, Trials

ROUNDS = 3
"""Times that the grid is drawn closer around the likeliest spread."""
DIFFERENT = 0.1
"""Chance below which so much difference between cities is not put down to their trials' errors."""


def average_effect(trials: Trials, *, level: float) -> Estimate:
    """Tell the effect in a city whose features are those of the average of the tried ones.

    Notes
    -----
    It is about the average and says nothing of the next city: `prediction.predicted` does.
    """
    model, place = _likeliest(trials)
    n, columns = trials.design.shape
    df = n - columns
    scale = max(float(model.misfits[place]) / df, 1.0)
    effect, se = float(model.coefficients[place, 0]), math.sqrt(scale * float(model.covariances[place, 0, 0]))
    half = se * float(special.stdtrit(df, 0.5 + level / 2))
    return Estimate(
        effect=effect,
        se=se,
        low=effect - half,
        high=effect + half,
        p=float(2 * special.stdtr(df, -abs(effect) / se)),
        n=n,
        method="random effects, REML, Hartung-Knapp-Sidik-Jonkman",
        level=level,
        cautions=_cautions(model, place, df),
    )


def _likeliest(trials: Trials) -> tuple[RandomEffects, int]:
    """Find the spread of the largest restricted likelihood, drawing the grid closer around it."""
    model = fit(trials)
    for _ in range(ROUNDS):
        place = int(model.likelihoods.argmax())
        around: Floats = model.spreads[[max(place - 1, 0), min(place + 1, len(model.spreads) - 1)]]
        spreads = np.linspace(around[0], around[1], len(model.spreads))
        model = fit_at(trials, spreads, np.ones_like(spreads))
    return model, int(model.likelihoods.argmax())


def _cautions(model: RandomEffects, place: int, df: int) -> tuple[Caution, ...]:
    trials = model.trials
    plain = fit_at(trials, np.zeros(2), np.ones(2))
    misfit = float(plain.misfits[0])
    if special.chdtrc(df, misfit) >= DIFFERENT:
        return ()
    share = max(0.0, 1 - df / misfit)
    return (Caution("cities_differ", {"spread": float(model.spreads[place]), "share": share}),)
