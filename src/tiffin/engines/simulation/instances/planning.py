"""Plans over all that is known, made anew with every order that is placed.

Every order stands in some courier's plan, alone or in a bundle. Each new order goes where it adds least; then orders
move to better places and whole plans to better couriers, until nothing improves; then orders are taken out several at
once and put back (see `reinserting`), which finds what no single move does. What counts is what customers lose, plus
three prices for what is not known yet: of a courier's minutes when many wait for those on shift now and soon, of what
is left of his shift, and of the place where he stands. A courier sets out at the last responsible minute. Until he
picks up, a bundle may still grow, or lose an order to somebody who brings it sooner, as long as he goes on for one of
those that he left for.

References
----------
Reyes, Erera, Savelsbergh, Sahasrabudhe, O'Neil (2018), The meal delivery routing problem: what is decided when, and the
late commitment. Steever, Karwan, Murray (2019), Dynamic courier routing for a food delivery service: prices for where
couriers will be of use. Yildiz, Savelsbergh (2019), Provably high-quality solutions for the meal delivery routing
problem: how far one who knew all could come. Ulmer, Thomas, Campbell, Woyak (2021), The restaurant meal delivery
problem: time to spare for what comes next.
"""

import numpy as np

from tiffin.engines.simulation.compiled import entry, inner
from tiffin.engines.simulation.instances.assignment import solve
from tiffin.engines.simulation.instances.day import NOBODY, Given, given, last_minute, outcome_of
from tiffin.engines.simulation.instances.instance import Instance
from tiffin.engines.simulation.instances.outcome import Outcome
from tiffin.engines.simulation.instances.placing import find_place
from tiffin.engines.simulation.instances.plans import (
    ACTIVE,
    BETTER,
    KNOWN,
    Plans,
    drop,
    empty_plans,
    look_around,
    may_move,
    pickup,
    plan,
    plan_cost,
    unplan,
)
from tiffin.engines.simulation.instances.reinserting import MOST_OUT, chances, reinsert
from tiffin.engines.simulation.instances.riding import ride_to
from tiffin.engines.simulation.instances.routes import write
from tiffin.engines.simulation.tables import NEVER, Indices

PASSES = 3
"""Times that all orders are looked at for a better place, at most."""
BUSY_PRICE = 0.4
"""Minutes that a courier's minute is worth for each order a courier that is known beyond those that are usual."""
BUSY_FROM = 0.6
"""Known orders a courier on shift up to which his minutes are worth nothing beyond what known customers lose."""
AHEAD_MIN = 30
"""Couriers on shift count half as there are now and half as there will be after so many minutes."""
ANY_COST = 1e9


def planning(instance: Instance) -> Outcome:
    """Run an instance with plans for all that is known."""
    day = given(instance)
    plans = empty_plans(day, chances(), most_out=MOST_OUT)
    _run(day, plans, np.argsort(instance.placed_min, kind="stable"), last_minute(day))
    return outcome_of(day.track)


@entry
def _run(day: Given, plans: Plans, in_turn: Indices, last: int) -> None:
    for courier in range(len(day.couriers)):
        look_around(day, plans, courier)
    placed = 0
    for now in range(last):
        _note_active(day, plans, now)
        first_new = placed
        while placed < len(in_turn) and day.orders[in_turn[placed]].placed <= now:
            placed += 1
        if placed > first_new:
            for number in range(first_new, placed):
                _receive(day, plans, in_turn[number])
            _price_minutes(day, plans, now)
            _improve(day, plans, now, placed - first_new)
            reinsert(day, plans, now)
        _send(day, plans, now)
        if placed == len(in_turn) and plans.counts[KNOWN] == 0:
            return


@inner
def _note_active(day: Given, plans: Plans, now: int) -> None:
    plans.counts[ACTIVE] = 0
    for courier in range(len(day.couriers)):
        if max(now, plans.couriers[courier].free) <= day.couriers[courier].off:
            plans.active[plans.counts[ACTIVE]] = courier
            plans.counts[ACTIVE] += 1


@inner
def _price_minutes(day: Given, plans: Plans, now: int) -> None:
    on_shift = 0.0
    for courier in range(len(day.couriers)):
        for then in (now, now + AHEAD_MIN):
            if day.couriers[courier].on <= then < day.couriers[courier].off:
                on_shift += 0.5
    load = plans.counts[KNOWN] / max(1.0, on_shift)
    plans.minute_price[0] = BUSY_PRICE * max(0.0, load - BUSY_FROM)


@inner
def _receive(day: Given, plans: Plans, order: int) -> None:
    plans.popular[day.orders[order].restaurant] += 1
    plans.known[plans.counts[KNOWN]] = order
    plans.counts[KNOWN] += 1


