"""Who is claimed together more often than each of them by himself explains.

References
----------
DuMouchel (1999), Bayesian data mining in large frequency tables: counts beside what is expected, drawn together by a
gamma prior learned from all of them, and the lower bound by which they are ranked. One gamma here, of mean 1.
"""

from dataclasses import dataclass

import numpy as np
from scipy import optimize, special, stats

from tiffin.engines.claim_graphs.claims import NOBODY, Codes, Floats, Truths, pair_codes, sums_of, sums_of_others
from tiffin.engines.claim_graphs.standing_out import named, two_groups

_SHAPES = (np.log(0.05), np.log(1e4))


@dataclass(frozen=True, slots=True)
class PairLift:
    """Of each order, what the other orders of two of its parties together say.

    Parameters
    ----------
    together, claims, expected : (n_orders,)
        Other orders of both, how many of them were claimed, and how many would have been by each one's own rate.
    lift, sure_lift : (n_orders,)
        How many times what is expected, drawn towards 1; and so many times at least, sure to the level asked.
    stands_out : (n_orders,)
        Whether all orders of the two together are too many claims for chance, among all pairs.
    """

    together: Floats
    claims: Floats
    expected: Floats
    lift: Floats
    sure_lift: Floats
    stands_out: Truths


def pair_lift(
    parties: tuple[Codes, Codes],
    lifts: tuple[Floats, Floats],
    base: Floats,
    is_claimed: Truths,
    *,
    sure: float,
    false_share: float,
) -> PairLift:
    """Say of each order how the other orders of two of its parties went.

    Parameters
    ----------
    parties : two of (n_orders,)
    lifts : two of (n_orders,)
        How many times what is expected each of both is claimed altogether.
    base, is_claimed : (n_orders,)
        What share of such orders is claimed, and whether it was.
    sure : float
        How sure the lower bound is to be, as 0.95.
    false_share : float
        Of the pairs that stand out, how many may be chance.
    """
    pair = pair_codes(*parties)
    own, ones = is_claimed.astype(np.float64), np.ones(len(pair))
    alone = np.minimum(base * np.maximum(lifts[0], 1.0) * np.maximum(lifts[1], 1.0), 1.0)
    orders, claims, expected = (sums_of(pair, one) for one in (ones, own, alone))
    shape = prior_shape(claims, expected)
    n, k, e = (sums_of_others(pair, one) for one in (ones, own, alone))
    surely = np.zeros(len(pair))
    seen = k > 0
    surely[seen] = stats.gamma.ppf(1 - sure, shape + k[seen], scale=1 / (shape + e[seen]))
    stands_out = _standing_out(claims, orders, expected, pair, false_share)
    return PairLift(n, k, e, (shape + k) / (shape + e), surely, stands_out)


def _standing_out(claims: Floats, orders: Floats, expected: Floats, pair: Codes, false_share: float) -> Truths:
    """Say whose pair has too many claims for chance, at most a share of these pairs wrongly."""
    middle = expected / np.maximum(orders, 1)
    chosen = named(two_groups(claims, orders, middle).chance(claims, orders, middle), false_share)
    found = np.zeros(len(pair), dtype=np.bool_)
    known = pair != NOBODY
    found[known] = chosen[pair[known]]
    return found


def prior_shape(counts: Floats, expected: Floats) -> float:
    """Learn how alike pairs are: the shape of a gamma prior of mean 1 under which the counts are likeliest.

    Parameters
    ----------
    counts, expected : (n_pairs,)
    """
    known = expected > 0
    k, e = counts[known], expected[known]
    if not len(k):
        return float(np.exp(_SHAPES[1]))

    def surprise(log_shape: float) -> float:
        shape = np.exp(log_shape)
        chance = e / (e + shape)
        seen = special.gammaln(k + shape) - special.gammaln(shape) + shape * np.log1p(-chance) + k * np.log(chance)
        return -float(seen.sum())

    found = optimize.minimize_scalar(surprise, bounds=_SHAPES, method="bounded")
    return float(np.exp(found.x))
