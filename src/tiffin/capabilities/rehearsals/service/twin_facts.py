"""The facts of a day, read for its twin."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tiffin.capabilities.rehearsals import queries
from tiffin.capabilities.rehearsals.domain.twin_facts import ORDER_NAMES, ORDER_NUMBERS, ORDER_TIMES, TwinFacts
from tiffin.capabilities.rehearsals.service.fact_cities import FactCity
from tiffin.runtime.context import Context
from tiffin.runtime.warehouse.opening import open_store

SESSION_TIMES, SESSION_NAMES = ("on_at", "off_at"), ("zone_id", "vehicle", "rider_id")
MICROSECONDS = 1e6


def read_twin_facts(context: Context, city: FactCity, day: date) -> TwinFacts:
    """Read what the facts of a day tell of its orders, riders and customers who went away."""
    store = open_store(context.workspace)
    asked = {
        "orders": queries.twin_orders(city.city_id, day),
        "rider_sessions": queries.twin_sessions(city.city_id, day),
        "customer_sessions": queries.twin_visits(city.city_id, day),
    }
    tables = {name: context.warehouse.query(query) for name, query in asked.items() if store.has(name)}
    return twin_facts(tables, begins=city.begins(day))


def twin_facts(tables: Mapping[str, pa.Table], *, begins: datetime) -> TwinFacts:
    """Turn rows of ``orders``, ``rider_sessions`` and ``customer_sessions`` into columns of a twin.

    Notes
    -----
    Orders without merchant, zone or time of placing, and sessions and visits without a zone, are left out.
    """
    orders = _known(tables.get("orders"), ("merchant_id", "zone_id", "placed_at"))
    sessions = _known(tables.get("rider_sessions"), ("zone_id", "on_at", "off_at"))
    visits = _known(tables.get("customer_sessions"), ("zone_id", "asked_at"))
    if visits is not None and "order_id" in visits.column_names:
        visits = visits.filter(pc.is_null(visits["order_id"]))
    return TwinFacts(
        orders={
            **{name: _seconds(orders, name, begins) for name in ORDER_TIMES},
            **{name: _numbers(orders, name) for name in ORDER_NUMBERS},
            **{name: _texts(orders, name) for name in ORDER_NAMES},
        },
        sessions={
            **{name: _seconds(sessions, name, begins) for name in SESSION_TIMES},
            **{name: _texts(sessions, name) for name in SESSION_NAMES},
        },
        visits={"asked_at": _seconds(visits, "asked_at", begins), "zone_id": _texts(visits, "zone_id")},
    )


def _known(rows: pa.Table | None, wanted: Sequence[str]) -> pa.Table | None:
    if rows is None:
        return None
    for name in wanted:
        rows = rows.filter(pc.is_valid(rows[name]))
    return rows


def _seconds(rows: pa.Table | None, name: str, begins: datetime) -> NDArray[np.float64]:
    if rows is None or name not in rows.column_names:
        return np.full(0 if rows is None else rows.num_rows, np.nan)
    instants = pc.cast(rows[name], pa.timestamp("us", tz="UTC")).cast(pa.int64())
    seconds = (instants.to_numpy(zero_copy_only=False).astype(np.float64)) / MICROSECONDS
    return np.asarray(seconds - begins.timestamp(), dtype=np.float64)


def _numbers(rows: pa.Table | None, name: str) -> NDArray[np.float64]:
    if rows is None or name not in rows.column_names:
        return np.full(0 if rows is None else rows.num_rows, np.nan)
    return np.asarray(rows[name].cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)


def _texts(rows: pa.Table | None, name: str) -> NDArray[Any]:
    if rows is None or name not in rows.column_names:
        return np.full(0 if rows is None else rows.num_rows, None, dtype=object)
    return np.array(rows[name].to_pylist(), dtype=object)
