"""Rolling assignment: minute by minute, orders that are soon ready and couriers are matched at the least total cost.

Nothing of a matching lasts but what must: a courier sets out when he would be late at the next decision, and everything
else is matched anew. With bundles, an order joins another of its restaurant when its customers lose less by that than
serving it apart costs all together, which is its price in the matching. With two stages, a courier who has set out is
bound to his restaurant and to what he left for, and more may join until he picks up.

References
----------
Reyes, Erera, Savelsbergh, Sahasrabudhe, O'Neil (2018), The meal delivery routing problem, section 4: rolling horizon,
bundles by insertion, two-stage commitment. Their bundle sizes follow the load; here prices decide.
"""

from typing import NamedTuple

import numpy as np

from tiffin.engines.simulation.compiled import entry, inner
from tiffin.engines.simulation.instances.assignment import NONE, Market, empty_market, solve
from tiffin.engines.simulation.instances.day import NOBODY, Given, given, last_minute, outcome_of
from tiffin.engines.simulation.instances.instance import Instance
from tiffin.engines.simulation.instances.outcome import Outcome
from tiffin.engines.simulation.instances.riding import ride_to
from tiffin.engines.simulation.instances.routes import LONGEST, insert, measure, try_at, write
from tiffin.engines.simulation.tables import NEVER, Indices, Records, records

ALONE = 100.0
"""Minutes that an order without a courier weighs."""
SHIFT_PRICE = 0.01
"""Minutes for each minute that is left of the courier's shift: who goes off soon goes first."""
SHIFT_MIN = 120
"""What is left of a shift beyond this counts no more."""
ROUNDS = 3
"""Times that bundles are made and everything is matched anew."""

COURIERS = {"x": "f8", "y": "f8", "free": "i8", "off": "i8", "left": "i8", "arrives": "i8", "pickup": "i8"}
"""When and where each is free by what he has set out for, and when he set out, comes to the restaurant and picks up."""
BUNDLES = {"restaurant": "i8", "size": "i8", "ready": "i8", "lost": "i8", "after": "i8"}


class Manner(NamedTuple):
    """How a rolling dispatcher goes about it.

    Parameters
    ----------
    every : minutes between decisions
    ahead : orders count that are ready within so many minutes
    most : orders in a bundle
    joins : 1 if orders may join a bundle until it is picked up, 0 if it is settled when its courier sets out
    """

    every: int
    ahead: int
    most: int
    joins: int


class Desk(NamedTuple):
    """The dispatcher's state and working space.

    Parameters
    ----------
    bundles : records of BUNDLES, first those to be matched, one row of the market each
    orders : (n_orders, LONGEST), the orders of each
    sent : records of BUNDLES, what each courier has set out for
    sent_orders : (n_couriers, LONGEST)
    known : (n_orders,), orders without a courier, the first `counts[KNOWN]`
    columns : (n_couriers,), couriers that the columns of the market stand for, the first `counts[COLUMNS]`
    best : where an order would best join: 1 for what is sent or 0, which, place in its route
    """

    couriers: Records
    bundles: Records
    orders: Indices
    sent: Records
    sent_orders: Indices
    known: Indices
    columns: Indices
    counts: Indices
    best: Indices
    trial: Indices
    market: Market
    manner: Manner


KNOWN, ROWS, COLUMNS = range(3)


def run(instance: Instance, manner: Manner) -> Outcome:
    """Run an instance in a manner of rolling assignment."""
    day = given(instance)
    _run(day, _desk(day, manner), np.argsort(instance.placed_min, kind="stable"), last_minute(day))
    return outcome_of(day.track)


def _desk(day: Given, manner: Manner) -> Desk:
    orders, couriers = len(day.orders), len(day.couriers)
    never = np.full(couriers, NEVER, dtype=np.int64)
    timing = {"free": day.couriers.on, "off": day.couriers.off, "left": never, "arrives": never, "pickup": never}
    return Desk(
        couriers=records(COURIERS, x=day.couriers.x, y=day.couriers.y, **timing),
        bundles=records(BUNDLES, **dict.fromkeys(BUNDLES, np.zeros(orders))),
        orders=np.zeros((orders, LONGEST), dtype=np.int64),
        sent=records(BUNDLES, **dict.fromkeys(BUNDLES, np.zeros(couriers))),
        sent_orders=np.zeros((couriers, LONGEST), dtype=np.int64),
        known=np.zeros(orders, dtype=np.int64),
        columns=np.zeros(couriers, dtype=np.int64),
        counts=np.zeros(3, dtype=np.int64),
        best=np.zeros(3, dtype=np.int64),
        trial=np.zeros(LONGEST, dtype=np.int64),
        market=empty_market(rows=orders, columns=couriers),
        manner=manner,
    )


