"""One process of `feel_fuzzing.py`: atheris tries texts of one kind here, and what is suspect is written down.

``python benchmarks/fuzzing_process.py KIND FOLDER PROCESSOR_SECONDS ENDS``, the last as seconds since 1970.
"""

import contextlib
import hashlib
import json
import os
import sys
import time
import traceback
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["tiffin.engines.decisions", "tiffin.capabilities.policies.domain"]):
    import hostile_texts

STEPS = 100_000
"""Steps of an evaluation: a tenth of what the product allows, so that more texts are tried."""
SLOW_S = 0.6
"""Processor seconds after which a text is suspect; it is judged without instruments and with all steps."""
LARGEST = {"model": 20_000, "policy": 6_000}


class Looking:
    """Tries texts, and counts them."""

    def __init__(self, kind: str, folder: Path, budget_s: float, ends: float) -> None:
        self.kind, self.folder, self.budget_s, self.ends = kind, folder, budget_s, ends
        self.seen: set[str] = set()
        self.executions = 0

    def one(self, data: bytes) -> None:
        """Try one text."""
        self.executions += 1
        started = time.process_time()
        with contextlib.suppress(hostile_texts.InvalidDefinition):
            try:
                hostile_texts.KINDS[self.kind](data, STEPS)
            except hostile_texts.InvalidDefinition:
                raise
            except Exception as error:  # noqa: BLE001 - what is looked for
                self.suspect(data, f"{type(error).__name__} {place_of(error)}")
        now = time.process_time()
        if now - started > SLOW_S:
            self.suspect(data, f"slow {int((now - started) * 2)}")
        if self.executions % 500 == 0:
            self.tell(now)

    def suspect(self, data: bytes, why: str) -> None:
        """Write a text down, the first of its sort."""
        if why not in self.seen:
            self.seen.add(why)
            (self.folder / "suspects" / hashlib.sha256(data).hexdigest()[:12]).write_bytes(data)

    def tell(self, now: float) -> None:
        """Write down how far this is, and end where the time is used up."""
        (self.folder / "told.json").write_text(json.dumps({"executions": self.executions, "cpu_s": now}))
        if now > self.budget_s or time.time() > self.ends:
            os._exit(0)


def place_of(error: Exception) -> str:
    """Name the place where an error arose."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(last.filename).name}:{last.lineno}"


def main() -> None:
    """Look until the time is used up."""
    kind, folder = sys.argv[1], Path(sys.argv[2])
    looking = Looking(kind, folder, float(sys.argv[3]), float(sys.argv[4]))
    arguments = [
        sys.argv[0],
        "-timeout=120",
        "-rss_limit_mb=1500",
        f"-max_len={LARGEST.get(kind, 3_000)}",
        f"-dict={folder / 'words.dict'}",
        f"-artifact_prefix={folder / 'suspects'}/",
        str(folder / "corpus"),
    ]
    atheris.Setup(arguments, looking.one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
