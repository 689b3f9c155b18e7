"""What to be careful about: mixes that turn an effect round, and effects that wear off."""

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.stats import norm

from tiffin.engines.experiments.estimate import Caution, Estimate

WEARING_P = 0.01
"""Chance below which a trend of the effect over the days is told; strict, since every read-out is asked."""

LEAST_DAYS = 4


def turned_round(overall: Estimate, segments: Mapping[str, Estimate]) -> tuple[Caution, ...]:
    """Warn where all of the trial says the opposite of its segments together, as when the arms' mixes differ.

    Parameters
    ----------
    segments : mapping of str to Estimate
        Segments that have no unit in common and make up the trial.

    Notes
    -----
    The segments speak by their mean, each with the weight of its units, as if both arms had the same mix. Only where
    both that mean and the whole are surely off nought is it told.
    """
    sizes = np.array([one.n for one in segments.values()], dtype=np.float64)
    weights = sizes / sizes.sum()
    mean = float(weights @ [one.effect for one in segments.values()])
    error = float(np.sqrt(weights**2 @ [one.se**2 for one in segments.values()]))
    z = float(norm.ppf((1 + overall.level) / 2))
    if overall.effect * mean >= 0 or abs(mean) <= z * error or overall.low <= 0 <= overall.high:
        return ()
    return (Caution("simpson", {"overall": overall.effect, "within": mean, "segments": len(segments)}),)


def wearing_off(days: Sequence[Estimate]) -> tuple[Caution, ...]:
    """Warn where the effect goes one way over the days: new things are tried out, or people still learn them.

    Parameters
    ----------
    days : sequence of Estimate
        The effect of each day by itself, in order.
    """
    known = [(day, one) for day, one in enumerate(days) if one.se > 0]
    if len(known) < LEAST_DAYS:
        return ()
    at = np.array([day for day, _ in known], dtype=np.float64)
    effects = np.array([one.effect for _, one in known])
    weights = np.array([one.se**-2 for _, one in known])
    at -= float(weights @ at / weights.sum())
    slope = float((weights * at) @ effects / ((weights * at) @ at))
    error = float(1 / np.sqrt((weights * at) @ at))
    p = float(2 * norm.sf(abs(slope) / error))
    if p >= WEARING_P:
        return ()
    level = float(weights @ effects / weights.sum())
    key = "novelty" if level * slope < 0 else "learning"
    return (Caution(key, {"per_day": slope, "p": p, "first": effects[0].item(), "last": effects[-1].item()}),)
