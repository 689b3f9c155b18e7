"""How long rides take, and what follows from sending a courier to one order."""

import numpy as np

from tiffin.engines.simulation.compiled import inner
from tiffin.engines.simulation.instances.day import Given


@inner
def metres(ax: float, ay: float, bx: float, by: float) -> float:
    """Measure a straight line."""
    return float(np.sqrt((ax - bx) * (ax - bx) + (ay - by) * (ay - by)))


@inner
def ride(day: Given, distance_m: float) -> int:
    """Tell how many minutes a ride takes, rounded up as the rules say."""
    return int(np.ceil(distance_m / day.rules.metres_per_minute))


@inner
def ride_to(day: Given, x: float, y: float, restaurant: int) -> int:
    """Tell how many minutes it is from a place to a restaurant."""
    return ride(day, metres(x, y, day.restaurants[restaurant].x, day.restaurants[restaurant].y))


@inner
def ride_between(day: Given, order: int, other: int) -> int:
    """Tell how many minutes it is from one customer to another."""
    return ride(day, metres(day.orders[order].x, day.orders[order].y, day.orders[other].x, day.orders[other].y))


@inner
def send(day: Given, courier: int, order: int, now: int, away_m: float) -> int:
    """Send a courier to one order at once and tell when he will be free again; its trip is numbered like the order."""
    ready, rules = day.orders[order].ready, day.rules
    arrived = now + ride(day, away_m)
    pickup = max(ready, arrived + rules.pickup_before)
    dropoff = pickup + rules.pickup_after + day.orders[order].direct + rules.dropoff_before
    day.track[order].courier, day.track[order].trip = courier, order
    day.track[order].assigned, day.track[order].departed = now, now
    day.track[order].arrived, day.track[order].pickup, day.track[order].dropoff = arrived, pickup, dropoff
    return int(dropoff + rules.dropoff_after)


@inner
def can_bring(day: Given, courier: int, order: int, now: int, away_m: float) -> bool:
    """Tell whether a courier who is sent now picks up within his shift."""
    pickup = max(day.orders[order].ready, now + ride(day, away_m) + day.rules.pickup_before)
    return bool(pickup <= day.couriers[courier].off)
