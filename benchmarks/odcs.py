"""Count the published contracts of the standard that come back unchanged in meaning, and our own that keep its schema.

``nice .venv/bin/python benchmarks/odcs.py [FOLDER]``, FOLDER holding ``examples/`` as the standard publishes them.
"""

import sys
import time
from pathlib import Path

import yaml

from tiffin.engines.contracts.document import contract_of
from tiffin.engines.contracts.sameness import differences
from tiffin.engines.contracts.upgrading import upgraded
from tiffin.kernel.errors import InvalidDefinition
from tiffin.runtime.contracts.form import check_document, export_contract, read_document
from tiffin.runtime.contracts.plain_yaml import read_plain
from tiffin.runtime.contracts.reading import CONTRACTS_FOLDER

PUBLISHED = Path(__file__).resolve().parents[2] / "shared" / "peers" / "odcs"


def main() -> None:
    """Print both figures, each file that fails with its reason, and the processor time."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else PUBLISHED
    started = time.process_time()
    examples = sorted((folder / "examples").rglob("*.yaml"))
    own = sorted(CONTRACTS_FOLDER.glob("*.yaml"))
    for name, files in (("published examples", examples), ("own contracts", own)):
        print(f"{name}: {sum(holds(path) for path in files)} of {len(files)} hold the schema and come back unchanged")
    print(f"brought to 3.1: {sum(is_brought(path) for path in examples)} of {len(examples)}")
    print(f"processor time {time.process_time() - started:.1f} s")


def holds(path: Path) -> bool:
    """Tell whether a contract is read, keeps the schema, and is written with the same meaning to all readers."""
    text = path.read_text(encoding="utf-8")
    try:
        document = read_document(text, path.name)
    except InvalidDefinition as refusal:
        print(f"  {path.name}: {refusal}")
        return False
    written = export_contract(contract_of(document))
    found = [*differences(document, read_plain(written, path.name))]
    found += differences(yaml.safe_load(text), yaml.safe_load(written))
    for one in found:
        print(f"  {path.name}: {one}")
    return not found


def is_brought(path: Path) -> bool:
    """Tell whether a contract keeps the schema once it is brought to the present standard."""
    try:
        check_document(upgraded(read_plain(path.read_text(encoding="utf-8"), path.name)), path.name)
    except InvalidDefinition as refusal:
        print(f"  {path.name}: {refusal}")
        return False
    return True


if __name__ == "__main__":
    main()
