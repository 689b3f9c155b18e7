"""How far the simulated city lies from real files: every distance of a fresh calibration, sample sizes and seconds.

Usage: ``python benchmarks/calibration.py FOLDER [SOURCE ...]``, the folder that holds one folder a source.
"""

import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tiffin.capabilities.rehearsals.service.calibration import calibrate
from tiffin.capabilities.rehearsals.service.calibration_files import SOURCES
from tiffin.capabilities.rehearsals.service.calibration_views import is_near, lines_of

WIDTHS = (38, 8, 10, 10, 10, 12, 10, 26, 11, 8, 6)
HEADS = (
    "quantity",
    "n real",
    "n sim.",
    "real",
    "simulated",
    "values of all",
    "fitted",
    "95 % interval",
    "by chance",
    "spread",
    "KS",
)


def main(folder: Path, sources: tuple[str, ...]) -> None:
    """Calibrate anew and print each distance."""
    started, spent = time.perf_counter(), time.process_time()
    report = calibrate(folder, on=datetime.now(UTC).date(), sources=sources or SOURCES)
    print("Simulated days against real files. Wasserstein-1 in the quantity's unit; of shares the difference.")
    _told(HEADS)
    for one in lines_of(report, "en"):
        if one.reason:
            _told((one.key, one.real_n, "-", one.real, "-", "not comparable: " + one.reason))
            continue
        within = " to ".join(one.within)
        figures = (one.given, one.moved, within, one.by_chance, one.of_spread, one.gap)
        _told((one.key, one.real_n, one.simulated_n, one.real, one.simulated, *figures))
    _print_parameters(report)
    comparable = [one for one in report["quantities"] if "calibrated" in one]
    near = sum(is_near(one) for one in comparable)
    print(f"{near} of {len(comparable)} quantities lie near the real ones.")
    seconds = time.perf_counter() - started
    print(f"{seconds:.1f} s, {time.process_time() - spent:.1f} s of CPU, reading, fitting, distances and intervals.")


def _print_parameters(report: dict[str, Any]) -> None:
    for one in report["parameters"]:
        bound = ", at the end of its bounds" if one["at_bound"] else ""
        told = f"{one['value']:.4g} ({one['low']:.4g} to {one['high']:.4g}), all cities {one['given']:.4g}"
        print(f"{one['source'] + ' ' + one['parameter']:38} {one['how']:6} {told}{bound}")


def _told(cells: tuple[str, ...]) -> None:
    padded = (
        cell.ljust(width) if place == 0 else cell.rjust(width)
        for place, (cell, width) in enumerate(zip(cells, WIDTHS, strict=False))
    )
    print(" ".join(padded))


if __name__ == "__main__":
    main(Path(sys.argv[1]), tuple(sys.argv[2:]))
