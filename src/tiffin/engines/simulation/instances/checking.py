"""The rules that a solution must keep, checked without knowing who made it: from names, places and minutes alone.

References
----------
Reyes, Erera, Savelsbergh, Sahasrabudhe, O'Neil (2018), The meal delivery routing problem, section 3; the rules that the
public evaluator of the Grubhub instances checks are the first nine, the others follow from the same description.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np

from tiffin.engines.simulation.instances.instance import Instance
from tiffin.engines.simulation.instances.solution import ON_LOCATION, Assignment, Delivery, Move, Solution

Place = tuple[float, float]


class Rule(StrEnum):
    """What a solution may not do."""

    ONCE = "an order is in one assignment at most"
    KNOWN = "no assignment before its orders are placed"
    IN_SHIFT = "no pickup after the courier's off-time"
    READY = "no pickup before every order of the bundle is ready"
    SEQUENCE = "drop-offs in the bundle's order, a drop-off service apart"
    CONTINUOUS = "every move begins where the one before ended, the first where the courier came on"
    IN_TIME = "nobody leaves before he has come"
    AT_CUSTOMER = "at a drop-off the courier is at the customer's"
    AT_RESTAURANT = "at a pickup the courier is at the restaurant"
    ONE_RESTAURANT = "a bundle comes from one restaurant"
    PICKUP_SERVICE = "half the pickup service passes before the pickup, half after"
    DROPOFF_SERVICE = "half the drop-off service passes before the drop-off, half after"
    CAUSE = "nobody sets out to a restaurant before an order that he brings from there is placed"
    SAME = "orders are told as the instance and the assignments tell them"


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that was broken, and by whom: an order or a courier."""

    rule: Rule
    who: str


@dataclass(frozen=True, slots=True)
class _Stay:
    """A courier's time at a place, between two moves."""

    place: str
    came_min: int
    left_min: float


class _Checker:
    """One solution laid beside its instance."""

    def __init__(self, instance: Instance, solution: Solution) -> None:
        self.instance = instance
        self.solution = solution
        self.orders: Mapping[str, int] = {name: number for number, name in enumerate(instance.order_ids)}
        self.couriers: Mapping[str, int] = {name: number for number, name in enumerate(instance.courier_ids)}
        self.places = _places(instance)
        self.told: Mapping[str, Delivery] = {delivery.order: delivery for delivery in solution.deliveries}
        self.moves: dict[str, list[Move]] = defaultdict(list)
        for move in solution.moves:
            self.moves[move.courier].append(move)
        self.stays = {courier: self._stays(courier) for courier in self.moves}

    def restaurant(self, order: str) -> str:
        """Name the restaurant of an order."""
        return self.instance.restaurant_ids[int(self.instance.restaurant[self.orders[order]])]

    def ride_min(self, courier: str, origin: str, destination: str) -> int:
        """Tell how long a move takes."""
        ax, ay = self.places[courier if origin == ON_LOCATION else origin]
        bx, by = self.places[destination]
        return int(np.ceil(np.sqrt((ax - bx) ** 2 + (ay - by) ** 2) / self.instance.metres_per_minute))

    def stay(self, courier: str, place: str, at_min: int) -> _Stay | None:
        """Find the courier's stay at a place that holds an instant."""
        stays = (s for s in self.stays.get(courier, ()) if s.came_min <= at_min <= s.left_min)
        return next((stay for stay in stays if stay.place == place), None)

    def _stays(self, courier: str) -> tuple[_Stay, ...]:
        moves = self.moves[courier]
        came = [m.departed_min + self.ride_min(courier, m.origin, m.destination) for m in moves]
        left = [*(float(move.departed_min) for move in moves[1:]), np.inf]
        return tuple(_Stay(m.destination, c, until) for m, c, until in zip(moves, came, left, strict=True))


def violations(instance: Instance, solution: Solution) -> tuple[Violation, ...]:
    """List every rule that a solution breaks; an empty answer means that evaluators accept it."""
    strangers = tuple(_strangers(instance, solution))
    if strangers:
        return strangers
    checker = _Checker(instance, solution)
    return tuple(Violation(rule, who) for rule, broken in _RULES.items() for who in broken(checker))


def _places(instance: Instance) -> Mapping[str, Place]:
    named = (
        (instance.order_ids, instance.order_x, instance.order_y),
        (instance.restaurant_ids, instance.restaurant_x, instance.restaurant_y),
        (instance.courier_ids, instance.courier_x, instance.courier_y),
    )
    return {n: (float(x), float(y)) for ids, xs, ys in named for n, x, y in zip(ids, xs, ys, strict=True)}


def _strangers(instance: Instance, solution: Solution) -> Iterator[Violation]:
    """Find names that the instance does not know; nothing else can be told of them."""
    orders, couriers = set(instance.order_ids), set(instance.courier_ids)
    places = orders | set(instance.restaurant_ids) | {ON_LOCATION}
    named = [(move.courier, couriers) for move in solution.moves]
    named += [(place, places) for move in solution.moves for place in (move.origin, move.destination)]
    named += [(a.courier, couriers) for a in solution.assignments]
    named += [(order, orders) for a in solution.assignments for order in a.orders]
    named += [(delivery.order, orders) for delivery in solution.deliveries]
    yield from (Violation(Rule.SAME, name) for name, known in named if name not in known)
    told = Counter(delivery.order for delivery in solution.deliveries)
    yield from (Violation(Rule.SAME, order) for order in instance.order_ids if told[order] != 1)


