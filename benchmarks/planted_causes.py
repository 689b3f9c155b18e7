"""Whether day-books name the planted cause first: every disruption of a simulated workspace against its day's episodes.

    python benchmarks/planted_causes.py WORKSPACE [--json]

The truth table is read here and nowhere in the diagnosis. A disruption counts as found when the costliest episode that
shares a zone and an hour with it names the mapped cause first.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlglot import exp

from tiffin.capabilities.balance import service
from tiffin.capabilities.balance.domain.daybook import Daybook, EpisodeStory
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context

CAUSE_OF = {
    "rain": "longer_travel",
    "rider_shortage": "fewer_riders",
    "merchant_overload": "slower_merchants",
    "demand_surge": "more_demand",
}
"""Written map from disruption to cause; `src/tiffin/capabilities/balance/README.md` tells why."""


def score(context: Context) -> list[dict[str, Any]]:
    """Diagnose each planted day once and compare it with what was planted."""
    planted = context.warehouse.query(exp.select("*").from_("disruptions").order_by("starts_at")).to_pylist()
    books: dict[tuple[str, Any], Daybook] = {}
    rows = []
    for truth in planted:
        key = (truth["city_id"], truth["business_date"])
        if key not in books:
            books[key] = service.daybook(context, *key)
        rows.append(judged(truth, books[key]))
    return rows


def judged(truth: Mapping[str, Any], book: Daybook) -> dict[str, Any]:
    """Compare one disruption with the episodes of its day."""
    cells = struck(truth, book.city.timezone, [z.zone_id for z in book.zones])
    met = [e for e in book.episodes if cells & set(e.cells)]
    best = max(met, key=lambda e: e.miss_min, default=None)
    named = best.first_cause if best is not None else None
    return {
        "city": book.city.city_id,
        "day": book.day.isoformat(),
        "kind": truth["kind"],
        "strength": truth["strength"],
        "expected": CAUSE_OF[truth["kind"]],
        "named": str(named) if named else None,
        "right": named == CAUSE_OF[truth["kind"]],
        "baseline": f"{book.baseline.comparison} {len(book.baseline.days)}",
        "shares": {str(c.cause): round(c.share, 2) for c in best.causes} if best is not None else {},
        "miss_min": round(best.miss_min) if best is not None else 0,
        "overlap": overlap(cells, best),
        "episodes": len(book.episodes),
    }


def struck(truth: Mapping[str, Any], timezone: str, every_zone: Sequence[str]) -> set[tuple[str, int]]:
    """List the zones and local hours that a disruption struck; one that names no zone struck the whole city."""
    named = (truth["zone_ids"] or truth["zone_id"] or "").split(",")
    zones = named if named != [""] else every_zone
    zone = ZoneInfo(timezone)
    at, hours = truth["starts_at"].replace(minute=0, second=0), []
    while at < truth["ends_at"]:
        hours.append(at.astimezone(zone).hour)
        at += timedelta(hours=1)
    return {(z, h) for z in zones for h in hours}


def overlap(cells: set[tuple[str, int]], episode: EpisodeStory | None) -> float:
    """Share of the struck zones and hours that the episode covers."""
    return round(len(cells & set(episode.cells)) / len(cells), 2) if episode is not None and cells else 0.0


def main() -> None:
    """Score a workspace and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with open_context(given.workspace) as context:
        rows = score(context)
    right = sum(row["right"] for row in rows)
    if given.json:
        sys.stdout.write(json.dumps({"right": right, "planted": len(rows), "cases": rows}) + "\n")
        return
    print("\n".join(f"{kind:18} -> {cause}" for kind, cause in CAUSE_OF.items()))
    for row in rows:
        mark = "right" if row["right"] else "WRONG"
        print(
            f"{mark} {row['city']:12} {row['day']} {row['kind']:18} named {row['named']}  miss {row['miss_min']} min"
            f"  overlap {row['overlap']}  of {row['episodes']}  {row['baseline']}  {row['shares']}"
        )
    print(f"{right} of {len(rows)} planted causes named first")


if __name__ == "__main__":
    main()
