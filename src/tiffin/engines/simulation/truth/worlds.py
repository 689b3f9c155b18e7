"""The worlds of a day: what each subset of its disruptions would have made of the orders of the actual day."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.simulation.city import City
from tiffin.engines.simulation.city_day import DayPlan, SimulatedDay, rules_of, simulate
from tiffin.engines.simulation.day import morning
from tiffin.engines.simulation.disruptions import only
from tiffin.engines.simulation.parameters import Parameters
from tiffin.engines.simulation.streams import Stream
from tiffin.engines.simulation.tables import NEVER, Indices, Records, Status
from tiffin.engines.simulation.truth.luck import dealt_anew
from tiffin.engines.simulation.truth.own import OWN, has_chance, usually
from tiffin.engines.simulation.truth.parties import Party
from tiffin.engines.simulation.truth.replaying import replayed
from tiffin.engines.simulation.truth.stages import Stage, stage_seconds
from tiffin.engines.simulation.world import World

Whole = NDArray[np.int64]

STAGES = slice(0, len(Stage))
PROMISE, LOST = len(Stage), len(Stage) + 1
"""Rows of what is measured of each order: seconds of each stage, of the shown promise, and 1 where it was lost."""
WHATEVER_IS_PROMISED = -1.0
CUSTOMER = OWN.index(Party.CUSTOMER)
WITHOUT_CUSTOMER = tuple(
    frozenset(some)
    for size in range(len(OWN))
    for some in combinations((number for number in range(len(OWN)) if number != CUSTOMER), size)
)
WITH_CUSTOMER = tuple(some | {CUSTOMER} for some in WITHOUT_CUSTOMER)
"""Coalitions of parties that have their own chance, by their numbers in `OWN`."""


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
        gathered = _gathered(world, actual)
        of_world = gathered.of_actual[~gathered.is_absent]
        found = np.zeros((LOST + 1, len(actual.orders)), dtype=np.int64)
        found[:, of_world[of_world >= 0]] = measure(world.orders, world.happened.track)[:, of_world >= 0]
        absent = np.flatnonzero(gathered.is_absent)
        if len(absent):
            (tracks,) = replayed(self._begun(world, gathered), absent, [gathered.every])
            found[:, gathered.of_actual[absent]] = measure(gathered.every[absent], tracks)
        return found

    def own_chance(self, actual: SimulatedDay) -> dict[frozenset[int], Whole]:
        """Measure each order of the actual day in the undisturbed world with the own chance of some parties only.

        Returns
        -------
        By the numbers of the parties in `OWN` that have their chance: (n_stages + 2, n_orders)

        Notes
        -----
        Orders are replayed one by one: what one order is like changes nothing for another's replay.
        """
        found = {frozenset(range(len(OWN))): self.measured(actual, ())}
        world = self.day(())
        gathered = _gathered(world, actual)
        mine = np.flatnonzero(gathered.of_actual >= 0)
        unlucky = mine[has_chance(gathered.every[mine], self._usually(gathered.every[mine], {CUSTOMER}))]
        # Few customers change their mind or are not there: all others are the same with and without their chance.
        self._replay(found, world, gathered, (mine, [{0}, {0, 1}, {0, 2}]))
        self._replay(found, world, gathered, (unlucky, [set(), {1}, {2}, {1, 2}]))
        return found

    def chance_in_lucks(self, actual: SimulatedDay, which: Indices, lucks: range) -> dict[frozenset[int], Whole]:
        """Measure some orders of the actual day as `own_chance` does, in each of several lucks of the day.

        Parameters
        ----------
        which : (n_which,), numbers of orders, rising
        lucks : range
            Numbers of the dealings of what others drew, in each of which each order is replayed; see `luck.py`.

        Returns
        -------
        By the numbers of the parties in `OWN` that have their chance: (n_lucks, n_stages + 2, n_which)

        Notes
        -----
        The same lucks meet every coalition, and where a coalition changes nothing about an order, nothing differs. An
        order is placed in every luck, whatever is promised there: what is asked is how long it would take.
        """
        world = self.day(())
        gathered = _gathered(world, actual)
        places = np.flatnonzero(np.isin(gathered.of_actual, which))
        is_own = has_chance(gathered.every[places], self._usually(gathered.every[places], {CUSTOMER}))
        kept = np.isin(np.arange(len(gathered.every)), places)
        ordered = gathered.every.copy()
        ordered.wish[places] = WHATEVER_IS_PROMISED
        found = {
            lucky: np.zeros((len(lucks), LOST + 1, len(places)), dtype=np.int64)
            for lucky in (*WITH_CUSTOMER, *WITHOUT_CUSTOMER)
        }
        # Few customers change their mind or are not there: all others are the same with and without their chance.
        groups = ((np.ones_like(is_own), WITH_CUSTOMER), (is_own, WITHOUT_CUSTOMER))
        for row, luck in enumerate(lucks):
            others = dealt_anew(gathered.every, self.city.merchants, self.stream.child("luck", luck), kept)
            for those, coalitions in groups:
                tables = [self._usually(ordered, set(range(len(OWN))) - lucky) for lucky in coalitions]
                tracks = replayed(self._begun(world, gathered, others), places[those], tables)
                for lucky, track in zip(coalitions, tracks, strict=True):
                    found[lucky][row][:, those] = measure(gathered.every[places[those]], track)
        for lucky in WITHOUT_CUSTOMER:
            found[lucky] = np.where(is_own, found[lucky], found[lucky | {CUSTOMER}])
        return found

    def _replay(
        self,
        found: dict[frozenset[int], Whole],
        world: SimulatedDay,
        gathered: "_Gathered",
        wanted: tuple[Indices, Sequence[set[int]]],
    ) -> None:
        which, coalitions = wanted
        tables = [self._usually(gathered.every, set(range(len(OWN))) - lucky) for lucky in coalitions]
        tracks = replayed(self._begun(world, gathered), which, tables)
        for lucky, track in zip(coalitions, tracks, strict=True):
            measured = found[frozenset(lucky | {CUSTOMER} if CUSTOMER not in lucky else range(len(OWN)))].copy()
            measured[:, gathered.of_actual[which]] = measure(gathered.every[which], track)
            found[frozenset(lucky)] = measured

    def _usually(self, orders: Records, parties: Collection[int]) -> Records:
        return usually(orders, self.city.merchants, self.parameters, [OWN[number] for number in parties])

    def _begun(self, world: SimulatedDay, gathered: "_Gathered", orders: Records | None = None) -> World:
        masked = (gathered.every if orders is None else orders).copy()
        masked.placed_s[gathered.is_absent] = NEVER
        return morning(
            orders=masked,
            merchants=self.city.merchants,
            sessions=world.sessions,
            factors=world.factors,
            near=self.city.near,
            rules=rules_of(self.parameters, self.plan.policy),
        )


@dataclass(frozen=True, slots=True)
class _Gathered:
    """Orders of a world with those that only the actual day has, in order of placing.

    Parameters
    ----------
    is_absent : (n,), which the world has not
    of_actual : (n,), number of each in the actual day, or -1
    """

    every: Records
    is_absent: NDArray[np.bool_]
    of_actual: Indices


def _gathered(world: SimulatedDay, actual: SimulatedDay) -> _Gathered:
    absent = actual.orders[~np.isin(actual.orders.counter, world.orders.counter)].copy()
    # They order there too, whatever is promised: what is asked is how long they would have taken.
    absent.wish = WHATEVER_IS_PROMISED
    every: Records = np.concatenate([world.orders, absent]).view(np.recarray)
    in_turn = np.lexsort((every.counter, every.placed_s))
    every = every[in_turn]
    known = np.argsort(actual.orders.counter)
    place = np.minimum(np.searchsorted(actual.orders.counter, every.counter, sorter=known), len(known) - 1)
    is_mine = actual.orders.counter[known[place]] == every.counter
    return _Gathered(every, in_turn >= len(world.orders), np.where(is_mine, known[place], NEVER))


def measure(orders: Records, track: Records) -> Whole:
    """Measure orders in a world: seconds of each stage, seconds promised, 1 where the order was not delivered."""
    promised_s = track.promised_s - orders.placed_s
    lost = (track.status != Status.DELIVERED).astype(np.int64)
    return np.concatenate([stage_seconds(orders, track), promised_s[None, :], lost[None, :]])
