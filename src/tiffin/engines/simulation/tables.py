"""The tables of a simulated day; times are whole seconds since the business day began, -1 where a thing never happened.

Each table is one record array: compiled code gets one argument instead of twenty, and one row lies together in memory.
"""

from collections.abc import Mapping
from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Seconds = NDArray[np.int64]
Indices = NDArray[np.int64]
Floats = NDArray[np.float64]
Records = Any
"""A `numpy.recarray`; numpy cannot name the types of its fields."""

NEVER = -1
SLOT_S = 1800
SLOTS = 48

ORDERS = {
    "counter": "i8",  # identity in the random streams
    "origin": "i8",  # -1 ordinary demand, else the number of the disruption that brought the order
    "placed_s": "i8",
    "merchant": "i8",
    "drop_zone": "i8",
    "drop_x": "f8",
    "drop_y": "f8",
    "accept_s": "i8",  # time the merchant takes to accept
    "prep_s": "f8",  # preparation without backlog and without disruption
    "pickup_s": "i8",  # pickup service: half before the goods are handed over, half after
    "dropoff_s": "i8",  # drop-off service, likewise
    "approach_noise": "f8",  # factor on the ride to the merchant
    "ride_noise": "f8",  # factor on the ride to the customer
    "patience_s": "i8",  # time after the promise at which the customer cancels what was not picked up
    "regret_s": "i8",  # time after placing at which the customer changes his mind
    "no_rider_s": "i8",  # how long the platform looks for a rider before it gives up
    "refused": "i8",  # 1 where the merchant refuses; no smaller type, so that rows have no padding of chance bytes
}
"""What is settled about each order before the day begins, in order of placing."""

MERCHANTS = {
    "x": "f8",
    "y": "f8",
    "zone": "i8",
    "capacity": "f8",  # orders in preparation that do not yet slow the kitchen
    "expected_prep_s": "f8",  # what the promise reckons with
}

SESSIONS = {"shift": "i8", "on_s": "i8", "off_s": "i8", "zone": "i8", "x": "f8", "y": "f8", "speed_m_s": "f8"}
"""Riders' sessions; a rider has at most one a day. `shift` is the number of the planned shift behind it."""

FACTORS = {
    "travel": "f8",  # factor on riding times
    "usual_travel": "f8",  # the same as the promise reckons with it: the hour alone
    "prep": "f8",  # factor on preparation
    "promise_s": "f8",  # seconds by which the shown promise is off
}
"""What the hour, the weather and disruptions do, shape (n_zones, n_slots)."""

TRACK = {
    **dict.fromkeys(
        (
            "promised_s",
            "accepted_s",
            "ready_s",
            "assigned_s",
            "at_merchant_s",
            "picked_up_s",
            "at_customer_s",
            "delivered_s",
            "freed_s",
            "cancelled_s",
            "session",
            "status",
            "riders_on_shift",
            "riders_busy",
            "outstanding",
        ),
        "i8",
    )
}
"""What happened to each order: instants, who carried it, how it ended, the load around it when it was placed."""


class Status(IntEnum):
    """How an order ended."""

    OPEN = 0
    DELIVERED = 1
    CUSTOMER_CANCELLED = 2
    MERCHANT_CANCELLED = 3
    NO_RIDER = 4


class Rules(NamedTuple):
    """How the platform dispatches and promises, and how a kitchen slows."""

    lead_s: int
    radius_m: float
    home_s: int
    slowdown: float
    promise_buffer_s: int
    promise_load_s: float
    usual_load: float
    promise_step_s: int
    usual_speed_m_s: float
    usual_approach_s: int
    age_m_s: float
    round_s: int
    """Riding times are rounded up to whole multiples of this."""
    goes_home: bool
    """Riders without work ride back to where they began."""
    grace_s: int
    """A pickup may come this long after the rider's session should end."""


class Happened(NamedTuple):
    """What a day left behind.

    Parameters
    ----------
    track : records of TRACK, one an order
    ended_s : (n_sessions,), when each session really ended
    events : number of events handled
    """

    track: Records
    ended_s: Seconds
    events: int


def records(form: Mapping[str, str], **columns: NDArray[Any]) -> Records:
    """Make a table of a form from its columns; every column of the form must be given."""
    shape = next(iter(columns.values())).shape
    table = np.zeros(shape, dtype=np.dtype(list(form.items()))).view(np.recarray)
    for name in form:
        table[name] = columns[name]
    return table
