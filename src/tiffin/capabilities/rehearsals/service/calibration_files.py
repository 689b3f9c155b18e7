"""Reads the real files that the simulator is set against, through the feeds where there is one; writes nothing."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tiffin.capabilities.facts.service.previewing import Preview, preview
from tiffin.capabilities.rehearsals.domain.calibration_source import Source, SourceFile
from tiffin.engines.simulation.tables import Floats
from tiffin.kernel.errors import NotFound

MINUTE_S = 60.0
CUTOFF_H = 4
"""Business days of the sources begin at four in the morning of their own clock."""

PARCELS = "parl_redelivery"
INVOICES = "uci_online_retail"


def read_source(name: str, data: Path) -> Source:
    """Read one source out of the folder that holds them all.

    Raises
    ------
    NotFound
        Its folder or a file of it is missing.
    InvalidData
        A file cannot be read.
    """
    folder = data / name
    if not folder.is_dir():
        raise NotFound(
            f"The folder {folder} was expected with the files of {name}, and is not there. Name with --data the folder "
            "that holds the sources, one folder each; the feeds' descriptions tell where each is to be had."
        )
    return _READERS[name](folder)


def _wolt(folder: Path) -> Source:
    seen = preview("wolt-2020", [folder], ["orders", "weather"])
    orders, weather = seen.tables["orders"], seen.tables["weather"]
    placed = _seconds(orders, "placed_at")
    hourly = dict(zip(_seconds(weather, "observed_at"), _numbers(weather, "precipitation_mm"), strict=True))
    columns = {
        **_clock(placed, "Europe/Helsinki"),
        "click_to_door_min": (_seconds(orders, "delivered_at") - placed) / MINUTE_S,
        "promised_min": (_seconds(orders, "promised_at") - placed) / MINUTE_S,
        "distance_m": _numbers(orders, "distance_m"),
        "items": _numbers(orders, "item_count"),
        "venue_lat": _numbers(orders, "pickup_latitude"),
        "venue_lng": _numbers(orders, "pickup_longitude"),
        "rain_mm": np.array([hourly.get(at, np.nan) for at in placed - placed % 3600]),
    }
    columns["late_min"] = columns["click_to_door_min"] - columns["promised_min"]
    return Source("wolt_2020", _files(seen), columns)


def _ops(folder: Path) -> Source:
    seen = preview("doordash-ops", [folder], ["orders", "refunds"])
    orders, refunds = seen.tables["orders"], seen.tables["refunds"]
    placed, delivered = _seconds(orders, "placed_at"), _seconds(orders, "delivered_at")
    there = _seconds(orders, "arrived_at_merchant_at")
    repaid = set(refunds["order_id"].to_pylist())
    columns = {
        **_clock(placed, "America/Los_Angeles"),
        "region": _numbered(orders, "city_id"),
        "is_asap": _numbers(orders, "is_asap"),
        "accept_min": (_seconds(orders, "accepted_at") - placed) / MINUTE_S,
        "to_merchant_min": (there - placed) / MINUTE_S,
        "from_merchant_min": (delivered - there) / MINUTE_S,
        "click_to_door_min": (delivered - placed) / MINUTE_S,
        "merchant": _numbered(orders, "merchant_id"),
        "refunded": np.array([float(one in repaid) for one in orders["order_id"].to_pylist()]),
        "basket": _numbers(orders, "basket_minor"),
        "discounted": (_numbers(orders, "discount_minor") > 0).astype(np.float64),
        "tipped": (_numbers(orders, "tip_minor") > 0).astype(np.float64),
        "is_first": _numbers(orders, "is_first_order"),
    }
    return Source("doordash_ops", _files(seen), columns)


def _eta(folder: Path) -> Source:
    seen = preview("doordash-eta", [folder], ["orders"])
    orders = seen.tables["orders"]
    placed = _seconds(orders, "placed_at")
    riders = _numbers(orders, "riders_on_shift")
    riders = np.where(riders > 0, riders, np.nan)
    columns = {
        **_clock(placed, "America/Los_Angeles"),
        "market": _numbered(orders, "city_id"),
        "merchant": _numbered(orders, "merchant_id"),
        "click_to_door_min": (_seconds(orders, "delivered_at") - placed) / MINUTE_S,
        "ride_min": _numbers(orders, "predicted_travel_s") / MINUTE_S,
        # A noisy share above one is a share of one: nobody is busy twice.
        "busy_share": np.clip(_numbers(orders, "riders_busy") / riders, 0.0, 1.0),
        "outstanding_per_rider": np.maximum(_numbers(orders, "outstanding_orders"), 0.0) / riders,
        "riders_on_shift": riders,
        "basket": _numbers(orders, "basket_minor"),
        "items": _numbers(orders, "item_count"),
    }
    return Source("doordash_eta", _files(seen), columns)


def _grubhub(folder: Path) -> Source:
    chosen = sorted(folder.glob("*o100t100s1p100"))
    if not chosen:
        raise NotFound(f"Instances such as {folder / '0o100t100s1p100'} were expected; there is none.")
    seen = preview("grubhub-mdrp", chosen, ["orders", "rider_sessions"])
    orders, sessions = seen.tables["orders"], seen.tables["rider_sessions"]
    placed = _seconds(orders, "placed_at")
    begin = datetime(2018, 1, 1, tzinfo=UTC).timestamp()
    columns = {
        "instance": _numbered(orders, "city_id"),
        "hour": (placed - begin) // 3600,
        "prepare_min": (_seconds(orders, "ready_at") - placed) / MINUTE_S,
        "distance_m": _numbers(orders, "distance_m"),
        "merchant": _numbered(orders, "merchant_id"),
        "x_m": _numbers(orders, "pickup_x_m"),
        "y_m": _numbers(orders, "pickup_y_m"),
        "session_min": _numbers(sessions, "online_min"),
        "session_instance": _numbered(sessions, "city_id"),
    }
    return Source("grubhub_mdrp", _files(seen), columns)


def _bolt(folder: Path) -> Source:
    seen = preview("bolt-hourly", [folder], ["marketplace_slots"])
    slots = seen.tables["marketplace_slots"]
    at = _seconds(slots, "slot_at")
    columns = {
        **_clock(at, "UTC"),
        "busy_min": _numbers(slots, "busy_min"),
        "online_min": _numbers(slots, "online_min"),
        "rides": _numbers(slots, "orders_finished"),
        "asked": _numbers(slots, "people_asked"),
        "unserved": _numbers(slots, "people_unserved"),
    }
    return Source("bolt_hourly", _files(seen), columns)


def _uber(folder: Path) -> Source:
    seen = preview("uber-requests", [folder], ["orders"])
    orders = seen.tables["orders"]
    by = orders["cancelled_by"].to_pylist()
    columns = {
        **_clock(_seconds(orders, "placed_at"), "UTC"),
        "is_airport": np.array([float(zone == "airport") for zone in orders["zone_id"].to_pylist()]),
        "no_rider": np.array([float(one == "platform") for one in by]),
        "rider_cancelled": np.array([float(one == "rider") for one in by]),
    }
    return Source("uber_requests", _files(seen), columns)


def _instacart(folder: Path) -> Source:
    seen = preview("instacart-issues", [folder], ["orders", "contacts", "ratings"])
    contacts = seen.tables["contacts"]
    columns = {
        "order": np.ones(seen.tables["orders"].num_rows),
        "stars": _numbers(seen.tables["ratings"], "stars"),
        "issue": np.ones(contacts.num_rows),
        "orders_with_issue": np.ones(len(set(contacts["order_id"].to_pylist()))),
    }
    return Source("instacart_issues", _files(seen), columns)


def _parcels(folder: Path) -> Source:
    path = _only(folder, "changshu_history.csv.gz")
    rows = duckdb.execute(
        "SELECT is_redelivered = 'True', is_autonomous = 'True', CAST(time_delta_slots AS DOUBLE), "
        "isodow(CAST(date AS DATE)) FROM read_csv(?, all_varchar = true)",
        [str(path)],
    ).fetchnumpy()
    names = ("redelivered", "self_collected", "slots_waited", "weekday")
    columns = {name: np.asarray(column, dtype=np.float64) for name, column in zip(names, rows.values(), strict=True)}
    return Source(PARCELS, (_digested(path, len(columns["redelivered"])),), columns)


def _invoices(folder: Path) -> Source:
    path = _only(folder, "online_retail_II_2009_2010.parquet")
    found = duckdb.execute(
        "SELECT DISTINCT Invoice, starts_with(Invoice, 'C') AS cancelled FROM read_parquet(?)", [str(path)]
    ).fetchnumpy()
    return Source(
        INVOICES,
        (_digested(path, len(found["cancelled"])),),
        {"cancelled": np.asarray(found["cancelled"], dtype=np.float64)},
    )


_READERS: Mapping[str, Callable[[Path], Source]] = {
    "doordash_ops": _ops,
    "wolt_2020": _wolt,
    "doordash_eta": _eta,
    "grubhub_mdrp": _grubhub,
    "bolt_hourly": _bolt,
    "uber_requests": _uber,
    "instacart_issues": _instacart,
    PARCELS: _parcels,
    INVOICES: _invoices,
}
SOURCES = tuple(_READERS)


def _only(folder: Path, name: str) -> Path:
    path = folder / name
    if not path.is_file():
        raise NotFound(f"The file {path} was expected and is not there.")
    return path


def _digested(path: Path, rows: int) -> SourceFile:
    return SourceFile(path.name, hashlib.sha256(path.read_bytes()).hexdigest(), rows)


def _files(seen: Preview) -> tuple[SourceFile, ...]:
    return tuple(SourceFile(_short(file.name), file.sha256, file.rows) for file in seen.files)


def _short(name: str) -> str:
    """Name a file as the folder of sources does: the machine's own folders are nobody's business."""
    return "/".join(Path(name).parts[-2:])


def _seconds(table: pa.Table, column: str) -> Floats:
    """Give instants as seconds since 1970 UTC; nan where missing."""
    text = table[column].cast(pa.timestamp("us")).to_numpy(zero_copy_only=False)
    seconds = text.astype("datetime64[us]").astype(np.float64) / 1e6
    return np.where(np.isnat(text), np.nan, seconds)


def _numbers(table: pa.Table, column: str) -> Floats:
    return np.asarray(table[column].cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)


def _numbered(table: pa.Table, column: str) -> Floats:
    """Give each value of a column its number in alphabetical order; nan where missing."""
    values = table[column].to_pylist()
    number = {value: float(place) for place, value in enumerate(sorted({v for v in values if v is not None}))}
    return np.array([number.get(value, np.nan) for value in values])


def _clock(instants: Floats, time_zone: str) -> Mapping[str, Floats]:
    """Give hour since the cut-off, business day (a number) and ISO weekday of instants, in a city's own time."""
    known = ~np.isnan(instants)
    hours, place = np.unique(np.floor(instants[known] / 3600).astype(np.int64), return_inverse=True)
    local = [datetime.fromtimestamp(int(hour) * 3600, tz=ZoneInfo(time_zone)) for hour in hours]
    since = np.array([one.hour - CUTOFF_H for one in local])
    day = np.array([one.toordinal() for one in local]) - (since < 0)
    parts: Mapping[str, NDArray[np.int64]] = {"hour": since % 24, "day": day, "weekday": (day - 1) % 7 + 1}
    columns = {}
    for name, of_hour in parts.items():
        column = np.full(len(instants), np.nan)
        column[known] = of_hour[place]
        columns[name] = column
    return columns
