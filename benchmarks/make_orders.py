"""Make a workspace with millions of plausible orders, quickly and always the same, for benchmarks.

300 cities in six countries over a year, with merchants, zones, slots, rider sessions, refunds, contacts and ratings.
The facts are drawn from hashes of row numbers in DuckDB and written through the store as any load is. They resemble no
real marketplace; for one that behaves, see the simulator.

Run: ``nice .venv/bin/python benchmarks/make_orders.py [ORDERS] [--folder DIR]``. Prints the workspace's folder; a
folder that was made before is kept as it is.
"""

# ruff: noqa: S608 - all SQL here is made of this file's own texts and numbers

import argparse
import hashlib
import os
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from tiffin.kernel.facts.registry import TABLES
from tiffin.runtime.warehouse.store import DeltaStore

CITIES = 300
DAYS = 365
FIRST_DAY = "2025-11-01"
ZONES = 4
CUTOFF_MIN = 240
NOW = datetime(2026, 11, 1, tzinfo=UTC)

COUNTRIES = """
    (VALUES (0, 'SA', 'SAR', 'Asia/Riyadh', 180, '5,6'), (1, 'AE', 'AED', 'Asia/Dubai', 240, '6,7'),
            (2, 'QA', 'QAR', 'Asia/Qatar', 180, '5,6'), (3, 'KW', 'KWD', 'Asia/Kuwait', 180, '5,6'),
            (4, 'HK', 'HKD', 'Asia/Hong_Kong', 480, '6,7'), (5, 'BR', 'BRL', 'America/Sao_Paulo', -180, '6,7'))
    AS countries (country_no, country, currency, timezone, offset_min, weekend)
"""

CITY = f"""
    SELECT city_no, format('city-{{:03d}}', city_no) AS city_id, country, currency, timezone, offset_min, weekend
    FROM range({CITIES}) AS t (city_no) JOIN {COUNTRIES} ON country_no = city_no % 6
"""


def main() -> None:
    """Make the workspace and print where it is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("orders", nargs="?", type=int, default=5_000_000)
    parser.add_argument("--folder", type=Path, default=None)
    stated = parser.parse_args()
    sys.stdout.write(f"{make_orders(stated.orders, stated.folder)}\n")


def make_orders(orders: int, folder: Path | None = None) -> Path:
    """Give the folder of a workspace with so many orders, made now unless it was made before.

    Parameters
    ----------
    folder : Path or None
        None for a folder under the temporary one, named after the number of orders and this file's content.
    """
    version = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:8]
    target = folder or Path(tempfile.gettempdir()) / f"tiffin-orders-{orders}-{version}"
    if (target / "tiffin.toml").is_file():
        return target
    making = target.with_name(f"{target.name}.{os.getpid()}")
    store = DeltaStore(making / ".tiffin" / "tables")
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'; SET preserve_insertion_order = false")
    connection.execute(f"CREATE TABLE city AS {CITY}")
    for table, select in _tables(orders):
        _write(connection, store, table, select)
    (making / "tiffin.toml").write_text('[warehouse]\nengine = "duckdb"\n', encoding="utf-8")
    shutil.rmtree(target, ignore_errors=True)
    making.rename(target)
    return target


def _write(connection: duckdb.DuckDBPyConnection, store: DeltaStore, table: str, select: str) -> None:
    begun = time.perf_counter()
    reader = connection.sql(select).to_arrow_reader(100_000)
    done = store.upsert(TABLES[table], reader, now=NOW, source="benchmark")
    sys.stderr.write(f"{table:<20}{done.inserted:>12,} rows{time.perf_counter() - begun:>8.1f} s\n")
    if table == "orders":
        files = store.snapshot("orders").paths  # later tables are made from the orders as they are written
        connection.execute(f"CREATE VIEW orders AS SELECT * FROM read_parquet({list(files)})")


def _u(salt: int, row: str = "i") -> str:
    """Write a number in [0, 1) that depends on a row and a salt only."""
    return f"(hash({row} * 64 + {salt}) / 18446744073709551616.0)"


def _tables(orders: int) -> tuple[tuple[str, str], ...]:
    merchants = max(2, min(120, orders // (CITIES * 20)))
    return (
        ("cities", _CITIES),
        ("city_days", _CITY_DAYS),
        ("zones", _ZONES),
        ("merchants", _merchants(merchants)),
        ("orders", _orders(orders, merchants)),
        ("marketplace_slots", _SLOTS),
        ("rider_sessions", _SESSIONS),
        ("refunds", _REFUNDS),
        ("contacts", _CONTACTS),
        ("ratings", _RATINGS),
    )


_CITIES = f"""
    SELECT city_id, city_id AS name, country, timezone, true AS timezone_known, {CUTOFF_MIN} AS cutoff_min, weekend,
           currency, 24.0 + city_no / 100.0 AS latitude, 46.0 + city_no / 100.0 AS longitude, true AS is_simulated
    FROM city
