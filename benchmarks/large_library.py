"""Measure a library of 12,000 metrics and 4,000 dimensions: opened from the shelf, and checked anew after one edit.

A workspace gets its own definition files: 4,000 dimensions of 40 sources, and 12,000 metrics, ten a file, half of them
simple, the others ratios and windows over those. Opened: a new process, from asking for the library to the first
request compiled; its imports are printed apart. Edit: one file of ten metrics is written anew with one formula changed,
and the library is asked for again with that file named, as a publication does. The ratio is against reading and
checking everything from the beginning, in the same run.

Run: ``nice .venv/bin/python benchmarks/large_library.py [--metrics N] [--json]``
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from tiffin.runtime.definitions import yaml_text
from tiffin.runtime.workspace import create_workspace

LOCALES = ("en", "ar", "zh_Hans", "zh_Hant", "pt_BR")
SOURCES, DIMENSIONS, A_FILE, EDITS = 40, 4_000, 10, 15
SIMPLE, RATIOS = 5, 3

OPENING = """
import json, sys, time
from pathlib import Path
begun = time.perf_counter()
from tiffin.capabilities.metrics.service.library import library_of
from tiffin.engines.metrics.compiling.compiler import compile_request
from tiffin.engines.metrics.request import MetricRequest
from tiffin.runtime.workspace import open_workspace
workspace = open_workspace(Path(sys.argv[1]))
imported = time.perf_counter()
library = library_of(workspace)
opened = time.perf_counter()
compile_request(MetricRequest((sys.argv[2],), ("d00001",)), library.fragments["duckdb"])
compiled = time.perf_counter()
names = len(library.model.metrics), len(library.model.dimensions)
print(json.dumps([imported - begun, opened - imported, compiled - opened, *names]))
"""


def main() -> None:
    """Measure and tell."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--metrics", type=int, default=12_000)
    asked.add_argument("--json", action="store_true")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="tiffin-library-") as folder:
        os.environ["XDG_CACHE_HOME"] = f"{folder}/cache"
        workspace = create_workspace(Path(folder) / "workspace")
        write_definitions(workspace.overlay("metrics"), options.metrics)
        found = measure(workspace.root, options.metrics)
    sys.stdout.write(json.dumps(found, indent=1) + "\n" if options.json else told(found))


def write_definitions(folder: Path, metrics: int) -> None:
    """Write the files of a large business."""
    folder.mkdir(parents=True, exist_ok=True)
    each = DIMENSIONS // SOURCES
    for number in range(SOURCES):
        names = [f"d{number * each + index:05}" for index in range(each)]
        shared = {name: {"type": "integer", "label": wording(name)} for name in names}
        dimensions = {"city_id": "city_id", "business_date": "business_date"}
        dimensions |= {name: f"item_count + {index}" for index, name in enumerate(names)}
        source = {"table": "orders", "time": "business_date", "dimensions": dimensions}
        text = yaml_text({"dimensions": shared, "sources": {f"s{number:02}": source}})
        (folder / f"ground_{number:02}.yaml").write_text(text)
    for first in range(0, metrics, A_FILE):
        text = yaml_text({"metrics": {name(index): metric(index, 0) for index in range(first, first + A_FILE)}})
        (folder / f"metrics_{first:05}.yaml").write_text(text)


def name(index: int) -> str:
    """Name a metric."""
    return f"m{index:05}"


def metric(index: int, change: int) -> dict[str, object]:
    """Write a metric; of ten, five are simple, three ratios and two windows."""
    place, base = index % A_FILE, index - index % A_FILE
    common: dict[str, object] = {
        "label": wording(name(index)),
        "meaning": wording(f"The measure {index} of the business."),
    }
    common |= {"unit": "orders", "direction": "up", "level": "operations", "owner": "city_operations", "tier": "draft"}
    common |= {
        "version": 1,
        "since": date(2026, 1, 1),
        "example": {"rows": {"orders": [{"item_count": 1}]}, "gives": 1},
    }
    if place < SIMPLE:
        source = f"s{index // A_FILE % SOURCES:02}"
        where = f"item_count > {index} and status = 'delivered' and distance_m > {change}"
        return {**common, "kind": "simple", "source": source, "aggregate": "count", "where": where}
    if place < SIMPLE + RATIOS:
        return {**common, "kind": "ratio", "numerator": name(base + place - SIMPLE), "denominator": name(base + 4)}
    return {**common, "kind": "cumulative", "metric": name(base + place - SIMPLE - RATIOS), "window": "28 days"}


def wording(text: str) -> dict[str, str]:
    """Say the same in every language."""
    return {locale: f"{text} ({locale})" if locale != "en" else text for locale in LOCALES}


def measure(workspace: Path, metrics: int) -> dict[str, object]:
    """Open the library without and with the shelf, then edit it."""
    whole = opening(workspace)
    opened = [opening(workspace) for _ in range(7)]
    checked = edits(workspace, metrics)
    return {
        "metrics": whole[3],
        "dimensions": whole[4],
        "from_the_beginning_s": round(whole[1], 3),
        "opened_s": round(statistics.median(item[1] + item[2] for item in opened), 4),
        "opened_worst_s": round(max(item[1] + item[2] for item in opened), 4),
        "imports_s": round(statistics.median(item[0] for item in opened), 3),
        "edit_ms": round(statistics.median(checked) * 1000, 2),
        "edit_worst_ms": round(max(checked) * 1000, 2),
        "edit_to_beginning": round(statistics.median(checked) / whole[1], 6),
    }


def opening(workspace: Path) -> list[float]:
    """Open the library in a new process; the shelf is filled before the process ends."""
    found = subprocess.run(  # noqa: S603 - our own interpreter and text
        [sys.executable, "-c", OPENING, str(workspace), name(0)], capture_output=True, text=True, check=True
    )
    return list(json.loads(found.stdout))


def edits(workspace: Path, metrics: int) -> list[float]:
    """Change one formula at a time in files here and there, and ask for the library again."""
    from tiffin.capabilities.metrics.service.library import library_of, notice  # noqa: PLC0415 - after the shelf's folder is set
    from tiffin.runtime.workspace import open_workspace  # noqa: PLC0415 - likewise

    opened = open_workspace(workspace)
    library_of(opened)
    seconds = []
    for number in range(EDITS):
        first = number * 7919 % metrics // A_FILE * A_FILE
        entries = {name(first + place): metric(first + place, int(place == 0) + number) for place in range(A_FILE)}
        path = opened.overlay("metrics") / f"metrics_{first:05}.yaml"
        path.write_text(yaml_text({"metrics": entries}))
        begun = time.perf_counter()
        notice(opened, path)
        library = library_of(opened)
        seconds.append(time.perf_counter() - begun)
        formula = library.model.metrics[name(first)].formula
        if f"distance_m > {1 + number}" not in str(formula):
            raise SystemExit(f"the edit of {name(first)} was not seen: {formula}")
    return seconds


def told(found: dict[str, object]) -> str:
    """Tell the figures."""
    return "".join(f"{key.replace('_', ' '):24}{value}\n" for key, value in found.items())


if __name__ == "__main__":
    main()
