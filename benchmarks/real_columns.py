"""Read a sample of every column of every real file: separated text, sheets, Parquet, JSON, R's data, lists of shifts.

``sample_files`` gives them by file and column; run as a script it prints where the detectors propose another class than
was reviewed (``capabilities/access/classified/real_columns.yaml``). Of R files the columns' names are read alone.

Run: ``nice .venv/bin/python benchmarks/real_columns.py [FOLDER]``.
"""

import bz2
import gzip
import json
import lzma
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from tiffin.engines.detection.detecting import detect_table
from tiffin.engines.detection.samples import Sample
from tiffin.kernel.contract import Classification
from tiffin.runtime.definitions import read_yaml, without_lines
from tiffin.runtime.intake.sampling import sample_file
from tiffin.runtime.intake.sources import find_sources

ROOT = Path(__file__).resolve().parent.parent
REVIEWED = ROOT / "src/tiffin/capabilities/access/classified/real_columns.yaml"
ROWS = 1000
TABLES = (".csv", ".csv.gz", ".parquet", ".xlsx")
INSTANCES = ("orders", "couriers", "restaurants", "instance_parameters")
R_MAGIC = b"RDX"

Columns = Mapping[str, Sequence[Any]]


def sample_files(folder: Path) -> Iterator[tuple[str, Columns]]:
    """Give each file, or each part of one that holds several tables, with a sample of its columns."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if name.endswith(TABLES):
            yield name, sample_file(find_sources([path])[0], rows=ROWS)
        elif name.endswith((".rda", ".RData")):
            yield name, dict.fromkeys(r_names(path.read_bytes()), ())
    yield from _instances(folder)
    yield from _shifts(folder)
    for part in ("users", "orders", "products"):
        rows = json.loads((folder / "tau2_retail/db.json").read_text(encoding="utf-8"))[part]
        yield f"tau2_retail/db.json/{part}", _paths(islice(rows.values(), ROWS))
    tasks = json.loads((folder / "tau2_retail/tasks.json").read_text(encoding="utf-8"))
    yield "tau2_retail/tasks.json", _paths(tasks)


def propose(folder: Path) -> dict[str, dict[str, Classification]]:
    """Give what the detectors propose for every column of every file."""
    found: dict[str, dict[str, Classification]] = {}
    for name, columns in sample_files(folder):
        samples = [Sample(column, values, name) for column, values in columns.items()]
        found[name] = {one.name: one.proposed for one in detect_table(samples)}
    return found


def reviewed() -> dict[str, dict[str, tuple[Classification, str]]]:
    """Give the reviewed class of every column, with why."""
    told = without_lines(read_yaml(REVIEWED))["files"]
    return {
        file: {str(one["column"]): (Classification(one["class"]), str(one["why"])) for one in columns}
        for file, columns in told.items()
    }


def r_names(packed: bytes) -> list[str]:
    """Read the names of the columns from the attribute ``names`` of R's stored frames."""
    content = _unpacked(packed)
    found: dict[str, None] = {}
    mark, at = b"\x00\x00\x00\x05names", 0
    while (at := content.find(mark, at)) >= 0:
        at += len(mark)
        kind, count = content[at + 3], int.from_bytes(content[at + 4 : at + 8], "big")
        if kind == 16:  # noqa: PLR2004 - R's number of a vector of texts
            found |= dict.fromkeys(_texts(content, at + 8, count))
    return list(found)


def _unpacked(packed: bytes) -> bytes:
    for opened in (gzip.decompress, bz2.decompress, lzma.decompress):
        try:
            content = opened(packed)
        except (OSError, EOFError, lzma.LZMAError):
            continue
        if content.startswith(R_MAGIC):
            return content
    return packed


def _texts(content: bytes, at: int, count: int) -> Iterator[str]:
    for _ in range(count):
        length = int.from_bytes(content[at + 4 : at + 8], "big")
        yield content[at + 8 : at + 8 + length].decode()
        at += 8 + length


def _instances(folder: Path) -> Iterator[tuple[str, Columns]]:
    for kind in INSTANCES:
        joined: dict[str, list[Any]] = defaultdict(list)
        for path in sorted(folder.glob(f"grubhub_mdrp/*/{kind}.txt"))[::40]:
            for column, values in sample_file(find_sources([path])[0], rows=ROWS // 4).items():
                joined[column] += values
        yield f"grubhub_mdrp/{kind}.txt", joined


def _shifts(folder: Path) -> Iterator[tuple[str, Columns]]:
    """Give each section of the shift instances; its last comment before the rows names the columns."""
    sections: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for path in sorted(folder.glob("shift_scheduling/*.txt")):
        section, names = "", [""]
        for line in filter(None, path.read_text(encoding="utf-8").splitlines()):
            if line.startswith("#"):
                names = [name.strip() for name in line.strip("# ").split(",")]
            elif line.startswith("SECTION_"):
                section = line.removeprefix("SECTION_").lower()
            else:
                for name, value in zip(names, line.split(","), strict=False):
                    sections[section][name].append(value)
    for section, columns in sections.items():
        yield f"shift_scheduling/{section}", columns


def _paths(rows: Any) -> Columns:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        for path, value in _leaves(row, ""):
            found[path].append(value)
    return {path: values[:ROWS] for path, values in found.items()}


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, part in value.items():
            is_key = key.isdigit() or ("_" in key and key[-1].isdigit() and not key.startswith("address"))
            keyed = f"{path}.*" if is_key or path.endswith("options") else f"{path}.{key}"
            yield from _leaves(part, keyed.strip("."))
    elif isinstance(value, list):
        for part in value:
            yield from _leaves(part, path)
    else:
        yield path, value


def main() -> None:
    """Print what is proposed beside what was reviewed, and where they differ."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "data"
    known = reviewed() if REVIEWED.exists() else {}
    proposed = propose(folder)
    pairs = [(file, column, found) for file, columns in proposed.items() for column, found in columns.items()]
    same = 0
    for file, column, found in pairs:
        told = known.get(file, {}).get(column)
        same += told is not None and told[0] is found
        if told is None or told[0] is not found:
            print(f"{file}: {column!r}: proposed {found.value}, reviewed {told[0].value if told else 'not yet'}")
    print(f"{same:,} of {len(pairs):,} columns as reviewed ({same / len(pairs):.1%})")


if __name__ == "__main__":
    main()
