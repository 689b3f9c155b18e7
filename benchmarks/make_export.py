"""Make an orders export as plain Parquet files, quickly and always the same, for benchmarks of large loads.

Eighteen columns as an order system exports them (identifiers as text, instants, whole amounts), 300 cities in twelve
time zones over a year, in the order in which orders were placed, five million rows a file. They resemble no real
marketplace. Beside the files lies a workspace whose feed loads them.

Run: ``nice .venv/bin/python benchmarks/make_export.py [ORDERS] [--folder DIR]``. Prints the folder; one that was made
before is kept as it is.
"""

# ruff: noqa: S608 - all SQL here is made of this file's own texts and numbers

import argparse
import hashlib
import os
import shutil
import sys
import tempfile
from pathlib import Path

import duckdb

CITIES = 300
DAYS = 365
FIRST = "2025-11-01"
FILE_ROWS = 5_000_000

CLOCKS = (
    ("SA", "SAR", "Asia/Riyadh", 240),
    ("AE", "AED", "Asia/Dubai", 240),
    ("KW", "KWD", "Asia/Kuwait", 240),
    ("HK", "HKD", "Asia/Hong_Kong", 240),
    ("BR", "BRL", "America/Sao_Paulo", 240),
    ("IN", "INR", "Asia/Kolkata", 300),
    ("US", "USD", "America/New_York", 180),
    ("US", "USD", "America/Los_Angeles", 180),
    ("FI", "EUR", "Europe/Helsinki", 0),
    ("NP", "NPR", "Asia/Kathmandu", 270),
    ("AU", "AUD", "Australia/Lord_Howe", 240),
    ("CA", "CAD", "America/St_Johns", 200),
)
"""Country, currency, time zone and day cut-off (minutes) of each twelfth city."""

FEED = """\
feed: export
title: Orders export
description: Orders made for measuring.
origin: {{publisher: this benchmark, obtain: made by make_export.py, licence: none needed}}
time_zone: UTC
cities:
{cities}
files:
  orders:
    pattern: "*.parquet"
    format: parquet
    columns:
      order_id: {{}}
      city_id: {{}}
      zone_id: {{}}
      merchant_id: {{}}
      customer_id: {{}}
      rider_id: {{}}
      category: {{}}
      vehicle: {{}}
      status: {{}}
      cancel_reason: {{}}
      placed_at: {{type: time}}
      picked_up_at: {{type: time}}
      delivered_at: {{type: time}}
      promised_at: {{type: time}}
      item_count: {{type: integer}}
      currency: {{}}
      basket_minor: {{type: integer}}
      delivery_fee_minor: {{type: integer}}
tables:
  - table: orders
    main: true
    from: orders
    map:
      order_id: order_id
      city_id: city_id
      zone_id: zone_id
      merchant_id: merchant_id
      customer_id: customer_id
      rider_id: rider_id
      category: category
      vehicle: vehicle
      status: status
      cancel_reason: cancel_reason
      placed_at: placed_at
      picked_up_at: picked_up_at
      delivered_at: delivered_at
      promised_at: promised_at
      item_count: item_count
      currency: currency
      basket_minor: basket_minor
      delivery_fee_minor: delivery_fee_minor
"""