"""

_CITY_DAYS = f"""
    SELECT city_id, day::DATE AS business_date, isodow(day) AS weekday,
           list_contains(string_split(weekend, ','), isodow(day)::VARCHAR) AS is_weekend,
           day BETWEEN DATE '2026-02-18' AND DATE '2026-03-19' AS is_ramadan
    FROM city, (SELECT (DATE '{FIRST_DAY}' + d::INTEGER) AS day FROM range({DAYS}) AS t (d))
"""

_ZONES = f"""
    SELECT city_id, format('{{}}-z{{}}', city_id, z) AS zone_id, format('Zone {{}}', z) AS name,
           24.0 + city_no / 100.0 + z / 50.0 AS latitude, 46.0 + city_no / 100.0 AS longitude
    FROM city, range({ZONES}) AS t (z)
"""


def _merchants(count: int) -> str:
    return f"""
        SELECT city_id, format('{{}}-m{{}}', city_id, m) AS merchant_id, format('Merchant {{}}', m) AS name,
               ['kitchen', 'grocery', 'pharmacy', 'flowers'][1 + (m % 4)::INTEGER] AS category,
               format('{{}}-z{{}}', city_id, m % {ZONES}) AS zone_id,
               24.0 + city_no / 100.0 AS latitude, 46.0 + city_no / 100.0 AS longitude
        FROM city, range({count}) AS t (m)
    """


_HOURS = [
    *(0, 1, 8, 9, 9, 10, 10, 11, 11, 11, 12, 12, 12, 12, 13, 13, 13, 13, 14, 14, 15, 15, 16, 16, 17, 17, 18, 18, 18),
    *(19, 19, 19, 19, 20, 20, 20, 20, 20, 21, 21, 21, 21, 22, 22, 22, 23, 23),
]
"""Hours of the local day as often as orders fall into them."""


def _orders(count: int, merchants: int) -> str:
    """Write orders: a few large cities, lunch and dinner peaks, slower when many are outstanding."""
    return f"""
    WITH drawn AS (
        SELECT i, floor({CITIES} * {_u(1)} * {_u(2)})::INTEGER AS city_no, floor({DAYS} * {_u(3)})::INTEGER AS day_no,
               {_HOURS}[1 + floor({len(_HOURS)} * {_u(4)})::INTEGER] AS hour, floor(3600 * {_u(5)})::INTEGER AS second,
               floor({merchants} * {_u(6)})::INTEGER AS m, {_u(7)} AS fate, 0.2 + {_u(8)} * {_u(9)} AS load
        FROM range({count}) AS t (i)
    ), placed AS (
        SELECT *, DATE '{FIRST_DAY}' + day_no AS business_date,
               CASE WHEN fate < 0.03 THEN 'cancelled' WHEN fate < 0.033 THEN 'returned' ELSE 'delivered' END AS status,
               ((DATE '{FIRST_DAY}' + day_no)::TIMESTAMP + to_hours(hour + CASE WHEN hour < 4 THEN 24 ELSE 0 END)
                   + to_seconds(second) - to_minutes(offset_min)) AT TIME ZONE 'UTC' AS placed_at
        FROM drawn JOIN city USING (city_no)
    ), timed AS (
        SELECT *, 60 * (0.5 + 2 * {_u(10)}) AS accepting, 60 * (6 + 14 * {_u(11)}) AS preparing,
               60 * (1 + 9 * load * {_u(12)}) AS assigning, 60 * (3 + 8 * {_u(13)}) AS riding,
               60 * (4 + 14 * {_u(14)}) AS carrying, 60 * (1 + 4 * {_u(15)}) AS handing
        FROM placed
    ), staged AS (
        SELECT *, greatest(accepting + preparing, assigning + riding) + 60 AS picking,
               greatest(accepting + preparing, assigning + riding) + 60 + carrying AS arriving
        FROM timed
    )
    SELECT city_id, format('o{{}}', i) AS order_id, country, format('{{}}-z{{}}', city_id, m % {ZONES}) AS zone_id,
           format('{{}}-z{{}}', city_id, floor({ZONES} * {_u(16)})::INTEGER) AS dropoff_zone_id,
           format('{{}}-m{{}}', city_id, m) AS merchant_id,
           format('{{}}-c{{}}', city_id, floor({max(10, count // (CITIES * 6))} * {_u(17)})::INTEGER) AS customer_id,
           CASE WHEN status <> 'cancelled'
                THEN format('{{}}-r{{}}', city_id, floor(60 * {_u(18)})::INTEGER) END AS rider_id,
           ['kitchen', 'grocery', 'pharmacy', 'flowers'][1 + m % 4] AS category,
           ['bicycle', 'motorcycle', 'motorcycle', 'car'][1 + floor(4 * {_u(19)})::INTEGER] AS vehicle, status,
           CASE WHEN status = 'cancelled'
                THEN ['customer', 'merchant', 'platform', 'platform'][1 + floor(4 * {_u(20)})::INTEGER]
           END AS cancelled_by,
           CASE WHEN status = 'cancelled'
                THEN ['changed_mind', 'item_unavailable', 'no_rider', 'no_rider'][1 + floor(4 * {_u(20)})::INTEGER]
           END AS cancel_reason,
           placed_at, placed_at + to_seconds(accepting) AS accepted_at,
           placed_at + to_seconds(accepting + preparing) AS ready_at, placed_at + to_seconds(assigning) AS assigned_at,
           CASE WHEN status <> 'cancelled'
                THEN placed_at + to_seconds(assigning + riding) END AS arrived_at_merchant_at,
           CASE WHEN status <> 'cancelled' THEN placed_at + to_seconds(picking) END AS picked_up_at,
           CASE WHEN status <> 'cancelled' THEN placed_at + to_seconds(arriving) END AS arrived_at_customer_at,
           CASE WHEN status = 'delivered' THEN placed_at + to_seconds(arriving + handing) END AS delivered_at,
           CASE WHEN status = 'cancelled' THEN placed_at + to_minutes(5) END AS cancelled_at,
           placed_at + to_minutes(30 + floor(15 * {_u(21)})::INTEGER) AS promised_at,
           floor(500 + 6000 * {_u(22)}) AS distance_m, 1 + floor(6 * {_u(23)} * {_u(24)})::BIGINT AS item_count,
           true AS is_asap, {_u(25)} < 0.05 AS is_first_order, currency,
           1500 + floor(9000 * {_u(26)})::BIGINT AS basket_minor,
           500 + floor(700 * {_u(27)})::BIGINT AS delivery_fee_minor,
           CASE WHEN {_u(28)} < 0.3 THEN 500 ELSE 0 END::BIGINT AS discount_minor,
           CASE WHEN {_u(29)} < 0.2 THEN 200 ELSE 0 END::BIGINT AS tip_minor,
           20 + floor(20 * {_u(30)}) AS riders_on_shift, 10 + floor(10 * {_u(31)}) AS riders_busy,
           floor(40 * load) AS outstanding_orders, business_date, hour::BIGINT AS local_hour,
           time_bucket(INTERVAL 30 MINUTE, placed_at) AS slot_at
    FROM staged
    """


_SLOTS = f"""
    SELECT city_id, zone_id, slot_at, 30 AS slot_min, count(*)::DOUBLE AS demand_orders,
           count(*) FILTER (WHERE cancel_reason = 'no_rider')::DOUBLE AS lost_orders,
           (count(*) * 3)::DOUBLE AS people_asked,
           least(count(*) * 3, count(*) FILTER (WHERE cancel_reason = 'no_rider') * 4)::DOUBLE AS people_unserved,
           avg(riders_on_shift) / {ZONES} AS riders_on_shift, avg(riders_busy) / {ZONES} AS riders_busy,
           avg(outstanding_orders) / {ZONES} AS outstanding_orders, 30 * avg(riders_on_shift) / {ZONES} AS online_min,
           30 * avg(riders_busy) / {ZONES} AS busy_min,
           30 * avg(riders_on_shift - riders_busy) / {ZONES} AS waiting_min,
           count(*) FILTER (WHERE status = 'delivered')::DOUBLE AS orders_finished,
           max(riders_on_shift) / {ZONES} AS riders_active, any_value(business_date) AS business_date,
           any_value(local_hour) AS local_hour
    FROM orders GROUP BY city_id, zone_id, slot_at
"""

_SESSIONS = """
    SELECT city_id, rider_id, min(placed_at) AS on_at, max(placed_at) + INTERVAL 1 HOUR AS off_at,
           any_value(zone_id) AS zone_id, any_value(vehicle) AS vehicle, 'fleet-' || (hash(rider_id) % 3) AS fleet_id,
           least(960, epoch(max(placed_at)) / 60 - epoch(min(placed_at)) / 60 + 60) AS online_min,
           least(960, epoch(max(placed_at)) / 60 - epoch(min(placed_at)) / 60 + 60) * 0.6 AS busy_min,
           least(960, epoch(max(placed_at)) / 60 - epoch(min(placed_at)) / 60 + 60) * 0.4 AS waiting_min,
           count(*) FILTER (WHERE status = 'delivered') AS orders_delivered, business_date
    FROM orders WHERE rider_id IS NOT NULL GROUP BY city_id, rider_id, business_date
"""

_AFTER = "CASE WHEN status = 'delivered' THEN delivered_at + INTERVAL 20 MINUTE END"

_REFUNDS = f"""
    SELECT city_id, 'f' || order_id AS refund_id, order_id, {_AFTER} AS refunded_at,
           (basket_minor * 0.4)::BIGINT AS amount_minor, currency, 'missing_item' AS reason, zone_id, merchant_id,
           rider_id, business_date
    FROM orders WHERE status = 'delivered' AND hash(order_id) % 1000 < 27
"""

_CONTACTS = f"""
    SELECT city_id, 'c' || order_id AS contact_id, order_id, {_AFTER} AS contacted_at, 'chat' AS channel,
           ['late', 'missing_item', 'wrong_item'][1 + (hash(order_id) % 3)::INTEGER] AS reason, zone_id, merchant_id,
           rider_id, business_date
    FROM orders WHERE status = 'delivered' AND hash(order_id) % 1000 BETWEEN 20 AND 59
"""

_RATINGS = f"""
    SELECT city_id, order_id, {_AFTER} AS rated_at, 1 + (hash(order_id || 's') % 5)::BIGINT AS stars, zone_id,
           merchant_id, rider_id, business_date
    FROM orders WHERE status = 'delivered' AND hash(order_id) % 1000 BETWEEN 100 AND 199
"""

if __name__ == "__main__":
    main()
