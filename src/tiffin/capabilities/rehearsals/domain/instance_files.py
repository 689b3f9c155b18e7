"""Instances of the meal delivery routing problem as files: read as published, solved as evaluators read them."""

from collections.abc import Callable, Mapping
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.simulation.instance import Instance, Outcome
from tiffin.kernel.errors import InvalidData

ORDERS, COURIERS, RESTAURANTS, PARAMETERS = "orders.txt", "couriers.txt", "restaurants.txt", "instance_parameters.txt"
INSTANCE_FILES = (ORDERS, COURIERS, RESTAURANTS, PARAMETERS)
ASSIGNMENTS = "solution_info_assignments.txt"
MOVES = "solution_info_couriers.txt"
DELIVERIES = "solution_info_orders.txt"
ON_LOCATION = "0"

FORMS: Mapping[str, int] = {ORDERS: 6, COURIERS: 5, RESTAURANTS: 3, PARAMETERS: 7}
"""Columns of each file, tab separated, under one header line."""

_Value = TypeVar("_Value", int, float)


def read_instance(texts: Mapping[str, str]) -> Instance:
    """Read an instance from the text of its files, by file name.

    Raises
    ------
    InvalidData
        A line has another form, a number is none, or an order names an unknown restaurant.
    """
    rows = {name: _rows(name, texts[name]) for name in INSTANCE_FILES}
    (parameters,) = rows[PARAMETERS][:1] or [_refuse_empty(PARAMETERS)]
    orders, couriers, restaurants = rows[ORDERS], rows[COURIERS], rows[RESTAURANTS]
    number = {row[0]: index for index, row in enumerate(restaurants)}
    _refuse_unknown(orders, number)
    return Instance(
        order_ids=tuple(row[0] for row in orders),
        order_x=_numbers(ORDERS, orders, 1),
        order_y=_numbers(ORDERS, orders, 2),
        placed_min=_minutes(ORDERS, orders, 3),
        ready_min=_minutes(ORDERS, orders, 5),
        restaurant=np.array([number[row[4]] for row in orders], dtype=np.int64),
        courier_ids=tuple(row[0] for row in couriers),
        courier_x=_numbers(COURIERS, couriers, 1),
        courier_y=_numbers(COURIERS, couriers, 2),
        on_min=_minutes(COURIERS, couriers, 3),
        off_min=_minutes(COURIERS, couriers, 4),
        restaurant_ids=tuple(number),
        restaurant_x=_numbers(RESTAURANTS, restaurants, 1),
        restaurant_y=_numbers(RESTAURANTS, restaurants, 2),
        metres_per_minute=_value(float, PARAMETERS, 0, parameters[0]),
        pickup_min=_value(int, PARAMETERS, 0, parameters[1]),
        dropoff_min=_value(int, PARAMETERS, 0, parameters[2]),
        target_min=_value(int, PARAMETERS, 0, parameters[3]),
        maximum_min=_value(int, PARAMETERS, 0, parameters[4]),
        pay_per_order=_value(float, PARAMETERS, 0, parameters[5]),
        guarantee_per_hour=_value(float, PARAMETERS, 0, parameters[6]),
    )


def solution_files(instance: Instance, outcome: Outcome) -> Mapping[str, str]:
    """Write an outcome as the public evaluator reads it, by file name: space separated, one header line."""
    done = np.flatnonzero(outcome.courier >= 0)
    by_courier = done[np.lexsort((outcome.assigned_min[done], outcome.courier[done]))]
    by_time = done[np.lexsort((done, outcome.assigned_min[done]))]
    return {
        ASSIGNMENTS: _lines(
            "assignment_time pickup_time courier orders", [_assignment(instance, outcome, order) for order in by_time]
        ),
        MOVES: _lines("courier departure_time origin destination", _moves(instance, outcome, by_courier)),
        DELIVERIES: _lines(
            "order placement_time restaurant ready_time pickup_time dropoff_time courier",
            [_delivery(instance, outcome, order) for order in range(len(instance.order_ids))],
        ),
    }


def _assignment(instance: Instance, outcome: Outcome, order: int) -> str:
    courier = instance.courier_ids[outcome.courier[order]]
    return f"{outcome.assigned_min[order]} {outcome.pickup_min[order]} {courier} {instance.order_ids[order]}"


def _moves(instance: Instance, outcome: Outcome, orders: NDArray[np.int64]) -> list[str]:
    """Write two moves for each order: to the restaurant when told to, to the customer after half the pickup service."""
    lines, place, last = [], ON_LOCATION, -1
    rest = instance.pickup_min - instance.pickup_min // 2
    for order in orders:
        courier = outcome.courier[order]
        place = place if courier == last else ON_LOCATION
        name, restaurant = instance.courier_ids[courier], instance.restaurant_ids[instance.restaurant[order]]
        lines.append(f"{name} {outcome.assigned_min[order]} {place} {restaurant}")
        lines.append(f"{name} {outcome.pickup_min[order] + rest} {restaurant} {instance.order_ids[order]}")
        place, last = instance.order_ids[order], courier
    return lines


def _delivery(instance: Instance, outcome: Outcome, order: int) -> str:
    head = (
        f"{instance.order_ids[order]} {instance.placed_min[order]} "
        f"{instance.restaurant_ids[instance.restaurant[order]]} {instance.ready_min[order]}"
    )
    if outcome.courier[order] < 0:
        return f"{head}   "
    courier = instance.courier_ids[outcome.courier[order]]
    return f"{head} {outcome.pickup_min[order]} {outcome.dropoff_min[order]} {courier}"


def _lines(header: str, rows: list[str]) -> str:
    return "\n".join([header, *rows]) + "\n"


def _rows(name: str, text: str) -> list[list[str]]:
    rows = [line.split("\t") for line in text.splitlines()[1:] if line.strip()]
    for number, row in enumerate(rows, 2):
        if len(row) < FORMS[name]:
            raise InvalidData(
                f"{name}, line {number}: {FORMS[name]} tab-separated columns were expected, {len(row)} were found. "
                "Take the instance's files as they were published."
            )
    return rows


def _refuse_empty(name: str) -> list[str]:
    raise InvalidData(f"{name}: a header and a line of values were expected, and there is none.")


def _refuse_unknown(orders: list[list[str]], restaurants: Mapping[str, int]) -> None:
    for number, row in enumerate(orders, 2):
        if row[4] not in restaurants:
            raise InvalidData(
                f"{ORDERS}, line {number}: a restaurant of {RESTAURANTS} was expected, {row[4]!r} was found."
            )


def _numbers(name: str, rows: list[list[str]], column: int) -> NDArray[np.float64]:
    return np.array([_value(float, name, number, row[column]) for number, row in enumerate(rows)], dtype=np.float64)


def _minutes(name: str, rows: list[list[str]], column: int) -> NDArray[np.int64]:
    return np.array([_value(int, name, number, row[column]) for number, row in enumerate(rows)], dtype=np.int64)


def _value(kind: Callable[[str], _Value], name: str, number: int, text: str) -> _Value:
    try:
        return kind(text.strip())
    except ValueError as error:
        raise InvalidData(f"{name}, line {number + 2}: a number was expected, {text!r} was found.") from error
