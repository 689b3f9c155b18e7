"""A solution as evaluators see it: assignments, couriers' moves, and what became of each order, all by name."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from tiffin.engines.simulation.instances.instance import Instance
from tiffin.engines.simulation.instances.outcome import Outcome

ON_LOCATION = "0"
"""How a courier's first place is named as the origin of a move."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """Orders that a courier picks up together, in the order of their drop-offs."""

    assigned_min: int
    pickup_min: int
    courier: str
    orders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """A courier's ride from one place to another; places are restaurants, orders, or where he came on."""

    courier: str
    departed_min: int
    origin: str
    destination: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of an order; without pickup, drop-off and courier nobody brought it."""

    order: str
    placed_min: int
    restaurant: str
    ready_min: int
    pickup_min: int | None = None
    dropoff_min: int | None = None
    courier: str | None = None


@dataclass(frozen=True, slots=True)
class Solution:
    """All that is written about a day."""

    assignments: tuple[Assignment, ...]
    moves: tuple[Move, ...]
    deliveries: tuple[Delivery, ...]


def solution_of(instance: Instance, outcome: Outcome) -> Solution:
    """Tell an outcome by names: assignments by time, moves by courier and time, orders as in the instance."""
    trips = _trips(outcome)
    by_time = sorted(trips, key=lambda trip: (int(outcome.assigned_min[trip[0]]), trip[0]))
    return Solution(
        assignments=tuple(_assignment(instance, outcome, trip) for trip in by_time),
        moves=tuple(
            move for trips_of_one in _by_courier(outcome, trips) for move in _moves(instance, outcome, trips_of_one)
        ),
        deliveries=tuple(_delivery(instance, outcome, order) for order in range(len(instance.order_ids))),
    )


def _trips(outcome: Outcome) -> list[list[int]]:
    """List the orders of each trip in the order of their drop-offs, by courier and pickup."""
    done = np.flatnonzero(outcome.courier >= 0)
    keys = (outcome.dropoff_min[done], outcome.trip[done], outcome.pickup_min[done], outcome.courier[done])
    in_turn = [int(order) for order in done[np.lexsort(keys)]]
    return [list(orders) for _, orders in groupby(in_turn, key=lambda order: int(outcome.trip[order]))]


def _by_courier(outcome: Outcome, trips: list[list[int]]) -> Iterator[list[list[int]]]:
    return (list(own) for _, own in groupby(trips, key=lambda trip: int(outcome.courier[trip[0]])))


def _assignment(instance: Instance, outcome: Outcome, trip: list[int]) -> Assignment:
    first = trip[0]
    return Assignment(
        assigned_min=int(outcome.assigned_min[first]),
        pickup_min=int(outcome.pickup_min[first]),
        courier=instance.courier_ids[outcome.courier[first]],
        orders=tuple(instance.order_ids[order] for order in trip),
    )


def _moves(instance: Instance, outcome: Outcome, trips: list[list[int]]) -> Iterator[Move]:
    """Tell one courier's moves: to the restaurant, and on to each customer after half the service before."""
    after_pickup = instance.pickup_min - instance.pickup_min // 2
    after_dropoff = instance.dropoff_min - instance.dropoff_min // 2
    place = ON_LOCATION
    for trip in trips:
        courier = instance.courier_ids[outcome.courier[trip[0]]]
        restaurant = instance.restaurant_ids[instance.restaurant[trip[0]]]
        yield Move(courier, int(outcome.departed_min[trip[0]]), place, restaurant)
        place, leaves = restaurant, int(outcome.pickup_min[trip[0]]) + after_pickup
        for order in trip:
            yield Move(courier, leaves, place, instance.order_ids[order])
            place, leaves = instance.order_ids[order], int(outcome.dropoff_min[order]) + after_dropoff


def _delivery(instance: Instance, outcome: Outcome, order: int) -> Delivery:
    delivery = Delivery(
        order=instance.order_ids[order],
        placed_min=int(instance.placed_min[order]),
        restaurant=instance.restaurant_ids[instance.restaurant[order]],
        ready_min=int(instance.ready_min[order]),
    )
    if outcome.courier[order] < 0:
        return delivery
    return Delivery(
        order=delivery.order,
        placed_min=delivery.placed_min,
        restaurant=delivery.restaurant,
        ready_min=delivery.ready_min,
        pickup_min=int(outcome.pickup_min[order]),
        dropoff_min=int(outcome.dropoff_min[order]),
        courier=instance.courier_ids[outcome.courier[order]],
    )
