"""A dozen incidents of a simulated city are named, its quiet days raise nothing, and no diagnosis reads the truth."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tiffin.capabilities.balance.domain.cause import Cause


@pytest.fixture(scope="module")
def benchmark(project_root: Path) -> Iterator[ModuleType]:
    """The benchmark that simulates and judges cities; it has its kinds in a script beside it."""
    folder = str(project_root / "benchmarks")
    sys.path.insert(0, folder)
    import planted_days  # noqa: PLC0415

    yield planted_days
    sys.path.remove(folder)


def test_planted_incidents_are_named_and_quiet_days_are_quiet(benchmark: ModuleType, tmp_path: Path) -> None:
    found = benchmark.score(tmp_path / "workspace", cities=1, each=12, say=False)

    wrong = [(one.struck.kind, one.named, one.causes) for one in found.judged if not one.is_right]
    assert len(found.judged) == 12
    assert len(wrong) <= 1, wrong
    assert len(found.quiet_told) <= 1, found.quiet_told


def test_thirty_kinds_are_declared_and_each_names_a_cause_of_the_day(benchmark: ModuleType) -> None:
    incidents = benchmark.INCIDENTS

    assert len(incidents) >= 30
    assert all(incident.cause in Cause and incident.cause.is_of_the_day for incident in incidents.values())


def test_the_readme_tells_every_kind_with_its_cause(benchmark: ModuleType, project_root: Path) -> None:
    told = (project_root / "src/tiffin/capabilities/balance/README.md").read_text(encoding="utf-8")

    lacking = [
        kind for kind, incident in benchmark.INCIDENTS.items() if f"| `{kind}` | `{incident.cause}` |" not in told
    ]
    assert lacking == []
