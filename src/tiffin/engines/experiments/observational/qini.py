"""Qini: what is gained by treating first those whom a score puts first."""

from dataclasses import dataclass

import numpy as np

from tiffin.engines.experiments.observational.panels import Bools, Floats, Integers
from tiffin.kernel.errors import InvalidData

SHUFFLES = 200


@dataclass(frozen=True, slots=True, eq=False)
class QiniReading:
    """How well a score tells who gains.

    Parameters
    ----------
    curve : (n + 1,)
        Gain per unit of all, when the first 0, 1, ... n by score are treated.
    coefficient : float
        Area between the curve and the straight line of treating at random, in outcome per unit.
    of_best : float
        That area as a share of what the best possible order of these outcomes would have; NaN where that is nothing.
    p : float
        How rarely an order by chance does as well: the placebo.
    """

    curve: Floats
    coefficient: float
    of_best: float
    p: float


def qini(scores: Floats, outcomes: Floats, treated: Bools, *, shuffles: int = SHUFFLES, seed: int = 0) -> QiniReading:
    """Draw up the gain of treating by a score, from a trial by lot.

    Parameters
    ----------
    scores, outcomes : (n,)
        Scores have to be made without the outcomes they are judged by.
    treated : (n,)
    shuffles : int
        Orders by chance.

    Raises
    ------
    InvalidData
        Where an arm is empty or lengths differ.

    References
    ----------
    Radcliffe (2007), Direct Marketing Analytics Journal 1 (curve and coefficient).
    """
    if not len(scores) == len(outcomes) == len(treated) or not 0 < treated.sum() < len(treated):
        raise InvalidData(
            f"A curve takes one score, outcome and arm a unit, and both arms; found {len(scores)} scores, "
            f"{len(outcomes)} outcomes and {int(treated.sum())} treated of {len(treated)}. Hand in both arms."
        )
    draw = np.random.default_rng(seed)
    # Ties are broken by chance, so that the order of the rows says nothing.
    order = np.lexsort((draw.random(len(scores)), -scores))
    curve = _curve(order, outcomes, treated)
    area = _area(curve)
    best = _area(_curve(np.argsort(-np.where(treated, outcomes, -outcomes), kind="stable"), outcomes, treated))
    others = np.array([_area(_curve(draw.permutation(len(scores)), outcomes, treated)) for _ in range(shuffles)])
    p = float((1 + (others >= area).sum()) / (1 + shuffles))
    return QiniReading(curve, area, area / best if best > 0 else float("nan"), p)


def _curve(order: Integers, outcomes: Floats, treated: Bools) -> Floats:
    took, gained = treated[order], outcomes[order]
    n_treated, n_others = np.cumsum(took), np.cumsum(~took)
    of_others = np.cumsum(np.where(took, 0.0, gained)) * np.divide(
        n_treated, n_others, out=np.zeros(len(order)), where=n_others > 0
    )
    # Gains are counted among the treated; as many are treated of all as of them.
    share = len(order) / took.sum() / len(order)
    curve: Floats = np.concatenate([[0.0], (np.cumsum(np.where(took, gained, 0.0)) - of_others) * share])
    return curve


def _area(curve: Floats) -> float:
    return float(np.trapezoid(curve, dx=1 / (len(curve) - 1)) - curve[-1] / 2)
