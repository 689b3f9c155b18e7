"""Who ended the orders that were not delivered: by what is written down, else by whose delay it was."""

import numpy as np
from numpy.typing import NDArray

from tiffin.capabilities.liability.domain.attribution_facts import CityFacts
from tiffin.capabilities.liability.domain.attribution_market import Market
from tiffin.capabilities.liability.domain.attribution_parts import (
    CUSTOMER,
    MERCHANT,
    NOBODY,
    PARTIES,
    PLATFORM,
    RIDER,
    Lost,
)

Floats = NDArray[np.float64]
Texts = NDArray[np.object_]

BY_REASON = {
    "changed_mind": CUSTOMER,
    "wrong_address": CUSTOMER,
    "customer_unreachable": CUSTOMER,
    "payment_failed": CUSTOMER,
    "duplicate": CUSTOMER,
    "fraud": CUSTOMER,
    "item_unavailable": MERCHANT,
    "merchant_closed": MERCHANT,
    "merchant_busy": MERCHANT,
    "rider_declined": RIDER,
    "accident": NOBODY,
}
"""Reasons that name who ended the order; the others are those of a delay."""


def failed_seconds(facts: CityFacts, lost: Lost, market: Market) -> Floats:
    """Weigh the parties of orders that were not delivered; (n, n_parties), seconds.

    Notes
    -----
    Where a reason names a party, all of the order's time counts to it. Where nobody came, or the customer waited too
    long, the kitchen's own delay and the waiting for riders stand against each other.
    """
    n = len(facts.day)
    weights = np.zeros((n, len(PARTIES)))
    # Goods that were never ready waited for nobody.
    unserved = np.fmax(0.0, np.nan_to_num(facts.times.ended_s - facts.times.ready_s))
    waited = np.where(np.isnan(facts.times.at_merchant_s), unserved, 0.0)
    waited += np.fmax(0.0, np.nan_to_num(facts.times.at_merchant_s - facts.times.ready_s))
    weights += (waited * market.waiting_share)[:, None] * lost.blamed
    weights[:, PLATFORM] += waited * (1.0 - market.waiting_share * lost.blamed.sum(axis=1))
    reason = np.asarray(facts.columns["cancel_reason"], dtype=object)
    weights[:, MERCHANT] += np.where(reason == "no_rider", 0.0, np.maximum(0.0, lost.kitchen_s))
    weights[:, NOBODY] += np.maximum(0.0, lost.slow_approach_s)
    for name, party in BY_REASON.items():
        _give(weights, reason == name, party)
    return weights


def _give(weights: Floats, which: NDArray[np.bool_], party: int) -> None:
    weights[which] = 0.0
    weights[which, party] = 1.0
