"""How fast a feed loads, and how much memory it takes as the file grows.

Run: ``python benchmarks/load_feed.py [rows ...]`` (default 1, 5 and 10 million). Prints, for each size: rows a minute
through the whole path (reading, mapping, contract, calendar, duplicates, upsert), peak resident memory, and the ratio
of the time to DuckDB's plain copy of the same file from CSV to Parquet, measured in the same run; then a second load of
the same file, which changes nothing.
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

FEED = """\
feed: bench
title: Made orders
description: Orders made for measuring.
origin: {publisher: this benchmark, obtain: made anew at each run, licence: none needed}
time_zone: UTC
cities:
  - {city_id: riyadh, name: Riyadh, country: SA, timezone: Asia/Riyadh, cutoff_min: 240, weekend: [5, 6], currency: SAR}
  - {city_id: dubai, name: Dubai, country: AE, timezone: Asia/Dubai, cutoff_min: 240, weekend: [6, 7], currency: AED}
files:
  orders:
    pattern: "*.csv"
    format: csv
    columns:
      order_no: {}
      city: {}
      placed: {type: time, formats: ["%Y-%m-%d %H:%M:%S"]}
      minutes_taken: {type: integer}
      store: {}
      rider: {}
      items: {type: integer}
      total: {type: decimal}
      lat: {type: number}
      lng: {type: number}
      state: {}
tables:
  - table: orders
    main: true
    from: orders
    map:
      city_id: city
      order_id: order_no
      merchant_id: store
      rider_id: rider
      status: state
      placed_at: placed
      delivered_at: "if(state = 'delivered', placed + minutes(minutes_taken), null)"
      item_count: items
      currency: "'SAR'"
      basket_minor: minor(total, 'SAR')
      pickup_latitude: lat
      pickup_longitude: lng
    quarantine:
      - {rule: nothing_ordered, when: items = 0, reason: No items.}
"""

ROWS = """
COPY (
  SELECT 'o' || i AS order_no,
         CASE WHEN i % 2 = 0 THEN 'riyadh' ELSE 'dubai' END AS city,
         strftime(TIMESTAMP '2026-01-01' + to_seconds((i * 7) % 7776000), '%Y-%m-%d %H:%M:%S') AS placed,
         10 + i % 50 AS minutes_taken, 'm' || i % 5000 AS store, 'r' || i % 20000 AS rider, i % 1000 AS items,
         printf('%.2f', 10 + (i % 9000) / 100.0) AS total,
         round(24.5 + (i % 200) / 1000.0, 3) AS lat, round(46.5 + (i % 300) / 1000.0, 3) AS lng,
         CASE WHEN i % 20 = 0 THEN 'placed' ELSE 'delivered' END AS state
  FROM range({rows}) t(i)
) TO '{path}' (HEADER)
"""


def main() -> None:
    """Measure each size."""
    sizes = [int(text) for text in sys.argv[1:]] or [1_000_000, 5_000_000, 10_000_000]
    for rows in sizes:
        with tempfile.TemporaryDirectory() as folder:
            measure(rows, Path(folder))


def measure(rows: int, folder: Path) -> None:
    """Make a file of so many rows, load it twice, and print what it took."""
    csv = folder / "orders.csv"
    duckdb.connect().execute(ROWS.format(rows=rows, path=csv))
    (folder / "tiffin.toml").touch()
    (folder / "feeds").mkdir()
    (folder / "feeds" / "bench.yaml").write_text(FEED)
    plain_s = plain_copy(csv, folder / "plain.parquet")
    first_s, first_mb = load(csv, folder)
    second_s, second_mb = load(csv, folder)
    print(
        f"{rows:>11,} rows ({csv.stat().st_size / 1e6:,.0f} MB): {rows / first_s * 60:>11,.0f} rows a minute, "
        f"{first_s:6.1f} s, "
        f"peak {first_mb:,.0f} MB, {first_s / plain_s:.1f} x a plain DuckDB copy ({plain_s:.1f} s); "
        f"again: {second_s:.1f} s, peak {second_mb:,.0f} MB",
        flush=True,
    )


def plain_copy(csv: Path, target: Path) -> float:
    """Copy the file to Parquet with DuckDB alone; gives seconds."""
    started = time.perf_counter()
    duckdb.connect().execute(f"COPY (SELECT * FROM read_csv('{csv}')) TO '{target}'")  # noqa: S608 - a path of our own
    return time.perf_counter() - started


def load(csv: Path, workspace: Path) -> tuple[float, float]:
    """Load the file with a process of its own; gives seconds and peak megabytes."""
    code = (
        "import sys, resource; from tiffin.cli.entry import main; "
        f"code = main(['load', 'bench', {str(csv)!r}, '--workspace', {str(workspace)!r}, '--json']); "
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr); sys.exit(code)"
    )
    started = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - ourselves
    return time.perf_counter() - started, int(done.stderr.split()[-1]) / 1024


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
