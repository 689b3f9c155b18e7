"""Facts of a simulated city's supply: merchants, riders, sessions, and the balance of each zone and slot."""

import numpy as np
from numpy.typing import NDArray

from tiffin.capabilities.rehearsals.domain.ledger import Instants, Ledger, Texts, instants, picked
from tiffin.capabilities.rehearsals.domain.order_facts import Columns, apart_m, category_of, degrees
from tiffin.engines.simulation.ledger import MINUTE_S, count_by_slot, minutes_by_slot
from tiffin.engines.simulation.tables import SLOT_S, SLOTS, Floats, Status

DAY_S = SLOTS * SLOT_S
SLOT_MIN = 30
FLEETS = {"own": "own", "swift": "partner", "city-couriers": "agency"}
"""Fleets of every demo city and their kinds; names are invented."""


def merchant_columns(ledger: Ledger) -> Columns:
    """Write the table ``merchants``."""
    merchants, zones = ledger.run.city.merchants, ledger.run.scenario.zones
    x = merchants.x - apart_m(ledger)[merchants.zone]
    latitude, longitude = degrees(ledger, x, merchants.y)
    category = category_of(ledger)
    names = [
        f"{kind.title()} {zones[zone].name} {number + 1}"
        for number, (kind, zone) in enumerate(zip(category, merchants.zone, strict=True))
    ]
    return {
        "merchant_id": ledger.merchant_ids,
        "name": np.array(names, dtype=object),
        "category": category,
        "zone_id": picked(ledger.zone_ids, merchants.zone),
        "latitude": latitude,
        "longitude": longitude,
        "x_m": np.rint(x),
        "y_m": np.rint(merchants.y),
    }


def fleet_columns(ledger: Ledger) -> Columns:
    """Write the table ``fleets``."""
    ids = [_fleet_id(ledger, name) for name in FLEETS]
    return {
        "fleet_id": np.array(ids, dtype=object),
        "name": np.array([name.replace("-", " ").title() for name in FLEETS], dtype=object),
        "kind": np.array(list(FLEETS.values()), dtype=object),
    }


def rider_columns(ledger: Ledger) -> Columns:
    """Write the table ``riders``: who joined when is spread over the two years before."""
    number = np.arange(len(ledger.rider_ids))
    joined = ledger.starts[0] - (1 + number * 7919 % 730).astype("timedelta64[D]")
    return {
        "rider_id": ledger.rider_ids,
        "vehicle": np.array(ledger.run.rider_vehicle, dtype=object),
        "fleet_id": _fleet_of(ledger)[number],
        "joined_at": joined,
    }


def _fleet_id(ledger: Ledger, name: str) -> str:
    return f"{ledger.run.scenario.city.city_id}-{name}"


