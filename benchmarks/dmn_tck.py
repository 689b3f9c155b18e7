"""Count the cases of DMN's conformance kit that the decisions engine answers as the kit says.

``nice .venv/bin/python benchmarks/dmn_tck.py [FOLDER]``, FOLDER holding the kit's two compliance levels.
"""

import sys
import time
from pathlib import Path

from tiffin.capabilities.policies.service.conformance import conformance
from tiffin.engines.decisions.conformance.judging import LEFT_OUT, count
from tiffin.engines.decisions.dmn.reading import read_model
from tiffin.engines.decisions.dmn.writing import write_model

KIT = Path(__file__).resolve().parents[2] / "shared" / "peers" / "dmn-tck"


def main() -> None:
    """Print each level's figures, every failure, what was left out, and how many models come back unchanged."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else KIT
    started = time.process_time()
    for level, verdicts in conformance(folder).items():
        for one in verdicts:
            if one.wrong:
                print(f"  {one.folder} {one.asked.case} {one.asked.node}: {one.wrong}")
        found = count(verdicts)
        print(f"{level}: {found.passed} of {found.asked} cases; {found.valued_passed} of {found.valued} with a value")
    print(f"processor time {time.process_time() - started:.1f} s")
    for name, why in LEFT_OUT.items():
        print(f"left out: {name} ({why})")
    models = [read_model(path.read_bytes(), path.name) for path in sorted(folder.rglob("*.dmn"))]
    same = sum(read_model(write_model(one)) == one for one in models)
    print(f"{same} of {len(models)} models are the same after being written and read again")


if __name__ == "__main__":
    main()
