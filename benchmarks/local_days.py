"""Orders on their own city's business day: right for every order, and at the cost of a stored date.

Five million orders (or as many as asked) of 300 cities in twelve time zones over a year, with two clock changes, zones
at half and three quarters of an hour, and different day cut-offs, are loaded from Parquet as any export. Then

* every order's stored business date and local hour is compared with the standard library's ``zoneinfo``, by an oracle
  that looks at each distinct minute of each zone;
* orders by local day are counted on the loaded table, and on a hand-written table that holds the right local date as
  one plain column beside city and amount: the medians of alternating runs, and their ratio. A third table, which holds
  the date in UTC, is measured beside them: it answers another question, and its dates stand in order.

Run: ``nice .venv/bin/python benchmarks/local_days.py [ORDERS]``.
"""

# ruff: noqa: S608 - all SQL here is made of this file's own texts and paths

import shutil
import statistics
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa
from make_export import CLOCKS, make_export

from tiffin.capabilities.facts import service
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context
from tiffin.runtime.warehouse.opening import open_store
from tiffin.runtime.warehouse.staging import FAST

NOW = datetime(2026, 11, 22, tzinfo=UTC)
ROUNDS = 15


def main() -> None:
    """Load, compare, measure."""
    orders = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000_000
    folder = make_export(orders)
    shutil.rmtree(folder / ".tiffin", ignore_errors=True)
    with open_context(folder, now=NOW) as context:
        service.load(context, "export", [folder / "in"])
    with open_context(folder, now=NOW) as context:
        wrong, seen = differences(context)
        print(f"{seen:,} orders compared with zoneinfo: {wrong:,} differ")
        own, local, utc = costs(context, folder)
    print(f"orders by the loaded table's business date: {own * 1000:.2f} ms (processor, median)")
    print(f"by a hand-written stored local date: {local * 1000:.2f} ms; ratio {own / local:.2f}")
    print(f"by a hand-written stored date in UTC, another answer: {utc * 1000:.2f} ms; ratio {own / utc:.2f}")
    shutil.rmtree(folder / ".tiffin")
    sys.exit(1 if wrong else 0)


def paths_of(context: Context) -> list[str]:
    """Files of the loaded orders."""
    snapshot = open_store(context.workspace).snapshot("orders")
    return list(snapshot.paths) if snapshot else []


def differences(context: Context) -> tuple[int, int]:
    """Count the orders whose stored day or hour is not zoneinfo's, and all of them."""
    with duckdb.connect() as connection:
        connection.execute(
            f"SET TimeZone = 'UTC'; CREATE VIEW orders AS SELECT * FROM read_parquet({paths_of(context)})"
        )
        connection.execute(
            "CREATE TABLE stored AS SELECT city_id, epoch_us(placed_at) // 60000000 AS minute, "
            "business_date, local_hour FROM orders"
        )
        cities = pa.table(
            {"city_id": [f"city-{n:03d}" for n in range(300)], "clock": [n % len(CLOCKS) for n in range(300)]}
        )
        connection.register("cities", cities)
        wrong = 0
        for number, (_, _, timezone, cutoff) in enumerate(CLOCKS):
            zone = ZoneInfo(timezone)
            minutes = [
                row[0]
                for row in connection.execute(
                    f"SELECT DISTINCT minute FROM stored JOIN cities USING (city_id) WHERE clock = {number}"
                ).fetchall()
            ]
            local = [datetime.fromtimestamp(minute * 60, tz=zone) for minute in minutes]
            told = pa.table(
                {
                    "minute": minutes,
                    "day": [(at.replace(tzinfo=None) - timedelta(minutes=cutoff)).date() for at in local],
                    "hour": [at.hour for at in local],
                }
            )
            connection.register("told", told)
            wrong += connection.execute(
                "SELECT count(*) FROM stored JOIN cities USING (city_id) LEFT JOIN told USING (minute) "
                f"WHERE clock = {number} AND (day IS DISTINCT FROM business_date OR hour IS DISTINCT FROM local_hour)"
            ).fetchone()[0]
        return wrong, connection.execute("SELECT count(*) FROM stored").fetchone()[0]


def costs(context: Context, folder: Path) -> tuple[float, ...]:
    """Give the median seconds of orders by day: of the loaded table, of a stored local date, of a stored UTC date."""
    source = f"read_parquet({paths_of(context)})"
    dates = {"local": "business_date", "utc": "CAST(placed_at AS DATE)"}
    own = "SELECT {} AS day, count(*) AS orders, sum(basket_minor) AS basket FROM {} GROUP BY 1 ORDER BY 1"
    queries = [own.format("business_date", source)]
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'; SET threads = 2")
        for name, day in dates.items():
            path = folder / f"{name}.parquet"
            connection.execute(
                f"COPY (SELECT city_id, {day} AS day, basket_minor FROM {source}) TO '{path}' (FORMAT parquet, {FAST})"
            )
            queries.append(own.format("day", f"read_parquet('{path}')"))
        taken: list[list[float]] = [[] for _ in queries]
        for _ in range(ROUNDS):
            for query, times in zip(queries, taken, strict=True):
                started = time.process_time()
                connection.execute(query).fetchall()
                times.append(time.process_time() - started)
    for name in dates:
        (folder / f"{name}.parquet").unlink()
    return tuple(statistics.median(times[2:]) for times in taken)


if __name__ == "__main__":
    main()
