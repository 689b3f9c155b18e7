"""What it costs to load people under pseudonyms: the same export, naming nobody, naming people at first, and again.

Every figure comes from a process of its own. The export is that of ``load_parquet.py`` (an eighth as many customers as
orders, 300 riders a city). ``naming nobody`` leaves its two columns of people out; ``all people new`` meets everybody
for the first time; ``people known`` loads the same rows into tables that were removed, while the people stayed. The
ratio is that of processor time to a bare DuckDB ``COPY`` of all columns.

Run: ``nice .venv/bin/python benchmarks/people.py [ROWS]`` (5 million rows unless given).
"""

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path

from load_parquet import NOW, phase_of, timed
from make_export import make_export

from tiffin.capabilities.facts import service
from tiffin.runtime.edge import open_context

PERSONS = ("customer_id", "rider_id")


def main() -> None:
    """Print one line a phase."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="?", type=int, default=5_000_000)
    parser.add_argument("--phase", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    stated = parser.parse_args()
    if stated.phase:
        sys.stdout.write(json.dumps(timed(lambda: _load(stated.folder, stated.phase))))
        return
    folder = make_export(stated.rows)
    _write_nameless_feed(folder)
    shutil.rmtree(folder / ".tiffin", ignore_errors=True)
    bare = phase_of("bare copy", folder)
    (folder / "bare.parquet").unlink()
    print(f"{'':<16}{'seconds':>9}{'rows/s':>12}{'cpu s/M':>9}{'x bare':>8}")
    for label, feed in (("naming nobody", "nameless"), ("all people new", "export"), ("people known", "export")):
        shutil.rmtree(folder / ".tiffin" / "tables", ignore_errors=True)
        command = [sys.executable, __file__, "--phase", feed, "--folder", str(folder)]
        found = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)  # noqa: S603 - this file
        print(
            f"{label:<16}{found['seconds']:>9.1f}{stated.rows / found['seconds']:>12,.0f}"
            f"{found['cpu'] / stated.rows * 1e6:>9.2f}{found['cpu'] / bare['cpu']:>8.2f}  {found['outcome']}",
            flush=True,
        )
    shutil.rmtree(folder / ".tiffin", ignore_errors=True)


def _write_nameless_feed(folder: Path) -> None:
    text = (folder / "feeds" / "export.yaml").read_text(encoding="utf-8").replace("feed: export", "feed: nameless")
    kept = [
        line for line in text.splitlines() if not line.startswith(tuple(f"      {name}: {name}" for name in PERSONS))
    ]
    (folder / "feeds" / "nameless.yaml").write_text("\n".join(kept), encoding="utf-8")


def _load(folder: Path, feed: str) -> str:
    with open_context(folder, now=NOW) as context:
        report = service.load(context, feed, [folder / "in"])
    return f"loaded {report.loaded:,}"


if __name__ == "__main__":
    main()
