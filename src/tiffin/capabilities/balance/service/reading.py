"""Warehouse rows into the grid of a city's window."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tiffin.capabilities.balance.domain.grid import HOURS, Grid, apart_m, touching
from tiffin.capabilities.balance.queries import city as of_city
from tiffin.capabilities.balance.queries import window as ask
from tiffin.engines.attribution.shapley import FloatArray
from tiffin.runtime.context import Context

Indices = NDArray[np.intp]
Places = tuple[Indices, Indices, Indices]

ORDER_SUMS = (
    *("placed", "lost", "rider_cancelled", "promised", "late", "overdue_min"),
    *("delivered", "door_min", "door_min2", "path"),
    *("kitchen_min", "wait_min", "approach_min", "gap_min", "idle_min", "service_min", "ride_min", "handover_min"),
    *("legs", "confirm_min", "reach_min", "rest_min", "distances", "distance_m", "predictions"),
    *("late_min", "late_min2", "kitchen_min2", "ride_min2", "ride_distance", "path_distance_m", "path_distance_m2"),
    *("distance_m2", "door_distance"),
    *("alone", "alone_ride_min", "alone_distance_m", "service_min2", "handover_min2"),
    *("refused", "withdrawn", "promises", "promise_min", "promise_min2"),
    *("predicted_travel_min", "snapshots", "seen_riders", "seen_outstanding"),
)
SLOT_SUMS = ("slots", "demand", "lost", "asked", "unserved", "online_min", "busy_min", "finished", "riders_on_shift")


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """A city's day and the days it is compared with.

    Parameters
    ----------
    on_shift : array or None
        Riders of the whole city, (n_days, 24), where only sessions tell; zones are then not known.
    apart_m : array
        Metres between the middles of zones, (n_zones, n_zones); infinite where unknown.
    rain_mm : array or None
        Precipitation, (n_days, 24) in the grid's columns; NaN where not observed, None without weather facts.
    refund_minor : array or None
        Refunds of the day by the order's zone and hour, (n_zones, 24); None where no refunds are known.
    refunds_elsewhere_minor : int
        Refunds of the day whose zone and hour are not known.
    """

    grid: Grid
    has_orders: bool
    on_shift: FloatArray | None
    apart_m: FloatArray
    rain_mm: FloatArray | None
    refund_minor: FloatArray | None
    refunds_elsewhere_minor: int
    refund_currency: str | None


@dataclass(frozen=True, slots=True)
class Axes:
    """Where a row belongs in the grid."""

    days: Mapping[date, int]
    zones: Mapping[str, int]
    first_hour: int

    @property
    def shape(self) -> tuple[int, int, int]:
        """Size of the grid."""
        return len(self.days), len(self.zones), HOURS

    def columns(self, hours: Sequence[int]) -> Indices:
        """Give the grid columns of local hours."""
        return (np.asarray(hours, dtype=np.intp) - self.first_hour) % HOURS

    def places(self, table: pa.Table) -> Places:
        """Find the place of each row of a table by date, zone and hour."""
        return (
            np.array([self.days[d] for d in table["business_date"].to_pylist()], dtype=np.intp),
            np.array([self.zones[z] for z in table["zone_id"].to_pylist()], dtype=np.intp),
            self.columns(table["local_hour"].to_pylist()),
        )

    def spread(self, table: pa.Table, names: Sequence[str], *, empty: float = 0.0) -> dict[str, FloatArray]:
        """Lay columns of a table by date, zone and hour out on the grid."""
        at = self.places(table)
        laid = {}
        for name in names:
            # By way of a list: pyarrow's own way to numpy imports pandas, which takes longer than the whole day-book.
            values = np.array(table[name].to_pylist(), dtype=float)
            laid[name] = np.full(self.shape, empty)
            laid[name][at] = np.where(np.isnan(values), empty, values)
        return laid


def read_window(context: Context, *, city_id: str, days: Sequence[date], cutoff_min: int, timezone: str) -> Window:
    """Read the facts of a city's day and of the days it is compared with; the day comes first in ``days``."""
    warehouse, dialect = context.warehouse, context.warehouse.dialect
    orders = warehouse.query(ask.orders_by_cell(city_id=city_id, days=days, dialect=dialect))
    slots = warehouse.query(ask.slots_by_cell(city_id=city_id, days=days, dialect=dialect))
    named = sorted({*orders["zone_id"].to_pylist(), *slots["zone_id"].to_pylist()}) or [""]
    axes = Axes({d: k for k, d in enumerate(days)}, {z: k for k, z in enumerate(named)}, cutoff_min // 60)
    sums = axes.spread(orders, ORDER_SUMS)
    market = axes.spread(slots, SLOT_SUMS, empty=np.nan)
    by_snapshot = _by_snapshot(sums)
    riders = _seen_riders(sums) if by_snapshot else _riders(market)
    on_shift = None
    if riders is None:
        on_shift = _riders_of_sessions(context, axes, city_id=city_id, days=days, timezone=timezone)
        riders = on_shift[:, None, :] if on_shift is not None and len(named) == 1 else None
    sums |= _demand(sums, market, has_orders=orders.num_rows > 0, by_snapshot=by_snapshot)
    sums |= {name: np.nan_to_num(market[name]) for name in ("online_min", "busy_min", "finished")}
    middles = _middles(context, city_id, named)
    neighbours = touching(middles[:, 0], middles[:, 1])
    grid = Grid(tuple(days), tuple(named), axes.first_hour, sums, riders, neighbours)
    rain = _rain(context, axes, city_id=city_id, days=days)
    refunds = _refunds(context, axes, city_id=city_id, days=days)
    return Window(grid, orders.num_rows > 0, on_shift, apart_m(middles), rain, *refunds)


def _demand(
    sums: Mapping[str, FloatArray], market: Mapping[str, FloatArray], *, has_orders: bool, by_snapshot: bool
) -> dict[str, FloatArray]:
    """Say what was wanted and what nobody carried: orders where there are any, else what the market's slots count."""
    if not has_orders:
        asked = "asked" if np.isfinite(market["asked"]).any() else "demand"
        failed = "unserved" if asked == "asked" else "lost"
        wanted = np.nan_to_num(market[asked])
        return {"wanted": wanted, "pressure": wanted, "lost": np.nan_to_num(market[failed])}
    lost = sums["lost"]
    if not lost.any() and np.isfinite(market["lost"]).any():
        lost = np.nan_to_num(market["lost"])
    pressure = sums["placed"]
    if by_snapshot:
        seen = sums["snapshots"]
        pressure = np.divide(sums["seen_outstanding"], seen, out=np.zeros_like(seen), where=seen > 0)
    return {"wanted": sums["placed"], "pressure": pressure, "lost": lost}


def _by_snapshot(sums: Mapping[str, FloatArray]) -> bool:
    """Tell whether load is best known from what orders saw when they were placed: riders and open orders, no stages."""
    no_stages = sums["path"].sum() < 0.8 * sums["delivered"].sum()
    return bool(no_stages and sums["snapshots"].sum() > 0.6 * sums["placed"].sum() > 0)


def _seen_riders(sums: Mapping[str, FloatArray]) -> FloatArray:
    seen = sums["snapshots"]
    mean = np.divide(sums["seen_riders"], seen, out=np.full(seen.shape, np.nan), where=seen > 0)
    return np.asarray(mean, dtype=float)


def _riders(market: Mapping[str, FloatArray]) -> FloatArray | None:
    if np.isfinite(market["riders_on_shift"]).any():
        return market["riders_on_shift"]
    if np.isfinite(market["online_min"]).any():
        return np.asarray(market["online_min"] / 60.0, dtype=float)
    return None


def _riders_of_sessions(
    context: Context, axes: Axes, *, city_id: str, days: Sequence[date], timezone: str
) -> FloatArray | None:
    """Count the city's riders hour by hour from their sessions, (n_days, 24); None without sessions."""
    warehouse = context.warehouse
    rows = warehouse.query(ask.sessions(city_id=city_id, days=days, dialect=warehouse.dialect)).to_pylist()
    if not rows:
        return None
    zone = ZoneInfo(timezone)
    riders = np.zeros((len(days), HOURS))
    for row in rows:
        for local_hour, share in _hours_of(row["on_at"].astimezone(zone), row["off_at"].astimezone(zone)):
            riders[axes.days[row["business_date"]], (local_hour - axes.first_hour) % HOURS] += share
    return riders


def _hours_of(start: datetime, end: datetime) -> list[tuple[int, float]]:
    """Cut a session into local hours with the share of each hour that it covers; a session ends with its day."""
    pieces: list[tuple[int, float]] = []
    at = start
    while at < end and len(pieces) < HOURS:
        border = min(at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1), end)
        pieces.append((at.hour, (border - at).total_seconds() / 3600))
        at = border
    return pieces


