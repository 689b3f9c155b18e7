"""What disruptions do to single orders, before the day begins: each order placed where and when one strikes."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.simulation.city import City
from tiffin.engines.simulation.disruptions import MINUTE_S, Disruption, Kind, Trouble
from tiffin.engines.simulation.streams import Stream
from tiffin.engines.simulation.tables import Ending, Mishap, Records

Chosen = NDArray[np.intp]

LEAST_REGRET_S, MOST_REGRET_S = 60, 300
"""Withdrawn orders are withdrawn within minutes of being placed."""
FOUND_AFTER_S = (240, 900)
"""How long a rider seeks a customer who does not answer, before he is found."""


def orders_under(disruptions: Sequence[Disruption], orders: Records, city: City, stream: Stream) -> Records:
    """Change the orders that disruptions strike; a share is drawn by each order's own chance."""
    changed = orders.copy()
    zone = city.merchants.zone[orders.merchant]
    for index, disruption in enumerate(disruptions):
        effect = EFFECTS.get(disruption.kind)
        if effect is None or not disruption.strength:
            continue
        struck = np.isin(zone, disruption.zones)
        struck &= (orders.placed_s >= disruption.start_s) & (orders.placed_s < disruption.end_s)
        if disruption.merchants:
            struck &= np.isin(orders.merchant, disruption.merchants)
        effect(changed, np.flatnonzero(struck), disruption, city, stream.child("struck", index))
    return changed


def _drawn(orders: Records, struck: Chosen, disruption: Disruption, stream: Stream) -> Chosen:
    return struck[stream.uniform(orders.counter[struck]) < disruption.strength]


def _confirm_later(orders: Records, struck: Chosen, disruption: Disruption, _city: City, _stream: Stream) -> None:
    orders.accept_s[struck] += int(MINUTE_S * disruption.strength)


def _cook_slower(orders: Records, struck: Chosen, disruption: Disruption, _city: City, _stream: Stream) -> None:
    orders.prep_s[struck] *= 1.0 + disruption.strength


def _wait_at_doors(orders: Records, struck: Chosen, disruption: Disruption, _city: City, _stream: Stream) -> None:
    orders.dropoff_s[struck] += int(MINUTE_S * disruption.strength)


def _wait_at_counters(orders: Records, struck: Chosen, disruption: Disruption, _city: City, _stream: Stream) -> None:
    orders.pickup_s[struck] += int(MINUTE_S * disruption.strength)


def _live_farther(orders: Records, struck: Chosen, disruption: Disruption, city: City, _stream: Stream) -> None:
    for axis in ("x", "y"):
        of_merchant = city.merchants[axis][orders.merchant[struck]]
        for name in (f"drop_{axis}", f"right_{axis}"):
            orders[name][struck] += disruption.strength * (orders[name][struck] - of_merchant)


def _be_refused(orders: Records, struck: Chosen, disruption: Disruption, _city: City, stream: Stream) -> None:
    orders.refused[_drawn(orders, struck, disruption, stream)] = 1


def _be_withdrawn(orders: Records, struck: Chosen, disruption: Disruption, _city: City, stream: Stream) -> None:
    drawn = _drawn(orders, struck, disruption, stream)
    after = stream.child("after").uniform(orders.counter[drawn])
    orders.regret_s[drawn] = np.rint(LEAST_REGRET_S + after * (MOST_REGRET_S - LEAST_REGRET_S)).astype(np.int64)


def _be_absent(orders: Records, struck: Chosen, disruption: Disruption, _city: City, stream: Stream) -> None:
    drawn = _drawn(orders, struck, disruption, stream)
    drawn = drawn[orders.mishap[drawn] == Mishap.NONE]
    least, most = FOUND_AFTER_S
    waited = stream.child("found").uniform(orders.counter[drawn])
    orders.mishap[drawn], orders.ending[drawn] = Mishap.ABSENT, Ending.HANDED_OVER
    orders.mishap_s[drawn] = np.rint(least + waited * (most - least)).astype(np.int64)


EFFECTS: Mapping[Kind | Trouble, Callable[[Records, Chosen, Disruption, City, Stream], None]] = {
    Trouble.LATE_CONFIRMATION: _confirm_later,
    Trouble.SLOW_KITCHENS: _cook_slower,
    Trouble.SLOW_DOORS: _wait_at_doors,
    Trouble.SLOW_COUNTERS: _wait_at_counters,
    Trouble.FAR_CUSTOMERS: _live_farther,
    Trouble.REFUSALS: _be_refused,
    Trouble.WITHDRAWALS: _be_withdrawn,
    Trouble.ABSENT_CUSTOMERS: _be_absent,
}