@inner
def _improve(day: Given, plans: Plans, now: int, new: int) -> None:
    """Plan the orders that are new, the last that are known; then look for better places until there are none."""
    for attempt in range(PASSES + 1):
        moved = False
        for number in range(plans.counts[KNOWN] - new if attempt == 0 else 0, plans.counts[KNOWN]):
            order = plans.known[number]
            if may_move(day, plans, order):
                moved = _settle(day, plans, order, now) or moved
        if attempt > 0 and not moved:
            return
        _hand_over(day, plans, now)


@inner
def _settle(day: Given, plans: Plans, order: int, now: int) -> bool:
    """Plan an order where it adds least, if that is better than where it is; nobody may be left who could bring it."""
    trip, most = plans.trip_of[order], ANY_COST
    courier, index, place, settled = NOBODY, 0, NOBODY, now
    if trip != NOBODY:
        courier, settled = plans.trips[trip].courier, plans.trips[trip].settled
        before = plan_cost(day, plans, courier, courier, now)
        courier, index, place = unplan(day, plans, order, now)
        most = before - plan_cost(day, plans, courier, courier, now) - BETTER
    moved = find_place(day, plans, order, most, now)
    if moved:
        courier, index, place, settled = plans.found[0], plans.found[1], plans.found[2], now
    if courier != NOBODY:
        plan(day, plans, order, courier, index, place, now)
        plans.trips[plans.trip_of[order]].settled = settled
    return moved


@inner
def _hand_over(day: Given, plans: Plans, now: int) -> None:
    """Hand whole plans to other couriers, so that all together cost least."""
    market, rows, columns = plans.market, 0, 0
    for number in range(plans.counts[ACTIVE]):
        courier = plans.active[number]
        if _is_bound(plans, courier):
            continue
        plans.candidates[columns] = courier
        columns += 1
        if plans.couriers[courier].trips > 0:
            plans.planners[rows] = courier
            rows += 1
    for row in range(rows):
        planner = plans.planners[row]
        market.alone[row] = ANY_COST
        for column in range(columns):
            courier = plans.candidates[column]
            stays = BETTER if courier == planner else 0.0
            market.cost[row, column] = plan_cost(day, plans, planner, courier, now) - stays
    solve(market, rows, columns)
    _exchange(plans, rows)


@inner
def _is_bound(plans: Plans, courier: int) -> bool:
    return bool(plans.couriers[courier].trips > 0 and plans.trips[plans.plan[courier, 0]].left != NEVER)


@inner
def _exchange(plans: Plans, rows: int) -> None:
    for row in range(rows):
        planner = plans.planners[row]
        plans.kept[row, 0] = plans.couriers[planner].trips
        for index in range(plans.couriers[planner].trips):
            plans.kept[row, index + 1] = plans.plan[planner, index]
        plans.couriers[planner].trips = 0
    for row in range(rows):
        courier = plans.candidates[plans.market.column_of[row]]
        plans.couriers[courier].trips = plans.kept[row, 0]
        for index in range(plans.kept[row, 0]):
            trip = plans.kept[row, index + 1]
            plans.plan[courier, index] = trip
            plans.trips[trip].courier = courier


@inner
def _send(day: Given, plans: Plans, now: int) -> None:
    """Let couriers set out who would be late a minute later, and pick up what is ready."""
    for number in range(plans.counts[ACTIVE]):
        courier = plans.active[number]
        if plans.couriers[courier].trips == 0:
            continue
        trip = plans.plan[courier, 0]
        if plans.trips[trip].left == NEVER:
            _leave(day, plans, courier, trip, now)
        if plans.trips[trip].left != NEVER and pickup(day, plans, trip, plans.trips[trip].arrives, now) <= now:
            _pick_up(day, plans, courier, trip, now)
    _forget_gone(day, plans)


@inner
def _leave(day: Given, plans: Plans, courier: int, trip: int, now: int) -> None:
    away = ride_to(day, plans.couriers[courier].x, plans.couriers[courier].y, plans.trips[trip].restaurant)
    if plans.couriers[courier].free > now or now + away + day.rules.pickup_before < plans.trips[trip].ready:
        return
    plans.trips[trip].left, plans.trips[trip].settled, plans.trips[trip].arrives = now, now, now + away


@inner
def _pick_up(day: Given, plans: Plans, courier: int, trip: int, now: int) -> None:
    for place in range(plans.trips[trip].count):
        order = plans.orders[trip, place]
        day.track[order].assigned, day.track[order].departed = plans.trips[trip].settled, plans.trips[trip].left
        day.track[order].arrived = plans.trips[trip].arrives
    plans.couriers[courier].free = write(day, plans.orders[trip], plans.trips[trip].count, courier, now)
    plans.couriers[courier].x, plans.couriers[courier].y = plans.trips[trip].x, plans.trips[trip].y
    drop(plans, courier, 0)
    look_around(day, plans, courier)


@inner
def _forget_gone(day: Given, plans: Plans) -> None:
    kept = 0
    for number in range(plans.counts[KNOWN]):
        order = plans.known[number]
        if day.track[order].courier == NOBODY:
            plans.known[kept] = order
            kept += 1
    plans.counts[KNOWN] = kept
