"""The worlds of a day: what each subset of its disruptions would have made of the orders of the actual day."""

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.simulation.city import City
from tiffin.engines.simulation.city_day import DayPlan, SimulatedDay, rules_of, simulate
from tiffin.engines.simulation.day import morning
from tiffin.engines.simulation.disruptions import only
from tiffin.engines.simulation.parameters import Parameters
from tiffin.engines.simulation.streams import Stream
from tiffin.engines.simulation.tables import NEVER, Records, Status
from tiffin.engines.simulation.truth.alone import placed_alone
from tiffin.engines.simulation.truth.stages import Stage, stage_seconds

Whole = NDArray[np.int64]

WHATEVER_IS_PROMISED = -1.0
STAGES = slice(0, len(Stage))
PROMISE, LOST = len(Stage), len(Stage) + 1
"""Rows of what is measured of each order: seconds of each stage, of the shown promise, and 1 where it was lost."""


@dataclass(frozen=True, slots=True)
class Worlds:
    """A day that can be replayed with any subset of its disruptions, on the same random numbers."""

    city: City
    plan: DayPlan
    parameters: Parameters
    stream: Stream

    def day(self, kept: Collection[int]) -> SimulatedDay:
        """Simulate the day with the disruptions of these numbers only."""
        plan = replace(self.plan, disruptions=only(self.plan.disruptions, kept))
        return simulate(self.city, plan, self.parameters, self.stream)

    def measured(self, actual: SimulatedDay, kept: Collection[int]) -> Whole:
        """Measure the orders of the actual day in the world with these disruptions.

        Returns
        -------
        (n_stages + 2, n_orders)
        """
        world = self.day(kept)
        order = np.argsort(world.orders.counter)
        place = np.searchsorted(world.orders.counter, actual.orders.counter, sorter=order)
        found = order[np.minimum(place, len(order) - 1)]
        is_there = world.orders.counter[found] == actual.orders.counter
        measured = measure(actual.orders, world.happened.track[found])
        if not is_there.all():
            self._place_missing(world, actual.orders, ~is_there, measured)
        return measured

    def _place_missing(self, world: SimulatedDay, orders: Records, missing: NDArray[np.bool_], into: Whole) -> None:
        # They order there too, whatever is promised: what is asked is how long they would have taken.
        absent = orders[missing].copy()
        absent.wish = WHATEVER_IS_PROMISED
        every: Records = np.concatenate([world.orders, absent]).view(np.recarray)
        in_turn = np.lexsort((every.counter, every.placed_s))
        every, of_actual = every[in_turn], in_turn - len(world.orders)
        masked = every.copy()
        masked.placed_s[of_actual >= 0] = NEVER
        begun = morning(
            orders=masked,
            merchants=self.city.merchants,
            sessions=world.sessions,
            factors=world.factors,
            near=self.city.near,
            rules=rules_of(self.parameters, self.plan.policy),
        )
        number = np.flatnonzero(of_actual >= 0)
        of_each = measure(every[number], placed_alone(begun, every, number))
        into[:, np.flatnonzero(missing)[of_actual[number]]] = of_each


def measure(orders: Records, track: Records) -> Whole:
    """Measure orders in a world: seconds of each stage, seconds promised, 1 where the order was not delivered."""
    promised_s = track.promised_s - orders.placed_s
    lost = (track.status != Status.DELIVERED).astype(np.int64)
    return np.concatenate([stage_seconds(orders, track), promised_s[None, :], lost[None, :]])
