"""The best place for an order in all plans: a trip of its own between two others, or in a bundle of its restaurant."""

from tiffin.engines.simulation.compiled import inner
from tiffin.engines.simulation.instances.day import NOBODY, Given
from tiffin.engines.simulation.instances.plans import (
    ACTIVE,
    MOST_TRIPS,
    Plans,
    arrival,
    cost_from,
    pickup,
    place_price,
    shift_price,
)
from tiffin.engines.simulation.instances.riding import ride_to
from tiffin.engines.simulation.instances.routes import LONGEST, measure, try_at
from tiffin.engines.simulation.tables import NEVER


@inner
def find_place(day: Given, plans: Plans, order: int, most: float, now: int) -> bool:
    """Find where an order adds least to what all plans cost, below a bound; the place is in `found`."""
    plans.found_cost[0], plans.found[0] = most, NOBODY
    for number in range(plans.counts[ACTIVE]):
        courier = plans.active[number]
        at = max(now, plans.couriers[courier].free)
        least = at + day.rules.pickup_before - day.orders[order].ready + shift_price(plans, courier, now)
        least += place_price(plans, courier) if plans.couriers[courier].trips == 0 else 0.0
        if least < plans.found_cost[0] and plans.couriers[courier].trips < MOST_TRIPS:
            _try_courier(day, plans, order, courier, now)
    return bool(plans.found[0] != NOBODY)


@inner
def _try_courier(day: Given, plans: Plans, order: int, courier: int, now: int) -> None:
    trips, restaurant = plans.couriers[courier].trips, day.orders[order].restaurant
    at, x, y = max(now, plans.couriers[courier].free), plans.couriers[courier].x, plans.couriers[courier].y
    saved = cost_from(day, plans, courier, 0, courier, (at, x, y), now) if trips > 0 else 0.0
    used = shift_price(plans, courier, now) + (place_price(plans, courier) if trips == 0 else 0.0)
    before = 0.0 - saved
    for index in range(trips + 1):
        if at + day.rules.pickup_before - day.orders[order].ready + used >= plans.found_cost[0]:
            return
        trip = plans.plan[courier, index] if index < trips else NOBODY
        if trip == NOBODY or plans.trips[trip].left == NEVER:
            _try_alone(day, plans, order, courier, index, (at, x, y, before + used), now)
        if trip == NOBODY:
            return
        arrives = arrival(day, plans, trip, at, x, y)
        if plans.trips[trip].restaurant == restaurant and plans.trips[trip].count < LONGEST:
            _try_bundle(day, plans, order, courier, index, (arrives, before), now)
        at = pickup(day, plans, trip, arrives, now)
        before += plans.trips[trip].lost + plans.trips[trip].count * (at - plans.trips[trip].ready)
        at, x, y = at + plans.trips[trip].after, plans.trips[trip].x, plans.trips[trip].y


@inner
def _try_alone(
    day: Given, plans: Plans, order: int, courier: int, index: int, state: tuple[int, float, float, float], now: int
) -> None:
    at, x, y, cost = state
    ready, rules = day.orders[order].ready, day.rules
    picked = max(ready, at + ride_to(day, x, y, day.orders[order].restaurant) + rules.pickup_before)
    cost += picked - ready
    if picked > plans.couriers[courier].off or cost >= plans.found_cost[0]:
        return
    free = picked + rules.pickup_after + day.orders[order].direct + rules.dropoff_before + rules.dropoff_after
    end = (free, day.orders[order].x, day.orders[order].y)
    cost += cost_from(day, plans, courier, index, courier, end, now)
    if cost < plans.found_cost[0]:
        plans.found_cost[0] = cost
        plans.found[0], plans.found[1], plans.found[2] = courier, index, NOBODY


@inner
def _try_bundle(
    day: Given, plans: Plans, order: int, courier: int, index: int, state: tuple[int, float], now: int
) -> None:
    arrives, before = state
    trip = plans.plan[courier, index]
    size = plans.trips[trip].count
    for place in range(size + 1):
        try_at(plans.trial, plans.orders[trip], size, order, place)
        ready, lost, after = measure(day, plans.trial, size + 1)
        picked = max(ready, now, arrives + day.rules.pickup_before)
        cost = before + lost + (size + 1) * (picked - ready)
        if picked > plans.couriers[courier].off or cost >= plans.found_cost[0]:
            continue
        last = plans.trial[size]
        end = (picked + after, day.orders[last].x, day.orders[last].y)
        cost += cost_from(day, plans, courier, index + 1, courier, end, now)
        if cost < plans.found_cost[0]:
            plans.found_cost[0] = cost
            plans.found[0], plans.found[1], plans.found[2] = courier, index, place
