"""The luck of a day: all that single orders drew is dealt anew, so that an order meets other riders at the same hour.

What stays are the conditions that everybody could see: how many orders each zone had in each half hour, who rode when,
the weather and the hour.
"""

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.simulation.streams import Stream
from tiffin.engines.simulation.tables import NEVER, SLOT_S, Indices, Records

EVERYWHERE = (
    "accept_s", "pickup_s", "dropoff_s", "approach_noise", "ride_noise", "patience_s", "regret_s", "no_rider_s",
    "refused", "offer_key",
)  # fmt: skip
"""Draws that mean the same at every order of the day."""
AT_THE_DOOR = ("drop_zone", "drop_x", "drop_y", "mishap", "ending", "mishap_s", "right_x", "right_y")
"""Draws that go together, and mean the same at every order from one zone; another is the merchant."""


def dealt_anew(orders: Records, merchants: Records, stream: Stream, kept: NDArray[np.bool_]) -> Records:
    """Give a day's orders with everything that was drawn for single ones dealt anew among them.

    Parameters
    ----------
    kept : (n_orders,)
        Orders whose instant of placing stays, as it does where an order is never placed.

    Notes
    -----
    Draws of a day are exchangeable, so any dealing of them is as likely as the one that happened (Fisher 1935, 21).
    Given how many were placed in a half hour, each instant of it is as likely (Çinlar 1975, 4.5). Preparation is dealt
    as a factor on what is usual at the merchant.

    References
    ----------
    Fisher (1935), The design of experiments. Çinlar (1975), Introduction to stochastic processes.
    """
    changed = orders.copy()
    number = np.arange(len(orders), dtype=np.int64)
    zone = merchants.zone[orders.merchant]
    for name in EVERYWHERE:
        changed[name] = orders[name][np.argsort(stream.child(name).uniform(number))]
    door = _within(zone, stream.child("door"))
    for name in AT_THE_DOOR:
        changed[name] = orders[name][door]
    changed.merchant = orders.merchant[_within(zone, stream.child("merchant"))]
    factor = orders.prep_s / merchants.expected_prep_s[orders.merchant]
    dealt = factor[np.argsort(stream.child("prep_s").uniform(number))]
    changed.prep_s = dealt * merchants.expected_prep_s[changed.merchant]
    instant = orders.placed_s // SLOT_S * SLOT_S + (stream.child("placed_s").uniform(number) * SLOT_S).astype(np.int64)
    changed.placed_s = np.where(kept | (orders.placed_s == NEVER), orders.placed_s, instant)
    return changed


def _within(zone: Indices, stream: Stream) -> Indices:
    """Deal the orders of each zone anew among themselves."""
    drawn = stream.uniform(np.arange(len(zone), dtype=np.int64))
    dealt = np.empty(len(zone), dtype=np.int64)
    dealt[np.argsort(zone, kind="stable")] = np.lexsort((drawn, zone))
    return dealt