def _fleet_of(ledger: Ledger) -> Texts:
    fleets = np.array([_fleet_id(ledger, name) for name in FLEETS], dtype=object)
    return fleets[np.arange(len(ledger.rider_ids)) * 2_654_435_761 % 2**32 * len(fleets) // 2**32]


def session_columns(ledger: Ledger) -> Columns:
    """Write the table ``rider_sessions``."""
    sessions, rider = ledger.sessions, ledger.rider_of_session
    spent_s = ledger.jobs.end_s - ledger.jobs.start_s
    busy_min = np.bincount(ledger.jobs.session, weights=spent_s, minlength=len(sessions)) / MINUTE_S
    delivered = ledger.session_of_order[ledger.track.status == Status.DELIVERED]
    online_min = (ledger.ended_s - sessions.on_s) / MINUTE_S
    starts = ledger.starts[ledger.session_day]
    return {
        "rider_id": picked(ledger.rider_ids, rider),
        "on_at": instants(starts, sessions.on_s),
        "off_at": instants(starts, ledger.ended_s),
        "zone_id": picked(ledger.zone_ids, sessions.zone),
        "vehicle": np.array(ledger.run.rider_vehicle, dtype=object)[rider],
        "fleet_id": _fleet_of(ledger)[rider],
        "online_min": np.round(online_min, 4),
        "busy_min": np.round(busy_min, 4),
        "waiting_min": np.round(online_min - busy_min, 4),
        "orders_delivered": np.bincount(delivered, minlength=len(sessions)),
    }


def slot_columns(ledger: Ledger) -> Columns:
    """Write the table ``marketplace_slots``: demand where it was placed, riders where their session belongs.

    What is still under way after the last business day lies outside the days run and is left out.
    """
    slots = len(ledger.starts) * SLOTS
    balance = {**_demand(ledger, slots), **_supply(ledger, slots)}
    shown = np.any([values > 0 for values in balance.values()], axis=0)
    zone, slot = np.nonzero(shown)
    return {
        "zone_id": picked(ledger.zone_ids, zone),
        "slot_at": _slot_starts(ledger, slots)[slot],
        "slot_min": np.full(len(zone), SLOT_MIN, dtype=np.int64),
        **{name: np.round(values[shown].astype(np.float64), 4) for name, values in balance.items()},
    }


def _slot_starts(ledger: Ledger, slots: int) -> Instants:
    number = np.arange(slots)
    since = (number % SLOTS * SLOT_S).astype("timedelta64[s]")
    return np.asarray(ledger.starts[number // SLOTS] + since)


def _demand(ledger: Ledger, slots: int) -> dict[str, Floats]:
    zones, zone, track = len(ledger.zone_ids), ledger.pickup_zone, ledger.track
    placed = _running_s(ledger.orders.placed_s, ledger.order_day)
    delivered = track.status == Status.DELIVERED
    done = _running_s(np.where(delivered, track.delivered_s, track.cancelled_s), ledger.order_day)

    def counted(which: NDArray[np.bool_], at_s: NDArray[np.int64]) -> Floats:
        return count_by_slot(at_s[which], zone[which], groups=zones, slots=slots).astype(np.float64)

    return {
        "demand_orders": counted(np.ones(len(placed), dtype=bool), placed),
        "lost_orders": counted(track.status == Status.NO_RIDER, placed),
        "outstanding_orders": minutes_by_slot(placed, done, zone, groups=zones, slots=slots) / SLOT_MIN,
        "orders_finished": counted(delivered, done),
    }


def _supply(ledger: Ledger, slots: int) -> dict[str, Floats]:
    zones, sessions, worked = len(ledger.zone_ids), ledger.sessions, ledger.jobs
    on_s = _running_s(sessions.on_s, ledger.session_day)
    off_s = _running_s(ledger.ended_s, ledger.session_day)
    day = ledger.session_day[worked.session]
    begun, freed = _running_s(worked.start_s, day), _running_s(worked.end_s, day)
    home = sessions.zone[worked.session]
    online = minutes_by_slot(on_s, off_s, sessions.zone, groups=zones, slots=slots)
    busy = minutes_by_slot(begun, freed, home, groups=zones, slots=slots)
    return {
        "online_min": online,
        "busy_min": busy,
        "waiting_min": np.maximum(0.0, online - busy),
        "riders_on_shift": online / SLOT_MIN,
        "riders_busy": busy / SLOT_MIN,
        "riders_active": _active(on_s, off_s, sessions.zone, zones, slots),
    }


def _active(
    on_s: NDArray[np.int64], off_s: NDArray[np.int64], zone: NDArray[np.int64], zones: int, slots: int
) -> Floats:
    """Count the sessions that touch each slot: those that began up to it, less those that ended before it."""
    begun = count_by_slot(on_s, zone, groups=zones, slots=slots).cumsum(axis=1)
    ended = count_by_slot(np.maximum(off_s - 1, on_s), zone, groups=zones, slots=slots).cumsum(axis=1)
    return np.asarray(begun - np.pad(ended, ((0, 0), (1, 0)))[:, :-1], dtype=np.float64)


def _running_s(seconds: NDArray[np.int64], day: NDArray[np.int64]) -> NDArray[np.int64]:
    """Seconds since the first day began, for days without a change of clocks."""
    return seconds + day * DAY_S
