"""The main job on real input: every public file of the gallery loaded, and the day-book of every city and day written.

    python benchmarks/real_daybooks.py [FOLDER OF THE REAL FILES]

Prints, for each feed, whether its counts add up and whether a second load changed anything; then each city's day-books.
"""

import contextlib
import io
import json
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tiffin.cli import main as tiffin

FILES = {
    "doordash-eta": "doordash_eta/doordash_eta_sample10pct.csv",
    "doordash-ops": "doordash_ops/Analytics_Sample_Data_rsc.csv",
    "wolt-2020": "wolt_2020/orders_autumn_2020.csv",
    "bolt-hourly": "bolt_hourly",
    "uber-requests": "uber_requests/uber_request_data.csv",
    "instacart-issues": "instacart_issues/data.csv",
    "grubhub-mdrp": "grubhub_mdrp/0o100t100s1p100",
}


def answer(*arguments: str) -> tuple[int, str, str]:
    """Run a command and give its exit code, output and errors."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = tiffin(list(arguments))
    return code, out.getvalue(), err.getvalue()


def load(feed: str, path: Path, workspace: Path) -> None:
    """Load a feed's files twice and print what became of their lines."""
    first, again = (
        json.loads(answer("load", feed, str(path), "--workspace", str(workspace), "--json")[1]) for _ in range(2)
    )
    left_out = sum(rule["count"] for rule in first["quarantined"])
    adds_up = first["read"] == first["loaded"] + first["collapsed"] + left_out
    print(
        f"{feed:18} read {first['read']:7,} = loaded {first['loaded']:7,} + collapsed {first['collapsed']:6,} "
        f"+ quarantined {left_out:4,}: {adds_up}; second load unchanged: {again['unchanged']}",
        flush=True,
    )


def write_all(workspace: Path) -> None:
    """Write the day-books of all cities and days, and count them by city."""
    started = time.monotonic()
    code, printed, errors = answer("daybook", "--all", "--workspace", str(workspace), "--json")
    took = time.monotonic() - started
    books = json.loads(printed)["daybooks"] if printed else []
    for city, count in sorted(Counter(book["city_id"] for book in books).items()):
        print(f"{city:26} {count:4} day-books")
    print(f"{len(books)} day-books in {took:.1f} s, exit code {code} {errors.strip()[-200:]}")


def main() -> None:
    """Load everything, then write everything."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[2] / "shared" / "data")
    with tempfile.TemporaryDirectory() as temporary:
        workspace = Path(temporary) / "w"
        answer("init", str(workspace))
        for feed, file in FILES.items():
            load(feed, folder / file, workspace)
        write_all(workspace)


if __name__ == "__main__":
    main()
