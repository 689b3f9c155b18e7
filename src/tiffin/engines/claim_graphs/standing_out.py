"""How likely it is that somebody's claims are more than chance, and whom that names without naming too many wrongly.

Everybody's orders are claimed as such orders are, give or take; of a few any share may be. How few is learned.

References
----------
Efron, Tibshirani, Storey and Tusher (2001), Empirical Bayes analysis of a microarray experiment: two groups.
Newton, Noueiry, Sarkar and Ahlquist (2004), Detecting differential gene expression: a share of false discoveries by
posterior chances.
"""

from dataclasses import dataclass

import numpy as np
from scipy import optimize, special

from tiffin.engines.claim_graphs.claims import Floats, Truths

_STRENGTHS = (np.log(20.0), np.log(1e5))
_LEAST_SHARE, _MOST_SHARE = 1e-6, 0.2
_ROUNDS = 200
_SAME = 1e-7
_LEAST_RATE = 1e-6


@dataclass(frozen=True, slots=True)
class TwoGroups:
    """Most, whose claims are chance, and a few, whose are not.

    Parameters
    ----------
    share : float
        Of parties whose claims are more than chance.
    strength : float
        How alike the others are: the orders' worth of their beta prior.
    """

    share: float
    strength: float

    def chance(self, claims: Floats, counts: Floats, middle: Floats) -> Floats:
        """Give how likely it is of each that his claims are more than chance.

        Parameters
        ----------
        claims, counts, middle : (n,)
            Claimed orders, orders, and the share that is expected of such orders.
        """
        usual = (1 - self.share) * np.exp(_usual(claims, counts, middle, self.strength))
        few = self.share * np.exp(_few(claims, counts, middle))
        found: Floats = few / (usual + few)
        return found


def two_groups(claims: Floats, counts: Floats, middle: Floats) -> TwoGroups:
    """Learn how many stand out, and how alike the others are, from all parties with orders."""
    known = counts > 0
    table = np.column_stack([claims[known], counts[known], middle[known].round(4)])
    kinds, times = np.unique(table, axis=0, return_counts=True)
    if not len(kinds):
        return TwoGroups(_LEAST_SHARE, float(np.exp(_STRENGTHS[1])))
    columns = kinds[:, 0], kinds[:, 1], kinds[:, 2]
    weights = times.astype(np.float64)
    few = _few(*columns)

    def surprise(log_strength: float) -> float:
        usual = _usual(*columns, float(np.exp(log_strength)))
        share = _share(usual, few, weights)
        return -float((weights * np.logaddexp(np.log1p(-share) + usual, np.log(share) + few)).sum())

    found = optimize.minimize_scalar(surprise, bounds=_STRENGTHS, method="bounded")
    strength = float(np.exp(found.x))
    return TwoGroups(_share(_usual(*columns, strength), few, weights), strength)


def _share(usual: Floats, few: Floats, times: Floats) -> float:
    """Learn the share of the few by going back and forth between it and who they are."""
    share = 0.01
    for _ in range(_ROUNDS):
        of_few = 1 / (1 + (1 - share) / share * np.exp(np.clip(usual - few, -500, 500)))
        new = float(np.clip((times * of_few).sum() / times.sum(), _LEAST_SHARE, _MOST_SHARE))
        if abs(new - share) < _SAME:
            return new
        share = new
    return share


def _usual(claims: Floats, counts: Floats, middle: Floats, strength: float) -> Floats:
    share = np.clip(middle, _LEAST_RATE, 1 - _LEAST_RATE)
    a, b = strength * share, strength * (1 - share)
    found: Floats = special.betaln(claims + a, counts - claims + b) - special.betaln(a, b)
    return found


def _few(claims: Floats, counts: Floats, middle: Floats) -> Floats:
    """Of the few any share above what is expected is as likely as any other."""
    share = np.clip(middle, _LEAST_RATE, 1 - _LEAST_RATE)
    above = special.betaincc(claims + 1, counts - claims + 1, share)
    found: Floats = (
        special.betaln(claims + 1, counts - claims + 1) + np.log(np.maximum(above, 1e-300)) - np.log1p(-share)
    )
    return found


def named(chance: Floats, false_share: float) -> Truths:
    """Name as many as can be with at most a share of them named wrongly, the likeliest first.

    Parameters
    ----------
    chance : (n,)
        How likely it is of each that it is right to name it.
    """
    order = np.argsort(-chance, kind="stable")
    wrong = np.cumsum(1 - chance[order]) / np.arange(1, len(chance) + 1)
    count = int(np.searchsorted(wrong, false_share, side="right"))
    found = np.zeros(len(chance), dtype=np.bool_)
    found[order[:count]] = chance[order[:count]] > 0
    return found