@entry
def _run(day: Given, desk: Desk, in_turn: Indices, last: int) -> None:
    placed = 0
    for now in range(last):
        while placed < len(in_turn) and day.orders[in_turn[placed]].placed <= now:
            desk.known[desk.counts[KNOWN]] = in_turn[placed]
            desk.counts[KNOWN] += 1
            placed += 1
        if desk.counts[KNOWN] == 0 and placed == len(in_turn):
            return
        if desk.counts[KNOWN] > 0 and now % desk.manner.every == 0:
            _decide(day, desk, now)


@inner
def _decide(day: Given, desk: Desk, now: int) -> None:
    _lay_out(day, desk, now)
    _match(day, desk, now)
    if desk.manner.most > 1:
        for _ in range(ROUNDS):
            if not _bundle(day, desk, now):
                break
            _close_gaps(desk)
            _match(day, desk, now)
    for row in range(desk.counts[ROWS]):
        if desk.market.column_of[row] != NONE:
            _send(day, desk, row, desk.columns[desk.market.column_of[row]], now)
    _forget_sent(day, desk)


@inner
def _lay_out(day: Given, desk: Desk, now: int) -> None:
    """Begin a decision: each order that is soon ready apart, and every courier who is on shift or will be."""
    desk.counts[ROWS] = desk.counts[COLUMNS] = 0
    for number in range(desk.counts[KNOWN]):
        order = desk.known[number]
        if day.orders[order].ready <= now + desk.manner.ahead:
            row = desk.counts[ROWS]
            desk.orders[row, 0] = order
            desk.bundles[row].restaurant, desk.bundles[row].size = day.orders[order].restaurant, 1
            _measure(day, desk, row)
            desk.counts[ROWS] += 1
    for courier in range(len(day.couriers)):
        if max(now, desk.couriers[courier].free) < desk.couriers[courier].off:
            desk.columns[desk.counts[COLUMNS]] = courier
            desk.counts[COLUMNS] += 1


@inner
def _measure(day: Given, desk: Desk, row: int) -> None:
    ready, lost, after = measure(day, desk.orders[row], desk.bundles[row].size)
    desk.bundles[row].ready, desk.bundles[row].lost, desk.bundles[row].after = ready, lost, after


@inner
def _match(day: Given, desk: Desk, now: int) -> None:
    for row in range(desk.counts[ROWS]):
        bundle = desk.bundles[row]
        desk.market.alone[row] = ALONE * bundle.size
        for column in range(desk.counts[COLUMNS]):
            courier = desk.columns[column]
            arrives = _arrival(day, desk, bundle.restaurant, courier, now)
            desk.market.cost[row, column] = _cost(
                day, desk, courier, arrives, (bundle.ready, bundle.lost, bundle.size), now
            )
    solve(desk.market, desk.counts[ROWS], desk.counts[COLUMNS])


@inner
def _arrival(day: Given, desk: Desk, restaurant: int, courier: int, now: int) -> int:
    away = ride_to(day, desk.couriers[courier].x, desk.couriers[courier].y, restaurant)
    return int(max(now, desk.couriers[courier].free) + away)


@inner
def _cost(day: Given, desk: Desk, courier: int, arrives: int, bundle: tuple[int, int, int], now: int) -> float:
    """Tell what customers lose by a bundle, told as when it is ready, what is lost even then, and its size."""
    ready, lost, size = bundle
    pickup = max(ready, arrives + day.rules.pickup_before)
    if pickup > desk.couriers[courier].off:
        return np.inf
    shift_min = min(desk.couriers[courier].off - now, SHIFT_MIN)
    return float(lost + size * (pickup - ready) + SHIFT_PRICE * shift_min)


@inner
def _bundle(day: Given, desk: Desk, now: int) -> bool:
    """Let orders that stand apart join others where that costs less than their price; tell whether any did."""
    joined = False
    for row in range(desk.counts[ROWS]):
        if desk.bundles[row].size == 1 and _find_bundle(day, desk, row, now):
            order = desk.orders[row, 0]
            if desk.best[0] == 1:
                _join_sent(day, desk, order, desk.best[1], desk.best[2], now)
            else:
                _join(day, desk, order, desk.best[1], desk.best[2], now)
            desk.bundles[row].size = 0
            desk.market.column_of[row] = NONE
            joined = True
    return joined


@inner
def _find_bundle(day: Given, desk: Desk, row: int, now: int) -> bool:
    """Find the bundle that an order should rather join; it is in `best`."""
    order, least = desk.orders[row, 0], desk.market.row_price[row] - 1e-6
    desk.best[1] = NOBODY
    for other in range(desk.counts[ROWS]):
        bundle, column = desk.bundles[other], desk.market.column_of[other]
        if other == row or column == NONE or bundle.restaurant != desk.bundles[row].restaurant:
            continue
        if 0 < bundle.size < desk.manner.most:
            courier = desk.columns[column]
            arrives, costs = _arrival(day, desk, bundle.restaurant, courier, now), desk.market.cost[other, column]
            least = _try_places(
                day, desk, (0, other, courier, order), (desk.orders[other], bundle.size, arrives), costs, least, now
            )
    if desk.manner.joins:
        for courier in range(len(day.couriers)):
            bundle = desk.sent[courier]
            waits = desk.couriers[courier].pickup > now and bundle.restaurant == desk.bundles[row].restaurant
            if waits and bundle.size < desk.manner.most:
                arrives = max(desk.couriers[courier].arrives, now - day.rules.pickup_before)
                costs = _cost(day, desk, courier, arrives, (bundle.ready, bundle.lost, bundle.size), now)
                least = _try_places(
                    day,
                    desk,
                    (1, courier, courier, order),
                    (desk.sent_orders[courier], bundle.size, arrives),
                    costs,
                    least,
                    now,
                )
    return bool(desk.best[1] != NOBODY)


