"""Orders of one restaurant that a courier takes along together: in which turn, and what each loses by it."""

from tiffin.engines.simulation.compiled import inner
from tiffin.engines.simulation.instances.day import Given
from tiffin.engines.simulation.instances.riding import ride_between
from tiffin.engines.simulation.tables import Indices

LONGEST = 6
"""Orders that a courier takes along at once, at most."""


@inner
def measure(day: Given, orders: Indices, size: int) -> tuple[int, int, int]:
    """Tell of a route when all its goods are ready, what its customers lose by it, and how long it takes from pickup.

    Notes
    -----
    A loss is the minutes by which a customer is served later than if a courier had taken his order alone the minute it
    was ready; every minute of waiting at the restaurant adds one for each order.
    """
    rules, ready, lost = day.rules, 0, 0
    for place in range(size):
        ready = max(ready, day.orders[orders[place]].ready)
    after = rules.pickup_after
    for place in range(size):
        order = orders[place]
        alone = day.orders[order].direct
        after += alone if place == 0 else ride_between(day, orders[place - 1], order)
        lost += ready - day.orders[order].ready + after - rules.pickup_after - alone
        after += rules.dropoff_before + rules.dropoff_after
    return ready, lost, after


@inner
def insert(orders: Indices, size: int, order: int, place: int) -> None:
    """Put an order into a route of so many orders, before the one at a place."""
    for later in range(size, place, -1):
        orders[later] = orders[later - 1]
    orders[place] = order


@inner
def take_out(orders: Indices, size: int, place: int) -> None:
    """Take the order at a place out of a route of so many orders."""
    for later in range(place, size - 1):
        orders[later] = orders[later + 1]


@inner
def try_at(trial: Indices, orders: Indices, size: int, order: int, place: int) -> None:
    """Write into `trial` the route as it would be with one more order at a place."""
    for index in range(size + 1):
        if index == place:
            trial[index] = order
        else:
            trial[index] = orders[index] if index < place else orders[index - 1]


@inner
def write(day: Given, orders: Indices, size: int, courier: int, pickup: int) -> int:
    """Write when each order of a route that is picked up now is handed over, and tell when the courier is free."""
    rules = day.rules
    at = pickup + rules.pickup_after
    for place in range(size):
        order = orders[place]
        at += day.orders[order].direct if place == 0 else ride_between(day, orders[place - 1], order)
        at += rules.dropoff_before
        day.track[order].courier, day.track[order].trip = courier, orders[0]
        day.track[order].pickup, day.track[order].dropoff = pickup, at
        at += rules.dropoff_after
    return at
