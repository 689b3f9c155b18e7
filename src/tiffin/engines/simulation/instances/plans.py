"""Couriers' plans: the trips that each would make with what is known now, and what they would cost the customers."""

from typing import NamedTuple

import numpy as np

from tiffin.engines.simulation.compiled import inner
from tiffin.engines.simulation.instances.assignment import Market, empty_market
from tiffin.engines.simulation.instances.day import NOBODY, Given
from tiffin.engines.simulation.instances.riding import ride_to
from tiffin.engines.simulation.instances.routes import LONGEST, insert, measure, take_out
from tiffin.engines.simulation.tables import NEVER, Floats, Indices, Records, records

MOST_TRIPS = 30
"""Trips in one courier's plan, at most."""
SHIFT_PRICE = 0.01
"""Minutes a trip for each minute that is left of the shift: who goes off soon goes first, he is of no use later."""
SHIFT_MIN = 120
"""What is left of a shift beyond this counts no more."""
PLACE_PRICE = 0.15
"""Minutes for each minute that a courier waits nearer to the restaurants: who stands badly goes first."""

BETTER = 1e-6
"""What a change must gain at least, in minutes."""

State = tuple[int, float, float]
"""When a courier is free, and where: metres east and north."""

COURIERS = {
    "x": "f8",  # where he is when he is free
    "y": "f8",
    "free": "i8",  # from when on, by what he has picked up
    "off": "i8",
    "trips": "i8",  # number of trips in his plan
    "remote": "f8",  # mean ride from there to where orders come from
}
TRIPS = {
    "courier": "i8",
    "restaurant": "i8",
    "count": "i8",  # orders that it brings
    "ready": "i8",  # when all its goods are
    "lost": "i8",  # what its customers lose even if it is picked up then
    "after": "i8",  # how long it takes from pickup
    "x": "f8",  # where it ends
    "y": "f8",
    "left": "i8",  # when the courier set out, or NEVER
    "arrives": "i8",
    "settled": "i8",  # when its orders were last changed
}


class Plans(NamedTuple):
    """All plans, with working space.

    Parameters
    ----------
    couriers, trips : records of COURIERS and TRIPS
    plan : (n_couriers, MOST_TRIPS), each courier's trips in turn
    orders : (n_trips, LONGEST), each trip's orders in the turn of their drop-offs
    trip_of : (n_orders,), the trip that an order is planned in, or NOBODY
    spare : (n_trips,), numbers of trips that are not in use, the first `counts[SPARE]` of them
    known : (n_orders,), orders that are placed and not picked up, the first `counts[KNOWN]` of them
    active : (n_couriers,), couriers who may still pick up something, the first `counts[ACTIVE]` of them
    popular : (n_restaurants,), one and the number of orders placed there today
    minute_price : (1,), what a courier's minute is worth now
    chance, out : random numbers, and room for the orders that are taken out at once; see `reinserting`
    found, found_cost : the best place found for an order: courier, trip, place in its route; and what it adds
    """

    couriers: Records
    trips: Records
    plan: Indices
    orders: Indices
    trip_of: Indices
    spare: Indices
    known: Indices
    active: Indices
    counts: Indices
    popular: Floats
    minute_price: Floats
    found: Indices
    found_cost: Floats
    trial: Indices
    market: Market
    planners: Indices
    candidates: Indices
    kept: Indices
    chance: Floats
    out: Indices


SPARE, KNOWN, ACTIVE = range(3)


def empty_plans(day: Given, chance: Floats, *, most_out: int) -> Plans:
    """Begin a day without plans."""
    orders, couriers = len(day.orders), len(day.couriers)
    nothing = np.zeros(couriers)
    counts = np.zeros(3, dtype=np.int64)
    counts[SPARE] = orders
    return Plans(
        couriers=records(
            COURIERS,
            x=day.couriers.x,
            y=day.couriers.y,
            free=day.couriers.on,
            off=day.couriers.off,
            trips=nothing,
            remote=nothing,
        ),
        trips=records(TRIPS, **dict.fromkeys(TRIPS, np.zeros(orders))),
        plan=np.zeros((couriers, MOST_TRIPS + 1), dtype=np.int64),
        orders=np.zeros((orders, LONGEST), dtype=np.int64),
        trip_of=np.full(orders, NOBODY, dtype=np.int64),
        spare=np.arange(orders, dtype=np.int64)[::-1].copy(),
        known=np.zeros(orders, dtype=np.int64),
        active=np.zeros(couriers, dtype=np.int64),
        counts=counts,
        popular=np.ones(len(day.restaurants)),
        minute_price=np.zeros(1),
        found=np.zeros(3, dtype=np.int64),
        found_cost=np.zeros(1),
        trial=np.zeros(LONGEST, dtype=np.int64),
        market=empty_market(rows=couriers, columns=couriers),
        planners=np.zeros(couriers, dtype=np.int64),
        candidates=np.zeros(couriers, dtype=np.int64),
        kept=np.zeros((couriers, MOST_TRIPS + 2), dtype=np.int64),
        chance=chance,
        out=np.zeros((most_out, 6), dtype=np.int64),
    )


@inner
def arrival(day: Given, plans: Plans, trip: int, at: int, x: float, y: float) -> int:
    """Tell when a courier who leaves a place then is at a trip's restaurant; he may be on his way already."""
    if plans.trips[trip].left != NEVER:
        return int(plans.trips[trip].arrives)
    return int(at + ride_to(day, x, y, plans.trips[trip].restaurant))


@inner
def pickup(day: Given, plans: Plans, trip: int, arrives: int, now: int) -> int:
    """Tell when a trip is picked up by who arrives then: when it is ready, and never in the past."""
    return int(max(plans.trips[trip].ready, now, arrives + day.rules.pickup_before))


