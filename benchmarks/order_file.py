"""How long one order's file takes on a workspace such as the demo, beside a plain hand-written reading of its rows.

Run it with ``.venv/bin/python benchmarks/order_file.py WORKSPACE [ORDERS]``. The page is asked of the console itself,
in this process; the plain reading asks DuckDB for the order's rows of the same tables by key, and draws nothing.
"""

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb
from deltalake import DeltaTable
from fastapi.testclient import TestClient

from tiffin.app import create_app
from tiffin.capabilities.access import service as access
from tiffin.capabilities.orders.service.finding import MOST, OrderSearch, find_orders
from tiffin.runtime.edge import open_context

ASKED_MS = 300.0
"""A page stands within so long, warm: the median of many orders."""

TABLES = ("orders", "promises", "order_stages", "dispatch_offers", "rider_positions", "evidence", "contacts", "refunds")


def main() -> None:
    """Print the figure asked, the figure found and whether it holds."""
    root = Path(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 40  # noqa: PLR2004 - the second argument
    orders, client = chosen(root, count), signed_in(root)
    pages = [f"/orders/{city}/{order}" for city, order in orders]
    client.get(pages[0])  # what a process keeps is made once
    whole = median_ms([lambda path=path: shown(client, path) for path in pages])
    plain = median_ms(plain_readings(root, orders))
    verdict = "holds" if whole <= ASKED_MS else "does not hold"
    sys.stdout.write(
        f"one order's file, warm, median of {len(pages)}: asked {ASKED_MS:.0f} ms, found {whole:.0f} ms: {verdict}\n"
        f"plain reading of the rows by key in the same run: {plain:.0f} ms; ratio {whole / plain:.2f}\n"
    )


def chosen(root: Path, count: int) -> list[tuple[str, str]]:
    """Choose late orders over all days, so that their files have something to tell."""
    with open_context(root) as context:
        found = find_orders(context, OrderSearch(is_late=True), limit=MOST)
    step = max(1, len(found) // count)
    return [(one.city_id, one.order_id) for one in found[::step]][:count]


def signed_in(root: Path) -> TestClient:
    """Open a browser without a network, in which the owner is signed in."""
    client = TestClient(create_app(root))
    with open_context(root) as context:
        link = access.make_sign_in_link(context, context.actor.name)
    client.get(f"/sign-in/{link}", follow_redirects=False)
    return client


def shown(client: TestClient, path: str) -> None:
    """Ask for a page."""
    if client.get(path).status_code != 200:  # noqa: PLR2004 - the page was there
        raise SystemExit(f"{path} was expected to answer with 200.")


def plain_readings(root: Path, orders: Sequence[tuple[str, str]]) -> list[Callable[[], None]]:
    """Give a reading by hand for each order: one statement a table, by key, without days."""
    tables = root / ".tiffin" / "tables"
    connection = duckdb.connect()
    files = {name: DeltaTable(tables / name).file_uris() for name in TABLES if (tables / name / "_delta_log").exists()}

    def read(city: str, order: str) -> None:
        for paths in files.values():
            key = [paths, city, order]
            connection.execute("SELECT * FROM read_parquet(?) WHERE city_id = ? AND order_id = ?", key).to_arrow_table()

    return [lambda city=city, order=order: read(city, order) for city, order in orders]


def median_ms(works: Sequence[Callable[[], None]]) -> float:
    """Time each work once."""
    found = []
    for work in works:
        begun = time.perf_counter()
        work()
        found.append((time.perf_counter() - begun) * 1000)
    return statistics.median(found)


if __name__ == "__main__":
    main()
