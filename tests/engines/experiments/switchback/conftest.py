"""The simulated market of the benchmark, in a size that always runs."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def carryover(project_root: Path) -> ModuleType:
    """The benchmark of carry-over, as a module."""
    _module(project_root / "benchmarks" / "switchback_chain.py")
    return _module(project_root / "benchmarks" / "switchback_carryover.py")


def _module(path: Path) -> ModuleType:
    spec = spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module