def main() -> None:
    """Make the export and print where it is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("orders", nargs="?", type=int, default=10_000_000)
    parser.add_argument("--folder", type=Path, default=None)
    stated = parser.parse_args()
    sys.stdout.write(f"{make_export(stated.orders, stated.folder)}\n")


def make_export(orders: int, folder: Path | None = None) -> Path:
    """Give the folder of an export with so many orders (``in/*.parquet``), made now unless it was made before."""
    version = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:8]
    target = folder or Path(tempfile.gettempdir()) / f"tiffin-export-{orders}-{version}"
    if (target / "tiffin.toml").is_file():
        return target
    making = target.with_name(f"{target.name}.{os.getpid()}")
    (making / "in").mkdir(parents=True)
    (making / "feeds").mkdir()
    (making / "feeds" / "export.yaml").write_text(FEED.format(cities="\n".join(map(_city, range(CITIES)))), "utf-8")
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'; SET memory_limit = '2GB'")
        for number, start in enumerate(range(0, orders, FILE_ROWS)):
            end = min(start + FILE_ROWS, orders)
            path = making / "in" / f"orders-{number:04d}.parquet"
            connection.execute(f"COPY ({_orders(start, end, orders)}) TO '{path}' (FORMAT parquet, COMPRESSION snappy)")
    (making / "tiffin.toml").write_text('[warehouse]\nengine = "duckdb"\n', encoding="utf-8")
    shutil.rmtree(target, ignore_errors=True)
    making.rename(target)
    return target


def _city(number: int) -> str:
    country, currency, timezone, cutoff = CLOCKS[number % len(CLOCKS)]
    return (
        f"  - {{city_id: city-{number:03d}, name: City {number}, country: {country}, timezone: {timezone}, "
        f"cutoff_min: {cutoff}, currency: {currency}}}"
    )


def _u(salt: int) -> str:
    """Write a number between 0 and 1, even and independent for each row ``i`` and salt."""
    return f"(hash(i * 64 + {salt}) / 18446744073709551616.0)"


def _orders(start: int, end: int, orders: int) -> str:
    currencies = [clock[1] for clock in CLOCKS]
    return f"""
    WITH drawn AS (
        SELECT i, floor({CITIES} * {_u(1)} * {_u(2)})::INTEGER AS c, {_u(7)} AS fate,
               TIMESTAMPTZ '{FIRST} 00:00:00+00' + to_microseconds((i * {DAYS * 86_400_000_000 / orders})::BIGINT)
                   AS placed_at
        FROM range({start}, {end}) AS t (i)
    ), drawn2 AS (
        SELECT *, format('city-{{:03d}}', c) AS city_id,
               CASE WHEN fate < 0.03 THEN 'cancelled' WHEN fate < 0.033 THEN 'returned' ELSE 'delivered' END AS status,
               placed_at + to_seconds((600 + 1500 * {_u(10)})::BIGINT) AS picked
        FROM drawn
    )
    SELECT format('o{{}}', i) AS order_id, city_id,
           format('{{}}-z{{}}', city_id, floor(6 * {_u(3)})::INTEGER) AS zone_id,
           format('{{}}-m{{}}', city_id, floor(200 * {_u(4)})::INTEGER) AS merchant_id,
           format('c{{}}', floor({max(10, orders // 8)} * {_u(5)})::BIGINT) AS customer_id,
           CASE WHEN status <> 'cancelled' THEN format('{{}}-r{{}}', city_id, floor(300 * {_u(6)})::INTEGER) END
               AS rider_id,
           ['kitchen', 'grocery', 'pharmacy', 'flowers'][1 + floor(4 * {_u(8)})::INTEGER] AS category,
           ['bicycle', 'motorcycle', 'motorcycle', 'car'][1 + floor(4 * {_u(9)})::INTEGER] AS vehicle, status,
           CASE WHEN status = 'cancelled' THEN ['changed_mind', 'no_rider'][1 + floor(2 * {_u(11)})::INTEGER] END
               AS cancel_reason,
           placed_at, CASE WHEN status <> 'cancelled' THEN picked END AS picked_up_at,
           CASE WHEN status = 'delivered' THEN picked + to_seconds((240 + 1200 * {_u(12)})::BIGINT) END AS delivered_at,
           placed_at + to_minutes(30 + floor(15 * {_u(13)})::INTEGER) AS promised_at,
           1 + floor(6 * {_u(14)} * {_u(15)})::INTEGER AS item_count, {currencies}[1 + c % {len(CLOCKS)}] AS currency,
           1500 + floor(9000 * {_u(16)})::BIGINT AS basket_minor,
           500 + floor(700 * {_u(17)})::BIGINT AS delivery_fee_minor
    FROM drawn2
    """


if __name__ == "__main__":
    main()