def _middles(context: Context, city_id: str, zones: Sequence[str]) -> FloatArray:
    known = context.warehouse.query(of_city.zones(city_id=city_id, dialect=context.warehouse.dialect)).to_pylist()
    middle = {row["zone_id"]: (row["latitude"], row["longitude"]) for row in known}
    return np.array([middle.get(z) or (None, None) for z in zones], dtype=float)


def _rain(context: Context, axes: Axes, *, city_id: str, days: Sequence[date]) -> FloatArray | None:
    rows = context.warehouse.query(ask.rain_by_hour(city_id=city_id, days=days, dialect=context.warehouse.dialect))
    if not rows.num_rows:
        return None
    rain = np.full((len(days), HOURS), np.nan)
    for row in rows.to_pylist():
        rain[axes.days[row["business_date"]], (row["local_hour"] - axes.first_hour) % HOURS] = row["precipitation_mm"]
    return rain


def _refunds(
    context: Context, axes: Axes, *, city_id: str, days: Sequence[date]
) -> tuple[FloatArray | None, int, str | None]:
    query = ask.refunds_by_cell(city_id=city_id, days=days, dialect=context.warehouse.dialect)
    rows = context.warehouse.query(query).to_pylist()
    if not rows:
        return None, 0, None
    amounts, elsewhere = np.zeros(axes.shape[1:]), 0
    for row in (r for r in rows if axes.days[r["business_date"]] == 0):
        if row["local_hour"] is None or row["zone_id"] not in axes.zones:
            elsewhere += int(row["amount_minor"])
        else:
            amounts[axes.zones[row["zone_id"]], (row["local_hour"] - axes.first_hour) % HOURS] += row["amount_minor"]
    return amounts, elsewhere, rows[0]["currency"]
