"""An order's own chance, party by party: what it would be like, were the party's part in it as it usually is."""

from collections.abc import Callable, Collection, Mapping

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.simulation.parameters import Parameters
from tiffin.engines.simulation.tables import NEVER, Ending, Mishap, Records
from tiffin.engines.simulation.truth.parties import Party


def _customer(orders: Records, _merchants: Records, _parameters: Parameters) -> None:
    orders.mishap, orders.ending, orders.mishap_s = Mishap.NONE, Ending.HANDED_OVER, 0
    orders.right_x, orders.right_y = orders.drop_x, orders.drop_y
    orders.regret_s = NEVER


def _merchant(orders: Records, merchants: Records, parameters: Parameters) -> None:
    orders.accept_s = int(parameters.accept_median_s)
    orders.prep_s = merchants.expected_prep_s[orders.merchant]
    orders.refused = 0


def _rider(orders: Records, _merchants: Records, _parameters: Parameters) -> None:
    orders.approach_noise = 1.0
    orders.ride_noise = 1.0


_USUAL: Mapping[Party, Callable[[Records, Records, Parameters], None]] = {
    Party.CUSTOMER: _customer,
    Party.MERCHANT: _merchant,
    Party.RIDER: _rider,
}

OWN = tuple(_USUAL)
"""Parties that have a part in an order by themselves. Customer: is at the door and at the address given, and does not
change his mind. Merchant: accepts, and how long he takes for that and for preparing. Rider: how fast he rides."""


def usually(orders: Records, merchants: Records, parameters: Parameters, parties: Collection[Party]) -> Records:
    """Give orders in which the part of these parties is as it usually is: the median of each draw, and no failure."""
    changed = orders.copy()
    for party in parties:
        _USUAL[party](changed, merchants, parameters)
    return changed


def has_chance(orders: Records, usual: Records) -> NDArray[np.bool_]:
    """Mark the orders that are not as they usually are."""
    return np.asarray(orders.view(np.ndarray) != usual.view(np.ndarray), dtype=np.bool_)
