"""Whether the product's own diagnosis of real files says what is known of them.

Loads the files through the shipped feeds and asks `tiffin shortfalls` (no script counts anything):

- requests of a ride-hailing city: at the airport from 17 to 21 h nobody could be found 1,321 times: supply is named;
  in the city from 5 to 9 h drivers cancelled 820 times: cancellation is named;
- five weeks of a marketplace: 502 of 839 hours are below 85 % coverage, each with causes that add up to the people not
  served; of the weekday hours 135 are below it by people, and 123 by the mean of the weeks, which hides busy weeks;
- deliveries of six markets: half are there within 2,200 s at a load of at most .5, and within 4,010 s above 2.

Run: ``.venv/bin/python benchmarks/real_days.py [FOLDER OF THE REAL FILES]``
"""

import contextlib
import io
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from tiffin.cli import main as tiffin

FILES = {"uber-requests": "uber_requests", "bolt-hourly": "bolt_hourly", "doordash-eta": "doordash_eta"}
MARKETS = tuple(f"doordash-eta-{market}" for market in (1, 2, 3, 4, 5, 6, "unknown"))
ROUNDED_TO_S = 10
ROUNDING = 1e-9

Row = tuple[str, object, object]


def answer(*arguments: str) -> dict[str, Any]:
    """Run a command and give its JSON."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = tiffin([*arguments, "--json"])
    if code:
        raise SystemExit(f"tiffin {' '.join(arguments)} ended with {code}")
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def shortfalls(workspace: Path, *asked: str) -> dict[str, Any]:
    """Ask the product where supply falls short."""
    return answer("shortfalls", *asked, "--workspace", str(workspace))


def requests(workspace: Path) -> list[Row]:
    """Judge the ride-hailing city: the first place and what it lacks."""
    evening, morning = (
        shortfalls(workspace, "uber-unnamed-city", "--hours", hours)["cities"][0]["standing"][0]
        for hours in ("17-21", "5-9")
    )
    return [
        ("airport evening", ("airport", 1321, "supply"), (evening["zone"], evening["no_rider"], evening["lacking"])),
        ("city morning", ("city", 820, "cancellation"), (morning["zone"], morning["cancelled"], morning["lacking"])),
    ]


def marketplace(workspace: Path) -> list[Row]:
    """Judge the marketplace by the hour."""
    city = shortfalls(workspace, "bolt-unnamed-city")["cities"][0]
    gaps = [
        abs(sum(cause["weighed_min"] for cause in one["causes"]) - one["no_rider"] - one["cancelled"])
        for one in city["short"]
    ]
    week = city["week"]
    return [
        ("hours below 85 % coverage", (502, 839), (len(city["short"]), city["hours"])),
        ("of these with causes that add up", 502, sum(gap <= ROUNDING for gap in gaps)),
        ("weekday hours by mean and by people", (123, 135), (week["by_means"], week["by_sums"])),
        ("where both differ, busier weeks are worse", 12, week["busier_is_worse"]),
    ]


def deliveries(workspace: Path) -> list[Row]:
    """Judge how time grows with load in all markets together."""
    steps = shortfalls(workspace, *MARKETS)["load"]
    calm, pressed = (round(steps[k]["median_s"] / ROUNDED_TO_S) * ROUNDED_TO_S for k in (0, -1))
    borders = (steps[0]["up_to"], steps[-1]["above"])
    return [("median seconds by load", ((0.5, 2.0), 2200, 4010), (borders, calm, pressed))]


def judge(workspace: Path) -> list[Row]:
    """Judge a workspace with the three feeds loaded."""
    return [*requests(workspace), *marketplace(workspace), *deliveries(workspace)]


def main() -> int:
    """Load everything, judge it, and print each figure; 1 where one is missed."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[2] / "shared" / "data")
    with tempfile.TemporaryDirectory() as temporary:
        workspace = Path(temporary) / "w"
        answer("init", str(workspace))
        for feed, file in FILES.items():
            answer("load", feed, str(folder / file), "--workspace", str(workspace))
        rows = judge(workspace)
    for name, asked, found in rows:
        print(f"{name}: asked {asked}, found {found}: {'holds' if asked == found else 'MISSED'}")
    return 0 if all(asked == found for _, asked, found in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
