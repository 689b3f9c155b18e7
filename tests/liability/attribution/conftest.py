"""A workspace, and the way to the simulated cities of the benchmark."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tiffin.runtime.workspace import Workspace

sys.path.insert(0, str(Path(__file__).parents[3] / "benchmarks"))


@pytest.fixture
def workspace(tmp_path: Path, new_workspace: Callable[[Path], Workspace]) -> Workspace:
    return new_workspace(tmp_path / "workspace")
