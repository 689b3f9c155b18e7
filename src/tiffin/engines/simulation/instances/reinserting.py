"""Large neighbourhood search over plans: some orders are taken out at once and put back where all together cost less.

Moving one order at a time ends where every single move makes it worse, though two orders that change places would make
it better. Here a few orders, drawn by chance, leave their trips together and return one after the other, each to the
best place that is left; unless all of them together cost less than before, everything is put back as it was.

References
----------
Shaw (1998), Using constraint programming and local search methods to solve vehicle routing problems. Schrimpf,
Schneider, Stamm-Wilbrandt, Dueck (2000), Record breaking optimization results using the ruin and recreate principle.
"""

from functools import cache

import numpy as np

from tiffin.engines.simulation.compiled import inner
from tiffin.engines.simulation.instances.day import NOBODY, Given
from tiffin.engines.simulation.instances.placing import find_place
from tiffin.engines.simulation.instances.plans import BETTER, KNOWN, Plans, may_move, plan, plan_cost, unplan
from tiffin.engines.simulation.streams import Stream
from tiffin.engines.simulation.tables import Floats

ROUNDS = 60
"""Times that orders are taken out and put back when new ones were placed; more than 100 gain little."""
MOST_OUT = 12
"""Orders that are taken out at once, at most."""
DRAWS = 4 * MOST_OUT
"""Orders that are drawn for it, at most: some of them may not be moved."""
CHANCES = 65521
"""Random numbers that there are, a prime: they come again after half an hour, in another turn."""

ORDER, COURIER, INDEX, PLACE, SETTLED, JOINED = range(6)
"""What is noted of an order taken out: where it was, and when that trip and the one it joins were settled."""


@cache
def chances() -> Floats:
    """Give the numbers by which orders are drawn; each belongs to a minute, a round and a draw."""
    return Stream.of_seed(0).child("reinserting").uniform(np.arange(CHANCES))


@inner
def reinsert(day: Given, plans: Plans, now: int) -> None:
    """Look in rounds for orders that are better put back together elsewhere."""
    for number in range(ROUNDS):
        taken, cost = _take_out(day, plans, (now * ROUNDS + number) * DRAWS, now)
        brought = _put_back(day, plans, taken, cost, now)
        if brought < taken:
            _undo(day, plans, taken, brought)


@inner
def _take_out(day: Given, plans: Plans, first: int, now: int) -> tuple[int, float]:
    """Take orders out that chance names, and tell how many, and what all plans cost less by that."""
    taken, cost = 0, 0.0
    for draw in range(first, first + DRAWS):
        order = plans.known[int(plans.chance[draw % CHANCES] * plans.counts[KNOWN])]
        if taken == MOST_OUT or plans.trip_of[order] == NOBODY or not may_move(day, plans, order):
            continue
        trip = plans.trip_of[order]
        courier, settled = plans.trips[trip].courier, plans.trips[trip].settled
        cost += plan_cost(day, plans, courier, courier, now)
        _, index, place = unplan(day, plans, order, now)
        cost -= plan_cost(day, plans, courier, courier, now)
        plans.out[taken, ORDER], plans.out[taken, COURIER], plans.out[taken, INDEX] = order, courier, index
        plans.out[taken, PLACE], plans.out[taken, SETTLED] = place, settled
        taken += 1
    return taken, cost


@inner
def _put_back(day: Given, plans: Plans, taken: int, cost: float, now: int) -> int:
    """Put orders back each at its best place, as long as all together cost less than before; tell how many."""
    left = cost - BETTER
    for number in range(taken):
        order = plans.out[number, ORDER]
        if not find_place(day, plans, order, left, now):
            return number
        left -= plans.found_cost[0]
        courier, index, place = plans.found[0], plans.found[1], plans.found[2]
        plans.out[number, JOINED] = now if place == NOBODY else plans.trips[plans.plan[courier, index]].settled
        plan(day, plans, order, courier, index, place, now)
    return taken


@inner
def _undo(day: Given, plans: Plans, taken: int, brought: int) -> None:
    """Put everything back as it was, the last change first."""
    for number in range(brought - 1, -1, -1):
        joined = plans.trip_of[plans.out[number, ORDER]]
        unplan(day, plans, plans.out[number, ORDER], NOBODY)
        plans.trips[joined].settled = plans.out[number, JOINED]
    for number in range(taken - 1, -1, -1):
        out = plans.out[number]
        plan(day, plans, out[ORDER], out[COURIER], out[INDEX], out[PLACE], out[SETTLED])
