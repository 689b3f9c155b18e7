"""The synthetic worlds of the benchmark, in a size that always runs."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def data_faults(project_root: Path) -> ModuleType:
    """The benchmark of data faults, as a module."""
    return _module(project_root / "benchmarks" / "data_faults.py")


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module