def _once(c: _Checker) -> Iterator[str]:
    seen = Counter(order for assignment in c.solution.assignments for order in assignment.orders)
    return (order for order, times in seen.items() if times > 1)


def _known(c: _Checker) -> Iterator[str]:
    for a in c.solution.assignments:
        yield from (o for o in a.orders if a.assigned_min < c.instance.placed_min[c.orders[o]])


def _in_shift(c: _Checker) -> Iterator[str]:
    return (a.courier for a in c.solution.assignments if a.pickup_min > c.instance.off_min[c.couriers[a.courier]])


def _ready(c: _Checker) -> Iterator[str]:
    for a in c.solution.assignments:
        yield from (o for o in a.orders if a.pickup_min < c.instance.ready_min[c.orders[o]])


def _sequence(c: _Checker) -> Iterator[str]:
    for a in c.solution.assignments:
        for before, after in pairwise(a.orders):
            first, second = c.told[before].dropoff_min, c.told[after].dropoff_min
            if first is None or second is None or second < first + c.instance.dropoff_min:
                yield after


def _continuous(c: _Checker) -> Iterator[str]:
    for courier, moves in c.moves.items():
        ends = [ON_LOCATION, *(move.destination for move in moves)]
        yield from (courier for move, end in zip(moves, ends, strict=False) if move.origin != end)


def _in_time(c: _Checker) -> Iterator[str]:
    for courier, moves in c.moves.items():
        came = [int(c.instance.on_min[c.couriers[courier]]), *(stay.came_min for stay in c.stays[courier])]
        yield from (courier for move, since in zip(moves, came, strict=False) if move.departed_min < since)


def _at_customer(c: _Checker) -> Iterator[str]:
    for told in c.solution.deliveries:
        if told.dropoff_min is not None and c.stay(told.courier or "", told.order, told.dropoff_min) is None:
            yield told.order


def _at_restaurant(c: _Checker) -> Iterator[str]:
    return (a.orders[0] for a in c.solution.assignments if _pickup_stay(c, a) is None)


def _one_restaurant(c: _Checker) -> Iterator[str]:
    return (a.orders[0] for a in c.solution.assignments if len({c.restaurant(order) for order in a.orders}) > 1)


def _pickup_service(c: _Checker) -> Iterator[str]:
    before = c.instance.pickup_min // 2
    after = c.instance.pickup_min - before
    for a in c.solution.assignments:
        stay = _pickup_stay(c, a)
        if stay is not None and not stay.came_min + before <= a.pickup_min <= stay.left_min - after:
            yield a.orders[0]


def _dropoff_service(c: _Checker) -> Iterator[str]:
    before = c.instance.dropoff_min // 2
    after = c.instance.dropoff_min - before
    for told in c.solution.deliveries:
        stay = None if told.dropoff_min is None else c.stay(told.courier or "", told.order, told.dropoff_min)
        if stay is not None and not stay.came_min + before <= (told.dropoff_min or 0) <= stay.left_min - after:
            yield told.order


def _cause(c: _Checker) -> Iterator[str]:
    for a in c.solution.assignments:
        stay = _pickup_stay(c, a)
        if stay is None:
            continue
        departed = stay.came_min - _ride_there(c, a.courier, stay)
        if departed < min(c.instance.placed_min[c.orders[order]] for order in a.orders):
            yield a.orders[0]


def _same(c: _Checker) -> Iterator[str]:
    carried = {order: a for a in c.solution.assignments for order in a.orders}
    for told in c.solution.deliveries:
        order, a = c.orders[told.order], carried.get(told.order)
        given = (c.instance.placed_min[order], c.restaurant(told.order), c.instance.ready_min[order])
        brought = (None, None) if a is None else (a.pickup_min, a.courier)
        same = given == (told.placed_min, told.restaurant, told.ready_min)
        if not same or brought != (told.pickup_min, told.courier) or (told.dropoff_min is None) != (a is None):
            yield told.order


def _pickup_stay(c: _Checker, a: Assignment) -> _Stay | None:
    return c.stay(a.courier, c.restaurant(a.orders[0]), a.pickup_min)


def _ride_there(c: _Checker, courier: str, stay: _Stay) -> int:
    move = c.moves[courier][c.stays[courier].index(stay)]
    return c.ride_min(courier, move.origin, move.destination)


_RULES: Mapping[Rule, Callable[[_Checker], Iterator[str]]] = {
    Rule.ONCE: _once,
    Rule.KNOWN: _known,
    Rule.IN_SHIFT: _in_shift,
    Rule.READY: _ready,
    Rule.SEQUENCE: _sequence,
    Rule.CONTINUOUS: _continuous,
    Rule.IN_TIME: _in_time,
    Rule.AT_CUSTOMER: _at_customer,
    Rule.AT_RESTAURANT: _at_restaurant,
    Rule.ONE_RESTAURANT: _one_restaurant,
    Rule.PICKUP_SERVICE: _pickup_service,
    Rule.DROPOFF_SERVICE: _dropoff_service,
    Rule.CAUSE: _cause,
    Rule.SAME: _same,
}