@inner
def _try_places(
    day: Given,
    desk: Desk,
    who: tuple[int, int, int, int],
    route: tuple[Indices, int, int],
    costs: float,
    least: float,
    now: int,
) -> float:
    """Try an order at every place of a route, and tell the least that it adds so far."""
    kind, number, courier, order = who
    orders, size, arrives = route
    for place in range(size + 1):
        try_at(desk.trial, orders, size, order, place)
        ready, lost, _ = measure(day, desk.trial, size + 1)
        added = _cost(day, desk, courier, arrives, (ready, lost, size + 1), now) - costs
        if added < least:
            least = added
            desk.best[0], desk.best[1], desk.best[2] = kind, number, place
    return least


@inner
def _join(day: Given, desk: Desk, order: int, row: int, place: int, now: int) -> None:
    insert(desk.orders[row], desk.bundles[row].size, order, place)
    desk.bundles[row].size += 1
    _measure(day, desk, row)
    column = desk.market.column_of[row]
    courier, bundle = desk.columns[column], desk.bundles[row]
    arrives = _arrival(day, desk, bundle.restaurant, courier, now)
    desk.market.cost[row, column] = _cost(day, desk, courier, arrives, (bundle.ready, bundle.lost, bundle.size), now)


@inner
def _join_sent(day: Given, desk: Desk, order: int, courier: int, place: int, now: int) -> None:
    insert(desk.sent_orders[courier], desk.sent[courier].size, order, place)
    desk.sent[courier].size += 1
    _settle(day, desk, courier, now)


@inner
def _close_gaps(desk: Desk) -> None:
    kept = 0
    for row in range(desk.counts[ROWS]):
        size = desk.bundles[row].size
        if size == 0:
            continue
        if kept != row:
            _copy(desk.bundles, kept, desk.bundles, row)
            for place in range(size):
                desk.orders[kept, place] = desk.orders[row, place]
        kept += 1
    desk.counts[ROWS] = kept


@inner
def _copy(to: Records, number: int, of: Records, other: int) -> None:
    to[number].restaurant, to[number].size = of[other].restaurant, of[other].size
    to[number].ready, to[number].lost, to[number].after = of[other].ready, of[other].lost, of[other].after


@inner
def _send(day: Given, desk: Desk, row: int, courier: int, now: int) -> None:
    """Let a courier set out if at the next decision he would be late."""
    arrives = _arrival(day, desk, desk.bundles[row].restaurant, courier, now)
    spare = max(0, desk.bundles[row].ready - day.rules.pickup_before - arrives)
    left = max(now, desk.couriers[courier].free) + spare
    if left >= now + desk.manner.every:
        return
    _copy(desk.sent, courier, desk.bundles, row)
    for place in range(desk.bundles[row].size):
        desk.sent_orders[courier, place] = desk.orders[row, place]
    desk.couriers[courier].left, desk.couriers[courier].arrives = left, arrives + spare
    _settle(day, desk, courier, now)


@inner
def _settle(day: Given, desk: Desk, courier: int, now: int) -> None:
    """Write what a courier has set out for, as it stands now."""
    size = desk.sent[courier].size
    ready, lost, after = measure(day, desk.sent_orders[courier], size)
    desk.sent[courier].ready, desk.sent[courier].lost, desk.sent[courier].after = ready, lost, after
    pickup = max(ready, now, desk.couriers[courier].arrives + day.rules.pickup_before)
    for place in range(size):
        order = desk.sent_orders[courier, place]
        day.track[order].assigned, day.track[order].departed = now, desk.couriers[courier].left
        day.track[order].arrived = desk.couriers[courier].arrives
    last = desk.sent_orders[courier, size - 1]
    desk.couriers[courier].free = write(day, desk.sent_orders[courier], size, courier, pickup)
    desk.couriers[courier].x, desk.couriers[courier].y = day.orders[last].x, day.orders[last].y
    desk.couriers[courier].pickup = pickup


@inner
def _forget_sent(day: Given, desk: Desk) -> None:
    kept = 0
    for number in range(desk.counts[KNOWN]):
        order = desk.known[number]
        if day.track[order].courier == NOBODY:
            desk.known[kept] = order
            kept += 1
    desk.counts[KNOWN] = kept
