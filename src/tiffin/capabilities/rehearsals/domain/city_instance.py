"""A business day of a city's facts as an instance of the routing problem: who ordered what where, and who rode."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import chain
from math import ceil, floor
from typing import Any

import numpy as np

from tiffin.capabilities.rehearsals.domain.city_run import EARTH_M_PER_DEGREE, metres_per_longitude
from tiffin.engines.simulation.instances.instance import Instance
from tiffin.engines.simulation.tables import Floats, Indices
from tiffin.kernel.errors import InvalidData
from tiffin.kernel.messages import Message

Row = Mapping[str, Any]
Point = tuple[float, float]
Place = tuple[float, float, float, float]
"""Where an order is fetched and where it is brought, east and north each."""
Placed = tuple[Row, Place]

METRES = ("pickup_x_m", "pickup_y_m", "dropoff_x_m", "dropoff_y_m")
DEGREES = ("pickup_longitude", "pickup_latitude", "dropoff_longitude", "dropoff_latitude")
TIMES = ("placed_at", "ready_at")
MINUTE_S = 60


@dataclass(frozen=True, slots=True)
class InstanceRules:
    """What facts do not tell of an instance: its parameters.

    Parameters
    ----------
    metres_per_minute : float
        Speed on the straight line.
    pickup_min, dropoff_min : int
        Services at the restaurant and at the customer's.
    target_min, maximum_min : int
        Click-to-door that is aimed at, and the last that counts as delivered.
    pay_per_order, guarantee_per_hour : float
        What a courier gets; the instance's currency.
    """

    metres_per_minute: float
    pickup_min: int
    dropoff_min: int
    target_min: int
    maximum_min: int
    pay_per_order: float
    guarantee_per_hour: float


@dataclass(frozen=True, slots=True)
class CityInstance:
    """An instance with what had to be left out of it.

    Parameters
    ----------
    begins : datetime
        Minute 0.
    left_out : Mapping
        Rows left out, by reason.
    in_the_middle : int
        Couriers whose zone no order was picked up in: they start in the middle of all pickups.
    """

    instance: Instance
    begins: datetime
    left_out: Mapping[str, int]
    in_the_middle: int


@dataclass(frozen=True, slots=True)
class _Shift:
    row: Row
    on_min: int
    off_min: int


def city_instance(
    orders: Sequence[Row], sessions: Sequence[Row], *, begins: datetime, rules: InstanceRules
) -> CityInstance:
    """Make an instance of the orders and riders' sessions of a business day.

    Times become whole minutes since the day began: an order is never ready, and a rider never there, earlier than in
    the facts, and nobody stays longer. Places are metres where any order has them, else degrees laid flat. A restaurant
    is where its orders were picked up on average, and a courier starts in the middle of the pickups of his session's
    zone. Orders count whatever became of them, as long as they were made ready: somebody might have brought them.

    Parameters
    ----------
    begins : datetime
        When the business day began by today's rules of the city. Where its rules changed since and the facts begin
        earlier, minute 0 is when they begin.

    Raises
    ------
    InvalidData
        A name has white space in it, which the files of instances cannot hold.
    """
    begins = min([begins, *_instants(orders, "placed_at"), *_instants(sessions, "on_at")])
    known = [row for row in orders if row["merchant_id"] and all(row[name] is not None for name in TIMES)]
    kept = [(row, where) for row, where in zip(known, _places(known), strict=True) if where is not None]
    ends = [row for row in sessions if row["off_at"] is not None]
    shifts = [_Shift(row, ceil(_since(row["on_at"], begins)), floor(_since(row["off_at"], begins))) for row in ends]
    shifts = [one for one in shifts if one.off_min > one.on_min]
    left_out = {
        "orders without merchant, or the time they were placed or ready": len(orders) - len(known),
        "orders without a place": len(known) - len(kept),
        "sessions without an end": len(sessions) - len(ends),
        "sessions shorter than a minute": len(ends) - len(shifts),
    }
    middles = _middles(kept, "zone_id")
    strangers = sum(one.row["zone_id"] not in middles for one in shifts)
    instance = _instance(kept, shifts, begins=begins, rules=rules)
    return CityInstance(instance, begins, left_out, strangers)


def _instance(kept: Sequence[Placed], shifts: Sequence[_Shift], *, begins: datetime, rules: InstanceRules) -> Instance:
    pickups, middles, middle = _middles(kept, "merchant_id"), _middles(kept, "zone_id"), _mean([at for _, at in kept])
    number = {name: index for index, name in enumerate(pickups)}
    starts = [middles.get(one.row["zone_id"], middle) for one in shifts]
    order_ids, courier_ids = tuple(row["order_id"] for row, _ in kept), _names(shifts)
    _refuse_spaces(chain(order_ids, courier_ids, pickups))
    return Instance(
        order_ids=order_ids,
        order_x=_metres(at[2] for _, at in kept),
        order_y=_metres(at[3] for _, at in kept),
        placed_min=_minutes(floor(_since(row["placed_at"], begins)) for row, _ in kept),
        ready_min=_minutes(ceil(_since(row["ready_at"], begins)) for row, _ in kept),
        restaurant=_minutes(number[row["merchant_id"]] for row, _ in kept),
        courier_ids=courier_ids,
        courier_x=_metres(x for x, _ in starts),
        courier_y=_metres(y for _, y in starts),
        on_min=_minutes(one.on_min for one in shifts),
        off_min=_minutes(one.off_min for one in shifts),
        restaurant_ids=tuple(pickups),
        restaurant_x=_metres(x for x, _ in pickups.values()),
        restaurant_y=_metres(y for _, y in pickups.values()),
        **asdict(rules),
    )


def _places(orders: Sequence[Row]) -> list[Place | None]:
    """Give where each order is fetched and brought to, in metres; None where its facts do not tell."""
    if any(all(row[name] is not None for name in METRES) for row in orders):
        return [_place([row[name] for name in METRES]) for row in orders]
    found = [[row[name] for name in DEGREES] for row in orders]
    whole = [one for one in found if None not in one]
    east, north = _mean(whole) if whole else (0.0, 0.0)
    across, up = metres_per_longitude(north), EARTH_M_PER_DEGREE
    return [
        None
        if None in (a, b, c, d)
        else _place([(a - east) * across, (b - north) * up, (c - east) * across, (d - north) * up])
        for a, b, c, d in found
    ]


def _place(found: Sequence[float | None]) -> Place | None:
    a, b, c, d = found
    return None if a is None or b is None or c is None or d is None else (a, b, c, d)


def _middles(kept: Sequence[Placed], column: str) -> dict[str, Point]:
    """Give the mean pickup place of the orders by what a column says, in the order in which that is met."""
    groups: dict[str, list[Place]] = defaultdict(list)
    for row, at in kept:
        groups[row[column]].append(at)
    return {name: _mean(places) for name, places in groups.items()}


def _mean(places: Sequence[Sequence[float]]) -> Point:
    count = max(1, len(places))
    return sum(at[0] for at in places) / count, sum(at[1] for at in places) / count


def _names(shifts: Sequence[_Shift]) -> tuple[str, ...]:
    """Name each courier by his rider; whoever comes on again that day is a courier of his own, ``<rider>/2``."""
    met: Counter[str] = Counter()
    found = []
    for one in shifts:
        rider = one.row["rider_id"]
        met[rider] += 1
        found.append(rider if met[rider] == 1 else f"{rider}/{met[rider]}")
    return tuple(found)


def _refuse_spaces(names: Iterable[str]) -> None:
    for name in names:
        if any(character.isspace() for character in name):
            raise InvalidData(
                Message("Names without white space were expected, since the files of an instance are tables of words; "
                        "found {name}. Mend it where it is loaded.", name=name)
            )  # fmt: skip


def _instants(rows: Sequence[Row], column: str) -> list[datetime]:
    return [row[column] for row in rows if row[column] is not None]


def _since(instant: datetime, begins: datetime) -> float:
    return (instant - begins).total_seconds() / MINUTE_S


def _metres(values: Iterable[float]) -> Floats:
    return np.rint(np.array(list(values), dtype=np.float64))


def _minutes(values: Iterable[int]) -> Indices:
    return np.array(list(values), dtype=np.int64)
