"""Every column of the real files has a reviewed class, and the detectors come to the same."""

import sys
from pathlib import Path

import pytest

from tiffin.engines.detection.kinds import is_stricter
from tiffin.kernel.contract import Classification

ASKED = 0.95


@pytest.fixture(scope="module")
def pairs(real_data: Path, project_root: Path) -> list[tuple[str, Classification, Classification]]:
    """Each column with its reviewed class and the proposed one."""
    sys.path.insert(0, str(project_root / "benchmarks"))
    import real_columns  # noqa: PLC0415 - on the path only now

    known, proposed = real_columns.reviewed(), real_columns.propose(real_data)
    assert {file: set(columns) for file, columns in known.items()} == {f: set(c) for f, c in proposed.items()}
    return [
        (f"{file}: {column}", known[file][column][0], found)
        for file, columns in proposed.items()
        for column, found in columns.items()
    ]


def test_detectors_propose_the_reviewed_class(pairs: list[tuple[str, Classification, Classification]]) -> None:
    different = [(name, reviewed, found) for name, reviewed, found in pairs if reviewed is not found]

    assert len(different) <= (1 - ASKED) * len(pairs), different


def test_nothing_that_tells_of_a_person_is_proposed_for_everybody(
    pairs: list[tuple[str, Classification, Classification]],
) -> None:
    open_to_all = [
        (name, reviewed, found)
        for name, reviewed, found in pairs
        if is_stricter(reviewed, Classification.CONFIDENTIAL) and not is_stricter(found, Classification.INTERNAL)
    ]

    assert not open_to_all
