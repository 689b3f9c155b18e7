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
NOT_ORDERED = -1
"""Status of a visit whose customer did not order at the promise shown."""
SLOT_S = 1800
SLOTS = 48
VEHICLES = ("car", "motorcycle", "bicycle")
"""What riders ride, each with a speed of its own, and its own share of what traffic and weather do."""
CAR, MOTORCYCLE, BICYCLE = range(3)

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
    "wish": "f8",  # the customer orders when the promise's probability is above this; below 0: whatever is promised
    "own_promise_s": "f8",  # the usual promise of this very order; below 0: as the platform reckons it
    "offer_key": "i8",  # identity in the chances of riders' answers
    "mishap": "i8",  # a number of `Mishap`
    "ending": "i8",  # a number of `Ending`: how the mishap ends
    "mishap_s": "i8",  # time lost at the door: waiting and calling
    "right_x": "f8",  # where the customer really is
    "right_y": "f8",
}
"""What is settled about each visit and its order before the day begins, in order of placing."""

MERCHANTS = {
    "x": "f8",
    "y": "f8",
    "zone": "i8",
    "capacity": "f8",  # orders in preparation that do not yet slow the kitchen
    "expected_prep_s": "f8",  # what the promise reckons with
}

SESSIONS = {
    "shift": "i8",
    "on_s": "i8",
    "off_s": "i8",
    "zone": "i8",
    "x": "f8",
    "y": "f8",
    "vehicle": "i8",  # a number of `VEHICLES`
    "speed_m_s": "f8",
}
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
            "returned_s",  # when the goods were back with the merchant
            "freed_s",  # when the rider was done with the order
            "cancelled_s",  # when it was cancelled, or its hand-over given up
            "session",
            "job",  # number of the rider's job: orders of one job leave the merchant together
            "status",
            "riders_on_shift",
            "riders_busy",
            "outstanding",
        ),
        "i8",
    )
}
"""What happened to each order: instants, who carried it, how it ended, the load around it when it was placed."""

OFFERS = {
    "order": "i8",
    "session": "i8",
    "offered_s": "i8",
    "answered_s": "i8",
    "outcome": "i8",  # a number of `Outcome`
    "away_m": "f8",  # straight way from the rider to the merchant
    "pay": "f8",  # in usual pays
    "joins": "i8",  # 1 where the order would join what the rider goes to fetch
    "before": "i8",  # the offer of the same order before this one
}
"""Each offer of an order to a rider, in order of time."""

RIDES_HOME = {"session": "i8", "start_s": "i8", "end_s": "i8", "from_x": "f8", "from_y": "f8"}
"""Each ride of a rider without work back to where his session began; he can be sent off again when he is there."""

LEVERED = {
    "bonus": "f8",  # pay on top of each order, in usual pays
    "pacing": "f8",  # a kitchen with its capacity divided by this in hand takes no more; 0: no limit
}
"""What levers do within the day, shape (n_zones, n_slots); see `levers`."""

TRANSFERS = {"session": "i8", "at_s": "i8", "zone": "i8", "x": "f8", "y": "f8"}
"""When a rider on shift begins to work from another place than before."""

VISITS = {
    "counter": "i8",
    "placed_s": "i8",
    "merchant": "i8",
    "drop_zone": "i8",
    "promised_s": "i8",
    "order": "i8",  # number of the order, -1 where the customer went away
}
"""Customers who were shown a delivery time, in order of time."""


class Status(IntEnum):
    """How an order ended."""

    OPEN = 0
    DELIVERED = 1
    CUSTOMER_CANCELLED = 2
    MERCHANT_CANCELLED = 3
    NO_RIDER = 4
    RETURNED = 5


class Mishap(IntEnum):
    """What goes wrong at the customer's door."""

    NONE = 0
    ABSENT = 1
    WRONG_ADDRESS = 2


class Ending(IntEnum):
    """How a mishap ends."""

    HANDED_OVER = 0
    LEFT = 1
    RETURNED = 2


class Outcome(IntEnum):
    """What became of an offer."""

    ACCEPTED = 0
    DECLINED = 1
    EXPIRED = 2
    WITHDRAWN = 3


class Rules(NamedTuple):
    """How the platform promises, dispatches and pays, how riders answer, and how a kitchen slows."""

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
    wish: float
    """Log-odds that a visit orders at the usual promise."""
    wish_min: float
    """What each minute of promise above the usual takes from them."""
    answer_mean_s: float
    answer_most_s: int
    """An offer that is not answered by then has expired."""
    decline: float
    """Log-odds that a rider declines an order of the usual way and pay."""
    decline_km: float
    decline_bicycle_km: float
    decline_pay: float
    usual_way_m: float
    pay_base: float
    pay_km: float
    return_service_s: int
    batch_s: int
    """Seconds between assignments; 0: each order is offered at once to the nearest rider."""
    batch_ahead_s: int
    """Riders count for an assignment who are free within this."""
    bundle_most: int
    """Orders that a rider may carry together."""
    bundle_wait_s: int
    """By how much another order may delay the leaving of those before it."""
    bundle_detour_s: float
    """By how much a bundle may delay the hand-over of each of its orders."""
    traffic: tuple[float, float, float]
    """Share of the hour's slowing that each of `VEHICLES` feels."""
    weather: tuple[float, float, float]
    """The same of the weather's."""


class Happened(NamedTuple):
    """What a day left behind.

    Parameters
    ----------
    track : records of TRACK, one an order
    ended_s : (n_sessions,), when each session really ended
    events : number of events handled
    offers : records of OFFERS
    rides_home : records of RIDES_HOME
    """

    track: Records
    ended_s: Seconds
    events: int
    offers: Records
    rides_home: Records


def records(form: Mapping[str, str], **columns: NDArray[Any]) -> Records:
    """Make a table of a form from its columns; every column of the form must be given."""
    shape = next(iter(columns.values())).shape
    table = np.zeros(shape, dtype=np.dtype(list(form.items()))).view(np.recarray)
    for name in form:
        table[name] = columns[name]
    return table


def blank(form: Mapping[str, str], rows: int) -> Records:
    """Make a table of a form, all zero."""
    return np.zeros(rows, dtype=np.dtype(list(form.items()))).view(np.recarray)
