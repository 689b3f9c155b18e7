"""A solved instance as facts, column by column: what would stand in the tables if the day had happened so."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tiffin.capabilities.rehearsals.domain.order_facts import Columns
from tiffin.engines.simulation.instances.instance import Instance
from tiffin.engines.simulation.instances.outcome import Outcome
from tiffin.engines.simulation.ledger import count_by_slot, minutes_by_slot
from tiffin.engines.simulation.tables import NEVER, SLOT_S, SLOTS, Floats, Indices

SOURCE = "simulated:instance"
NOMINAL_DAY = np.datetime64("2018-01-01", "us")
"""The day of all instances, by UTC: their files state none. Weekday and hour of these facts mean nothing."""
COUNTRY, CURRENCY = "US", "USD"
SQUARE_M = 2000.0
"""Side of a zone: a square of the instance's own plane."""
MINUTE_S, SLOT_MIN = 60, SLOT_S // 60

Texts = NDArray[np.object_]


def instance_facts(instance: Instance, outcome: Outcome, *, name: str) -> Mapping[str, Columns]:
    """Write down a solved instance by table; places come before what happened there."""
    sessions = _sessions(instance, outcome)
    return {
        "cities": _city(name),
        "zones": {"zone_id": _all_zones(instance)},
        "merchants": {
            "merchant_id": _texts(instance.restaurant_ids),
            "zone_id": _squares(instance.restaurant_x, instance.restaurant_y),
            "x_m": instance.restaurant_x,
            "y_m": instance.restaurant_y,
        },
        "riders": {"rider_id": _texts(instance.courier_ids)},
        "rider_sessions": sessions,
        "marketplace_slots": _slots(instance, outcome),
        "orders": _orders(instance, outcome),
    }


def _city(name: str) -> Columns:
    return {
        "name": [name],
        "country": [COUNTRY],
        "timezone": ["UTC"],
        "timezone_known": [False],
        "cutoff_min": [0],
        "weekend": ["6,7"],
        "currency": [CURRENCY],
        "is_simulated": [True],
    }


def _orders(instance: Instance, outcome: Outcome) -> Columns:
    """Write the table ``orders``; the click-to-door that is aimed at stands as the promise."""
    x, y = instance.restaurant_x[instance.restaurant], instance.restaurant_y[instance.restaurant]
    metres = np.hypot(x - instance.order_x, y - instance.order_y)
    is_done = outcome.dropoff_min >= 0
    return {
        "order_id": _texts(instance.order_ids),
        "country": COUNTRY,
        "merchant_id": _texts(instance.restaurant_ids)[instance.restaurant],
        "zone_id": _squares(x, y),
        "dropoff_zone_id": _squares(instance.order_x, instance.order_y),
        "rider_id": _texts([*instance.courier_ids, None])[outcome.courier],
        "status": np.where(is_done, "delivered", "placed").astype(object),
        "is_asap": np.ones(len(metres), dtype=bool),
        "placed_at": _instants(instance.placed_min),
        "ready_at": _instants(instance.ready_min),
        "promised_at": _instants(instance.placed_min + instance.target_min),
        "assigned_at": _instants(outcome.assigned_min, is_done),
        "arrived_at_merchant_at": _instants(outcome.arrived_min, is_done),
        "picked_up_at": _instants(outcome.pickup_min, is_done),
        "delivered_at": _instants(outcome.dropoff_min, is_done),
        "pickup_x_m": x,
        "pickup_y_m": y,
        "dropoff_x_m": instance.order_x,
        "dropoff_y_m": instance.order_y,
        "distance_m": np.rint(metres),
        "predicted_travel_s": np.rint(metres / instance.metres_per_minute * MINUTE_S),
    }


def _sessions(instance: Instance, outcome: Outcome) -> Columns:
    """Write the table ``rider_sessions``; what a courier still brings after his shift is not time on shift."""
    begun, ended, courier = _trips(instance, outcome)
    within = np.minimum(ended, instance.off_min[courier]) - np.maximum(begun, instance.on_min[courier])
    couriers = len(instance.courier_ids)
    busy_min = np.bincount(courier, weights=np.maximum(0, within), minlength=couriers)
    online_min = (instance.off_min - instance.on_min).astype(np.float64)
    delivered = outcome.courier[outcome.dropoff_min >= 0]
    return {
        "rider_id": _texts(instance.courier_ids),
        "on_at": _instants(instance.on_min),
        "off_at": _instants(instance.off_min),
        "zone_id": _squares(instance.courier_x, instance.courier_y),
        "online_min": online_min,
        "busy_min": busy_min,
        "waiting_min": online_min - busy_min,
        "orders_delivered": np.bincount(delivered, minlength=couriers),
    }


