"""What one rehearsed day came to: counts and minutes that can be added up, by hour and by zone as well."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.simulation.city import City
from tiffin.engines.simulation.city_day import SimulatedDay
from tiffin.engines.simulation.ledger import minutes_by_slot
from tiffin.engines.simulation.tables import SLOTS, Floats, Status
from tiffin.engines.simulation.trails import jobs

MINUTE_S = 60.0
HOUR_S = 3600
HOURS = 24
SPAN_SLOTS = 2 * SLOTS
"""A business day may run over: what happens after its last slot counts to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One day under one policy and roster; minutes are added up over its orders or riders.

    Parameters
    ----------
    by_hour, by_zone : mapping to (24,) or (n_zones,)
        Orders, deliveries, late ones and minutes by the hour of placing since the business day began, or by the zone
        of pickup; by hour also riders' minutes.
    """

    orders: int
    delivered: int
    cancelled_by_customer: int
    cancelled_by_merchant: int
    cancelled_by_platform: int
    returned: int
    late: int
    click_to_door_min: float
    ready_to_pickup_min: float
    lateness_min: float
    online_min: float
    busy_min: float
    by_hour: Mapping[str, tuple[float, ...]]
    by_zone: Mapping[str, tuple[float, ...]]


ADDED = tuple(name for name in Outcome.__dataclass_fields__ if not name.startswith("by_"))
"""What stands on each row of the facts."""

MEASURES: Mapping[str, Callable[[Outcome], float]] = {
    "click_to_door_min": lambda one: one.click_to_door_min / max(1, one.delivered),
    "ready_to_pickup_min": lambda one: one.ready_to_pickup_min / max(1, one.delivered),
    "lateness_min": lambda one: one.lateness_min / max(1, one.delivered),
    "late_share": lambda one: one.late / max(1, one.delivered),
    "delivered_share": lambda one: one.delivered / max(1, one.orders),
    "lost_share": lambda one: one.cancelled_by_platform / max(1, one.orders),
    "utilisation": lambda one: one.busy_min / max(1.0, one.online_min),
    "rider_min_per_order": lambda one: one.online_min / max(1, one.delivered),
}
"""What is told of a day and compared; minutes are means over deliveries."""


def outcome_of(day: SimulatedDay, city: City) -> Outcome:
    """Count what a day came to."""
    track, orders = day.happened.track, day.orders
    done = track.status == Status.DELIVERED
    click = np.where(done, track.delivered_s - orders.placed_s, 0) / MINUTE_S
    late = np.where(done, np.maximum(0, track.delivered_s - track.promised_s), 0) / MINUTE_S
    hour = np.minimum(orders.placed_s // HOUR_S, HOURS - 1)
    zone = city.merchants.zone[orders.merchant]
    told = {
        "orders": np.ones(len(orders)),
        "delivered": done.astype(np.float64),
        "late": (late > 0).astype(np.float64),
        "click_to_door_min": click,
        "lateness_min": late,
    }
    online, busy = _riders(day)
    ended = {status: int((track.status == status).sum()) for status in Status}
    return Outcome(
        orders=len(orders),
        delivered=int(done.sum()),
        **_undelivered(ended),
        late=int((late > 0).sum()),
        click_to_door_min=float(click.sum()),
        ready_to_pickup_min=float(np.where(done, track.picked_up_s - track.ready_s, 0).sum() / MINUTE_S),
        lateness_min=float(late.sum()),
        online_min=float(online.sum()),
        busy_min=float(busy.sum()),
        by_hour=_by(told, hour, HOURS) | {"online_min": _hourly(online), "busy_min": _hourly(busy)},
        by_zone=_by(told, zone, city.zones),
    )


def _undelivered(ended: Mapping[Status, int]) -> dict[str, int]:
    party = {
        Status.CUSTOMER_CANCELLED: "cancelled_by_customer",
        Status.MERCHANT_CANCELLED: "cancelled_by_merchant",
        Status.NO_RIDER: "cancelled_by_platform",
        Status.RETURNED: "returned",
    }
    return {name: ended[status] for status, name in party.items()}


def _riders(day: SimulatedDay) -> tuple[Floats, Floats]:
    """Give riders' minutes on shift and with an order, by slot; a rider who carries several orders is counted once."""
    on_s, off_s, work = day.sessions.on_s, day.happened.ended_s, jobs(day)
    online, busy = (
        minutes_by_slot(begun, ended, np.zeros(len(begun), dtype=np.int64), groups=1, slots=SPAN_SLOTS)[0]
        for begun, ended in ((on_s, off_s), (work.start_s, np.maximum(work.start_s, work.end_s)))
    )
    return online, busy


def _hourly(by_slot: Floats) -> tuple[float, ...]:
    return tuple(by_slot[:SLOTS].reshape(HOURS, -1).sum(axis=1).tolist())


def _by(told: Mapping[str, Floats], group: NDArray[np.int64], groups: int) -> dict[str, tuple[float, ...]]:
    return {
        name: tuple(np.bincount(group, weights=values, minlength=groups)[:groups].tolist())
        for name, values in told.items()
    }