@inner
def cost_from(day: Given, plans: Plans, planner: int, first: int, courier: int, state: State, now: int) -> float:
    """Tell what customers lose if a courier, free at a time and place, makes the trips of a plan from one of them on.

    Notes
    -----
    To their minutes come those of the courier's own time, at the price that these have now. Infinite where a trip would
    be picked up after his shift.
    """
    at, x, y = state
    cost = 0.0
    for index in range(first, plans.couriers[planner].trips):
        trip = plans.plan[planner, index]
        at = pickup(day, plans, trip, arrival(day, plans, trip, at, x, y), now)
        if at > plans.couriers[courier].off:
            return np.inf
        cost += plans.trips[trip].lost + plans.trips[trip].count * (at - plans.trips[trip].ready)
        at += plans.trips[trip].after
        x, y = plans.trips[trip].x, plans.trips[trip].y
    return float(cost + plans.minute_price[0] * (at - now))


@inner
def shift_price(plans: Plans, courier: int, now: int) -> float:
    """Tell what a trip costs for using up a courier who could serve later."""
    return float(SHIFT_PRICE * min(max(plans.couriers[courier].off - now, 0), SHIFT_MIN))


@inner
def place_price(plans: Plans, courier: int) -> float:
    """Tell what it costs to send a waiting courier away from where he is; the less, the worse he stands there."""
    return float(-PLACE_PRICE * plans.couriers[courier].remote)


@inner
def plan_cost(day: Given, plans: Plans, planner: int, courier: int, now: int) -> float:
    """Tell what a plan costs if a courier carries it out."""
    trips = plans.couriers[planner].trips
    if trips == 0:
        return 0.0
    state = (max(now, plans.couriers[courier].free), plans.couriers[courier].x, plans.couriers[courier].y)
    used = shift_price(plans, courier, now) * trips + place_price(plans, courier)
    return float(cost_from(day, plans, planner, 0, courier, state, now) + used)


@inner
def look_around(day: Given, plans: Plans, courier: int) -> None:
    """Measure how far a courier's place lies from where orders come from."""
    rides, orders = 0.0, 0.0
    for restaurant in range(len(day.restaurants)):
        away = ride_to(day, plans.couriers[courier].x, plans.couriers[courier].y, restaurant)
        rides += plans.popular[restaurant] * away
        orders += plans.popular[restaurant]
    plans.couriers[courier].remote = rides / orders


@inner
def remeasure(day: Given, plans: Plans, trip: int) -> None:
    """Measure a trip anew after a change of its orders."""
    size = plans.trips[trip].count
    ready, lost, after = measure(day, plans.orders[trip], size)
    last = plans.orders[trip, size - 1]
    plans.trips[trip].ready, plans.trips[trip].lost, plans.trips[trip].after = ready, lost, after
    plans.trips[trip].x, plans.trips[trip].y = day.orders[last].x, day.orders[last].y


@inner
def plan(day: Given, plans: Plans, order: int, courier: int, index: int, place: int, now: int) -> None:
    """Plan an order: at a place of a trip that is planned, or, without a place, as a trip of its own before it."""
    if place == NOBODY:
        plans.counts[SPARE] -= 1
        trip = plans.spare[plans.counts[SPARE]]
        insert(plans.plan[courier], plans.couriers[courier].trips, trip, index)
        plans.couriers[courier].trips += 1
        plans.trips[trip].courier, plans.trips[trip].restaurant = courier, day.orders[order].restaurant
        plans.trips[trip].count, plans.trips[trip].left = 0, NEVER
    trip = plans.plan[courier, index]
    insert(plans.orders[trip], plans.trips[trip].count, order, max(place, 0))
    plans.trips[trip].count += 1
    plans.trips[trip].settled = now
    plans.trip_of[order] = trip
    remeasure(day, plans, trip)


@inner
def may_move(day: Given, plans: Plans, order: int) -> bool:
    """Tell whether an order may leave its trip: its courier has not set out, or left for another in it besides."""
    trip = plans.trip_of[order]
    if trip == NOBODY or plans.trips[trip].left == NEVER:
        return True
    for place in range(plans.trips[trip].count):
        other = plans.orders[trip, place]
        if other != order and day.orders[other].placed <= plans.trips[trip].left:
            return True
    return False


@inner
def unplan(day: Given, plans: Plans, order: int, now: int) -> tuple[int, int, int]:
    """Take an order out of the plans and tell where it was: courier, trip, place; without a place it was alone."""
    trip = plans.trip_of[order]
    courier, size = plans.trips[trip].courier, plans.trips[trip].count
    index = position(plans.plan[courier], trip)
    plans.trip_of[order] = NOBODY
    if size == 1:
        drop(plans, courier, index)
        return courier, index, NOBODY
    place = position(plans.orders[trip], order)
    take_out(plans.orders[trip], size, place)
    plans.trips[trip].count -= 1
    plans.trips[trip].settled = now
    remeasure(day, plans, trip)
    return courier, index, place


@inner
def drop(plans: Plans, courier: int, index: int) -> None:
    """Take a trip out of a courier's plan."""
    trip = plans.plan[courier, index]
    take_out(plans.plan[courier], plans.couriers[courier].trips, index)
    plans.couriers[courier].trips -= 1
    plans.spare[plans.counts[SPARE]] = trip
    plans.counts[SPARE] += 1


@inner
def position(numbers: Indices, number: int) -> int:
    """Find where a number that is there stands."""
    place = 0
    while numbers[place] != number:
        place += 1
    return place