def _slots(instance: Instance, outcome: Outcome) -> Columns:
    """Write the table ``marketplace_slots``: orders where they were fetched, couriers where they came on.

    What is still under way after the day lies outside of it and is left out: otherwise the next day would have facts.
    """
    zones = _all_zones(instance)
    at_pickup = _squares(instance.restaurant_x, instance.restaurant_y)[instance.restaurant]
    zone, home = (np.searchsorted(zones, one) for one in (at_pickup, _squares(instance.courier_x, instance.courier_y)))
    begun, ended, courier = _trips(instance, outcome)
    ended = np.maximum(begun, np.minimum(ended, instance.off_min[courier]))
    is_done = outcome.dropoff_min >= 0
    groups = len(zones)

    def counted(minutes: Indices, which: Indices) -> Floats:
        return count_by_slot(minutes * MINUTE_S, which, groups=groups, slots=SLOTS).astype(np.float64)

    def shared(start: Indices, end: Indices, which: Indices) -> Floats:
        return minutes_by_slot(start * MINUTE_S, end * MINUTE_S, which, groups=groups, slots=SLOTS)

    online, busy = shared(instance.on_min, instance.off_min, home), shared(begun, ended, home[courier])
    balance = {
        "demand_orders": counted(instance.placed_min, zone),
        "orders_finished": counted(outcome.dropoff_min[is_done], zone[is_done]),
        "lost_orders": counted(instance.placed_min[~is_done], zone[~is_done]),
        "outstanding_orders": shared(instance.placed_min[is_done], outcome.dropoff_min[is_done], zone[is_done])
        / SLOT_MIN,
        "online_min": online,
        "busy_min": busy,
        "waiting_min": np.maximum(0.0, online - busy),
        "riders_on_shift": online / SLOT_MIN,
        "riders_busy": busy / SLOT_MIN,
    }
    shown = np.any([values > 0 for values in balance.values()], axis=0)
    where, slot = np.nonzero(shown)
    return {
        "zone_id": zones[where],
        "slot_at": _instants(slot * SLOT_MIN),
        "slot_min": np.full(len(slot), SLOT_MIN, dtype=np.int64),
        **{name: np.round(values[shown], 4) for name, values in balance.items()},
    }


def _trips(instance: Instance, outcome: Outcome) -> tuple[Indices, Indices, Indices]:
    """Tell of each trip when its courier set out, when he was free again, and who he is."""
    done = np.flatnonzero(outcome.dropoff_min >= 0)
    _, first, number = np.unique(outcome.trip[done], return_index=True, return_inverse=True)
    last = np.full(len(first), NEVER, dtype=np.int64)
    np.maximum.at(last, number, outcome.dropoff_min[done])
    after = instance.dropoff_min - instance.dropoff_min // 2
    return outcome.departed_min[done][first], last + after, outcome.courier[done][first]


def _all_zones(instance: Instance) -> Texts:
    """Name every square in which something lies, in order."""
    return np.unique(
        np.concatenate(
            [
                _squares(instance.restaurant_x, instance.restaurant_y),
                _squares(instance.courier_x, instance.courier_y),
                _squares(instance.order_x, instance.order_y),
            ]
        )
    )


def _squares(x: Floats, y: Floats) -> Texts:
    east, north = (np.floor(metres / SQUARE_M).astype(np.int64) for metres in (x, y))
    return _texts([f"x{a}y{b}" for a, b in zip(east, north, strict=True)])


def _texts(names: Sequence[str | None]) -> Texts:
    return np.array(names, dtype=object)


def _instants(minutes: Indices, known: NDArray[np.bool_] | None = None) -> "NDArray[np.datetime64]":
    found = NOMINAL_DAY + minutes.astype("timedelta64[m]")
    return found if known is None else np.where(known, found, np.datetime64("NaT", "us"))
