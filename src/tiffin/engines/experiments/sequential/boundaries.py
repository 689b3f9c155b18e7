"""How far from nought an effect has to be to be believed at each of many looks."""

from functools import lru_cache

import numpy as np
from scipy.optimize import brentq
from scipy.stats import norm

from tiffin.engines.experiments.readout.moments import Floats

SHAPE = 0.5
"""Between 0, which hardly ever stops early (O'Brien & Fleming), and 0.5, which treats all looks alike (Pocock).

For the effect that a fixed horizon finds in 80 of 100 trials, and stops from ten of 28 days on, 0.35, 0.45 and 0.5 stop
after 68, 66 and 65 % of the horizon at the median, and find it in 74, 72 and 71 of 100 before its end.
"""

CELLS_A_STEP = 6
"""Points of the grid to one look's standard deviation; the size is then right to 0.0001."""

TAIL = 6.0
MOST = 8.0
CLOSE = 1e-4


def horizon_boundary(fraction: Floats, *, looks: int, first: int, alpha: float, shape: float = SHAPE) -> Floats:
    """Give the standard errors from nought at which a trial with a planned end stops, at each look.

    Parameters
    ----------
    fraction : (...)
        Of the planned information that is there, above 0.
    looks : int
        Until the planned end, at equal steps of information.
    first : int
        The look from which on the trial may stop.
    alpha : float
        Chance of any stop at all without an effect.

    References
    ----------
    Wang & Tsiatis (1987), Approximately optimal one-parameter boundaries for group sequential trials.
    """
    constant = _constant(looks, first, alpha, shape)
    return np.asarray(constant * np.asarray(fraction) ** (shape - 0.5))


def endless_boundary(fraction: Floats, *, alpha: float, best: float = 1.0) -> Floats:
    """Give the standard errors from nought at which a trial without any planned end stops.

    Parameters
    ----------
    fraction : (...)
        Of any agreed information that is there; may go beyond 1.
    best : float
        The fraction at which the boundary is nearest to nought.

    References
    ----------
    Robbins (1970), Statistical methods related to the law of the iterated logarithm, for the normal mixture.
    Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas (2024), Time-uniform central limit theory and asymptotic confidence
    sequences, theorem 2.2 and appendix B.2, for `best`.
    """
    own = -2 * np.log(alpha)
    width = best / (own + np.log(own) + 1)
    relative = np.asarray(fraction) / width
    return np.asarray(np.sqrt((1 + 1 / relative) * (np.log1p(relative) + own)))


@lru_cache(maxsize=64)
def _constant(looks: int, first: int, alpha: float, shape: float) -> float:
    found = brentq(
        lambda constant: crossing(constant, looks=looks, first=first, shape=shape) - alpha,
        float(norm.ppf(1 - alpha / 2)) - CLOSE,
        MOST,
        xtol=CLOSE,
    )
    return float(found) + CLOSE


def crossing(constant: float, *, looks: int, first: int, shape: float, drift: float = 0.0) -> float:
    """Give the chance that a random walk leaves the boundary at any look.

    Parameters
    ----------
    drift : float
        The walk's mean at the planned end, in standard errors there.

    References
    ----------
    Armitage, McPherson & Rowe (1969), Repeated significance tests on accumulating data: integration look by look.
    """
    step = np.sqrt(1 / looks)
    width = step / CELLS_A_STEP
    most = constant * max(1.0, (first / looks) ** shape) + TAIL * step
    points = np.arange(-int(most / width), int(most / width) + 1) * width
    reach = int(TAIL * CELLS_A_STEP)
    kernel = np.exp(-0.5 * ((np.arange(-reach, reach + 1) * width - drift / looks) / step) ** 2)
    kernel /= kernel.sum()
    chance = norm.pdf(points, loc=drift * first / looks, scale=np.sqrt(first / looks)) * width
    stopped = max(1.0 - float(chance.sum()), 0.0)
    for look in range(first, looks + 1):
        if look > first:
            chance = np.convolve(chance, kernel, mode="same")
        inside = np.clip((constant * (look / looks) ** shape - np.abs(points)) / width + 0.5, 0.0, 1.0)
        stopped += float((chance * (1 - inside)).sum())
        chance = chance * inside
    return stopped
