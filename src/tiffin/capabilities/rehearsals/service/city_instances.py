"""A business day of a city's facts, written as an instance of the routing problem for whoever may see all of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date
from pathlib import Path

from tiffin.capabilities.rehearsals import queries
from tiffin.capabilities.rehearsals.domain.city_instance import (
    DEGREES,
    METRES,
    TIMES,
    CityInstance,
    InstanceRules,
    city_instance,
)
from tiffin.capabilities.rehearsals.domain.demo import DEMO_DAYS
from tiffin.capabilities.rehearsals.domain.instance_files import instance_files
from tiffin.capabilities.rehearsals.service.definitions import read_parameters
from tiffin.capabilities.rehearsals.service.fact_cities import FactCity, find_fact_city
from tiffin.kernel.errors import Forbidden, NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.actor import GUARDED
from tiffin.runtime.classes import class_in_force, confirmed_classes
from tiffin.runtime.context import Context
from tiffin.runtime.warehouse.opening import open_store

READ: Mapping[str, tuple[str, ...]] = {
    "orders": ("order_id", "merchant_id", "zone_id", "dropoff_zone_id", "straight_m", *TIMES, *METRES, *DEGREES),
    "rider_sessions": ("rider_id", "zone_id", "on_at", "off_at"),
}
"""Columns of the facts that an instance is made of."""
CHARACTERISTICS = "instance_characteristics.txt"
TARGET_MIN, MAXIMUM_MIN = 40, 90
PAY_PER_ORDER, GUARANTEE_PER_HOUR = 10.0, 15.0
"""Of the published instances; the facts do not tell them."""


@dataclass(frozen=True, slots=True)
class Written:
    """An instance that was written.

    Parameters
    ----------
    couriers_in_the_middle, customers_guessed : int
        As of `CityInstance`.
    left_out : Mapping
        Rows of the facts left out, by reason.
    is_simulated : bool
        Whether the city exists in a simulation only.
    """

    folder: str
    orders: int
    restaurants: int
    couriers: int
    couriers_in_the_middle: int
    customers_guessed: int
    left_out: Mapping[str, int]
    is_simulated: bool


def usual_rules(day: date) -> InstanceRules:
    """Give the parameters of an instance where nobody states others: the simulator's of that day, and the published."""
    usual = read_parameters(max(day, DEMO_DAYS.first))
    return InstanceRules(
        metres_per_minute=usual.speed_m_min,
        pickup_min=round(usual.pickup_service_s / 60),
        dropoff_min=round(usual.dropoff_service_s / 60),
        target_min=TARGET_MIN,
        maximum_min=MAXIMUM_MIN,
        pay_per_order=PAY_PER_ORDER,
        guarantee_per_hour=GUARANTEE_PER_HOUR,
    )


def write_instance(context: Context, city_id: str, day: date, folder: Path, *, rules: InstanceRules) -> Written:
    """Write a business day of a city as the files of an instance, and on the audit trail that its rows were taken.

    Raises
    ------
    NotFound
        No facts name such a city, or they have no orders or riders of that day of which an instance could be made.
    Forbidden
        The actor may not see the whole city, or not a column that is needed.
    InvalidData
        A name cannot stand in the files.
    """
    city = find_fact_city(context, city_id)
    _refuse_hidden(context, city)
    found = _found(context, city, day, rules)
    made = found.instance
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in instance_files(made).items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / CHARACTERISTICS).write_text(_characteristics(context, city, day, found), encoding="utf-8")
    rows = len(made.order_ids) + len(made.courier_ids)
    context.unit.reading.is_accounted = True
    details = {"city": city_id, "day": day.isoformat(), "rows": rows, "as": "instance"}
    audit.record_read(context, action="rows_exported", subject=", ".join(READ), details=details)
    return Written(
        folder=str(folder),
        orders=len(made.order_ids),
        restaurants=len(made.restaurant_ids),
        couriers=len(made.courier_ids),
        couriers_in_the_middle=found.in_the_middle,
        customers_guessed=found.guessed,
        left_out=found.left_out,
        is_simulated=city.is_simulated,
    )


def _refuse_hidden(context: Context, city: FactCity) -> None:
    """Refuse where a column is not open to the actor in the whole city, masked or not."""
    confirmed = confirmed_classes(context)
    whole = [
        grant
        for grant in context.actor.grants
        if not grant.is_narrow and grant.covers(country=city.country, city_id=city.city_id)
    ]
    opened = {one for grant in whole for one in grant.opened}
    classes = {
        f"{table}.{name}": class_in_force(confirmed, table, name) for table, names in READ.items() for name in names
    }
    hidden = [name for name, kind in classes.items() if kind in GUARDED and kind not in opened]
    if hidden:
        raise Forbidden(
            Message("An instance of {city} tells riders and the places of orders one by one, and no grant of yours "
                    "opens {columns}. Ask an administrator for one.", city=city.city_id, columns=", ".join(hidden))
        )  # fmt: skip


def _found(context: Context, city: FactCity, day: date, rules: InstanceRules) -> CityInstance:
    store = open_store(context.workspace)
    asked = (queries.day_orders(city.city_id, day), queries.day_sessions(city.city_id, day))
    orders, sessions = (
        context.warehouse.query(query).to_pylist() if store.has(table) else []
        for table, query in zip(READ, asked, strict=True)
    )
    found = city_instance(orders, sessions, begins=city.begins(day), rules=rules)
    if not found.instance.order_ids or not found.instance.courier_ids:
        raise NotFound(
            Message("An instance of {city} on {day} needs orders with merchant, places, and the times they were "
                    "placed and ready, and riders' sessions with an end. The facts hold {orders} orders and "
                    "{sessions} sessions of that day; {kept} and {worked} have all of it.",
                    city=city.city_id, day=day, orders=len(orders), sessions=len(sessions),
                    kept=len(found.instance.order_ids), worked=len(found.instance.courier_ids))
        )  # fmt: skip
    return found


def _characteristics(context: Context, city: FactCity, day: date, found: CityInstance) -> str:
    store, made = open_store(context.workspace), found.instance
    nature = "simulated: nothing of it really happened" if city.is_simulated else "as the platform recorded them"
    told = {
        "number of orders": len(made.order_ids),
        "number of restaurants": len(made.restaurant_ids),
        "number of couriers": len(made.courier_ids),
        "city": city.city_id,
        "business day": day.isoformat(),
        "minute 0": f"{found.begins.astimezone(UTC):%Y-%m-%dT%H:%MZ}",
        "facts": nature,
        "versions of the facts": ", ".join(f"{table} {store.version(table)}" for table in READ),
        "couriers whose zone has no order, who start in the middle of all pickups": found.in_the_middle,
        "customers whose place is sealed and was guessed from distance and zone": found.guessed,
        **{f"left out, {why}": count for why, count in found.left_out.items()},
    }
    return "".join(f"{name}: {value}\n" for name, value in told.items())
