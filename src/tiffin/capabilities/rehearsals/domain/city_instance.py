"""A business day of a city's facts as an instance of the routing problem: who ordered what where, and who rode."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import chain
from math import atan2, ceil, cos, floor, sin, tau
from typing import Any

import numpy as np

from tiffin.capabilities.rehearsals.domain.city_run import EARTH_M_PER_DEGREE, metres_per_longitude
from tiffin.engines.simulation.instances.instance import Instance
from tiffin.engines.simulation.streams import Stream
from tiffin.engines.simulation.tables import Floats, Indices
from tiffin.kernel.errors import InvalidData
from tiffin.kernel.messages import Message

Row = Mapping[str, Any]
Point = tuple[float, float]
Place = tuple[float, float, float, float]
"""Where an order is fetched and where it is brought, east and north each."""
Ends = tuple[Point | None, Point | None]
Placed = tuple[Row, Place]

METRES = ("pickup_x_m", "pickup_y_m", "dropoff_x_m", "dropoff_y_m")
DEGREES = ("pickup_longitude", "pickup_latitude", "dropoff_longitude", "dropoff_latitude")
TIMES = ("placed_at", "ready_at")
MINUTE_S = 60
CHANCE = Stream.of_seed(0)
"""Where chance decides; an order is placed alike whenever it is."""


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
        Couriers in whose zone no order began or ended: they start in the middle of all pickups.
    guessed : int
        Orders whose customer's place is sealed: it is guessed from the distance and the zone.
    """

    instance: Instance
    begins: datetime
    left_out: Mapping[str, int]
    in_the_middle: int
    guessed: int


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
    zone, or of its drop-offs where it has none. Where a customer's place is sealed, it is guessed from his distance and
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
    drawn = _ends(known)
    places = _places(known, drawn)
    kept = [(row, at) for row, at in zip(known, places, strict=True) if at is not None]
    ends = [row for row in sessions if row["off_at"] is not None]
    shifts = [_Shift(row, ceil(_since(row["on_at"], begins)), floor(_since(row["off_at"], begins))) for row in ends]
    shifts = [one for one in shifts if one.off_min > one.on_min]
    left_out = {
        "orders without merchant, or the time they were placed or ready": len(orders) - len(known),
        "orders without a place": len(known) - len(kept),
        "sessions without an end": len(sessions) - len(ends),
        "sessions shorter than a minute": len(ends) - len(shifts),
    }
    zones = _zones(kept)
    return CityInstance(
        instance=_instance(kept, shifts, begins=begins, rules=rules),
        begins=begins,
        left_out=left_out,
        in_the_middle=sum(one.row["zone_id"] not in zones for one in shifts),
        guessed=sum(at is not None and end[1] is None for at, end in zip(places, drawn, strict=True)),
    )


def _instance(kept: Sequence[Placed], shifts: Sequence[_Shift], *, begins: datetime, rules: InstanceRules) -> Instance:
    pickups, zones, middle = _middles(kept, "merchant_id"), _zones(kept), _mean([at for _, at in kept])
    number = {name: index for index, name in enumerate(pickups)}
    starts = [zones.get(one.row["zone_id"], middle) for one in shifts]
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


def _places(orders: Sequence[Row], ends: Sequence[Ends]) -> list[Place | None]:
    """Give where each order is fetched and brought to, in metres; None where its facts do not tell."""
    zones = _middles([(row, fetched) for row, (fetched, _) in zip(orders, ends, strict=True) if fetched], "zone_id")
    found: list[Place | None] = []
    for row, (fetched, known) in zip(orders, ends, strict=True):
        brought = known or (_guessed(row, fetched, zones) if fetched and row["straight_m"] is not None else None)
        found.append((*fetched, *brought) if fetched and brought else None)
    return found


def _ends(orders: Sequence[Row]) -> list[Ends]:
    """Give the pickup and the drop-off of each order, both on one plane."""
    if any(None not in (row[METRES[0]], row[METRES[1]]) for row in orders):
        return [_named(row, METRES) for row in orders]
    ends = [_named(row, DEGREES) for row in orders]
    east, north = _mean([fetched for fetched, _ in ends if fetched])
    across = metres_per_longitude(north)

    def flat(place: Point | None) -> Point | None:
        return place and ((place[0] - east) * across, (place[1] - north) * EARTH_M_PER_DEGREE)

    return [(flat(fetched), flat(brought)) for fetched, brought in ends]


def _named(row: Row, columns: Sequence[str]) -> Ends:
    a, b, c, d = (row[name] for name in columns)
    return None if a is None or b is None else (a, b), None if c is None or d is None else (c, d)


def _guessed(row: Row, fetched: Point, zones: Mapping[str, Point]) -> Point:
    """Place a customer whose place is sealed: at his straight distance, towards his zone where that is another one.

    Within the restaurant's own zone, and where nothing is known of his, the direction is by chance: the order's own.
    """
    angle = float(CHANCE.child(row["order_id"]).uniform(np.zeros(1, dtype=np.int64))[0]) * tau
    zone = zones.get(row["dropoff_zone_id"])
    if zone is not None and row["dropoff_zone_id"] != row["zone_id"] and zone != fetched:
        angle = atan2(zone[1] - fetched[1], zone[0] - fetched[0])
    return fetched[0] + row["straight_m"] * cos(angle), fetched[1] + row["straight_m"] * sin(angle)


def _middles(kept: Sequence[tuple[Row, Sequence[float]]], column: str) -> dict[str, Point]:
    """Give the mean pickup place of the orders by what a column says, in the order in which that is met."""
    groups: dict[str, list[Sequence[float]]] = defaultdict(list)
    for row, at in kept:
        groups[row[column]].append(at)
    return {name: _mean(places) for name, places in groups.items()}


def _zones(kept: Sequence[Placed]) -> dict[str, Point]:
    """Give the middle of each zone: of what is fetched there, or else of what is brought there."""
    brought = _middles([(row, at[2:]) for row, at in kept], "dropoff_zone_id")
    return brought | _middles(kept, "zone_id")


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
