"""The public fines log as a case process: read in, folded, and held against a declaration with a stay.

Run ``python benchmarks/fines_log.py /work/shared/data/traffic_fines/traffic_fines_full.csv.gz``. In the same run the
appeals are counted by a plain pass over the lines of the file, without any declaration, and must come to the same.
"""

import argparse
import csv
import gzip
import time
from collections import Counter
from datetime import date
from pathlib import Path

from tiffin.capabilities.liability.service.fines import fines_report

SURCHARGE_DAYS = 60
EVENTS, CASES, DISMISSED, NOT_DISMISSED = 561_470, 150_370, 1_971, 1_982
MOST_SECONDS = 60


def plain_counts(file: Path) -> dict[str, int]:
    """Count by hand: surcharges on the day, outcomes of appeals to the prefecture alone, surcharged while open."""
    fines: dict[str, dict[str, tuple[str, str]]] = {}
    with gzip.open(file, "rt", encoding="utf-8") as text:
        for row in csv.DictReader(text):
            fines.setdefault(row["case"], {}).setdefault(row["activity"], (row["time"], row["dismissal"]))
    found: Counter[str] = Counter()
    for one in fines.values():
        penalty, notified = one.get("Add penalty"), one.get("Insert Fine Notification")
        if penalty and notified:
            days = (date.fromisoformat(penalty[0]) - date.fromisoformat(notified[0])).days
            found["surcharged"] += 1
            found["on day"] += days == SURCHARGE_DAYS
        if "Send Appeal to Prefecture" in one and "Appeal to Judge" not in one:
            found[f"prefecture {one['Send Appeal to Prefecture'][1]}"] += 1
        lodged, told = one.get("Insert Date Appeal to Prefecture"), one.get("Notify Result Appeal to Offender")
        if lodged and penalty and penalty[0] >= lodged[0]:
            found["open"] += 1
            found["surcharged while open"] += told is None or penalty[0] < told[0]
    return found


def main() -> None:
    """Print each figure asked, the figure found, and whether it holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    file = parser.parse_args().file
    start = time.perf_counter()
    report = fines_report(file)
    took = time.perf_counter() - start
    plain = plain_counts(file)
    as_is, stayed = report["conformance"]["traffic_fine"], report["conformance"]["traffic_fine_with_stay"]
    lacks = [one for one in stayed["deviations"] if one["action"] == "surcharge"]
    share = report["share_surcharged_while_open"]
    rows = [
        ("events read in and folded", EVENTS, as_is["events"], as_is["events"] == EVENTS),
        ("cases that follow the process as declared", "told", as_is["conforming"], as_is["cases"] == CASES),
        ("surcharge exactly 60 days after notice", "100 %", report["surcharged_on_day"], _same(report, plain)),
        (
            "prefecture only, dismissed",
            DISMISSED,
            report["outcomes"]["prefecture: dismissed"],
            plain["prefecture #"] == DISMISSED,
        ),
        (
            "prefecture only, not dismissed",
            NOT_DISMISSED,
            report["outcomes"]["prefecture: not dismissed"],
            plain["prefecture NIL"] == NOT_DISMISSED,
        ),
        ("surcharged while the appeal was open", "99.6 %", f"{share:.1%}", f"{share:.1%}" == "99.6%"),
        (
            "the same by a plain pass",
            plain["surcharged while open"],
            report["surcharged_while_open"],
            plain["surcharged while open"] == report["surcharged_while_open"],
        ),
        ("the report names the missing stay", "yes", sum(one["cases"] for one in lacks), bool(lacks)),
        (
            "surcharged while open, under our own appeals",
            0,
            report["own_surcharged_while_open"],
            not report["own_surcharged_while_open"],
        ),
        ("seconds for the whole file, read and folded twice", "seconds", f"{took:.1f}", took < MOST_SECONDS),
    ]
    for name, asked, found, holds in rows:
        print(f"{'holds' if holds else 'FAILS':<6} {name:<52} asked {asked!s:>9}   found {found!s:>9}")
    for one in lacks:
        print(f"       lacks a stay: '{one['action']}' while '{one['state']}' in {one['cases']} cases")


def _same(report: dict[str, int], plain: dict[str, int]) -> bool:
    return report["surcharged"] == report["surcharged_on_day"] == plain["surcharged"] == plain["on day"]


if __name__ == "__main__":
    main()
