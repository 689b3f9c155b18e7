"""The arrays of a day of the routing problem: what is given, and what happens to it."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.simulation.instances.instance import Instance
from tiffin.engines.simulation.instances.outcome import Outcome
from tiffin.engines.simulation.tables import NEVER, Indices, Records, records

NOBODY = -1

ORDERS = {
    "x": "f8",
    "y": "f8",
    "placed": "i8",
    "ready": "i8",
    "restaurant": "i8",
    "direct": "i8",  # ride from the restaurant to the customer
}
RESTAURANTS = {"x": "f8", "y": "f8"}
COURIERS = {"x": "f8", "y": "f8", "on": "i8", "off": "i8"}
TRACK = dict.fromkeys(("courier", "trip", "assigned", "departed", "arrived", "pickup", "dropoff"), "i8")
"""What happened to each order; see `Outcome`."""


class Rules(NamedTuple):
    """The instance's parameters as whole minutes, services split into what passes before and after the hand-over."""

    metres_per_minute: float
    pickup_before: int
    pickup_after: int
    dropoff_before: int
    dropoff_after: int
    maximum: int


class Given(NamedTuple):
    """What is given; only `track` is written."""

    orders: Records
    restaurants: Records
    couriers: Records
    track: Records
    rules: Rules


def given(instance: Instance) -> Given:
    """Lay an instance out as records; nothing has happened yet."""
    nothing = dict.fromkeys(TRACK, np.full(len(instance.order_ids), NEVER, dtype=np.int64))
    return Given(
        orders=records(
            ORDERS,
            x=instance.order_x,
            y=instance.order_y,
            placed=instance.placed_min,
            ready=instance.ready_min,
            restaurant=instance.restaurant,
            direct=_direct(instance),
        ),
        restaurants=records(RESTAURANTS, x=instance.restaurant_x, y=instance.restaurant_y),
        couriers=records(
            COURIERS, x=instance.courier_x, y=instance.courier_y, on=instance.on_min, off=instance.off_min
        ),
        track=records(TRACK, **nothing),
        rules=_rules(instance),
    )


def last_minute(day: Given) -> int:
    """Tell a minute after which nothing can happen: nobody picks up after his shift, and every ride ends."""
    xs, ys = (np.concatenate([day.orders[a], day.restaurants[a], day.couriers[a]]) for a in ("x", "y"))
    across = float(np.hypot(_extent(xs), _extent(ys))) / day.rules.metres_per_minute + 1
    service = day.rules.pickup_after + day.rules.dropoff_before + day.rules.dropoff_after
    last = max(_last(day.couriers.off), _last(day.orders.ready), _last(day.orders.placed)) + day.rules.maximum
    return int(last + LONGEST_BUNDLE * (across + service) + 1)


LONGEST_BUNDLE = 8
"""Orders that a courier takes along at once, at most."""


def outcome_of(track: Records, *, events: int | None = None) -> Outcome:
    """Read what happened; without a count of events, each order's placing, and what follows if it is brought."""

    def column(name: str) -> Indices:
        return np.ascontiguousarray(track[name])

    return Outcome(
        courier=column("courier"),
        trip=column("trip"),
        assigned_min=column("assigned"),
        departed_min=column("departed"),
        arrived_min=column("arrived"),
        pickup_min=column("pickup"),
        dropoff_min=column("dropoff"),
        events=len(track) + 3 * int((track.courier != NOBODY).sum()) if events is None else events,
    )


def _direct(instance: Instance) -> Indices:
    east = instance.restaurant_x[instance.restaurant] - instance.order_x
    north = instance.restaurant_y[instance.restaurant] - instance.order_y
    metres = np.sqrt(east * east + north * north)
    return np.asarray(np.ceil(metres / instance.metres_per_minute), dtype=np.int64)


def _rules(instance: Instance) -> Rules:
    before, handing = instance.pickup_min // 2, instance.dropoff_min // 2
    return Rules(
        metres_per_minute=float(instance.metres_per_minute),
        pickup_before=before,
        pickup_after=instance.pickup_min - before,
        dropoff_before=handing,
        dropoff_after=instance.dropoff_min - handing,
        maximum=instance.maximum_min,
    )


def _extent(places: NDArray[Any]) -> float:
    return float(places.max() - places.min()) if len(places) else 0.0


def _last(minutes: NDArray[Any]) -> int:
    return int(minutes.max()) if len(minutes) else 0
