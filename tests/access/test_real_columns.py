"""Every column of the real files has a reviewed class, and the detectors come to the same."""

import sys
from pathlib import Path

import pytest

from tiffin.engines.detection.detecting import detect_table
from tiffin.engines.detection.kinds import is_stricter
from tiffin.engines.detection.samples import Sample
from tiffin.kernel.contract import Classification
from tiffin.kernel.facts.registry import TABLES

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


EXPLAINED = {
    *(f"adherence.{name}" for name in ("planned_min", "worked_min", "late_min", "early_leave_min", "outside_zone_min")),
    *("employees.since", "employees.until", "rider_positions.speed_m_s", "survey_answers.answer"),
    *("personal_values.pseudonym", "personal_values.sealed"),
}
"""Columns whose names say nothing of people, though what they hold is personal: people confirm them (README)."""


def test_names_of_the_contracts_columns_tell_what_is_personal() -> None:
    looser = {
        f"{table.name}.{one.name}"
        for table in TABLES.values()
        for one in detect_table([Sample(column.name, (), table.name) for column in table.columns])
        if is_stricter(table.column(one.name).classification, Classification.CONFIDENTIAL)
        and not is_stricter(one.proposed, Classification.CONFIDENTIAL)
    }

    assert looser <= EXPLAINED
