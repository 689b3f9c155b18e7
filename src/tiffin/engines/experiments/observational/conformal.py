"""Conformal tests over time: how rarely a stretch as long as the time after is as far out, were nothing done."""

from enum import StrEnum

import numpy as np

from tiffin.engines.experiments.observational.panels import Floats

DRAWS = 1000


class Reordering(StrEnum):
    """How times are reordered: shifted round as a whole, or drawn singly."""

    BLOCKS = "blocks"
    SINGLY = "singly"


def conformal_p(gaps: Floats, after: int, *, reordering: Reordering, seed: int = 0, draws: int = DRAWS) -> float:
    """Give the share of reorderings whose last times are on average as far out as the last ones really are.

    Parameters
    ----------
    gaps : (n_times,)
        Residuals of a fit over *all* times, with the effect under test taken out before fitting.
    after : int
        How many times lie after the start.
    draws : int
        Reorderings that are drawn singly.

    Notes
    -----
    Shifting round holds its size where days depend on the days before, drawing singly only where they do not. The least
    p of shifts is one by the number of times.

    References
    ----------
    Chernozhukov, Wuthrich and Zhu (2021), Journal of the American Statistical Association 116(536), section 2.
    """
    far = np.abs(gaps)
    own = float(far[-after:].mean())
    if reordering is Reordering.BLOCKS:
        sums = np.concatenate([[0.0], np.cumsum(np.concatenate([far, far[:after]]))])
        others = (sums[after : after + len(far)] - sums[: len(far)]) / after
    else:
        draw = np.random.default_rng(seed)
        others = draw.permuted(np.tile(far, (draws, 1)), axis=1)[:, :after].mean(axis=1)
    return float((others >= own * (1 - 1e-9)).mean())
