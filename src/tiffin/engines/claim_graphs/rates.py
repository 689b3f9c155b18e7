"""How often somebody's orders are claimed beside such orders in general, drawn towards these where little is known.

References
----------
Skellam (1948), A probability distribution derived from the binomial by regarding the probability as variable.
Efron and Morris (1973), Stein's estimation rule and its competitors: an empirical Bayes approach.
"""

from dataclasses import dataclass

import numpy as np
from scipy import optimize, special, stats

from tiffin.engines.claim_graphs.claims import NOBODY, Codes, Floats, Truths, sums_of, sums_of_others
from tiffin.engines.claim_graphs.standing_out import two_groups

_STRENGTHS = (np.log(1.0), np.log(1e5))
"""Of a prior: from one order's worth to one that leaves nothing to what is seen."""
_LEAST_RATE = 1e-6


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Of each order, what the other orders of one of its parties say.

    Parameters
    ----------
    others, claims : (n_orders,)
        How many other orders there are, and how many of them were claimed.
    expected : (n_orders,)
        How many would have been, as such orders are.
    rate : (n_orders,)
        Their share, drawn towards what is expected.
    lift, sure_lift : (n_orders,)
        How many times what is expected that is; and so many times at least, sure to the level asked.
    chance : (n_orders,)
        How likely it is that the party's claims are more than chance; 0 where none of the others was claimed.
    """

    others: Floats
    claims: Floats
    expected: Floats
    rate: Floats
    lift: Floats
    sure_lift: Floats
    chance: Floats


def base_rates(stratum: Codes, is_claimed: Truths) -> Floats:
    """Give each order the share of its stratum that is claimed, drawn towards that of all strata.

    Parameters
    ----------
    stratum, is_claimed : (n_orders,)

    Returns
    -------
    (n_orders,), above 0
    """
    counts = sums_of(stratum, np.ones(len(stratum)))
    claims = sums_of(stratum, is_claimed.astype(np.float64))
    total = max(counts.sum(), 1.0)
    middle = np.full(len(counts), np.clip(claims.sum() / total, _LEAST_RATE, 1 - _LEAST_RATE))
    strength = prior_strength(claims, counts, middle)
    rates = (claims + strength * middle) / (counts + strength)
    return np.asarray(np.maximum(rates, _LEAST_RATE)[stratum], dtype=np.float64)


def prior_strength(claims: Floats, counts: Floats, middle: Floats) -> float:
    """Learn how alike parties are: the orders' worth of a beta prior under which what is seen is likeliest.

    Parameters
    ----------
    claims, counts, middle : (n_parties,)
        Claimed orders, orders, and the share that is expected of such orders.
    """
    known = counts > 0
    table = np.column_stack([claims[known], counts[known], middle[known].round(4)])
    kinds, times = np.unique(table, axis=0, return_counts=True)
    if not len(kinds):
        return float(np.exp(_STRENGTHS[1]))
    claimed, orders = kinds[:, 0], kinds[:, 1]
    share = np.clip(kinds[:, 2], _LEAST_RATE, 1 - _LEAST_RATE)

    def surprise(log_strength: float) -> float:
        a, b = np.exp(log_strength) * share, np.exp(log_strength) * (1 - share)
        seen = special.betaln(claimed + a, orders - claimed + b) - special.betaln(a, b)
        return -float((times * seen).sum())

    found = optimize.minimize_scalar(surprise, bounds=_STRENGTHS, method="bounded")
    return float(np.exp(found.x))


def left_out(party: Codes, base: Floats, is_claimed: Truths, *, sure: float) -> LeftOut:
    """Say of each order what the party's other orders say, the order itself left out.

    Parameters
    ----------
    party, base, is_claimed : (n_orders,)
        Whose order it is, what share of such orders is claimed, and whether it was.
    sure : float
        How sure the lower bound of a lift is to be, as 0.95.
    """
    own = is_claimed.astype(np.float64)
    orders, claims, expected = (sums_of(party, one) for one in (np.ones(len(party)), own, base))
    strength = prior_strength(claims, orders, expected / np.maximum(orders, 1))
    n, k, e = (sums_of_others(party, one) for one in (np.ones(len(party)), own, base))
    middle = np.where(n > 0, e / np.maximum(n, 1), base)
    a, b = k + strength * middle, n - k + strength * (1 - middle)
    rate = a / (a + b)
    surely = np.zeros(len(party))
    seen = (k > 0) & (party != NOBODY)
    surely[seen] = stats.beta.ppf(1 - sure, a[seen], b[seen])
    known = party != NOBODY
    groups = two_groups(claims, orders, expected / np.maximum(orders, 1))
    # Without a claim among the others there is nothing to say, however likely anybody is to be one of the few.
    chance = np.where(seen, groups.chance(k, n, middle), 0.0)
    return LeftOut(n, k, e, rate, np.where(known, rate / middle, 1.0), surely / middle, chance)
