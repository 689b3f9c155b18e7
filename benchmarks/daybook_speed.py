"""How long a day-book takes for a city-day in a warehouse of five million orders.

    nice .venv/bin/python benchmarks/daybook_speed.py [ORDERS] [--workspace DIR] [--runs N]

Without a workspace one is made by ``make_orders.py`` and kept. The first run of a process opens tables; the figure is
the median of the runs after it, page included. Seconds of processor time tell what a busy machine hides.
"""

import argparse
import statistics
import sys
import time
from pathlib import Path

from sqlglot import exp

sys.path.insert(0, str(Path(__file__).resolve().parent))

from make_orders import make_orders

from tiffin.capabilities.balance import service
from tiffin.capabilities.balance.service.page import render_file
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context

LIMIT_S = 2.0


def busiest(context: Context) -> tuple[str, list]:
    """Name the city with most orders and its days."""
    counted = exp.select("city_id", exp.Count(this=exp.Star()).as_("n")).from_("orders").group_by("city_id")
    row = max(context.warehouse.query(counted).to_pylist(), key=lambda r: r["n"])
    return row["city_id"], [d.day for d in service.days_of(context, row["city_id"])]


def main() -> None:
    """Time day-books of the busiest city and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("orders", nargs="?", type=int, default=5_000_000)
    parser.add_argument("--workspace", type=Path, default=None)
    parser.add_argument("--runs", type=int, default=7)
    given = parser.parse_args()
    folder = given.workspace or make_orders(given.orders)
    seconds, work = [], []
    with open_context(folder) as context:
        city_id, days = busiest(context)
        for day in days[-given.runs - 1 :]:
            started, worked = time.perf_counter(), time.process_time()
            book = service.daybook(context, city_id, day)
            render_file(book, "en")
            seconds.append(time.perf_counter() - started)
            work.append(time.process_time() - worked)
    print(
        f"{city_id}: first {seconds[0]:.2f} s, median {statistics.median(seconds[1:]):.2f} s, "
        f"worst {max(seconds[1:]):.2f} s over {len(seconds) - 1} days (processor: first {work[0]:.2f} s, "
        f"median {statistics.median(work[1:]):.2f} s); limit {LIMIT_S} s"
    )


if __name__ == "__main__":
    main()
