"""What is asked that no roll-up tells, and what answering it from the facts costs: grounds for choosing roll-ups.

A process gathers for a while and then adds a few lines to one file of the workspace. The file holds names of sources
and columns, times and milliseconds, and never a value or a person.
"""

import atexit
import json
import threading
import time
from collections.abc import Iterable
from pathlib import Path

from tiffin.engines.metrics.rollup_plan import Demand
from tiffin.runtime.workspace import Workspace

FILE = "asked.jsonl"
GATHERED_S = 20.0
LARGE = 2**20
"""A file of so many bytes is summed up when it is read."""

Shape = tuple[str, frozenset[str]]
"""A source and the columns of its table that an answer needs."""

_LOCK = threading.Lock()
_GATHERED: dict[Path, dict[Shape, list[float]]] = {}
_WRITTEN: dict[Path, float] = {}


def note_demand(workspace: Workspace, shapes: Iterable[Shape], cost_ms: float) -> None:
    """Note that an answer had to be computed from facts."""
    path, now = workspace.state / FILE, time.monotonic()
    with _LOCK:
        gathered = _GATHERED.setdefault(path, {})
        for shape in shapes:
            found = gathered.setdefault(shape, [0, 0.0])
            found[0] += 1
            found[1] += cost_ms
        is_due = now - _WRITTEN.setdefault(path, now) >= GATHERED_S
    if is_due:
        write_demand(path)


def demand_in(workspace: Workspace) -> tuple[Demand, ...]:
    """Sum up what was asked of a workspace's facts so far."""
    path = workspace.state / FILE
    write_demand(path)
    summed = _summed(path)
    if path.is_file() and path.stat().st_size > LARGE:
        fresh = path.with_suffix(".new")
        fresh.write_text("".join(_line(shape, found) for shape, found in summed.items()), encoding="utf-8")
        fresh.replace(path)
    return tuple(Demand(source, columns, round(found[1], 3)) for (source, columns), found in summed.items())


def write_demand(path: Path) -> None:
    """Add what this process has gathered to its file; what cannot be written is forgotten."""
    with _LOCK:
        gathered = _GATHERED.pop(path, {})
        _WRITTEN[path] = time.monotonic()
    if not gathered:
        return
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write("".join(_line(shape, found) for shape, found in gathered.items()))
    except OSError:
        return


@atexit.register
def write_all() -> None:
    """Add everything that this process has gathered to the files."""
    for path in tuple(_GATHERED):
        write_demand(path)


def _line(shape: Shape, found: list[float]) -> str:
    source, columns = shape
    plain = {"source": source, "columns": sorted(columns), "times": int(found[0]), "ms": round(found[1], 3)}
    return f"{json.dumps(plain)}\n"


def _summed(path: Path) -> dict[Shape, list[float]]:
    summed: dict[Shape, list[float]] = {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return summed
    for line in lines:
        try:
            raw = json.loads(line)
            shape = (str(raw["source"]), frozenset(map(str, raw["columns"])))
            times, cost = float(raw["times"]), float(raw["ms"])
        except (ValueError, KeyError, TypeError):
            continue  # a line that a dying process left unfinished
        found = summed.setdefault(shape, [0, 0.0])
        found[0] += times
        found[1] += cost
    return summed
