"""The day-book names what was planted in the simulated city, and never looks at the truth."""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tiffin.runtime.workspace import Workspace


@pytest.fixture(scope="module")
def scorer(project_root: Path) -> ModuleType:
    """The benchmark that scores a workspace."""
    spec = importlib.util.spec_from_file_location("planted", project_root / "benchmarks" / "planted_causes.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def rows(scorer: ModuleType, simulated: Workspace, entering: Any) -> list[dict[str, Any]]:
    with entering(simulated) as context:
        return scorer.score(context)


def test_the_right_cause_comes_first_in_eleven_of_twelve(rows: list[dict[str, Any]]) -> None:
    wrong = [row for row in rows if not row["right"]]

    assert len(rows) >= 12
    assert {row["kind"] for row in rows} == {"rain", "rider_shortage", "merchant_overload", "demand_surge"}
    assert len(wrong) <= len(rows) // 12, wrong


def test_an_episode_covers_where_and_when_it_was_planted(rows: list[dict[str, Any]]) -> None:
    assert sum(row["overlap"] for row in rows) / len(rows) > 0.8


def test_the_truth_table_is_read_by_the_scorer_alone(project_root: Path) -> None:
    code = (project_root / "src" / "tiffin").glob("capabilities/balance/**/*.py")

    assert not [path for path in code if "disruptions" in path.read_text(encoding="utf-8")]


def test_the_written_map_is_the_one_that_is_scored(scorer: ModuleType, project_root: Path) -> None:
    told = (project_root / "src/tiffin/capabilities/balance/README.md").read_text(encoding="utf-8")

    assert all(f"| `{kind}` | `{cause}` |" in told for kind, cause in scorer.CAUSE_OF.items())
