"""The facts of a city's orders as arrays: milestones, places, riders and what the market was like."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiffin.engines.attribution.stages.times import Milestones

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Columns = Mapping[str, Any]

EARTH_M_PER_DEGREE = 111_195.0
"""Metres in a degree of latitude on a sphere of 6,371 km."""
SLOT_S = 1800
_MILESTONES = {
    "placed_s": "placed_at",
    "accepted_s": "accepted_at",
    "ready_s": "ready_at",
    "assigned_s": "assigned_at",
    "at_merchant_s": "arrived_at_merchant_at",
    "picked_up_s": "picked_up_at",
    "at_customer_s": "arrived_at_customer_at",
    "promised_s": "promised_at",
}
ORDER_COLUMNS = (
    "order_id", "zone_id", "dropoff_zone_id", "merchant_id", "customer_id", "rider_id", "vehicle", "status",
    "cancelled_by", "cancel_reason", "distance_m", "pickup_latitude", "pickup_longitude", "business_date", "local_hour",
    *_MILESTONES.values(), "delivered_at", "cancelled_at",
)  # fmt: skip
"""What of the table orders is read."""


@dataclass(frozen=True, slots=True)
class CityFacts:
    """Orders of a city over some days, in order of placing, with the market around them.

    Parameters
    ----------
    origin : datetime64
        When the first half hour begins, UTC; seconds and slots count from here.
    columns : Mapping
        The orders' columns as the contract names them, (n,) each.
    times : Milestones
    day : (n,), business days since 1970
    hour : (n,), 0 to 23
    zone, merchant, rider, vehicle : (n,), numbers; -1 where not known
    slot : (n,), half hours since `origin` in which each was placed
    sought_s : (n,), when a rider was first sought
    away_m : (n,), way of the rider who came to the merchant; NaN where not known
    drop : (n,), place of the order among those that its rider carried together, from 1; 0 where nobody carried it
    near : (n_zones, n_zones)
    riders, demand : (n_zones, n_slots), riders on shift, orders placed; NaN riders where nobody told
    rain_mm : (n_slots,)
    """

    origin: np.datetime64
    columns: Columns
    times: Milestones
    day: Codes
    hour: Codes
    zone: Codes
    merchant: Codes
    rider: Codes
    vehicle: Codes
    slot: Codes
    sought_s: Floats
    away_m: Floats
    distance_m: Floats
    drop: Codes
    near: NDArray[np.bool_]
    riders: Floats
    demand: Floats
    rain_mm: Floats


def gather(orders: Columns, *, offers: Columns, slots: Columns, weather: Columns, area_m: float) -> CityFacts:
    """Bring the facts of a city together.

    Parameters
    ----------
    orders, offers, slots, weather : Mapping
        Columns of ``orders``, ``dispatch_offers``, ``marketplace_slots`` and ``weather``, arrays by name. Of orders at
        least one.
    area_m : float
        Zones whose pickups lie this near to each other are one area.
    """
    in_turn = np.argsort(_instants(orders["placed_at"]), kind="stable")
    columns = {name: np.asarray(orders[name])[in_turn] for name in ORDER_COLUMNS if name in orders}
    placed = _instants(columns["placed_at"])
    origin = placed[0].astype("datetime64[h]").astype("datetime64[us]")
    times = _milestones(columns, origin)
    zones, zone = _numbered(columns["zone_id"])
    slot = np.maximum(0, (times.placed_s // SLOT_S).astype(np.int64))
    last = int(np.nanmax(np.append(times.ended_s, times.placed_s)) // SLOT_S) + 2
    sought_s, away_m = _offers(columns["order_id"], offers, origin)
    rider = _numbered(columns["rider_id"])[1]
    return CityFacts(
        origin=origin,
        columns=columns,
        times=times,
        day=np.asarray(columns["business_date"], dtype="datetime64[D]").astype(np.int64),
        hour=np.asarray(columns["local_hour"], dtype=np.int64) if "local_hour" in columns else slot // 2 % 24,
        zone=np.maximum(zone, 0),
        merchant=_numbered(columns["merchant_id"])[1],
        rider=rider,
        vehicle=_numbered(columns["vehicle"])[1],
        slot=slot,
        sought_s=sought_s,
        away_m=away_m,
        distance_m=_numbers(columns["distance_m"]),
        drop=_drops(rider, times),
        near=_near(columns, np.maximum(zone, 0), max(1, len(zones)), area_m),
        riders=_grid(slots, "riders_on_shift", zones, origin, last),
        demand=_counted(np.maximum(zone, 0), slot, max(1, len(zones)), last),
        rain_mm=_rain(weather, origin, last),
    )


def _milestones(columns: Columns, origin: np.datetime64) -> Milestones:
    ended = _seconds(columns["delivered_at"], origin)
    ended = np.where(np.isnan(ended), _seconds(columns["cancelled_at"], origin), ended)
    return Milestones(
        ended_s=ended, **{name: _seconds(columns[column], origin) for name, column in _MILESTONES.items()}
    )


def _instants(values: Any) -> NDArray[np.datetime64]:
    return np.asarray(values, dtype="datetime64[us]")


def _seconds(values: Any, origin: np.datetime64) -> Floats:
    instants = _instants(values)
    since = (instants - origin) / np.timedelta64(1, "s")
    return np.where(np.isnat(instants), np.nan, since)


def _numbers(values: Any) -> Floats:
    return np.asarray(values, dtype=np.float64)


def _numbered(values: Any) -> tuple[list[str], Codes]:
    """Give numbers to names; nothing has -1."""
    known = {name: number for number, name in enumerate(sorted({str(one) for one in values if one is not None}))}
    return list(known), np.array([-1 if one is None else known[str(one)] for one in values], dtype=np.int64)


def _offers(order_ids: Any, offers: Columns, origin: np.datetime64) -> tuple[Floats, Floats]:
    """Tell when a rider was first sought for each order, and from how far the one who took it came."""
    place = {order_id: number for number, order_id in enumerate(order_ids)}
    row = np.array([place.get(one, -1) for one in offers["order_id"]], dtype=np.int64)
    known = row >= 0
    row, offered = row[known], _seconds(offers["offered_at"], origin)[known]
    sought = np.full(len(order_ids), np.inf)
    np.minimum.at(sought, row, offered)
    away = np.full(len(order_ids), np.nan)
    taken = np.asarray(offers["outcome"], dtype=object)[known] == "accepted"
    away[row[taken]] = _numbers(offers["distance_m"])[known][taken]
    return np.where(np.isinf(sought), np.nan, sought), away


def _drops(rider: Codes, times: Milestones) -> Codes:
    """Give numbers to orders that a rider took along together, by when he was at their doors."""
    picked = np.where(np.isnan(times.picked_up_s) | (rider < 0), -1.0, times.picked_up_s)
    order = np.lexsort((times.at_customer_s, picked, rider))
    begins = (np.diff(rider[order], prepend=-2) != 0) | (np.diff(picked[order], prepend=-2.0) != 0)
    number = np.arange(len(order)) - np.maximum.accumulate(np.where(begins, np.arange(len(order)), 0)) + 1
    drops = np.zeros(len(order), dtype=np.int64)
    drops[order] = number
    return np.where(picked < 0, 0, drops)


def _near(columns: Columns, zone: Codes, zones: int, area_m: float) -> NDArray[np.bool_]:
    latitude, longitude = (_numbers(columns[f"pickup_{name}"]) for name in ("latitude", "longitude"))
    known = np.isfinite(latitude) & np.isfinite(longitude)
    count = np.bincount(zone[known], minlength=zones)
    count = np.where(count > 0, count, np.nan)
    y = np.bincount(zone[known], weights=latitude[known], minlength=zones) / count * EARTH_M_PER_DEGREE
    x = np.bincount(zone[known], weights=longitude[known], minlength=zones) / count * EARTH_M_PER_DEGREE
    x = x * np.cos(np.radians(np.nanmean(latitude) if known.any() else 0.0))
    apart = np.hypot(x[:, None] - x[None, :], y[:, None] - y[None, :])
    return np.asarray((apart <= area_m) | np.eye(zones, dtype=bool), dtype=np.bool_)


def _grid(slots: Columns, name: str, zones: list[str], origin: np.datetime64, last: int) -> Floats:
    grid = np.full((max(1, len(zones)), last), np.nan)
    place = {zone_id: number for number, zone_id in enumerate(zones)}
    row = np.array([place.get(one, -1) for one in slots["zone_id"]], dtype=np.int64)
    column = np.nan_to_num(_seconds(slots["slot_at"], origin) // SLOT_S, nan=-1.0).astype(np.int64)
    known = (row >= 0) & (column >= 0) & (column < last)
    grid[row[known], column[known]] = _numbers(slots[name])[known]
    return grid


def _counted(zone: Codes, slot: Codes, zones: int, last: int) -> Floats:
    return np.bincount(zone * last + slot, minlength=zones * last).reshape(zones, last).astype(np.float64)


def _rain(weather: Columns, origin: np.datetime64, last: int) -> Floats:
    """Spread each hour's rain over the half hours that begin in it."""
    rain = np.zeros(last)
    at = np.nan_to_num(_seconds(weather["observed_at"], origin) // SLOT_S, nan=-9.0).astype(np.int64)
    fallen = np.nan_to_num(_numbers(weather["precipitation_mm"]))
    for later in (0, 1):
        known = (at + later >= 0) & (at + later < last)
        np.maximum.at(rain, at[known] + later, fallen[known])
    return rain
