"""The luck of a day: what others drew is dealt anew, so that an order meets other riders at the same hour."""

import numpy as np

from tiffin.engines.simulation.streams import Stream
from tiffin.engines.simulation.tables import Records

DEALT = (
    "accept_s", "pickup_s", "dropoff_s", "approach_noise", "ride_noise", "patience_s", "regret_s", "no_rider_s",
    "refused", "offer_key",
)  # fmt: skip
"""Draws of orders that mean the same at every order. Who orders what, when and whereto stays, and so do the riders."""


def dealt_anew(orders: Records, merchants: Records, stream: Stream) -> Records:
    """Give the same orders, with how long others take and how riders answer dealt anew among them.

    Notes
    -----
    Draws of a day are exchangeable, so any dealing of them is as likely as the one that happened (Fisher 1935).
    Preparation is dealt as a factor on what is usual at the merchant.

    References
    ----------
    Fisher (1935), The design of experiments, section 21.
    """
    changed = orders.copy()
    number = np.arange(len(orders), dtype=np.int64)
    for name in DEALT:
        changed[name] = orders[name][np.argsort(stream.child(name).uniform(number))]
    usual = merchants.expected_prep_s[orders.merchant]
    changed.prep_s = usual * (orders.prep_s / usual)[np.argsort(stream.child("prep_s").uniform(number))]
    return changed
