"""Whether the past day most like a planted one had the same thing planted: every disruption of a simulated workspace.

    python benchmarks/similar_days.py WORKSPACE [--json]

Every day is diagnosed once and kept, as a day-book does. Then each planted disruption's costliest episode asks for the
most similar one: of all other days (the demo plants each kind at most once in a city, so the like of it lies in another
city, and half of them later), and of earlier days alone, as the page asks. A disruption of whose kind no other day that
may be chosen has an episode cannot be answered and is counted apart.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from planted_causes import struck
from sqlglot import exp

from tiffin.capabilities.balance import service
from tiffin.capabilities.balance.domain.daybook import Daybook
from tiffin.capabilities.balance.domain.similar import Traits, likeness
from tiffin.capabilities.balance.service.page_parameters import PageParameters, page_parameters
from tiffin.capabilities.balance.service.similar_keeping import traits_of
from tiffin.runtime.context import Context
from tiffin.runtime.edge import open_context

ASKED = 0.5
"""In most cases."""


@dataclass(frozen=True)
class Known:
    """An episode, and what was planted where and when it was; empty where nothing was."""

    traits: Traits
    planted: str


def gather(context: Context) -> list[Known]:
    """Diagnose every day, and tell of each episode what struck it."""
    truths = context.warehouse.query(exp.select("*").from_("disruptions").order_by("starts_at")).to_pylist()
    known = []
    for city_id in service.day_index(context):
        for today in service.days_of(context, city_id):
            book = service.daybook(context, city_id, today.day)
            of_day = [t for t in truths if (t["city_id"], t["business_date"]) == (city_id, today.day)]
            known += _labelled(book, traits_of(book, today), of_day)
    return known


def _labelled(book: Daybook, traits: Sequence[Traits], truths: Sequence[Mapping[str, Any]]) -> list[Known]:
    """Give a disruption to the costliest episode that shares a zone and an hour with it, and to no other."""
    names = dict.fromkeys(range(len(traits)), "")
    for truth in truths:
        cells = struck(truth, book.city.timezone, [zone.zone_id for zone in book.zones])
        met = [k for k, story in enumerate(book.episodes) if cells & set(story.cells)]
        if met:
            names[max(met, key=lambda k: book.episodes[k].miss_min)] = truth["kind"]
    return [Known(one, names[k]) for k, one in enumerate(traits)]


def score(known: Sequence[Known], held: PageParameters, *, only_earlier: bool) -> list[dict[str, Any]]:
    """Ask for the most similar episode of each planted one."""
    by_place = {(one.traits.city_id, one.traits.day, one.traits.number): one for one in known}
    rows = []
    for one in (k for k in known if k.planted):
        others = [o for o in known if (o.traits.city_id, o.traits.day) != (one.traits.city_id, one.traits.day)]
        others = [o for o in others if not only_earlier or o.traits.day < one.traits.day]
        ranked = sorted((likeness(one.traits, o.traits, held.weights) for o in others), key=lambda s: -s.alike)
        first = ranked[0] if ranked else None
        found = by_place[_place(first.traits)] if first else None
        rows.append(
            {
                "city": one.traits.city_id,
                "day": one.traits.day,
                "kind": one.planted,
                "answerable": any(o.planted == one.planted for o in others),
                "most_similar": _place(found.traits) if found else None,
                "found": found.planted if found else "",
                "alike": round(first.alike, 3) if first else None,
                "told": first is not None and first.alike >= held.least_alike,
            }
        )
    return rows


def _place(traits: Traits) -> tuple[str, date, int]:
    return traits.city_id, traits.day, traits.number


def told(name: str, rows: Sequence[Mapping[str, Any]]) -> tuple[str, bool]:
    """Say the figure asked, the figure found and whether it holds."""
    fair = [row for row in rows if row["answerable"]]
    right = sum(row["found"] == row["kind"] for row in fair)
    share = right / len(fair) if fair else 0.0
    holds = share > ASKED
    text = f"{name}: asked: more than {ASKED:.0%}; found: {right} of {len(fair)} ({share:.0%}), "
    return text + f"{len(rows) - len(fair)} unanswerable -> {'holds' if holds else 'DOES NOT HOLD'}", holds


def main() -> None:
    """Score a workspace and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with open_context(given.workspace) as context:
        known = gather(context)
        held = page_parameters(context.workspace, max(one.traits.day for one in known))
    names = ("all other days", "earlier days")
    both = {name: score(known, held, only_earlier=name == "earlier days") for name in names}
    if given.json:
        sys.stdout.write(json.dumps(both, default=str) + "\n")
        return
    for name, rows in both.items():
        for row in rows:
            mark = "right" if row["found"] == row["kind"] else "WRONG" if row["answerable"] else "  -  "
            said = f"{row['kind']:18} {row['alike']} {row['most_similar']} {row['found']}"
            print(f"{mark} {row['city']:12} {row['day']} {said}{'' if row['told'] else ' (not told: too unlike)'}")
        print(told(name, rows)[0])
    print(f"{len(known)} episodes of which {sum(bool(one.planted) for one in known)} were planted")


if __name__ == "__main__":
    main()
