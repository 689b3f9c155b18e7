"""Instances of the meal delivery routing problem as files: read and written as they were published."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.simulation.instances.instance import Instance
from tiffin.kernel.errors import InvalidData

ORDERS, COURIERS, RESTAURANTS, PARAMETERS = "orders.txt", "couriers.txt", "restaurants.txt", "instance_parameters.txt"
INSTANCE_FILES = (ORDERS, COURIERS, RESTAURANTS, PARAMETERS)
FORMS: Mapping[str, int] = {ORDERS: 6, COURIERS: 5, RESTAURANTS: 3, PARAMETERS: 7}
"""Columns of each file, tab separated, under one header line."""

_Value = TypeVar("_Value", int, float)


HEADERS: Mapping[str, str] = {
    ORDERS: "order\tx\ty\tplacement_time\trestaurant\tready_time",
    COURIERS: "courier\tx\ty\ton_time\toff_time",
    RESTAURANTS: "restaurant\tx\ty",
    PARAMETERS: "meters_per_minute\tpickup service minutes\tdropoff service minutes\ttarget click-to-door\t"
    "maximum click-to-door\tpay per order\tguaranteed pay per hour",
}


def instance_files(instance: Instance) -> Mapping[str, str]:
    """Write an instance by file name, as the published ones are written; places to the metre."""
    orders = zip(
        instance.order_ids,
        _whole(instance.order_x),
        _whole(instance.order_y),
        instance.placed_min,
        (instance.restaurant_ids[number] for number in instance.restaurant),
        instance.ready_min,
        strict=True,
    )
    couriers = zip(
        instance.courier_ids,
        _whole(instance.courier_x),
        _whole(instance.courier_y),
        instance.on_min,
        instance.off_min,
        strict=True,
    )
    parameters = (
        f"{instance.metres_per_minute:g}",
        instance.pickup_min,
        instance.dropoff_min,
        instance.target_min,
        instance.maximum_min,
        f"{instance.pay_per_order:g}",
        f"{instance.guarantee_per_hour:g}",
    )
    restaurants = zip(
        instance.restaurant_ids, _whole(instance.restaurant_x), _whole(instance.restaurant_y), strict=True
    )
    tables = {ORDERS: orders, COURIERS: couriers, RESTAURANTS: restaurants, PARAMETERS: [parameters]}
    return {name: _text(name, rows) for name, rows in tables.items()}


def _text(name: str, rows: Iterable[tuple[object, ...]]) -> str:
    return "\n".join([HEADERS[name], *("\t".join(str(cell) for cell in row) for row in rows)]) + "\n"


def _whole(metres: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.rint(metres).astype(np.int64)


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
